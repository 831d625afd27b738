#pragma once
#include "core/data/Dataset.h"
#include "core/latent/Vae.h"

namespace semascope::core {

/// Pictures as a VAE trains on them: n × channels×side×side bytes.
struct PixelSet
{
    std::vector<std::uint8_t> bytes;
    int channels = 3, side = 64;
    std::vector<std::uint32_t> sample; ///< of the dataset, one a picture
    std::vector<Skip> skipped;

    std::size_t size() const noexcept { return sample.size(); }
    /// Picture i as numbers in `range`, channels×side×side.
    void copy(std::size_t i, PixelRange range, float* out) const;
};
/// How a picture becomes a square: the middle square of the shorter side, or a middle square of `crop` pixels first.
struct PixelCut
{
    int channels = 3, side = 64;
    int crop = 0; ///< 0: the shorter side (CelebA in the literature: 160 or 148)
};
/// Reads the pictures of `data` (all, or those listed). Throws Error(Mismatch | Cancelled) when none can be read.
PixelSet readPixels(const Dataset& data, const std::vector<std::uint32_t>& which, const PixelCut& cut, JobContext& job);

struct VaeTrainSpec
{
    std::string objective = "vae";        ///< vae, beta, factor, btcvae
    std::string architecture = "burgess"; ///< or disentanglement_lib
    int latents = 10;
    double beta = 4;    ///< beta: of the KL; btcvae: of the total correlation
    double gamma = 6.4; ///< factor: of the total correlation
    int epochs = 30, batch = 64;
    double rate = 5e-4;   ///< Adam, betas .9 and .999
    int anneal = 0;       ///< steps over which the extra term grows from 0
    double heldOut = 0.1; ///< share of the pictures that is never trained on
    std::uint64_t seed = 0;
    std::string device = "auto";
    bool operator==(const VaeTrainSpec&) const = default;
};

/// One epoch. Nats a picture; `held` on pictures that were not trained on, NaN when there are none.
struct VaeEpoch
{
    int epoch = 0;
    double reconstruction = 0, divergence = 0, correlation = 0, loss = 0;
    double heldReconstruction = 0, heldDivergence = 0, heldPsnr = 0;
    std::vector<double> divergenceOf; ///< each latent, held-out pictures (all when there are none)
};
/// What training shows: published as shared_ptr<const VaeProgress> after every epoch and now and then within one.
struct VaeProgress
{
    VaeTrainSpec spec;
    std::vector<VaeEpoch> epochs;
    int side = 0, channels = 0;
    Matrix originals, reconstructions; ///< the same up to eight held-out pictures, [0, 1]
    std::size_t trained = 0, held = 0; ///< pictures
};

/// Trains, and writes `folder` (config.json, model.safetensors, training.safetensors) after every epoch, each file
/// whole or not at all, so that a kill loses one epoch at most. A folder of the same spec and pictures is gone on with;
/// the result equals an undisturbed run. Stops on numbers that are not finite and keeps the last good epoch. Throws
/// Error(Misuse | Mismatch | Io | Cancelled | OutOfMemory).
VaeProgress trainVae(const PixelSet& pixels, const VaeTrainSpec& spec, const std::string& folder, JobContext& job);

} // namespace semascope::core
