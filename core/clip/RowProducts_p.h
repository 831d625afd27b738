#pragma once
#include <cstddef>

namespace semascope::core {

/// out[i] = rows[i] · query for `count` rows of d numbers that lie behind each other. Single precision, sixteen or more
/// partial sums a row; as fast as memory delivers the rows.
void rowProducts(const float* rows, std::size_t count, std::size_t d, const float* query, float* out);
/// The same, and the squares of the rows' lengths in the same pass.
void rowProductsAndSquares(const float* rows, std::size_t count, std::size_t d, const float* query, float* out,
                           float* squares);
/// Σ x² in double precision.
double squaredLength(const float* row, std::size_t d);
/// sum += scale · row, in double precision.
void addScaled(const float* row, std::size_t d, double scale, double* sum);
/// Σ (scale · x − mean)² in double precision.
double squaredOffset(const float* row, std::size_t d, double scale, const double* mean);

} // namespace semascope::core
