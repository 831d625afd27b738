#pragma once
#include "core/job/JobContext.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace semascope::core {

/// Eigenpairs of a symmetric matrix, largest eigenvalue first. vectors[c * n + i] is entry i of vector c (unit length).
struct EigenPairs
{
    std::vector<double> values;
    std::vector<double> vectors;
    double smallest = 0; ///< of all eigenvalues; set by Lanczos only
};

/// The `count` largest pairs of the symmetric n×n `matrix` (overwritten; the upper triangle of the row-major array is
/// read) by LAPACK's dsyevr. Deterministic but for signs, which are left as they come.
EigenPairs largestEigenPairs(std::vector<double>& matrix, std::size_t n, std::size_t count);

/// The smallest eigenvalue, to tell an indefinite matrix; `matrix` as above.
double smallestEigenvalue(std::vector<double> matrix, std::size_t n);

/// The largest pairs for a matrix known only by its product, by Lanczos with full reorthogonalisation (Lanczos 1950):
/// for matrices too large to factor. `times(in, out)` sets out to matrix·in. Checks `job` at each product.
EigenPairs largestEigenPairs(std::size_t n, std::size_t count, const std::function<void(const double*, double*)>& times,
                             JobContext& job);

/// Turns the vector (n entries, `stride` apart) so that its entry of largest magnitude is positive.
void fixSign(double* vector, std::size_t n, std::size_t stride);

} // namespace semascope::core
