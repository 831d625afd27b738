#include "core/checkpoint/Detect_p.h"

// Families by what a config calls them.
namespace semascope::core {
namespace {

struct TypeRule
{
    const char* type; ///< "model_type" of a Hugging Face config
    const char* name;
    const char* needs;
};
constexpr const char* kTokenizer = "towers and a tokenizer of its own";
constexpr const char* kTexts = "another text tower and its own tokenizer";
constexpr const char* kSigLip = "attention pooling, a text tower without causal mask and a SentencePiece tokenizer";
constexpr TypeRule kTypes[] = {
    {"siglip", "SigLIP (Hugging Face)", kSigLip},
    {"siglip_vision_model", "SigLIP image tower (Hugging Face)", kSigLip},
    {"siglip_text_model", "SigLIP text tower (Hugging Face)", kSigLip},
    {"siglip2", "SigLIP 2 (Hugging Face)", "attention pooling, a text tower without causal mask and a Gemma tokenizer"},
    {"chinese_clip", "Chinese-CLIP (Hugging Face)", "a BERT text tower and a WordPiece tokenizer"},
    {"metaclip_2", "MetaCLIP 2 (worldwide)", "XLM-V's SentencePiece tokenizer and its own end-of-text rule"},
    {"altclip", "AltCLIP", kTexts},
    {"align", "ALIGN", "an EfficientNet image tower, a BERT text tower and a WordPiece tokenizer"},
    {"blip", "BLIP", kTexts},
    {"blip-2", "BLIP-2", kTexts},
    {"blip_2", "BLIP-2", kTexts},
    {"clipseg", "CLIPSeg", "its decoder; open the CLIP that it was made from instead"},
    {"owlvit", "OWL-ViT", "its detection heads; open the CLIP that it was made from instead"},
    {"owlv2", "OWLv2", "its detection heads; open the CLIP that it was made from instead"},
    {"xclip", "X-CLIP (video)", "its video towers; open the CLIP that it was made from instead"},
    {"groupvit", "GroupViT", "an image tower with grouping blocks"},
    {"vision-text-dual-encoder", "LiT or another dual encoder of two foreign towers", kTokenizer},
    {"clap", "CLAP", "a tower for sound: it knows no pictures"},
    {"imagebind", "ImageBind", kTokenizer},
    {"jina_clip", "Jina-CLIP", kTokenizer},
    {"flava", "FLAVA", kTokenizer},
    {"bridgetower", "BridgeTower", kTokenizer},
};

/// Models that compare nothing with texts.
struct ForeignRule
{
    const char* type;
    const char* what;
};
constexpr ForeignRule kForeign[] = {
    {"llava", "a vision-language model (LLaVA)"},
    {"vit", "a plain vision transformer (ViT)"},
    {"dinov2", "a DINOv2 image model"},
    {"convnext", "a plain ConvNeXt"},
    {"resnet", "a plain ResNet"},
    {"bert", "a language model (BERT)"},
};

} // namespace

Family unsupportedFamily(const std::string& name, const std::string& needs)
{
    return {Family::Kind::Unsupported, name, "This is " + name + ", which is not supported: it needs " + needs + "."};
}

Family foreignFamily(const std::string& what)
{
    const std::string name = what.substr(what.find(' ') + 1);
    return {Family::Kind::Unsupported, name,
            "This is no CLIP but " + what + ": it cannot compare pictures with texts."};
}

Family clipaFamily()
{
    return unsupportedFamily("CLIPA (OpenCLIP)",
                             "a WordPiece tokenizer and a text tower without causal mask that pools the last token");
}

Family coCaFamily()
{
    return unsupportedFamily("CoCa (OpenCLIP)", "attentional pooling and a text tower with a class token");
}

Family modelTypeFamily(const std::string& modelType)
{
    for (const TypeRule& rule : kTypes) {
        if (modelType == rule.type) {
            return unsupportedFamily(rule.name, rule.needs);
        }
    }
    for (const ForeignRule& rule : kForeign) {
        if (modelType == rule.type) {
            return foreignFamily(rule.what);
        }
    }
    return {};
}

} // namespace semascope::core
