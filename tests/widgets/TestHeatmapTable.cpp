#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/DocumentFigures.h"
#include "widgets/HeatmapFixture.h"

#include <QSet>

using namespace semascope;
using namespace semascope::ui;
using test::HeatmapWorld;
using Pick = HeatmapChoice::Pick;
using Rows = HeatmapChoice::Rows;
using Order = HeatmapLook::Order;
using Group = HeatmapLook::Group;

namespace {

std::vector<std::uint32_t> samplesOf(const HeatmapTable& table)
{
    std::vector<std::uint32_t> samples;
    for (const HeatmapFigure::Column& column : table.figure.pictures) {
        samples.push_back(column.sample);
    }
    return samples;
}

HeatmapSpec picking(Pick pick, int count = 24, int each = 4)
{
    HeatmapSpec spec;
    spec.choice.pick = pick;
    spec.choice.count = count;
    spec.choice.each = each;
    return spec;
}

bool close(double a, double b, double tolerance = 1e-5)
{
    return std::abs(a - b) < tolerance;
}

} // namespace

/// From a document to the rows and columns of a heatmap.
class TestHeatmapTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void valuesAreRowsOfTexts();
    void picturesAreChosen();
    void ordersAndGroups();
    void numbersMakeGroups();
    void kindsOfValues();
    void captionsLieOnTheDiagonal();
    void whatIsMissingIsSaid();
    void theCardAgrees();
    void wordsAreRead();
    void figuresOfDocuments();
};

void TestHeatmapTable::valuesAreRowsOfTexts()
{
    const HeatmapWorld world(21);
    const HeatmapTable table = world.table(picking(Pick::First, 5));
    const HeatmapFigure& f = table.figure;
    QCOMPARE(f.texts, (QStringList{QStringLiteral("start"), QStringLiteral("end"), QStringLiteral("middle")}));
    QCOMPARE(samplesOf(table), (std::vector<std::uint32_t>{0, 1, 2, 3, 4}));
    for (int p = 0; p < 5; ++p) {
        const double angle = world.shareOf(static_cast<std::uint32_t>(p)) * std::numbers::pi / 2;
        QVERIFY(close(static_cast<double>(f.at(0, p)), std::cos(angle)));
        QVERIFY(close(static_cast<double>(f.at(1, p)), std::sin(angle)));
        QVERIFY(close(static_cast<double>(f.at(2, p)), std::cos(angle - std::numbers::pi / 4)));
    }
    QVERIFY(f.footer.contains(QLatin1String("made model")));
    QVERIFY(f.footer.contains(QLatin1String("first 5 of 21 pictures")));
}

void TestHeatmapTable::picturesAreChosen()
{
    HeatmapWorld world(21);
    QCOMPARE(samplesOf(world.table(picking(Pick::Selection, 3))), (std::vector<std::uint32_t>{0, 1, 2}));
    world.doc.selected[4] = world.doc.selected[9] = 1;
    QCOMPARE(samplesOf(world.table(picking(Pick::Selection))), (std::vector<std::uint32_t>{4, 9}));
    QCOMPARE(samplesOf(world.table(picking(Pick::Best, 0, 2))), (std::vector<std::uint32_t>{0, 1, 20, 19, 10, 9}));
    // In the order of clusters, the nearest to each centre first.
    const std::vector<std::uint32_t> nearest = samplesOf(world.table(picking(Pick::Prototypes, 0, 1)));
    QCOMPARE(nearest, (std::vector<std::uint32_t>{15, 5}));
    HeatmapSpec random = picking(Pick::Random, 6);
    random.choice.seed = 3;
    const auto once = samplesOf(world.table(random));
    QCOMPARE(once, samplesOf(world.table(random)));
    QCOMPARE(QSet<std::uint32_t>(once.begin(), once.end()).size(), 6);
    random.choice.seed = 4;
    QVERIFY(once != samplesOf(world.table(random)));

    core::JobContext job;
    HeatmapRequest q = world.request(picking(Pick::First, 3).choice);
    q.visible.assign(21, 1);
    q.visible[1] = 0;
    QCOMPARE(scoreHeatmap(q, job).samples, (std::vector<std::uint32_t>{0, 2, 3}));
    q.selected = {7, 2, 7};
    q.named = true;
    QCOMPARE(scoreHeatmap(q, job).samples, (std::vector<std::uint32_t>{7, 2}));
}

void TestHeatmapTable::ordersAndGroups()
{
    const HeatmapWorld world(9);
    HeatmapSpec spec = picking(Pick::First);
    spec.look.order = Order::Text;
    spec.look.orderText = QStringLiteral("end");
    HeatmapTable table = world.table(spec);
    QCOMPARE(samplesOf(table), (std::vector<std::uint32_t>{8, 7, 6, 5, 4, 3, 2, 1, 0}));
    QCOMPARE(table.sortedBy, 1);
    QVERIFY(table.figure.footer.contains(QStringLiteral("highest “end” first")));
    spec.look.lowFirst = true;
    QCOMPARE(samplesOf(world.table(spec)).front(), 0U);
    spec.look.lowFirst = false;
    spec.look.group = Group::Attribute;
    spec.look.attribute = QStringLiteral("colour");
    table = world.table(spec);
    QCOMPARE(samplesOf(table), (std::vector<std::uint32_t>{6, 3, 0, 7, 4, 1, 8, 5, 2}));
    QCOMPARE(table.figure.groups.size(), 3);
    QCOMPARE(table.figure.groups[2].heading, QStringLiteral("blue"));
    QCOMPARE(table.figure.groups[2].count, 3);
    spec.look.group = Group::Cluster;
    table = world.table(spec);
    QCOMPARE(table.figure.groups.first().heading, QStringLiteral("late"));
    QCOMPARE(table.figure.groups.last().count, 4);
    spec.look.group = Group::Text;
    table = world.table(spec);
    QCOMPARE(table.figure.groups.size(), 3);
    QCOMPARE(samplesOf(table).front(), 2U); // the highest "end" of those that fit "start" best
    spec.look = {};
    spec.look.order = Order::Cluster;
    QCOMPARE(samplesOf(world.table(spec)), (std::vector<std::uint32_t>{4, 5, 6, 7, 8, 0, 1, 2, 3}));
    spec.look.order = Order::Mean;
    spec.look.textsByMean = true;
    table = world.table(spec);
    QCOMPARE(samplesOf(table).front(), 4U);
    QCOMPARE(table.figure.texts.first(), QStringLiteral("middle"));
}

void TestHeatmapTable::numbersMakeGroups()
{
    HeatmapSpec spec = picking(Pick::First, 30);
    spec.look.group = Group::Attribute;
    spec.look.attribute = QStringLiteral("number");
    QCOMPARE(HeatmapWorld(6).table(spec).figure.groups.size(), 6);
    HeatmapWorld world(30);
    world.data->attributes[1].numbers[4] = std::nan("");
    const HeatmapFigure figure = world.table(spec).figure;
    QCOMPARE(figure.groups.size(), 6);
    QCOMPARE(figure.groups.last().heading, QStringLiteral("no value"));
    QCOMPARE(figure.groups.first().heading, QStringLiteral("0 to 5"));
    qsizetype all = 0;
    for (const HeatmapFigure::Group& group : figure.groups) {
        all += group.count;
    }
    QCOMPARE(all, figure.pictures.size());
}

void TestHeatmapTable::kindsOfValues()
{
    HeatmapWorld world(21);
    HeatmapSpec spec = picking(Pick::First, 21);
    spec.look.value = ScoreKind::Percentile;
    HeatmapFigure f = world.table(spec).figure;
    QVERIFY(close(static_cast<double>(f.at(0, 0)), 100.0 * 20.5 / 21, 1e-3)); // the best of 21, by mean rank
    QVERIFY(close(static_cast<double>(f.at(0, 20)), 100.0 * 0.5 / 21, 1e-3));
    spec.look.value = ScoreKind::Contrast;
    HeatmapTable table = world.table(spec);
    QCOMPARE(table.figure.texts, QStringList{QStringLiteral("start − end")});
    QVERIFY(close(static_cast<double>(table.figure.at(0, 0)), 1.0));
    QVERIFY(table.figure.ramp == Ramp::Diverging);
    QCOMPARE(table.notes, QStringList{QStringLiteral("1 without an opposite left out")});
    spec.look.value = ScoreKind::Probability;
    f = world.table(spec).figure;
    for (int p = 0; p < 21; ++p) {
        QVERIFY(close(static_cast<double>(f.at(0, p) + f.at(1, p) + f.at(2, p)), 1.0));
    }
    const double root = std::sqrt(0.5);
    const double sum = std::exp(10.0) + std::exp(0.0) + std::exp(10 * root);
    QVERIFY(close(static_cast<double>(f.at(0, 0)), std::exp(10.0) / sum));
    world.doc.prompts[0].neutral = true; // "end" is only there to be contrasted with
    QCOMPARE(world.table(spec).figure.texts.size(), 2);
    world.doc.modelHash.clear();
    QVERIFY(world.table(spec).figure.texts.isEmpty());
}

void TestHeatmapTable::captionsLieOnTheDiagonal()
{
    const HeatmapWorld world(8);
    HeatmapSpec spec = picking(Pick::First);
    spec.choice.rows = Rows::Captions;
    spec.look.order = Order::Text;
    spec.look.orderText = QStringLiteral("picture 7");
    HeatmapTable table = world.table(spec);
    QCOMPARE(table.figure.texts.first(), QStringLiteral("picture 7"));
    QCOMPARE(table.sortedBy, 0);
    for (int t = 0; t < 8; ++t) {
        for (int p = 0; p < 8; ++p) {
            QCOMPARE(table.figure.isOwn(t, p), t == p);
        }
    }
    QVERIFY2(table.notes.first().contains(QLatin1String("8 of 8 pictures")), qPrintable(table.notes.first()));
    QVERIFY(table.notes.first().contains(QLatin1String("8 of 8 captions")));
    spec.choice.rows = Rows::AllCaptions;
    table = world.table(spec);
    QCOMPARE(table.figure.texts.size(), 16);
    QVERIFY(table.figure.isOwn(1, 0) && table.figure.isOwn(15, 7));
    // Two captions along the same direction: the other pictures' ones are never better.
    QVERIFY(table.notes.first().contains(QLatin1String("16 of 16 captions")));
}

void TestHeatmapTable::whatIsMissingIsSaid()
{
    HeatmapWorld world(6);
    world.doc.prompts.clear();
    QVERIFY_THROWS_EXCEPTION(core::Error, world.scores({}));
    world.addPrompt("start", 0);
    world.doc.prompts.push_back({"unknown", {}, {}, {}});
    HeatmapTable table = world.table(picking(Pick::First));
    QCOMPARE(table.figure.texts.size(), 1);
    QVERIFY(table.notes.contains(QStringLiteral("1 not encoded yet")));
    world.doc.clustering = nullptr;
    QVERIFY_THROWS_EXCEPTION(core::Error, world.scores(picking(Pick::Prototypes).choice));
    HeatmapChoice captions;
    captions.rows = Rows::Captions;
    HeatmapRequest q = world.request(captions);
    q.known = nullptr;
    core::JobContext job;
    QVERIFY_THROWS_EXCEPTION(core::Error, scoreHeatmap(q, job)); // no model to encode them
    world.data->samples[2].captions.clear();
    QVERIFY(world.table({captions, {}}).notes.contains(QStringLiteral("1 without a caption")));
    auto holes = std::make_shared<core::Embedding>(*world.doc.embedding);
    holes->rows = core::Matrix(holes->rows.data(), 4, 2, nullptr);
    holes->sampleIndex.resize(4);
    const auto kept = world.doc.embedding;
    world.doc.embedding = holes;
    world.doc.selected = {1, 0, 0, 0, 0, 1};
    table = world.table(picking(Pick::Selection));
    QCOMPARE(table.figure.pictures.size(), 2);
    QVERIFY(std::isnan(table.figure.at(0, 1)));
}

void TestHeatmapTable::theCardAgrees()
{
    const HeatmapWorld world(11);
    HeatmapSpec spec = picking(Pick::First);
    spec.look.order = Order::Text;
    spec.look.orderText = QStringLiteral("middle");
    spec.look.textsByMean = true;
    const HeatmapScores scores = world.scores(spec.choice);
    const auto shown = [&](ScoreKind kind) {
        spec.look.value = kind;
        return arrangeHeatmap(scores, spec.look, *world.data, world.doc);
    };
    const HeatmapTable cosine = shown(ScoreKind::Cosine);
    const auto start = static_cast<std::size_t>(cosine.figure.texts.indexOf(QStringLiteral("start")));
    const HeatmapCell cell = heatmapCellOf(scores, cosine, start, 3);
    QVERIFY(close(cell.cosine, static_cast<double>(cosine.figure.at(static_cast<qsizetype>(start), 3))));
    spec.look.order = Order::Chosen;
    spec.look.textsByMean = false;
    const auto column = static_cast<qsizetype>(cosine.columnOf[3]);
    QVERIFY(close(cell.percentile, static_cast<double>(shown(ScoreKind::Percentile).figure.at(0, column))));
    QVERIFY(close(cell.contrast, static_cast<double>(shown(ScoreKind::Contrast).figure.at(0, column))));
    QVERIFY(close(cell.probability, static_cast<double>(shown(ScoreKind::Probability).figure.at(0, column))));
}

void TestHeatmapTable::wordsAreRead()
{
    HeatmapLook look;
    for (const char* word : {"fixed:.1:.3", ".1...3", "0.1..0.3"}) {
        look = {};
        look.lo = 7;
        readHeatmapScale(QString::fromLatin1(word), look);
        QVERIFY2(look.scale == HeatmapFigure::Scale::Fixed && look.lo == 0.1 && look.hi == 0.3, word);
    }
    QCOMPARE(heatmapScaleWord(look), QStringLiteral("fixed:0.1:0.3"));
    readHeatmapScale(QStringLiteral("per-row"), look);
    QVERIFY(look.scale == HeatmapFigure::Scale::PerRow);
    for (const char* word : {"fixed", "fixed:.3:.1", "fixed:a:b", "rows", "1..", "fixed:nan:1"}) {
        QVERIFY_THROWS_EXCEPTION(core::Error, readHeatmapScale(QString::fromLatin1(word), look));
    }
    readHeatmapGroup(QStringLiteral("attribute:a:b"), look);
    QVERIFY(look.group == Group::Attribute && look.attribute == QLatin1String("a:b"));
    QCOMPARE(heatmapGroupWord(look), QStringLiteral("attribute:a:b"));
    QVERIFY_THROWS_EXCEPTION(core::Error, readHeatmapGroup(QStringLiteral("attribute:"), look));
    QVERIFY(heatmapValueOf(QStringLiteral("probability")) == ScoreKind::Probability);
    QVERIFY_THROWS_EXCEPTION(core::Error, heatmapValueOf(QStringLiteral("chance")));
    QVERIFY(heatmapPick(QStringLiteral("prototypes")) == Pick::Prototypes);
}

void TestHeatmapTable::figuresOfDocuments()
{
    const HeatmapWorld world(9);
    HeatmapSpec spec = picking(Pick::First);
    spec.look.scale = HeatmapFigure::Scale::PerRow;
    spec.look.group = Group::Attribute;
    spec.look.attribute = QStringLiteral("colour");
    core::JobContext job;
    const HeatmapFigure drawn = heatmapFigure(*world.data, world.doc, spec, {}, job);
    const HeatmapFigure seen = world.table(spec).figure;
    QCOMPARE(drawn.values, seen.values);
    QCOMPARE(drawn.texts, seen.texts);
    QCOMPARE(drawn.groups.size(), seen.groups.size());
    QVERIFY(drawn.scale == seen.scale);
    QCOMPARE(heatmapRecipe(drawn), heatmapRecipe(seen));
    const QJsonObject choice = heatmapRecipe(drawn).value(QStringLiteral("choice")).toObject();
    QCOMPARE(choice.value(QStringLiteral("group")).toString(), QStringLiteral("attribute:colour"));
    QCOMPARE(choice.value(QStringLiteral("scale")).toString(), QStringLiteral("per-row"));
    QCOMPARE(choice.value(QStringLiteral("pick")).toString(), QStringLiteral("first"));
}

QTEST_MAIN(TestHeatmapTable)
#include "TestHeatmapTable.moc"
