#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// A straight line through latent space along which an attribute changes: the plain rivals of an IIN's factor.
struct Direction
{
    std::string method;      ///< "mean difference", "adjusted difference", "logistic", "lda" or "ridge"
    std::vector<float> unit; ///< of length 1
    /// Length of one step of the attribute: from the one class's mean to the other's along `unit`, or over which the
    /// target changes by its deviation.
    double scale = 0;
    std::vector<float> origin; ///< where the attribute is 0: the first class's mean, or the mean of all rows
};

/// Where a row stands, in steps: 0 at the first class's mean, 1 at the second's. Throws Error(Mismatch).
double position(const Direction& direction, const float* row, std::size_t width);
/// Every row moved by `steps`. Throws Error(Mismatch).
Matrix moveBy(const Direction& direction, const Matrix& z, double steps);
/// Every row moved along the direction until it stands at `steps`, wherever it was. Throws Error(Mismatch).
Matrix moveTo(const Direction& direction, const Matrix& z, double steps);

/// A two-valued attribute: 0, 1, or −1 where it is not known.
using TwoClasses = std::vector<std::int32_t>;
/// All of the following throw Error(Mismatch) unless there is a label a row, Error(Misuse) when a class has fewer than
/// two rows or nothing sets the classes apart.

/// Difference of the classes' means.
Direction meanDifference(const Matrix& z, const TwoClasses& labels);
/// The same with other attributes held constant: the attribute's coefficient in a least-squares fit of z by it and by
/// dummy variables for the values of `others` (each one label a row). Removes what is only correlated with the
/// attribute. `ridge` is added to the dummies' squares.
Direction adjustedDifference(const Matrix& z, const TwoClasses& labels,
                             const std::vector<std::vector<std::int32_t>>& others, double ridge = 1e-3);
/// The normal of logistic regression's boundary; L2 penalty as in ProbeSpec, on standardised columns.
Direction logisticDirection(const Matrix& z, const TwoClasses& labels, double penalty, JobContext& job);
/// Fisher's discriminant: the pooled covariance within classes, shrunk towards its diagonal by `shrinkage` in [0, 1],
/// inverse times the difference of the means.
Direction discriminantDirection(const Matrix& z, const TwoClasses& labels, double shrinkage = .1);
/// Ridge regression of a number a row, such as a CLIP score (NaN: not known), on standardised columns. The step raises
/// the prediction by the target's deviation.
Direction ridgeDirection(const Matrix& z, const std::vector<double>& target, double penalty);

/// The part of a direction that other probes cannot see: what lies in the span of `normals` (m×d, such as differences
/// of other attributes' class weights) is taken away from the step. Throws Error(Misuse) when nothing is left.
Direction without(const Direction& direction, const Matrix& normals);

} // namespace semascope::core
