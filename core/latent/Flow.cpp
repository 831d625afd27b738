#include "core/latent/Flow_p.h"

#include <cmath>
#include <numeric>
#include <random>
#include <utility>

namespace semascope::core {

namespace {

/// Uniform in [-1, 1), the same on every machine: std's distributions differ between libraries.
float symmetric(std::mt19937_64& random)
{
    return static_cast<float>(static_cast<double>(random() >> 11) * 0x1p-52 - 1.0);
}

NetAt placeNet(const FlowShape& shape, std::size_t in, std::size_t out, std::size_t& at)
{
    NetAt net;
    for (std::size_t layer = 0; layer < shape.depth + 2; ++layer) {
        LinearAt place;
        place.in = layer == 0 ? in : shape.width;
        place.out = layer == shape.depth + 1 ? out : shape.width;
        place.weight = std::exchange(at, at + place.in * place.out);
        place.bias = std::exchange(at, at + place.out);
        net.push_back(place);
    }
    return net;
}

void fillNet(Flow& flow, const NetAt& net, std::mt19937_64& random)
{
    for (const LinearAt& layer : net) {
        const float reach = 1.0F / std::sqrt(static_cast<float>(layer.in));
        for (std::size_t i = layer.weight; i < layer.bias + layer.out; ++i) {
            flow.values[i] = reach * symmetric(random);
        }
    }
}

void listNet(std::vector<FlowTensor>& list, const std::string& prefix, const NetAt& net)
{
    const auto signedSize = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    for (std::size_t i = 0; i < net.size(); ++i) {
        const std::string name = prefix + "." + std::to_string(i);
        list.push_back({name + ".weight", {signedSize(net[i].out), signedSize(net[i].in)}, net[i].weight});
        list.push_back({name + ".bias", {signedSize(net[i].out)}, net[i].bias});
    }
}

} // namespace

FlowLayout::FlowLayout(const FlowShape& shape)
{
    const std::size_t first = shape.half(), second = shape.dim - first;
    for (std::size_t b = 0; b < shape.blocks; ++b) {
        BlockAt block;
        block.loc = std::exchange(count, count + shape.dim);
        block.scale = std::exchange(count, count + shape.dim);
        for (std::size_t i = 0; i < 2; ++i) {
            const std::size_t in = i == 0 ? first : second, out = shape.dim - in;
            block.s[i] = placeNet(shape, in, out, count);
            block.t[i] = placeNet(shape, in, out, count);
        }
        blocks.push_back(std::move(block));
    }
}

Flow makeFlow(const FlowShape& shape, std::uint64_t seed)
{
    Flow flow(shape);
    std::mt19937_64 random(seed * 0x9e3779b97f4a7c15ULL + 1);
    for (const BlockAt& block : flow.layout.blocks) {
        for (std::size_t j = 0; j < shape.dim; ++j) {
            flow.values[block.scale + j] = 1;
        }
        for (std::size_t i = 0; i < 2; ++i) {
            fillNet(flow, block.s[i], random);
            fillNet(flow, block.t[i], random);
        }
        std::vector<std::uint32_t> order(shape.dim);
        std::iota(order.begin(), order.end(), 0U);
        for (std::size_t i = order.size(); i > 1; --i) {
            std::swap(order[i - 1], order[random() % i]);
        }
        flow.order.push_back(std::move(order));
    }
    return flow;
}

std::vector<FlowTensor> flowTensors(const Flow& flow)
{
    std::vector<FlowTensor> list;
    const auto dim = static_cast<std::int64_t>(flow.shape.dim);
    for (std::size_t b = 0; b < flow.layout.blocks.size(); ++b) {
        const BlockAt& block = flow.layout.blocks[b];
        const std::string prefix = std::to_string(b);
        list.push_back({prefix + ".actnorm.loc", {dim}, block.loc});
        list.push_back({prefix + ".actnorm.scale", {dim}, block.scale});
        for (std::size_t i = 0; i < 2; ++i) {
            listNet(list, prefix + ".coupling.s." + std::to_string(i), block.s[i]);
            listNet(list, prefix + ".coupling.t." + std::to_string(i), block.t[i]);
        }
    }
    return list;
}

} // namespace semascope::core
