#pragma once
#include "core/session/Picking.h"
#include "widgets/vtk/MapTypes.h"

#include <QPainterPath>
#include <QPointF>
#include <QSize>

#include <vector>

namespace semascope::ui {

/// What a pressed mouse button is doing on the map: moving the camera, or drawing a shape around points. Positions in
/// device-independent pixels of the map.
class MapGesture
{
public:
    enum class Kind { None, Pan, Orbit, Lasso, Box, Brush };

    void begin(Kind kind, const QPointF& at);
    /// Returns how far the mouse went since the last call.
    QPointF extend(const QPointF& to);
    void end() { m_kind = Kind::None; }

    Kind kind() const noexcept { return m_kind; }
    bool active() const noexcept { return m_kind != Kind::None; }
    bool isShape() const noexcept { return m_kind >= Kind::Lasso; }
    /// Whether it went far enough not to be a click.
    bool moved() const noexcept { return m_moved; }
    const std::vector<QPointF>& path() const noexcept { return m_path; }

    double brushRadius() const noexcept { return m_brushRadius; }
    void setBrushRadius(double px);

    /// The pixels that the shape covers.
    core::PickMask mask(const QSize& size) const;
    QPainterPath outline() const;

private:
    Kind m_kind = Kind::None;
    std::vector<QPointF> m_path;
    bool m_moved = false;
    double m_brushRadius = 18;
};

/// The gesture that dragging with `tool` starts.
MapGesture::Kind shapeOf(MapTool tool);

} // namespace semascope::ui
