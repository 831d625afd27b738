#include "core/cluster/ClusterSpace_p.h"

#include "core/job/Gemm.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {

double squareOf(const std::vector<float>& rows, std::size_t row, std::size_t d)
{
    const float* const at = rows.data() + row * d;
    return std::inner_product(at, at + d, at, 0.0);
}

/// Rows and centroids, both less the mean of the centroids: numbers far from 0 would drown their differences.
class Products
{
public:
    Products(const ClusterSpace& space, const Clustering& c) : m_space(space), m_c(c)
    {
        const std::size_t d = space.dim(), k = c.centroids.rows();
        m_middle.assign(d, 0.0F);
        for (std::size_t g = 0; g < k; ++g) {
            for (std::size_t j = 0; j < d; ++j) {
                m_middle[j] += c.centroids.at(g, j) / static_cast<float>(k);
            }
        }
        for (std::size_t g = 0; g < k; ++g) {
            std::transform(c.centroids.row(g), c.centroids.row(g) + d, m_middle.begin(),
                           std::back_inserter(m_centroids), std::minus<>());
            m_lengths.push_back(squareOf(m_centroids, g, d));
        }
    }

    void multiply(std::size_t first, std::size_t count)
    {
        const std::size_t d = m_space.dim(), k = m_lengths.size();
        m_first = first;
        m_block.resize(count * d);
        m_products.resize(count * k);
        parallelFor(count, 64, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const float* const row = m_space.row(first + i);
                const auto scale = static_cast<float>(m_space.scale(first + i));
                std::transform(row, row + d, m_middle.begin(), m_block.data() + i * d,
                               [scale](float v, float m) { return scale * v - m; });
            }
        });
        gemm({.m = count,
              .n = k,
              .k = d,
              .a = m_block.data(),
              .b = m_centroids.data(),
              .out = m_products.data(),
              .transposeB = true});
    }
    /// Of row m_first + i.
    double nearestOther(std::size_t i) const
    {
        const std::size_t k = m_lengths.size();
        const auto own = static_cast<std::size_t>(m_c.assignment[m_first + i]);
        const double length = squareOf(m_block, i, m_space.dim());
        double nearest = std::numeric_limits<double>::infinity();
        for (std::size_t g = 0; g < k; ++g) {
            if (g != own && m_c.sizes[g] > 0) {
                const double apart = length + m_lengths[g] - 2 * static_cast<double>(m_products[i * k + g]);
                nearest = std::min(nearest, std::max(0.0, apart));
            }
        }
        return nearest;
    }

private:
    const ClusterSpace& m_space;
    const Clustering& m_c;
    std::size_t m_first = 0;
    std::vector<float> m_middle, m_centroids, m_block, m_products;
    std::vector<double> m_lengths;
};

} // namespace

ClusterSpace::ClusterSpace(const Matrix& x, const Clustering& c)
    : m_x(x), m_c(c), m_coded(!c.code.empty()), m_directions(!m_coded && c.spec.method == "spherical-kmeans")
{
    const std::size_t n = c.assignment.size(), k = c.sizes.size(), d = m_coded ? c.code.cols() : x.cols();
    const auto inInput = [&](std::uint32_t r) { return r < x.rows(); };
    const auto isCluster = [&](std::int32_t g) { return g >= 0 && static_cast<std::size_t>(g) < k; };
    const bool fits = c.inputRow.size() == n && (!m_coded || c.code.rows() == n) && c.centroids.rows() == k &&
                      c.centroids.cols() == d && std::all_of(c.inputRow.begin(), c.inputRow.end(), inInput) &&
                      std::all_of(c.assignment.begin(), c.assignment.end(), isCluster);
    if (!fits) {
        throw Error(Code::Mismatch, "The clustering was not made from these rows; give the rows that were clustered.");
    }
}

double ClusterSpace::scale(std::size_t r) const
{
    if (!m_directions) {
        return 1;
    }
    const float* const from = row(r);
    double square = 0;
    for (std::size_t j = 0; j < dim(); ++j) {
        square += static_cast<double>(from[j]) * static_cast<double>(from[j]);
    }
    return square > 0 ? 1 / std::sqrt(square) : 1;
}

double ClusterSpace::apart(std::size_t r, const float* point) const
{
    const double factor = scale(r);
    const float* const from = row(r);
    double sum = 0;
    for (std::size_t j = 0; j < dim(); ++j) {
        const double miss = factor * static_cast<double>(from[j]) - static_cast<double>(point[j]);
        sum += miss * miss;
    }
    return sum;
}

std::vector<float> ClusterSpace::mean(const std::vector<std::uint32_t>& rows) const
{
    std::vector<double> sum(dim(), 0.0);
    for (const std::uint32_t r : rows) {
        const double factor = scale(r);
        const float* const from = row(r);
        for (std::size_t j = 0; j < dim(); ++j) {
            sum[j] += factor * static_cast<double>(from[j]);
        }
    }
    double divisor = static_cast<double>(std::max<std::size_t>(1, rows.size()));
    if (m_directions) {
        double square = 0;
        for (const double v : sum) {
            square += v * v;
        }
        divisor = square > 0 ? std::sqrt(square) : 1;
    }
    std::vector<float> out(dim());
    std::transform(sum.begin(), sum.end(), out.begin(),
                   [divisor](double v) { return static_cast<float>(v / divisor); });
    return out;
}

Matrix ClusterSpace::take(const std::vector<std::uint32_t>& rows) const
{
    std::vector<float> values;
    values.reserve(rows.size() * dim());
    for (const std::uint32_t r : rows) {
        values.insert(values.end(), row(r), row(r) + dim());
    }
    return Matrix::from(std::move(values), rows.size(), dim());
}

std::vector<double> nearestOther(const ClusterSpace& space, const Clustering& c)
{
    constexpr std::size_t kRowsAtOnce = 4096;
    Products products(space, c);
    std::vector<double> nearest(space.count());
    for (std::size_t first = 0; first < nearest.size(); first += kRowsAtOnce) {
        const std::size_t count = std::min(kRowsAtOnce, nearest.size() - first);
        products.multiply(first, count);
        for (std::size_t i = 0; i < count; ++i) {
            nearest[first + i] = products.nearestOther(i);
        }
    }
    return nearest;
}

std::vector<std::vector<std::uint32_t>> membersOf(const Clustering& c)
{
    std::vector<std::vector<std::uint32_t>> members(c.sizes.size());
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        members[static_cast<std::size_t>(c.assignment[r])].push_back(static_cast<std::uint32_t>(r));
    }
    return members;
}

} // namespace semascope::core
