#pragma once
#include "core/data/Matrix.h"

#include <vector>

namespace semascope::core {

/// The clustering layer of deep embedded clustering (Xie, Girshick & Farhadi 2016, §3.1), `alpha` degrees of freedom.

/// q: n×k, the share of each centroid in each code: (1 + |z − μ|²/α)^(−(α+1)/2), rows summing to 1.
/// z: n×c, mu: k×c. Throws Error(Mismatch) when they differ in width.
Matrix softAssignments(const Matrix& z, const Matrix& mu, double alpha = 1);

/// p: q² over the cluster's total, rows summing to 1 (eq. 3). Totals are over all rows given: the whole data set.
Matrix targetDistribution(const Matrix& q);

/// Σ p·log(p/q); terms with p = 0 are 0.
double kullbackLeibler(const Matrix& p, const Matrix& q);

/// Gradients of that sum, eq. 4 and 5: of every code (n×c) and of every centroid (k×c).
struct StudentTGradients
{
    Matrix code, centroid;
};
StudentTGradients studentTGradients(const Matrix& z, const Matrix& mu, const Matrix& p, double alpha = 1);

} // namespace semascope::core
