#include "core/clip/Towers_p.h"

namespace semascope::core::clip {

namespace {

/// A bias-free convolution with the batch norm behind it folded in.
struct FoldedConv
{
    at::Tensor weight, bias;
    std::int64_t padding = 0, stride = 1;
    at::Tensor operator()(const at::Tensor& x) const { return at::conv2d(x, weight, bias, stride, padding); }
};

FoldedConv fold(const WeightSource& w, const std::string& conv, const std::string& norm)
{
    constexpr double kEps = 1e-5;
    const at::Tensor kernel = w.take(conv + ".weight");
    const at::Tensor variance = w.take(norm + ".running_var").to(at::kFloat);
    const at::Tensor scale = w.take(norm + ".weight").to(at::kFloat) / at::sqrt(variance + kEps);
    const at::Tensor bias =
        w.take(norm + ".bias").to(at::kFloat) - w.take(norm + ".running_mean").to(at::kFloat) * scale;
    FoldedConv f;
    f.weight = (kernel.to(at::kFloat) * scale.view({-1, 1, 1, 1})).to(w.type());
    f.bias = bias.to(w.type());
    f.padding = kernel.size(-1) / 2;
    return f;
}

struct Bottleneck
{
    FoldedConv conv1, conv2, conv3, shortcut;
    bool hasShortcut = false;
    std::int64_t stride = 1;

    at::Tensor forward(const at::Tensor& x) const
    {
        at::Tensor y = at::relu(conv2(at::relu(conv1(x))));
        y = conv3(stride > 1 ? at::avg_pool2d(y, stride) : y);
        at::Tensor side = x;
        if (hasShortcut) {
            side = shortcut(stride > 1 ? at::avg_pool2d(x, stride) : x);
        }
        return at::relu(y + side);
    }
};

/// CLIP's modified ResNet (Radford et al. 2021, appendix): three-convolution stem, anti-aliased strides, attention
/// pooling.
class ModifiedResNet : public VisionTower
{
public:
    ModifiedResNet(const ClipConfig& c, const WeightSource& w) : m_heads(c.visionHeads)
    {
        for (int i = 1; i <= 3; ++i) {
            const std::string n = std::to_string(i);
            m_stem.push_back(fold(w, "visual.conv" + n, "visual.bn" + n));
        }
        m_stem[0].stride = 2;
        for (int layer = 0; layer < 4; ++layer) {
            for (int j = 0; j < c.resnetBlocks[static_cast<std::size_t>(layer)]; ++j) {
                m_blocks.push_back(readBottleneck(w, layer, j));
            }
        }
        const std::string pool = "visual.attnpool.";
        m_position = w.take(pool + "positional_embedding");
        for (const char* part : {"q_proj", "k_proj", "v_proj", "c_proj"}) {
            m_pool.emplace_back(w.take(pool + part + ".weight"), w.take(pool + part + ".bias"));
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
            x = b.forward(x);
        }
        return attentionPool(x);
    }

private:
    static Bottleneck readBottleneck(const WeightSource& w, int layer, int j)
    {
        const std::string p = "visual.layer" + std::to_string(layer + 1) + "." + std::to_string(j) + ".";
        Bottleneck b;
        b.conv1 = fold(w, p + "conv1", p + "bn1");
        b.conv2 = fold(w, p + "conv2", p + "bn2");
        b.conv3 = fold(w, p + "conv3", p + "bn3");
        b.hasShortcut = w.has(p + "downsample.0.weight");
        if (b.hasShortcut) {
            b.shortcut = fold(w, p + "downsample.0", p + "downsample.1");
        }
        b.stride = layer > 0 && j == 0 ? 2 : 1;
        return b;
    }

    at::Tensor attentionPool(const at::Tensor& map) const
    {
        const at::Tensor cells = map.flatten(2).transpose(1, 2);
        const at::Tensor x = at::cat({cells.mean(1, true), cells}, 1) + m_position;
        const auto batch = x.size(0), width = x.size(2) / m_heads;
        const auto heads = [&](const at::Tensor& t) { return t.view({batch, -1, m_heads, width}).transpose(1, 2); };
        const at::Tensor q = heads(linear(0, x.narrow(1, 0, 1))), k = heads(linear(1, x)), v = heads(linear(2, x));
        const double scale = 1.0 / std::sqrt(static_cast<double>(width));
        const at::Tensor weights = at::softmax(at::matmul(q * scale, k.transpose(-2, -1)), -1);
        return linear(3, at::matmul(weights, v).transpose(1, 2).reshape({batch, -1}));
    }
    at::Tensor linear(std::size_t part, const at::Tensor& x) const
    {
        return at::linear(x, m_pool[part].first, m_pool[part].second);
    }

    std::int64_t m_heads;
    std::vector<FoldedConv> m_stem;
    std::vector<Bottleneck> m_blocks;
    at::Tensor m_position;
    std::vector<std::pair<at::Tensor, at::Tensor>> m_pool;
};

} // namespace

std::unique_ptr<VisionTower> makeModifiedResNet(const ClipConfig& c, const WeightSource& w)
{
    return std::make_unique<ModifiedResNet>(c, w);
}

} // namespace semascope::core::clip
