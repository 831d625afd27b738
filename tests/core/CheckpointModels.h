#pragma once
#include "CheckpointFixtures.h"

#include <algorithm>
#include <map>

/// Models of zeros in the layouts that are detected.
namespace fixture {

using Shapes = std::map<std::string, std::vector<std::int64_t>>;
constexpr int kWidth = 128, kText = 64, kEmbed = 24, kContext = 10, kVocabulary = 50;

inline bool mentions(const std::vector<std::string>& sentences, const char* word)
{
    return std::any_of(sentences.begin(), sentences.end(),
                       [word](const std::string& s) { return s.find(word) != std::string::npos; });
}

/// Writes a model of zeros.
inline std::string saveModel(const std::string& path, const Shapes& shapes)
{
    std::size_t largest = 1;
    for (const auto& [key, shape] : shapes) {
        std::size_t count = 1;
        for (const std::int64_t size : shape) {
            count *= static_cast<std::size_t>(size);
        }
        largest = std::max(largest, count);
    }
    const std::vector<float> zeros(largest);
    std::vector<semascope::core::NamedTensor> tensors;
    for (const auto& [key, shape] : shapes) {
        tensors.push_back({key, shape, zeros.data()});
    }
    semascope::core::writeSafetensors(path, tensors, {});
    return path;
}

/// One vision layer, one text layer, 4×4 patches of 8 pixels; text keys behind `text`.
inline Shapes openAi(const std::string& text = {})
{
    Shapes s{{"logit_scale", {}},
             {"visual.conv1.weight", {kWidth, 3, 8, 8}},
             {"visual.class_embedding", {kWidth}},
             {"visual.positional_embedding", {17, kWidth}},
             {"visual.proj", {kWidth, kEmbed}},
             {text + "token_embedding.weight", {kVocabulary, kText}},
             {text + "positional_embedding", {kContext, kText}},
             {text + "text_projection", {kText, kEmbed}}};
    const auto pair = [&s](const std::string& stem, std::vector<std::int64_t> weight) {
        s[stem + ".bias"] = {weight[0]};
        s[stem + ".weight"] = std::move(weight);
    };
    const auto block = [&](const std::string& prefix, int width) {
        s[prefix + "attn.in_proj_weight"] = {3 * width, width};
        s[prefix + "attn.in_proj_bias"] = {3 * width};
        pair(prefix + "attn.out_proj", {width, width});
        pair(prefix + "ln_1", {width});
        pair(prefix + "ln_2", {width});
        pair(prefix + "mlp.c_fc", {2 * width, width});
        pair(prefix + "mlp.c_proj", {width, 2 * width});
    };
    pair("visual.ln_pre", {kWidth});
    pair("visual.ln_post", {kWidth});
    pair(text + "ln_final", {kText});
    block("visual.transformer.resblocks.0.", kWidth);
    block(text + "transformer.resblocks.0.", kText);
    return s;
}

inline Shapes huggingFace()
{
    Shapes s{{"logit_scale", {}},
             {"vision_model.embeddings.patch_embedding.weight", {kWidth, 3, 8, 8}},
             {"vision_model.embeddings.class_embedding", {kWidth}},
             {"vision_model.embeddings.position_embedding.weight", {17, kWidth}},
             {"vision_model.embeddings.position_ids", {1, 17}},
             {"visual_projection.weight", {kEmbed, kWidth}},
             {"text_model.embeddings.token_embedding.weight", {kVocabulary, kText}},
             {"text_model.embeddings.position_embedding.weight", {kContext, kText}},
             {"text_projection.weight", {kEmbed, kText}}};
    const auto pair = [&s](const std::string& stem, std::vector<std::int64_t> weight) {
        s[stem + ".bias"] = {weight[0]};
        s[stem + ".weight"] = std::move(weight);
    };
    pair("vision_model.pre_layrnorm", {kWidth});
    pair("vision_model.post_layernorm", {kWidth});
    pair("text_model.final_layer_norm", {kText});
    for (const auto& [prefix, width] :
         {std::pair("vision_model.encoder.layers.0.", kWidth), std::pair("text_model.encoder.layers.0.", kText)}) {
        for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            pair(std::string(prefix) + "self_attn." + part, {width, width});
        }
        pair(std::string(prefix) + "layer_norm1", {width});
        pair(std::string(prefix) + "layer_norm2", {width});
        pair(std::string(prefix) + "mlp.fc1", {2 * width, width});
        pair(std::string(prefix) + "mlp.fc2", {width, 2 * width});
    }
    return s;
}

/// Blocks 2, 1, 1, 1 of width 4 on 64 pixels, without the text tower.
inline Shapes resNet()
{
    Shapes s{{"visual.conv1.weight", {2, 3, 3, 3}},
             {"visual.conv2.weight", {2, 2, 3, 3}},
             {"visual.conv3.weight", {4, 2, 3, 3}},
             {"visual.attnpool.positional_embedding", {5, 128}}};
    const auto norm = [&s](const std::string& stem, int width) {
        for (const char* part : {"weight", "bias", "running_mean", "running_var"}) {
            s[stem + "." + part] = {width};
        }
    };
    norm("visual.bn1", 2);
    norm("visual.bn2", 2);
    norm("visual.bn3", 4);
    int input = 4;
    for (int layer = 0; layer < 4; ++layer) {
        const int width = 4 << layer;
        for (int j = 0; j < (layer == 0 ? 2 : 1); ++j) {
            const std::string block = "visual.layer" + std::to_string(layer + 1) + "." + std::to_string(j) + ".";
            s[block + "conv1.weight"] = {width, input, 1, 1};
            s[block + "conv2.weight"] = {width, width, 3, 3};
            s[block + "conv3.weight"] = {4 * width, width, 1, 1};
            norm(block + "bn1", width);
            norm(block + "bn2", width);
            norm(block + "bn3", 4 * width);
            if (j == 0) {
                s[block + "downsample.0.weight"] = {4 * width, input, 1, 1};
                norm(block + "downsample.1", 4 * width);
            }
            input = 4 * width;
        }
    }
    for (const char* part : {"q_proj", "k_proj", "v_proj", "c_proj"}) {
        const int rows = part[0] == 'c' ? kEmbed : 128;
        s[std::string("visual.attnpool.") + part + ".weight"] = {rows, 128};
        s[std::string("visual.attnpool.") + part + ".bias"] = {rows};
    }
    return s;
}

} // namespace fixture
