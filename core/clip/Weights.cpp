#include "core/clip/Weights_p.h"

#include "core/clip/FilePages_p.h"
#include "core/clip/Positions_p.h"
#include "core/job/Error.h"

namespace semascope::core::clip {

namespace {

/// Stored as float32 in a checkpoint that is otherwise fp16 (OpenAI's convert_weights): norms, embeddings, scales.
bool keptWide(const std::string& key)
{
    if (key.find("patch_embedding") != std::string::npos) {
        return false;
    }
    constexpr const char* kParts[] = {"ln_", "layer_norm", "layernorm",    "layrnorm",   "embedding",
                                      ".bn", "running_",   "downsample.1", "logit_scale"};
    return std::any_of(std::begin(kParts), std::end(kParts),
                       [&key](const char* part) { return key.find(part) != std::string::npos; });
}

/// A tensor over the view's own memory where torch can read it there.
at::Tensor borrowed(const TensorView& view, at::ScalarType type)
{
    // torch never writes to a weight here; a mapping is read-only, so a stray write would fault, not corrupt
    void* data = const_cast<std::uint8_t*>(view.data);
    auto owner = view.owner;
    return at::from_blob(
        data, view.shape, view.stride, [owner](void*) {}, type);
}

at::Tensor asFloat(const TensorView& view)
{
    const auto address = reinterpret_cast<std::uintptr_t>(view.data);
    if (view.count() > 0 && view.type == TensorType::F32 && address % alignof(float) == 0) {
        return borrowed(view, at::kFloat).contiguous();
    }
    if (view.count() > 0 && view.type == TensorType::F16 && address % alignof(std::uint16_t) == 0) {
        return borrowed(view, at::kHalf).to(at::kFloat).contiguous();
    }
    auto values = std::make_shared<std::vector<float>>(toFloats(view));
    return at::from_blob(
        values->data(), view.shape, [values](void*) {}, at::kFloat);
}

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

} // namespace

at::Tensor WeightSource::take(const std::string& key) const
{
    const TensorView* view = m_state->find(key);
    if (view == nullptr) {
        throw Error(Code::BadFormat, "The checkpoint has no tensor \"" + key + "\"; is the file complete?");
    }
    m_taken.push_back(view);
    at::Tensor t = asFloat(*view);
    if (m_target.roundToHalf && !keptWide(key)) {
        t = t.to(at::kHalf).to(at::kFloat);
    }
    return t.to(m_target.device, m_target.type);
}

at::Tensor WeightSource::takeOrEmpty(const std::string& key) const
{
    return has(key) ? take(key) : at::Tensor();
}

void WeightSource::dropPages() const
{
    const FilePages pages;
    for (const TensorView* view : m_taken) {
        pages.drop(view->data, static_cast<std::size_t>(view->count()) * tensorTypeBits(view->type) / 8);
    }
    m_taken.clear();
}

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

VisionWeights readVision(const ClipConfig& c, const WeightSource& w)
{
    const bool hf = c.layout == ClipLayout::HuggingFace;
    const std::string embeddings = "vision_model.embeddings.";
    VisionWeights v;
    v.patch = w.take(hf ? embeddings + "patch_embedding.weight" : "visual.conv1.weight");
    v.first = w.take(hf ? embeddings + "class_embedding" : "visual.class_embedding");
    v.position =
        fitVisionPositions(w.take(hf ? embeddings + "position_embedding.weight" : "visual.positional_embedding"), c);
    if (c.lnPre) {
        v.pre = readNorm(w, hf ? "vision_model.pre_layrnorm" : "visual.ln_pre", c.layerNormEps);
    }
    v.post = readNorm(w, hf ? "vision_model.post_layernorm" : "visual.ln_post", c.layerNormEps);
    if (c.projected) {
        v.projection = hf ? w.take("visual_projection.weight") : w.take("visual.proj").t().contiguous();
    }
    return v;
}

TextWeights readText(const ClipConfig& c, const WeightSource& w)
{
    const bool hf = c.layout == ClipLayout::HuggingFace;
    const std::string root = c.customText ? "text." : "";
    TextWeights t;
    t.tokens = w.take(hf ? "text_model.embeddings.token_embedding.weight" : root + "token_embedding.weight");
    t.position = fitTextPositions(
        w.take(hf ? "text_model.embeddings.position_embedding.weight" : root + "positional_embedding"), c);
    t.final = readNorm(w, hf ? "text_model.final_layer_norm" : root + "ln_final", c.layerNormEps);
    const std::string plain = root + "text_projection";
    const bool linear = hf || c.textProjIsLinear;
    if (c.projected) {
        t.projection = linear ? w.take(plain + ".weight") : w.take(plain).t().contiguous();
        t.projectionBias = linear ? w.takeOrEmpty(plain + ".bias") : at::Tensor();
    }
    return t;
}

Bottleneck readBottleneck(const WeightSource& w, int layer, int index)
{
    const std::string p = "visual.layer" + std::to_string(layer + 1) + "." + std::to_string(index) + ".";
    Bottleneck b;
    b.conv1 = fold(w, p + "conv1", p + "bn1");
    b.conv2 = fold(w, p + "conv2", p + "bn2");
    b.conv3 = fold(w, p + "conv3", p + "bn3");
    if (w.has(p + "downsample.0.weight")) {
        b.shortcut = fold(w, p + "downsample.0", p + "downsample.1");
    }
    b.stride = layer > 0 && index == 0 ? 2 : 1;
    return b;
}

std::vector<FoldedConv> readStem(const WeightSource& w)
{
    std::vector<FoldedConv> stem;
    for (const char* n : {"1", "2", "3"}) {
        stem.push_back(fold(w, std::string("visual.conv") + n, std::string("visual.bn") + n));
    }
    stem.front().stride = 2;
    return stem;
}

AttentionPoolWeights readAttentionPool(const ClipConfig& c, const WeightSource& w)
{
    const std::string pool = "visual.attnpool.";
    AttentionPoolWeights a;
    a.position = fitVisionPositions(w.take(pool + "positional_embedding"), c);
    constexpr const char* kParts[] = {"q_proj", "k_proj", "v_proj", "c_proj"};
    for (std::size_t i = 0; i < 4; ++i) {
        a.weight[i] = w.take(pool + kParts[i] + ".weight");
        a.bias[i] = w.take(pool + kParts[i] + ".bias");
    }
    return a;
}

} // namespace semascope::core::clip
