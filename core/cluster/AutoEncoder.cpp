#include "core/cluster/AutoEncoder_p.h"

#include "core/cluster/AutoEncoderKernels_p.h"
#include "core/job/Gemm.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace semascope::core {

namespace {

/// Uniform in (0, 1), the same with every standard library.
double uniform(std::mt19937_64& random)
{
    return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
}

void fillUniform(float* values, std::size_t count, double bound, std::mt19937_64& random)
{
    std::generate(values, values + count, [&] { return static_cast<float>((2 * uniform(random) - 1) * bound); });
}

/// Box & Muller 1958.
void fillNormal(float* values, std::size_t count, double deviation, std::mt19937_64& random)
{
    std::generate(values, values + count, [&] {
        const double radius = deviation * std::sqrt(-2 * std::log(uniform(random)));
        return static_cast<float>(radius * std::cos(2 * std::numbers::pi * uniform(random)));
    });
}

} // namespace

AutoEncoderLayout::AutoEncoderLayout(const std::vector<std::size_t>& widths, std::size_t clusterCount)
    : clusters(clusterCount)
{
    const std::size_t depth = widths.size() - 1;
    const auto append = [this](std::vector<DenseLayer>& layers, std::size_t in, std::size_t out, bool relu) {
        layers.push_back({in, out, total, total + in * out, relu});
        total += in * out + out;
    };
    for (std::size_t l = depth; l > 0; --l) {
        append(decoder, widths[l], widths[l - 1], l > 1);
    }
    encoderBegin = total;
    for (std::size_t l = 0; l < depth; ++l) {
        append(encoder, widths[l], widths[l + 1], l + 1 < depth);
    }
    centroids = total;
    total += clusters * widths.back();
}

std::vector<float> initialParameters(const AutoEncoderLayout& layout, double deviation, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    std::vector<float> values(layout.total, 0.0F);
    for (const auto* layers : {&layout.encoder, &layout.decoder}) {
        for (const DenseLayer& layer : *layers) {
            if (deviation > 0) {
                fillNormal(values.data() + layer.weight, layer.in * layer.out, deviation, random);
            } else {
                const double bound = 1 / std::sqrt(static_cast<double>(layer.in));
                fillUniform(values.data() + layer.weight, layer.in * layer.out, bound, random);
                fillUniform(values.data() + layer.bias, layer.out, bound, random);
            }
        }
    }
    return values;
}

std::vector<float> denseForward(const float* parameters, const std::vector<DenseLayer>& layers, const float* rows,
                                std::size_t count)
{
    std::vector<float> in, out;
    for (const DenseLayer& layer : layers) {
        out.resize(count * layer.out);
        const float* const from = in.empty() ? rows : in.data();
        gemm({count, layer.out, layer.in, from, parameters + layer.weight, out.data(), false, true, 0});
        dense::addBias({out.data(), parameters + layer.bias, count, layer.out, layer.relu});
        in.swap(out);
    }
    return in;
}

std::unique_ptr<AutoEncoder> makeAutoEncoder(const AutoEncoderLayout& layout, const Device& device)
{
    return device.cuda ? makeTorchAutoEncoder(layout, device) : makeCpuAutoEncoder(layout);
}

} // namespace semascope::core
