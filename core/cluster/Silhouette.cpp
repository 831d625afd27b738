#include "core/cluster/Study_p.h"

#include "core/job/Parallel.h"
#include "core/reduce/ExactDistances_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

constexpr std::size_t kBlock = 128;

/// Cluster names replaced by 0…, in order.
std::vector<std::size_t> numbered(const std::vector<std::int64_t>& names, std::size_t& count)
{
    std::vector<std::int64_t> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    count = sorted.size();
    std::vector<std::size_t> numbers;
    for (const std::int64_t name : names) {
        numbers.push_back(
            static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), name) - sorted.begin()));
    }
    return numbers;
}

/// One row's silhouette from its distances to all rows.
double scoreOf(std::size_t own, const double* distances, const std::vector<std::size_t>& clusters,
               const std::vector<std::size_t>& sizes)
{
    std::vector<double> sums(sizes.size(), 0.0);
    for (std::size_t j = 0; j < clusters.size(); ++j) {
        sums[clusters[j]] += distances[j];
    }
    return silhouetteOf(own, sums, sizes);
}

/// Distances of rows [begin, end) to all; a row is at distance 0 from itself exactly.
void measure(const ExactDistances& exact, bool cosine, std::size_t begin, std::size_t end, double* out)
{
    const std::size_t n = exact.rows();
    if (cosine) {
        exact.products(begin, end, out);
        std::transform(out, out + (end - begin) * n, out, [](double c) { return std::clamp(1 - c, 0.0, 2.0); });
    } else {
        exact.measure(begin, end, out);
    }
    for (std::size_t i = begin; i < end; ++i) {
        out[(i - begin) * n + i] = 0;
    }
}

} // namespace

double silhouetteOf(std::size_t own, const std::vector<double>& sums, const std::vector<std::size_t>& sizes)
{
    if (sizes[own] < 2) {
        return 0;
    }
    const double inside = sums[own] / static_cast<double>(sizes[own] - 1);
    double outside = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < sizes.size(); ++c) {
        if (c != own && sizes[c] > 0) {
            outside = std::min(outside, sums[c] / static_cast<double>(sizes[c]));
        }
    }
    const double larger = std::max(inside, outside);
    return larger > 0 && std::isfinite(larger) ? (outside - inside) / larger : 0;
}

std::vector<std::size_t> sampledRows(std::size_t n, std::size_t sample, std::uint64_t seed)
{
    std::vector<std::size_t> all(n), chosen;
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (sample == 0 || n <= sample) {
        return all;
    }
    std::mt19937_64 random(seed);
    std::sample(all.begin(), all.end(), std::back_inserter(chosen), sample, random);
    return chosen;
}

Silhouette silhouette(const Matrix& x, const std::vector<std::int64_t>& clusters, bool cosine, std::size_t sample,
                      std::uint64_t seed, JobContext& job)
{
    if (x.rows() != clusters.size()) {
        throw Error(Code::Mismatch, "There are " + std::to_string(clusters.size()) + " cluster numbers for " +
                                        std::to_string(x.rows()) + " rows; give one for each.");
    }
    if (finiteRows(x).size() != x.rows()) {
        throw Error(Code::Mismatch,
                    "A silhouette needs finite rows; leave out those with NaN, infinity or numbers over 1e18 first.");
    }
    std::size_t count = 0;
    const std::vector<std::size_t> all = numbered(clusters, count);
    if (count < 2) {
        throw Error(Code::Mismatch, "A silhouette needs at least 2 clusters; there " +
                                        std::string(count == 1 ? "is only 1." : "are none.") +
                                        " Ask for more clusters.");
    }
    const std::vector<std::size_t> rows = sampledRows(x.rows(), sample, seed);
    std::vector<std::size_t> chosen, sizes(count, 0);
    for (const std::size_t i : rows) {
        chosen.push_back(all[i]);
        ++sizes[all[i]];
    }
    const ExactDistances exact(rows.size() == x.rows() ? x : takeRows(x, rows), cosine);
    Silhouette result;
    result.n = rows.size();
    result.perRow.resize(result.n);
    std::vector<double> distances(std::min(kBlock, result.n) * result.n);
    for (std::size_t begin = 0; begin < result.n; begin += kBlock) {
        job.checkpoint();
        const std::size_t end = std::min(result.n, begin + kBlock);
        measure(exact, cosine, begin, end, distances.data());
        parallelFor(end - begin, 4, [&](std::size_t from, std::size_t to) {
            for (std::size_t r = from; r < to; ++r) {
                result.perRow[begin + r] = scoreOf(chosen[begin + r], distances.data() + r * result.n, chosen, sizes);
            }
        });
        job.progress("measuring the clusters", "rows", end, result.n);
    }
    result.mean = std::accumulate(result.perRow.begin(), result.perRow.end(), 0.0) / static_cast<double>(result.n);
    return result;
}

} // namespace semascope::core
