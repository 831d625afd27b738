#include "core/reduce/ExactDistances_p.h"

#include "core/job/Parallel.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {
constexpr double kNear = 1e-5; ///< of the squared norms: below, differences are taken again one by one
} // namespace

ExactDistances::ExactDistances(const Matrix& x, bool unit)
    : m_n(x.rows()), m_d(x.cols()), m_values(m_n * m_d), m_squares(m_n, 0.0)
{
    std::vector<double> mean(m_d, 0.0);
    for (std::size_t i = 0; i < m_n && !unit; ++i) {
        for (std::size_t j = 0; j < m_d; ++j) {
            mean[j] += static_cast<double>(x.at(i, j)) / static_cast<double>(m_n);
        }
    }
    parallelFor(m_n, 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            double* row = m_values.data() + i * m_d;
            for (std::size_t j = 0; j < m_d; ++j) {
                row[j] = x.at(i, j) - mean[j];
                m_squares[i] += row[j] * row[j];
            }
            if (unit && m_squares[i] > 0) {
                const double length = std::sqrt(m_squares[i]);
                std::for_each(row, row + m_d, [&](double& v) { v /= length; });
                m_squares[i] = 1;
            }
        }
    });
}

void ExactDistances::products(std::size_t begin, std::size_t end, double* out) const
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(end - begin), static_cast<int>(m_n),
                static_cast<int>(m_d), 1, m_values.data() + begin * m_d, static_cast<int>(m_d), m_values.data(),
                static_cast<int>(m_d), 0, out, static_cast<int>(m_n));
}

void ExactDistances::measure(std::size_t begin, std::size_t end, double* out) const
{
    products(begin, end, out);
    parallelFor(end - begin, 4, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = begin + first; i < begin + last; ++i) {
            double* row = out + (i - begin) * m_n;
            for (std::size_t j = 0; j < m_n; ++j) {
                const double sum = m_squares[i] + m_squares[j];
                double square = sum - 2 * row[j];
                if (square < kNear * sum) {
                    square = 0;
                    for (std::size_t k = 0; k < m_d; ++k) {
                        const double miss = m_values[i * m_d + k] - m_values[j * m_d + k];
                        square += miss * miss;
                    }
                }
                row[j] = std::sqrt(square);
            }
        }
    });
}

} // namespace semascope::core
