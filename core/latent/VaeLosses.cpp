#include "core/latent/VaeLosses.h"

#include "core/job/Error.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace semascope::core::loss {

namespace {

void demandSame(const LossRows& a, const LossRows& b)
{
    if (a.n != b.n || a.width != b.width || a.values.size() != a.n * a.width || b.values.size() != b.n * b.width ||
        a.n == 0) {
        throw Error(Code::Mismatch, "A loss compares tables of one size: " + std::to_string(a.n) + "×" +
                                        std::to_string(a.width) + " and " + std::to_string(b.n) + "×" +
                                        std::to_string(b.width) + " differ.");
    }
}

/// Sum over all entries, divided by the rows.
template<class Term> double meanOfSums(const LossRows& a, const LossRows& b, const Term& term)
{
    demandSame(a, b);
    double sum = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        sum += term(a.values[i], b.values[i]);
    }
    return sum / static_cast<double>(a.n);
}

double logNormal(double z, double mu, double logVariance)
{
    const double d = z - mu;
    return -.5 * (std::log(2 * std::numbers::pi) + logVariance + d * d * std::exp(-logVariance));
}

double logSumExp(const std::vector<double>& v)
{
    const double top = *std::max_element(v.begin(), v.end());
    double sum = 0;
    for (const double x : v) {
        sum += std::exp(x - top);
    }
    return top + std::log(sum);
}

LossRows logWeights(const DecompositionTask& task)
{
    const std::size_t b = task.z.n;
    if (task.estimator == Estimator::Stratified) {
        LossRows weights = stratifiedWeights(b, task.dataSize);
        std::for_each(weights.values.begin(), weights.values.end(), [](double& w) { w = std::log(w); });
        return weights;
    }
    const double each = task.estimator == Estimator::Weighted ? -std::log(task.dataSize * static_cast<double>(b)) : 0.0;
    return {std::vector<double>(b * b, each), b, b};
}

} // namespace

LossRows klTable(const LossRows& mu, const LossRows& logVariance)
{
    demandSame(mu, logVariance);
    LossRows table = mu;
    for (std::size_t i = 0; i < mu.values.size(); ++i) {
        const double m = mu.values[i], lv = logVariance.values[i];
        table.values[i] = .5 * (m * m + std::expm1(lv) - lv);
    }
    return table;
}

double kl(const LossRows& mu, const LossRows& logVariance)
{
    double sum = 0;
    for (const double v : klTable(mu, logVariance).values) {
        sum += v;
    }
    return sum / static_cast<double>(mu.n);
}

std::vector<double> klPerLatent(const LossRows& mu, const LossRows& logVariance)
{
    const LossRows table = klTable(mu, logVariance);
    std::vector<double> means(table.width);
    for (std::size_t i = 0; i < table.values.size(); ++i) {
        means[i % table.width] += table.values[i] / static_cast<double>(table.n);
    }
    return means;
}

double bernoulli(const LossRows& logits, const LossRows& x)
{
    // log(1 + e^l) − x·l, written so that no exponential overflows
    return meanOfSums(logits, x,
                      [](double l, double t) { return std::max(l, 0.0) + std::log1p(std::exp(-std::abs(l))) - t * l; });
}

double squaredError(const LossRows& y, const LossRows& x)
{
    return meanOfSums(y, x, [](double a, double b) { return (a - b) * (a - b); });
}

double absoluteError(const LossRows& y, const LossRows& x)
{
    return meanOfSums(y, x, [](double a, double b) { return std::abs(a - b); });
}

double gaussian(const LossRows& y, const LossRows& x)
{
    return meanOfSums(y, x, [](double a, double b) { return -logNormal(b, a, 0); });
}

double annealed(double divergence, double gamma, double capacity)
{
    return gamma * std::abs(divergence - capacity);
}

LossRows stratifiedWeights(std::size_t batch, double dataSize)
{
    if (batch < 2 || dataSize < static_cast<double>(batch)) {
        throw Error(Code::Mismatch, "The stratified estimator needs two images at least, of a data set no smaller.");
    }
    const double others = static_cast<double>(batch - 1);
    LossRows weights{std::vector<double>(batch * batch, 1 / others), batch, batch};
    for (std::size_t i = 0; i < batch; ++i) {
        weights.values[i * batch + i] = 1 / dataSize;
        weights.values[i * batch + (i + 1) % batch] = (dataSize - others) / (dataSize * others);
    }
    return weights;
}

Decomposition decompose(const DecompositionTask& task)
{
    demandSame(task.z, task.mu);
    demandSame(task.z, task.logVariance);
    const std::size_t b = task.z.n, latents = task.z.width;
    const LossRows weights = logWeights(task);
    Decomposition d;
    for (std::size_t i = 0; i < b; ++i) {
        std::vector<double> joint(weights.values.begin() + static_cast<std::ptrdiff_t>(i * b),
                                  weights.values.begin() + static_cast<std::ptrdiff_t>((i + 1) * b));
        const std::vector<double> weight = joint;
        double product = 0, given = 0, prior = 0;
        for (std::size_t l = 0; l < latents; ++l) {
            std::vector<double> one = weight;
            for (std::size_t j = 0; j < b; ++j) {
                const double log = logNormal(task.z.at(i, l), task.mu.at(j, l), task.logVariance.at(j, l));
                one[j] += log;
                joint[j] += log;
                given += j == i ? log : 0;
            }
            product += logSumExp(one);
            prior += logNormal(task.z.at(i, l), 0, 0);
        }
        d.logQ.push_back(logSumExp(joint));
        d.logProductQ.push_back(product);
        const double n = static_cast<double>(b);
        d.information += (given - d.logQ.back()) / n;
        d.correlation += (d.logQ.back() - product) / n;
        d.dimensionwise += (product - prior) / n;
    }
    return d;
}

double dip(const DipTask& task)
{
    demandSame(task.mu, task.logVariance);
    const std::size_t n = task.mu.n, d = task.mu.width;
    const double count = static_cast<double>(n);
    std::vector<double> mean(d);
    for (std::size_t i = 0; i < task.mu.values.size(); ++i) {
        mean[i % d] += task.mu.values[i] / count;
    }
    double penalty = 0;
    for (std::size_t a = 0; a < d; ++a) {
        for (std::size_t b = 0; b < d; ++b) {
            double c = 0;
            for (std::size_t i = 0; i < n; ++i) {
                c += (task.mu.at(i, a) - mean[a]) * (task.mu.at(i, b) - mean[b]) / count;
                c += task.second && a == b ? std::exp(task.logVariance.at(i, a)) / count : 0;
            }
            penalty += a == b ? task.diagonal * (c - 1) * (c - 1) : task.offDiagonal * c * c;
        }
    }
    return penalty;
}

double factorTerm(const LossRows& logits)
{
    if (logits.width != 2 || logits.n == 0) {
        throw Error(Code::Mismatch, "A discriminator gives two numbers an image.");
    }
    double sum = 0;
    for (std::size_t i = 0; i < logits.n; ++i) {
        sum += logits.at(i, 0) - logits.at(i, 1);
    }
    return sum / static_cast<double>(logits.n);
}

} // namespace semascope::core::loss
