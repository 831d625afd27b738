#include "core/session/SampleParts_p.h"

#include "core/checkpoint/Checkpoint.h"
#include "core/clip/ClipTrain.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>

namespace semascope::core {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kSide = 64, kPatch = 16, kWidth = 128, kLayers = 2, kHeads = 2, kEmbed = 64, kContext = 77;
constexpr std::uint64_t kSeed = 20;
constexpr char kName[] = "random-weights-sample";

Json towerConfig(const char* type)
{
    return {{"model_type", type},           {"hidden_size", kWidth},         {"intermediate_size", 4 * kWidth},
            {"num_hidden_layers", kLayers}, {"num_attention_heads", kHeads}, {"hidden_act", "quick_gelu"},
            {"layer_norm_eps", 1e-5},       {"projection_dim", kEmbed}};
}

void writeConfigs(const std::string& folder, int vocabulary)
{
    Json text = towerConfig("clip_text_model");
    text["vocab_size"] = vocabulary;
    text["max_position_embeddings"] = kContext;
    text["bos_token_id"] = vocabulary - 2;
    text["eos_token_id"] = vocabulary - 1;
    text["pad_token_id"] = vocabulary - 1;
    Json vision = towerConfig("clip_vision_model");
    vision["image_size"] = kSide;
    vision["patch_size"] = kPatch;
    vision["num_channels"] = 3;
    const Json config = {{"_name_or_path", kName},   {"architectures", {"CLIPModel"}},   {"model_type", "clip"},
                         {"projection_dim", kEmbed}, {"logit_scale_init_value", 2.6592}, {"torch_dtype", "float32"},
                         {"text_config", text},      {"vision_config", vision}};
    const Json preprocessor = {{"feature_extractor_type", "CLIPFeatureExtractor"},
                               {"do_resize", true},
                               {"size", kSide},
                               {"resample", 3},
                               {"do_center_crop", true},
                               {"crop_size", kSide},
                               {"do_normalize", true},
                               {"image_mean", {0.48145466, 0.4578275, 0.40821073}},
                               {"image_std", {0.26862954, 0.26130258, 0.27577711}}};
    for (const auto& [name, json] :
         {std::pair("/config.json", config), std::pair("/preprocessor_config.json", preprocessor)}) {
        const std::string lines = json.dump(2) + "\n";
        writeSampleFile(folder + name, lines.data(), lines.size());
    }
}

/// Random tensors of a CLIP, drawn in the order in which they are added.
class Weights
{
public:
    void add(const std::string& name, const std::vector<std::int64_t>& shape, double mean, double deviation)
    {
        std::int64_t count = 1;
        for (const std::int64_t side : shape) {
            count *= side;
        }
        std::vector<float>& values = m_values.emplace_back(static_cast<std::size_t>(count));
        for (float& v : values) {
            v = static_cast<float>(mean + (deviation > 0 ? deviation * m_random.normal() : 0));
        }
        m_tensors.push_back({name, shape, nullptr});
    }

    void addNorm(const std::string& name, double deviation)
    {
        add(name + ".weight", {kWidth}, 1, deviation);
        add(name + ".bias", {kWidth}, 0, 0.02);
    }

    void addLinear(const std::string& name, int out, int in, double deviation)
    {
        add(name + ".weight", {out, in}, 0, deviation);
        add(name + ".bias", {out}, 0, 0.02);
    }

    /// The layers of one tower, with spreads that keep activations near one.
    void addLayers(const std::string& tower)
    {
        const double spread = 1 / std::sqrt(static_cast<double>(kWidth));
        for (int i = 0; i < kLayers; ++i) {
            const std::string layer = tower + ".encoder.layers." + std::to_string(i) + ".";
            for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
                addLinear(layer + "self_attn." + part, kWidth, kWidth, spread);
            }
            addNorm(layer + "layer_norm1", 0.05);
            addNorm(layer + "layer_norm2", 0.05);
            addLinear(layer + "mlp.fc1", 4 * kWidth, kWidth, spread);
            addLinear(layer + "mlp.fc2", kWidth, 4 * kWidth, spread / 2);
        }
    }

    void write(const std::string& path)
    {
        for (std::size_t i = 0; i < m_tensors.size(); ++i) {
            m_tensors[i].data = m_values[i].data();
        }
        writeSafetensors(path, m_tensors, {{"format", "pt"}, {"name", kName}});
    }

private:
    SampleRandom m_random{kSeed};
    std::vector<std::vector<float>> m_values;
    std::vector<NamedTensor> m_tensors;
};

void writeWeights(const std::string& folder, int vocabulary)
{
    constexpr int patches = (kSide / kPatch) * (kSide / kPatch);
    const double spread = 1 / std::sqrt(static_cast<double>(kWidth));
    Weights w;
    w.add("logit_scale", {}, std::log(100.0), 0);
    w.add("text_model.embeddings.token_embedding.weight", {vocabulary, kWidth}, 0, 0.02);
    w.add("text_model.embeddings.position_embedding.weight", {kContext, kWidth}, 0, 0.01);
    w.addLayers("text_model");
    w.addNorm("text_model.final_layer_norm", 0.02);
    w.add("text_projection.weight", {kEmbed, kWidth}, 0, spread);
    w.add("vision_model.embeddings.class_embedding", {kWidth}, 0, 0.02);
    w.add("vision_model.embeddings.patch_embedding.weight", {kWidth, 3, kPatch, kPatch}, 0,
          1 / std::sqrt(3.0 * kPatch * kPatch));
    w.add("vision_model.embeddings.position_embedding.weight", {patches + 1, kWidth}, 0, 0.02);
    w.addNorm("vision_model.pre_layrnorm", 0.02); // the published files spell it this way
    w.addLayers("vision_model");
    w.addNorm("vision_model.post_layernorm", 0.02);
    w.add("visual_projection.weight", {kEmbed, kWidth}, 0, spread);
    w.write(folder + "/model.safetensors");
}

} // namespace

std::uint64_t SampleRandom::next()
{
    std::uint64_t z = m_state += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

double SampleRandom::uniform(double low, double high)
{
    return low + (high - low) * static_cast<double>(next() >> 11) * 0x1p-53;
}

double SampleRandom::normal()
{
    const double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    return radius * std::cos(2 * std::numbers::pi * uniform(0, 1));
}

std::vector<std::string> sampleModelFiles()
{
    return {"config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "model.safetensors"};
}

void writeSampleModel(const std::string& folder, const std::vector<std::string>& captions)
{
    constexpr std::size_t kEvery = std::numeric_limits<std::size_t>::max();
    const int vocabulary = writeVocabulary(folder, learnMerges(captions, kEvery, 1));
    writeConfigs(folder, vocabulary);
    writeWeights(folder, vocabulary);
}

} // namespace semascope::core
