#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/figure/FigureText.h"

#include <QJsonArray>

#include <cmath>

using namespace semascope;
using namespace semascope::ui;

namespace {

/// Values that tell their row and column.
HeatmapFigure heatmapOf(int texts, int pictures)
{
    HeatmapFigure figure;
    QImage image(8, 8, QImage::Format_RGB32);
    image.fill(Qt::gray);
    for (int t = 0; t < texts; ++t) {
        figure.texts << QStringLiteral("a photo of thing %1").arg(t);
        for (int p = 0; p < pictures; ++p) {
            figure.values.push_back(0.1F + 0.05F * static_cast<float>(t) + 0.001F * static_cast<float>(p));
        }
    }
    for (int p = 0; p < pictures; ++p) {
        figure.pictures.push_back({QStringLiteral("p%1").arg(p), image, static_cast<std::uint32_t>(p)});
    }
    return figure;
}

QRectF pageOf(double widthMm, double heightMm)
{
    return FigureSize{widthMm, heightMm, 72}.page();
}

QByteArray svgOf(const HeatmapFigure& figure, double widthMm, double heightMm)
{
    return encodeFigure(figureOf(figure, 72), {widthMm, heightMm, 72}, FigureFormat::Svg, {});
}

} // namespace

/// What a heatmap on paper keeps of the one on the screen: groups, scales, numbers that can be read.
class TestHeatmapFigure : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersOfEveryKind();
    void narrowPagesWrapTheirColumns();
    void numbersLeftOutAreSaid();
    void cellsNeverMeet();
    void groupsHaveHeadingsAndGaps();
    void rowsSayTheirOwnScale();
    void contrastsAreAroundZero();
    void fixedScalesSayWhatIsBeyond();
    void ownCaptionsAreFramed();
    void recipeSaysAll();
    void wrongGroupsAreRefused();
};

void TestHeatmapFigure::numbersOfEveryKind()
{
    QCOMPARE(heatmapNumber(ScoreKind::Cosine, 0.2841, 3), QStringLiteral(".284"));
    QCOMPARE(heatmapNumber(ScoreKind::Cosine, -0.0321, 2), QStringLiteral("−.03"));
    QCOMPARE(heatmapNumber(ScoreKind::Cosine, 1.0, 2), QStringLiteral("1.00"));
    QCOMPARE(heatmapNumber(ScoreKind::Cosine, -0.0001, 2), QStringLiteral(".00"));
    QCOMPARE(heatmapNumber(ScoreKind::Percentile, 97.4, 3), QStringLiteral("97"));
    QCOMPARE(heatmapNumber(ScoreKind::Percentile, 10.0, 3), QStringLiteral("10"));
    QCOMPARE(heatmapNumber(ScoreKind::Probability, std::nan(""), 2), QStringLiteral("–"));
    QCOMPARE(heatmapRangeText(ScoreKind::Cosine, {0.1, 0.3}), QStringLiteral(".10–.30"));
    QCOMPARE(heatmapRangeText(ScoreKind::Cosine, {0.1234, 0.1257}), QStringLiteral(".1234–.1257"));
    QCOMPARE(heatmapRangeText(ScoreKind::Contrast, {-0.04, 0.04}), QStringLiteral("±.040"));
}

void TestHeatmapFigure::narrowPagesWrapTheirColumns()
{
    const HeatmapFigure figure = heatmapOf(4, 24);
    QCOMPARE(heatmapBlocks(figure, pageOf(180, 90)), 1);
    const QRectF narrow = pageOf(85, 110);
    const int blocks = heatmapBlocks(figure, narrow);
    QVERIFY2(blocks > 1 && blocks < 6, qPrintable(QString::number(blocks)));
    const int decimals = heatmapDecimals(figure, narrow);
    QVERIFY(decimals >= 2);
    const QByteArray svg = svgOf(figure, 85, 110);
    for (int p = 0; p < 24; p += 5) {
        const QString number = heatmapNumber(figure.value, static_cast<double>(figure.at(2, p)), decimals);
        QVERIFY2(svg.contains('>' + number.toUtf8() + "</text>"), qPrintable(number));
    }
    QCOMPARE(svg.count(">a photo of thing 1</text>") + svg.count(">thing 1</text>"), blocks);
    // The height that it needs, and no more.
    const double fit = heatmapHeightMm(figure, 85);
    QVERIFY2(fit > 40 && fit <= 110, qPrintable(QString::number(fit)));
    QVERIFY(heatmapDecimals(figure, pageOf(85, fit)) >= 2);
    QVERIFY(heatmapHeightMm(figure, 180) < fit + 1);
}

void TestHeatmapFigure::numbersLeftOutAreSaid()
{
    HeatmapFigure figure = heatmapOf(12, 24);
    QCOMPARE(heatmapDecimals(figure, pageOf(85, 57)), -1);
    QVERIFY(svgOf(figure, 85, 57).contains("numbers left out"));
    QCOMPARE(heatmapBlocks(figure, pageOf(85, 57)), 1);
    QVERIFY(!svgOf(figure, 180, 120).contains("numbers left out"));
    figure.numbers = false;
    QCOMPARE(heatmapDecimals(figure, pageOf(180, 120)), -1);
    QVERIFY(!svgOf(figure, 85, 57).contains("numbers left out"));
}

void TestHeatmapFigure::cellsNeverMeet()
{
    HeatmapFigure figure = heatmapOf(3, 20);
    figure.groups = {{QStringLiteral("one"), 7}, {QStringLiteral("two"), 1}, {QStringLiteral("three"), 12}};
    for (const QSizeF& size : {QSizeF(85, 110), QSizeF(120, 100), QSizeF(180, 60)}) {
        const QRectF page = pageOf(size.width(), size.height());
        std::vector<QRectF> cells;
        for (int t = 0; t < 3; ++t) {
            for (int p = 0; p < 20; ++p) {
                const QRectF cell = heatmapCell(figure, page, t, p).adjusted(0.01, 0.01, -0.01, -0.01);
                QVERIFY(page.contains(cell));
                for (const QRectF& other : cells) {
                    QVERIFY(!other.intersects(cell));
                }
                cells.push_back(cell);
            }
        }
    }
}

void TestHeatmapFigure::groupsHaveHeadingsAndGaps()
{
    HeatmapFigure figure = heatmapOf(3, 9);
    figure.groups = {{QStringLiteral("animals"), 4}, {QStringLiteral("vehicles"), 5}};
    const QRectF page = pageOf(180, 90);
    const auto left = [&](int picture) { return heatmapCell(figure, page, 0, picture).left(); };
    const double within = left(1) - left(0), between = left(4) - left(3);
    QVERIFY2(between > within + 3.0, qPrintable(QStringLiteral("%1, %2").arg(within).arg(between)));
    const QByteArray svg = svgOf(figure, 180, 90);
    QVERIFY(svg.contains(">animals</text>"));
    QVERIFY(svg.contains(">vehicles</text>"));
    const QJsonArray groups = heatmapRecipe(figure).value(QStringLiteral("groups")).toArray();
    QCOMPARE(groups.size(), 2);
    QCOMPARE(groups[1].toObject().value(QStringLiteral("pictures")).toInt(), 5);
}

void TestHeatmapFigure::rowsSayTheirOwnScale()
{
    HeatmapFigure figure = heatmapOf(3, 8);
    figure.scale = HeatmapFigure::Scale::PerRow;
    const QByteArray svg = svgOf(figure, 180, 90);
    const std::vector<HeatmapRange> ranges = heatmapRanges(figure);
    QCOMPARE(ranges.size(), std::size_t(3));
    for (const HeatmapRange& range : ranges) {
        QVERIFY(svg.contains('>' + heatmapRangeText(figure.value, range).toUtf8() + "</text>"));
    }
    QVERIFY(svg.contains(">row min.</text>"));
    for (int t = 0; t < 3; ++t) {
        QCOMPARE(heatmapColour(figure, t, 0), rampColour(Ramp::Viridis, 0.0));
        QCOMPARE(heatmapColour(figure, t, 7), rampColour(Ramp::Viridis, 1.0));
    }
}

void TestHeatmapFigure::contrastsAreAroundZero()
{
    HeatmapFigure figure = heatmapOf(2, 3);
    figure.value = ScoreKind::Contrast;
    figure.ramp = Ramp::Diverging;
    figure.values = {0.01F, -0.02F, 0.0F, 0.04F, 0.03F, 0.0F};
    QVERIFY(std::abs(heatmapRanges(figure)[0].lo + 0.04) < 1e-6 && std::abs(heatmapRanges(figure)[1].hi - 0.04) < 1e-6);
    QCOMPARE(heatmapColour(figure, 0, 2), rampColour(Ramp::Diverging, 0.5));
    figure.scale = HeatmapFigure::Scale::PerRow;
    QVERIFY(std::abs(heatmapRanges(figure)[0].hi - 0.02) < 1e-6);
    QCOMPARE(heatmapColour(figure, 1, 2), rampColour(Ramp::Diverging, 0.5));
}

void TestHeatmapFigure::fixedScalesSayWhatIsBeyond()
{
    HeatmapFigure figure = heatmapOf(2, 3);
    figure.values = {0.05F, 0.2F, 0.31F, 0.1F, 0.15F, 0.35F};
    figure.scale = HeatmapFigure::Scale::Fixed;
    figure.lo = 0.1;
    figure.hi = 0.3;
    QCOMPARE(heatmapColour(figure, 0, 0), rampColour(Ramp::Viridis, 0.0));
    QCOMPARE(heatmapColour(figure, 1, 2), rampColour(Ramp::Viridis, 1.0));
    QVERIFY(svgOf(figure, 180, 90).contains("3 beyond the scale"));
    const ColourBar bar = heatmapBar(figure);
    QCOMPARE(bar.lo, 0.1);
    QCOMPARE(bar.hi, 0.3);
}

void TestHeatmapFigure::ownCaptionsAreFramed()
{
    HeatmapFigure figure = heatmapOf(3, 3);
    const QByteArray plain = svgOf(figure, 180, 90);
    figure.own = {{0}, {1}, {2}};
    QVERIFY(figure.isOwn(1, 1) && !figure.isOwn(1, 2));
    const QImage bare = renderFigure(figureOf(heatmapOf(3, 3), 72), {180, 90, 144});
    const QImage framed = renderFigure(figureOf(figure, 72), {180, 90, 144});
    const auto changed = [&](int t, int p) {
        const QRectF cell = heatmapCell(figure, pageOf(180, 90), t, p);
        const QRect pixels = QRectF(cell.topLeft() * 2, cell.size() * 2).toRect().adjusted(1, 1, -1, -1);
        return bare.copy(pixels) != framed.copy(pixels);
    };
    for (int t = 0; t < 3; ++t) {
        for (int p = 0; p < 3; ++p) {
            QCOMPARE(changed(t, p), t == p);
        }
    }
    QVERIFY(plain != svgOf(figure, 180, 90));
}

void TestHeatmapFigure::recipeSaysAll()
{
    HeatmapFigure figure = heatmapOf(2, 3);
    figure.scale = HeatmapFigure::Scale::PerRow;
    figure.choice = {{QStringLiteral("pick"), QStringLiteral("random")}, {QStringLiteral("seed"), 7}};
    const QJsonObject recipe = figureOf(figure, 72).describe(FigureFormat::Pdf);
    QCOMPARE(recipe.value(QStringLiteral("rows")).toArray(), QJsonArray::fromStringList(figure.texts));
    QCOMPARE(recipe.value(QStringLiteral("ids")).toArray().size(), 3);
    QCOMPARE(recipe.value(QStringLiteral("scale")).toString(), QStringLiteral("per-row"));
    QCOMPARE(recipe.value(QStringLiteral("value")).toString(), QStringLiteral("cosine"));
    const QJsonArray ranges = recipe.value(QStringLiteral("row_ranges")).toArray();
    QCOMPARE(ranges.size(), 2);
    QVERIFY(std::abs(ranges[1].toArray()[0].toDouble() - 0.15) < 1e-6);
    QCOMPARE(recipe.value(QStringLiteral("choice")).toObject().value(QStringLiteral("seed")).toInt(), 7);
}

void TestHeatmapFigure::wrongGroupsAreRefused()
{
    HeatmapFigure figure = heatmapOf(2, 3);
    figure.groups = {{QStringLiteral("some"), 2}};
    QVERIFY_THROWS_EXCEPTION(core::Error, renderFigure(figureOf(figure, 72), {180, 90, 72}));
}

QTEST_MAIN(TestHeatmapFigure)
#include "TestHeatmapFigure.moc"
