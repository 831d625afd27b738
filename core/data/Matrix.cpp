#include "core/data/Matrix.h"

#include "core/job/Parallel.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {
constexpr std::size_t kRowGrain = 1024;
constexpr double kLargestSquare = static_cast<double>(std::numeric_limits<float>::max()) / 4;

bool usable(const float* row, std::size_t cols)
{
    double square = 0;
    for (std::size_t j = 0; j < cols; ++j) {
        if (!(std::abs(row[j]) <= kLargestUsable)) { // NaN compares false
            return false;
        }
        square += static_cast<double>(row[j]) * row[j];
    }
    return square <= kLargestSquare;
}
} // namespace

Matrix takeRows(const Matrix& x, const std::vector<std::size_t>& which)
{
    std::vector<float> values(which.size() * x.cols());
    for (std::size_t i = 0; i < which.size() && x.cols() > 0; ++i) {
        assert(which[i] < x.rows());
        std::memcpy(values.data() + i * x.cols(), x.row(which[i]), x.cols() * sizeof(float));
    }
    return Matrix::from(std::move(values), which.size(), x.cols());
}

Matrix normaliseRows(const Matrix& x)
{
    std::vector<float> values(x.rows() * x.cols());
    parallelFor(x.rows(), kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const float* from = x.row(i);
            // Double precision: 1e30 and denormal rows must neither overflow nor vanish.
            const double square = std::inner_product(from, from + x.cols(), from, 0.0, std::plus<>(),
                                                     [](double a, double b) { return a * b; });
            const double scale = square > 0 ? 1.0 / std::sqrt(square) : 0.0;
            for (std::size_t j = 0; j < x.cols(); ++j) {
                values[i * x.cols() + j] = static_cast<float>(from[j] * scale);
            }
        }
    });
    return Matrix::from(std::move(values), x.rows(), x.cols());
}

std::vector<std::size_t> finiteRows(const Matrix& x)
{
    std::vector<char> finite(x.rows(), 1);
    parallelFor(x.rows(), kRowGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            finite[i] = usable(x.row(i), x.cols()) ? 1 : 0;
        }
    });
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < finite.size(); ++i) {
        if (finite[i] != 0) {
            rows.push_back(i);
        }
    }
    return rows;
}

} // namespace semascope::core
