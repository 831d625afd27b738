#include "core/latent/IinPairs_p.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

namespace semascope::core {

namespace {

constexpr char kResidual[] = "residual";

[[noreturn]] void misuse(const std::string& sentence)
{
    throw Error(Code::Misuse, sentence);
}

void checkFactor(const IinFactor& factor, std::size_t rows)
{
    const std::string name = "The factor \"" + factor.name + "\"";
    if (!factor.labels.empty() && factor.labels.size() != rows) {
        throw Error(Code::Mismatch, name + " has " + std::to_string(factor.labels.size()) + " values for " +
                                        std::to_string(rows) + " rows; give one a row, -1 where it is not known.");
    }
    for (const auto& [a, b] : factor.pairs) {
        if (a >= rows || b >= rows || a == b) {
            misuse(name + " has a pair (" + std::to_string(a) + ", " + std::to_string(b) + ") that is not two of the " +
                   std::to_string(rows) + " rows.");
        }
    }
    if (factor.labels.empty() && factor.pairs.empty()) {
        misuse(name + " has neither values nor pairs; give it an attribute, two groups or pairs of rows.");
    }
}

/// Σ_i mean((a−m)(b−m))_i / Σ_i var_i, m and var of both sides together.
double correlation(const Matrix& a, const Matrix& b)
{
    const double n = static_cast<double>(a.rows());
    double together = 0, spread = 0;
    for (std::size_t j = 0; j < a.cols(); ++j) {
        double sum = 0, product = 0, squares = 0;
        for (std::size_t i = 0; i < a.rows(); ++i) {
            sum += static_cast<double>(a.at(i, j)) + static_cast<double>(b.at(i, j));
        }
        const double mean = sum / (2 * n);
        for (std::size_t i = 0; i < a.rows(); ++i) {
            const double x = static_cast<double>(a.at(i, j)) - mean, y = static_cast<double>(b.at(i, j)) - mean;
            product += x * y;
            squares += x * x + y * y;
        }
        together += product / n;
        spread += squares / (2 * n);
    }
    return spread > 0 ? together / spread : 0;
}

} // namespace

std::size_t drawBelow(std::mt19937_64& random, std::size_t n)
{
    return static_cast<std::size_t>(random() % n); // the bias is below 1e-12 for any n there is
}

float drawNormal(std::mt19937_64& random)
{
    const double u = (static_cast<double>(random() >> 11) + 1) * 0x1p-53;
    const double v = static_cast<double>(random() >> 11) * 0x1p-53;
    return static_cast<float>(std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v));
}

void checkFactors(const IinData& data)
{
    std::set<std::string> names{kResidual};
    for (const IinFactor& factor : data.factors) {
        if (factor.name.empty() || !names.insert(factor.name).second) {
            misuse(factor.name.empty() ? "A factor has no name; give it one."
                                       : "Two factors are named \"" + factor.name + "\" (\"" + kResidual +
                                             "\" is what is left); rename one.");
        }
        checkFactor(factor, data.rows.rows());
    }
}

IinFactor factorFromGroups(const std::string& name, const std::vector<std::vector<std::uint32_t>>& groups,
                           std::size_t rows)
{
    if (groups.size() < 2) {
        misuse("The factor \"" + name + "\" needs two groups at least, to know what differs.");
    }
    IinFactor factor;
    factor.name = name;
    factor.labels.assign(rows, -1);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (groups[g].size() < 2) {
            misuse("Each group of the factor \"" + name + "\" needs two rows at least; add some to group " +
                   std::to_string(g + 1) + ".");
        }
        for (const std::uint32_t row : groups[g]) {
            if (row >= rows || factor.labels[row] >= 0) {
                misuse(row >= rows ? "A group of the factor \"" + name + "\" names row " + std::to_string(row) +
                                         ", and there are " + std::to_string(rows) + "."
                                   : "Row " + std::to_string(row) + " is twice in the groups of the factor \"" + name +
                                         "\"; take it out of one.");
            }
            factor.labels[row] = static_cast<std::int32_t>(g);
        }
    }
    return factor;
}

PairMiner::PairMiner(const IinData& data, const IinSpec& spec, const std::vector<std::uint32_t>& usable)
    : m_data(data), m_everyShared(spec.everyShared)
{
    std::vector<bool> isUsable(data.rows.rows());
    for (const std::uint32_t row : usable) {
        isUsable[row] = true;
    }
    for (std::size_t f = 0; f < data.factors.size(); ++f) {
        const IinFactor& factor = data.factors[f];
        Source source;
        std::map<std::int32_t, std::vector<std::uint32_t>> groups;
        for (const std::uint32_t row : factor.labels.empty() ? std::vector<std::uint32_t>() : usable) {
            if (factor.labels[row] >= 0) {
                groups[factor.labels[row]].push_back(row);
            }
        }
        for (auto& [label, rows] : groups) {
            if (rows.size() > 1) {
                source.rows.insert(source.rows.end(), rows.begin(), rows.end());
                source.groupOf.insert(source.groupOf.end(), rows.size(),
                                      static_cast<std::uint32_t>(source.groups.size()));
                source.groups.push_back(std::move(rows));
            }
        }
        if (factor.labels.empty()) {
            std::copy_if(factor.pairs.begin(), factor.pairs.end(), std::back_inserter(source.pairs),
                         [&](const RowPair& p) { return isUsable[p.first] && isUsable[p.second]; });
        }
        m_sources.push_back(std::move(source));
        if (has(f)) {
            m_ready.push_back(f);
        }
    }
}

RowPair PairMiner::drawOf(std::size_t factor, std::mt19937_64& random) const
{
    const Source& source = m_sources[factor];
    if (!source.pairs.empty()) {
        const RowPair pair = source.pairs[drawBelow(random, source.pairs.size())];
        return random() % 2 == 0 ? pair : RowPair{pair.second, pair.first};
    }
    const std::size_t at = drawBelow(random, source.rows.size());
    const std::vector<std::uint32_t>& group = source.groups[source.groupOf[at]];
    std::uint32_t partner = source.rows[at];
    while (partner == source.rows[at]) {
        partner = group[drawBelow(random, group.size())];
    }
    return {source.rows[at], partner};
}

void PairMiner::mark(const RowPair& pair, std::size_t factor, std::uint8_t* shared) const
{
    shared[factor] = 1;
    for (std::size_t f = 0; m_everyShared && f < m_data.factors.size(); ++f) {
        const auto& labels = m_data.factors[f].labels;
        if (!labels.empty() && labels[pair.first] >= 0 && labels[pair.first] == labels[pair.second]) {
            shared[f] = 1;
        }
    }
}

MinedPairs PairMiner::draw(std::size_t count, std::mt19937_64& random) const
{
    MinedPairs mined;
    const std::size_t blocks = m_sources.size() + 1;
    mined.shared.resize(count * blocks);
    for (std::size_t p = 0; p < count; ++p) {
        const std::size_t factor = m_ready[drawBelow(random, m_ready.size())];
        mined.rows.push_back(drawOf(factor, random));
        mark(mined.rows.back(), factor, mined.shared.data() + p * blocks);
    }
    return mined;
}

std::vector<RowPair> PairMiner::pairsOf(std::size_t factor, std::size_t count, std::mt19937_64& random) const
{
    if (!m_sources[factor].pairs.empty()) {
        return m_sources[factor].pairs;
    }
    std::vector<RowPair> pairs(count);
    std::generate(pairs.begin(), pairs.end(), [&] { return drawOf(factor, random); });
    return pairs;
}

FactorSizes factorSizes(const std::vector<std::pair<Matrix, Matrix>>& pairs)
{
    FactorSizes result;
    const std::size_t dim = pairs.empty() ? 0 : pairs.front().first.cols();
    for (const auto& [a, b] : pairs) {
        if (a.rows() != b.rows() || a.cols() != b.cols() || a.empty() || a.cols() != dim) {
            throw Error(Code::Mismatch, "The sides of a factor's pairs need the same number of rows and columns.");
        }
        result.scores.push_back(correlation(a, b));
    }
    result.scores.push_back(1);
    if (dim < result.scores.size()) {
        misuse(std::to_string(pairs.size()) + " factors and a residual do not fit into " + std::to_string(dim) +
               " numbers; use fewer factors.");
    }
    double total = 0;
    for (const double score : result.scores) {
        total += std::exp(score);
    }
    std::size_t used = 0;
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        const double share = std::exp(result.scores[k]) / total * static_cast<double>(dim);
        const std::size_t others = result.scores.size() - 1 - k; // each of them needs a number too
        result.sizes.push_back(std::clamp<std::size_t>(static_cast<std::size_t>(share), 1, dim - used - others));
        used += result.sizes.back();
    }
    result.sizes.push_back(dim - used);
    return result;
}

} // namespace semascope::core
