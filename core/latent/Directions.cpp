#include "core/latent/Directions.h"

#include "core/latent/Probe.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

using Vector = Eigen::VectorXd;
using Dense = Eigen::MatrixXd;

void checkWidth(const Direction& direction, std::size_t width)
{
    if (direction.unit.size() != width) {
        throw Error(Code::Mismatch, "This direction is of " + std::to_string(direction.unit.size()) +
                                        " numbers, and the rows have " + std::to_string(width) +
                                        "; use it with the vectors it was fitted to.");
    }
}

Vector rowOf(const Matrix& z, std::size_t i)
{
    Vector v(static_cast<Eigen::Index>(z.cols()));
    std::copy_n(z.row(i), z.cols(), v.data());
    return v;
}

std::vector<float> floats(const Vector& v)
{
    std::vector<float> f(static_cast<std::size_t>(v.size()));
    std::transform(v.data(), v.data() + v.size(), f.begin(), [](double x) { return static_cast<float>(x); });
    return f;
}

/// Means of both classes; refuses labels that cannot be used.
struct Classes
{
    Vector mean[2];
    std::size_t count[2] = {};

    Classes(const Matrix& z, const TwoClasses& labels)
    {
        if (labels.size() != z.rows()) {
            throw Error(Code::Mismatch, "A direction needs one value a row: there are " +
                                            std::to_string(labels.size()) + " for " + std::to_string(z.rows()) +
                                            " rows.");
        }
        mean[0] = mean[1] = Vector::Zero(static_cast<Eigen::Index>(z.cols()));
        for (std::size_t i = 0; i < z.rows(); ++i) {
            if (labels[i] == 0 || labels[i] == 1) {
                mean[labels[i]] += rowOf(z, i);
                ++count[labels[i]];
            }
        }
        if (count[0] < 2 || count[1] < 2) {
            throw Error(Code::Misuse, "A direction needs two rows at least of each of its two values; there are " +
                                          std::to_string(count[0]) + " and " + std::to_string(count[1]) + ".");
        }
        mean[0] /= static_cast<double>(count[0]);
        mean[1] /= static_cast<double>(count[1]);
    }
};

/// The direction along `along`, its step measured between the classes' means.
Direction between(const std::string& method, const Vector& along, const Classes& classes)
{
    const double length = along.norm();
    if (!(length > 0) || !std::isfinite(length)) {
        throw Error(Code::Misuse,
                    "Nothing in these rows sets the two values apart, so there is no " + method + " direction.");
    }
    Vector unit = along / length;
    double scale = unit.dot(classes.mean[1] - classes.mean[0]);
    if (scale < 0) { // possible where other attributes were held constant
        unit = -unit;
        scale = -scale;
    }
    return {method, floats(unit), scale, floats(classes.mean[0])};
}

/// Columns for the values of the other attributes, the first value of each left out.
Dense dummies(const std::vector<std::vector<std::int32_t>>& others, const std::vector<std::size_t>& rows)
{
    std::size_t width = 0;
    std::vector<std::size_t> values;
    for (const auto& labels : others) {
        const std::int32_t most = labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end());
        values.push_back(static_cast<std::size_t>(std::max(0, most)));
        width += values.back();
    }
    Dense columns = Dense::Zero(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(width));
    std::size_t at = 0;
    for (std::size_t o = 0; o < others.size(); ++o) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const std::int32_t value = others[o].at(rows[i]);
            if (value > 0) {
                columns(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(at) + value - 1) = 1;
            }
        }
        at += values[o];
    }
    return columns;
}

} // namespace

double position(const Direction& direction, const float* row, std::size_t width)
{
    checkWidth(direction, width);
    double sum = 0;
    for (std::size_t j = 0; j < width; ++j) {
        sum += static_cast<double>(direction.unit[j]) * static_cast<double>(row[j] - direction.origin[j]);
    }
    return direction.scale > 0 ? sum / direction.scale : 0;
}

Matrix moveBy(const Direction& direction, const Matrix& z, double steps)
{
    checkWidth(direction, z.cols());
    std::vector<float> moved(z.data(), z.data() + z.rows() * z.cols());
    const double length = steps * direction.scale;
    for (std::size_t i = 0; i < moved.size(); ++i) {
        moved[i] += static_cast<float>(length * static_cast<double>(direction.unit[i % z.cols()]));
    }
    return Matrix::from(std::move(moved), z.rows(), z.cols());
}

Matrix moveTo(const Direction& direction, const Matrix& z, double steps)
{
    checkWidth(direction, z.cols());
    std::vector<float> moved(z.data(), z.data() + z.rows() * z.cols());
    for (std::size_t i = 0; i < z.rows(); ++i) {
        const double length = (steps - position(direction, z.row(i), z.cols())) * direction.scale;
        for (std::size_t j = 0; j < z.cols(); ++j) {
            moved[i * z.cols() + j] += static_cast<float>(length * static_cast<double>(direction.unit[j]));
        }
    }
    return Matrix::from(std::move(moved), z.rows(), z.cols());
}

Direction meanDifference(const Matrix& z, const TwoClasses& labels)
{
    const Classes classes(z, labels);
    return between("mean difference", classes.mean[1] - classes.mean[0], classes);
}

Direction adjustedDifference(const Matrix& z, const TwoClasses& labels,
                             const std::vector<std::vector<std::int32_t>>& others, double ridge)
{
    const Classes classes(z, labels);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < z.rows(); ++i) {
        if (labels[i] == 0 || labels[i] == 1) {
            rows.push_back(i);
        }
    }
    const Dense other = dummies(others, rows);
    Dense x(other.rows(), other.cols() + 2), y(other.rows(), static_cast<Eigen::Index>(z.cols()));
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const std::size_t row = rows[static_cast<std::size_t>(i)];
        x(i, 0) = labels[row];
        x(i, 1) = 1;
        y.row(i) = rowOf(z, row).transpose();
    }
    x.rightCols(other.cols()) = other;
    Dense normal = x.transpose() * x;
    normal.diagonal().tail(other.cols()).array() += ridge;
    const Dense fitted = normal.ldlt().solve(x.transpose() * y);
    const Vector along = fitted.row(0).transpose();
    Direction d = between("adjusted difference", along, classes);
    d.scale = along.norm(); // the attribute's own effect, not what comes along with it
    return d;
}

Direction logisticDirection(const Matrix& z, const TwoClasses& labels, double penalty, JobContext& job)
{
    const Classes classes(z, labels);
    ProbeSpec spec;
    spec.penalty = penalty;
    const Probe probe = fitProbe(z, labels, spec, job);
    Vector normal(static_cast<Eigen::Index>(z.cols()));
    for (std::size_t j = 0; j < z.cols(); ++j) {
        normal[static_cast<Eigen::Index>(j)] = probe.weights[z.cols() + j] - probe.weights[j];
    }
    return between("logistic", normal, classes);
}

Direction discriminantDirection(const Matrix& z, const TwoClasses& labels, double shrinkage)
{
    const Classes classes(z, labels);
    const auto d = static_cast<Eigen::Index>(z.cols());
    Dense within = Dense::Zero(d, d);
    for (std::size_t i = 0; i < z.rows(); ++i) {
        if (labels[i] == 0 || labels[i] == 1) {
            const Vector off = rowOf(z, i) - classes.mean[labels[i]];
            within += off * off.transpose();
        }
    }
    within /= static_cast<double>(classes.count[0] + classes.count[1] - 2);
    const Vector variances = within.diagonal();
    within *= 1 - shrinkage;
    within.diagonal() = variances;
    // A constant column has no say, rather than an infinite one.
    within.diagonal().array() += 1e-9 * variances.maxCoeff();
    return between("lda", within.ldlt().solve(classes.mean[1] - classes.mean[0]), classes);
}

Direction ridgeDirection(const Matrix& z, const std::vector<double>& target, double penalty)
{
    if (target.size() != z.rows()) {
        throw Error(Code::Mismatch, "A regression needs one number a row: there are " + std::to_string(target.size()) +
                                        " for " + std::to_string(z.rows()) + " rows.");
    }
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < z.rows(); ++i) {
        if (std::isfinite(target[i])) {
            rows.push_back(i);
        }
    }
    if (rows.size() < 3) {
        throw Error(Code::Misuse, "A regression needs three rows at least with a known number.");
    }
    const auto n = static_cast<Eigen::Index>(rows.size()), d = static_cast<Eigen::Index>(z.cols());
    Dense x(n, d);
    Vector y(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        x.row(i) = rowOf(z, rows[static_cast<std::size_t>(i)]).transpose();
        y[i] = target[rows[static_cast<std::size_t>(i)]];
    }
    const Vector mean = x.colwise().mean().transpose();
    x.rowwise() -= mean.transpose();
    y.array() -= y.mean();
    Vector deviation = (x.colwise().squaredNorm() / static_cast<double>(n)).cwiseSqrt().transpose();
    deviation = (deviation.array() > 0).select(deviation, 1.0);
    x = x * deviation.cwiseInverse().asDiagonal();
    Dense normal = x.transpose() * x;
    normal.diagonal().array() += penalty;
    const Vector weights = (normal.ldlt().solve(x.transpose() * y).array() / deviation.array()).matrix();
    const double slope = weights.norm(), spread = std::sqrt(y.squaredNorm() / static_cast<double>(n));
    if (!(slope > 0) || !std::isfinite(slope)) {
        throw Error(Code::Misuse, "Nothing in these rows goes with the score, so there is no regression direction.");
    }
    return {"ridge", floats(weights / slope), spread / slope, floats(mean)};
}

Direction without(const Direction& direction, const Matrix& normals)
{
    checkWidth(direction, normals.cols());
    const auto d = static_cast<Eigen::Index>(normals.cols());
    Dense span(d, static_cast<Eigen::Index>(normals.rows()));
    for (std::size_t i = 0; i < normals.rows(); ++i) {
        span.col(static_cast<Eigen::Index>(i)) = rowOf(normals, i).normalized();
    }
    Vector unit(d);
    std::copy(direction.unit.begin(), direction.unit.end(), unit.data());
    const Eigen::ColPivHouseholderQR<Dense> qr(span);
    const Dense basis = Dense(qr.householderQ()).leftCols(qr.rank());
    const Vector rest = unit - basis * (basis.transpose() * unit);
    const double left = rest.norm();
    if (!(left > 1e-6)) {
        throw Error(Code::Misuse, "Nothing is left of the direction once the other attributes are taken out.");
    }
    Direction result = direction;
    result.method += ", others kept";
    result.scale = direction.scale * left;
    result.unit = floats(rest / left);
    return result;
}

} // namespace semascope::core
