#include "core/checkpoint/Detect_p.h"

#include "core/checkpoint/MappedFile_p.h"

// What can be known of weights without a config.
namespace semascope::core {
namespace {

std::optional<KnownActivation> activationOf(const BareEvidence& evidence, const Findings& findings)
{
    const ClipConfig& clip = findings.info.clip;
    if (evidence.openAiArchive) {
        return KnownActivation{Activation::QuickGelu, "as in all of OpenAI's archives"};
    }
    if (auto known = activationByName(findings.names, clip)) {
        return known;
    }
    if (auto known = activationBySize(clip)) {
        return known;
    }
    if (evidence.halvedAsByOpenAi) {
        return KnownActivation{Activation::QuickGelu,
                               "because the numbers are stored as OpenAI's own code stores them (weights in F16, norms "
                               "and embeddings in F32)"};
    }
    return std::nullopt;
}

void assumeActivation(const BareEvidence& evidence, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const auto known = activationOf(evidence, findings);
    if (!known) {
        if (!findings.activation) {
            findings.warn("Nothing says whether the activation is quick_gelu or gelu: it has to be chosen.");
        }
        return;
    }
    clip.visionActivation = clip.textActivation = known->activation;
    clip.activationFrom = "assumed, " + known->because;
    if (!findings.activation) {
        findings.assume(std::string("The activation is ") + activationName(known->activation) + ", " + known->because +
                        " (override with --activation).");
    }
}

} // namespace

std::string tellingNames(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? std::string() : path.substr(0, slash);
    return loweredText(fileName(path) + " " + (folder.empty() ? std::string() : fileName(folder)) + " " +
                       checkpointName(path));
}

void assumePreprocess(const std::string& file, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    if (!clip.hasVision) {
        return;
    }
    const auto holds = [&findings](const char* word) { return findings.names.find(word) != std::string::npos; };
    const std::string silent = file.empty() ? "No config says" : file + " does not say";
    if (clip.visionWidth == 1024 && clip.patchSize == 14 && (holds("laion2b") || holds("laion-2b"))) {
        clip.preprocess.mean.fill(0.5f);
        clip.preprocess.stddev.fill(0.5f);
        findings.assume("Pictures are normalised with 0.5 and 0.5, as LAION-2B's ViT-L/14 was trained: " + silent +
                        " how.");
    } else if (clip.visionWidth == 1280 && clip.patchSize == 14 && holds("dfn5b")) {
        clip.preprocess.squash = true;
        findings.assume("Pictures are squashed to a square, as DFN5B's ViT-H/14 was trained: " + silent + " how.");
    } else {
        findings.assume(
            silent + " how pictures are prepared: OpenAI's mean and deviation, bicubic, shortest edge, centre crop.");
    }
}

void applyNoConfig(const BareEvidence& evidence, const Findings& findings)
{
    const ClipConfig& clip = findings.info.clip;
    if (!clip.lnPre) {
        const Family family = clipaFamily(); // the only published ViT without that norm
        findings.info.family = family.name;
        findings.refuse(family.why);
        return;
    }
    assumeActivation(evidence, findings);
    if (clip.layout == ClipLayout::HuggingFace && clip.hasText) {
        findings.assume("No config.json names the end token: the largest id is taken for it.");
    }
    assumePreprocess({}, findings);
}

} // namespace semascope::core
