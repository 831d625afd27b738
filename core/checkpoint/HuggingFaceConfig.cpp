#include "core/checkpoint/JsonConfig_p.h"

#include <cmath>

namespace semascope::core {
namespace {

using nlohmann::json;

const std::string kFile = "config.json";
const std::string kPreprocessor = "preprocessor_config.json";

/// transformers' defaults, which stand for every field that a config leaves out.
json textDefaults()
{
    return {{"hidden_size", 512},       {"intermediate_size", 2048},    {"num_hidden_layers", 12},
            {"num_attention_heads", 8}, {"vocab_size", 49408},          {"layer_norm_eps", 1e-5},
            {"eos_token_id", 49407},    {"max_position_embeddings", 77}};
}
json visionDefaults()
{
    return {{"hidden_size", 768}, {"intermediate_size", 3072}, {"num_hidden_layers", 12}, {"num_attention_heads", 12},
            {"image_size", 224},  {"patch_size", 32},          {"layer_norm_eps", 1e-5}};
}

/// One tower's section, completed. `name`_dict, when given, overrides it as a whole, its own defaults included.
json section(const json& config, const std::string& name, const std::string& flatType, const json& defaults)
{
    json result = defaults;
    result.update(textOr(config, "model_type", "") == flatType ? config : objectOf(config, name.c_str()));
    if (const json* override = member(config, (name + "_dict").c_str()); override && override->is_object()) {
        result.update(defaults);
        result.erase("hidden_act"); // its default is known where it is read
        result.update(*override);
    }
    return result;
}

Activation activationOf(const json& tower, const Findings& findings)
{
    const std::string word = textOr(tower, "hidden_act", "quick_gelu");
    const auto activation = activationFromName(word);
    findings.info.clip.activationFrom = member(tower, "hidden_act") ? kFile : kFile + ", whose default it is";
    if (!activation && !findings.activation) {
        findings.refuse(kFile + " asks for the activation \"" + word + "\", which is not supported.");
    }
    return activation.value_or(Activation::Unknown);
}

int headsOf(const json& tower, int width, const char* name, const Findings& findings)
{
    const int heads = integerOr(tower, "num_attention_heads", 0);
    if (heads > 0 && width % heads == 0) {
        return heads;
    }
    findings.warn(kFile + " gives the " + name + " tower " + std::to_string(heads) +
                  " heads, which do not divide its width " + std::to_string(width) + ".");
    return 0;
}

void applyVision(const json& vision, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    findings.compare(kFile, "vision hidden_size", integerOr(vision, "hidden_size", 0), clip.visionWidth);
    findings.compare(kFile, "vision num_hidden_layers", integerOr(vision, "num_hidden_layers", 0), clip.visionLayers);
    const int size = integerOr(vision, "image_size", 0);
    findings.compare(kFile, "image_size", size, clip.imageSize);
    if (size != clip.imageSize && fitsPictures(clip, size)) {
        findings.warn("Positions can be resampled for pictures of another size: --image-size " + std::to_string(size) +
                      " would do what the config seems to mean.");
    }
    findings.compare(kFile, "patch_size", integerOr(vision, "patch_size", 0), clip.patchSize);
    clip.visionHeads = headsOf(vision, clip.visionWidth, "image", findings);
    clip.visionActivation = activationOf(vision, findings);
}

void applyText(const json& text, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    findings.compare(kFile, "text hidden_size", integerOr(text, "hidden_size", 0), clip.textWidth);
    findings.compare(kFile, "text num_hidden_layers", integerOr(text, "num_hidden_layers", 0), clip.textLayers);
    findings.compare(kFile, "vocab_size", integerOr(text, "vocab_size", 0), clip.vocabSize);
    findings.compare(kFile, "max_position_embeddings", integerOr(text, "max_position_embeddings", 0),
                     clip.contextLength);
    clip.textHeads = headsOf(text, clip.textWidth, "text", findings);
    clip.textActivation = activationOf(text, findings);
    // Every config derived from OpenAI's says 2, which is no token's real number: transformers then takes the largest
    // id.
    constexpr int kLegacyEos = 2;
    const int eos = integerOr(text, "eos_token_id", kLegacyEos);
    clip.eotRule = eos == kLegacyEos ? EotRule::Argmax : EotRule::FirstEos;
    clip.eosId = eos == kLegacyEos ? -1 : eos;
    if (eos >= clip.vocabSize || eos < 0) {
        findings.warn(kFile + " names the end token " + std::to_string(eos) + ", which the vocabulary of " +
                      std::to_string(clip.vocabSize) + " does not have: the largest id is taken for the end.");
        clip.eotRule = EotRule::Argmax;
        clip.eosId = -1;
    }
}

/// "size" in its three generations: a number or shortest_edge keep the shape, height and width do not.
void applySize(const json& preprocessor, const Findings& findings)
{
    PreprocessSpec& spec = findings.info.clip.preprocess;
    const json size = objectOf(preprocessor, "size");
    const int edge = integerOr(preprocessor, "size", integerOr(size, "shortest_edge", 0));
    const int height = integerOr(size, "height", 0), width = integerOr(size, "width", 0);
    spec.squash = height > 0 && width > 0 && !member(size, "shortest_edge");
    if (spec.squash && height != width) {
        findings.refuse(kPreprocessor + " asks for pictures that are not square, which is not supported.");
    }
    const json crop = objectOf(preprocessor, "crop_size");
    const int cropped = integerOr(preprocessor, "crop_size", integerOr(crop, "height", 0));
    const bool crops = truthOr(preprocessor, "do_center_crop", true);
    const int wanted = findings.info.clip.imageSize;
    const int resized = spec.squash ? height : edge;
    if ((resized > 0 && resized != wanted) || (crops && cropped > 0 && cropped != wanted)) {
        findings.warn(kPreprocessor + " resizes to " + std::to_string(resized) + " and crops to " +
                      std::to_string(cropped) + ": pictures are resized and cropped to the tower's " +
                      std::to_string(wanted) + " instead.");
    }
    if (!truthOr(preprocessor, "do_resize", true) || (!crops && !spec.squash)) {
        findings.warn(kPreprocessor +
                      " leaves out resizing or cropping: pictures are resized and cropped all the same.");
    }
}

void applyPreprocessor(const json& preprocessor, const Findings& findings)
{
    PreprocessSpec& spec = findings.info.clip.preprocess;
    if (!preprocessor.is_object()) {
        assumePreprocess(kFile, findings);
        return;
    }
    applySize(preprocessor, findings);
    constexpr int kBilinear = 2, kBicubic = 3; // Pillow's numbers
    const int filter = integerOr(preprocessor, "resample", kBicubic);
    if (filter == kBilinear) {
        spec.filter = PreprocessSpec::Filter::Bilinear;
    } else if (filter != kBicubic) {
        findings.warn(kPreprocessor + " asks for the resampling filter " + std::to_string(filter) +
                      ": bicubic is taken instead.");
    }
    if (!truthOr(preprocessor, "do_normalize", true)) {
        spec.mean.fill(0.0f);
        spec.stddev.fill(1.0f);
    } else if (!channelsFrom(preprocessor, "image_mean", spec.mean) ||
               !channelsFrom(preprocessor, "image_std", spec.stddev)) {
        findings.assume(kPreprocessor + " gives no mean and deviation: OpenAI's are taken where they are missing.");
    }
    const double factor = numberOr(preprocessor, "rescale_factor", 1.0 / 255.0);
    if (!truthOr(preprocessor, "do_rescale", true) || std::abs(factor * 255.0 - 1.0) > 1e-6) {
        findings.refuse(kPreprocessor + " does not scale pictures to 0–1, which is not supported.");
    }
}

} // namespace

void applyHuggingFaceConfig(const json& config, const json& preprocessor, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const std::string type = textOr(config, "model_type", "clip");
    if (type != "clip" && type != "clip_text_model" && type != "clip_vision_model") {
        const Family family = modelTypeFamily(type);
        findings.info.family = family.name.empty() ? type + " (Hugging Face)" : family.name;
        findings.refuse("config.json says that this is a model of type \"" + type + "\"" +
                        (family.name.empty() ? ", which is not supported." : ". " + family.why));
    }
    const json vision = section(config, "vision_config", "clip_vision_model", visionDefaults());
    const json text = section(config, "text_config", "clip_text_model", textDefaults());
    if (clip.projected) {
        findings.compare(kFile, "projection_dim", integerOr(config, "projection_dim", 512), clip.embedDim);
    }
    if (clip.hasVision) {
        applyVision(vision, findings);
    }
    if (clip.hasText) {
        applyText(text, findings);
    }
    const double v = numberOr(vision, "layer_norm_eps", 1e-5), t = numberOr(text, "layer_norm_eps", 1e-5);
    if (clip.hasVision && clip.hasText && v != t) {
        findings.refuse(kFile + " gives the towers different epsilons, which is not supported.");
    }
    clip.layerNormEps = static_cast<float>(clip.hasText ? t : v);
    if (clip.hasVision) {
        applyPreprocessor(preprocessor, findings);
    }
}

} // namespace semascope::core
