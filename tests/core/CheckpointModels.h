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

/// A model of zeros that takes no room on the disk, however large: only the header is written. Keys that are `halved`
/// are F16, the others F32.
template<class F> std::string saveSparse(const std::string& path, const Shapes& shapes, F halved)
{
    QByteArray header = "{";
    quint64 at = 0;
    for (const auto& [key, shape] : shapes) {
        const bool half = halved(key);
        QByteArray sizes;
        quint64 bytes = half ? 2 : 4;
        for (const std::int64_t size : shape) {
            sizes += (sizes.isEmpty() ? "" : ",") + QByteArray::number(static_cast<qint64>(size));
            bytes *= static_cast<quint64>(size);
        }
        header += (header.size() > 1 ? ",\"" : "\"") + QByteArray::fromStdString(key) + "\":{\"dtype\":\"" +
                  (half ? "F16" : "F32") + "\",\"shape\":[" + sizes + "],\"data_offsets\":[" + QByteArray::number(at) +
                  "," + QByteArray::number(at + bytes) + "]}";
        at += bytes;
    }
    const QByteArray head = safetensors(header + "}");
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly) || file.write(head) != head.size() ||
        !file.resize(head.size() + static_cast<qint64>(at))) {
        return {};
    }
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

} // namespace fixture
