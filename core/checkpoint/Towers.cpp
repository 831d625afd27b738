#include "core/checkpoint/Detect_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {
namespace {

/// Side of a square grid of `cells`, 0 when it is none.
int gridSide(int cells)
{
    const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(std::max(cells, 0)))));
    return side * side == cells ? side : 0;
}

void needOpenAiBlocks(TensorTable& table, const std::string& prefix, int layers, int width)
{
    for (int i = 0; i < layers && table.ok(); ++i) {
        const std::string block = prefix + std::to_string(i) + ".";
        table.need(block + "attn.in_proj_weight", {3 * width, width});
        table.need(block + "attn.in_proj_bias", {3 * width});
        table.needPair(block + "attn.out_proj", {width, width}, width);
        table.needPair(block + "ln_1", {width}, width);
        table.needPair(block + "ln_2", {width}, width);
        const int hidden = table.size(block + "mlp.c_fc.weight", 0, 2);
        table.needPair(block + "mlp.c_fc", {hidden, width}, hidden);
        table.needPair(block + "mlp.c_proj", {width, hidden}, width);
    }
}

void needHuggingFaceBlocks(TensorTable& table, const std::string& prefix, int layers, int width)
{
    for (int i = 0; i < layers && table.ok(); ++i) {
        const std::string block = prefix + std::to_string(i) + ".";
        for (const char* part : {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            table.needPair(block + "self_attn." + part, {width, width}, width);
        }
        table.needPair(block + "layer_norm1", {width}, width);
        table.needPair(block + "layer_norm2", {width}, width);
        const int hidden = table.size(block + "mlp.fc1.weight", 0, 2);
        table.needPair(block + "mlp.fc1", {hidden, width}, hidden);
        table.needPair(block + "mlp.fc2", {width, hidden}, width);
    }
}

void readGrid(TensorTable& table, ClipConfig& clip, int rows)
{
    if (clip.patchSize > 4096) {
        table.problem("Patches of " + std::to_string(clip.patchSize) + " pixels are not plausible.");
        return;
    }
    const int side = gridSide(rows - 1);
    if (side == 0) {
        table.problem("The positions of the image tower (" + std::to_string(rows) +
                      " rows) are no square grid and a class token.");
    }
    clip.imageSize = side * clip.patchSize;
}

void readOpenAiVision(TensorTable& table, ClipConfig& clip)
{
    const int width = clip.visionWidth = table.size("visual.conv1.weight", 0, 4);
    clip.patchSize = table.size("visual.conv1.weight", 3, 4);
    table.need("visual.conv1.weight", {width, 3, clip.patchSize, clip.patchSize});
    table.need("visual.class_embedding", {width});
    const int rows = table.size("visual.positional_embedding", 0, 2);
    table.need("visual.positional_embedding", {rows, width});
    table.needPair("visual.ln_pre", {width}, width);
    table.needPair("visual.ln_post", {width}, width);
    clip.embedDim = table.size("visual.proj", 1, 2);
    table.need("visual.proj", {width, clip.embedDim});
    if (table.ok()) {
        readGrid(table, clip, rows);
    }
    clip.visionLayers = table.countLayers("visual.transformer.resblocks.");
    needOpenAiBlocks(table, "visual.transformer.resblocks.", clip.visionLayers, width);
}

void readOpenAiText(TensorTable& table, ClipConfig& clip)
{
    const std::string t = clip.customText ? "text." : "";
    clip.vocabSize = table.size(t + "token_embedding.weight", 0, 2);
    const int width = clip.textWidth = table.size(t + "token_embedding.weight", 1, 2);
    clip.contextLength = table.size(t + "positional_embedding", 0, 2);
    table.need(t + "positional_embedding", {clip.contextLength, width});
    table.needPair(t + "ln_final", {width}, width);
    clip.textProjIsLinear = table.has(t + "text_projection.weight");
    const std::string projection = t + (clip.textProjIsLinear ? "text_projection.weight" : "text_projection");
    const int embed = table.size(projection, clip.textProjIsLinear ? 0 : 1, 2);
    if (clip.textProjIsLinear) {
        table.need(projection, {embed, width});
        if (table.has(t + "text_projection.bias")) {
            table.need(t + "text_projection.bias", {embed});
        }
    } else {
        table.need(projection, {width, embed});
    }
    if (clip.hasVision && embed != clip.embedDim && table.ok()) {
        table.problem("The image tower ends in " + std::to_string(clip.embedDim) + " dimensions, the text tower in " +
                      std::to_string(embed) + ".");
    }
    clip.embedDim = embed;
    clip.textLayers = table.countLayers(t + "transformer.resblocks.");
    needOpenAiBlocks(table, t + "transformer.resblocks.", clip.textLayers, width);
}

void readHuggingFaceVision(TensorTable& table, ClipConfig& clip)
{
    const std::string v = "vision_model.";
    const int width = clip.visionWidth = table.size(v + "embeddings.patch_embedding.weight", 0, 4);
    clip.patchSize = table.size(v + "embeddings.patch_embedding.weight", 3, 4);
    table.need(v + "embeddings.patch_embedding.weight", {width, 3, clip.patchSize, clip.patchSize});
    table.need(v + "embeddings.class_embedding", {width});
    const int rows = table.size(v + "embeddings.position_embedding.weight", 0, 2);
    table.need(v + "embeddings.position_embedding.weight", {rows, width});
    table.needPair(v + "pre_layrnorm", {width}, width); // spelt so
    table.needPair(v + "post_layernorm", {width}, width);
    table.allow(v + "embeddings.position_ids");
    clip.embedDim = table.size("visual_projection.weight", 0, 2);
    table.need("visual_projection.weight", {clip.embedDim, width});
    if (table.ok()) {
        readGrid(table, clip, rows);
    }
    clip.visionLayers = table.countLayers(v + "encoder.layers.");
    needHuggingFaceBlocks(table, v + "encoder.layers.", clip.visionLayers, width);
}

void readHuggingFaceText(TensorTable& table, ClipConfig& clip)
{
    const std::string t = "text_model.";
    clip.vocabSize = table.size(t + "embeddings.token_embedding.weight", 0, 2);
    const int width = clip.textWidth = table.size(t + "embeddings.token_embedding.weight", 1, 2);
    clip.contextLength = table.size(t + "embeddings.position_embedding.weight", 0, 2);
    table.need(t + "embeddings.position_embedding.weight", {clip.contextLength, width});
    table.needPair(t + "final_layer_norm", {width}, width);
    table.allow(t + "embeddings.position_ids");
    clip.textProjIsLinear = true;
    const int embed = table.size("text_projection.weight", 0, 2);
    table.need("text_projection.weight", {embed, width});
    if (clip.hasVision && embed != clip.embedDim && table.ok()) {
        table.problem("The image tower ends in " + std::to_string(clip.embedDim) + " dimensions, the text tower in " +
                      std::to_string(embed) + ".");
    }
    clip.embedDim = embed;
    clip.textLayers = table.countLayers(t + "encoder.layers.");
    needHuggingFaceBlocks(table, t + "encoder.layers.", clip.textLayers, width);
}

/// A scalar, which OpenCLIP may store with one dimension.
void needLogitScale(TensorTable& table, const ClipConfig& clip)
{
    table.allow("logit_bias");
    table.allow("logit_scale");
    if (clip.hasVision && clip.hasText && !table.has("logit_scale")) {
        table.problem("The tensor \"logit_scale\" is missing.");
    }
}

} // namespace

void readOpenAiTowers(TensorTable& table, ClipConfig& clip)
{
    clip.customText = table.has("text.token_embedding.weight");
    clip.hasText = clip.customText || table.has("token_embedding.weight");
    clip.resnet = table.has("visual.attnpool.positional_embedding");
    clip.hasVision = clip.resnet || table.hasPrefix("visual.");
    const bool openClip = clip.customText || table.has("logit_bias") || table.has("text_projection.weight");
    clip.layout = openClip ? ClipLayout::OpenClip : ClipLayout::OpenAi;
    for (const char* buffer : {"input_resolution", "context_length", "vocab_size", "attn_mask", "text.attn_mask"}) {
        table.allow(buffer);
    }
    if (clip.hasVision) {
        if (clip.resnet) {
            readResNetTower(table, clip);
        } else {
            readOpenAiVision(table, clip);
        }
    }
    if (clip.hasText) {
        readOpenAiText(table, clip);
    }
    needLogitScale(table, clip);
}

void readHuggingFaceTowers(TensorTable& table, ClipConfig& clip)
{
    clip.layout = ClipLayout::HuggingFace;
    clip.hasVision = table.hasPrefix("vision_model.");
    clip.hasText = table.hasPrefix("text_model.");
    if (clip.hasVision) {
        readHuggingFaceVision(table, clip);
    }
    if (clip.hasText) {
        readHuggingFaceText(table, clip);
    }
    needLogitScale(table, clip);
}

} // namespace semascope::core
