#include "core/checkpoint/Detect_p.h"

#include "core/checkpoint/MappedFile_p.h"

#include <algorithm>
#include <cctype>

// What can be known of weights without a config. Activation and heads leave no trace in the tensors.
namespace semascope::core {
namespace {

struct Convention
{
    const char* word;
    Activation activation;
};
// In this order: the first word found decides.
constexpr Convention kConventions[] = {
    {"quickgelu", Activation::QuickGelu}, {"quick_gelu", Activation::QuickGelu},
    {"altogether", Activation::Gelu},     {"metaclip", Activation::QuickGelu},
    {"s39b", Activation::Gelu},           {"dfn", Activation::QuickGelu},
    {"datacomp", Activation::Gelu},       {"commonpool", Activation::Gelu},
    {"laion2b", Activation::Gelu},        {"laion5b", Activation::Gelu},
    {"laion-2b", Activation::Gelu},       {"aesthetic", Activation::Gelu},
    {"yfcc", Activation::QuickGelu},      {"cc12m", Activation::QuickGelu},
    {"openai", Activation::QuickGelu},
};

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// The names that may tell something: of the file, its folder, and the repository it was downloaded from.
std::string tellingNames(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    return lowered(fileName(path) + " " + (folder.empty() ? std::string() : fileName(folder)) + " " +
                   checkpointName(path));
}

bool isBase32(const ClipConfig& clip)
{
    return clip.patchSize == 32 && clip.visionWidth == 768;
}

void assumeActivation(const std::string& names, bool openAiArchive, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const char* const override = " (override with --activation)";
    clip.visionActivation = clip.textActivation = Activation::QuickGelu;
    if (openAiArchive) {
        findings.assume(
            "The activation is quick_gelu, as in all of OpenAI's archives (override with --activation gelu).");
        return;
    }
    if (names.find("laion400m") != std::string::npos && names.find("quickgelu") == std::string::npos) {
        const Activation a = isBase32(clip) ? Activation::QuickGelu : Activation::Gelu;
        clip.visionActivation = clip.textActivation = a;
        findings.assume(std::string("The activation is ") + activationName(a) +
                        ", as in the LAION-400M model of this size" + override + ".");
        return;
    }
    for (const Convention& convention : kConventions) {
        if (names.find(convention.word) != std::string::npos) {
            clip.visionActivation = clip.textActivation = convention.activation;
            findings.assume(std::string("The activation is ") + activationName(convention.activation) +
                            ", because the name holds \"" + convention.word + "\"" + override + ".");
            return;
        }
    }
    findings.assume(
        "The activation is quick_gelu, as in OpenAI's models: no config says so (override with --activation gelu).");
}

} // namespace

void applyNoConfig(const std::string& weightsPath, bool openAiArchive, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const std::string names = tellingNames(weightsPath);
    if (!findings.activation) {
        assumeActivation(names, openAiArchive, findings);
    }
    if (clip.layout == ClipLayout::HuggingFace && clip.hasText) {
        findings.assume("No config.json names the end token: the largest id is taken for it.");
    }
    if (!clip.hasVision) {
        return;
    }
    const bool laionLarge = clip.visionWidth == 1024 && clip.patchSize == 14 &&
                            (names.find("laion2b") != std::string::npos || names.find("laion-2b") != std::string::npos);
    if (laionLarge) {
        clip.preprocess.mean.fill(0.5f);
        clip.preprocess.stddev.fill(0.5f);
        findings.assume("Pictures are normalised with 0.5 and 0.5, as LAION-2B's ViT-L/14 was trained.");
    } else {
        findings.assume(
            "No config says how pictures are prepared: OpenAI's mean and deviation, bicubic, shortest edge.");
    }
}

} // namespace semascope::core
