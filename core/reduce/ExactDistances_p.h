#pragma once
#include "core/data/Matrix.h"

#include <cstddef>
#include <vector>

namespace semascope::core {

/// Euclidean distances in double, some rows at a time. For measuring: ranks and silhouettes do not bear single
/// precision.
class ExactDistances
{
public:
    /// With `unit`, rows are scaled to unit length in double first (zero rows stay zero) and not centred.
    explicit ExactDistances(const Matrix& x, bool unit = false);

    std::size_t rows() const noexcept { return m_n; }
    /// Distances of rows [begin, end) to all rows: (end − begin)×n.
    void measure(std::size_t begin, std::size_t end, double* out) const;
    /// Inner products of rows [begin, end) with all rows; cosines when made with `unit`.
    void products(std::size_t begin, std::size_t end, double* out) const;

private:
    std::size_t m_n, m_d;
    std::vector<double> m_values, m_squares;
};

} // namespace semascope::core
