#include "core/latent/VaeSpec.h"

namespace semascope::core {

namespace {

/// Whether every layer's weights are there with the sizes that the layers say.
bool fits(const std::vector<VaeLayer>& layers, const StateDict& state)
{
    for (const VaeLayer& layer : layers) {
        if (layer.key.empty()) {
            continue;
        }
        const TensorView* weight = state.find(layer.key + ".weight");
        if (weight == nullptr) {
            return false;
        }
        using Kind = VaeLayer::Kind;
        std::vector<std::int64_t> shape{layer.out, layer.in};
        if (layer.kind == Kind::Transposed) {
            shape = {layer.in, layer.out, layer.kernel, layer.kernel};
        } else if (layer.kind == Kind::Convolution) {
            shape = {layer.out, layer.in, layer.kernel, layer.kernel};
        } else if (layer.kind == Kind::BatchNorm) {
            shape = {layer.out};
        }
        if (weight->shape != shape) {
            return false;
        }
    }
    return true;
}

/// Size `axis` of a tensor, or 0.
int sizeOf(const StateDict& state, const std::string& key, std::size_t axis)
{
    const TensorView* t = state.find(key);
    return t != nullptr && axis < t->shape.size() ? static_cast<int>(t->shape[axis]) : 0;
}

} // namespace

std::optional<VaeSpec> recogniseVae(const StateDict& state)
{
    const int latents = sizeOf(state, "decoder.lin1.weight", 1);
    const int channels = sizeOf(state, "encoder.conv1.weight", 1);
    if (latents > 0 && channels > 0) {
        const int side = state.find("encoder.conv_64.weight") != nullptr ? 64 : 32;
        VaeSpec spec = burgessSpec(side, channels, latents);
        if (fits(spec.encoder, state) && fits(spec.decoder, state)) {
            return spec;
        }
    }
    const int others = sizeOf(state, "decoder.fc1.weight", 1);
    if (others > 0 && channels > 0) {
        const int side = state.find("encoder.conv4.weight") != nullptr ? 64 : 32;
        VaeSpec spec = disentanglementLibSpec(side, channels, others);
        if (fits(spec.encoder, state) && fits(spec.decoder, state)) {
            return spec;
        }
    }
    return std::nullopt;
}

} // namespace semascope::core
