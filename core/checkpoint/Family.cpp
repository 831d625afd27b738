#include "core/checkpoint/Detect_p.h"

#include <algorithm>

// Which family the names of the tensors belong to.
namespace semascope::core {
namespace {

using Kind = Family::Kind;

constexpr std::int64_t kGemmaWords = 256000, kXlmVWords = 901629;

Family sigLip(bool second, const std::string& how)
{
    return unsupportedFamily(std::string(second ? "SigLIP 2" : "SigLIP") + " (" + how + ")",
                             std::string("attention pooling, a text tower without causal mask and a ") +
                                 (second ? "Gemma" : "SentencePiece") + " tokenizer");
}
Family eva(bool first, const std::string& how)
{
    return first ? unsupportedFamily("EVA01-CLIP (" + how + ")",
                                     "an image tower with separate query and value biases and no norm before it")
                 : unsupportedFamily("EVA02-CLIP (" + how + ")",
                                     "an image tower with rotary positions and SwiGLU blocks");
}
Family mobileClip(const std::string& how)
{
    return unsupportedFamily("MobileCLIP (" + how + ")", "a FastViT or hybrid image tower");
}
Family chinese(const std::string& how)
{
    return unsupportedFamily("Chinese-CLIP (" + how + ")", "a BERT text tower and a WordPiece tokenizer");
}
Family ownTower(const std::string& name)
{
    return unsupportedFamily(name, "that tower's own architecture");
}

/// How many rows a table of words has.
std::int64_t words(const TensorTable& table, const char* name)
{
    const auto* shape = table.shape(name);
    return shape != nullptr && !shape->empty() ? shape->front() : 0;
}

Family timmByKeys(const TensorTable& table)
{
    const std::string t = "visual.trunk.";
    const auto has = [&](const char* name) { return table.has(t + name); };
    const auto starts = [&](const char* name) { return table.hasPrefix(t + name); };
    if (starts("attn_pool.")) {
        return starts("norm_pre.") ? ownTower("Perception Encoder, PE (OpenCLIP)")
                                   : sigLip(words(table, "text.token_embedding.weight") == kGemmaWords, "OpenCLIP");
    }
    if (has("blocks.0.mlp.fc1_g.weight") || has("blocks.0.mlp.w1.weight") || has("blocks.0.attn.q_proj.weight")) {
        return eva(false, "OpenCLIP");
    }
    if (has("blocks.0.attn.q_bias")) {
        return eva(true, "OpenCLIP");
    }
    if (starts("stem.0.reparam_conv") || starts("stem.0.conv_kxk") || starts("final_conv.") ||
        starts("patch_embed.backbone.0.")) {
        return mobileClip("OpenCLIP");
    }
    if (starts("patch_embed.backbone.")) {
        return ownTower("ViTamin (OpenCLIP)");
    }
    if (starts("stages.0.blocks.0.conv_dw.")) {
        return ownTower("OpenCLIP with a ConvNeXt image tower");
    }
    return ownTower("OpenCLIP with a timm image tower");
}

/// CLIPs of another architecture, in OpenCLIP's or their authors' layout.
Family otherClip(const TensorTable& table)
{
    const bool decoder = table.hasPrefix("text_decoder.") && !table.hasPrefix("text_decoder.bert.");
    if (table.has("cls_emb") || table.has("text.cls_emb") || decoder || table.hasPrefix("visual.attn_pool.")) {
        return coCaFamily();
    }
    if (table.hasPrefix("text.transformer.") && !table.hasPrefix("text.transformer.resblocks.")) {
        return unsupportedFamily("OpenCLIP with a Hugging Face text tower",
                                 "that text tower (such as RoBERTa, XLM-RoBERTa, mT5 or NLLB) and its own tokenizer");
    }
    if (table.hasPrefix("visual.trunk.")) {
        return timmByKeys(table);
    }
    for (const char* name :
         {"token_embedding.weight", "text.token_embedding.weight", "text_model.embeddings.token_embedding.weight"}) {
        if (words(table, name) == kXlmVWords) {
            return modelTypeFamily("metaclip_2");
        }
    }
    if (table.hasPrefix("image_encoder.model.patch_emb")) {
        return mobileClip("Apple layout");
    }
    if (table.hasPrefix("visual.blocks.0.")) {
        const bool second = table.hasPrefix("visual.rope.") || table.has("visual.blocks.0.mlp.w1.weight") ||
                            table.has("visual.blocks.0.attn.q_proj.weight");
        return eva(!second && table.has("visual.blocks.0.attn.q_bias"), "original layout");
    }
    if (table.has("bert.embeddings.word_embeddings.weight") && table.hasPrefix("visual.")) {
        return chinese("original layout");
    }
    return {};
}

/// What Hugging Face's library has beside CLIP with towers of the same names.
Family otherHuggingFace(const TensorTable& table)
{
    if (table.has("vision_model.head.probe")) {
        const auto* patches = table.shape("vision_model.embeddings.patch_embedding.weight");
        const bool flexible = patches != nullptr && patches->size() == 2;
        const bool second = words(table, "text_model.embeddings.token_embedding.weight") == kGemmaWords;
        return sigLip(second || flexible, "Hugging Face");
    }
    if (table.has("concept_embeds") || table.has("special_care_embeds")) {
        return foreignFamily("a safety checker of Stable Diffusion");
    }
    struct Prefix
    {
        const char* start;
        const char* type; ///< as a config would call it
    };
    constexpr Prefix kPrefixes[] = {{"vision_model.embeddings.convolution.", "align"},
                                    {"text_model.roberta.", "altclip"},
                                    {"vision_model.encoder.stages.", "groupvit"},
                                    {"vision_model.vision_model.", "vision-text-dual-encoder"},
                                    {"clip.vision_model.", "clipseg"},
                                    {"owlvit.", "owlvit"},
                                    {"owlv2.", "owlv2"},
                                    {"mit.", "xclip"},
                                    {"qformer.", "blip-2"},
                                    {"Qformer.", "blip-2"},
                                    {"vision_model.encoder.layers.0.self_attn.qkv.", "blip"},
                                    {"visual_encoder.", "blip"},
                                    {"text_decoder.bert.", "blip"},
                                    {"audio_model.", "clap"},
                                    {"audio_branch.", "clap"},
                                    {"modality_trunks.", "imagebind"},
                                    {"vision_tower.", "llava"},
                                    {"model.vision_tower.", "llava"}};
    for (const Prefix& prefix : kPrefixes) {
        if (table.hasPrefix(prefix.start)) {
            return modelTypeFamily(prefix.type);
        }
    }
    return table.has("text_model.embeddings.word_embeddings.weight") ? chinese("Hugging Face") : Family();
}

/// Things that lie about beside a CLIP and are none.
Family noClip(const TensorTable& table)
{
    if (table.hasPrefix("model.diffusion_model.") || table.hasPrefix("cond_stage_model.")) {
        return foreignFamily("a whole checkpoint of Stable Diffusion");
    }
    if (table.hasPrefix("down_blocks.0.") || table.hasPrefix("input_blocks.0.") ||
        table.hasPrefix("double_blocks.0.") || table.hasPrefix("transformer_blocks.0.")) {
        return foreignFamily("a denoiser of a diffusion model (UNet or transformer)");
    }
    if (table.hasPrefix("first_stage_model.") ||
        (table.has("encoder.conv_in.weight") && table.has("decoder.conv_in.weight"))) {
        return foreignFamily("an autoencoder of a diffusion model (VAE)");
    }
    if (table.hasPart(".lora_") || table.hasPart("lora_unet_") || table.hasPart("lora_te")) {
        return foreignFamily("a LoRA adapter, which changes another model");
    }
    const bool patches = table.has("patch_embed.proj.weight") || table.hasPrefix("embeddings.patch_embeddings.") ||
                         table.hasPrefix("vit.embeddings.") || table.hasPrefix("dinov2.embeddings.");
    if (patches) {
        const bool dino = table.hasPrefix("dinov2.") || table.has("mask_token") || table.has("embeddings.mask_token");
        return foreignFamily(dino ? "a DINOv2 image model" : "a plain vision transformer (ViT)");
    }
    if (table.has("conv1.weight") && table.has("layer1.0.conv1.weight")) {
        return foreignFamily("a plain ResNet");
    }
    if (table.hasPrefix("bert.") || table.has("embeddings.word_embeddings.weight") ||
        table.hasPrefix("model.layers.0.self_attn.") || table.hasPrefix("layers.0.self_attn.") ||
        table.hasPrefix("encoder.block.0.") || table.hasPrefix("transformer.h.0.")) {
        return foreignFamily("a language model");
    }
    return {};
}

std::string towerName(bool vision, bool text, bool resnet)
{
    if (!vision) {
        return "CLIP text tower";
    }
    return std::string(resnet ? "CLIP ModifiedResNet" : "CLIP ViT") + (text ? "" : " image tower");
}

Family unknownDict(const StateDict& state)
{
    const std::string count = std::to_string(state.tensors.size());
    const std::string first = state.tensors.empty() ? "" : " (the first is \"" + state.tensors.front().first + "\")";
    return {Kind::Unsupported, "state dict (" + count + (state.tensors.size() == 1 ? " tensor)" : " tensors)"),
            "This is no CLIP: no tensor of it" + first + " has the name of a part of one."};
}

} // namespace

Family familyOf(const TensorTable& table, const StateDict& state)
{
    for (const auto& find : {otherClip, otherHuggingFace}) {
        if (Family other = find(table); !other.name.empty()) {
            return other;
        }
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
    const bool hfText = table.has("text_model.embeddings.token_embedding.weight");
    if (hfVision || hfText) {
        return {Kind::HuggingFace, towerName(hfVision, hfText, false) + " (Hugging Face)", {}};
    }
    if (Family other = noClip(table); !other.name.empty()) {
        return other;
    }
    return unknownDict(state);
}

Family timmFamily(const std::string& timmName)
{
    const std::string name = loweredText(timmName);
    const auto holds = [&name](const char* part) { return name.find(part) != std::string::npos; };
    if (holds("siglip")) {
        return sigLip(holds("siglip2") || holds("gemma"), "OpenCLIP");
    }
    if (holds("eva")) {
        return eva(!holds("eva02"), "OpenCLIP");
    }
    if (holds("mci") || holds("fastvit")) {
        return mobileClip("OpenCLIP");
    }
    if (holds("convnext")) {
        return ownTower("OpenCLIP with a ConvNeXt image tower of timm (" + timmName + ")");
    }
    if (holds("vitamin")) {
        return ownTower("ViTamin (OpenCLIP)");
    }
    if (holds("_pe_")) {
        return ownTower("Perception Encoder, PE (OpenCLIP)");
    }
    return ownTower("OpenCLIP with a timm image tower (" + timmName + ")");
}

} // namespace semascope::core
