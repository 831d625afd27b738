#include "widgets/vtk/MapPicker.h"

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr float kReachPx = 5; // beyond the rim of a point

} // namespace

void MapPicker::project(const QSize& size)
{
    if (m_valid && size == m_size) {
        return;
    }
    m_scene.cloud.project(m_scene.camera, size.width(), size.height(), m_xy, m_depth);
    m_size = size;
    m_valid = true;
    m_gridValid = false;
}

std::int64_t MapPicker::pointAt(const QPointF& at, const QSize& size)
{
    project(size);
    if (!m_gridValid) {
        m_grid = core::ScreenGrid(m_xy.data(), m_depth.data(), m_scene.cloud.size(), size.width(), size.height(),
                                  m_scene.cloud.visible().data());
        m_gridValid = true;
    }
    return m_grid.nearest(static_cast<float>(at.x()), static_cast<float>(at.y()), m_scene.sizePx / 2 + kReachPx);
}

std::vector<std::uint32_t> MapPicker::samplesIn(const core::PickMask& mask)
{
    project({mask.width(), mask.height()});
    auto found = core::pick(mask, m_xy.data(), m_scene.cloud.size(), m_scene.cloud.visible().data());
    std::transform(found.begin(), found.end(), found.begin(),
                   [this](std::uint32_t drawn) { return m_scene.cloud.sampleAt(drawn); });
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::uint32_t> MapPicker::visibleSamples() const
{
    std::vector<std::uint32_t> samples;
    for (std::size_t i = 0; i < m_scene.cloud.size(); ++i) {
        if (m_scene.cloud.visible()[i]) {
            samples.push_back(m_scene.cloud.sampleAt(i));
        }
    }
    std::sort(samples.begin(), samples.end());
    return samples;
}

} // namespace semascope::ui
