#include "widgets/figure/MapFigure.h"

#include "widgets/figure/FigureText.h"
#include "widgets/figure/LegendPainter.h"
#include "widgets/figure/PageFrame_p.h"
#include "widgets/figure/ProjectedMap_p.h"

#include <QJsonArray>
#include <QPainter>

#include <algorithm>

namespace semascope::ui
{
namespace
{

constexpr double kLegendGap = 12.0;
constexpr double kSideLegendFrom = 290.0; // narrower pages have the legend below
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

/// Cuts the legend's place off `area` and paints it there.
void layLegend(QPainter& painter, QRectF& area, const Legend& legend)
{
    if (legend.isEmpty()) {
        return;
    }
    if (area.width() >= kSideLegendFrom) {
        const double width = sideLegendWidth(legend, area.width() * 0.3);
        const QRectF place(area.right() - width, area.top(), width, area.height());
        paintSideLegend(painter, place, legend);
        area.setRight(place.left() - kLegendGap);
    } else {
        const double height = std::min(bottomLegendHeight(legend, area.width()), area.height() * 0.4);
        const QRectF place(area.left(), area.bottom() - height, area.width(), height);
        paintBottomLegend(painter, place, legend);
        area.setBottom(place.top() - 6.0);
    }
}

/// Where the plot goes when its axes have their room. The numbers depend on the plot and the plot on the numbers'
/// width: two rounds settle it.
QRectF plotWithin(const QRectF& area, const MapFigure& figure)
{
    QRectF plot = area.adjusted(30.0, 3.0, -4.0, -bottomAxisHeight());
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
    layLegend(painter, area, figure.legend);
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
    QJsonObject recipe{
        {QStringLiteral("figure"), QStringLiteral("map")},
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
