#include "widgets/vtk/PointCloud.h"

#include "core/job/Error.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

namespace semascope::ui {
namespace {

constexpr int kSelectedFlag = 1; // as in SelectionModel; the other bits hide
constexpr PointCloud::Colour kGrey{0xb4, 0xb4, 0xb4, 0xff};

PointCloud::Colour unpack(std::uint32_t argb)
{
    const auto byte = [argb](int shift) { return static_cast<std::uint8_t>(argb >> shift); };
    return {byte(16), byte(8), byte(0), byte(24)};
}

} // namespace

void PointCloud::setPoints(std::shared_ptr<const core::Layout> layout, std::vector<std::uint32_t> sampleOfPoint,
                           float shown)
{
    const std::size_t n = layout ? layout->points.rows() : 0;
    if (sampleOfPoint.size() != n) {
        throw core::Error(core::Code::Mismatch, "The layout has " + std::to_string(n) + " points but " +
                                                    std::to_string(sampleOfPoint.size()) +
                                                    " samples were named for them; name one sample per point.");
    }
    const std::vector<Position> oldPlaces = placesShown(shown, m_to.size());
    const std::vector<std::int32_t> oldDrawn = std::move(m_drawnOfSample);
    m_layout = std::move(layout);
    m_sampleOfPoint = std::move(sampleOfPoint);
    m_box =
        n > 0 ? core::unitBox(m_layout->points.data(), n, static_cast<int>(m_layout->points.cols())) : core::UnitBox{};
    if (m_order.size() != n) {
        adoptCount(n);
    }
    const std::uint32_t samples = n > 0 ? *std::max_element(m_sampleOfPoint.begin(), m_sampleOfPoint.end()) + 1 : 0;
    m_drawnOfSample.assign(samples, -1);
    m_to.resize(n);
    m_from.resize(n);
    m_moves = false;
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t sample = sampleAt(i);
        m_to[i] = placeOfRow(m_order[i]);
        const std::int32_t old = sample < oldDrawn.size() ? oldDrawn[sample] : -1;
        m_from[i] = old >= 0 ? oldPlaces[static_cast<std::size_t>(old)] : m_to[i];
        m_moves |= m_from[i] != m_to[i];
        m_drawnOfSample[sample] = static_cast<std::int32_t>(i);
    }
    ++m_revisions.from;
    ++m_revisions.to;
}

/// A new drawing order for n points, which have neither colours nor states yet.
void PointCloud::adoptCount(std::size_t n)
{
    m_order.resize(n);
    std::iota(m_order.begin(), m_order.end(), 0U);
    std::mt19937 random(20240601); // always the same, so that a picture can be made again
    for (std::size_t i = n; i > 1; --i) {
        const auto j = static_cast<std::size_t>((std::uint64_t{random()} * i) >> 32);
        std::swap(m_order[i - 1], m_order[j]);
    }
    m_colours.assign(n, kGrey);
    m_states.assign(n, State{});
    m_visible.assign(n, 1);
    m_selectedCount = 0;
    m_visibleCount = n;
    ++m_revisions.colours;
    ++m_revisions.states;
}

std::vector<PointCloud::Position> PointCloud::placesShown(float shown, std::size_t count) const
{
    std::vector<Position> places(m_to.begin(), m_to.begin() + static_cast<std::ptrdiff_t>(count));
    if (shown >= 1) {
        return places;
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            places[i][c] = m_from[i][c] + shown * (m_to[i][c] - m_from[i][c]);
        }
    }
    return places;
}

void PointCloud::setColours(const std::vector<std::uint32_t>& colours)
{
    bool changed = false;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const Colour next = m_order[i] < colours.size() ? unpack(colours[m_order[i]]) : kGrey;
        changed |= m_colours[i] != next;
        m_colours[i] = next;
    }
    m_revisions.colours += changed ? 1 : 0;
}

void PointCloud::setStates(const std::vector<std::uint8_t>& flags, std::int64_t current)
{
    bool changed = false;
    m_selectedCount = 0;
    m_visibleCount = 0;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const std::uint32_t sample = sampleAt(i);
        State next;
        const std::uint8_t flag = sample < flags.size() ? flags[sample] : 0;
        next.selected = (flag & kSelectedFlag) != 0 ? 255 : 0;
        next.hidden = (flag & ~kSelectedFlag) != 0 ? 255 : 0;
        next.current = static_cast<std::int64_t>(sample) == current ? 255 : 0;
        changed |= m_states[i] != next;
        m_states[i] = next;
        m_visible[i] = next.hidden ? 0 : 1;
        m_selectedCount += next.selected ? 1 : 0;
        m_visibleCount += m_visible[i];
    }
    m_revisions.states += changed ? 1 : 0;
}

std::int64_t PointCloud::drawnOf(std::int64_t sample) const
{
    const bool known = sample >= 0 && sample < static_cast<std::int64_t>(m_drawnOfSample.size());
    return known ? m_drawnOfSample[static_cast<std::size_t>(sample)] : -1;
}

void PointCloud::project(const core::Camera& camera, int width, int height, std::vector<float>& xy,
                         std::vector<float>& depth) const
{
    xy.resize(2 * size());
    depth.resize(size());
    core::projectPoints(m_to.empty() ? nullptr : m_to.front().data(), size(), 3, {}, camera, width, height, xy.data(),
                        depth.data());
}

PointCloud::Position PointCloud::place(double x, double y, double z) const
{
    return {static_cast<float>((x - m_box.centre[0]) * m_box.scale),
            static_cast<float>((y - m_box.centre[1]) * m_box.scale),
            static_cast<float>((z - m_box.centre[2]) * m_box.scale)};
}

PointCloud::Position PointCloud::placeOfRow(std::size_t row) const
{
    const float* p = m_layout->points.row(row);
    const std::size_t dim = m_layout->points.cols();
    return place(p[0], dim > 1 ? p[1] : 0, dim > 2 ? p[2] : 0);
}

} // namespace semascope::ui
