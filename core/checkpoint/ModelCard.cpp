#include "core/checkpoint/ModelCard.h"

#include "core/checkpoint/MappedFile_p.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace semascope::core {
namespace {

struct NamedSize
{
    const char* name;
    int width, layers, patch; ///< patch 0: a ModifiedResNet
};
constexpr NamedSize kNames[] = {
    {"ViT-B/32", 768, 12, 32},      {"ViT-B/16", 768, 12, 16},  {"ViT-L/14", 1024, 24, 14},
    {"ViT-B/16-plus", 896, 12, 16}, {"ViT-H/14", 1280, 32, 14}, {"ViT-g/14", 1408, 40, 14},
    {"ViT-bigG/14", 1664, 48, 14},  {"ViT-e/14", 1792, 56, 14}, {"RN50", 64, 16, 0},
    {"RN101", 64, 33, 0},           {"RN50x4", 80, 26, 0},      {"RN50x16", 96, 40, 0},
    {"RN50x64", 128, 64, 0},
};

std::string printed(const char* format, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

/// 151277313 → "151.3 million".
std::string countText(std::uint64_t count)
{
    constexpr double kMillion = 1e6;
    if (count < 100'000) {
        return std::to_string(count);
    }
    return printed(count < 10'000'000 ? "%.2f million" : "%.1f million", static_cast<double>(count) / kMillion);
}

std::string plural(int count, const char* one)
{
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string channels(const std::array<float, 3>& c)
{
    const bool same = c[0] == c[1] && c[1] == c[2];
    const auto shown = [](float v) { return printed("%.4g", static_cast<double>(v)); };
    return same ? shown(c[0]) : shown(c[0]) + ", " + shown(c[1]) + ", " + shown(c[2]);
}

std::string pictureTower(const ClipConfig& c)
{
    std::string text = plural(c.imageSize, "pixel") + (c.resnet ? ", ModifiedResNet of width " : ", ");
    if (c.resnet) {
        text += std::to_string(c.visionWidth) + ", blocks ";
        for (std::size_t i = 0; i < c.resnetBlocks.size(); ++i) {
            text += (i > 0 ? "-" : "") + std::to_string(c.resnetBlocks[i]);
        }
        text += ", attention pooling with " + plural(c.visionHeads, "head");
    } else {
        const int grid = c.patchSize > 0 ? c.imageSize / c.patchSize : 0;
        text += std::to_string(grid) + " × " + std::to_string(grid) + " patches of " + std::to_string(c.patchSize) +
                "; " + plural(c.visionLayers, "layer") + " of width " + std::to_string(c.visionWidth) + ", " +
                plural(c.visionHeads, "head") + ", hidden " + std::to_string(c.visionMlp);
        text += c.meanPool ? "; mean of the patches" : "";
        text += c.lnPre ? "" : "; no norm before it";
    }
    if (c.imageSize != c.storedImageSize) {
        text += "; positions resampled from " + std::to_string(c.storedImageSize) + " pixels";
    }
    return text;
}

std::string textTower(const ClipConfig& c)
{
    std::string text = plural(c.contextLength, "token") + " of " + std::to_string(c.vocabSize) + "; " +
                       plural(c.textLayers, "layer") + " of width " + std::to_string(c.textWidth) + ", " +
                       plural(c.textHeads, "head") + ", hidden " + std::to_string(c.textMlp);
    if (c.contextLength != c.storedContext) {
        text += "; positions resampled from " + std::to_string(c.storedContext) + " tokens";
    }
    return text;
}

const char* formula(Activation a)
{
    return a == Activation::QuickGelu  ? "x · sigmoid(1.702 x)"
           : a == Activation::GeluTanh ? "GELU, tanh approximation"
                                       : "exact GELU";
}

std::string activationText(const ClipConfig& c)
{
    if (activationUnknown(c)) {
        return "not known: quick_gelu or gelu has to be chosen";
    }
    const bool pictures = c.hasVision && !c.resnet;
    const Activation first = pictures ? c.visionActivation : c.textActivation;
    std::string text = std::string(activationName(first)) + ", " + formula(first);
    if (pictures && c.hasText && c.textActivation != first) {
        text += std::string("; texts ") + activationName(c.textActivation);
    }
    return text + (c.activationFrom.empty() ? "" : " (" + c.activationFrom + ")");
}

std::string tokenizerText(const ClipConfig& c)
{
    std::string text = c.layout == ClipLayout::HuggingFace ? "byte pairs, cleaned as Hugging Face does"
                       : c.layout == ClipLayout::OpenClip  ? "byte pairs, cleaned as OpenCLIP does"
                                                           : "byte pairs, cleaned as OpenAI does";
    return text + (c.eotRule == EotRule::Argmax ? "; a text ends at its largest token id"
                                                : "; a text ends at its first token " + std::to_string(c.eosId));
}

std::string embeddingText(const ClipConfig& c)
{
    const std::string text = plural(c.embedDim, "dimension");
    if (!c.projected) {
        return text + ", not projected: cannot be compared with the other tower's";
    }
    return text + (c.hasVision && c.hasText ? ", pictures and texts alike"
                   : c.hasVision            ? ", pictures only: the file has no text tower"
                                            : ", texts only: the file has no image tower");
}

std::string parametersText(const CheckpointInfo& info)
{
    std::string text = countText(info.parameters);
    if (info.clip.hasVision && info.clip.hasText) {
        text += ": pictures " + countText(info.visionParameters) + ", texts " + countText(info.textParameters);
    } else if (info.clip.hasVision || info.clip.hasText) {
        text += info.clip.hasVision ? " for pictures" : " for texts";
    }
    return text;
}

std::string filesText(const CheckpointInfo& info)
{
    std::string text;
    for (std::size_t i = 0; i < info.files.size(); ++i) {
        text += (text.empty() ? "" : ", ") + fileName(info.files[i]);
        text += i < info.fileBytes.size() ? " (" + fileSizeText(info.fileBytes[i]) + ")" : "";
    }
    return text;
}

std::string vocabularyText(const CheckpointInfo& info, const CardFacts& facts)
{
    const std::string& path = facts.vocabulary.empty() ? info.vocabulary : facts.vocabulary;
    if (path.empty()) {
        return "none found: texts cannot be encoded until one is there";
    }
    const std::string folder =
        info.files.empty() ? std::string() : info.files.front().substr(0, info.files.front().rfind('/') + 1);
    const bool beside = !folder.empty() && (path + "/").rfind(folder, 0) == 0;
    return path + (facts.vocabularyGiven ? " (given)" : beside ? " (beside the weights)" : " (found on this machine)");
}

void addTowers(const CheckpointInfo& info, std::vector<CardRow>& rows)
{
    const ClipConfig& c = info.clip;
    rows.push_back({"architecture", "Architecture", architectureName(c), {}});
    rows.push_back({"embedding", "Embedding", embeddingText(c),
                    plural(c.embedDim, "dimension") + (c.projected ? "" : ", not projected")});
    if (c.hasVision) {
        rows.push_back({"pictures", "Pictures", pictureTower(c),
                        plural(c.imageSize, "pixel") +
                            (c.resnet ? std::string() : ", patches of " + std::to_string(c.patchSize))});
        rows.push_back({"preprocessing", "Prepared", preprocessWords(c.preprocess), {}});
    }
    if (c.hasText) {
        rows.push_back({"texts", "Texts", textTower(c), plural(c.contextLength, "token")});
        rows.push_back({"tokenizer", "Tokenizer", tokenizerText(c), {}});
    }
    if (c.hasText || !c.resnet) {
        const Activation first = c.hasVision && !c.resnet ? c.visionActivation : c.textActivation;
        const bool asked = c.activationFrom.rfind("chosen by you", 0) == 0;
        rows.push_back({"activation", "Activation", activationText(c),
                        activationUnknown(c) ? "to be chosen"
                                             : std::string(activationName(first)) + (asked ? ", chosen by you" : "")});
    }
    if (c.layerScale) {
        rows.push_back({"layer_scale", "Layer scale", "yes", {}});
    }
    rows.push_back({"eps", "Norm epsilon", printed("%g", static_cast<double>(c.layerNormEps)), {}});
    if (info.logitScale) {
        std::string scale = printed("%.4g", *info.logitScale) + " (cosines are multiplied by it before softmax)";
        scale += info.logitBias ? ", bias " + printed("%.4g", *info.logitBias) : "";
        rows.push_back({"logit_scale", "Logit scale", scale, {}});
    }
}

std::string headlineOf(const CheckpointInfo& info)
{
    if (!info.supported) {
        return info.family + " · not supported";
    }
    const ClipConfig& c = info.clip;
    return architectureName(c) + (c.hasVision ? " · " + std::to_string(c.imageSize) + " px" : " · texts only") + " · " +
           plural(c.embedDim, "dimension") + " · " + countText(info.parameters) + " parameters";
}

/// Characters on the screen, one a code point.
std::size_t shownWidth(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

} // namespace

std::string fileSizeText(std::uint64_t bytes)
{
    constexpr double kKilo = 1e3, kMega = 1e6, kGiga = 1e9;
    const auto b = static_cast<double>(bytes);
    return b >= kGiga   ? printed("%.2f GB", b / kGiga)
           : b >= kMega ? printed(b >= 10 * kMega ? "%.0f MB" : "%.1f MB", b / kMega)
           : b >= kKilo ? printed("%.0f KB", b / kKilo)
                        : std::to_string(bytes) + " B";
}

std::string architectureName(const ClipConfig& c)
{
    if (!c.hasVision) {
        return "text tower";
    }
    for (const NamedSize& size : kNames) {
        if (size.width == c.visionWidth && size.layers == c.visionLayers &&
            size.patch == (c.resnet ? 0 : c.patchSize)) {
            return size.name;
        }
    }
    return c.resnet ? "ModifiedResNet" : "ViT, patches of " + std::to_string(c.patchSize);
}

std::string preprocessWords(const PreprocessSpec& spec)
{
    const std::string side = std::to_string(spec.size);
    const char* filter = spec.filter == PreprocessSpec::Filter::Bicubic ? "bicubic" : "bilinear";
    const std::string resized = spec.squash ? "squashed to " + side + " × " + side + " pixels (" + filter + ")"
                                            : "shortest edge to " + side + " pixels (" + filter + "), centre crop" +
                                                  (spec.hfCrop ? " rounded down" : " rounded to even");
    return (spec.rgbLast ? "resized as stored, then RGB: " : "RGB first: ") + resized + "; mean " +
           channels(spec.mean) + ", deviation " + channels(spec.stddev);
}

ModelCard modelCard(const CheckpointInfo& info, const CardFacts& facts)
{
    ModelCard card;
    card.name = info.name;
    card.headline = headlineOf(info);
    const std::string brief = info.supported ? architectureName(info.clip) : info.family;
    card.rows.push_back({"family", "Family", info.family, brief});
    if (info.supported) {
        addTowers(info, card.rows);
    } else {
        card.rows.push_back({"why", "Not loaded", info.why, info.why});
    }
    card.rows.push_back({"parameters", "Parameters", parametersText(info), countText(info.parameters)});
    const std::string stored = info.dtype + ", " + info.container;
    card.rows.push_back({"stored", "Stored as", stored, {}});
    card.rows.push_back({"files", "Files", filesText(info), {}});
    if (info.supported && info.clip.hasText) {
        const std::string& path = facts.vocabulary.empty() ? info.vocabulary : facts.vocabulary;
        card.rows.push_back(
            {"vocabulary", "Vocabulary", vocabularyText(info, facts), path.empty() ? "none found" : fileName(path)});
    }
    if (!facts.device.empty()) {
        card.rows.push_back({"device", "Computed on", facts.device + ", " + facts.precision, {}});
    }
    if (!facts.hash.empty()) {
        card.rows.push_back({"hash", "Weights hash", facts.hash, {}});
    }
    card.assumed = info.clip.assumed;
    card.notes = info.warnings;
    return card;
}

std::string ModelCard::text() const
{
    std::size_t widest = 0;
    for (const CardRow& row : rows) {
        widest = std::max(widest, shownWidth(row.label));
    }
    std::string text = name + "\n" + headline + "\n\n";
    for (const CardRow& row : rows) {
        text += row.label + std::string(widest - shownWidth(row.label) + 2, ' ') + row.value + "\n";
    }
    const auto list = [&text](const char* title, const std::vector<std::string>& sentences) {
        text += sentences.empty() ? "" : std::string("\n") + title + "\n";
        for (const std::string& sentence : sentences) {
            text += "- " + sentence + "\n";
        }
    };
    list("Assumed", assumed);
    list("Notes", notes);
    return text;
}

} // namespace semascope::core
