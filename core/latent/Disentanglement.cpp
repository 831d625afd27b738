#include "core/latent/Disentanglement_p.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {

/// Bin of every sample: the number of left edges that do not exceed it, less one.
std::vector<std::size_t> binned(const Matrix& latents, std::size_t column, int bins)
{
    const std::size_t n = latents.rows();
    double least = std::numeric_limits<double>::infinity(), most = -least;
    for (std::size_t i = 0; i < n; ++i) {
        least = std::min(least, static_cast<double>(latents.at(i, column)));
        most = std::max(most, static_cast<double>(latents.at(i, column)));
    }
    if (least == most) { // one value: any edges do
        least -= .5;
        most += .5;
    }
    std::vector<double> edges(static_cast<std::size_t>(bins));
    const double step = (most - least) / bins;
    for (std::size_t e = 0; e < edges.size(); ++e) {
        edges[e] = least + static_cast<double>(e) * step;
    }
    std::vector<std::size_t> bin(n);
    for (std::size_t i = 0; i < n; ++i) {
        const auto after = std::upper_bound(edges.begin(), edges.end(), static_cast<double>(latents.at(i, column)));
        bin[i] = static_cast<std::size_t>(after - edges.begin()) - 1;
    }
    return bin;
}

double informationOf(const std::vector<std::size_t>& bin, std::size_t bins, const std::vector<std::int32_t>& factor)
{
    const std::size_t values = valueCount(factor), n = bin.size();
    std::vector<double> joint(bins * values), byBin(bins), byValue(values);
    for (std::size_t i = 0; i < n; ++i) {
        const auto value = static_cast<std::size_t>(factor[i]);
        ++joint[bin[i] * values + value];
        ++byBin[bin[i]];
        ++byValue[value];
    }
    double sum = 0;
    const double count = static_cast<double>(n);
    for (std::size_t b = 0; b < bins; ++b) {
        for (std::size_t v = 0; v < values; ++v) {
            const double both = joint[b * values + v];
            sum += both > 0 ? both / count * std::log(both * count / (byBin[b] * byValue[v])) : 0;
        }
    }
    return sum;
}

double entropyShare(const std::vector<double>& values, double base)
{
    const double small = 1e-11; // as the published code has it: a row of zeros is spread evenly
    const double total =
        std::accumulate(values.begin(), values.end(), 0.0) + small * static_cast<double>(values.size());
    double entropy = 0;
    for (const double v : values) {
        const double p = (v + small) / total;
        entropy -= p * std::log(p) / std::log(base);
    }
    return entropy;
}

} // namespace

std::size_t valueCount(const std::vector<std::int32_t>& factor)
{
    return static_cast<std::size_t>(*std::max_element(factor.begin(), factor.end())) + 1;
}

void checkTable(const FactorTable& table)
{
    if (table.latents.empty() || table.factors.empty()) {
        throw Error(Code::Misuse, "Disentanglement needs rows of latents and at least one factor.");
    }
    for (std::size_t k = 0; k < table.factors.size(); ++k) {
        const std::string name = k < table.names.size() ? table.names[k] : std::to_string(k);
        if (table.factors[k].size() != table.latents.rows()) {
            throw Error(Code::Mismatch, "The factor \"" + name + "\" has " + std::to_string(table.factors[k].size()) +
                                            " values for " + std::to_string(table.latents.rows()) + " rows.");
        }
        if (*std::min_element(table.factors[k].begin(), table.factors[k].end()) < 0) {
            throw Error(Code::Misuse, "The factor \"" + name + "\" is not known for every row; leave those rows out.");
        }
    }
    if (finiteRows(table.latents).size() != table.latents.rows()) {
        throw Error(Code::Misuse, "Some latents are not finite; leave those rows out.");
    }
}

LatentFactorTable mutualInformation(const FactorTable& table, int bins)
{
    checkTable(table);
    if (bins < 2) {
        throw Error(Code::Misuse, "Mutual information needs two bins at least.");
    }
    LatentFactorTable result{table.latents.cols(), table.factors.size(), {}};
    for (std::size_t l = 0; l < result.latents; ++l) {
        const std::vector<std::size_t> bin = binned(table.latents, l, bins);
        for (const auto& factor : table.factors) {
            result.values.push_back(informationOf(bin, static_cast<std::size_t>(bins), factor));
        }
    }
    return result;
}

std::vector<double> factorEntropies(const FactorTable& table)
{
    checkTable(table);
    std::vector<double> entropies;
    for (const auto& factor : table.factors) {
        std::vector<double> counts(valueCount(factor));
        for (const std::int32_t v : factor) {
            ++counts[static_cast<std::size_t>(v)];
        }
        double entropy = 0;
        for (const double count : counts) {
            const double p = count / static_cast<double>(factor.size());
            entropy -= p > 0 ? p * std::log(p) : 0;
        }
        entropies.push_back(entropy);
    }
    return entropies;
}

GapScore mutualInformationGap(const LatentFactorTable& information, const std::vector<double>& entropies)
{
    if (entropies.size() != information.factors || information.latents < 2) {
        throw Error(Code::Mismatch, "A gap needs two latents at least, and an entropy a factor.");
    }
    GapScore gap;
    for (std::size_t k = 0; k < information.factors; ++k) {
        std::vector<double> column;
        for (std::size_t l = 0; l < information.latents; ++l) {
            column.push_back(information.at(l, k));
        }
        std::partial_sort(column.begin(), column.begin() + 2, column.end(), std::greater<>());
        // A factor of one value has nothing to be known about it.
        gap.perFactor.push_back(entropies[k] > 0 ? (column[0] - column[1]) / entropies[k] : 0);
        gap.score += gap.perFactor.back() / static_cast<double>(information.factors);
    }
    return gap;
}

double modularity(const LatentFactorTable& information)
{
    double sum = 0;
    for (std::size_t l = 0; l < information.latents; ++l) {
        double squares = 0, most = 0;
        for (std::size_t k = 0; k < information.factors; ++k) {
            const double square = information.at(l, k) * information.at(l, k);
            squares += square;
            most = std::max(most, square);
        }
        const double others = static_cast<double>(information.factors) - 1;
        sum += most > 0 && others > 0 ? 1 - (squares - most) / (most * others) : 0;
    }
    return sum / static_cast<double>(information.latents);
}

double separatedAttributePredictability(const LatentFactorTable& scores)
{
    return mutualInformationGap(scores, std::vector<double>(scores.factors, 1.0)).score;
}

LatentFactorTable separatedScores(const FactorTable& table, JobContext& job)
{
    checkTable(table);
    const std::size_t n = table.latents.rows(), half = n / 2;
    LatentFactorTable result{table.latents.cols(), table.factors.size(), {}};
    for (std::size_t l = 0; l < result.latents; ++l) {
        for (const auto& factor : table.factors) {
            job.checkpoint();
            LatentColumn train, test;
            for (std::size_t i = 0; i < n; ++i) {
                LatentColumn& to = i < half ? train : test;
                to.x.push_back(static_cast<double>(table.latents.at(i, l)));
                to.y.push_back(factor[i]);
            }
            result.values.push_back(linearSvmAccuracy(train, test, valueCount(factor)));
        }
    }
    return result;
}

double disentanglementOf(const LatentFactorTable& importance)
{
    double total = 0, score = 0;
    std::vector<double> shares, pure;
    for (std::size_t l = 0; l < importance.latents; ++l) {
        std::vector<double> row;
        for (std::size_t k = 0; k < importance.factors; ++k) {
            row.push_back(importance.at(l, k));
        }
        shares.push_back(std::accumulate(row.begin(), row.end(), 0.0));
        pure.push_back(1 - entropyShare(row, static_cast<double>(importance.factors)));
        total += shares.back();
    }
    for (std::size_t l = 0; l < importance.latents; ++l) {
        score += total > 0 ? shares[l] / total * pure[l] : 0;
    }
    return score;
}

double completenessOf(const LatentFactorTable& importance)
{
    LatentFactorTable turned{importance.factors, importance.latents, {}};
    for (std::size_t k = 0; k < importance.factors; ++k) {
        for (std::size_t l = 0; l < importance.latents; ++l) {
            turned.values.push_back(importance.at(l, k));
        }
    }
    return disentanglementOf(turned);
}

DciScore dci(const FactorTable& table, const BoostingSpec& spec, JobContext& job)
{
    checkTable(table);
    const std::size_t n = table.latents.rows(), half = n / 2;
    if (half == 0 || spec.trees < 1 || spec.depth < 1 || !(spec.rate > 0)) {
        throw Error(Code::Misuse, "DCI needs two rows at least, and trees, depth and rate above 0.");
    }
    DciScore score;
    score.importance = {table.latents.cols(), table.factors.size(), {}};
    score.importance.values.resize(table.latents.cols() * table.factors.size());
    for (std::size_t k = 0; k < table.factors.size(); ++k) {
        job.progress("fitting trees", "factors", k, table.factors.size());
        const BoostedFit fit = boost({&table, k, 0, half}, {&table, k, half, n}, spec, job);
        for (std::size_t l = 0; l < table.latents.cols(); ++l) {
            score.importance.values[l * table.factors.size() + k] = fit.importance[l];
        }
        score.informativenessPerFactor.push_back(fit.accuracy);
        score.informativeness += fit.accuracy / static_cast<double>(table.factors.size());
    }
    score.disentanglement = disentanglementOf(score.importance);
    score.completeness = completenessOf(score.importance);
    return score;
}

double gaussianTotalCorrelation(const Matrix& latents)
{
    if (latents.rows() < 2 || latents.cols() == 0) {
        throw Error(Code::Misuse, "Total correlation needs two rows at least.");
    }
    const auto d = static_cast<Eigen::Index>(latents.cols());
    Eigen::MatrixXd x(static_cast<Eigen::Index>(latents.rows()), d);
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
        for (Eigen::Index j = 0; j < d; ++j) {
            x(i, j) = static_cast<double>(latents.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j)));
        }
    }
    x.rowwise() -= x.colwise().mean().eval();
    // Of the correlations rather than the covariances, so that no scale matters: the sum is the same.
    const Eigen::VectorXd deviation = x.colwise().norm().transpose();
    if (!(deviation.minCoeff() > 0)) {
        return std::numeric_limits<double>::infinity();
    }
    x = x * deviation.cwiseInverse().asDiagonal();
    const Eigen::LDLT<Eigen::MatrixXd> factors(x.transpose() * x);
    const Eigen::VectorXd pivots = factors.vectorD();
    if (!(pivots.minCoeff() > 1e-14)) {
        return std::numeric_limits<double>::infinity();
    }
    return -.5 * pivots.array().log().sum();
}

} // namespace semascope::core
