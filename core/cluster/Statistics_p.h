#pragma once
#include <cstddef>

namespace semascope::core {

/// Counts of a two by two table: rows inside and outside, with a property and without.
struct TwoByTwo
{
    std::size_t insideWith = 0, insideWithout = 0, outsideWith = 0, outsideWithout = 0;
};
/// Natural logarithm of the two-sided p of Fisher's exact test: all tables of the same margins that are no more
/// probable than this one (Fisher 1922; a table within 1e-7 counts as equally probable). The logarithm, as p itself is
/// soon too small for a double. O(width of the distribution).
double logFisherExact(const TwoByTwo& t);

/// Mean, sum of squared deviations from it, and count.
struct Moments
{
    double mean = 0, squares = 0;
    std::size_t count = 0;
};
/// Natural logarithm of the two-sided p of Welch's t test (Welch 1947), −inf for different means without any spread.
/// Needs at least two of each.
double logWelch(const Moments& a, const Moments& b);

/// Natural logarithm of the regularised incomplete beta function I_x(a, b) for a, b > 0. `y` is 1 − x, given beside x
/// so that nothing is lost close to 1.
double logIncompleteBeta(double a, double b, double x, double y);

} // namespace semascope::core
