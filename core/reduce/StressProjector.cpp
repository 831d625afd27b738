#include "core/job/Parallel.h"
#include "core/reduce/GuttmanKernel_p.h"
#include "core/reduce/Mds_p.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

constexpr std::size_t kMostAnchors = 2000;
constexpr std::size_t kNeighbours = 5; ///< of the starting guess
constexpr std::size_t kBlock = 512;    ///< rows placed together
constexpr int kMostSteps = 200;
constexpr double kStill = 1e-6; ///< of the layout's size: a smaller step ends the search

std::vector<std::size_t> chooseAnchors(std::size_t n, std::uint64_t seed)
{
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (n <= kMostAnchors) {
        return all;
    }
    std::vector<std::size_t> chosen;
    std::mt19937_64 random(seed);
    std::sample(all.begin(), all.end(), std::back_inserter(chosen), kMostAnchors, random);
    return chosen;
}

class StressProjector final : public Projector
{
public:
    StressProjector(const MdsInput& input, const Matrix& points, std::uint64_t seed)
        : m_unit(input.unit), m_dim(points.cols())
    {
        const std::vector<std::size_t> anchors = chooseAnchors(points.rows(), seed);
        const Matrix rows = takeRows(input.rows, anchors);
        m_frame = frameOf(rows);
        m_rows = frameRows(rows, 0, rows.rows(), m_frame);
        const std::size_t m = anchors.size();
        m_axes.resize(m * m_dim);
        m_mean.assign(m_dim, 0.0);
        for (std::size_t a = 0; a < m; ++a) {
            for (std::size_t k = 0; k < m_dim; ++k) {
                const double value = points.at(anchors[a], k) / m_frame.unit;
                m_axes[k * m + a] = static_cast<float>(value);
                m_mean[k] += value / static_cast<double>(m);
                m_size = std::max(m_size, std::abs(value));
            }
        }
    }

    Matrix place(const Matrix& rows) const override
    {
        if (rows.cols() != m_rows.cols) {
            throw Error(Code::Mismatch, "The layout was made from rows of " + std::to_string(m_rows.cols) +
                                            " numbers, these have " + std::to_string(rows.cols()) +
                                            "; use rows of the same model.");
        }
        const Matrix used = m_unit ? normaliseRows(rows) : rows;
        // A row that cannot be measured has no place; neither has one without direction under the cosine metric.
        std::vector<float> placed(rows.rows() * m_dim, std::numeric_limits<float>::quiet_NaN());
        std::vector<std::size_t> finite = finiteRows(used);
        if (m_unit) {
            std::erase_if(finite, [&](std::size_t i) {
                return std::all_of(used.row(i), used.row(i) + used.cols(), [](float v) { return v == 0; });
            });
        }
        const Matrix usable = finite.size() == rows.rows() ? used : takeRows(used, finite);
        std::vector<float> wanted(std::min(kBlock, finite.size()) * m_rows.rows);
        for (std::size_t begin = 0; begin < finite.size(); begin += kBlock) {
            const std::size_t count = std::min(kBlock, finite.size() - begin);
            const FramedRows framed = frameRows(usable, begin, begin + count, m_frame);
            measureBlock(framed, m_rows, {0, count, 0, wanted.data(), m_rows.rows});
            parallelFor(count, 4, [&](std::size_t first, std::size_t last) {
                for (std::size_t r = first; r < last; ++r) {
                    placeOne(wanted.data() + r * m_rows.rows, placed.data() + finite[begin + r] * m_dim);
                }
            });
        }
        return Matrix::from(std::move(placed), rows.rows(), m_dim);
    }
    bool exact() const noexcept override { return false; }

private:
    using Point = std::vector<float>;

    float anchor(std::size_t a, std::size_t k) const { return m_axes[k * m_rows.rows + a]; }

    /// The nearest anchors, nearest first.
    std::vector<std::size_t> nearest(const float* wanted) const
    {
        std::vector<std::size_t> order(m_rows.rows);
        std::iota(order.begin(), order.end(), std::size_t{0});
        const std::size_t count = std::min(kNeighbours, order.size());
        std::partial_sort(
            order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
            [&](std::size_t a, std::size_t b) { return wanted[a] != wanted[b] ? wanted[a] < wanted[b] : a < b; });
        order.resize(count);
        return order;
    }

    Point weightedMean(const std::vector<std::size_t>& near, const float* wanted) const
    {
        Point mean(m_dim);
        std::vector<double> sum(m_dim, 0.0);
        double weights = 0;
        for (const std::size_t a : near) {
            const double weight = 1 / (static_cast<double>(wanted[a]) + 1e-9);
            weights += weight;
            for (std::size_t k = 0; k < m_dim; ++k) {
                sum[k] += weight * static_cast<double>(anchor(a, k));
            }
        }
        for (std::size_t k = 0; k < m_dim; ++k) {
            mean[k] = static_cast<float>(sum[k] / weights);
        }
        return mean;
    }

    /// Majorises from `at`; returns the stress reached.
    double descend(const float* wanted, Point& at) const
    {
        const std::size_t m = m_rows.rows;
        const AxisView view{m_axes.data(), m, m, static_cast<int>(m_dim)};
        std::vector<double> pull(m_dim);
        double stress = 0;
        for (int step = 0; step < kMostSteps; ++step) {
            std::fill(pull.begin(), pull.end(), 0.0);
            stress = guttmanRow(wanted, view, at.data(), pull.data());
            double moved = 0;
            for (std::size_t k = 0; k < m_dim; ++k) {
                const double next = m_mean[k] + pull[k] / static_cast<double>(m);
                moved = std::max(moved, std::abs(next - static_cast<double>(at[k])));
                at[k] = static_cast<float>(next);
            }
            if (moved <= kStill * m_size) {
                break;
            }
        }
        return stress;
    }

    void placeOne(const float* wanted, float* out) const
    {
        const std::vector<std::size_t> near = nearest(wanted);
        Point best = weightedMean(near, wanted), other(m_dim);
        for (std::size_t k = 0; k < m_dim; ++k) {
            other[k] = anchor(near.front(), k);
        }
        const double bestStress = descend(wanted, best);
        if (descend(wanted, other) < bestStress) {
            best = other;
        }
        for (std::size_t k = 0; k < m_dim; ++k) {
            out[k] = static_cast<float>(best[k] * m_frame.unit);
        }
    }

    bool m_unit;
    std::size_t m_dim;
    RowFrame m_frame;
    FramedRows m_rows;
    std::vector<float> m_axes;  ///< anchors, axis after axis
    std::vector<double> m_mean; ///< of the anchors
    double m_size = 0;          ///< largest coordinate
};

} // namespace

std::shared_ptr<const Projector> stressProjector(const MdsInput& input, const Matrix& points, std::uint64_t seed)
{
    return std::make_shared<StressProjector>(input, points, seed);
}

} // namespace semascope::core
