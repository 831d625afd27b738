#include "core/cluster/DeepCluster_p.h"

#include "core/cluster/DeepModel_p.h"
#include "core/cluster/DeepPrepare_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kSilhouetteRows = 3000;
constexpr double kWorse = 0.02;     ///< a silhouette lower by this is worse
constexpr double kGiant = 0.9;      ///< share of all rows
constexpr double kUndecided = 1.05; ///< times 1/k
constexpr const char* kCriterion = "silhouette in the prepared input";

/// Of labels against the prepared input; −1 where there is none to speak of. Never against any true label.
double criterionOf(const Matrix& x, const std::vector<std::int32_t>& labels, JobContext& job)
{
    const std::vector<std::int64_t> wide(labels.begin(), labels.end());
    const bool one = std::all_of(wide.begin(), wide.end(), [&](std::int64_t l) { return l == wide.front(); });
    if (one || wide.size() < 3) {
        return -1;
    }
    try {
        return silhouette(x, wide, false, kSilhouetteRows, 0, job).mean;
    } catch (const Error& e) {
        if (e.code() == Code::Cancelled) {
            throw;
        }
        return -1; // the rows drawn are of one cluster, or beyond what distances can tell
    }
}

struct Outcome
{
    std::vector<float> parameters;
    std::vector<TrainingPoint> curve;
    std::vector<std::shared_ptr<const DeepFrame>> frames;
    std::vector<std::string> warnings;
    std::vector<std::int32_t> assignment, initial;
    Matrix code, soft;
    int iterations = 0;
    double criterion = -std::numeric_limits<double>::infinity();
};

struct Task
{
    const DeepSettings& settings;
    const Matrix& x; ///< prepared
    std::shared_ptr<const std::vector<std::uint32_t>> inputRow;
    const ClusterSpec& spec;
    const DeepHooks& hooks;
    JobContext& job;
};

Outcome trainOnce(const Task& t, int restart)
{
    FrameRecorder frames(t.job, t.inputRow);
    const std::string label = t.settings.restarts == 1 ? std::string()
                                                       : "restart " + std::to_string(restart + 1) + " of " +
                                                             std::to_string(t.settings.restarts) + ", ";
    TrainingRun run{
        t.job, t.settings, t.x, t.hooks, frames, label, t.spec.seed + static_cast<std::uint64_t>(restart) * 1000003ULL};
    const auto network = makeAutoEncoder(AutoEncoderLayout(t.settings.widths, t.settings.k), t.settings.device);
    network->setData(t.x);
    pretrain(*network, run);
    startCentroids(*network, run);
    if (t.settings.refines && !run.stopped) {
        refine(*network, run);
    }
    Outcome out{network->parameters(),
                std::move(run.curve),
                frames.take(),
                std::move(run.warnings),
                std::move(run.assignment),
                std::move(run.initial),
                run.code,
                run.soft,
                t.settings.refines ? run.updates : t.settings.epochs};
    if (t.settings.restarts > 1 || t.settings.refines) {
        out.criterion = criterionOf(t.x, out.assignment, t.job);
    }
    return out;
}

/// IDEC keeps the decoder, and with it what the codes mean.
std::string insteadOf(const Clustering& c)
{
    return c.spec.method == "idec" ? std::string() : std::string("method idec, ");
}

void warnOfCollapse(const Clustering& c, std::vector<std::string>& warnings)
{
    const auto empty = std::count(c.sizes.begin(), c.sizes.end(), std::size_t{0});
    if (empty > 0) {
        warnings.push_back(std::to_string(empty) + (empty == 1 ? " cluster is" : " clusters are") +
                           " empty: clusters have collapsed into one another. Use fewer clusters, " + insteadOf(c) +
                           "a lower refine_lr or more restarts.");
    }
    const std::size_t giant = *std::max_element(c.sizes.begin(), c.sizes.end());
    const auto n = static_cast<double>(c.assignment.size());
    if (c.sizes.size() > 2 && n >= 10 * static_cast<double>(c.sizes.size()) &&
        static_cast<double>(giant) > kGiant * n) {
        warnings.push_back("One cluster has " + std::to_string(giant) + " of " + std::to_string(c.assignment.size()) +
                           " rows: the code may have collapsed. Use " + insteadOf(c) +
                           "more epochs, a lower refine_lr or more "
                           "restarts.");
    }
    const double mean = std::accumulate(c.confidence.begin(), c.confidence.end(), 0.0) / n;
    if (c.sizes.size() > 1 && mean < kUndecided / static_cast<double>(c.sizes.size())) {
        warnings.push_back("No row is nearer to one cluster than to the others (mean confidence " + shortNumber(mean) +
                           "): the codes are too small for the clustering loss. Use prepare=scale or more epochs.");
    }
}

/// Refinement should not undo what k-means on the code had found.
void warnIfWorse(const Task& t, const Outcome& out, std::vector<std::string>& warnings)
{
    const double before = criterionOf(t.x, out.initial, t.job);
    if (out.criterion < before - kWorse) {
        warnings.push_back("The refined clusters fit the input less well than k-means on the code did (silhouette " +
                           shortNumber(out.criterion) + " against " + shortNumber(before) +
                           "): compare them with method ae-kmeans. More epochs, a lower gamma or refine_lr, or more "
                           "restarts may help.");
    }
}

void fill(Clustering& result, Outcome& out, const DeepSettings& s)
{
    result.assignment = std::move(out.assignment);
    result.code = out.code;
    result.soft = out.soft;
    result.curve = std::move(out.curve);
    result.frames = std::move(out.frames);
    result.warnings.insert(result.warnings.end(), out.warnings.begin(), out.warnings.end());
    result.iterations = out.iterations;
    const std::size_t c = s.widths.back();
    result.centroids =
        Matrix::from({out.parameters.end() - static_cast<std::ptrdiff_t>(s.k * c), out.parameters.end()}, s.k, c);
    result.sizes.assign(s.k, 0);
    for (std::size_t i = 0; i < result.assignment.size(); ++i) {
        const auto label = static_cast<std::size_t>(result.assignment[i]);
        ++result.sizes[label];
        result.confidence.push_back(result.soft.at(i, label));
        for (std::size_t j = 0; j < c; ++j) {
            const double miss = static_cast<double>(result.code.at(i, j)) - result.centroids.at(label, j);
            result.inertia += miss * miss;
        }
    }
}

std::string recipeNote(const DeepSettings& s)
{
    std::string widths;
    for (const std::size_t w : s.widths) {
        widths += (widths.empty() ? "" : "-") + std::to_string(w);
    }
    std::string note = "Autoencoder " + widths + " on " + s.device.name() + ", ";
    if (s.recipe == "paper") {
        note += std::to_string(std::max(1, s.epochs / 2)) + " epochs a layer and ";
    }
    note += std::to_string(s.epochs) + " epochs" + (s.recipe == "paper" ? " as a whole" : " of pre-training") +
            " (recipe " + s.recipe + ", rate " + shortNumber(s.rate) + " " + s.schedule;
    return note + (s.recipe == "paper" ? ": the paper's course over far fewer steps; it has 50,000 a layer and 100,000 "
                                         "as a whole)."
                                       : ").");
}

} // namespace

Clustering clusterDeep(const Matrix& usable, const std::vector<std::size_t>& inputRow, const ClusterSpec& spec,
                       JobContext& job, const DeepHooks& hooks)
{
    DeepSettings settings = readDeepSettings(spec, usable.rows(), usable.cols());
    Clustering result;
    std::string prepared;
    DeepModelParts parts{
        spec.method, settings.widths, settings.k, {}, Preparation::fit(usable, settings.prepare, prepared)};
    if (settings.schedule.empty()) {
        settings.schedule = parts.preparation.kind == Preparation::Kind::Clip ? "cosine" : "constant";
    }
    result.notes = {prepared, recipeNote(settings)};
    const Matrix x = parts.preparation.apply(usable, job);
    const Task task{
        settings, x,     std::make_shared<const std::vector<std::uint32_t>>(inputRow.begin(), inputRow.end()),
        spec,     hooks, job};
    Outcome best = trainOnce(task, 0);
    std::string figures = shortNumber(best.criterion);
    for (int r = 1; r < settings.restarts; ++r) {
        Outcome other = trainOnce(task, r);
        figures += ", " + shortNumber(other.criterion);
        if (other.criterion > best.criterion) {
            best = std::move(other);
        }
    }
    if (settings.restarts > 1) {
        result.criterion = kCriterion;
        result.criterionValue = best.criterion;
        result.notes.push_back("Best of " + std::to_string(settings.restarts) + " restarts by the " + kCriterion +
                               " on at most " + std::to_string(kSilhouetteRows) + " rows: " + figures + ".");
    }
    if (settings.refines) {
        warnIfWorse(task, best, best.warnings);
    }
    parts.parameters = best.parameters;
    fill(result, best, settings);
    warnOfCollapse(result, result.warnings);
    result.model = makeDeepModel(std::move(parts));
    result.spec = spec;
    result.inputRow.assign(inputRow.begin(), inputRow.end());
    return result;
}

} // namespace semascope::core
