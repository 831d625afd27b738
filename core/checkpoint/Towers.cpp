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

/// Layer scale: both of a block or neither.
bool needLayerScale(TensorTable& table, const std::string& block, int width)
{
    if (!table.has(block + "ls_1.gamma") && !table.has(block + "ls_2.gamma")) {
        return false;
    }
    table.need(block + "ls_1.gamma", {width});
    table.need(block + "ls_2.gamma", {width});
    return true;
}

void needOpenAiBlocks(TensorTable& table, ClipConfig& clip, const std::string& prefix, bool text)
{
    const int layers = text ? clip.textLayers : clip.visionLayers, width = text ? clip.textWidth : clip.visionWidth;
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
        (text ? clip.textMlp : clip.visionMlp) = hidden;
        clip.layerScale = needLayerScale(table, block, width) || clip.layerScale;
    }
}

void needHuggingFaceBlocks(TensorTable& table, ClipConfig& clip, const std::string& prefix, bool text)
{
    const int layers = text ? clip.textLayers : clip.visionLayers, width = text ? clip.textWidth : clip.visionWidth;
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
        (text ? clip.textMlp : clip.visionMlp) = hidden;
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
    clip.imageSize = clip.storedImageSize = side * clip.patchSize;
}

/// A tower that stands alone may lack its projection; its vectors are then as wide as itself. False when it is lacking.
bool readProjection(TensorTable& table, ClipConfig& clip, const std::string& name, int width)
{
    const bool alone = clip.hasVision != clip.hasText;
    clip.projected = !alone || table.has(name);
    if (!clip.projected) {
        clip.embedDim = width;
    }
    return clip.projected;
}

void readOpenAiVision(TensorTable& table, ClipConfig& clip)
{
    const int width = clip.visionWidth = table.size("visual.conv1.weight", 0, 4);
    clip.patchSize = table.size("visual.conv1.weight", 3, 4);
    table.need("visual.conv1.weight", {width, 3, clip.patchSize, clip.patchSize});
    table.need("visual.class_embedding", {width});
    const int rows = table.size("visual.positional_embedding", 0, 2);
    table.need("visual.positional_embedding", {rows, width});
    clip.lnPre = table.hasPrefix("visual.ln_pre.");
    if (clip.lnPre) {
        table.needPair("visual.ln_pre", {width}, width);
    }
    table.needPair("visual.ln_post", {width}, width);
    if (readProjection(table, clip, "visual.proj", width)) {
        clip.embedDim = table.size("visual.proj", 1, 2);
        table.need("visual.proj", {width, clip.embedDim});
    }
    if (table.ok()) {
        readGrid(table, clip, rows);
    }
    clip.visionLayers = table.countLayers("visual.transformer.resblocks.");
    needOpenAiBlocks(table, clip, "visual.transformer.resblocks.", false);
}

/// Both towers must end alike.
void setTextEmbed(TensorTable& table, ClipConfig& clip, int embed)
{
    if (clip.hasVision && embed != clip.embedDim && table.ok()) {
        table.problem("The image tower ends in " + std::to_string(clip.embedDim) + " dimensions, the text tower in " +
                      std::to_string(embed) + ".");
    }
    clip.embedDim = embed;
}

void readOpenAiTextProjection(TensorTable& table, ClipConfig& clip, const std::string& root)
{
    const int width = clip.textWidth;
    clip.textProjIsLinear = table.has(root + "text_projection.weight");
    const std::string projection = root + (clip.textProjIsLinear ? "text_projection.weight" : "text_projection");
    if (!readProjection(table, clip, projection, width)) {
        return;
    }
    const int embed = table.size(projection, clip.textProjIsLinear ? 0 : 1, 2);
    if (clip.textProjIsLinear) {
        table.need(projection, {embed, width});
        if (table.has(root + "text_projection.bias")) {
            table.need(root + "text_projection.bias", {embed});
        }
    } else {
        table.need(projection, {width, embed});
    }
    setTextEmbed(table, clip, embed);
}

void readOpenAiText(TensorTable& table, ClipConfig& clip)
{
    const std::string t = clip.customText ? "text." : "";
    clip.vocabSize = table.size(t + "token_embedding.weight", 0, 2);
    const int width = clip.textWidth = table.size(t + "token_embedding.weight", 1, 2);
    clip.contextLength = clip.storedContext = table.size(t + "positional_embedding", 0, 2);
    table.need(t + "positional_embedding", {clip.contextLength, width});
    table.needPair(t + "ln_final", {width}, width);
    readOpenAiTextProjection(table, clip, t);
    clip.textLayers = table.countLayers(t + "transformer.resblocks.");
    needOpenAiBlocks(table, clip, t + "transformer.resblocks.", true);
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
    if (readProjection(table, clip, "visual_projection.weight", width)) {
        clip.embedDim = table.size("visual_projection.weight", 0, 2);
        table.need("visual_projection.weight", {clip.embedDim, width});
    }
    if (table.ok()) {
        readGrid(table, clip, rows);
    }
    clip.visionLayers = table.countLayers(v + "encoder.layers.");
    needHuggingFaceBlocks(table, clip, v + "encoder.layers.", false);
}

void readHuggingFaceText(TensorTable& table, ClipConfig& clip)
{
    const std::string t = "text_model.";
    clip.vocabSize = table.size(t + "embeddings.token_embedding.weight", 0, 2);
    const int width = clip.textWidth = table.size(t + "embeddings.token_embedding.weight", 1, 2);
    clip.contextLength = clip.storedContext = table.size(t + "embeddings.position_embedding.weight", 0, 2);
    table.need(t + "embeddings.position_embedding.weight", {clip.contextLength, width});
    table.needPair(t + "final_layer_norm", {width}, width);
    table.allow(t + "embeddings.position_ids");
    clip.textProjIsLinear = true;
    if (readProjection(table, clip, "text_projection.weight", width)) {
        const int embed = table.size("text_projection.weight", 0, 2);
        table.need("text_projection.weight", {embed, width});
        setTextEmbed(table, clip, embed);
    }
    clip.textLayers = table.countLayers(t + "encoder.layers.");
    needHuggingFaceBlocks(table, clip, t + "encoder.layers.", true);
}

/// A scalar, which OpenCLIP may store with one dimension.
void needLogitScale(TensorTable& table, const ClipConfig& clip)
{
    for (const char* name : {"logit_bias", "logit_scale"}) {
        table.allow(name);
        const auto* shape = table.shape(name);
        if (shape != nullptr && !shape->empty() && *shape != std::vector<std::int64_t>{1}) {
            table.problem(std::string("The tensor \"") + name + "\" holds more than one number.");
        }
    }
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
