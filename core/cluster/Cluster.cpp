#include "core/cluster/Clustering.h"

#include "core/cluster/ClusterOptions.h"
#include "core/cluster/DeepCluster_p.h"
#include "core/cluster/KMeans_p.h"
#include "core/data/Text_p.h"
#include "core/job/Parallel.h"
#include "core/reduce/Prepare_p.h"
#include "core/reduce/SpecOptions_p.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <unordered_set>

namespace semascope::core {

namespace {

constexpr std::size_t kStartWork = 50000000; ///< rows·columns·clusters·starts that are quick
/// One start in five finds the best clusters of uneven sizes; on small data more starts cost nothing that is felt.
int defaultStarts(std::size_t numbers, int k)
{
    const std::size_t work = std::max<std::size_t>(numbers * static_cast<std::size_t>(std::max(k, 1)), 1);
    return static_cast<int>(std::clamp(kStartWork / work, std::size_t{10}, std::size_t{50}));
}

/// Number of different rows, counted up to `enough`. By content: 0 and −0 are the same.
std::size_t distinctRows(const Matrix& x, std::size_t enough)
{
    std::unordered_set<std::size_t> seen;
    std::vector<float> row(x.cols());
    for (std::size_t i = 0; i < x.rows() && seen.size() < enough; ++i) {
        std::transform(x.row(i), x.row(i) + x.cols(), row.begin(), [](float v) { return v + 0.0F; });
        const auto* const bytes = reinterpret_cast<const char*>(row.data());
        seen.insert(std::hash<std::string_view>()(std::string_view(bytes, row.size() * sizeof(float))));
    }
    return seen.size();
}

/// Σ of squared distances to the centres, in double and true units.
double exactInertia(const KMeansData& data, const KMeansRun& run)
{
    std::vector<double> each(data.n(), 0.0);
    const std::size_t d = data.d();
    parallelFor(data.n(), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const float* row = data.rows.row(i);
            const float* centre = run.centres.data() + static_cast<std::size_t>(run.labels[i]) * d;
            for (std::size_t j = 0; j < d; ++j) {
                const double miss = static_cast<double>(row[j]) - static_cast<double>(centre[j]);
                each[i] += miss * miss;
            }
        }
    });
    return std::accumulate(each.begin(), each.end(), 0.0) * data.unit * data.unit;
}

/// Usable rows: finite and, for directions, not zero.
std::vector<std::size_t> usableRows(const Matrix& x, bool spherical, std::vector<std::string>& notes)
{
    std::vector<std::size_t> rows = finiteRows(x);
    if (spherical) {
        const std::size_t gone = std::erase_if(rows, [&](std::size_t i) {
            return std::all_of(x.row(i), x.row(i) + x.cols(), [](float v) { return v == 0; });
        });
        if (gone > 0) {
            notes.push_back(zeroRowWords(gone));
        }
    }
    return rows;
}

void checkRows(const Matrix& usable, int k)
{
    if (k < 1) {
        throw Error(Code::Misuse, "There is at least 1 cluster; " + std::to_string(k) + " were asked for.");
    }
    if (usable.empty()) {
        throw Error(Code::Mismatch,
                    "There is nothing to cluster: no row can be used; give rows of finite numbers up to "
                    "1e18.");
    }
    const std::size_t distinct = distinctRows(usable, static_cast<std::size_t>(k));
    if (distinct < static_cast<std::size_t>(k)) {
        throw Error(Code::Mismatch, std::to_string(k) + " clusters need as many different rows, but there " +
                                        (distinct == 1 ? "is" : "are") + " only " + std::to_string(distinct) +
                                        "; ask for fewer clusters.");
    }
}

void fill(Clustering& result, const KMeansData& data, const KMeansRun& run)
{
    const std::size_t d = data.d(), k = run.centres.size() / d;
    std::vector<float> centroids(k * d);
    for (std::size_t c = 0; c < k; ++c) {
        for (std::size_t j = 0; j < d; ++j) {
            centroids[c * d + j] = static_cast<float>(run.centres[c * d + j] * data.unit + data.origin[j]);
        }
    }
    result.centroids = Matrix::from(std::move(centroids), k, d);
    result.assignment = run.labels;
    result.sizes.assign(k, 0);
    for (const std::int32_t label : run.labels) {
        ++result.sizes[static_cast<std::size_t>(label)];
    }
    result.inertia = exactInertia(data, run);
    result.iterations = run.iterations;
    const auto empty = std::count(result.sizes.begin(), result.sizes.end(), std::size_t{0});
    if (empty > 0) {
        result.notes.push_back(
            counted(static_cast<std::size_t>(empty), "cluster is empty: its", "clusters are empty: their") +
            " rows cannot be told apart.");
    }
}

/// How much nearer the own centre is than the next: 1 − d₁/d₂; 0 where both are at the row.
std::vector<float> confidenceOf(const KMeansData& data, const KMeansRun& run, JobContext& job)
{
    const TwoNearest near = twoNearest(data, run.centres, job);
    std::vector<float> confidence(data.n());
    for (std::size_t i = 0; i < data.n(); ++i) {
        confidence[i] = near.second[i] > 0 ? 1 - std::sqrt(near.first[i] / near.second[i]) : 0.0F;
    }
    return confidence;
}

/// What every method says of the rows it was given.
void describe(Clustering& result, const std::vector<std::size_t>& rows, std::size_t all)
{
    result.inputRow.assign(rows.begin(), rows.end());
    result.excluded = all - rows.size();
    if (result.excluded > 0) {
        result.notes.insert(result.notes.begin(), excludedWords(result.excluded, all));
    }
}

Clustering trainNetwork(const Matrix& x, const ClusterSpec& spec, JobContext& job)
{
    readDeepSettings(spec, x.rows(), x.cols()); // options are refused before rows are
    job.checkpoint();
    const std::vector<std::size_t> rows = finiteRows(x);
    const Matrix usable = rows.size() == x.rows() ? x : takeRows(x, rows);
    checkRows(usable, spec.k);
    Clustering result = clusterDeep(usable, rows, spec, job);
    describe(result, rows, x.rows());
    return result;
}

} // namespace

Clustering cluster(const Matrix& x, const ClusterSpec& spec, JobContext& job)
{
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const std::vector<std::string>& methods = clusterMethods();
    if (std::find(methods.begin(), methods.end(), spec.method) == methods.end()) {
        throw Error(Code::Misuse, "\"" + spec.method + "\" is no clustering method: use " + wordList(methods) + ".");
    }
    if (isDeepMethod(spec.method)) {
        Clustering result = trainNetwork(x, spec, job);
        result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        return result;
    }
    const SpecOptions options(spec.method, spec.options, {"n_init", "max_iter", "tol"});
    KMeansSettings settings;
    settings.starts = options.integer("n_init", defaultStarts(x.rows() * x.cols(), spec.k), 1, 10000);
    settings.most = options.integer("max_iter", 300, 1, 1000000);
    const double tolerance = options.number("tol", 1e-4, 0);
    job.checkpoint();

    const bool spherical = spec.method == "spherical-kmeans";
    Clustering result;
    const std::vector<std::size_t> rows = usableRows(x, spherical, result.notes);
    Matrix usable = rows.size() == x.rows() ? x : takeRows(x, rows);
    if (spherical) {
        usable = normaliseRows(usable);
    }
    checkRows(usable, spec.k);
    const KMeansData data = prepareKMeans(usable, spherical);
    settings.k = static_cast<std::size_t>(spec.k);
    settings.seed = spec.seed;
    settings.tolerance = tolerance * meanVariance(data);
    const KMeansRun best = bestKMeans(data, settings, job);
    fill(result, data, best);
    result.confidence = confidenceOf(data, best, job);
    result.spec = spec;
    describe(result, rows, x.rows());
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return result;
}

} // namespace semascope::core
