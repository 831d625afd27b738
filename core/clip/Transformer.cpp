#include "core/clip/RowKernels_p.h"
#include "core/clip/Towers_p.h"

#include <cmath>
#include <numeric>

namespace semascope::core::clip {

namespace {

at::Tensor activate(const at::Tensor& x, Activation a)
{
    switch (a) {
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::GeluTanh:
        return at::gelu(x, "tanh");
    default:
        return x * at::sigmoid(x * 1.702);
    }
}

#if TORCH_VERSION_MAJOR >= 2

at::Tensor multiHeadAttention(const at::Tensor& qkv, int heads, bool causal)
{
    const auto batch = qkv.size(0), length = qkv.size(1), width = qkv.size(2) / 3;
    const auto parts = qkv.view({batch, length, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    const at::Tensor mixed = at::scaled_dot_product_attention(parts[0], parts[1], parts[2], {}, 0.0, causal);
    return mixed.transpose(1, 2).reshape({batch, length, width});
}

#else

/// libtorch 1.13 has no fused attention: ours on the CPU, and one matrix of logits a head elsewhere.
at::Tensor multiHeadAttention(const at::Tensor& qkv, int heads, bool causal)
{
    const auto batch = qkv.size(0), length = qkv.size(1), width = qkv.size(2) / 3;
    const bool brain = qkv.scalar_type() == at::kBFloat16;
    if (qkv.is_cpu() && (brain || qkv.scalar_type() == at::kFloat)) {
        const auto tokens = static_cast<std::size_t>(length);
        std::vector<AttentionItem> items;
        for (std::size_t row = 0; items.size() < static_cast<std::size_t>(batch); row += tokens) {
            items.push_back({row, tokens, 0, tokens, row});
        }
        const at::Tensor held = qkv.contiguous();
        at::Tensor out = at::empty({batch, length, width}, qkv.options());
        attend({held.data_ptr(), brain ? Element::Bf16 : Element::F32, static_cast<std::size_t>(heads),
                static_cast<std::size_t>(width / heads), causal},
               items, out.data_ptr());
        return out;
    }
    const auto parts = qkv.view({batch, length, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    const at::Tensor q = parts[0] * (1.0 / std::sqrt(static_cast<double>(width / heads))), k = parts[1], v = parts[2];
    at::Tensor logits = at::matmul(q, k.transpose(-2, -1));
    if (causal) {
        const at::Tensor above = at::ones({length, length}, logits.options().dtype(at::kBool)).triu(1);
        logits = logits.masked_fill(above, -INFINITY);
    }
    const at::Tensor mixed = at::matmul(at::softmax(logits, -1, at::kFloat).to(v.scalar_type()), v);
    return mixed.transpose(1, 2).reshape({batch, length, width});
}

#endif

struct Transformer
{
    std::vector<Block> blocks;
    int heads = 1;
    Activation activation = Activation::QuickGelu;

    /// x: B×L×D.
    at::Tensor forward(at::Tensor x, bool causal, const JobContext& job) const
    {
        for (const Block& b : blocks) {
            job.checkpoint();
            const at::Tensor qkv = at::linear(b.norm1(x), b.qkvWeight, b.qkvBias);
            const at::Tensor attended = at::linear(multiHeadAttention(qkv, heads, causal), b.outWeight, b.outBias);
            x = x + (b.scale1.defined() ? attended * b.scale1 : attended);
            const at::Tensor hidden = activate(at::linear(b.norm2(x), b.fcWeight, b.fcBias), activation);
            const at::Tensor mixed = at::linear(hidden, b.projWeight, b.projBias);
            x = x + (b.scale2.defined() ? mixed * b.scale2 : mixed);
        }
        return x;
    }
};

class VisionTransformer : public VisionTower
{
public:
    VisionTransformer(const ClipConfig& c, const WeightSource& w)
        : m_weights(readVision(c, w)), m_meanPool(c.meanPool), m_normAfterPool(c.normAfterPool)
    {
        m_transformer.heads = c.visionHeads;
        m_transformer.activation = c.visionActivation;
        for (int i = 0; i < c.visionLayers; ++i) {
            m_transformer.blocks.push_back(readBlock(c, w, false, i));
        }
    }

    at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const override
    {
        const VisionWeights& w = m_weights;
        const at::Tensor patches = at::conv2d(pixels, w.patch, {}, w.patch.size(-1)).flatten(2).transpose(1, 2);
        const at::Tensor first = w.first.view({1, 1, -1}).expand({pixels.size(0), 1, w.first.numel()});
        at::Tensor x = at::cat({first, patches}, 1) + w.position;
        x = m_transformer.forward(w.pre.defined() ? w.pre(x) : x, false, job);
        const at::Tensor out = pooled(x);
        return w.projection.defined() ? at::linear(out, w.projection) : out;
    }

private:
    at::Tensor pooled(const at::Tensor& x) const
    {
        if (!m_meanPool) {
            return m_weights.post(x.select(1, 0));
        }
        const at::Tensor patches = x.narrow(1, 1, x.size(1) - 1);
        return m_normAfterPool ? m_weights.post(patches.mean(1)) : m_weights.post(patches).mean(1);
    }

    VisionWeights m_weights;
    bool m_meanPool, m_normAfterPool;
    Transformer m_transformer;
};

class TextTransformer : public TextTower
{
public:
    TextTransformer(const ClipConfig& c, const WeightSource& w) : m_weights(readText(c, w))
    {
        m_transformer.heads = c.textHeads;
        m_transformer.activation = c.textActivation;
        for (int i = 0; i < c.textLayers; ++i) {
            m_transformer.blocks.push_back(readBlock(c, w, true, i));
        }
    }

    /// Texts of similar length go together, so that little is padded.
    at::Tensor forward(const TokenRows& ids, const JobContext& job) const override
    {
        std::vector<std::size_t> order(ids.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
                         [&ids](std::size_t a, std::size_t b) { return ids[a].size() < ids[b].size(); });
        std::vector<at::Tensor> parts;
        std::vector<std::int64_t> places(ids.size());
        for (std::size_t first = 0; first < order.size();) {
            const std::size_t most = ids[order[first]].size() * 5 / 4 + 4;
            std::size_t end = first;
            while (end < order.size() && ids[order[end]].size() <= most) {
                places[order[end]] = static_cast<std::int64_t>(end);
                ++end;
            }
            parts.push_back(encode(
                ids,
                {order.begin() + static_cast<std::ptrdiff_t>(first), order.begin() + static_cast<std::ptrdiff_t>(end)},
                job));
            first = end;
        }
        const at::Tensor all = at::cat(parts);
        return all.index_select(0, at::from_blob(places.data(), {all.size(0)}, at::kLong).to(all.device()));
    }

private:
    at::Tensor encode(const TokenRows& ids, const std::vector<std::size_t>& rows, const JobContext& job) const
    {
        const auto count = static_cast<std::int64_t>(rows.size());
        const auto length = static_cast<std::int64_t>(ids[rows.back()].size());
        at::Tensor padded = at::zeros({count, length}, at::kLong); // the causal mask hides what stands behind the end
        at::Tensor end = at::empty({count}, at::kLong);
        for (std::int64_t r = 0; r < count; ++r) {
            const auto& text = ids[rows[static_cast<std::size_t>(r)]];
            std::copy(text.begin(), text.end(), padded.data_ptr<std::int64_t>() + r * length);
            end.data_ptr<std::int64_t>()[r] = static_cast<std::int64_t>(text.size()) - 1;
        }
        const TextWeights& w = m_weights;
        const at::Device device = w.tokens.device();
        at::Tensor x = at::embedding(w.tokens, padded.to(device)) + w.position.narrow(0, 0, length);
        x = m_transformer.forward(x, true, job);
        const at::Tensor pooled = w.final(x.index({at::arange(count, end.options()).to(device), end.to(device)}));
        return w.projection.defined() ? at::linear(pooled, w.projection, w.projectionBias) : pooled;
    }

    TextWeights m_weights;
    Transformer m_transformer;
};

} // namespace

std::unique_ptr<VisionTower> makeVisionTransformer(const ClipConfig& c, const WeightSource& w)
{
    return std::make_unique<VisionTransformer>(c, w);
}

std::unique_ptr<TextTower> makeTextTower(const ClipConfig& c, const WeightSource& w)
{
    return std::make_unique<TextTransformer>(c, w);
}

} // namespace semascope::core::clip
