#pragma once
#include "core/checkpoint/Checkpoint.h"

#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// One step of a sequential network. Pictures are C×H×W; a linear layer flattens what it gets.
struct VaeLayer
{
    enum class Kind {
        Convolution,
        Transposed,
        Linear,
        BatchNorm,
        Relu,
        LeakyRelu,
        Silu,
        Tanh,
        Sigmoid,
        Reshape,
        Double
    };
    Kind kind = Kind::Relu;
    std::string key;     ///< of the weights: key.weight and key.bias; layers without weights have none
    int in = 0, out = 0; ///< channels resp. features
    int kernel = 0, stride = 1, padding = 0;
    bool bias = true;
    float slope = 0.2F;        ///< of LeakyRelu
    float eps = 1e-5F;         ///< of BatchNorm
    int height = 0, width = 0; ///< Reshape: to out×height×width
    bool operator==(const VaeLayer&) const = default;
};
/// The word of config.json, such as "conv", and back.
const char* layerName(VaeLayer::Kind kind) noexcept;
std::optional<VaeLayer::Kind> layerKind(const std::string& word);

/// How the last numbers of an encoder are read: all means then all log-variances, alternating, or means alone.
enum class LatentHead { Halves, Alternating, MeanOnly };
/// Range of the pixels a network was trained on.
enum class PixelRange { Unit, Signed }; ///< [0, 1], [−1, 1]
/// What the pixels are distributed as, given the latent.
enum class PixelLikelihood { Bernoulli, Gaussian, Laplace };

/// A convolutional VAE as data: everything needed to run it but the weights.
struct VaeSpec
{
    std::string family; ///< "Burgess (64 px)", "disentanglement_lib (64 px)", "described by config.json"
    int channels = 3, side = 64, latents = 10;
    std::vector<VaeLayer> encoder, decoder;
    LatentHead head = LatentHead::Halves;
    PixelRange range = PixelRange::Unit;
    PixelLikelihood likelihood = PixelLikelihood::Bernoulli;
    bool operator==(const VaeSpec&) const = default;
};

/// Burgess et al. 2018 as disentangling-vae writes it: `side` 32 or 64, 1 or 3 channels. Its keys: encoder.conv1 ….
VaeSpec burgessSpec(int side, int channels, int latents);
/// Locatello et al. 2019 (disentanglement_lib's conv encoder and deconv decoder), 64 px; 32 px has one stage less.
VaeSpec disentanglementLibSpec(int side, int channels, int latents);

/// The architecture that the keys and shapes of `state` show; nothing when they show none that is known.
std::optional<VaeSpec> recogniseVae(const StateDict& state);
/// Reads and writes the "vae" object of our config.json. Throws Error(BadFormat) naming the member.
VaeSpec vaeSpecFromJson(const std::string& json, const std::string& file);
std::string vaeSpecToJson(const VaeSpec& spec);
/// Sizes from layer to layer fit, ends at `latents` and at channels×side×side. Throws Error(BadFormat) naming the
/// layer.
void checkVaeSpec(const VaeSpec& spec);

} // namespace semascope::core
