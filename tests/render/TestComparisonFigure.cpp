#include "../widgets/ComparisonFixture.h"
#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/ComparisonFigures.h"
#include "widgets/figure/Recipe.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

#include <cmath>

using namespace semascope;
using namespace semascope::ui;
using test::ComparisonWorld;

namespace {

constexpr int kDpi = 144;
const std::vector<std::string> kFive{"kmeans", "spherical-kmeans", "ae-kmeans", "dec", "idec"};

QColor pixelAt(const QImage& image, const QPointF& point)
{
    return image.pixelColor((point * kDpi / 72.0).toPoint());
}

/// The commonest colour near a place, white apart.
QRgb inkNear(const QImage& image, const QPointF& point, double radius)
{
    QHash<QRgb, int> seen;
    const QPoint middle = (point * kDpi / 72.0).toPoint();
    const int reach = static_cast<int>(radius * kDpi / 72.0);
    for (int y = -reach; y <= reach; ++y) {
        for (int x = -reach; x <= reach; ++x) {
            const QRgb pixel = image.pixel(middle + QPoint(x, y));
            seen[pixel] += pixel == 0xffffffff ? 0 : 1;
        }
    }
    QRgb best = 0;
    for (auto it = seen.begin(); it != seen.end(); ++it) {
        best = it.value() > seen.value(best) ? it.key() : best;
    }
    return best;
}

core::KSweep sweepOf(int first, int last)
{
    core::KSweep sweep;
    sweep.n = 500;
    sweep.silhouetteRows = 500;
    sweep.seeds = 5;
    sweep.spec.method = "kmeans";
    for (int k = first; k <= last; ++k) {
        core::KSweepPoint point;
        point.k = k;
        point.silhouette = 0.4 - 0.02 * std::abs(k - 7);
        point.codingLength = 90 + 0.8 * std::abs(k - 7);
        point.stability = 0.95 - 0.03 * std::abs(k - 6);
        point.sdStability = 0.02;
        sweep.points.push_back(point);
    }
    sweep.bySilhouette = sweep.byCodingLength = 7;
    sweep.byStability = 6;
    return sweep;
}

} // namespace

/// Figures about clusterings: what they show is what was compared.
class TestComparisonFigure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coloursAreMatched()
    {
        const ComparisonWorld world(600, 6, kFive);
        const MatchedClusters matched = matchedClusters(world.comparison);
        QCOMPARE(matched.numbers.size(), std::size_t(5));
        QCOMPARE(matched.count, 6);
        for (std::size_t m = 0; m < 5; ++m) { // method m calls group g cluster (g + m) mod 6, the first one g
            for (int g = 0; g < 6; ++g) {
                QCOMPARE(matched.numbers[m][std::size_t((g + int(m)) % 6)], g);
            }
        }
        const ComparisonFigure figure = comparisonFigure(world.comparison, world.map(), {});
        QCOMPARE(figure.panels.size(), std::size_t(6)); // and the labels
        for (std::size_t p = 0; p < 6; ++p) {
            QCOMPARE(figure.panels[p].colours[29], categoryColour(29 % 6, 6)); // a row that no method gets wrong
        }
    }

    void renumberingMovesAllThatBelongsToAClusters()
    {
        const ComparisonWorld world(120, 4, kFive);
        core::Clustering c = *shownRun(world.comparison.methods[1]);
        std::vector<float> soft(120 * 4, 0.1F);
        for (std::size_t r = 0; r < 120; ++r) {
            soft[4 * r + std::size_t(c.assignment[r])] = 0.7F;
        }
        c.soft = core::Matrix::from(std::move(soft), 120, 4);
        const std::vector<int> numbers = matchedClusters(world.comparison).numbers[1];
        const core::Clustering moved = inSharedNumbers(c, numbers);
        for (std::size_t r = 0; r < 120; ++r) {
            const auto now = static_cast<std::size_t>(moved.assignment[r]);
            QCOMPARE(int(now), numbers[std::size_t(c.assignment[r])]);
            QCOMPARE(moved.soft.at(r, now), 0.7F);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            const auto to = static_cast<std::size_t>(numbers[i]);
            QCOMPARE(moved.sizes[to], c.sizes[i]);
            QCOMPARE(moved.centroids.at(to, 0), c.centroids.at(i, 0));
        }
    }

    void bestOfAColumn()
    {
        const ComparisonWorld world(600, 6, kFive);
        QVERIFY(isBest(world.comparison, 0, ComparedColumn::Ami));
        QVERIFY(!isBest(world.comparison, 4, ComparedColumn::Ami));
        QVERIFY(isBest(world.comparison, 0, ComparedColumn::Time)); // the least
        QVERIFY(!isBest(world.comparison, 0, ComparedColumn::Sizes));
        const ComparisonWorld alone(60, 3, {"kmeans"});
        QVERIFY(!isBest(alone.comparison, 0, ComparedColumn::Ami)); // of one there is no best
        QCOMPARE(comparedMean({0.823, 0.011}, ComparedColumn::Ami), QStringLiteral(".823"));
        QCOMPARE(comparedSpread({0.823, 0.011}), QStringLiteral("± .011"));
        QCOMPARE(comparedMean({}, ComparedColumn::Ami), QStringLiteral("–"));
    }

    void mapsAndTable_data()
    {
        QTest::addColumn<double>("width");
        QTest::addColumn<int>("methods");
        for (const double width : {85.0, 180.0}) {
            for (const int methods : {1, 3, 5}) {
                QTest::addRow("%d mm, %d methods", int(width), methods) << width << methods;
            }
        }
    }
    void mapsAndTable()
    {
        QFETCH(double, width);
        QFETCH(int, methods);
        const ComparisonWorld world(600, 6, {kFive.begin(), kFive.begin() + methods});
        const ComparisonFigure figure = comparisonFigure(world.comparison, world.map(), QStringLiteral("Groups"));
        const FigureSize size{width, comparisonHeightMm(figure, width), kDpi};
        const QImage image = renderFigure(figureOf(figure, kDpi), size);
        const QRectF page = size.page();
        for (std::size_t p = 0; p < figure.panels.size(); ++p) {
            const QRectF panel = comparisonPanel(figure, page, p);
            QVERIFY2(page.contains(panel), qPrintable(QString::number(p)));
            QVERIFY(panel.width() > 60); // points: 21 mm
            for (std::size_t q = 0; q < p; ++q) {
                QVERIFY(!panel.intersects(comparisonPanel(figure, page, q)));
            }
            // group 0 lies at the right, in its colour in every map
            const QPointF right(panel.right() - panel.width() * 0.17, panel.center().y());
            const QColor ink = QColor::fromRgb(inkNear(image, right, panel.width() * 0.08));
            const QColor wanted = QColor::fromRgb(categoryColour(0, 6));
            QVERIFY2(std::abs(ink.hue() - wanted.hue()) < 12, qPrintable(ink.name() + wanted.name()));
        }
    }

    void withoutLabelsOrMap()
    {
        ComparisonWorld world(200, 4, kFive);
        world.comparison.labels.clear();
        world.comparison.labelled = 0;
        const ComparisonFigure figure = comparisonFigure(world.comparison, world.map(), {});
        QCOMPARE(figure.panels.size(), std::size_t(5));
        QVERIFY(!figure.head.contains(QStringLiteral("AMI")));
        const ComparisonFigure bare = comparisonFigure(world.comparison, {}, {});
        QVERIFY(bare.panels.empty());
        QVERIFY(!renderFigure(figureOf(bare, kDpi), {85, comparisonHeightMm(bare, 85), kDpi}).isNull());
    }

    void aMethodThatFailedSaysWhy()
    {
        ComparisonWorld world(200, 4, kFive);
        world.comparison.methods[3].runs.clear();
        world.comparison.methods[3].problem = "DEC needs more rows than clusters.";
        const ComparisonFigure figure = comparisonFigure(world.comparison, world.map(), {});
        QCOMPARE(figure.panels[4].problem, QStringLiteral("DEC needs more rows than clusters."));
        QVERIFY(!renderFigure(figureOf(figure, kDpi), {180, 120, kDpi}).isNull());
    }

    void confusionIsOrderedByMatch()
    {
        const ComparisonWorld world(600, 6, kFive);
        const RowLabels labels{QStringLiteral("group"), world.groups, world.comparison.labelNames};
        const ClusterConfusion confusion = clusterConfusion(world.comparison, 2, labels);
        QCOMPARE(confusion.figure.classes.size(), 6);
        std::uint32_t sum = 0;
        for (qsizetype r = 0; r < 6; ++r) {
            for (qsizetype c = 0; c < 6; ++c) {
                sum += confusion.figure.count(r, c);
                QVERIFY(r == c || confusion.figure.count(r, c) < confusion.figure.count(r, r));
            }
            QCOMPARE(confusion.figure.columns[r], QString::number(r + 1));
        }
        QCOMPARE(sum, 600U);
        const QString said = confusionSentence(confusion, 1, 1);
        QVERIFY2(said.startsWith(QStringLiteral("Of 100 rows with “group 1”")), qPrintable(said));
        QVERIFY(confusionCsv(confusion).starts_with("group \\ clusters of AE + k-means,cluster 1,cluster 2,"));
    }

    void confusionMayBeRectangular()
    {
        ComparisonWorld world(600, 6, kFive);
        std::vector<std::int64_t> halves;
        for (const std::int64_t g : world.groups) {
            halves.push_back(g == 5 ? -1 : g < 3 ? 0 : 2); // label 1 has no rows, group 5 no label
        }
        const ClusterConfusion confusion =
            clusterConfusion(world.comparison, 0, {QStringLiteral("half"), halves, {"low", "none", "high"}});
        QCOMPARE(confusion.figure.classes, (QStringList{QStringLiteral("low"), QStringLiteral("high")}));
        QCOMPARE(confusion.figure.columnCount(), 6);
        QCOMPARE(confusion.labels, (std::vector<int>{0, 2}));
        const FigureSize size{120, 80, kDpi};
        const QImage image = renderFigure(figureOf(confusion.figure), size);
        for (qsizetype r = 0; r < 2; ++r) {
            for (qsizetype c = 0; c < 6; ++c) {
                const QRectF cell = confusionCell(confusion.figure, size.page(), r, c);
                const QColor seen = pixelAt(image, cell.topLeft() + QPointF(cell.width() / 6, cell.height() / 6));
                const QColor wanted = QColor::fromRgb(confusionColour(confusion.figure, r, c));
                QVERIFY(std::abs(seen.red() - wanted.red()) < 8 && std::abs(seen.blue() - wanted.blue()) < 8);
            }
        }
        ConfusionFigure wrong = confusion.figure;
        wrong.counts.pop_back();
        QVERIFY_THROWS_EXCEPTION(core::Error, renderFigure(figureOf(wrong), size));
    }

    void publishedTable()
    {
        const std::vector<PublishedResult>& all = publishedCifar10();
        QVERIFY(all.size() > 12);
        std::size_t withNmi = 0;
        for (const PublishedResult& r : all) {
            QVERIFY(!r.method.isEmpty() && !r.encoder.isEmpty() && !r.source.isEmpty());
            QVERIFY(r.acc || r.nmi);
            withNmi += r.nmi ? 1 : 0;
            QVERIFY(!r.nmi || (*r.nmi > 0.5 && *r.nmi < 1));
        }
        QVERIFY(withNmi >= 10);
        QVERIFY_THROWS_EXCEPTION(core::Error, parsePublished(QStringLiteral("a,b\nc,d\n")));
        QVERIFY_THROWS_EXCEPTION(
            core::Error, parsePublished(QStringLiteral("method,encoder,ACC,NMI,ARI,source,note\nx,y,much,,,z,\n")));
    }

    void ownIsMarkedHollowUnlessCifar10()
    {
        const ComparisonWorld world(600, 6, kFive);
        const FigureSize size{180, 140, kDpi};
        for (const bool cifar : {false, true}) {
            PublishedFigure figure = publishedFigure(world.comparison, {QStringLiteral("groups"), {}, cifar});
            QCOMPARE(figure.own.size(), std::size_t(5));
            QVERIFY(size.heightMm >= publishedHeightMm(figure) - 20);
            const QImage image = renderFigure(figureOf(figure), size);
            const QPointF dot = publishedOwnDot(figure, size.page(), 4);
            QVERIFY(size.page().contains(dot));
            const bool filled = pixelAt(image, dot).lightness() < 200;
            QCOMPARE(filled, cifar);
        }
    }

    void cifar10IsRecognised()
    {
        core::Dataset data;
        data.kind = core::DatasetKind::Vectors;
        const std::vector<std::string> names{"airplane", "automobile", "bird",  "cat",  "deer",
                                             "dog",      "frog",       "horse", "ship", "Truck"};
        QVERIFY(isCifar10(data, names));
        QVERIFY(!isCifar10(data, {"cat", "dog"}));
        QVERIFY(!isCifar10(data, {}));
        data.kind = core::DatasetKind::Cifar10;
        QVERIFY(isCifar10(data, {}));
    }

    void sweepPlots()
    {
        const core::KSweep sweep = sweepOf(2, 20);
        QCOMPARE(proposedK(sweep), 7);
        core::KSweep falling = sweep; // two criteria that only point out of the range
        falling.byCodingLength = falling.byStability = 2;
        QCOMPARE(proposedK(falling), 7);
        KSweepFigure figure = kSweepFigure(sweep, {});
        for (const FigureSize& size : {FigureSize{180, 60, kDpi}, FigureSize{85, 130, kDpi}}) {
            QVERIFY(!renderFigure(figureOf(figure), size).isNull());
            for (int plot = 0; plot < 3; ++plot) {
                const QRectF rect = kSweepPlot(figure, size.page(), plot);
                QVERIFY(size.page().contains(rect) && rect.width() > 60 && rect.height() > 40);
                QCOMPARE(kSweepAt(figure, size.page(), rect.center()), 11);
                QCOMPARE(kSweepAt(figure, size.page(), rect.topLeft() + QPointF(1, 1)), 2);
            }
            QCOMPARE(kSweepAt(figure, size.page(), {1, 1}), 0);
        }
        figure.sweep.points.clear(); // before the first is done
        QVERIFY(!renderFigure(figureOf(figure), {180, 60, kDpi}).isNull());
    }

    void everyFormatCarriesItsRecipe()
    {
        const ComparisonWorld world(300, 6, kFive);
        const QTemporaryDir folder;
        const Figure figures[] = {figureOf(comparisonFigure(world.comparison, world.map(), {}), 100),
                                  figureOf(publishedFigure(world.comparison, {QStringLiteral("groups"), {}, false})),
                                  figureOf(kSweepFigure(sweepOf(2, 9), {}))};
        for (const Figure& figure : figures) {
            for (const char* name : {"c.png", "c.svg", "c.pdf"}) {
                const QString path = folder.filePath(QLatin1String(name));
                exportFigure(figure, {180, 140, 100}, figureFormat(path), path, makeRecipe({}));
                const QJsonObject drawing =
                    QJsonDocument::fromJson(readRecipe(path)).object()[QStringLiteral("drawing")].toObject();
                QVERIFY(!drawing[QStringLiteral("figure")].toString().isEmpty());
            }
        }
        const QJsonObject said = figures[0].describe(FigureFormat::Pdf);
        QCOMPARE(said[QStringLiteral("rows")].toArray().size(), 5);
        QVERIFY(said[QStringLiteral("rows")].toArray()[0].toArray()[1].toString().contains(QStringLiteral("± .011")));
    }
};

QTEST_MAIN(TestComparisonFigure)
#include "TestComparisonFigure.moc"
