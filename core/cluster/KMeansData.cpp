#include "core/cluster/KMeans_p.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kMostCopied = std::size_t{1} << 27; ///< numbers (512 MB) that are copied to be centred
constexpr double kPlainLow = 1e-12, kPlainHigh = 1e12;    ///< sizes whose squares are safe in single precision
constexpr std::size_t kSegment = 64;                      ///< columns that one task adds up

std::vector<double> meanOf(const Matrix& x)
{
    std::vector<double> mean(x.cols(), 0.0);
    parallelFor((x.cols() + kSegment - 1) / kSegment, 1, [&](std::size_t from, std::size_t to) {
        const std::size_t first = from * kSegment, last = std::min(x.cols(), to * kSegment);
        for (std::size_t i = 0; i < x.rows(); ++i) {
            for (std::size_t j = first; j < last; ++j) {
                mean[j] += static_cast<double>(x.at(i, j));
            }
        }
        for (std::size_t j = first; j < last; ++j) {
            mean[j] /= static_cast<double>(x.rows());
        }
    });
    return mean;
}

double largestOf(const Matrix& x, const std::vector<double>& origin)
{
    std::vector<double> each(x.rows(), 0.0);
    parallelFor(x.rows(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t j = 0; j < x.cols(); ++j) {
                each[i] = std::max(each[i], std::abs(static_cast<double>(x.at(i, j)) - origin[j]));
            }
        }
    });
    return each.empty() ? 0 : *std::max_element(each.begin(), each.end());
}

Matrix shifted(const Matrix& x, const std::vector<double>& origin, double unit)
{
    std::vector<float> values(x.rows() * x.cols());
    const double factor = 1 / unit; // a power of 2: exact
    parallelFor(x.rows(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const float* const row = x.row(i);
            float* const out = values.data() + i * x.cols();
            for (std::size_t j = 0; j < x.cols(); ++j) {
                out[j] = static_cast<float>((static_cast<double>(row[j]) - origin[j]) * factor);
            }
        }
    });
    return Matrix::from(std::move(values), x.rows(), x.cols());
}

} // namespace

KMeansData prepareKMeans(const Matrix& rows, bool spherical)
{
    KMeansData data;
    data.spherical = spherical;
    data.rows = rows;
    data.origin.assign(rows.cols(), 0.0);
    if (!spherical) {
        std::vector<double> mean = meanOf(rows);
        const double largest = largestOf(rows, mean);
        const bool plain = largest == 0 || (largest > kPlainLow && largest < kPlainHigh);
        if (!plain || rows.rows() * rows.cols() <= kMostCopied) {
            data.origin = std::move(mean);
            data.unit = plain ? 1.0 : std::ldexp(1.0, std::ilogb(largest));
            data.rows = shifted(rows, data.origin, data.unit);
        }
    }
    data.squares.resize(data.n());
    parallelFor(data.n(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const float* row = data.rows.row(i);
            data.squares[i] = static_cast<float>(std::inner_product(row, row + data.d(), row, 0.0, std::plus<>(),
                                                                    [](double a, double b) { return a * b; }));
        }
    });
    return data;
}

double meanVariance(const KMeansData& data)
{
    if (data.n() == 0 || data.d() == 0) {
        return 0;
    }
    const std::vector<double> mean = meanOf(data.rows);
    const double squares =
        std::accumulate(data.squares.begin(), data.squares.end(), 0.0) / static_cast<double>(data.n());
    const double middle = std::inner_product(mean.begin(), mean.end(), mean.begin(), 0.0);
    return std::max(0.0, squares - middle) / static_cast<double>(data.d());
}

} // namespace semascope::core
