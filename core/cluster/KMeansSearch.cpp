#include "core/cluster/KMeans_p.h"
#include "core/cluster/Study_p.h"

#include <algorithm>
#include <limits>

namespace semascope::core {

namespace {

constexpr std::size_t kGroupProducts = std::size_t{1} << 25;    ///< products that starts running together may need
constexpr std::size_t kSampleRows = 4096, kSampleRowsEach = 64; ///< rows of the sample: at least, and for a cluster
constexpr int kSampleStarts = 10;                               ///< at least: they cost little beside what follows

KMeansRun bestStart(const KMeansData& data, const KMeansSettings& settings, JobContext& job)
{
    const auto starts = static_cast<std::size_t>(settings.starts);
    const std::size_t each = data.n() * trialsPerCentre(settings.k) + settings.k * data.d();
    const std::size_t group = std::clamp(kGroupProducts / each, std::size_t{1}, starts);
    KMeansRun best;
    best.inertia = std::numeric_limits<double>::infinity();
    for (std::size_t first = 0; first < starts; first += group) {
        const std::size_t count = std::min(group, starts - first);
        const std::vector<float> centres = chooseStarts(data, settings, first, count, job);
        for (KMeansRun& run : runLloyd(data, settings, centres, job)) {
            if (run.inertia < best.inertia) {
                best = std::move(run);
            }
        }
    }
    return best;
}

KMeansData sampleOf(const KMeansData& data, std::size_t rows, std::uint64_t seed)
{
    const std::vector<std::size_t> which = sampledRows(data.n(), rows, seed);
    KMeansData sample;
    sample.spherical = data.spherical;
    sample.unit = data.unit;
    sample.rows = takeRows(data.rows, which);
    for (const std::size_t i : which) {
        sample.squares.push_back(data.squares[i]);
    }
    return sample;
}

} // namespace

KMeansRun bestKMeans(const KMeansData& data, const KMeansSettings& settings, JobContext& job)
{
    const std::size_t wanted = std::max(kSampleRows, kSampleRowsEach * settings.k);
    if (data.n() <= 2 * wanted) {
        return improveBySwaps(data, settings, bestStart(data, settings, job), job);
    }
    const KMeansData sample = sampleOf(data, wanted, settings.seed);
    KMeansSettings many = settings;
    many.starts = std::max(settings.starts, kSampleStarts);
    const KMeansRun first = improveBySwaps(sample, many, bestStart(sample, many, job), job);
    return std::move(runLloyd(data, settings, first.centres, job).front());
}

} // namespace semascope::core
