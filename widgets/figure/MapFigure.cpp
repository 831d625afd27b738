#include "widgets/figure/MapFigure.h"

#include "widgets/figure/FigureText.h"
#include "widgets/figure/LegendPainter.h"
#include "widgets/figure/PageFrame_p.h"
#include "widgets/figure/ProjectedMap_p.h"

#include <QJsonArray>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr double kLegendGap = 12.0;
constexpr double kSideLegendFrom = 290.0; // narrower pages may have the legend below
constexpr double kLooseLegendFrom = 150.0;
constexpr double kBottomGap = 4.0;
constexpr double kBottomShare = 0.3; // of the height, at most
constexpr double kLeftAxis = 30.0;   // about what a vertical axis needs
constexpr TextStyle kNote{6.5, false, kMutedInk};

qsizetype visiblePoints(const MapFigure& figure)
{
    if (!figure.layout) {
        return 0;
    }
    const auto hidden = std::count_if(figure.flags.begin(), figure.flags.end(),
                                      [](std::uint8_t flags) { return (flags & kPointHidden) != 0; });
    return static_cast<qsizetype>(figure.layout->points.rows()) - hidden;
}

/// How large the layout becomes in what a legend leaves: the higher the better.
double scaleIn(const QRectF& rest, const MapFigure& figure)
{
    double aspect = 1.0;
    const bool flat = figure.camera.flat || (figure.layout && figure.layout->points.cols() < 3);
    if (figure.fit && flat && figure.layout && !figure.layout->points.empty()) {
        const core::Matrix& points = figure.layout->points;
        const core::UnitBox box = core::unitBox(points.data(), points.rows(), static_cast<int>(points.cols()));
        const LayoutBounds bounds = layoutBounds(points, box);
        const double height = bounds.hi[1] - bounds.lo[1];
        aspect = height > 0.0 ? (bounds.hi[0] - bounds.lo[0]) / height : 10.0;
    }
    const double width = rest.width() - (figure.axes ? kLeftAxis : 0.0);
    const double height = rest.height() - (figure.axes ? bottomAxisHeight() : 0.0);
    return std::min(width / std::max(aspect, 0.1), height);
}

void layAtSide(QPainter& painter, QRectF& area, double width, const Legend& legend)
{
    const bool tight = area.width() < kSideLegendFrom || area.height() < kLooseLegendFrom;
    const QRectF place(area.right() - width, area.top(), width, area.height());
    paintSideLegend(painter, place, legend, tight ? LegendSetting::Tight : LegendSetting::Loose);
    area.setRight(place.left() - (tight ? kLegendGap / 2 : kLegendGap));
}

/// Cuts the legend's place off `area` and paints it there. On a narrow page it goes where the map stays larger.
void layLegend(QPainter& painter, QRectF& area, const MapFigure& figure)
{
    const Legend& legend = figure.legend;
    if (legend.isEmpty()) {
        return;
    }
    if (area.width() >= kSideLegendFrom) {
        const bool tight = area.height() < kLooseLegendFrom;
        const LegendSetting setting = tight ? LegendSetting::Tight : LegendSetting::Loose;
        layAtSide(painter, area, sideLegendWidth(legend, area.width() * 0.3, setting), legend);
        return;
    }
    const double narrow = sideLegendWidth(legend, area.width(), LegendSetting::Tight);
    const double flowed = std::min(bottomLegendHeight(legend, area.width()), area.height() * kBottomShare);
    const bool sideFits =
        narrow <= area.width() * 0.3 && sideLegendHeight(legend, narrow, LegendSetting::Tight) <= area.height();
    const QRectF besides = area.adjusted(0.0, 0.0, -narrow - kLegendGap / 2, 0.0);
    const QRectF above = area.adjusted(0.0, 0.0, 0.0, -flowed - kBottomGap);
    if (sideFits && scaleIn(besides, figure) > scaleIn(above, figure)) {
        layAtSide(painter, area, narrow, legend);
        return;
    }
    paintBottomLegend(painter, QRectF(area.left(), area.bottom() - flowed, area.width(), flowed), legend);
    area = above;
}

/// Where the plot goes when its axes have their room. The numbers depend on the plot and the plot on the numbers'
/// width: two rounds settle it.
QRectF plotWithin(const QRectF& area, const MapFigure& figure)
{
    QRectF plot = area.adjusted(kLeftAxis, 3.0, -4.0, -bottomAxisHeight());
    for (int round = 0; round < 2 && plot.width() > 20.0 && plot.height() > 20.0; ++round) {
        const ProjectedMap map = projectMap(figure, plot);
        if (!map.flat) {
            return area;
        }
        plot.setLeft(area.left() + leftAxisWidth(flatAxes(figure, map)));
    }
    return plot;
}

void paintPlot(QPainter& painter, const QRectF& area, const MapFigure& figure)
{
    const QRectF plot = figure.axes ? plotWithin(area, figure) : area;
    if (plot.width() < 20.0 || plot.height() < 20.0) {
        return;
    }
    const ProjectedMap map = projectMap(figure, plot);
    if (figure.axes && !map.flat) {
        paintBox(painter, figure, map);
    }
    paintLinks(painter, figure, map);
    paintPoints(painter, figure, map);
    const QVector<QRectF> thumbnails = paintThumbnails(painter, figure, map);
    paintLabels(painter, figure, map, thumbnails);
    if (figure.axes && map.flat) {
        paintFlatAxes(painter, figure, map, flatAxes(figure, map));
    }
    if (map.outside > 0) {
        drawText(painter, {plot.right(), plot.top() + textAscent(kNote)},
                 QStringLiteral("%1 outside the frame").arg(formatCount(map.outside)), kNote, Anchor::Right);
    }
}

} // namespace

void paintMap(QPainter& painter, const QRectF& page, const MapFigure& figure)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    QRectF area = paintPageFrame(painter, page, {figure.title, figure.subtitle, figure.footer});
    layLegend(painter, area, figure);
    if (figure.layout && !figure.layout->points.empty()) {
        paintPlot(painter, area, figure);
    } else {
        drawText(painter, area.center(), QStringLiteral("no points"), kNote, Anchor::Centre);
    }
    painter.restore();
}

QString describeLayout(const core::Layout& layout)
{
    QStringList parts{QString::fromStdString(layout.spec.method).toUpper(),
                      QStringLiteral("n = %1").arg(formatCount(static_cast<qsizetype>(layout.points.rows())))};
    if (layout.excluded > 0) {
        parts << QStringLiteral("%1 left out (not finite)").arg(formatCount(static_cast<qsizetype>(layout.excluded)));
    }
    if (layout.stress1 >= 0.0) {
        parts << QStringLiteral("stress-1 %1").arg(formatNumber(layout.stress1, 3));
    }
    parts << QStringLiteral("seed %1").arg(QString::number(layout.spec.seed));
    return parts.join(QStringLiteral(", "));
}

QJsonObject mapRecipe(const MapFigure& figure, FigureFormat format)
{
    const core::Camera& camera = figure.camera;
    QJsonObject view{{QStringLiteral("flat"), camera.flat},
                     {QStringLiteral("fit"), figure.fit},
                     {QStringLiteral("halfHeight"), camera.halfHeight},
                     {QStringLiteral("target"), QJsonArray{camera.target[0], camera.target[1], camera.target[2]}},
                     {QStringLiteral("rotation"),
                      QJsonArray{camera.rotation[0], camera.rotation[1], camera.rotation[2], camera.rotation[3]}}};
    const qsizetype visible = visiblePoints(figure);
    QJsonArray thumbnails;
    for (const MapFigure::Thumbnail& thumbnail : figure.thumbnails) {
        thumbnails.append(thumbnail.id.isEmpty() ? QJsonValue(static_cast<qint64>(thumbnail.point))
                                                 : QJsonValue(thumbnail.id));
    }
    QJsonObject recipe{
        {QStringLiteral("figure"), QStringLiteral("map")},
        {QStringLiteral("thumbnails"), thumbnails},
        {QStringLiteral("labels"), static_cast<qint64>(figure.labels.size())},
        {QStringLiteral("camera"), view},
        {QStringLiteral("pointSize"), figure.pointSize},
        {QStringLiteral("opacity"), figure.opacity},
        {QStringLiteral("shown"), static_cast<qint64>(visible)},
        {QStringLiteral("pointsAsPicture"), format == FigureFormat::Png || visible > figure.vectorPoints}};
    if (figure.layout) {
        const core::LayoutSpec& spec = figure.layout->spec;
        QJsonObject options;
        for (const auto& [key, value] : spec.options) {
            options.insert(QString::fromStdString(key), QString::fromStdString(value));
        }
        recipe.insert(QStringLiteral("n"), static_cast<qint64>(figure.layout->points.rows()));
        recipe.insert(QStringLiteral("layout"),
                      QJsonObject{{QStringLiteral("method"), QString::fromStdString(spec.method)},
                                  {QStringLiteral("dim"), spec.dim},
                                  {QStringLiteral("seed"), QString::number(spec.seed)},
                                  {QStringLiteral("options"), options}});
    }
    return recipe;
}

} // namespace semascope::ui
