#include "Shared.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/figure/Recipe.h"

#include <QJsonDocument>
#include <QTemporaryDir>

#include <cmath>

using namespace semascope;
using namespace semascope::ui;
using core::TrainingPoint;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr int kDpi = 144;

/// A training as it usually goes: 20 epochs, then 12 updates whose changes die out.
TrainingFigure make(bool reconstructs)
{
    TrainingFigure figure;
    for (int e = 1; e <= 20; ++e) {
        figure.curve.push_back({TrainingPoint::Stage::Pretraining, e, 0.2 + 0.8 * std::exp(-e / 5.0), kNan, kNan});
    }
    for (int u = 1; u <= 12; ++u) {
        const double changed = u == 1 ? kNan : u == 12 ? 0 : 0.3 * std::exp(-(u - 1) / 1.5);
        figure.curve.push_back(
            {TrainingPoint::Stage::Refining, u, reconstructs ? 0.22 : kNan, 0.9 * std::exp(-u / 6.0), changed});
    }
    figure.tolerance = 0.001;
    return figure;
}

} // namespace

class TestTrainingFigure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPointHasItsPlace_data()
    {
        QTest::addColumn<double>("width");
        QTest::addColumn<double>("height");
        QTest::newRow("column") << 85.0 << 85.0;
        QTest::newRow("page") << 180.0 << 120.0;
    }
    void everyPointHasItsPlace()
    {
        QFETCH(double, width);
        QFETCH(double, height);
        const QRectF page = FigureSize{width, height, kDpi}.page();
        const TrainingFigure figure = make(false);
        double before = -1;
        for (qsizetype i = 0; i < qsizetype(figure.curve.size()); ++i) {
            const bool refining = figure.curve[std::size_t(i)].stage == TrainingPoint::Stage::Refining;
            const QPointF at = trainingPlace(
                figure, page, i, refining ? TrainingQuantity::Clustering : TrainingQuantity::Reconstruction);
            QVERIFY(page.contains(at));
            QVERIFY(at.x() > before); // from left to right, stage after stage
            before = at.x();
            QCOMPARE(trainingPointAt(figure, page, at), i);
        }
        QVERIFY(trainingPlace(figure, page, 0, TrainingQuantity::Changed).isNull());
        QVERIFY(trainingPlace(figure, page, 25, TrainingQuantity::Reconstruction).isNull());
        QCOMPARE(trainingPointAt(figure, page, {0.5, 0.5}), qsizetype(-1));
    }

    void lowerLossIsLower()
    {
        const QRectF page = FigureSize{120, 100, kDpi}.page();
        const TrainingFigure figure = make(true);
        const auto y = [&](qsizetype i, TrainingQuantity q) { return trainingPlace(figure, page, i, q).y(); };
        QVERIFY(y(19, TrainingQuantity::Reconstruction) > y(0, TrainingQuantity::Reconstruction));
        QVERIFY(y(31, TrainingQuantity::Clustering) > y(20, TrainingQuantity::Clustering));
        QVERIFY(y(31, TrainingQuantity::Changed) > y(30, TrainingQuantity::Changed));           // none changed: the end
        QVERIFY(y(20, TrainingQuantity::Clustering) > y(19, TrainingQuantity::Reconstruction)); // its own plot, below
    }

    void curvesAreDrawnWhereTheyShouldBe()
    {
        const FigureSize size{120, 100, kDpi};
        const TrainingFigure figure = make(true);
        const QImage image = renderFigure(figureOf(figure), size);
        for (const auto& [point, quantity, wanted] :
             {std::tuple{5, TrainingQuantity::Reconstruction, figure.ink.reconstruction},
              std::tuple{25, TrainingQuantity::Clustering, figure.ink.clustering},
              std::tuple{24, TrainingQuantity::Changed, figure.ink.changed}}) {
            const QPointF at = trainingPlace(figure, size.page(), point, quantity) * kDpi / 72.0;
            const QColor seen = image.pixelColor(at.toPoint());
            const QColor ink = QColor::fromRgb(wanted);
            QVERIFY2(std::abs(seen.red() - ink.red()) < 40 && std::abs(seen.blue() - ink.blue()) < 40,
                     qPrintable(seen.name() + ink.name()));
        }
        const QString folder = qEnvironmentVariable("SEMASCOPE_LOOK");
        if (!folder.isEmpty()) {
            image.save(folder + QStringLiteral("/training.png"));
        }
    }

    void poorTrainingsAreDrawn()
    {
        const FigureSize size{85, 85, 72};
        TrainingFigure empty;
        QVERIFY(!renderFigure(figureOf(empty), size).isNull());
        QCOMPARE(trainingPointAt(empty, size.page(), {50, 50}), qsizetype(-1));
        TrainingFigure one;
        one.curve.push_back({TrainingPoint::Stage::Pretraining, 1, 0.5, kNan, kNan});
        QVERIFY(size.page().contains(trainingPlace(one, size.page(), 0, TrainingQuantity::Reconstruction)));
        TrainingFigure constant;
        for (int i = 0; i < 5; ++i) {
            constant.curve.push_back({TrainingPoint::Stage::Refining, i, kNan, 0, 0});
        }
        constant.marked = 4;
        QVERIFY(!renderFigure(figureOf(constant), size).isNull());
        QVERIFY(size.page().contains(trainingPlace(constant, size.page(), 4, TrainingQuantity::Changed)));
    }

    void everyFormatCarriesItsRecipe()
    {
        const QTemporaryDir folder;
        for (const char* name : {"t.png", "t.svg", "t.pdf"}) {
            const QString path = folder.filePath(QLatin1String(name));
            exportFigure(figureOf(make(true)), {85, 85, 100}, figureFormat(path), path, makeRecipe({}));
            const QJsonObject drawing =
                QJsonDocument::fromJson(readRecipe(path)).object()[QStringLiteral("drawing")].toObject();
            QCOMPARE(drawing[QStringLiteral("figure")].toString(), QStringLiteral("training"));
            QCOMPARE(drawing[QStringLiteral("epochs")].toInt(), 20);
            QCOMPARE(drawing[QStringLiteral("updates")].toInt(), 12);
        }
    }

    void valuesAreSaid()
    {
        const TrainingFigure figure = make(false);
        QCOMPARE(trainingStep(figure.curve[3]), QStringLiteral("pre-training, epoch 4"));
        QVERIFY(trainingValues(figure.curve[3]).startsWith(QStringLiteral("reconstruction error 0.")));
        QVERIFY(trainingValues(figure.curve[31]).endsWith(QStringLiteral("0 % of rows changed")));
        QVERIFY(!trainingValues(figure.curve[20]).contains(QStringLiteral("changed"))); // nothing to compare with yet
    }
};

QTEST_MAIN(TestTrainingFigure)
#include "TestTrainingFigure.moc"
