#include "core/checkpoint/Detect_p.h"

#include <algorithm>
#include <cctype>

namespace semascope::core {
namespace {

using Kind = Family::Kind;

Family unsupported(const std::string& name, const std::string& needs)
{
    return {Kind::Unsupported, name, "This is a " + name + " model, which is not supported: it needs " + needs + "."};
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool contains(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

Family sigLip(const std::string& how)
{
    return unsupported("SigLIP (" + how + ")",
                       "attention pooling, a text tower without causal mask and a SentencePiece tokenizer");
}
Family eva(const std::string& how)
{
    return unsupported("EVA-CLIP (" + how + ")", "an image tower with rotary positions and SwiGLU blocks");
}
Family mobileClip(const std::string& how)
{
    return unsupported("MobileCLIP (" + how + ")", "a FastViT image tower");
}
Family timm(const std::string& detail)
{
    return unsupported("OpenCLIP with a timm image tower" + detail, "that tower's own architecture");
}
Family hfText()
{
    return unsupported("OpenCLIP with a Hugging Face text tower",
                       "that text tower (such as RoBERTa or mT5) and its own tokenizer");
}
Family chinese(const std::string& how)
{
    return unsupported("Chinese-CLIP (" + how + ")", "a BERT text tower and a WordPiece tokenizer");
}
Family coCa()
{
    return unsupported("CoCa (OpenCLIP)", "attentional pooling and a text tower with a class token");
}

Family timmByKeys(const TensorTable& table)
{
    if (table.hasPrefix("visual.trunk.attn_pool.")) {
        return sigLip("OpenCLIP");
    }
    if (table.has("visual.trunk.blocks.0.mlp.fc1_g.weight") || table.has("visual.trunk.blocks.0.mlp.w1.weight") ||
        table.has("visual.trunk.blocks.0.attn.q_proj.weight")) {
        return eva("OpenCLIP");
    }
    if (table.hasPrefix("visual.trunk.stem.0.reparam_conv") || table.hasPrefix("visual.trunk.stem.0.conv_kxk") ||
        table.hasPrefix("visual.trunk.final_conv.")) {
        return mobileClip("OpenCLIP");
    }
    return timm({});
}

std::string towerName(bool vision, bool text, bool resnet)
{
    if (!vision) {
        return "CLIP text tower";
    }
    return std::string(resnet ? "CLIP ModifiedResNet" : "CLIP ViT") + (text ? "" : " image tower");
}

/// Families that are known by name only; empty name when it is none of them.
Family otherFamily(const TensorTable& table)
{
    if (table.has("cls_emb") || table.has("text.cls_emb") || table.hasPrefix("text_decoder.") ||
        table.hasPrefix("visual.attn_pool.")) {
        return coCa();
    }
    if (table.hasPrefix("text.transformer.embeddings.")) {
        return hfText();
    }
    if (table.hasPrefix("visual.trunk.")) {
        return timmByKeys(table);
    }
    if (table.has("vision_model.head.probe")) {
        return sigLip("Hugging Face");
    }
    if (table.has("bert.embeddings.word_embeddings.weight")) {
        return chinese("original layout");
    }
    if (table.has("text_model.embeddings.word_embeddings.weight")) {
        return chinese("Hugging Face");
    }
    if (table.hasPrefix("image_encoder.model.patch_emb")) {
        return mobileClip("Apple layout");
    }
    if (table.hasPrefix("visual.blocks.0.")) {
        return eva("original layout");
    }
    return {};
}

} // namespace

Family timmFamily(const std::string& timmName)
{
    const std::string name = lowered(timmName);
    if (contains(name, "siglip")) {
        return sigLip("OpenCLIP");
    }
    if (contains(name, "eva")) {
        return eva("OpenCLIP");
    }
    if (contains(name, "mci") || contains(name, "fastvit")) {
        return mobileClip("OpenCLIP");
    }
    return timm(" (" + timmName + ")");
}

Family familyOf(const TensorTable& table, const StateDict& state)
{
    if (const Family other = otherFamily(table); !other.name.empty()) {
        return other;
    }
    const bool resnet = table.has("visual.attnpool.positional_embedding");
    const bool vision = resnet || table.has("visual.class_embedding") || table.has("visual.proj");
    const bool custom = table.has("text.token_embedding.weight");
    if (vision || custom || (table.has("token_embedding.weight") && table.hasPrefix("transformer.resblocks."))) {
        const bool text = custom || table.has("token_embedding.weight");
        const std::string tower = towerName(vision, text, resnet);
        return {Kind::OpenAi, tower + (custom ? " (OpenCLIP custom text)" : " (OpenAI layout)"), {}};
    }
    const bool hfVision = table.has("vision_model.embeddings.class_embedding");
    const bool hfTextTower = table.has("text_model.embeddings.token_embedding.weight");
    if (hfVision || hfTextTower) {
        return {Kind::HuggingFace, towerName(hfVision, hfTextTower, false) + " (Hugging Face)", {}};
    }
    const std::string count = std::to_string(state.tensors.size());
    const std::string first = state.tensors.empty() ? "" : " (the first is \"" + state.tensors.front().first + "\")";
    return {Kind::Unsupported, "state dict (" + count + (state.tensors.size() == 1 ? " tensor)" : " tensors)"),
            "This is no CLIP: no tensor of it" + first + " has the name of a part of one."};
}

} // namespace semascope::core
