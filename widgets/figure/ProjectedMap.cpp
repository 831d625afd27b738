#include "widgets/figure/ProjectedMap_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::ui {
namespace {

/// Virtual pixels a point: projectPoints takes whole sizes, so that they are made fine enough.
constexpr double kFineness = 32.0;

struct Viewport
{
    int width;
    int height;
};

Viewport viewportOf(const QRectF& plot)
{
    return {std::max(1, static_cast<int>(std::lround(plot.width() * kFineness))),
            std::max(1, static_cast<int>(std::lround(plot.height() * kFineness)))};
}

void toPage(const QRectF& plot, std::vector<float>& xy)
{
    const Viewport view = viewportOf(plot);
    for (std::size_t i = 0; i + 1 < xy.size(); i += 2) {
        xy[i] = static_cast<float>(plot.left() + xy[i] / view.width * plot.width());
        xy[i + 1] = static_cast<float>(plot.top() + xy[i + 1] / view.height * plot.height());
    }
}

bool hidden(const MapFigure& figure, std::size_t point)
{
    return point < figure.flags.size() && (figure.flags[point] & kPointHidden) != 0;
}

bool selected(const MapFigure& figure, std::size_t point)
{
    return point < figure.flags.size() && (figure.flags[point] & kPointSelected) != 0;
}

/// Moves a flat camera back until it shows the layout, with a margin.
void fitFlat(const LayoutBounds& bounds, ProjectedMap& map)
{
    const double halfWidth = (bounds.hi[0] - bounds.lo[0]) / 2 * map.box.scale;
    const double halfHeight = (bounds.hi[1] - bounds.lo[1]) / 2 * map.box.scale;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        map.camera.target[axis] = ((bounds.lo[axis] + bounds.hi[axis]) / 2 - map.box.centre[axis]) * map.box.scale;
    }
    const double aspect = map.plot.width() / map.plot.height();
    const double needed = 1.06 * std::max(halfHeight, halfWidth / aspect);
    map.camera.halfHeight = needed > 0.0 ? needed : 1.0;
}

/// The same for the box of a 3D layout. Moving back changes the perspective, so that it takes a few rounds.
void fitBox(const LayoutBounds& bounds, ProjectedMap& map)
{
    map.camera.halfHeight = 4.0;
    for (int round = 0; round < 6; ++round) {
        double reach = 0.0;
        for (unsigned bits = 0; bits < 8; ++bits) {
            const QPointF from = projectPlace(map, layoutCorner(bounds, bits), 3) - map.plot.center();
            reach = std::max(
                {reach, std::abs(from.x()) / (map.plot.width() / 2), std::abs(from.y()) / (map.plot.height() / 2)});
        }
        map.camera.halfHeight *= reach > 0.0 ? std::clamp(reach * 1.1, 0.2, 5.0) : 1.0;
    }
}

void sortForDrawing(const MapFigure& figure, ProjectedMap& map)
{
    if (!map.flat) {
        std::stable_sort(map.order.begin(), map.order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return map.depth[a] > map.depth[b]; });
    }
    const auto first = std::stable_partition(map.order.begin(), map.order.end(),
                                             [&](std::uint32_t i) { return !selected(figure, i); });
    map.firstSelected = static_cast<std::size_t>(first - map.order.begin());
}

} // namespace

LayoutBounds layoutBounds(const core::Matrix& points, const core::UnitBox& box)
{
    LayoutBounds bounds;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        double lo = std::numeric_limits<double>::infinity();
        double hi = -lo;
        for (std::size_t i = 0; axis < points.cols() && i < points.rows(); ++i) {
            const double p = points.at(i, axis);
            if (std::isfinite(p) && std::abs(p - box.centre[axis]) * box.scale <= 1.001) {
                lo = std::min(lo, p);
                hi = std::max(hi, p);
            }
        }
        bounds.lo[axis] = std::isfinite(lo) ? lo : box.centre[axis];
        bounds.hi[axis] = std::isfinite(hi) ? hi : box.centre[axis];
    }
    return bounds;
}

std::array<double, 3> layoutCorner(const LayoutBounds& bounds, unsigned bits)
{
    std::array<double, 3> place{};
    for (unsigned axis = 0; axis < 3; ++axis) {
        place[axis] = (bits >> axis & 1U) != 0 ? bounds.hi[axis] : bounds.lo[axis];
    }
    return place;
}

ProjectedMap projectMap(const MapFigure& figure, const QRectF& plot)
{
    ProjectedMap map;
    map.plot = plot;
    map.camera = figure.camera;
    if (!figure.layout || figure.layout->points.empty()) {
        return map;
    }
    const core::Matrix& points = figure.layout->points;
    const int dim = static_cast<int>(points.cols());
    const Viewport view = viewportOf(plot);
    map.camera.flat = map.camera.flat || dim < 3;
    map.flat = map.camera.flat;
    map.box = core::unitBox(points.data(), points.rows(), dim);
    if (figure.fit) {
        const LayoutBounds bounds = layoutBounds(points, map.box);
        map.camera.target = {0, 0, 0};
        map.flat ? fitFlat(bounds, map) : fitBox(bounds, map);
    }
    map.xy.resize(2 * points.rows());
    map.depth.resize(points.rows());
    core::projectPoints(points.data(), points.rows(), dim, map.box, map.camera, view.width, view.height, map.xy.data(),
                        map.depth.data());
    toPage(plot, map.xy);

    map.order.reserve(points.rows());
    for (std::size_t i = 0; i < points.rows(); ++i) {
        if (hidden(figure, i)) {
            continue;
        }
        // SVG written by Qt has no clipping, so that a point is drawn when its middle is inside.
        if (map.shows(map.at(i))) {
            map.order.push_back(static_cast<std::uint32_t>(i));
        } else {
            ++map.outside;
        }
    }
    sortForDrawing(figure, map);
    return map;
}

QPointF projectPlace(const ProjectedMap& map, const std::array<double, 3>& place, int dim)
{
    std::vector<float> point(static_cast<std::size_t>(std::max(1, dim)), 0.0F);
    for (std::size_t axis = 0; axis < std::min<std::size_t>(3, point.size()); ++axis) {
        point[axis] = static_cast<float>(place[axis]);
    }
    const Viewport view = viewportOf(map.plot);
    std::vector<float> xy(2);
    core::projectPoints(point.data(), 1, static_cast<int>(point.size()), map.box, map.camera, view.width, view.height,
                        xy.data());
    toPage(map.plot, xy);
    return {xy[0], xy[1]};
}

} // namespace semascope::ui
