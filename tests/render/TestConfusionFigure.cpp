#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/figure/Recipe.h"

#include <QJsonDocument>
#include <QTemporaryDir>

#include <cmath>

using namespace semascope;
using namespace semascope::ui;

namespace {

constexpr int kDpi = 144;

ConfusionFigure make(int classes)
{
    ConfusionFigure figure;
    for (int c = 0; c < classes; ++c) {
        figure.classes << QStringLiteral("class %1").arg(c);
        for (int p = 0; p < classes; ++p) {
            figure.counts.push_back(c == 0 ? 0 : p == c ? 30U : p == 0 ? 10U : 0U);
        }
    }
    return figure;
}

} // namespace

class TestConfusionFigure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesAreSharesOfRows()
    {
        ConfusionFigure figure = make(4);
        QCOMPARE(confusionValue(figure, 2, 2), 75.0);
        QCOMPARE(confusionValue(figure, 2, 0), 25.0);
        QVERIFY(std::isnan(confusionValue(figure, 0, 0))); // nobody has that label
        QCOMPARE(confusionColour(figure, 0, 1), kMissingColour);
        figure.shares = false;
        QCOMPARE(confusionValue(figure, 2, 2), 30.0);
        QCOMPARE(confusionColour(figure, 2, 2), rampColour(figure.ramp, 1.0));
    }

    void rowsAreLabels_data()
    {
        QTest::addColumn<int>("classes");
        for (const int k : {2, 10, 100}) {
            QTest::addRow("%d classes", k) << k;
        }
    }
    void rowsAreLabels()
    {
        QFETCH(int, classes);
        const ConfusionFigure figure = make(classes);
        const FigureSize size{120, 110, kDpi};
        const QImage image = renderFigure(figureOf(figure), size);
        const auto at = [&](int label, int prediction) {
            const QRectF cell = confusionCell(figure, size.page(), label, prediction);
            QVERIFY(size.page().contains(cell));
            const QPointF corner = cell.topLeft() + QPointF(cell.width() / 5, cell.height() / 5); // off the number
            const QColor seen = image.pixelColor((corner * kDpi / 72.0).toPoint());
            const QColor wanted = QColor::fromRgb(confusionColour(figure, label, prediction));
            QVERIFY2(std::abs(seen.red() - wanted.red()) < 8 && std::abs(seen.green() - wanted.green()) < 8,
                     qPrintable(seen.name() + wanted.name()));
        };
        at(1, 0);
        at(0, 1); // the other way round it has another colour
        at(1, 1);
        at(classes - 1, classes - 1);
        QCOMPARE(confusionCell(figure, size.page(), 1, 0).left(), confusionCell(figure, size.page(), 0, 0).left());
    }

    void everyFormatCarriesItsRecipe()
    {
        const QTemporaryDir folder;
        for (const char* name : {"c.png", "c.svg", "c.pdf"}) {
            const QString path = folder.filePath(QLatin1String(name));
            exportFigure(figureOf(make(10)), {85, 85, 100}, figureFormat(path), path, makeRecipe({}));
            const QJsonObject drawing =
                QJsonDocument::fromJson(readRecipe(path)).object()[QStringLiteral("drawing")].toObject();
            QCOMPARE(drawing[QStringLiteral("figure")].toString(), QStringLiteral("confusion"));
            QCOMPARE(drawing[QStringLiteral("classes")].toInt(), 10);
        }
    }

    void wrongShapeIsSaid()
    {
        ConfusionFigure figure = make(3);
        figure.counts.pop_back();
        QVERIFY_THROWS_EXCEPTION(core::Error, renderFigure(figureOf(figure), {85, 85, 72}));
    }
};

QTEST_MAIN(TestConfusionFigure)
#include "TestConfusionFigure.moc"
