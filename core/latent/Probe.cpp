#include "core/latent/Probe.h"

#include "core/latent/Lbfgs_p.h"
#include "core/latent/OneThread_p.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>
#include <limits>

namespace semascope::core {

namespace {

/// Rows with labels, in double, standardised.
struct Prepared
{
    std::vector<double> x; ///< n×d
    std::vector<std::int32_t> y;
    std::vector<double> mean, scale; ///< of the columns
    std::size_t d = 0, classes = 0;
};

Prepared prepare(const Matrix& rows, const std::vector<std::int32_t>& labels, bool standardise)
{
    if (labels.size() != rows.rows()) {
        throw Error(Code::Mismatch, "A probe needs one label a row: there are " + std::to_string(labels.size()) +
                                        " labels for " + std::to_string(rows.rows()) + " rows.");
    }
    Prepared p;
    p.d = rows.cols();
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        if (labels[i] >= 0) {
            p.x.insert(p.x.end(), rows.row(i), rows.row(i) + p.d);
            p.y.push_back(labels[i]);
            p.classes = std::max(p.classes, static_cast<std::size_t>(labels[i]) + 1);
        }
    }
    if (p.y.empty() || std::all_of(p.y.begin(), p.y.end(), [&](std::int32_t v) { return v == p.y.front(); })) {
        throw Error(Code::Misuse, "A probe needs rows of two classes at least.");
    }
    if (!std::all_of(p.x.begin(), p.x.end(), [](double v) { return std::isfinite(v); })) {
        throw Error(Code::Misuse, "A probe cannot use rows with numbers that are not finite; leave them out.");
    }
    p.mean.assign(p.d, 0);
    p.scale.assign(p.d, 1);
    const double n = static_cast<double>(p.y.size());
    for (std::size_t j = 0; standardise && j < p.d; ++j) {
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < p.y.size(); ++i) {
            sum += p.x[i * p.d + j];
        }
        p.mean[j] = sum / n;
        for (std::size_t i = 0; i < p.y.size(); ++i) {
            const double c = p.x[i * p.d + j] - p.mean[j];
            squares += c * c;
        }
        p.scale[j] = squares > 0 ? std::sqrt(squares / n) : 1;
        for (std::size_t i = 0; i < p.y.size(); ++i) {
            p.x[i * p.d + j] = (p.x[i * p.d + j] - p.mean[j]) / p.scale[j];
        }
    }
    return p;
}

/// Turns logits into probabilities in place; returns log Σ exp.
double softmax(double* row, std::size_t k)
{
    const double top = *std::max_element(row, row + k);
    double sum = 0;
    for (std::size_t c = 0; c < k; ++c) {
        row[c] = std::exp(row[c] - top);
        sum += row[c];
    }
    std::for_each(row, row + k, [&](double& v) { v /= sum; });
    return top + std::log(sum);
}

/// Σ cross-entropy + λ/2·|W|²; `w` holds classes×d weights, then the offsets, which are free.
double lossOf(const Prepared& p, double penalty, const std::vector<double>& w, std::vector<double>& gradient)
{
    const int n = static_cast<int>(p.y.size()), d = static_cast<int>(p.d), k = static_cast<int>(p.classes);
    const std::size_t offsets = p.classes * p.d;
    std::vector<double> logits(p.y.size() * p.classes);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, k, d, 1, p.x.data(), d, w.data(), d, 0, logits.data(), k);
    double loss = 0;
    std::fill(gradient.begin() + static_cast<std::ptrdiff_t>(offsets), gradient.end(), 0.0);
    for (std::size_t i = 0; i < p.y.size(); ++i) {
        double* row = logits.data() + i * p.classes;
        for (std::size_t c = 0; c < p.classes; ++c) {
            row[c] += w[offsets + c];
        }
        const auto label = static_cast<std::size_t>(p.y[i]);
        const double own = row[label];
        loss += softmax(row, p.classes) - own;
        row[label] -= 1;
        for (std::size_t c = 0; c < p.classes; ++c) {
            gradient[offsets + c] += row[c];
        }
    }
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, k, d, n, 1, logits.data(), k, p.x.data(), d, 0,
                gradient.data(), d);
    for (std::size_t j = 0; j < offsets; ++j) {
        gradient[j] += penalty * w[j];
        loss += penalty / 2 * w[j] * w[j];
    }
    return loss;
}

} // namespace

Probe fitProbe(const Matrix& rows, const std::vector<std::int32_t>& labels, const ProbeSpec& spec, JobContext& job)
{
    if (!(spec.penalty > 0)) {
        throw Error(Code::Misuse, "A probe's penalty must be above 0, or separable classes have no solution.");
    }
    const OneThread oneThread;
    const Prepared p = prepare(rows, labels, spec.standardise);
    std::vector<double> w(p.classes * (p.d + 1));
    minimise({.value =
                  [&](const std::vector<double>& at, std::vector<double>& gradient) {
                      job.checkpoint();
                      return lossOf(p, spec.penalty, at, gradient);
                  },
              .iterations = spec.iterations},
             w);
    Probe probe{p.classes, p.d, {}, {}};
    for (std::size_t c = 0; c < p.classes; ++c) {
        double offset = w[p.classes * p.d + c];
        for (std::size_t j = 0; j < p.d; ++j) {
            probe.weights.push_back(w[c * p.d + j] / p.scale[j]);
            offset -= probe.weights.back() * p.mean[j];
        }
        probe.offsets.push_back(offset);
    }
    return probe;
}

Matrix Probe::probabilities(const Matrix& rows) const
{
    if (rows.cols() != width) {
        throw Error(Code::Mismatch, "This probe reads rows of " + std::to_string(width) + " numbers, not of " +
                                        std::to_string(rows.cols()) + ".");
    }
    std::vector<float> all(rows.rows() * classes);
    std::vector<double> logits(classes);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        for (std::size_t c = 0; c < classes; ++c) {
            double sum = offsets[c];
            for (std::size_t j = 0; j < width; ++j) {
                sum += weights[c * width + j] * static_cast<double>(rows.at(i, j));
            }
            logits[c] = sum;
        }
        softmax(logits.data(), classes);
        std::transform(logits.begin(), logits.end(), all.begin() + static_cast<std::ptrdiff_t>(i * classes),
                       [](double v) { return static_cast<float>(v); });
    }
    return Matrix::from(std::move(all), rows.rows(), classes);
}

std::vector<std::int32_t> Probe::predict(const Matrix& rows) const
{
    const Matrix p = probabilities(rows);
    std::vector<std::int32_t> read(p.rows());
    for (std::size_t i = 0; i < p.rows(); ++i) {
        read[i] = static_cast<std::int32_t>(std::max_element(p.row(i), p.row(i) + classes) - p.row(i));
    }
    return read;
}

double accuracy(const std::vector<std::int32_t>& read, const std::vector<std::int32_t>& labels)
{
    std::size_t right = 0, all = 0;
    for (std::size_t i = 0; i < std::min(read.size(), labels.size()); ++i) {
        all += labels[i] >= 0 ? 1 : 0;
        right += labels[i] >= 0 && read[i] == labels[i] ? 1 : 0;
    }
    return all > 0 ? static_cast<double>(right) / static_cast<double>(all) : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::vector<double>> probeTable(const ProbeTableTask& task, JobContext& job)
{
    const auto take = [](const std::vector<std::int32_t>& labels, const std::vector<std::size_t>& rows) {
        std::vector<std::int32_t> some;
        std::transform(rows.begin(), rows.end(), std::back_inserter(some), [&](std::size_t i) { return labels.at(i); });
        return some;
    };
    std::vector<std::vector<double>> table;
    for (const auto& labels : task.labels) {
        std::vector<double> row;
        for (const Matrix& input : task.inputs) {
            const Probe probe = fitProbe(takeRows(input, task.train), take(labels, task.train), task.spec, job);
            row.push_back(accuracy(probe.predict(takeRows(input, task.test)), take(labels, task.test)));
        }
        table.push_back(std::move(row));
    }
    return table;
}

} // namespace semascope::core
