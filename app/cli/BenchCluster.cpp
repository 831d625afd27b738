#include "app/cli/BenchTools.h"
#include "core/clip/GemmRate.h"
#include "core/cluster/Clustering.h"
#include "core/data/Arrays.h"
#include "core/job/Compute.h"
#include "core/job/Gemm.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>

namespace semascope::app {

using core::Matrix;

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kClusters = 10;
constexpr std::size_t kSmall = 5000; ///< rows up to which 20 starts are usual
constexpr std::size_t kBatch = 256;
constexpr double kParameterUse = 6; ///< operations a parameter and row: forward, and back to weights and to inputs

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Normal numbers around ten centres; apart 0 is noise without clusters.
Matrix made(std::size_t n, std::size_t d, float apart, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> centres(kClusters * d), values(n * d);
    std::generate(centres.begin(), centres.end(), [&] { return apart * normal(random); });
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = centres[i / d % kClusters * d + i % d] + normal(random);
    }
    return Matrix::from(std::move(values), n, d);
}

std::string sizeOf(const Matrix& x)
{
    return std::to_string(x.rows()) + "×" + std::to_string(x.cols());
}

/// What a pass over all rows could reach at best: it is one product.
double productRate(const Matrix& x)
{
    std::vector<float> out(x.rows() * kClusters);
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 5; ++i) {
        const auto start = Clock::now();
        core::gemm({x.rows(), kClusters, x.cols(), x.data(), x.data(), out.data(), false, true, 0});
        best = std::min(best, secondsSince(start));
    }
    return 2e-9 * static_cast<double>(x.rows() * x.cols()) * kClusters / best;
}

void benchKMeans(CommandContext& c, const Matrix& x, const std::string& what, double peak)
{
    core::ClusterSpec spec;
    spec.k = kClusters;
    spec.seed = c.seed();
    spec.options = {{"n_init", x.rows() <= kSmall ? "20" : "3"}};
    const core::Clustering found = core::cluster(x, spec, c.job);
    const std::string name = "k-means, " + what + " " + sizeOf(x) + ", k = 10, n_init = " + spec.options.at("n_init");
    addFigure(c, name, found.seconds, "s");
    addFigure(c, name + ": inertia", found.inertia, "");
    addFigure(c, name + ": iterations", found.iterations, "");
    addFigure(c, "rows " + sizeOf(x) + " times 10 centres, one product", productRate(x), "GFLOP/s", peak);
}

struct Training
{
    double seconds = 0;
    std::size_t steps = 0;
};

/// `epochs` of pre-training and at most `updates` of refinement; every epoch and every update is a pass over the rows.
Training train(CommandContext& c, const Matrix& x, int epochs, int updates)
{
    core::ClusterSpec spec;
    spec.method = updates > 0 ? "dec" : "ae-kmeans";
    spec.k = kClusters;
    spec.seed = c.seed();
    spec.options = {{"epochs", std::to_string(epochs)}, {"n_init", "1"}};
    if (updates > 0) {
        spec.options.insert({{"max_updates", std::to_string(updates)}, {"tol", "0"}, {"update_interval", "0"}});
    }
    if (c.args.has("--device")) {
        spec.options["device"] = c.args.text("--device");
    }
    const core::Clustering found = core::cluster(x, spec, c.job);
    const auto passes = static_cast<std::size_t>(
        std::count_if(found.curve.begin(), found.curve.end(), [&](const core::TrainingPoint& p) {
            return (p.stage == core::TrainingPoint::Stage::Refining) == (updates > 0);
        }));
    return {found.seconds, passes * ((x.rows() + kBatch - 1) / kBatch)};
}

/// Steps a second from the difference of a long and a short training, so that what is done once does not count.
double stepRate(const Training& brief, const Training& longer)
{
    return static_cast<double>(longer.steps - brief.steps) / std::max(longer.seconds - brief.seconds, 1e-9);
}

/// Of the network d-500-500-2000-10 and its mirror.
double gflopOfStep(std::size_t d, bool decodes)
{
    const double half = static_cast<double>(d) * 500 + 500 * 500 + 500 * 2000 + 2000 * 10;
    return 1e-9 * kParameterUse * half * (decodes ? 2 : 1) * static_cast<double>(kBatch);
}

void benchNetwork(CommandContext& c, const Matrix& x, const std::string& what, double peak)
{
    const int more = x.rows() <= kSmall ? 20 : 4;
    (void)train(c, x, 1, 0); // kernels are made in it
    const double pretraining = stepRate(train(c, x, 1, 0), train(c, x, 1 + more, 0));
    const double refining = stepRate(train(c, x, 1, 2), train(c, x, 1, 2 + more));
    const std::string name = "DEC, " + what + " " + sizeOf(x) + ", batch 256: ";
    addFigure(c, name + "pre-training", pretraining, "steps/s");
    addFigure(c, name + "its arithmetic", pretraining * gflopOfStep(x.cols(), true), "GFLOP/s", peak);
    addFigure(c, name + "refining", refining, "steps/s");
    addFigure(c, name + "its arithmetic while refining", refining * gflopOfStep(x.cols(), false), "GFLOP/s", peak);
}

} // namespace

void benchCluster(CommandContext& c)
{
    const double before = core::gemmRate("fp32", c.job).gflops;
    addFigure(c, "matrix product fp32", before, "GFLOP/s");
    if (c.args.has("--in")) {
        const std::string path = c.args.text("--in");
        const Matrix x = core::toMatrix(core::readArray(path), path);
        benchKMeans(c, x, "given vectors", before);
        benchNetwork(c, x, "given vectors", before);
        return;
    }
    const auto d = static_cast<std::size_t>(c.args.integer("--d", 512, 1, 100000));
    std::vector<std::size_t> sizes{2000, 50000};
    if (c.args.has("--n")) {
        sizes = {static_cast<std::size_t>(c.args.integer("--n", 2000, kClusters, 10'000'000))};
    }
    for (const std::size_t n : sizes) {
        benchKMeans(c, made(n, d, 0, c.seed()), "noise", before);
        benchKMeans(c, made(n, d, 0.5F, c.seed()), "ten clusters", before);
    }
    if (!c.args.has("--n")) {
        benchNetwork(c, made(1797, 64, 0.5F, c.seed()), "as large as the digits,", before);
        benchNetwork(c, made(10000, 784, 0.5F, c.seed()), "as large as MNIST's test set,", before);
    }
    addFigure(c, "peak memory", static_cast<double>(core::peakMemory()) / 1e6, "MB");
}

} // namespace semascope::app
