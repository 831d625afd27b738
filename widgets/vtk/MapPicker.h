#pragma once
#include "core/session/Picking.h"
#include "widgets/vtk/PointSurface.h"

#include <QPointF>
#include <QSize>

#include <vector>

namespace semascope::ui {

/// Finds points under the mouse and inside shapes, on the CPU, with the matrix that draws them. Hidden-behind points
/// count, filtered ones do not. Projects lazily: invalidate() when camera, points, filter or size changed.
class MapPicker
{
public:
    /// The scene must outlive the picker.
    explicit MapPicker(const PointScene& scene) : m_scene(scene) {}

    void invalidate() { m_valid = m_gridValid = false; }
    /// Drawing index of the point at `at`, or −1.
    std::int64_t pointAt(const QPointF& at, const QSize& size);
    /// Samples whose points lie in the mask, in increasing order.
    std::vector<std::uint32_t> samplesIn(const core::PickMask& mask);
    /// Every sample that is shown.
    std::vector<std::uint32_t> visibleSamples() const;

private:
    void project(const QSize& size);

    const PointScene& m_scene;
    bool m_valid = false, m_gridValid = false;
    QSize m_size;
    std::vector<float> m_xy, m_depth;
    core::ScreenGrid m_grid;
};

} // namespace semascope::ui
