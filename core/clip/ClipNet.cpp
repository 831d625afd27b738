#include "core/clip/ClipNet_p.h"

#include "core/checkpoint/Detect.h"
#include "core/data/Arrays.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace semascope::core::clip {

namespace {

using latent::Weights;

constexpr double kEps = 1e-5;

/// The sizes of one tower.
struct Tower
{
    std::string name;
    int width, layers, heads;
};

Tower visionOf(const ClipTrainSpec& s)
{
    return {"vision_model", s.width, s.layers, s.heads};
}

Tower textOf(const ClipTrainSpec& s)
{
    return {"text_model", s.textWidth, s.textLayers, s.textHeads};
}

class Draw
{
public:
    Draw(std::uint64_t seed, const at::Device& device, Weights* out)
        : m_random(at::detail::createCPUGenerator(seed)), m_device(device), m_out(out)
    {}
    void normal(const std::string& name, const std::vector<std::int64_t>& shape, double deviation)
    {
        (*m_out)[name] = (at::randn(shape, m_random) * deviation).to(m_device);
    }
    void constant(const std::string& name, const std::vector<std::int64_t>& shape, double value)
    {
        (*m_out)[name] = at::full(shape, value, at::kFloat).to(m_device);
    }
    void norm(const std::string& name, int width)
    {
        constant(name + ".weight", {width}, 1);
        constant(name + ".bias", {width}, 0);
    }
    void linear(const std::string& name, int out, int in, double deviation)
    {
        normal(name + ".weight", {out, in}, deviation);
        constant(name + ".bias", {out}, 0);
    }
    void layers(const Tower& t)
    {
        const double inner = 1 / std::sqrt(static_cast<double>(t.width));
        const double outer = inner / std::sqrt(2.0 * t.layers), hidden = 1 / std::sqrt(2.0 * t.width);
        for (int i = 0; i < t.layers; ++i) {
            const std::string layer = t.name + ".encoder.layers." + std::to_string(i) + ".";
            for (const char* part : {"q_proj", "k_proj", "v_proj"}) {
                linear(layer + "self_attn." + part, t.width, t.width, inner);
            }
            linear(layer + "self_attn.out_proj", t.width, t.width, outer);
            norm(layer + "layer_norm1", t.width);
            norm(layer + "layer_norm2", t.width);
            linear(layer + "mlp.fc1", 4 * t.width, t.width, hidden);
            linear(layer + "mlp.fc2", t.width, 4 * t.width, outer);
        }
    }

private:
    at::Generator m_random;
    at::Device m_device;
    Weights* m_out;
};

at::Tensor linear(const Weights& w, const std::string& name, const at::Tensor& x)
{
    return at::linear(x, w.at(name + ".weight"), w.at(name + ".bias"));
}

at::Tensor norm(const Weights& w, const std::string& name, const at::Tensor& x)
{
    return at::layer_norm(x, {x.size(-1)}, w.at(name + ".weight"), w.at(name + ".bias"), kEps);
}

at::Tensor attention(const Weights& w, const std::string& layer, const at::Tensor& x, int heads, bool causal)
{
    const auto n = x.size(0), length = x.size(1), width = x.size(2);
    const auto part = [&](const char* name) {
        return linear(w, layer + "self_attn." + name, x).view({n, length, heads, width / heads}).transpose(1, 2);
    };
    at::Tensor logits =
        at::matmul(part("q_proj"), part("k_proj").transpose(-2, -1)) / std::sqrt(static_cast<double>(width / heads));
    if (causal) {
        const at::Tensor above = at::ones({length, length}, logits.options().dtype(at::kBool)).triu(1);
        logits = logits.masked_fill(above, -INFINITY);
    }
    const at::Tensor mixed = at::matmul(at::softmax(logits, -1), part("v_proj"));
    return linear(w, layer + "self_attn.out_proj", mixed.transpose(1, 2).reshape({n, length, width}));
}

at::Tensor layers(const Weights& w, const Tower& t, at::Tensor x, bool causal)
{
    for (int i = 0; i < t.layers; ++i) {
        const std::string layer = t.name + ".encoder.layers." + std::to_string(i) + ".";
        x = x + attention(w, layer, norm(w, layer + "layer_norm1", x), t.heads, causal);
        const at::Tensor hidden = linear(w, layer + "mlp.fc1", norm(w, layer + "layer_norm2", x));
        x = x + linear(w, layer + "mlp.fc2", hidden * at::sigmoid(hidden * 1.702)); // QuickGELU
    }
    return x;
}

at::Tensor unit(const at::Tensor& x)
{
    return x / x.norm(2, {-1}, true).clamp_min(1e-12);
}

void writeJson(const std::string& path, const nlohmann::ordered_json& json)
{
    const std::string text = json.dump(2) + "\n";
    writeFileAtomic(path, text.data(), text.size());
}

nlohmann::ordered_json towerConfig(const char* type, const Tower& t, int embed)
{
    return {{"model_type", type},
            {"hidden_size", t.width},
            {"intermediate_size", 4 * t.width},
            {"num_hidden_layers", t.layers},
            {"num_attention_heads", t.heads},
            {"hidden_act", "quick_gelu"},
            {"layer_norm_eps", kEps},
            {"projection_dim", embed}};
}

} // namespace

Weights drawClip(const ClipTrainSpec& s, int vocabulary, const at::Device& device)
{
    Weights w;
    Draw draw(s.seed, device, &w);
    const int patches = (s.imageSize / s.patch) * (s.imageSize / s.patch);
    const double spread = 1 / std::sqrt(static_cast<double>(s.width));
    draw.constant("logit_scale", {}, std::log(1 / 0.07));
    draw.normal("text_model.embeddings.token_embedding.weight", {vocabulary, s.textWidth}, 0.02);
    draw.normal("text_model.embeddings.position_embedding.weight", {s.context, s.textWidth}, 0.01);
    draw.layers(textOf(s));
    draw.norm("text_model.final_layer_norm", s.textWidth);
    draw.normal("text_projection.weight", {s.embed, s.textWidth}, 1 / std::sqrt(static_cast<double>(s.textWidth)));
    draw.normal("vision_model.embeddings.class_embedding", {s.width}, spread);
    draw.normal("vision_model.embeddings.patch_embedding.weight", {s.width, 3, s.patch, s.patch},
                1 / std::sqrt(3.0 * s.patch * s.patch));
    draw.normal("vision_model.embeddings.position_embedding.weight", {patches + 1, s.width}, spread);
    draw.norm("vision_model.pre_layrnorm", s.width); // the published files spell it this way
    draw.layers(visionOf(s));
    draw.norm("vision_model.post_layernorm", s.width);
    draw.normal("visual_projection.weight", {s.embed, s.width}, spread);
    return w;
}

at::Tensor pictureFeatures(const ClipTrainSpec& s, const Weights& w, const at::Tensor& pixels)
{
    const at::Tensor patches = at::conv2d(pixels, w.at("vision_model.embeddings.patch_embedding.weight"), {}, s.patch)
                                   .flatten(2)
                                   .transpose(1, 2);
    const at::Tensor first =
        w.at("vision_model.embeddings.class_embedding").view({1, 1, -1}).expand({pixels.size(0), 1, s.width});
    at::Tensor x = at::cat({first, patches}, 1) + w.at("vision_model.embeddings.position_embedding.weight");
    x = layers(w, visionOf(s), norm(w, "vision_model.pre_layrnorm", x), false);
    return unit(at::linear(norm(w, "vision_model.post_layernorm", x.select(1, 0)), w.at("visual_projection.weight")));
}

at::Tensor textFeatures(const ClipTrainSpec& s, const Weights& w, const at::Tensor& ids, const at::Tensor& last)
{
    const auto length = ids.size(1);
    at::Tensor x = at::embedding(w.at("text_model.embeddings.token_embedding.weight"), ids) +
                   w.at("text_model.embeddings.position_embedding.weight").slice(0, 0, length);
    x = norm(w, "text_model.final_layer_norm", layers(w, textOf(s), x, true));
    const at::Tensor ends = x.index({at::arange(ids.size(0), ids.options()), last});
    return unit(at::linear(ends, w.at("text_projection.weight")));
}

void writeClipConfigs(const std::string& folder, const ClipTrainSpec& s, int vocabulary)
{
    using Json = nlohmann::ordered_json;
    Json text = towerConfig("clip_text_model", textOf(s), s.embed);
    text["vocab_size"] = vocabulary;
    text["max_position_embeddings"] = s.context;
    text["bos_token_id"] = vocabulary - 2;
    text["eos_token_id"] = vocabulary - 1;
    text["pad_token_id"] = vocabulary - 1;
    Json vision = towerConfig("clip_vision_model", visionOf(s), s.embed);
    vision["image_size"] = s.imageSize;
    vision["patch_size"] = s.patch;
    vision["num_channels"] = 3;
    writeJson(folder + "/config.json", {{"architectures", {"CLIPModel"}},
                                        {"model_type", "clip"},
                                        {"projection_dim", s.embed},
                                        {"logit_scale_init_value", 2.6592},
                                        {"torch_dtype", "float32"},
                                        {"text_config", text},
                                        {"vision_config", vision}});
    const PreprocessSpec usual;
    writeJson(folder + "/preprocessor_config.json", {{"feature_extractor_type", "CLIPFeatureExtractor"},
                                                     {"do_resize", true},
                                                     {"size", s.imageSize},
                                                     {"resample", 3},
                                                     {"do_center_crop", true},
                                                     {"crop_size", s.imageSize},
                                                     {"do_normalize", true},
                                                     {"image_mean", usual.mean},
                                                     {"image_std", usual.stddev}});
}

} // namespace semascope::core::clip
