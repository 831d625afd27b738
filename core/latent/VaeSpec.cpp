#include "core/latent/VaeSpec.h"

#include "core/job/Error.h"

#include <array>

namespace semascope::core {

namespace {

using Kind = VaeLayer::Kind;

constexpr std::array<std::pair<const char*, Kind>, 11> kWords{{{"conv", Kind::Convolution},
                                                               {"conv_transpose", Kind::Transposed},
                                                               {"linear", Kind::Linear},
                                                               {"batch_norm", Kind::BatchNorm},
                                                               {"relu", Kind::Relu},
                                                               {"leaky_relu", Kind::LeakyRelu},
                                                               {"silu", Kind::Silu},
                                                               {"tanh", Kind::Tanh},
                                                               {"sigmoid", Kind::Sigmoid},
                                                               {"reshape", Kind::Reshape},
                                                               {"upsample", Kind::Double}}};

VaeLayer convolution(Kind kind, const std::string& key, int in, int out)
{
    VaeLayer layer;
    layer.kind = kind;
    layer.key = key;
    layer.in = in;
    layer.out = out;
    layer.kernel = 4;
    layer.stride = 2;
    layer.padding = 1;
    return layer;
}

VaeLayer linear(const std::string& key, int in, int out)
{
    VaeLayer layer;
    layer.kind = Kind::Linear;
    layer.key = key;
    layer.in = in;
    layer.out = out;
    return layer;
}

VaeLayer plain(Kind kind)
{
    VaeLayer layer;
    layer.kind = kind;
    return layer;
}

VaeLayer reshape(int channels, int side)
{
    VaeLayer layer;
    layer.kind = Kind::Reshape;
    layer.out = channels;
    layer.height = layer.width = side;
    return layer;
}

void append(std::vector<VaeLayer>& layers, VaeLayer layer, Kind activation)
{
    layers.push_back(std::move(layer));
    layers.push_back(plain(activation));
}

/// What one layer makes of channels×height×width; height 0: a vector.
struct Shape
{
    int channels, height, width;
    int numbers() const { return height == 0 ? channels : channels * height * width; }
};

[[noreturn]] void misfit(const VaeLayer& layer, const std::string& sentence)
{
    throw Error(Code::BadFormat, "VAE layer " + (layer.key.empty() ? std::string(layerName(layer.kind)) : layer.key) +
                                     " " + sentence + "; correct the description of the network.");
}

Shape convolved(const VaeLayer& layer, const Shape& x)
{
    if (x.height == 0) {
        misfit(layer, "is a convolution of a vector: a reshape is missing before it");
    }
    if (layer.in != x.channels) {
        misfit(layer, "takes " + std::to_string(layer.in) + " channels but gets " + std::to_string(x.channels));
    }
    if (layer.kernel < 1 || layer.stride < 1 || layer.padding < 0 || layer.out < 1) {
        misfit(layer, "needs a kernel and a stride of at least 1");
    }
    const auto side = [&layer](int n) {
        return layer.kind == Kind::Convolution ? (n + 2 * layer.padding - layer.kernel) / layer.stride + 1
                                               : (n - 1) * layer.stride - 2 * layer.padding + layer.kernel;
    };
    const Shape y{layer.out, side(x.height), side(x.width)};
    constexpr int kLargest = 4096;
    if (y.height < 1 || y.width < 1 || y.height > kLargest || y.width > kLargest) {
        misfit(layer, "would make pictures of " + std::to_string(y.width) + "×" + std::to_string(y.height));
    }
    return y;
}

Shape through(const VaeLayer& layer, const Shape& x)
{
    switch (layer.kind) {
    case Kind::Convolution:
    case Kind::Transposed:
        return convolved(layer, x);
    case Kind::Linear:
        if (layer.in != x.numbers()) {
            misfit(layer, "takes " + std::to_string(layer.in) + " numbers but gets " + std::to_string(x.numbers()));
        }
        return {layer.out, 0, 0};
    case Kind::BatchNorm:
        if (layer.out != x.channels) {
            misfit(layer, "is for " + std::to_string(layer.out) + " channels but gets " + std::to_string(x.channels));
        }
        return x;
    case Kind::Reshape:
        if (layer.out * layer.height * layer.width != x.numbers()) {
            misfit(layer, "cannot make " + std::to_string(layer.out) + "×" + std::to_string(layer.height) + "×" +
                              std::to_string(layer.width) + " of " + std::to_string(x.numbers()) + " numbers");
        }
        return {layer.out, layer.height, layer.width};
    case Kind::Double:
        return {x.channels, 2 * x.height, 2 * x.width};
    default:
        return x;
    }
}

} // namespace

const char* layerName(Kind kind) noexcept
{
    for (const auto& [word, which] : kWords) {
        if (which == kind) {
            return word;
        }
    }
    return "";
}

std::optional<Kind> layerKind(const std::string& word)
{
    for (const auto& [name, kind] : kWords) {
        if (word == name) {
            return kind;
        }
    }
    return std::nullopt;
}

VaeSpec burgessSpec(int side, int channels, int latents)
{
    constexpr int kMaps = 32, kCore = 4, kHidden = 256;
    VaeSpec spec;
    spec.family = "Burgess (" + std::to_string(side) + " px)";
    spec.channels = channels;
    spec.side = side;
    spec.latents = latents;
    spec.head = LatentHead::Alternating;
    append(spec.encoder, convolution(Kind::Convolution, "encoder.conv1", channels, kMaps), Kind::Relu);
    append(spec.encoder, convolution(Kind::Convolution, "encoder.conv2", kMaps, kMaps), Kind::Relu);
    append(spec.encoder, convolution(Kind::Convolution, "encoder.conv3", kMaps, kMaps), Kind::Relu);
    if (side == 64) {
        append(spec.encoder, convolution(Kind::Convolution, "encoder.conv_64", kMaps, kMaps), Kind::Relu);
    }
    append(spec.encoder, linear("encoder.lin1", kMaps * kCore * kCore, kHidden), Kind::Relu);
    append(spec.encoder, linear("encoder.lin2", kHidden, kHidden), Kind::Relu);
    spec.encoder.push_back(linear("encoder.mu_logvar_gen", kHidden, 2 * latents));
    append(spec.decoder, linear("decoder.lin1", latents, kHidden), Kind::Relu);
    append(spec.decoder, linear("decoder.lin2", kHidden, kHidden), Kind::Relu);
    append(spec.decoder, linear("decoder.lin3", kHidden, kMaps * kCore * kCore), Kind::Relu);
    spec.decoder.push_back(reshape(kMaps, kCore));
    if (side == 64) {
        append(spec.decoder, convolution(Kind::Transposed, "decoder.convT_64", kMaps, kMaps), Kind::Relu);
    }
    append(spec.decoder, convolution(Kind::Transposed, "decoder.convT1", kMaps, kMaps), Kind::Relu);
    append(spec.decoder, convolution(Kind::Transposed, "decoder.convT2", kMaps, kMaps), Kind::Relu);
    append(spec.decoder, convolution(Kind::Transposed, "decoder.convT3", kMaps, channels), Kind::Sigmoid);
    return spec;
}

VaeSpec disentanglementLibSpec(int side, int channels, int latents)
{
    constexpr int kCore = 4, kHidden = 256;
    VaeSpec spec;
    spec.family = "disentanglement_lib (" + std::to_string(side) + " px)";
    spec.channels = channels;
    spec.side = side;
    spec.latents = latents;
    // 2×2 kernels of stride 2 with "same" padding need none; 4×4 ones need one pixel on each side.
    const auto small = [](const std::string& key, int in, int out) {
        VaeLayer layer = convolution(Kind::Convolution, key, in, out);
        layer.kernel = 2;
        layer.padding = 0;
        return layer;
    };
    const bool large = side == 64;
    int stage = 1;
    const auto key = [&stage](const char* part) { return std::string(part) + std::to_string(stage++); };
    append(spec.encoder, convolution(Kind::Convolution, key("encoder.conv"), channels, 32), Kind::Relu);
    if (large) {
        append(spec.encoder, convolution(Kind::Convolution, key("encoder.conv"), 32, 32), Kind::Relu);
    }
    append(spec.encoder, small(key("encoder.conv"), 32, 64), Kind::Relu);
    append(spec.encoder, small(key("encoder.conv"), 64, 64), Kind::Relu);
    append(spec.encoder, linear("encoder.fc", 64 * kCore * kCore, kHidden), Kind::Relu);
    spec.encoder.push_back(linear("encoder.head", kHidden, 2 * latents));
    append(spec.decoder, linear("decoder.fc1", latents, kHidden), Kind::Relu);
    append(spec.decoder, linear("decoder.fc2", kHidden, 64 * kCore * kCore), Kind::Relu);
    spec.decoder.push_back(reshape(64, kCore));
    stage = 1;
    append(spec.decoder, convolution(Kind::Transposed, key("decoder.deconv"), 64, 64), Kind::Relu);
    append(spec.decoder, convolution(Kind::Transposed, key("decoder.deconv"), 64, 32), Kind::Relu);
    if (large) {
        append(spec.decoder, convolution(Kind::Transposed, key("decoder.deconv"), 32, 32), Kind::Relu);
    }
    append(spec.decoder, convolution(Kind::Transposed, key("decoder.deconv"), 32, channels), Kind::Sigmoid);
    return spec;
}

void checkVaeSpec(const VaeSpec& spec)
{
    Shape x{spec.channels, spec.side, spec.side};
    for (const VaeLayer& layer : spec.encoder) {
        x = through(layer, x);
    }
    const int wanted = spec.head == LatentHead::MeanOnly ? spec.latents : 2 * spec.latents;
    if (spec.encoder.empty() || x.numbers() != wanted) {
        throw Error(Code::BadFormat, "The encoder ends in " + std::to_string(x.numbers()) + " numbers where " +
                                         std::to_string(wanted) + " are wanted for " + std::to_string(spec.latents) +
                                         " latents; correct the description of the network.");
    }
    x = {spec.latents, 0, 0};
    for (const VaeLayer& layer : spec.decoder) {
        x = through(layer, x);
    }
    if (spec.decoder.empty() || x.channels != spec.channels || x.height != spec.side || x.width != spec.side) {
        throw Error(Code::BadFormat, "The decoder ends in " + std::to_string(x.channels) + "×" +
                                         std::to_string(x.height) + "×" + std::to_string(x.width) + " where " +
                                         std::to_string(spec.channels) + "×" + std::to_string(spec.side) + "×" +
                                         std::to_string(spec.side) + " is wanted; correct the description.");
    }
}

} // namespace semascope::core
