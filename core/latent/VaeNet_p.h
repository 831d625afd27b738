#pragma once
#include "core/job/TorchPch_p.h"
#include "core/latent/VaeSpec.h"

#include <map>

namespace semascope::core::latent {

/// Weights by name, as they are trained or as they came from a file.
using Weights = std::map<std::string, at::Tensor>;

/// The weights that the layers name. Throws Error(BadFormat) naming what is missing or has another shape.
Weights takeWeights(const VaeSpec& spec, const StateDict& state, const at::Device& device);
/// Fresh ones: U(±1/√fan_in) for weights and biases, as torch's layers start. Deterministic for a seed.
Weights drawWeights(const VaeSpec& spec, std::uint64_t seed, const at::Device& device);

/// x through the layers, N first. `training`: batch norms use the batch's own statistics and update the running ones. A
/// last sigmoid is left out when `logits`.
at::Tensor run(const std::vector<VaeLayer>& layers, const Weights& weights, at::Tensor x, bool training = false,
               bool logits = false);

/// What an encoder's last numbers mean: {mean, log-variance}; the second is zero for LatentHead::MeanOnly.
std::pair<at::Tensor, at::Tensor> splitHead(const VaeSpec& spec, const at::Tensor& numbers);

} // namespace semascope::core::latent
