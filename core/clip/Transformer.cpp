#include "core/clip/Towers_p.h"

#include <cmath>

namespace semascope::core::clip {

namespace {

std::string layerPrefix(const ClipConfig& c, bool text, int index)
{
    const std::string n = std::to_string(index);
    if (c.layout == ClipLayout::HuggingFace) {
        return std::string(text ? "text_model" : "vision_model") + ".encoder.layers." + n + ".";
    }
    const std::string root = text ? (c.customText ? "text." : "") : "visual.";
    return root + "transformer.resblocks." + n + ".";
}

Norm readNorm(const WeightSource& w, const std::string& key, double eps)
{
    return {w.take(key + ".weight"), w.take(key + ".bias"), eps};
}

void readHuggingFaceAttention(Block& b, const WeightSource& w, const std::string& p)
{
    std::vector<at::Tensor> weights, biases;
    for (const char* part : {"q_proj", "k_proj", "v_proj"}) {
        weights.push_back(w.take(p + "self_attn." + part + ".weight"));
        biases.push_back(w.take(p + "self_attn." + part + ".bias"));
    }
    b.qkvWeight = at::cat(weights);
    b.qkvBias = at::cat(biases);
    b.outWeight = w.take(p + "self_attn.out_proj.weight");
    b.outBias = w.take(p + "self_attn.out_proj.bias");
}

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

} // namespace

Block readBlock(const ClipConfig& c, const WeightSource& w, bool text, int index)
{
    const std::string p = layerPrefix(c, text, index);
    const bool hf = c.layout == ClipLayout::HuggingFace;
    Block b;
    b.norm1 = readNorm(w, p + (hf ? "layer_norm1" : "ln_1"), c.layerNormEps);
    b.norm2 = readNorm(w, p + (hf ? "layer_norm2" : "ln_2"), c.layerNormEps);
    if (hf) {
        readHuggingFaceAttention(b, w, p);
    } else {
        b.qkvWeight = w.take(p + "attn.in_proj_weight");
        b.qkvBias = w.take(p + "attn.in_proj_bias");
        b.outWeight = w.take(p + "attn.out_proj.weight");
        b.outBias = w.take(p + "attn.out_proj.bias");
    }
    const std::string fc = p + (hf ? "mlp.fc1" : "mlp.c_fc"), proj = p + (hf ? "mlp.fc2" : "mlp.c_proj");
    b.fcWeight = w.take(fc + ".weight");
    b.fcBias = w.take(fc + ".bias");
    b.projWeight = w.take(proj + ".weight");
    b.projBias = w.take(proj + ".bias");
    b.scale1 = w.takeOrEmpty(p + "ls_1.gamma");
    b.scale2 = w.takeOrEmpty(p + "ls_2.gamma");
    return b;
}

at::Tensor multiHeadAttention(const at::Tensor& qkv, int heads, bool causal)
{
    const auto batch = qkv.size(0), length = qkv.size(1), width = qkv.size(2) / 3;
    const auto parts = qkv.view({batch, length, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    const at::Tensor q = parts[0], k = parts[1], v = parts[2];
#if TORCH_VERSION_MAJOR >= 2
    const at::Tensor mixed = at::scaled_dot_product_attention(q, k, v, {}, 0.0, causal);
#else
    at::Tensor logits = at::matmul(q * (1.0 / std::sqrt(static_cast<double>(width / heads))), k.transpose(-2, -1));
    if (causal) {
        const at::Tensor above = at::ones({length, length}, logits.options().dtype(at::kBool)).triu(1);
        logits = logits.masked_fill(above, -INFINITY);
    }
    const at::Tensor mixed = at::matmul(at::softmax(logits, -1, at::kFloat).to(v.scalar_type()), v);
#endif
    return mixed.transpose(1, 2).reshape({batch, length, width});
}

at::Tensor Transformer::forward(at::Tensor x, bool causal, const JobContext& job) const
{
    for (const Block& b : blocks) {
        job.checkpoint();
        const at::Tensor qkv = at::linear(b.norm1(x), b.qkvWeight, b.qkvBias);
        at::Tensor attended = at::linear(multiHeadAttention(qkv, heads, causal), b.outWeight, b.outBias);
        x = x + (b.scale1.defined() ? attended * b.scale1 : attended);
        at::Tensor hidden = activate(at::linear(b.norm2(x), b.fcWeight, b.fcBias), activation);
        at::Tensor mixed = at::linear(hidden, b.projWeight, b.projBias);
        x = x + (b.scale2.defined() ? mixed * b.scale2 : mixed);
    }
    return x;
}

namespace {

class VisionTransformer : public VisionTower
{
public:
    VisionTransformer(const ClipConfig& c, const WeightSource& w)
    {
        const bool hf = c.layout == ClipLayout::HuggingFace;
        const std::string embeddings = "vision_model.embeddings.";
        m_patch = w.take(hf ? embeddings + "patch_embedding.weight" : "visual.conv1.weight");
        m_class = w.take(hf ? embeddings + "class_embedding" : "visual.class_embedding");
        m_position = w.take(hf ? embeddings + "position_embedding.weight" : "visual.positional_embedding");
        m_pre = readNorm(w, hf ? "vision_model.pre_layrnorm" : "visual.ln_pre", c.layerNormEps);
        m_post = readNorm(w, hf ? "vision_model.post_layernorm" : "visual.ln_post", c.layerNormEps);
        m_projection = hf ? w.take("visual_projection.weight").t().contiguous() : w.take("visual.proj");
        m_transformer.heads = c.visionHeads;
        m_transformer.activation = c.visionActivation;
        for (int i = 0; i < c.visionLayers; ++i) {
            m_transformer.blocks.push_back(readBlock(c, w, false, i));
        }
    }

    at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const override
    {
        const auto patch = m_patch.size(-1);
        const at::Tensor patches = at::conv2d(pixels, m_patch, {}, patch).flatten(2).transpose(1, 2);
        const at::Tensor first = m_class.view({1, 1, -1}).expand({pixels.size(0), 1, m_class.numel()});
        at::Tensor x = m_pre(at::cat({first, patches}, 1) + m_position);
        x = m_transformer.forward(x, false, job);
        return at::matmul(m_post(x.select(1, 0)), m_projection);
    }

private:
    at::Tensor m_patch, m_class, m_position, m_projection;
    Norm m_pre, m_post;
    Transformer m_transformer;
};

} // namespace

std::unique_ptr<VisionTower> makeVisionTransformer(const ClipConfig& c, const WeightSource& w)
{
    return std::make_unique<VisionTransformer>(c, w);
}

at::Tensor TextTower::forward(const at::Tensor& ids, const at::Tensor& eot, const JobContext& job) const
{
    const auto length = ids.size(1);
    at::Tensor x = at::embedding(tokenEmbedding, ids) + position.narrow(0, 0, length);
    x = transformer.forward(x, true, job);
    const at::Tensor rows = at::arange(ids.size(0), ids.options());
    const at::Tensor pooled = normFinal(x.index({rows, eot}));
    const at::Tensor out = at::matmul(pooled, projection);
    return projectionBias.defined() ? out + projectionBias : out;
}

std::unique_ptr<TextTower> makeTextTower(const ClipConfig& c, const WeightSource& w)
{
    const bool hf = c.layout == ClipLayout::HuggingFace;
    const std::string root = c.customText ? "text." : "";
    auto t = std::make_unique<TextTower>();
    t->tokenEmbedding = w.take(hf ? "text_model.embeddings.token_embedding.weight" : root + "token_embedding.weight");
    t->position = w.take(hf ? "text_model.embeddings.position_embedding.weight" : root + "positional_embedding");
    t->normFinal = readNorm(w, hf ? "text_model.final_layer_norm" : root + "ln_final", c.layerNormEps);
    const std::string plain = root + "text_projection";
    const bool linear = hf || c.textProjIsLinear;
    at::Tensor projection = w.take(linear ? plain + ".weight" : plain);
    t->projection = linear ? projection.t().contiguous() : projection;
    t->projectionBias = linear ? w.takeOrEmpty(plain + ".bias") : at::Tensor();
    t->transformer.heads = c.textHeads;
    t->transformer.activation = c.textActivation;
    for (int i = 0; i < c.textLayers; ++i) {
        t->transformer.blocks.push_back(readBlock(c, w, true, i));
    }
    return t;
}

} // namespace semascope::core::clip
