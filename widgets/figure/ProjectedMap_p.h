#pragma once

#include "widgets/figure/MapFigure.h"
#include "widgets/figure/Ticks.h"

#include <QPointF>

namespace semascope::ui {

/// The points of a map on the page, and how they got there.
struct ProjectedMap
{
    QRectF plot;
    bool flat = true;
    core::UnitBox box;
    core::Camera camera;
    /// x, y on the page and depth in [0, 1] of every layout point; NaN where there is none.
    std::vector<float> xy;
    std::vector<float> depth;
    /// Points to draw, first to last: not hidden, inside the plot; far ones first, selected ones last.
    std::vector<std::uint32_t> order;
    std::size_t firstSelected = 0;
    /// Points that are neither hidden nor inside the plot.
    qsizetype outside = 0;

    /// False for NaN, which QRectF would call contained.
    bool shows(const QPointF& place) const
    {
        return place.x() >= plot.left() && place.x() <= plot.right() && place.y() >= plot.top() &&
               place.y() <= plot.bottom();
    }
    QPointF at(std::size_t point) const { return {xy[2 * point], xy[2 * point + 1]}; }
};

/// Smallest and largest of each coordinate of the points within the unit box, which leaves far outliers out.
struct LayoutBounds
{
    std::array<double, 3> lo{};
    std::array<double, 3> hi{};
};

LayoutBounds layoutBounds(const core::Matrix& points, const core::UnitBox& box);
/// Bit k of `bits` chooses lo or hi of coordinate k.
std::array<double, 3> layoutCorner(const LayoutBounds& bounds, unsigned bits);

ProjectedMap projectMap(const MapFigure& figure, const QRectF& plot);

/// Page position of layout coordinates; NaN behind the camera.
QPointF projectPlace(const ProjectedMap& map, const std::array<double, 3>& place, int dim);

/// A linear axis of a flat map: page = offset + slope * layout.
struct FlatAxis
{
    double offset = 0.0;
    double slope = 1.0;
    Ticks ticks;
};

struct FlatAxes
{
    FlatAxis x;
    FlatAxis y;
    bool hasY = true;
};

FlatAxes flatAxes(const MapFigure& figure, const ProjectedMap& map);
/// Points that the vertical axis needs at the left of the plot, and the horizontal one below it.
double leftAxisWidth(const FlatAxes& axes);
double bottomAxisHeight();

void paintFlatAxes(QPainter& painter, const MapFigure& figure, const ProjectedMap& map, const FlatAxes& axes);
/// The box around a 3D layout: edges behind and before the points are not told apart, they are faint enough.
void paintBox(QPainter& painter, const MapFigure& figure, const ProjectedMap& map);

void paintPoints(QPainter& painter, const MapFigure& figure, const ProjectedMap& map);
void paintLinks(QPainter& painter, const MapFigure& figure, const ProjectedMap& map);
/// Thumbnails that would cover an earlier one are left out. Returns what was drawn.
QVector<QRectF> paintThumbnails(QPainter& painter, const MapFigure& figure, const ProjectedMap& map);
void paintLabels(QPainter& painter, const MapFigure& figure, const ProjectedMap& map, const QVector<QRectF>& taken);

} // namespace semascope::ui
