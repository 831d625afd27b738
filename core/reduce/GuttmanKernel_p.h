#pragma once
#include <cstddef>

namespace semascope::core {

/// Coordinates axis after axis (structure of arrays), so that one point meets many in vector registers.
struct AxisView
{
    const float* first = nullptr; ///< axis k starts at first + k·stride
    std::size_t stride = 0;
    std::size_t n = 0;
    int dim = 0;
};

/// One point's row of the Guttman transform. `delta` are its wanted distances to the n points, `at` its dim
/// coordinates. Adds Σ_j (δ_j/d_j)(at − x_j) to `pull` (dim doubles; coincident points pull nothing) and returns Σ_j
/// (δ_j − d_j)². Single precision inside short blocks, double across them. Numbers must be finite.
double guttmanRow(const float* delta, const AxisView& points, const float* at, double* pull);

/// Σ (a−b)² over d numbers, without cancellation.
double squaredDistance(const float* a, const float* b, std::size_t d);

} // namespace semascope::core
