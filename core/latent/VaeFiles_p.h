#pragma once
#include "core/latent/VaeNet_p.h"
#include "core/latent/VaeTrain.h"

namespace semascope::core::latent {

/// Everything that going on with a training needs.
struct Training
{
    VaeProgress progress;
    Weights weights, state;
    std::map<std::string, std::int64_t> counts;
    std::string pictures; ///< hash of the pixels
};
/// config.json and model.safetensors; the folder is made when absent. Throws Error(Io).
void saveVae(const std::string& folder, const VaeSpec& spec, const Weights& weights);
/// training.safetensors: weights, state and progress in one file, so that they always belong together. Throws
/// Error(Io).
void saveTraining(const std::string& folder, const Training& training);
/// Nothing when the folder holds none, or one of another spec (the number of epochs may be larger now) or other
/// pictures.
std::optional<Training> openTraining(const std::string& folder, const VaeTrainSpec& spec, const std::string& pictures);
/// xxh3-128 of the pixels and their sizes, in hex.
std::string hashOf(const PixelSet& pixels);

} // namespace semascope::core::latent
