#include "core/checkpoint/JsonConfig_p.h"

namespace semascope::core {
namespace {

using nlohmann::json;

const std::string kFile = "open_clip_config.json";

/// Switches that change the architecture, and that we do not have.
constexpr const char* kBlockFlags[] = {"qk_norm",          "scaled_cosine_attn", "scale_heads", "inner_norm",
                                       "scale_attn_inner", "scale_attn",         "scale_fc"};
constexpr const char* kVisionFlags[] = {"no_ln_pre", "attentional_pool", "final_ln_after_pool", "input_patchnorm",
                                        "global_average_pool"};
constexpr const char* kTextFlags[] = {"no_causal_mask", "embed_cls"};

template<std::size_t N> void refuseFlags(const json& section, const char* const (&flags)[N], const Findings& findings)
{
    for (const char* flag : flags) {
        const json* value = member(section, flag);
        if (value && *value != false && *value != 0) {
            findings.refuse(kFile + " asks for \"" + flag + "\", a variant of CLIP that is not supported.");
        }
    }
}

void refuseVariants(const json& vision, const json& text, const Findings& findings)
{
    if (const std::string timm = textOr(vision, "timm_model_name", ""); !timm.empty()) {
        const Family family = timmFamily(timm);
        findings.info.family = family.name;
        findings.refuse(family.why);
    }
    if (const std::string tower = textOr(text, "hf_model_name", ""); !tower.empty()) {
        findings.info.family = "OpenCLIP with a Hugging Face text tower";
        findings.refuse("The text tower is " + tower + ", which is not supported.");
    }
    refuseFlags(vision, kBlockFlags, findings);
    refuseFlags(vision, kVisionFlags, findings);
    refuseFlags(text, kBlockFlags, findings);
    refuseFlags(text, kTextFlags, findings);
    if (member(vision, "ls_init_value") || member(text, "ls_init_value")) {
        findings.refuse(kFile + " asks for layer scale (ls_init_value), which is not supported.");
    }
    if (textOr(vision, "pool_type", "tok") != "tok") {
        findings.refuse(kFile + " pools pictures by \"" + textOr(vision, "pool_type", "") +
                        "\", which is not supported.");
    }
    if (textOr(vision, "pos_embed_type", "learnable") != "learnable") {
        findings.refuse(kFile + " has positions of type \"" + textOr(vision, "pos_embed_type", "") +
                        "\", which is not supported.");
    }
}

void applyText(const json& text, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    findings.compare(kFile, "context_length", integerOr(text, "context_length", 77), clip.contextLength);
    findings.compare(kFile, "vocab_size", integerOr(text, "vocab_size", 49408), clip.vocabSize);
    findings.compare(kFile, "text width", integerOr(text, "width", 512), clip.textWidth);
    findings.compare(kFile, "text layers", integerOr(text, "layers", 12), clip.textLayers);
    clip.textHeads = integerOr(text, "heads", 8);
    const std::string pool = textOr(text, "pool_type", "argmax");
    const int eos = integerOr(text, "eos_id", -1);
    if (pool == "eos" && eos >= 0) {
        clip.eotRule = EotRule::FirstEos;
        clip.eosId = eos;
    } else if (pool != "argmax") {
        findings.refuse(kFile + " pools texts by \"" + pool + "\", which is not supported.");
    }
}

void applyVision(const json& vision, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    if (const json* size = member(vision, "image_size"); size && size->is_array()) {
        if (size->size() != 2 || (*size)[0] != (*size)[1]) {
            findings.refuse(kFile + " asks for pictures that are not square, which is not supported.");
        }
    } else {
        findings.compare(kFile, "image_size", integerOr(vision, "image_size", 224), clip.imageSize);
    }
    if (clip.resnet) {
        return; // its heads follow from its width
    }
    findings.compare(kFile, "vision width", integerOr(vision, "width", 768), clip.visionWidth);
    findings.compare(kFile, "vision layers", integerOr(vision, "layers", 12), clip.visionLayers);
    findings.compare(kFile, "patch_size", integerOr(vision, "patch_size", 16), clip.patchSize);
    const int headWidth = integerOr(vision, "head_width", 64);
    const bool divides = headWidth > 0 && clip.visionWidth % headWidth == 0;
    clip.visionHeads = divides ? clip.visionWidth / headWidth : 0;
    if (!divides) {
        findings.warn(kFile + " gives a head_width of " + std::to_string(headWidth) +
                      ", which does not divide the tower's width.");
    }
}

Activation towerActivation(const json& section, Activation usual)
{
    const bool tanh = textOr(objectOf(section, "act_kwargs"), "approximate", "") == "tanh";
    return tanh && usual == Activation::Gelu ? Activation::GeluTanh : usual;
}

void applyEps(const json& vision, const json& text, const Findings& findings)
{
    constexpr double kUsual = 1e-5;
    const double v = numberOr(objectOf(vision, "norm_kwargs"), "eps", kUsual);
    const double t = numberOr(objectOf(text, "norm_kwargs"), "eps", kUsual);
    const ClipConfig& clip = findings.info.clip;
    if (clip.hasVision && clip.hasText && !clip.resnet && v != t) {
        findings.refuse(kFile + " gives the towers different epsilons, which is not supported.");
    }
    findings.info.clip.layerNormEps = static_cast<float>(clip.hasText ? t : v);
}

void applyPreprocess(const json& config, const Findings& findings)
{
    PreprocessSpec& spec = findings.info.clip.preprocess;
    if (!member(config, "preprocess_cfg")) {
        findings.assume(
            kFile + " does not say how pictures are prepared: OpenAI's mean and deviation, bicubic, shortest edge.");
        return;
    }
    const json preprocess = objectOf(config, "preprocess_cfg");
    if (!channelsFrom(preprocess, "mean", spec.mean) || !channelsFrom(preprocess, "std", spec.stddev)) {
        findings.assume(kFile + " gives no mean and deviation: OpenAI's are taken where they are missing.");
    }
    const std::string filter = textOr(preprocess, "interpolation", "bicubic");
    const std::string mode = textOr(preprocess, "resize_mode", "shortest");
    if (filter == "bilinear") {
        spec.filter = PreprocessSpec::Filter::Bilinear;
    } else if (filter != "bicubic" && filter != "random") {
        findings.refuse(kFile + " resizes pictures by \"" + filter + "\", which is not supported.");
    }
    spec.squash = mode == "squash";
    if (mode != "squash" && mode != "shortest") {
        findings.refuse(kFile + " resizes pictures by \"" + mode + "\", which is not supported.");
    }
}

} // namespace

void applyOpenClipConfig(const json& config, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    clip.layout = ClipLayout::OpenClip;
    const json model = member(config, "model_cfg") ? objectOf(config, "model_cfg") : config;
    const json vision = objectOf(model, "vision_cfg"), text = objectOf(model, "text_cfg");
    refuseVariants(vision, text, findings);
    findings.compare(kFile, "embed_dim", integerOr(model, "embed_dim", clip.embedDim), clip.embedDim);
    if (clip.hasVision) {
        applyVision(vision, findings);
    }
    if (clip.hasText) {
        applyText(text, findings);
    }
    const Activation usual = truthOr(model, "quick_gelu", false) ? Activation::QuickGelu : Activation::Gelu;
    clip.visionActivation = towerActivation(vision, usual);
    clip.textActivation = towerActivation(text, usual);
    applyEps(vision, text, findings);
    applyPreprocess(config, findings);
}

} // namespace semascope::core
