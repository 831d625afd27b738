#include "core/session/Picking.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::core {
namespace {

/// Pixel columns [first, last) whose centres lie in [from, to).
std::pair<int, int> coveredPixels(float from, float to, int limit)
{
    const auto edge = [limit](float v) {
        return static_cast<int>(std::clamp(std::ceil(v - 0.5F), 0.0F, static_cast<float>(limit)));
    };
    return {edge(from), edge(to)};
}

} // namespace

PickMask::PickMask(int width, int height)
    : m_width(std::max(0, width)),
      m_height(std::max(0, height)),
      m_bytes(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height))
{}

void PickMask::addPolygon(const std::vector<std::pair<float, float>>& corners)
{
    std::vector<float> crossings;
    for (int row = 0; row < m_height; ++row) {
        const float y = static_cast<float>(row) + 0.5F;
        crossings.clear();
        for (std::size_t i = 0; i < corners.size(); ++i) {
            const auto [x0, y0] = corners[i];
            const auto [x1, y1] = corners[(i + 1) % corners.size()];
            if ((y0 <= y) != (y1 <= y)) {
                crossings.push_back(x0 + (y - y0) / (y1 - y0) * (x1 - x0));
            }
        }
        std::sort(crossings.begin(), crossings.end());
        std::uint8_t* line = m_bytes.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(m_width);
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
            const auto [first, last] = coveredPixels(crossings[i], crossings[i + 1], m_width);
            std::fill(line + first, line + std::max(first, last), std::uint8_t{1});
        }
    }
}

void PickMask::addRectangle(float x0, float y0, float x1, float y1)
{
    const auto [left, right] = coveredPixels(std::min(x0, x1), std::max(x0, x1), m_width);
    const auto [top, bottom] = coveredPixels(std::min(y0, y1), std::max(y0, y1), m_height);
    for (int row = top; row < bottom; ++row) {
        std::uint8_t* line = m_bytes.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(m_width);
        std::fill(line + left, line + right, std::uint8_t{1});
    }
}

void PickMask::addDisc(float x, float y, float radius)
{
    const auto [top, bottom] = coveredPixels(y - radius, y + radius, m_height);
    for (int row = top; row < bottom; ++row) {
        const float dy = static_cast<float>(row) + 0.5F - y;
        const float half = std::sqrt(std::max(0.0F, radius * radius - dy * dy));
        const auto [first, last] = coveredPixels(x - half, x + half, m_width);
        std::uint8_t* line = m_bytes.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(m_width);
        std::fill(line + first, line + std::max(first, last), std::uint8_t{1});
    }
}

bool PickMask::at(float x, float y) const noexcept
{
    // Written so that NaN is outside.
    if (!(x >= 0 && y >= 0 && x < static_cast<float>(m_width) && y < static_cast<float>(m_height))) {
        return false;
    }
    const auto row = static_cast<std::size_t>(y), column = static_cast<std::size_t>(x);
    return m_bytes[row * static_cast<std::size_t>(m_width) + column] != 0;
}

std::vector<std::uint32_t> pick(const PickMask& mask, const float* xy, std::size_t n, const std::uint8_t* visible)
{
    std::vector<std::uint32_t> found;
    for (std::size_t i = 0; i < n; ++i) {
        if (mask.at(xy[2 * i], xy[2 * i + 1]) && (!visible || visible[i])) {
            found.push_back(static_cast<std::uint32_t>(i));
        }
    }
    return found;
}

ScreenGrid::ScreenGrid(const float* xy, const float* depth, std::size_t n, int width, int height,
                       const std::uint8_t* visible)
    : m_cols((std::max(0, width) + kCell - 1) / kCell), m_rows((std::max(0, height) + kCell - 1) / kCell)
{
    const auto cells = static_cast<std::size_t>(m_cols) * static_cast<std::size_t>(m_rows);
    constexpr std::uint32_t outside = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> cellOf(n, outside);
    m_start.assign(cells + 1, 0);
    const auto w = static_cast<float>(width), h = static_cast<float>(height);
    for (std::size_t i = 0; i < n; ++i) {
        const float x = xy[2 * i], y = xy[2 * i + 1];
        if (x >= 0 && y >= 0 && x < w && y < h && (!visible || visible[i])) {
            cellOf[i] = static_cast<std::uint32_t>(static_cast<int>(y) / kCell * m_cols + static_cast<int>(x) / kCell);
            ++m_start[cellOf[i] + 1];
        }
    }
    for (std::size_t c = 0; c < cells; ++c) {
        m_start[c + 1] += m_start[c];
    }
    m_points.resize(m_start.back());
    m_xy.resize(2 * m_points.size());
    m_depth.assign(m_points.size(), 0);
    std::vector<std::uint32_t> next(m_start.begin(), m_start.end() - 1);
    for (std::size_t i = 0; i < n; ++i) {
        if (cellOf[i] == outside) {
            continue;
        }
        const std::uint32_t slot = next[cellOf[i]]++;
        m_points[slot] = static_cast<std::uint32_t>(i);
        m_xy[2 * slot] = xy[2 * i];
        m_xy[2 * slot + 1] = xy[2 * i + 1];
        if (depth) {
            m_depth[slot] = depth[i];
        }
    }
}

std::int64_t ScreenGrid::nearest(float x, float y, float radius) const
{
    if (m_points.empty()) {
        return -1;
    }
    const auto cellRange = [radius](float v, int count) {
        const auto cell = [&](float at) {
            return static_cast<int>(std::clamp(std::floor(at / kCell), 0.0F, static_cast<float>(count - 1)));
        };
        return std::pair(cell(v - radius), cell(v + radius));
    };
    const auto [firstCol, lastCol] = cellRange(x, m_cols);
    const auto [firstRow, lastRow] = cellRange(y, m_rows);
    const auto scan = [&, rows = std::pair(firstRow, lastRow), cols = std::pair(firstCol, lastCol)](auto&& visit) {
        for (int row = rows.first; row <= rows.second; ++row) {
            const auto line = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_cols);
            const std::uint32_t end = m_start[line + static_cast<std::size_t>(cols.second) + 1];
            for (std::uint32_t s = m_start[line + static_cast<std::size_t>(cols.first)]; s < end; ++s) {
                visit(s, std::hypot(m_xy[2 * s] - x, m_xy[2 * s + 1] - y));
            }
        }
    };
    float least = std::numeric_limits<float>::infinity();
    scan([&](std::uint32_t, float distance) { least = std::min(least, distance); });
    if (!(least <= radius)) {
        return -1;
    }
    // Within a pixel the eye cannot tell: take what lies in front, then what is nearer, then what was drawn last.
    constexpr float tie = 1;
    std::int64_t best = -1;
    auto bestKey = std::pair(std::numeric_limits<float>::infinity(), std::numeric_limits<float>::infinity());
    scan([&](std::uint32_t s, float distance) {
        const auto key = std::pair(m_depth[s], distance);
        const auto point = static_cast<std::int64_t>(m_points[s]);
        if (distance <= std::min(radius, least + tie) && (key < bestKey || (key == bestKey && point > best))) {
            best = point;
            bestKey = key;
        }
    });
    return best;
}

} // namespace semascope::core
