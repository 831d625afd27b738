#pragma once
#include "core/latent/VaeNet_p.h"
#include "core/latent/VaeTrain.h"

namespace semascope::core::latent {

/// Terms of the objective over one batch (§4.1 of the algorithms' reference): sums over pixels and latents, means over
/// the batch.
struct Terms
{
    at::Tensor reconstruction, divergence, correlation; ///< scalars; the last is undefined where the objective has none
    at::Tensor divergenceOf;                            ///< each latent
    at::Tensor loss;
};

at::Tensor divergenceOf(const at::Tensor& mean, const at::Tensor& logVariance); ///< N×L

/// Chen et al. 2018, eq. 5 with minibatch stratified sampling: {mutual information, total correlation, dimension-wise
/// KL}. `n` pictures in the training set.
struct Decomposition
{
    at::Tensor information, correlation, dimensionWise;
};
Decomposition decompose(const at::Tensor& z, const at::Tensor& mean, const at::Tensor& logVariance, std::size_t n);

/// The discriminator of Kim & Mnih 2018: six hidden layers of 1,000, two outputs.
Weights drawDiscriminator(int latents, std::uint64_t seed, const at::Device& device);
at::Tensor discriminate(const Weights& weights, const at::Tensor& z);
/// Every latent shuffled over the batch by itself.
at::Tensor permuteLatents(const at::Tensor& z, at::Generator& generator);

} // namespace semascope::core::latent
