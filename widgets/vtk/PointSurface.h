#pragma once
#include "widgets/vtk/MapTypes.h"
#include "widgets/vtk/PointCloud.h"

#include <algorithm>

class QWidget;

namespace semascope::ui {

/// What the points look like now. Owned by the map view; surfaces read it when they paint.
struct PointScene
{
    PointCloud cloud;
    core::Camera camera;
    MapTheme theme = MapTheme::light();
    float sizePx = 7; ///< diameter in device-independent pixels
    float opacity = 0.9F;
    float transition = 1;      ///< 0: points where they came from, 1: where they go
    std::int64_t hovered = -1; ///< drawing index
    bool moving = false;       ///< camera or points are on their way: fewer points will do

    /// Whether unselected points step back.
    bool selecting() const noexcept { return cloud.selectedCount() > 0; }
};

/// A widget that draws a PointScene: with OpenGL, or with QPainter where there is none.
class PointSurface
{
public:
    virtual ~PointSurface() = default;
    virtual QWidget* widget() = 0;
    /// The scene changed: paint it again soon.
    virtual void refresh() = 0;
    /// What draws, such as "OpenGL 4.5, llvmpipe"; for the status line and benchmarks.
    virtual QString renderer() const = 0;
    /// How many points are drawn at most while something moves.
    virtual std::size_t movingBudget() const = 0;

    std::size_t pointsToDraw(const PointScene& scene) const
    {
        return scene.moving ? std::min(scene.cloud.size(), movingBudget()) : scene.cloud.size();
    }
};

} // namespace semascope::ui
