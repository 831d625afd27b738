#pragma once
#include "core/reduce/Layout.h"
#include "core/session/Camera.h"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace semascope::ui {

/// The points of the map as the GPU wants them, without any GL: arrays in drawing order, which is shuffled so that the
/// first k points are an unbiased subset. Positions are in the unit box. Owned by the map view, GUI thread.
class PointCloud
{
public:
    /// Bytes of one point's state, as the shader reads them.
    struct State
    {
        std::uint8_t selected = 0, hidden = 0, current = 0, unused = 0;
        bool operator==(const State&) const = default;
    };
    using Position = std::array<float, 3>;
    using Colour = std::array<std::uint8_t, 4>; ///< r, g, b, a
    /// Counts up whenever an array changes, so that a renderer uploads what is new and nothing else.
    struct Revisions
    {
        std::uint64_t from = 1, to = 1, colours = 1, states = 1;
    };

    /// Takes a layout; sampleOfPoint[r] is the sample of row r. The way there starts where each sample's point was seen
    /// before (`shown` of the way along the last transition), or at its new place when there was none.
    /// Throws core::Error(Mismatch) when the lengths differ.
    void setPoints(std::shared_ptr<const core::Layout> layout, std::vector<std::uint32_t> sampleOfPoint,
                   float shown = 1);
    /// One colour per row of the layout, as QColor::rgba() packs it; a missing tail is grey.
    void setColours(const std::vector<std::uint32_t>& colours);
    /// flags: SelectionModel::bytes(), one per sample (samples beyond the end are unselected and visible); current: a
    /// sample or −1.
    void setStates(const std::vector<std::uint8_t>& flags, std::int64_t current);

    std::size_t size() const noexcept { return m_to.size(); }
    const std::shared_ptr<const core::Layout>& layout() const noexcept { return m_layout; }
    const core::UnitBox& box() const noexcept { return m_box; }
    const std::vector<Position>& from() const noexcept { return m_from; }
    const std::vector<Position>& to() const noexcept { return m_to; }
    const std::vector<Colour>& colours() const noexcept { return m_colours; }
    const std::vector<State>& states() const noexcept { return m_states; }
    const std::vector<std::uint8_t>& visible() const noexcept { return m_visible; }
    const Revisions& revisions() const noexcept { return m_revisions; }
    std::size_t selectedCount() const noexcept { return m_selectedCount; }
    std::size_t visibleCount() const noexcept { return m_visibleCount; }

    /// Sample of the point with this drawing index.
    std::uint32_t sampleAt(std::size_t drawn) const { return m_sampleOfPoint[m_order[drawn]]; }
    /// The same, but −1 for −1.
    std::int64_t sampleOrNone(std::int64_t drawn) const
    {
        return drawn < 0 ? -1 : static_cast<std::int64_t>(sampleAt(static_cast<std::size_t>(drawn)));
    }
    bool isRowVisible(std::size_t row) const
    {
        return visible()[static_cast<std::size_t>(drawnOf(m_sampleOfPoint[row]))];
    }
    /// Drawing index of a sample's point, −1 when the layout has none.
    std::int64_t drawnOf(std::int64_t sample) const;
    /// Whether going from `from` to `to` moves anything.
    bool canAnimate() const noexcept { return m_moves; }

    /// Where the first `count` points are, `shown` of the way along the transition.
    std::vector<Position> placesShown(float shown, std::size_t count) const;
    /// Pixels of all points in drawing order, at their final places; see core::projectPoints.
    void project(const core::Camera& camera, int width, int height, std::vector<float>& xy,
                 std::vector<float>& depth) const;
    /// The place in the unit box of a spot in layout coordinates.
    Position place(double x, double y, double z) const;
    Position placeOfRow(std::size_t row) const;

private:
    void adoptCount(std::size_t n);

    std::shared_ptr<const core::Layout> m_layout;
    core::UnitBox m_box;
    std::vector<std::uint32_t> m_sampleOfPoint;
    std::vector<std::uint32_t> m_order; ///< drawing index → row
    std::vector<std::int32_t> m_drawnOfSample;
    std::vector<Position> m_from, m_to;
    std::vector<Colour> m_colours;
    std::vector<State> m_states;
    std::vector<std::uint8_t> m_visible;
    Revisions m_revisions;
    std::size_t m_selectedCount = 0, m_visibleCount = 0;
    bool m_moves = false;
};

static_assert(sizeof(PointCloud::State) == 4 && sizeof(PointCloud::Colour) == 4 && sizeof(PointCloud::Position) == 12);

} // namespace semascope::ui
