#include "core/checkpoint/Detect_p.h"

#include <algorithm>
#include <cctype>

// What names and sizes tell of a model's activation. Nothing in the tensors does.
namespace semascope::core {
namespace {

struct NameRule
{
    const char* word;
    Activation activation;
};
// In this order: the first word found decides.
constexpr NameRule kNames[] = {
    {"quickgelu", Activation::QuickGelu},
    {"quick_gelu", Activation::QuickGelu},
    {"altogether", Activation::Gelu}, // the MetaCLIP models of that name
    {"metaclip", Activation::QuickGelu},
    {"fullcc", Activation::QuickGelu}, // MetaCLIP's own file names
    {"s39b", Activation::Gelu},        // of DFN, the one trained with OpenCLIP's default
    {"dfn", Activation::QuickGelu},
    {"datacomp", Activation::Gelu},
    {"commonpool", Activation::Gelu},
    {"laion2b", Activation::Gelu},
    {"laion-2b", Activation::Gelu},
    {"laion5b", Activation::Gelu},
    {"aesthetic", Activation::Gelu},
    {"yfcc", Activation::QuickGelu},
    {"cc12m", Activation::QuickGelu},
    {"openai", Activation::QuickGelu},
    {"clip-vit-base-patch", Activation::QuickGelu}, // OpenAI's own repositories; LAION's are named ViT-B-32, …
    {"clip-vit-large-patch", Activation::QuickGelu},
};

/// Sizes that only one published model has.
struct SizeRule
{
    int width, patch, image;
    Activation activation;
    const char* model;
};
constexpr SizeRule kSizes[] = {
    {1024, 14, 336, Activation::QuickGelu, "OpenAI's ViT-L/14 for 336 pixels"},
    {896, 16, 240, Activation::Gelu, "OpenCLIP's ViT-B/16-plus for 240 pixels"},
    {1408, 14, 224, Activation::Gelu, "LAION's ViT-g/14"},
    {1280, 14, 378, Activation::QuickGelu, "DFN5B's ViT-H/14 for 378 pixels"},
};

bool isBase32(const ClipConfig& clip)
{
    return clip.patchSize == 32 && clip.visionWidth == 768;
}

} // namespace

std::string loweredText(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::optional<KnownActivation> activationByName(const std::string& names, const ClipConfig& clip)
{
    const auto holds = [&names](const char* word) { return names.find(word) != std::string::npos; };
    if (holds("laion400m") && !holds("quickgelu") && !holds("quick_gelu")) {
        return KnownActivation{isBase32(clip) ? Activation::QuickGelu : Activation::Gelu,
                               "as in the LAION-400M model of this size"};
    }
    for (const NameRule& rule : kNames) {
        if (holds(rule.word)) {
            return KnownActivation{rule.activation, std::string("because the name holds \"") + rule.word + "\""};
        }
    }
    return std::nullopt;
}

std::optional<KnownActivation> activationBySize(const ClipConfig& clip)
{
    if (clip.resnet) {
        return KnownActivation{Activation::QuickGelu, "as in every published ModifiedResNet CLIP"};
    }
    for (const SizeRule& rule : kSizes) {
        if (clip.visionWidth == rule.width && clip.patchSize == rule.patch && clip.imageSize == rule.image) {
            return KnownActivation{rule.activation,
                                   std::string("as in ") + rule.model + ", the only published model of this size"};
        }
    }
    return std::nullopt;
}

const char* activationName(Activation a) noexcept
{
    switch (a) {
    case Activation::QuickGelu:
        return "quick_gelu";
    case Activation::Gelu:
        return "gelu";
    case Activation::GeluTanh:
        return "gelu_tanh";
    case Activation::Unknown:
        break;
    }
    return "unknown";
}

std::optional<Activation> activationFromName(const std::string& word)
{
    if (word == "quick_gelu" || word == "quickgelu") {
        return Activation::QuickGelu;
    }
    if (word == "gelu") {
        return Activation::Gelu;
    }
    if (word == "gelu_tanh" || word == "gelu_pytorch_tanh" || word == "gelu_new" || word == "gelu_fast") {
        return Activation::GeluTanh;
    }
    return std::nullopt;
}

bool activationUnknown(const ClipConfig& clip) noexcept
{
    return (clip.hasVision && !clip.resnet && clip.visionActivation == Activation::Unknown) ||
           (clip.hasText && clip.textActivation == Activation::Unknown);
}

std::string activationQuestion(const std::string& name)
{
    return "Nothing says which activation " + name +
           " was trained with, and the wrong one gives wrong scores without any other sign: choose it with "
           "--activation "
           "quick_gelu (OpenAI, MetaCLIP, DFN) or --activation gelu (LAION, DataComp and most of OpenCLIP).";
}

} // namespace semascope::core
