#pragma once
#include <functional>
#include <vector>

namespace semascope::core {

/// Minimises a smooth convex function by the limited-memory BFGS method with Armijo and curvature conditions (Nocedal
/// 1980). `value(x, gradient)` returns the function's value and sets the gradient. Deterministic.
struct LbfgsTask
{
    std::function<double(const std::vector<double>&, std::vector<double>&)> value;
    int iterations = 500;
    double tolerance = 1e-6; ///< of the largest gradient entry, relative to the first one
    int memory = 12;
};
/// `x` starts it and receives the minimum. Returns the value there.
double minimise(const LbfgsTask& task, std::vector<double>& x);

} // namespace semascope::core
