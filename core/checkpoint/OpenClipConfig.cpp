#include "core/checkpoint/JsonConfig_p.h"

namespace semascope::core {
namespace {

using nlohmann::json;

const std::string kFile = "open_clip_config.json";
constexpr int kMostTokens = 4096;

/// Switches that change the architecture, and that we do not have.
constexpr const char* kBlockFlags[] = {"qk_norm",          "scaled_cosine_attn", "scale_heads", "inner_norm",
                                       "scale_attn_inner", "scale_attn",         "scale_fc"};
constexpr const char* kVisionFlags[] = {"attentional_pool", "attn_pooler_queries", "input_patchnorm", "output_tokens"};
constexpr const char* kTextFlags[] = {"no_causal_mask", "embed_cls", "output_tokens"};

template<std::size_t N> void refuseFlags(const json& section, const char* const (&flags)[N], const Findings& findings)
{
    for (const char* flag : flags) {
        const json* value = member(section, flag);
        if (value && *value != false && *value != 0) {
            findings.refuse(kFile + " asks for \"" + flag + "\", a variant of CLIP that is not supported.");
        }
    }
}

/// Whole families that OpenCLIP's configs describe and whose tensors may look like ours.
void refuseFamilies(const json& model, const Findings& findings)
{
    const json vision = objectOf(model, "vision_cfg"), text = objectOf(model, "text_cfg");
    const auto refuse = [&findings](const Family& family) {
        findings.info.family = family.name;
        findings.refuse(family.why);
    };
    if (member(model, "multimodal_cfg")) {
        refuse(coCaFamily());
    }
    if (const std::string timm = textOr(vision, "timm_model_name", ""); !timm.empty()) {
        refuse(timmFamily(timm));
    }
    if (!findings.info.clip.hasText) {
        return;
    }
    if (const std::string tower = textOr(text, "hf_model_name", ""); !tower.empty()) {
        findings.info.family = "OpenCLIP with a Hugging Face text tower";
        findings.refuse("The text tower is " + tower + ", which is not supported.");
    }
    const std::string tokenizer = loweredText(textOr(text, "hf_tokenizer_name", ""));
    const bool clipa = truthOr(text, "no_causal_mask", false) && textOr(text, "pool_type", "") == "last";
    if (clipa && tokenizer.find("bert") != std::string::npos) {
        refuse(clipaFamily());
    } else if (!tokenizer.empty() && tokenizer.find("clip") == std::string::npos) {
        findings.refuse("The texts of this model need the tokenizer \"" + textOr(text, "hf_tokenizer_name", "") +
                        "\", which is not supported.");
    }
}

void refuseVariants(const json& vision, const json& text, const Findings& findings)
{
    const ClipConfig& clip = findings.info.clip;
    refuseFlags(vision, kBlockFlags, findings);
    refuseFlags(vision, kVisionFlags, findings);
    if (clip.hasText) {
        refuseFlags(text, kBlockFlags, findings);
        refuseFlags(text, kTextFlags, findings);
    }
    const bool scales = member(vision, "ls_init_value") || (clip.hasText && member(text, "ls_init_value"));
    if (scales && !clip.layerScale && !clip.resnet) {
        findings.refuse(kFile + " asks for layer scale (ls_init_value), but the file has no ls_1.gamma.");
    }
    for (const json& section : {vision, text}) {
        for (const char* kind : {"block_type", "attn_type"}) {
            if (const std::string word = textOr(section, kind, "default"); word != "default") {
                findings.refuse(kFile + " asks for the " + kind + " \"" + word +
                                "\", a variant of CLIP that is not supported.");
            }
        }
    }
}

/// How the image tower ends and begins, as far as configs say and tensors do not.
void applyVisionForm(const json& vision, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const std::string pool = textOr(vision, "pool_type", "tok");
    const bool average = pool == "avg" || truthOr(vision, "global_average_pool", false);
    if (pool != "tok" && pool != "avg") {
        findings.refuse(kFile + " pools pictures by \"" + pool + "\", which is not supported.");
    }
    clip.meanPool = average;
    clip.normAfterPool = truthOr(vision, "final_ln_after_pool", false);
    const std::string positions = textOr(vision, "pos_embed_type", "learnable");
    if (positions != "learnable" && positions != "sin_cos_2d") { // both are stored as a table
        findings.refuse(kFile + " has positions of type \"" + positions + "\", which is not supported.");
    }
    if (truthOr(vision, "no_ln_pre", false) == clip.lnPre) {
        findings.warn(kFile + (clip.lnPre ? " says no_ln_pre, but the file has that norm: it is used."
                                          : " does not say no_ln_pre, but the file lacks that norm: it is left out."));
    }
}

void applyText(const json& text, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    if (const int context = integerOr(text, "context_length", 77); context != clip.contextLength) {
        if (!member(text, "context_length") || context < 1 || context > kMostTokens) {
            findings.compare(kFile, "context_length", context, clip.contextLength);
        } else {
            clip.contextLength = context;
            findings.warn(kFile + " asks for texts of " + std::to_string(context) + " tokens: the positions for " +
                          std::to_string(clip.storedContext) + " are resampled, as OpenCLIP does.");
        }
    }
    findings.compare(kFile, "vocab_size", integerOr(text, "vocab_size", 49408), clip.vocabSize);
    findings.compare(kFile, "text width", integerOr(text, "width", 512), clip.textWidth);
    findings.compare(kFile, "text layers", integerOr(text, "layers", 12), clip.textLayers);
    clip.textHeads = integerOr(text, "heads", 8);
    if (const json options = objectOf(text, "tokenizer_kwargs"); !options.empty()) {
        findings.warn(kFile + " gives options to the tokenizer (" + options.begin().key() +
                      ", …), which are not followed: texts are cleaned as OpenCLIP does without them.");
    }
    const std::string pool = textOr(text, "pool_type", "argmax");
    const int eos = integerOr(text, "eos_id", -1);
    if (pool == "eos" && eos >= 0) {
        clip.eotRule = EotRule::FirstEos;
        clip.eosId = eos;
    } else if (pool != "argmax") {
        findings.refuse(kFile + " pools texts by \"" + pool + "\", which is not supported.");
    }
}

/// A size that is written down counts: OpenCLIP resamples the positions to it.
void applyImageSize(const json& vision, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const json* size = member(vision, "image_size");
    if (size && size->is_array() && (size->size() != 2 || (*size)[0] != (*size)[1])) {
        findings.refuse(kFile + " asks for pictures that are not square, which is not supported.");
        return;
    }
    const json first = size && size->is_array() ? json{{"image_size", (*size)[0]}} : vision;
    const int wanted = integerOr(first, "image_size", 224);
    if (wanted == clip.imageSize) {
        return;
    }
    if (size == nullptr || !fitsPictures(clip, wanted)) {
        findings.compare(kFile, "image_size", wanted, clip.imageSize);
        return;
    }
    clip.imageSize = wanted;
    findings.warn(kFile + " asks for pictures of " + std::to_string(wanted) + " pixels: the positions for " +
                  std::to_string(clip.storedImageSize) + " are resampled, as OpenCLIP does.");
}

void applyVision(const json& vision, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    applyImageSize(vision, findings);
    if (clip.resnet) {
        return; // its heads follow from its width
    }
    applyVisionForm(vision, findings);
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

/// The commonest mistake of all: OpenAI's weights beside a config that forgot quick_gelu (open_clip issues 771, 915).
void warnOfName(Activation configured, const Findings& findings)
{
    const auto named = activationByName(findings.names, findings.info.clip);
    if (named && named->activation != configured && !findings.activation) {
        findings.warn(kFile + " makes the activation " + activationName(configured) + ", but " +
                      activationName(named->activation) + " would be expected " + named->because +
                      ": if scores look too low, try --activation " + activationName(named->activation) + ".");
    }
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
        assumePreprocess(kFile, findings);
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
    const ClipConfig& clip = findings.info.clip;
    const bool dfn5b = clip.visionWidth == 1280 && findings.names.find("dfn5b") != std::string::npos;
    if (dfn5b && !member(preprocess, "resize_mode")) {
        spec.squash = true;
        findings.assume("Pictures are squashed to a square, as DFN5B's ViT-H/14 was trained: " + kFile +
                        " does not say how.");
    }
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
    refuseFamilies(model, findings);
    refuseVariants(vision, text, findings);
    if (clip.projected) {
        findings.compare(kFile, "embed_dim", integerOr(model, "embed_dim", clip.embedDim), clip.embedDim);
    }
    if (clip.hasVision) {
        applyVision(vision, findings);
    }
    if (clip.hasText) {
        applyText(text, findings);
    }
    const Activation usual = truthOr(model, "quick_gelu", false) ? Activation::QuickGelu : Activation::Gelu;
    clip.visionActivation = towerActivation(vision, usual);
    clip.textActivation = towerActivation(text, usual);
    clip.activationFrom = member(model, "quick_gelu") ? kFile : kFile + ", whose default it is";
    warnOfName(usual, findings);
    applyEps(vision, text, findings);
    applyPreprocess(config, findings);
}

} // namespace semascope::core
