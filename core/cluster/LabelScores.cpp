#include "core/cluster/Clustering.h"

#include "core/cluster/Matching_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace semascope::core {

namespace {

constexpr double kNegligible = -80; ///< log of a probability that cannot change the sum

/// The contingency table of two labelings, without its zeros.
struct Table
{
    std::vector<std::uint64_t> as, bs; ///< sizes of the labels and of the clusters
    std::vector<Cell> cells;
    std::uint64_t n = 0;
};

std::vector<std::uint32_t> numbered(const std::vector<std::int64_t>& names, std::vector<std::uint64_t>& sizes)
{
    std::vector<std::int64_t> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    sizes.assign(sorted.size(), 0);
    std::vector<std::uint32_t> numbers(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto place = std::lower_bound(sorted.begin(), sorted.end(), names[i]) - sorted.begin();
        numbers[i] = static_cast<std::uint32_t>(place);
        ++sizes[static_cast<std::size_t>(place)];
    }
    return numbers;
}

Table tableOf(const std::vector<std::int64_t>& labels, const std::vector<std::int64_t>& clusters)
{
    Table table;
    table.n = labels.size();
    const std::vector<std::uint32_t> a = numbered(labels, table.as), b = numbered(clusters, table.bs);
    std::vector<std::uint64_t> pairs(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        pairs[i] = (std::uint64_t{a[i]} << 32) | b[i];
    }
    std::sort(pairs.begin(), pairs.end());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        if (i > 0 && pairs[i] == pairs[i - 1]) {
            ++table.cells.back().count;
        } else {
            table.cells.push_back(
                {static_cast<std::uint32_t>(pairs[i] >> 32), static_cast<std::uint32_t>(pairs[i]), 1});
        }
    }
    return table;
}

double entropy(const std::vector<std::uint64_t>& sizes, std::uint64_t n)
{
    double sum = 0;
    for (const std::uint64_t size : sizes) {
        const double share = static_cast<double>(size) / static_cast<double>(n);
        sum -= share * std::log(share);
    }
    return sum;
}

double mutualInformation(const Table& t)
{
    const auto n = static_cast<double>(t.n);
    double sum = 0;
    for (const Cell& cell : t.cells) {
        const auto count = static_cast<double>(cell.count);
        const auto a = static_cast<double>(t.as[cell.a]), b = static_cast<double>(t.bs[cell.b]);
        sum += count / n * (std::log(count * n) - std::log(a * b));
    }
    return std::max(0.0, sum);
}

/// Different sizes and how many groups have each: the expectation depends on nothing else, and there are few.
std::map<std::uint64_t, double> multiplicities(const std::vector<std::uint64_t>& sizes)
{
    std::map<std::uint64_t, double> counts;
    for (const std::uint64_t size : sizes) {
        counts[size] += 1;
    }
    return counts;
}

/// Expected mutual information of labelings with these sizes under the hypergeometric model (Vinh, Epps & Bailey 2010).
class Expectation
{
public:
    explicit Expectation(std::uint64_t n) : m_n(n), m_logFactorial(n + 1, 0)
    {
        for (std::uint64_t i = 2; i <= n; ++i) {
            m_logFactorial[i] = m_logFactorial[i - 1] + std::log(static_cast<long double>(i));
        }
    }

    double of(const Table& t) const
    {
        const auto as = multiplicities(t.as), bs = multiplicities(t.bs);
        double sum = 0;
        for (const auto& [a, timesA] : as) {
            for (const auto& [b, timesB] : bs) {
                sum += timesA * timesB * pair(a, b);
            }
        }
        return sum;
    }

private:
    /// A label of size a and a cluster of size b.
    double pair(std::uint64_t a, std::uint64_t b) const
    {
        const auto& f = m_logFactorial;
        const long double fixed = f[a] + f[b] + f[m_n - a] + f[m_n - b] - f[m_n];
        const double logAb = std::log(static_cast<double>(a)) + std::log(static_cast<double>(b));
        const auto n = static_cast<double>(m_n);
        double sum = 0;
        for (std::uint64_t c = std::max<std::uint64_t>(1, a + b > m_n ? a + b - m_n : 0); c <= std::min(a, b); ++c) {
            const auto chance = static_cast<double>(fixed - f[c] - f[a - c] - f[b - c] - f[m_n + c - a - b]);
            if (chance > kNegligible) {
                const auto count = static_cast<double>(c);
                sum += count / n * (std::log(n * count) - logAb) * std::exp(chance);
            }
        }
        return sum;
    }

    std::uint64_t m_n;
    std::vector<long double> m_logFactorial; ///< long: differences of millions must be good to 1e-12
};

double pairsIn(std::uint64_t size)
{
    return static_cast<double>(size) * (static_cast<double>(size) - 1) / 2;
}

double pairsIn(const std::vector<std::uint64_t>& sizes)
{
    return std::accumulate(sizes.begin(), sizes.end(), 0.0,
                           [](double sum, std::uint64_t s) { return sum + pairsIn(s); });
}

double pairsTogether(const Table& t)
{
    double sum = 0;
    for (const Cell& cell : t.cells) {
        sum += pairsIn(cell.count);
    }
    return sum;
}

double adjustedMutualInformation(const Table& t, double information, double meanEntropy)
{
    if (t.as.size() == 1 || t.bs.size() == 1) {
        return 0; // one side says nothing
    }
    const double expected = Expectation(t.n).of(t);
    // The two may only meet where the information is the expected one too, up to rounding.
    const double room = meanEntropy - expected;
    return std::abs(room) < 1e-14 ? 0 : (information - expected) / room;
}

} // namespace

LabelScores compareLabelings(const std::vector<std::int64_t>& labels, const std::vector<std::int64_t>& clusters)
{
    if (labels.size() != clusters.size()) {
        throw Error(Code::Mismatch, "There are " + std::to_string(labels.size()) + " labels for " +
                                        std::to_string(clusters.size()) + " clustered rows; give one for each.");
    }
    LabelScores scores;
    if (labels.empty()) {
        return scores;
    }
    const Table t = tableOf(labels, clusters);
    const double together = pairsTogether(t), inLabels = pairsIn(t.as), inClusters = pairsIn(t.bs), all = pairsIn(t.n);
    if (inLabels > 0 && inClusters > 0) {
        scores.fmi = std::sqrt(together / inLabels) * std::sqrt(together / inClusters);
    }
    if (const auto matched = bestMatching(t.cells, t.as.size(), t.bs.size())) {
        scores.acc = static_cast<double>(*matched) / static_cast<double>(t.n);
    }
    if (t.cells.size() == t.as.size() && t.cells.size() == t.bs.size()) {
        scores.ami = scores.ari = scores.nmi = 1; // the same partition under other names
        return scores;
    }
    const double information = mutualInformation(t);
    const double meanEntropy = (entropy(t.as, t.n) + entropy(t.bs, t.n)) / 2;
    scores.nmi = information / meanEntropy;
    scores.ami = adjustedMutualInformation(t, information, meanEntropy);
    const double chance = inLabels * inClusters / all;
    scores.ari = (together - chance) / ((inLabels + inClusters) / 2 - chance);
    return scores;
}

} // namespace semascope::core
