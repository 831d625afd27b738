#include "core/latent/VaeObjective_p.h"

#include <cmath>

namespace semascope::core::latent {

namespace {

constexpr int kHiddenLayers = 6, kHiddenWidth = 1000;

/// log of the share that each picture of the batch stands for when the batch stands for all: own picture, one other,
/// the rest; every row sums to one. B×B.
at::Tensor stratifiedWeights(std::int64_t batch, std::size_t n, const at::TensorOptions& options)
{
    const double others = static_cast<double>(batch - 1), all = static_cast<double>(n);
    at::Tensor w = at::full({batch, batch}, 1 / others, at::kDouble);
    const at::Tensor own = at::arange(batch);
    w.index_put_({own, own}, at::scalar_tensor(1 / all, at::kDouble));
    w.index_put_({own, (own + 1).remainder(batch)}, at::scalar_tensor((all - others) / (all * others), at::kDouble));
    return w.log().to(options);
}

} // namespace

at::Tensor divergenceOf(const at::Tensor& mean, const at::Tensor& logVariance)
{
    return 0.5 * (mean.square() + logVariance.exp() - logVariance - 1);
}

Decomposition decompose(const at::Tensor& z, const at::Tensor& mean, const at::Tensor& logVariance, std::size_t n)
{
    const double logTwoPi = std::log(2 * M_PI);
    const auto density = [logTwoPi](const at::Tensor& x, const at::Tensor& m, const at::Tensor& v) {
        return -0.5 * ((x - m).square() * (-v).exp() + v + logTwoPi);
    };
    const at::Tensor weights = stratifiedWeights(z.size(0), n, z.options());
    const at::Tensor all = density(z.unsqueeze(1), mean.unsqueeze(0), logVariance.unsqueeze(0)); // B×B×L
    const at::Tensor given = density(z, mean, logVariance).sum(1);
    const at::Tensor together = at::logsumexp(weights + all.sum(2), {1});
    const at::Tensor apart = at::logsumexp(weights.unsqueeze(2) + all, {1}).sum(1);
    const at::Tensor prior = (-0.5 * (z.square() + logTwoPi)).sum(1);
    return {(given - together).mean(), (together - apart).mean(), (apart - prior).mean()};
}

Weights drawDiscriminator(int latents, std::uint64_t seed, const at::Device& device)
{
    VaeSpec net;
    int in = latents;
    for (int i = 0; i <= kHiddenLayers; ++i) {
        VaeLayer layer;
        layer.kind = VaeLayer::Kind::Linear;
        layer.key = "discriminator." + std::to_string(i);
        layer.in = in;
        layer.out = i == kHiddenLayers ? 2 : kHiddenWidth;
        net.encoder.push_back(layer);
        in = kHiddenWidth;
    }
    return drawWeights(net, seed, device);
}

at::Tensor discriminate(const Weights& weights, const at::Tensor& z)
{
    constexpr double kSlope = 0.2;
    at::Tensor x = z;
    for (int i = 0; i <= kHiddenLayers; ++i) {
        const std::string key = "discriminator." + std::to_string(i);
        x = at::linear(x, weights.at(key + ".weight"), weights.at(key + ".bias"));
        if (i < kHiddenLayers) {
            x = at::leaky_relu(x, kSlope);
        }
    }
    return x;
}

at::Tensor permuteLatents(const at::Tensor& z, at::Generator& generator)
{
    std::vector<at::Tensor> columns;
    for (std::int64_t l = 0; l < z.size(1); ++l) {
        const at::Tensor order = at::randperm(z.size(0), generator, at::TensorOptions().dtype(at::kLong));
        columns.push_back(z.select(1, l).index_select(0, order.to(z.device())));
    }
    return at::stack(columns, 1);
}

} // namespace semascope::core::latent
