#include "core/job/Parallel.h"
#include "core/reduce/ExactDistances_p.h"
#include "core/reduce/Layout.h"
#include "core/reduce/PairCorrelation_p.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

constexpr std::size_t kMostRows = 10000; ///< 50 million pairs: 1.6 GB while they are ranked
constexpr std::size_t kBlock = 128;

/// Rows finite on both sides, of them at most `sample`.
std::vector<std::size_t> chooseRows(const Matrix& x, const Matrix& y, std::size_t sample, std::uint64_t seed)
{
    const std::vector<std::size_t> a = finiteRows(x), b = finiteRows(y);
    std::vector<std::size_t> both, chosen;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    const std::size_t most = std::min(sample == 0 ? kMostRows : sample, kMostRows);
    if (both.size() <= most) {
        return both;
    }
    std::mt19937_64 random(seed);
    std::sample(both.begin(), both.end(), std::back_inserter(chosen), most, random);
    return chosen;
}

/// Whether l comes before j among the neighbours of a point; equal distances in the order of the rows.
bool before(const double* distance, std::size_t l, std::size_t j)
{
    return distance[l] != distance[j] ? distance[l] < distance[j] : l < j;
}

/// The `count` nearest neighbours of row i (itself left out), nearest first.
std::vector<std::size_t> nearest(const double* distance, std::size_t n, std::size_t i, std::size_t count)
{
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(i));
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(order.begin(), middle, order.end(),
                      [&](std::size_t a, std::size_t b) { return before(distance, a, b); });
    order.resize(count);
    return order;
}

std::size_t rankOf(const double* distance, std::size_t n, std::size_t i, std::size_t j)
{
    std::size_t rank = 1;
    for (std::size_t l = 0; l < n; ++l) {
        rank += (l != i && l != j && before(distance, l, j)) ? 1 : 0;
    }
    return rank;
}

/// Σ (rank in `other` − k) over the first k of `mine` that are not among the first k of `others`.
double intruders(const std::vector<std::size_t>& mine, const std::vector<std::size_t>& others, std::size_t k,
                 const double* other, std::size_t i, std::size_t n)
{
    double sum = 0;
    const auto end = others.begin() + static_cast<std::ptrdiff_t>(k);
    for (std::size_t c = 0; c < k; ++c) {
        if (std::find(others.begin(), end, mine[c]) == end) {
            sum += static_cast<double>(rankOf(other, n, i, mine[c])) - static_cast<double>(k);
        }
    }
    return sum;
}

std::size_t common(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b, std::size_t k)
{
    std::size_t count = 0;
    for (std::size_t c = 0; c < k; ++c) {
        count += std::count(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(k), a[c]) > 0 ? 1 : 0;
    }
    return count;
}

/// What is gathered row by row, and the distances of all pairs i<j in row order.
struct Gathered
{
    std::vector<double> input, layout;       ///< condensed distances
    std::vector<double> trust, hold, shared; ///< per row
};

struct Counts
{
    std::size_t n, k, recallK;
};

void gatherRow(std::size_t i, const Counts& c, const double* in, const double* out, Gathered& g)
{
    const std::size_t start = i * c.n - i * (i + 1) / 2; // condensed index of (i, i+1)
    std::copy(in + i + 1, in + c.n, g.input.begin() + static_cast<std::ptrdiff_t>(start));
    std::copy(out + i + 1, out + c.n, g.layout.begin() + static_cast<std::ptrdiff_t>(start));
    const std::size_t count = std::max(c.k, c.recallK);
    const std::vector<std::size_t> inside = nearest(in, c.n, i, count), shown = nearest(out, c.n, i, count);
    g.trust[i] = intruders(shown, inside, c.k, in, i, c.n);
    g.hold[i] = intruders(inside, shown, c.k, out, i, c.n);
    g.shared[i] = static_cast<double>(common(inside, shown, c.recallK));
}

Gathered gather(const Matrix& x, const Matrix& y, const Counts& c, JobContext& job)
{
    const ExactDistances inputs(x), layouts(y);
    const std::size_t pairs = c.n * (c.n - 1) / 2;
    Gathered g{std::vector<double>(pairs), std::vector<double>(pairs), std::vector<double>(c.n),
               std::vector<double>(c.n), std::vector<double>(c.n)};
    std::vector<double> in(std::min(kBlock, c.n) * c.n), out(in.size());
    for (std::size_t begin = 0; begin < c.n; begin += kBlock) {
        job.checkpoint();
        const std::size_t end = std::min(c.n, begin + kBlock);
        inputs.measure(begin, end, in.data());
        layouts.measure(begin, end, out.data());
        parallelFor(end - begin, 2, [&](std::size_t first, std::size_t last) {
            for (std::size_t r = first; r < last; ++r) {
                gatherRow(begin + r, c, in.data() + r * c.n, out.data() + r * c.n, g);
            }
        });
        job.progress("measuring the layout", "rows", end, c.n);
    }
    return g;
}

void stressFigures(const Gathered& g, LayoutQuality& q)
{
    double inputs = 0, layouts = 0, mixed = 0;
    for (std::size_t p = 0; p < g.input.size(); ++p) {
        const double miss = g.input[p] - g.layout[p];
        q.rawStress += miss * miss;
        inputs += g.input[p] * g.input[p];
        layouts += g.layout[p] * g.layout[p];
        mixed += g.input[p] * g.layout[p];
    }
    q.stress1 = layouts > 0 ? std::sqrt(q.rawStress / layouts) : (q.rawStress > 0 ? 1 : 0);
    q.normalisedStress = inputs > 0 ? std::sqrt(q.rawStress / inputs) : (q.rawStress > 0 ? 1 : 0);
    // At the best scale a = Σδd/Σd²; from the differences again, as the closed form cancels for good layouts.
    const double scale = layouts > 0 ? mixed / layouts : 0;
    double rest = 0;
    for (std::size_t p = 0; p < g.input.size(); ++p) {
        const double miss = g.input[p] - scale * g.layout[p];
        rest += miss * miss;
    }
    q.scaleNormalisedStress = inputs > 0 ? std::sqrt(rest / inputs) : 0;
}

double total(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

LayoutQuality layoutQuality(const Matrix& x, const Matrix& y, int k, int recallK, std::size_t sample,
                            std::uint64_t seed, JobContext& job)
{
    if (x.rows() != y.rows()) {
        throw Error(Code::Mismatch, "The layout has " + std::to_string(y.rows()) + " points for " +
                                        std::to_string(x.rows()) +
                                        " rows; measure it against the rows it was made from.");
    }
    if (k < 1 || recallK < 1) {
        throw Error(Code::Misuse,
                    "Neighbour counts start at 1; " + std::to_string(std::min(k, recallK)) + " was asked for.");
    }
    const std::vector<std::size_t> rows = chooseRows(x, y, sample, seed);
    LayoutQuality q;
    q.n = rows.size();
    q.of = x.rows();
    q.trustworthiness = q.continuity = q.recall = 1; // nothing is wrong where there are no neighbours
    if (q.n < 2) {
        return q;
    }
    Counts c{q.n, 0, std::min(static_cast<std::size_t>(recallK), q.n - 1)};
    c.k = std::min(static_cast<std::size_t>(k), std::max<std::size_t>((q.n - 1) / 2, 1));
    q.k = static_cast<int>(c.k);
    Gathered g = gather(takeRows(x, rows), takeRows(y, rows), c, job);
    stressFigures(g, q);
    const auto n = static_cast<double>(q.n), kk = static_cast<double>(c.k);
    const double most = n * kk * (2 * n - 3 * kk - 1) / 2;
    if (most > 0) {
        q.trustworthiness = 1 - total(g.trust) / most;
        q.continuity = 1 - total(g.hold) / most;
    }
    q.recall = total(g.shared) / (n * static_cast<double>(c.recallK));
    q.pearson = pearson(g.input, g.layout);
    job.progress("ranking distances", "pairs", 0, 0);
    toRanks(g.input, job);
    toRanks(g.layout, job);
    q.spearman = pearson(g.input, g.layout);
    return q;
}

} // namespace semascope::core
