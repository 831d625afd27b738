#include "core/clip/Towers_p.h"

#include <cmath>

namespace semascope::core::clip {

namespace {

at::Tensor apply(const Bottleneck& b, const at::Tensor& x)
{
    at::Tensor y = at::relu(b.conv2(at::relu(b.conv1(x))));
    y = b.conv3(b.stride > 1 ? at::avg_pool2d(y, b.stride) : y);
    at::Tensor side = x;
    if (b.shortcut.defined()) {
        side = b.shortcut(b.stride > 1 ? at::avg_pool2d(x, b.stride) : x);
    }
    return at::relu(y + side);
}

/// CLIP's modified ResNet (Radford et al. 2021, appendix): three-convolution stem, anti-aliased strides, attention
/// pooling.
class ModifiedResNet : public VisionTower
{
public:
    ModifiedResNet(const ClipConfig& c, const WeightSource& w)
        : m_heads(c.visionHeads), m_stem(readStem(w)), m_pool(readAttentionPool(c, w))
    {
        for (int layer = 0; layer < 4; ++layer) {
            for (int j = 0; j < c.resnetBlocks[static_cast<std::size_t>(layer)]; ++j) {
                m_blocks.push_back(readBottleneck(w, layer, j));
            }
        }
    }

    at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const override
    {
        at::Tensor x = pixels;
        for (const FoldedConv& conv : m_stem) {
            x = at::relu(conv(x));
        }
        x = at::avg_pool2d(x, 2);
        for (const Bottleneck& b : m_blocks) {
            job.checkpoint();
            x = apply(b, x);
        }
        return attentionPool(x);
    }

private:
    at::Tensor attentionPool(const at::Tensor& map) const
    {
        const at::Tensor cells = map.flatten(2).transpose(1, 2);
        const at::Tensor x = at::cat({cells.mean(1, true), cells}, 1) + m_pool.position;
        const auto batch = x.size(0), width = x.size(2) / m_heads;
        const auto heads = [&](const at::Tensor& t) { return t.view({batch, -1, m_heads, width}).transpose(1, 2); };
        const at::Tensor q = heads(linear(0, x.narrow(1, 0, 1))), k = heads(linear(1, x)), v = heads(linear(2, x));
        const double scale = 1.0 / std::sqrt(static_cast<double>(width));
        const at::Tensor weights = at::softmax(at::matmul(q * scale, k.transpose(-2, -1)), -1);
        return linear(3, at::matmul(weights, v).transpose(1, 2).reshape({batch, -1}));
    }
    at::Tensor linear(std::size_t part, const at::Tensor& x) const
    {
        return at::linear(x, m_pool.weight[part], m_pool.bias[part]);
    }

    std::int64_t m_heads;
    std::vector<FoldedConv> m_stem;
    std::vector<Bottleneck> m_blocks;
    AttentionPoolWeights m_pool;
};

} // namespace

std::unique_ptr<VisionTower> makeModifiedResNet(const ClipConfig& c, const WeightSource& w)
{
    return std::make_unique<ModifiedResNet>(c, w);
}

} // namespace semascope::core::clip
