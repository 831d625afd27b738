#pragma once
#include <cstdint>
#include <utility>
#include <vector>

namespace semascope::core {

/// A one-byte mask of a viewport, painted by lasso, rectangle or brush.
class PickMask
{
public:
    PickMask(int width, int height);
    void addPolygon(const std::vector<std::pair<float, float>>& corners); ///< even-odd
    void addRectangle(float x0, float y0, float x1, float y1);
    void addDisc(float x, float y, float radius);
    bool at(float x, float y) const noexcept;
    int width() const noexcept { return m_width; }
    int height() const noexcept { return m_height; }

private:
    int m_width, m_height;
    std::vector<std::uint8_t> m_bytes;
};

/// Indices of the projected points (x,y pairs in pixels) inside the mask; those with visible[i] == 0 are skipped (null
/// = all visible).
std::vector<std::uint32_t> pick(const PickMask& mask, const float* xy, std::size_t n, const std::uint8_t* visible);

/// Uniform grid over projected points, for hovering: build once per camera rest.
class ScreenGrid
{
public:
    ScreenGrid() = default;
    ScreenGrid(const float* xy, const float* depth, std::size_t n, int width, int height, const std::uint8_t* visible);
    /// The nearest point within `radius` pixels, or -1. Near ties go to the smaller depth.
    std::int64_t nearest(float x, float y, float radius) const;

private:
    int m_cols = 0, m_rows = 0;
    static constexpr int kCell = 16;
    std::vector<std::uint32_t> m_start, m_points;
    std::vector<float> m_xy, m_depth;
};

/// How a new set of indices joins a selection.
enum class Combine { Replace, Add, Subtract, Intersect };

} // namespace semascope::core
