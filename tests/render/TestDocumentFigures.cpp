#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/Colouring.h"
#include "widgets/DocumentFigures.h"

#include <QJsonArray>

#include <algorithm>
#include <set>

using namespace semascope;
using namespace semascope::ui;

namespace {

constexpr std::uint32_t kSamples = 30;

core::Dataset someData(const std::vector<std::string>& labels)
{
    core::Dataset data;
    data.name = "shapes";
    core::Attribute a;
    a.name = "colour";
    a.labels = labels;
    for (std::uint32_t i = 0; i < kSamples; ++i) {
        data.samples.push_back({"s" + std::to_string(i), {}, {}, false});
        a.categories.push_back(static_cast<std::int32_t>(i % labels.size()));
    }
    data.attributes.push_back(a);
    return data;
}

/// 30 samples of which 28 have a row, a wide flat layout of those, and a prompt.
core::Document someDocument()
{
    core::Document doc;
    auto embedding = std::make_shared<core::Embedding>();
    auto layout = std::make_shared<core::Layout>();
    std::vector<float> rows;
    std::vector<float> places;
    for (std::uint32_t i = 0; i < kSamples - 2; ++i) {
        embedding->sampleIndex.push_back(i);
        doc.layoutSample.push_back(i);
        rows.insert(rows.end(), {1.0F, static_cast<float>(i)});
        places.insert(places.end(), {static_cast<float>(i), static_cast<float>(i % 5)});
    }
    embedding->rows = core::Matrix::from(rows, kSamples - 2, 2);
    layout->points = core::Matrix::from(places, kSamples - 2, 2);
    doc.embedding = embedding;
    doc.layout = layout;
    doc.selected.assign(kSamples, 0);
    doc.prompts.push_back({"a shape", {}, {1.0F, 0.0F}, {}});
    doc.view.colourBy = "attribute:colour";
    doc.dataset.path = "shapes.csv";
    doc.dataset.subset = 30;
    doc.dataset.seed = 7;
    doc.dataset.pictureFolder = "pictures";
    return doc;
}

QRgb colourOf(const Colouring& colouring, const char* label)
{
    for (const Legend::Entry& entry : colouring.legend.entries) {
        if (entry.label == QLatin1String(label)) {
            return entry.colour;
        }
    }
    return 0;
}

} // namespace

/// Figures made of documents.
class TestDocumentFigures : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void untouchedCamerasFit();
    void heatmapSaysWhatItIsOf();
    void recipesSayHowToDrawAgain();
    void colourWordsHaveTheirColours();
};

void TestDocumentFigures::untouchedCamerasFit()
{
    const core::Dataset data = someData({"a", "b"});
    core::Document doc = someDocument();
    QVERIFY(mapFigure(data, doc, {}).fit);
    doc.view.camera.halfHeight = 0.62; // as fitted to a window of nearly twice its height
    QVERIFY(mapFigure(data, doc, {}).fit);
    doc.view.camera.zoomAt(3.0, 0.2, 0.1, 1.5);
    QVERIFY(!mapFigure(data, doc, {}).fit);
    MapFigureOptions whole;
    whole.fit = true;
    QVERIFY(mapFigure(data, doc, whole).fit);
    doc.view.camera = {};
    doc.view.camera.pan(1.6, 0.0);
    QVERIFY(!mapFigure(data, doc, {}).fit);
}

void TestDocumentFigures::heatmapSaysWhatItIsOf()
{
    const core::Dataset data = someData({"a", "b"});
    core::Document doc = someDocument();
    HeatmapFigure figure = heatmapFigure(data, doc, {3, 1, 3, 2}, 2);
    QCOMPARE(figure.pictures.size(), 3); // the limit is for pictures that nobody named
    QCOMPARE(figure.pictures.first().id, QStringLiteral("s3"));
    QVERIFY2(figure.footer.contains(QLatin1String("3 of 28 pictures")), qPrintable(figure.footer));
    figure = heatmapFigure(data, doc, {}, 4);
    QVERIFY2(figure.footer.contains(QLatin1String("4 of 28 pictures")), qPrintable(figure.footer));
    std::fill_n(doc.selected.begin(), 6, std::uint8_t{1});
    figure = heatmapFigure(data, doc, {}, 4);
    QVERIFY2(figure.footer.contains(QLatin1String("4 of 6 selected pictures")), qPrintable(figure.footer));
}

void TestDocumentFigures::recipesSayHowToDrawAgain()
{
    const core::Dataset data = someData({"a", "b"});
    const core::Document doc = someDocument();
    const QJsonObject extra{{QStringLiteral("note"), 5},
                            {QStringLiteral("data"), QJsonObject{{QStringLiteral("more"), true}}}};
    const QJsonObject recipe = documentRecipe(data, doc, QStringLiteral("map"), extra);
    const QJsonObject opened = recipe.value(QStringLiteral("data")).toObject();
    QCOMPARE(opened.value(QStringLiteral("subset")).toInt(), 30);
    QCOMPARE(opened.value(QStringLiteral("seed")).toInt(), 7);
    QCOMPARE(opened.value(QStringLiteral("picture_folder")).toString(), QStringLiteral("pictures"));
    QCOMPARE(opened.value(QStringLiteral("name")).toString(), QStringLiteral("shapes"));
    QVERIFY(opened.value(QStringLiteral("more")).toBool());
    QCOMPARE(recipe.value(QStringLiteral("note")).toInt(), 5);

    HeatmapFigure figure = heatmapFigure(data, doc, {4, 2}, 8);
    figure.scale = HeatmapFigure::Scale::Fixed;
    figure.lo = 0.25;
    const QJsonObject drawing = figureOf(figure, 72).describe(FigureFormat::Pdf);
    QCOMPARE(drawing.value(QStringLiteral("ids")).toArray(), (QJsonArray{QStringLiteral("s4"), QStringLiteral("s2")}));
    QCOMPARE(drawing.value(QStringLiteral("scale")).toString(), QStringLiteral("fixed"));
    QCOMPARE(drawing.value(QStringLiteral("lo")).toDouble(), 0.25);

    MapFigureOptions options;
    options.thumbnails = {5, 29}; // the second is not on the map
    const QJsonArray shown =
        mapRecipe(mapFigure(data, doc, options), FigureFormat::Png).value(QStringLiteral("thumbnails")).toArray();
    QCOMPARE(shown, QJsonArray{QStringLiteral("s5")});
}

void TestDocumentFigures::colourWordsHaveTheirColours()
{
    const core::Document doc = someDocument();
    const Colouring named = colourSamples(someData({"Blue", "green", "red", "yellow", "teal"}), doc, {});
    const auto hue = [&](const char* label) { return QColor::fromRgb(colourOf(named, label)).hslHue(); };
    QVERIFY(hue("Blue") > 195 && hue("Blue") < 250);
    QVERIFY(hue("green") > 90 && hue("green") < 160);
    QVERIFY(hue("red") < 15 || hue("red") > 345);
    QVERIFY(hue("yellow") > 40 && hue("yellow") < 65);
    QVERIFY(hue("teal") > 165 && hue("teal") < 195);
    QCOMPARE(named.colour[0], colourOf(named, "Blue"));

    const Colouring mixed = colourSamples(someData({"red", "blue", "other", "none"}), doc, {});
    QCOMPARE(colourOf(mixed, "red"), colourOf(named, "red"));
    std::set<QRgb> distinct;
    for (const Legend::Entry& entry : mixed.legend.entries) {
        distinct.insert(entry.colour);
    }
    QCOMPARE(distinct.size(), std::size_t(4));

    const Colouring plain = colourSamples(someData({"cat", "red", "dog"}), doc, {});
    QCOMPARE(colourOf(plain, "cat"), categoryColour(0, 3));
    QCOMPARE(colourOf(plain, "red"), categoryColour(1, 3));
}

QTEST_MAIN(TestDocumentFigures)
#include "TestDocumentFigures.moc"
