#include "Shared.h"
#include "core/job/Error.h"
#include "widgets/Palette.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/ProjectedMap_p.h"

#include <QJsonArray>

#include <cmath>
#include <random>

using namespace semascope;
using namespace semascope::ui;

namespace {

constexpr int kDpi = 144;

QColor pixelAt(const QImage& image, const QPointF& points)
{
    return image.pixelColor((points * kDpi / 72.0).toPoint());
}

bool near(const QColor& a, QRgb b, int tolerance = 2)
{
    return std::abs(a.red() - qRed(b)) <= tolerance && std::abs(a.green() - qGreen(b)) <= tolerance &&
           std::abs(a.blue() - qBlue(b)) <= tolerance;
}

QImage plain(QRgb colour)
{
    QImage image(40, 30, QImage::Format_RGB32);
    image.fill(QColor::fromRgb(colour));
    return image;
}

HeatmapFigure smallHeatmap()
{
    HeatmapFigure figure;
    figure.texts = {QStringLiteral("a cat"), QStringLiteral("a dog")};
    figure.pictures = {{QStringLiteral("p0"), plain(0xffff0000)},
                       {QStringLiteral("p1"), plain(0xff00ff00)},
                       {QStringLiteral("p2"), plain(0xff0000ff)}};
    figure.values = {0.10F, 0.20F, 0.30F, 0.35F, 0.15F, 0.40F};
    return figure;
}

MapFigure mapOf(std::vector<float> coordinates, int dim)
{
    auto layout = std::make_shared<core::Layout>();
    const std::size_t n = coordinates.size() / static_cast<std::size_t>(dim);
    layout->points = core::Matrix::from(std::move(coordinates), n, static_cast<std::size_t>(dim));
    layout->spec.dim = dim;
    MapFigure figure;
    figure.layout = layout;
    figure.fit = true;
    return figure;
}

const QRectF kPage(0.0, 0.0, 510.0, 340.0);
const FigureSize kSize{510.0 / 72 * 25.4, 340.0 / 72 * 25.4, kDpi};

} // namespace

class TestFigurePainters : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heatmapIsTheRightWayRound();
    void heatmapNumbersStandInTheirCells();
    void heatmapScales();
    void heatmapOfManyPictures();
    void heatmapOfWrongShapeIsRefused();
    void mapUsesTheSharedCamera();
    void mapAxesTellLayoutUnits();
    void mapDrawsWhatIsVisible();
    void solidMapIsSortedByDepth();
    void outliersAndHolesAreHarmless();
    void pageIsTheSameAtAnyResolution();
    void legendCountsWhatDoesNotFit();
    void smallMapsStayUseful();
    void fewRowsStandInTheMiddle();
    void narrowColumnsKeepTheirNumbers();
    void labelsLeaveThumbnailsAlone();
};

void TestFigurePainters::heatmapIsTheRightWayRound()
{
    const HeatmapFigure figure = smallHeatmap();
    const QImage image = renderFigure(figureOf(figure, kDpi), kSize);
    const QRectF page = kSize.page();
    for (int text = 0; text < 2; ++text) {
        for (int picture = 0; picture < 3; ++picture) {
            const QRectF cell = heatmapCell(figure, page, text, picture);
            const float value = figure.values[static_cast<std::size_t>(text * 3 + picture)];
            const QRgb expected = valueColour(Ramp::Viridis, value, 0.10F, 0.40F);
            QCOMPARE(heatmapColour(figure, text, picture), expected);
            // Near a corner, off the number.
            QVERIFY(near(pixelAt(image, cell.topLeft() + QPointF(3.0, 3.0)), expected));
        }
    }
    for (int picture = 0; picture < 3; ++picture) {
        const QRectF cell = heatmapCell(figure, page, 0, picture);
        const QPointF above(cell.center().x(), cell.top() - 10.0);
        QVERIFY(near(pixelAt(image, above), figure.pictures[picture].picture.pixel(0, 0)));
    }
}

void TestFigurePainters::heatmapNumbersStandInTheirCells()
{
    const HeatmapFigure figure = smallHeatmap();
    const QString svg = QString::fromUtf8(encodeFigure(figureOf(figure, kDpi), kSize, FigureFormat::Svg, {}));
    static const QRegularExpression pattern(QStringLiteral(
        "matrix\\(1,0,0,1,([0-9.]+),([0-9.]+)\\)\"[^>]*>\\s*<text [^>]*font-size=\"7\"[^>]*>([^<]*)</text>"));
    int found = 0;
    for (auto it = pattern.globalMatch(svg); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QPointF at(match.captured(1).toDouble(), match.captured(2).toDouble());
        for (int k = 0; k < 6; ++k) {
            const bool inside = heatmapCell(figure, kSize.page(), k / 3, k % 3).contains(at);
            if (inside) {
                QCOMPARE(match.captured(3), heatmapNumber(figure.value, figure.values[static_cast<std::size_t>(k)], 4));
                ++found;
            }
        }
    }
    QCOMPARE(found, 6);
}

void TestFigurePainters::heatmapScales()
{
    HeatmapFigure figure = smallHeatmap();
    figure.scale = HeatmapFigure::Scale::PerRow;
    QCOMPARE(heatmapColour(figure, 0, 0), rampColour(Ramp::Viridis, 0.0));
    QCOMPARE(heatmapColour(figure, 0, 2), rampColour(Ramp::Viridis, 1.0));
    QCOMPARE(heatmapColour(figure, 1, 1), rampColour(Ramp::Viridis, 0.0));
    figure.scale = HeatmapFigure::Scale::Fixed;
    figure.lo = -1.0;
    figure.hi = 1.0;
    QCOMPARE(heatmapColour(figure, 1, 2), valueColour(Ramp::Viridis, 0.40F, -1.0, 1.0));
    figure.values[4] = std::nanf("");
    QCOMPARE(heatmapColour(figure, 1, 1), kMissingColour);
    std::fill(figure.values.begin(), figure.values.end(), std::nanf(""));
    figure.scale = HeatmapFigure::Scale::Shared;
    QVERIFY(!renderFigure(figureOf(figure, 72), kSize).isNull());
}

void TestFigurePainters::heatmapOfManyPictures()
{
    QVERIFY(heatmapDecimals(smallHeatmap(), kPage) == 4);
    for (const int n : {1, 30, 61, 121, 400}) {
        HeatmapFigure figure = smallHeatmap();
        figure.pictures.fill({QStringLiteral("p"), plain(0xff808080)}, n);
        figure.values.assign(static_cast<std::size_t>(2 * n), 0.25F);
        figure.ids = true;
        QCOMPARE(heatmapDecimals(figure, kPage) >= 0, n <= 120);
        QCOMPARE(heatmapBlocks(figure, kPage) > 1, n == 61);
        QVERIFY(kPage.contains(heatmapCell(figure, kPage, 0, 0)));
        QVERIFY(kPage.contains(heatmapCell(figure, kPage, 1, n - 1)));
        QVERIFY(!renderFigure(figureOf(figure, 72), kSize).isNull());
    }
}

void TestFigurePainters::heatmapOfWrongShapeIsRefused()
{
    HeatmapFigure figure = smallHeatmap();
    figure.values.pop_back();
    QVERIFY_THROWS_EXCEPTION(core::Error, renderFigure(figureOf(figure, kDpi), kSize));
}

void TestFigurePainters::mapUsesTheSharedCamera()
{
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    std::vector<float> values(300);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    for (const bool flat : {true, false}) {
        MapFigure figure = mapOf(values, 3);
        figure.fit = false;
        figure.camera.flat = flat;
        figure.camera.halfHeight = 2.5;
        figure.camera.orbit(0.4, 0.3);
        const QRectF plot(31.0, 17.0, 400.0, 250.0);
        const ProjectedMap map = projectMap(figure, plot);
        std::vector<float> xy(200);
        core::projectPoints(values.data(), 100, 3, core::unitBox(values.data(), 100, 3), figure.camera, 400, 250,
                            xy.data());
        for (std::size_t i = 0; i < 100; ++i) {
            const QPointF expected(xy[2 * i] + plot.left(), xy[2 * i + 1] + plot.top());
            QVERIFY(QLineF(map.at(i), expected).length() < 0.05);
        }
    }
}

void TestFigurePainters::mapAxesTellLayoutUnits()
{
    const MapFigure figure = mapOf({-10, -4, 10, -4, 0, 6, 5, 0}, 2);
    const ProjectedMap map = projectMap(figure, QRectF(40, 10, 400, 300));
    const FlatAxes axes = flatAxes(figure, map);
    QVERIFY(axes.x.slope > 0.0);
    QVERIFY(axes.y.slope < 0.0); // up is up
    QVERIFY(std::abs(axes.x.slope + axes.y.slope) < 1e-3 * axes.x.slope);
    QCOMPARE(axes.x.ticks.step, axes.y.ticks.step);
    for (std::size_t i = 0; i < 4; ++i) {
        const core::Matrix& points = figure.layout->points;
        QVERIFY(std::abs(axes.x.offset + axes.x.slope * points.at(i, 0) - map.at(i).x()) < 0.02);
        QVERIFY(std::abs(axes.y.offset + axes.y.slope * points.at(i, 1) - map.at(i).y()) < 0.02);
    }
    QCOMPARE(map.order.size(), std::size_t(4));
}

void TestFigurePainters::mapDrawsWhatIsVisible()
{
    MapFigure figure = mapOf({-1, -1, 1, -1, 1, 1, -1, 1}, 2);
    figure.axes = false;
    figure.opacity = 1.0;
    figure.pointSize = 12.0;
    figure.colours = {0xffff0000, 0xff00ff00, 0xff0000ff, 0xff000000};
    figure.flags = {0, kPointSelected, 0, kPointHidden};
    const QImage image = renderFigure(figureOf(figure, kDpi), kSize);
    const ProjectedMap map = projectMap(figure, kSize.page().adjusted(8, 8, -8, -8));
    QCOMPARE(map.order.size(), std::size_t(3));
    QCOMPARE(map.order.back(), 1U);
    QVERIFY(near(pixelAt(image, map.at(1)), 0xff00ff00));
    QVERIFY(near(pixelAt(image, map.at(3)), 0xffffffff));
    const QColor pale = pixelAt(image, map.at(0));
    QVERIFY(pale.red() == 255 && pale.green() > 150);
}

void TestFigurePainters::solidMapIsSortedByDepth()
{
    MapFigure figure = mapOf({0, 0, 1, 0, 0, -1, 0, 0, 0, 1, 1, 1, -1, -1, -1}, 3);
    figure.camera.flat = false;
    const ProjectedMap map = projectMap(figure, kPage);
    QCOMPARE(map.order.size(), std::size_t(5));
    for (std::size_t k = 1; k < map.order.size(); ++k) {
        QVERIFY(map.depth[map.order[k - 1]] >= map.depth[map.order[k]]);
    }
    QVERIFY(!renderFigure(figureOf(figure, 72), kSize).isNull());
}

void TestFigurePainters::outliersAndHolesAreHarmless()
{
    std::vector<float> values;
    for (int i = 0; i < 4000; ++i) {
        values.push_back(static_cast<float>(std::sin(i * 0.7) + 1e-3 * i));
    }
    values[0] = std::nanf("");
    values[7] = HUGE_VALF;
    values[10] = 1e30F;
    MapFigure figure = mapOf(values, 2);
    const ProjectedMap map = projectMap(figure, kPage);
    QCOMPARE(map.outside, qsizetype(3));
    QCOMPARE(map.order.size(), std::size_t(1997));
    QVERIFY(!renderFigure(figureOf(figure, 72), kSize).isNull());
    for (const int dim : {1, 2, 3}) {
        QVERIFY(!renderFigure(figureOf(mapOf(std::vector<float>(6, 0.5F), dim), 72), kSize).isNull());
        QVERIFY(!renderFigure(figureOf(mapOf(std::vector<float>(6, std::nanf("")), dim), 72), kSize).isNull());
    }
    QVERIFY(!renderFigure(figureOf(MapFigure{}, 72), {40.0, 40.0, 72}).isNull());
    QVERIFY(!renderFigure(figureOf(figure, 72), {40.0, 40.0, 72}).isNull());
}

void TestFigurePainters::pageIsTheSameAtAnyResolution()
{
    HeatmapFigure figure = smallHeatmap();
    figure.title = QStringLiteral("A title that is long enough to tell how text runs");
    FigureSize size = kSize;
    size.dpi = 288;
    const QImage fine = renderFigure(figureOf(figure, kDpi), size)
                            .scaled(kSize.pixels(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    const QImage coarse = renderFigure(figureOf(figure, kDpi), kSize);
    double sum = 0.0;
    for (int y = 0; y < coarse.height(); ++y) {
        for (int x = 0; x < coarse.width(); ++x) {
            sum += std::abs(qGray(fine.pixel(x, y)) - qGray(coarse.pixel(x, y)));
        }
    }
    QVERIFY2(sum / coarse.height() / coarse.width() < 1.5, qPrintable(QString::number(sum)));
    const TextStyle style{7.5, false, kInk};
    QVERIFY(std::abs(2 * textWidth(figure.title, style) - textWidth(figure.title, {15.0, false, kInk})) < 2.0);
}

void TestFigurePainters::legendCountsWhatDoesNotFit()
{
    MapFigure figure = mapOf({-1, -1, 1, 1}, 2);
    for (int i = 0; i < 200; ++i) {
        figure.legend.entries.append({QStringLiteral("class %1").arg(i), categoryColour(i, 200), 3, i == 1});
    }
    for (const FigureSize& size : {kSize, FigureSize{80.0, 80.0, 72}}) {
        const QByteArray svg = encodeFigure(figureOf(figure, 72), size, FigureFormat::Svg, {});
        QVERIFY(svg.contains(">class 0</text>"));
        QVERIFY(svg.contains(">class 1</text>"));
        QVERIFY(!svg.contains(">class 199</text>"));
        QVERIFY(svg.contains(" more</text>"));
    }
}

void TestFigurePainters::smallMapsStayUseful()
{
    std::vector<float> values;
    for (int i = 0; i < 200; ++i) {
        values.push_back(static_cast<float>(0.7 * std::cos(0.31 * i)));
        values.push_back(static_cast<float>(0.5 * std::sin(0.17 * i)));
    }
    MapFigure figure = mapOf(values, 2);
    figure.title = QStringLiteral("A title that takes two lines of a page as wide as one column of a journal, or more");
    figure.footer = QStringLiteral("metric MDS (SMACOF), n = 100");
    figure.legend.title = QStringLiteral("colour");
    for (int i = 0; i < 8; ++i) {
        figure.legend.entries.append({QStringLiteral("class %1").arg(i), categoryColour(i, 8), 30, false});
    }
    for (const FigureSize& size : {FigureSize{85.0, 57.0, 144}, FigureSize{85.0, 85.0, 144}}) {
        const QString svg = QString::fromUtf8(encodeFigure(figureOf(figure, 72), size, FigureFormat::Svg, {}));
        static const QRegularExpression disc(QStringLiteral("<circle cx=\"([-0-9.]+)\" cy=\"([-0-9.]+)\" r=\"1.75\""));
        QRectF dots;
        for (auto it = disc.globalMatch(svg); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            dots |= QRectF(match.captured(1).toDouble(), match.captured(2).toDouble(), 0.01, 0.01);
        }
        const double fill = std::max(dots.width() / size.page().width(), dots.height() / size.page().height());
        QVERIFY2(fill > 0.48, qPrintable(QString::number(fill)));
        QVERIFY(svg.contains(QLatin1String(">class 7</text>")));
    }
    for (const QSizeF& plot : {QSizeF(150.0, 70.0), QSizeF(190.0, 130.0), QSizeF(90.0, 150.0), QSizeF(400.0, 60.0)}) {
        const FlatAxes axes = flatAxes(figure, projectMap(figure, QRectF(QPointF(30.0, 20.0), plot)));
        QVERIFY(axes.x.ticks.values.size() >= 3);
        QVERIFY(axes.y.ticks.values.size() >= 3);
    }
}

void TestFigurePainters::fewRowsStandInTheMiddle()
{
    HeatmapFigure figure = smallHeatmap();
    figure.footer = QStringLiteral("model");
    figure.pictures.fill(figure.pictures.first(), 24);
    figure.values.assign(48, 0.25F);
    const QRectF first = heatmapCell(figure, kPage, 0, 0);
    const QRectF last = heatmapCell(figure, kPage, 1, 23);
    const double above = first.top();
    const double below = kPage.bottom() - last.bottom();
    QVERIFY2(std::abs(above - below) < 40.0, qPrintable(QStringLiteral("%1, %2").arg(above).arg(below)));
    QVERIFY(above > 60.0);
    const QString svg = QString::fromUtf8(encodeFigure(figureOf(figure, 72), kSize, FigureFormat::Svg, {}));
    static const QRegularExpression footer(
        QStringLiteral("matrix\\(1,0,0,1,[0-9.]+,([0-9.]+)\\)\"[^>]*>\\s*<text [^>]*>model</text>"));
    const QRegularExpressionMatch match = footer.match(svg);
    QVERIFY(match.hasMatch());
    const double gap = match.captured(1).toDouble() - last.bottom();
    QVERIFY2(gap > 0.0 && gap < 20.0, qPrintable(QString::number(gap)));
    // Few columns: as high as the pictures are.
    figure.pictures.resize(4);
    figure.values.resize(8);
    QVERIFY(heatmapCell(figure, kPage, 0, 0).height() > 60.0);
}

void TestFigurePainters::narrowColumnsKeepTheirNumbers()
{
    HeatmapFigure figure = smallHeatmap();
    for (const int columns : {12, 24, 36}) {
        figure.pictures.fill(figure.pictures.first(), columns);
        figure.values.assign(static_cast<std::size_t>(2 * columns), -0.1234F);
        const int decimals = heatmapDecimals(figure, kPage);
        QVERIFY(decimals >= 2 && decimals <= 4);
        const QByteArray svg = encodeFigure(figureOf(figure, 72), kSize, FigureFormat::Svg, {});
        const QByteArray number = heatmapNumber(figure.value, -0.1234, decimals).toUtf8();
        QCOMPARE(svg.count('>' + number + "</text>"), 2 * columns);
    }
}

void TestFigurePainters::labelsLeaveThumbnailsAlone()
{
    MapFigure figure = mapOf({-1, 0, 0, 0, 1, 0, 0, 1, 0, -1, 0.05F, 0.4F, 3, 3, -3, -3}, 2);
    figure.axes = false;
    figure.thumbnails = {{1, plain(0xffff0000), QStringLiteral("middle")}};
    // Its middle is under the thumbnail: it points at a member beside it.
    figure.labels.append({QStringLiteral("group"), std::nullopt, {0, 0, 0}, {0, 1, 2, 3, 4, 5}});
    const QString svg = QString::fromUtf8(encodeFigure(figureOf(figure, 72), kSize, FigureFormat::Svg, {}));
    QVERIFY(svg.contains(QLatin1String(">group</text>")));
    const ProjectedMap map = projectMap(figure, kSize.page().adjusted(8, 8, -8, -8));
    const QRectF picture(map.at(1) - QPointF(8.0, 8.0), QSizeF(16.0, 16.0));
    static const QRegularExpression anchor(QStringLiteral("<circle cx=\"([-0-9.]+)\" cy=\"([-0-9.]+)\" r=\"0.9\""));
    for (auto it = anchor.globalMatch(svg); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        QVERIFY(!picture.contains(QPointF(match.captured(1).toDouble(), match.captured(2).toDouble())));
    }
    const QJsonObject recipe = mapRecipe(figure, FigureFormat::Svg);
    QCOMPARE(recipe.value(QStringLiteral("thumbnails")).toArray(), QJsonArray{QStringLiteral("middle")});
}

QTEST_MAIN(TestFigurePainters)
#include "TestFigurePainters.moc"
