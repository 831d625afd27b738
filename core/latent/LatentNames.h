#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

/// A pair of opposed prompts ("glasses", "no glasses") as the difference of their text vectors, positive − negative.
struct PromptAxis
{
    std::string name;
    std::vector<float> vector;
};

/// What to name latents by. For every latent the change of the picture vector when it is moved up against moved down,
/// E(G(z + e)) − E(G(z − e)), for every anchor picture.
struct LatentNameTask
{
    std::vector<Matrix> changes; ///< per latent: anchors × E
    std::vector<PromptAxis> prompts;
    Matrix pictures; ///< vectors of pictures (m×E), so that chance directions lie where pictures differ; may be empty
    int permutations = 2000; ///< chance directions
    std::uint64_t seed = 0;
};

/// How far a latent's mean change goes along a prompt pair.
struct LatentNameScore
{
    double cosine = 0;                    ///< of the mean change with the prompts' difference
    double zScore = 0;                    ///< against chance directions: (cosine − their mean)/their deviation
    double slope = 0, slopeDeviation = 0; ///< mean and deviation over anchors of change·unit prompt vector
};
struct LatentNaming
{
    std::vector<std::vector<LatentNameScore>> scores; ///< [latent][prompt]
    /// Prompt pair of each latent, no pair twice, largest |z| first; −1 where none reaches `least`. A negative z means
    /// that the slider runs the other way.
    std::vector<std::int32_t> name;
};
/// Ranks prompt pairs by directional cosine with the latents' changes and calibrates by chance directions. Throws
/// Error(Mismatch) for different widths, Error(Misuse) without latents or prompts, Error(Cancelled).
LatentNaming nameLatents(const LatentNameTask& task, JobContext& job, double least = 3);

} // namespace semascope::core
