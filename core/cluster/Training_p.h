#pragma once
#include "core/cluster/AutoEncoder_p.h"
#include "core/cluster/DeepCluster.h"
#include "core/cluster/DeepFrames_p.h"
#include "core/cluster/DeepSettings_p.h"

#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace semascope::core {

/// What tests put in the way of a training.
struct DeepHooks
{
    std::function<void(AutoEncoder& network, long step)> beforeStep; ///< steps count from 1, over all stages
};

/// Mini-batches of all rows in random order, drawn anew each time round.
class BatchOrder
{
public:
    BatchOrder(std::size_t n, std::size_t batch, std::uint64_t seed);
    std::span<const std::uint32_t> next();
    std::size_t perEpoch() const noexcept { return (m_order.size() + m_batch - 1) / m_batch; }

private:
    std::vector<std::uint32_t> m_order;
    std::size_t m_batch, m_at;
    std::mt19937_64 m_random;
};

/// One training from one start, and what is seen of it.
struct TrainingRun
{
    JobContext& job;
    const DeepSettings& settings;
    const Matrix& x; ///< prepared
    const DeepHooks& hooks;
    FrameRecorder& frames;
    std::string label; ///< "restart 2 of 3, ", or empty
    std::uint64_t seed = 0;

    long steps = 0;
    bool stopped = false; ///< a guard ended the training
    std::vector<TrainingPoint> curve{};
    std::vector<std::string> warnings{};
    std::vector<std::int32_t> assignment{};
    std::vector<std::int32_t> initial{}; ///< of k-means on the code of the autoencoder
    Matrix code{}, soft{};
    int updates = 0;
};

/// Trains the reconstruction by the recipe and leaves the weights in `network`.
void pretrain(AutoEncoder& network, TrainingRun& run);
/// Starts the centroids by k-means on the code; sets code, soft, assignment and initial.
void startCentroids(AutoEncoder& network, TrainingRun& run);
/// Refines by the clustering loss; sets code, soft and assignment.
void refine(AutoEncoder& network, TrainingRun& run);

/// A pass of pre-training as its recipe has it.
struct PretrainPlan
{
    std::string stage; ///< for people
    int epochs = 0;
    double weight = 1; ///< of the mean squared error of a number
    double inputNoise = 0, codeNoise = 0;
    std::function<double(double part)> rate; ///< learning rate after a part (0…1) of the stage
    bool shown = true;                       ///< has its place in curve and frames
};
/// Trains `network` on `x`. Restores the last good weights and returns false when the loss leaves its range; adds a
/// warning then.
bool pretrainStage(AutoEncoder& network, const Matrix& x, const PretrainPlan& plan, TrainingRun& run);

/// Mean square of all numbers, and of what is left of them without the columns' means.
struct Spread
{
    double square = 0, variance = 0;
};
Spread spreadOf(const Matrix& x);
/// A number for sentences: "0.00131", "1e+06".
std::string shortNumber(double value);

} // namespace semascope::core
