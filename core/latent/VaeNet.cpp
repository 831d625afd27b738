#include "core/latent/VaeNet_p.h"

#include "core/job/Error.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace semascope::core::latent {

namespace {

using Kind = VaeLayer::Kind;

std::vector<std::int64_t> weightShape(const VaeLayer& layer)
{
    switch (layer.kind) {
    case Kind::Convolution:
        return {layer.out, layer.in, layer.kernel, layer.kernel};
    case Kind::Transposed:
        return {layer.in, layer.out, layer.kernel, layer.kernel};
    case Kind::Linear:
        return {layer.out, layer.in};
    case Kind::BatchNorm:
        return {layer.out};
    default:
        return {};
    }
}

std::string words(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const std::int64_t size : shape) {
        text += (text.empty() ? "" : "×") + std::to_string(size);
    }
    return text;
}

at::Tensor take(const StateDict& state, const std::string& key, const std::vector<std::int64_t>& shape)
{
    const TensorView* view = state.find(key);
    if (view == nullptr) {
        throw Error(Code::BadFormat, "The VAE's file has no tensor \"" + key +
                                         "\" that its architecture needs; map its names in config.json.");
    }
    if (view->shape != shape) {
        throw Error(Code::BadFormat, "The VAE's tensor \"" + key + "\" is " + words(view->shape) +
                                         " where its architecture needs " + words(shape) + "; correct config.json.");
    }
    const std::vector<float> values = toFloats(*view);
    return at::from_blob(const_cast<float*>(values.data()), shape, at::kFloat).clone();
}

const at::Tensor& weight(const Weights& weights, const std::string& key)
{
    return weights.at(key);
}

at::Tensor bias(const Weights& weights, const VaeLayer& layer)
{
    return layer.bias ? weights.at(layer.key + ".bias") : at::Tensor();
}

at::Tensor normalised(const VaeLayer& layer, const Weights& w, const at::Tensor& x, bool training)
{
    const at::Tensor mean = weight(w, layer.key + ".running_mean"), variance = weight(w, layer.key + ".running_var");
    constexpr double kMomentum = 0.1;
    return at::batch_norm(x, weight(w, layer.key + ".weight"), bias(w, layer), mean, variance, training, kMomentum,
                          static_cast<double>(layer.eps), false);
}

at::Tensor one(const VaeLayer& layer, const Weights& w, const at::Tensor& x, bool training)
{
    switch (layer.kind) {
    case Kind::Convolution:
        return at::conv2d(x, weight(w, layer.key + ".weight"), bias(w, layer), layer.stride, layer.padding);
    case Kind::Transposed:
        return at::conv_transpose2d(x, weight(w, layer.key + ".weight"), bias(w, layer), layer.stride, layer.padding);
    case Kind::Linear:
        return at::linear(x.flatten(1), weight(w, layer.key + ".weight"), bias(w, layer));
    case Kind::BatchNorm:
        return normalised(layer, w, x, training);
    case Kind::Relu:
        return at::relu(x);
    case Kind::LeakyRelu:
        return at::leaky_relu(x, layer.slope);
    case Kind::Silu:
        return at::silu(x);
    case Kind::Tanh:
        return at::tanh(x);
    case Kind::Sigmoid:
        return at::sigmoid(x);
    case Kind::Reshape:
        return x.reshape({x.size(0), layer.out, layer.height, layer.width});
    case Kind::Double:
        return at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
    }
    return x;
}

void takeLayer(const VaeLayer& layer, const StateDict& state, const at::Device& device, Weights& out)
{
    if (layer.key.empty()) {
        return;
    }
    const auto put = [&](const std::string& name, const std::vector<std::int64_t>& shape) {
        out[layer.key + name] = take(state, layer.key + name, shape).to(device);
    };
    put(".weight", weightShape(layer));
    if (layer.bias) {
        put(".bias", {layer.out});
    }
    if (layer.kind == Kind::BatchNorm) {
        put(".running_mean", {layer.out});
        put(".running_var", {layer.out});
    }
}

} // namespace

Weights takeWeights(const VaeSpec& spec, const StateDict& state, const at::Device& device)
{
    Weights out;
    for (const auto* layers : {&spec.encoder, &spec.decoder}) {
        for (const VaeLayer& layer : *layers) {
            takeLayer(layer, state, device, out);
        }
    }
    return out;
}

Weights drawWeights(const VaeSpec& spec, std::uint64_t seed, const at::Device& device)
{
    Weights out;
    at::Generator generator = at::detail::createCPUGenerator(seed);
    for (const auto* layers : {&spec.encoder, &spec.decoder}) {
        for (const VaeLayer& layer : *layers) {
            if (layer.key.empty()) {
                continue;
            }
            const auto shape = weightShape(layer);
            at::Tensor w = at::empty(shape, at::kFloat), b = at::zeros({layer.out}, at::kFloat);
            if (layer.kind == Kind::BatchNorm) {
                w.fill_(1);
                out[layer.key + ".running_mean"] = at::zeros({layer.out}, at::kFloat).to(device);
                out[layer.key + ".running_var"] = at::ones({layer.out}, at::kFloat).to(device);
            } else {
                const std::int64_t fanIn = w.numel() / w.size(0); // torch counts a transposed layer's alike
                const double bound = 1 / std::sqrt(static_cast<double>(fanIn));
                w.uniform_(-bound, bound, generator);
                b.uniform_(-bound, bound, generator);
            }
            out[layer.key + ".weight"] = w.to(device);
            if (layer.bias) {
                out[layer.key + ".bias"] = b.to(device);
            }
        }
    }
    return out;
}

at::Tensor run(const std::vector<VaeLayer>& layers, const Weights& weights, at::Tensor x, bool training, bool logits)
{
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (logits && i + 1 == layers.size() && layers[i].kind == Kind::Sigmoid) {
            break;
        }
        x = one(layers[i], weights, x, training);
    }
    return x;
}

std::pair<at::Tensor, at::Tensor> splitHead(const VaeSpec& spec, const at::Tensor& numbers)
{
    const at::Tensor flat = numbers.flatten(1);
    switch (spec.head) {
    case LatentHead::Halves:
        return {flat.slice(1, 0, spec.latents), flat.slice(1, spec.latents, 2 * spec.latents)};
    case LatentHead::Alternating: {
        const at::Tensor pairs = flat.view({flat.size(0), spec.latents, 2});
        return {pairs.select(2, 0), pairs.select(2, 1)};
    }
    case LatentHead::MeanOnly:
        break;
    }
    return {flat, at::zeros_like(flat)};
}

} // namespace semascope::core::latent
