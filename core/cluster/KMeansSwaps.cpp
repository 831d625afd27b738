#include "core/cluster/KMeans_p.h"

#include "core/job/Gemm.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

constexpr std::size_t kRemovals = 3, kInsertions = 3;           ///< centres tried for each
constexpr int kTrialIterations = 6, kRounds = 6, kPatience = 2; ///< rounds in a row without a gain
constexpr double kHope = 1.002;                                 ///< a trial this much worse may still end better
constexpr double kGain = 5e-5;                                  ///< of the inertia: less is not worth the search
constexpr std::size_t kBlockRows = 4096, kBlockProducts = std::size_t{1} << 22; ///< held at a time
constexpr int kTurns = 3;                                                       ///< of the plane that halves a cluster

float toFloat(double value)
{
    return static_cast<float>(value);
}

/// Indices of the `count` largest, largest first.
std::vector<std::size_t> largest(const std::vector<double>& values, std::size_t count)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    order.resize(std::min(count, order.size()));
    return order;
}

/// Two centres in place of one. A single row would be a poor centre where there are many dimensions: it is far from
/// everything. So the members are halved by a plane, which starts out across the way to a random member and turns
/// towards what really lies apart; the means of the halves are the centres.
struct Halves
{
    std::vector<double> front, back;
    bool real = false; ///< neither is empty
};

Halves halved(const KMeansData& data, const float* centre, const std::vector<std::size_t>& members, double mark)
{
    const std::size_t d = data.d();
    const auto pick = static_cast<std::size_t>(mark * static_cast<double>(members.size()));
    const float* const towards = data.rows.row(members[std::min(pick, members.size() - 1)]);
    std::vector<float> way(d), middle(d);
    Halves halves;
    std::transform(towards, towards + d, centre, way.begin(), std::minus<>());
    std::copy_n(centre, d, middle.begin());
    for (int turn = 0; turn < kTurns; ++turn) {
        halves.front.assign(d, 0.0);
        halves.back.assign(d, 0.0);
        const float level = std::inner_product(way.begin(), way.end(), middle.begin(), 0.0F);
        std::size_t before = 0;
        for (const std::size_t i : members) {
            const float* const row = data.rows.row(i);
            const bool ahead = dotProduct(row, way.data(), d) > level;
            moveRow({row, ahead ? halves.front.data() : halves.back.data(), nullptr, d});
            before += ahead ? 1 : 0;
        }
        halves.real = before > 0 && before < members.size();
        if (!halves.real) {
            break;
        }
        for (std::size_t j = 0; j < d; ++j) {
            halves.front[j] /= static_cast<double>(before);
            halves.back[j] /= static_cast<double>(members.size() - before);
            way[j] = static_cast<float>(halves.front[j] - halves.back[j]);
            middle[j] = static_cast<float>((halves.front[j] + halves.back[j]) / 2);
        }
    }
    return halves;
}

/// Centres of all trials, one after the other: each with a wide cluster halved, at the cost of a centre of little use.
std::vector<float> trialCentres(const KMeansData& data, const KMeansRun& best, std::mt19937_64& random, JobContext& job)
{
    const std::size_t d = data.d(), k = best.centres.size() / d;
    const TwoNearest near = twoNearest(data, best.centres, job);
    std::vector<double> missed(k, 0.0), error(k, 0.0);
    for (std::size_t i = 0; i < data.n(); ++i) {
        const auto c = static_cast<std::size_t>(best.labels[i]);
        missed[c] -= static_cast<double>(near.second[i]) - static_cast<double>(near.first[i]);
        error[c] += static_cast<double>(near.first[i]);
    }
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<float> centres;
    for (const std::size_t into : largest(error, kInsertions)) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < data.n(); ++i) {
            if (static_cast<std::size_t>(best.labels[i]) == into) {
                members.push_back(i);
            }
        }
        const double mark = uniform(random);
        const Halves halves =
            members.size() < 2 ? Halves{} : halved(data, best.centres.data() + into * d, members, mark);
        for (const std::size_t from : largest(missed, halves.real ? kRemovals : 0)) {
            if (from != into) {
                centres.insert(centres.end(), best.centres.begin(), best.centres.end());
                float* const last = centres.data() + centres.size() - k * d;
                std::transform(halves.back.begin(), halves.back.end(), last + into * d, toFloat);
                std::transform(halves.front.begin(), halves.front.end(), last + from * d, toFloat);
            }
        }
    }
    return centres;
}

} // namespace

TwoNearest twoNearest(const KMeansData& data, const std::vector<float>& centres, JobContext& job)
{
    const std::size_t n = data.n(), d = data.d(), k = centres.size() / d;
    TwoNearest result{std::vector<float>(n), std::vector<float>(n)};
    std::vector<float> squares(k), products;
    for (std::size_t c = 0; c < k; ++c) {
        const float* const centre = centres.data() + c * d;
        squares[c] = static_cast<float>(std::inner_product(centre, centre + d, centre, 0.0, std::plus<>(),
                                                           [](double a, double b) { return a * b; }));
    }
    std::vector<std::int32_t> labels(n);
    const std::size_t step = std::clamp(kBlockProducts / k, std::size_t{64}, kBlockRows);
    products.resize(std::min(step, n) * k);
    for (std::size_t begin = 0; begin < n; begin += step) {
        job.checkpoint();
        const std::size_t count = std::min(step, n - begin);
        gemm({count, k, d, data.rows.row(begin), centres.data(), products.data(), false, true, 0});
        parallelFor(count, 512, [&](std::size_t from, std::size_t to) {
            assignRows({products.data() + from * k, 1, k, squares.data(), data.squares.data() + begin + from, k,
                        to - from, labels.data() + begin + from, result.first.data() + begin + from,
                        result.second.data() + begin + from});
        });
    }
    return result;
}

KMeansRun improveBySwaps(const KMeansData& data, const KMeansSettings& settings, KMeansRun best, JobContext& job)
{
    std::mt19937_64 random(settings.seed * 7919 + 17);
    KMeansSettings brief = settings;
    brief.most = std::min(settings.most, kTrialIterations);
    for (int round = 0, idle = 0; round < kRounds && idle < kPatience && settings.k > 1; ++round) {
        ++idle;
        const std::vector<float> centres = trialCentres(data, best, random, job);
        if (centres.empty()) {
            break;
        }
        std::vector<KMeansRun> trials = runLloyd(data, brief, centres, job);
        const auto found = std::min_element(trials.begin(), trials.end(),
                                            [](const auto& a, const auto& b) { return a.inertia < b.inertia; });
        if (!(found->inertia < best.inertia * kHope)) {
            continue;
        }
        KMeansRun next = std::move(runLloyd(data, settings, found->centres, job).front());
        if (next.inertia < best.inertia * (1 - kGain)) {
            next.iterations += best.iterations;
            best = std::move(next);
            idle = 0;
        }
    }
    return best;
}

} // namespace semascope::core
