#include "core/cluster/DeepPrepare_p.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

constexpr double kNearlyUnit = 0.01; ///< mean miss of the lengths from 1
constexpr double kDust = 1e-6;       ///< what is left of a unit row that is the mean itself is rounding
constexpr std::size_t kGrain = 256, kBlockRows = 8192;

double lengthOf(const float* row, std::size_t d)
{
    return std::sqrt(
        std::inner_product(row, row + d, row, 0.0, std::plus<>(), [](double a, double b) { return a * b; }));
}

bool nearlyUnit(const Matrix& x)
{
    double miss = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        miss += std::abs(lengthOf(x.row(i), x.cols()) - 1);
    }
    return x.cols() > 1 && miss <= kNearlyUnit * static_cast<double>(x.rows());
}

/// The unit row less the mean; its length.
double centred(const float* row, const std::vector<float>& mean, std::vector<double>& out)
{
    const double length = lengthOf(row, mean.size());
    double squares = 0;
    for (std::size_t j = 0; j < mean.size(); ++j) {
        out[j] = (length > 0 ? row[j] / length : 0.0) - mean[j];
        squares += out[j] * out[j];
    }
    return std::sqrt(squares);
}

void fitClip(Preparation& p, const Matrix& x)
{
    const std::size_t d = x.cols();
    std::vector<double> mean(d, 0.0), left(d);
    for (std::size_t i = 0; i < x.rows(); ++i) {
        const double length = lengthOf(x.row(i), d);
        for (std::size_t j = 0; j < d && length > 0; ++j) {
            mean[j] += x.at(i, j) / length / static_cast<double>(x.rows());
        }
    }
    p.mean.assign(mean.begin(), mean.end());
    double lengths = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        lengths += centred(x.row(i), p.mean, left);
    }
    p.length = static_cast<float>(lengths / static_cast<double>(x.rows()));
    p.factor = static_cast<float>(std::sqrt(static_cast<double>(d)));
}

void fitScale(Preparation& p, const Matrix& x)
{
    double squares = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        const double length = lengthOf(x.row(i), x.cols());
        squares += length * length / (static_cast<double>(x.rows()) * static_cast<double>(x.cols()));
    }
    p.factor = squares > 0 ? static_cast<float>(std::clamp(1 / std::sqrt(squares), 1e-30, 1e30)) : 1.0F;
}

} // namespace

Preparation Preparation::fit(const Matrix& x, const std::string& word, std::string& note)
{
    const bool automatic = word == "auto", unit = automatic && nearlyUnit(x);
    Preparation p;
    if (word == "clip" || unit) {
        p.kind = Kind::Clip;
        fitClip(p, x);
        note = "Rows are brought to unit length, less their mean, to unit length again and times the root of their "
               "width (prepare=clip)";
        note += automatic ? ": they had unit length, as CLIP vectors do." : ".";
    } else if (word == "scale" || automatic) {
        p.kind = Kind::Scale;
        fitScale(p, x);
        char factor[32];
        std::snprintf(factor, sizeof factor, "%.4g", static_cast<double>(p.factor));
        note =
            std::string("All numbers are multiplied by ") + factor + ", so that their mean square is 1 (prepare=scale)";
        note += automatic ? ": the rows are not of unit length." : ".";
    } else {
        note = "Rows are used as they are (prepare=none).";
    }
    return p;
}

Matrix Preparation::apply(const Matrix& x, JobContext& job) const
{
    if (kind == Kind::None) {
        return x;
    }
    const std::size_t d = x.cols();
    std::vector<float> values(x.rows() * d);
    for (std::size_t first = 0; first < x.rows(); first += kBlockRows) {
        job.checkpoint();
        const std::size_t count = std::min(kBlockRows, x.rows() - first);
        parallelFor(count, kGrain, [&](std::size_t begin, std::size_t end) {
            std::vector<double> left(d);
            for (std::size_t i = first + begin; i < first + end; ++i) {
                float* const to = values.data() + i * d;
                if (kind == Kind::Scale) {
                    std::transform(x.row(i), x.row(i) + d, to, [this](float v) { return v * factor; });
                } else {
                    const double size = centred(x.row(i), mean, left);
                    const double by = size > kDust ? factor / size : 0.0;
                    std::transform(left.begin(), left.end(), to, [by](double v) { return static_cast<float>(v * by); });
                }
            }
        });
    }
    return Matrix::from(std::move(values), x.rows(), d);
}

Matrix Preparation::undo(const Matrix& x) const
{
    std::vector<float> values(x.data(), x.data() + x.rows() * x.cols());
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] *= kind == Kind::Clip ? length / factor : 1 / factor;
        values[i] += kind == Kind::Clip ? mean[i % x.cols()] : 0.0F;
    }
    return Matrix::from(std::move(values), x.rows(), x.cols());
}

const char* preparationName(Preparation::Kind kind) noexcept
{
    switch (kind) {
    case Preparation::Kind::Scale:
        return "scale";
    case Preparation::Kind::Clip:
        return "clip";
    default:
        return "none";
    }
}

} // namespace semascope::core
