#include "core/checkpoint/JsonConfig_p.h"
#include "core/checkpoint/MappedFile_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace semascope::core {
namespace {

std::string shortest(float value)
{
    char text[32];
    const auto [end, error] = std::to_chars(text, text + sizeof(text), value); // knows no locale
    return {text, end};
}

std::string channelsText(const std::array<float, 3>& c)
{
    return shortest(c[0]) + "," + shortest(c[1]) + "," + shortest(c[2]);
}

} // namespace

std::string PreprocessSpec::describe() const
{
    return "size=" + std::to_string(size) + " resize=" + (squash ? "squash" : "shortest") +
           " filter=" + (filter == Filter::Bicubic ? "bicubic" : "bilinear") + " crop=" + (hfCrop ? "hf" : "openai") +
           " rgb=" + (rgbLast ? "last" : "first") + " mean=" + channelsText(mean) + " std=" + channelsText(stddev);
}

std::string describeArchitecture(const ClipConfig& clip)
{
    std::string text = clip.layout == ClipLayout::HuggingFace ? "hf"
                       : clip.layout == ClipLayout::OpenClip  ? "openclip"
                                                              : "openai";
    text += " embed=" + std::to_string(clip.embedDim) + " eps=" + shortest(clip.layerNormEps);
    text += std::string(clip.projected ? "" : " unprojected") + (clip.layerScale ? " layer_scale" : "");
    if (clip.hasVision) {
        text += std::string(" vision=") + (clip.resnet ? "resnet" : "vit") +
                " width=" + std::to_string(clip.visionWidth) + " layers=" + std::to_string(clip.visionLayers) +
                " heads=" + std::to_string(clip.visionHeads) + " patch=" + std::to_string(clip.patchSize) +
                " image=" + std::to_string(clip.imageSize);
        text += clip.imageSize == clip.storedImageSize ? "" : " positions=" + std::to_string(clip.storedImageSize);
        text += std::string(clip.lnPre ? "" : " no_ln_pre") + (clip.meanPool ? " pool=avg" : "") +
                (clip.meanPool && clip.normAfterPool ? " ln_after_pool" : "");
        text += clip.resnet ? "" : std::string(" act=") + activationName(clip.visionActivation);
    }
    if (clip.hasText) {
        text += " text=" + std::to_string(clip.textWidth) + " layers=" + std::to_string(clip.textLayers) +
                " heads=" + std::to_string(clip.textHeads) + " context=" + std::to_string(clip.contextLength);
        text += clip.contextLength == clip.storedContext ? "" : " positions=" + std::to_string(clip.storedContext);
        text += std::string(" act=") + activationName(clip.textActivation) +
                " eot=" + (clip.eotRule == EotRule::Argmax ? "argmax" : "first:" + std::to_string(clip.eosId));
    }
    return text;
}

nlohmann::json readJsonFile(const std::string& path)
{
    constexpr std::uint64_t kLargest = 16u << 20;
    const auto file = MappedFile::open(path);
    if (file->size() > kLargest) {
        throw Error(Code::BadFormat, path + " is too large for a configuration.");
    }
    const std::string_view text = file->text(0, file->size());
    auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object()) {
        const std::string foreign = foreignContent(file->head(512));
        throw Error(Code::BadFormat, path + " " + (foreign.empty() ? "is no JSON object" : foreign) + ".");
    }
    return json;
}

int integerOr(const nlohmann::json& object, const char* key, int fallback)
{
    const nlohmann::json* value = member(object, key);
    if (!value || !value->is_number()) {
        return fallback;
    }
    const double number = value->get<double>();
    const bool fits = std::floor(number) == number && std::abs(number) <= std::numeric_limits<int>::max();
    return fits ? static_cast<int>(number) : fallback;
}

bool channelsFrom(const nlohmann::json& object, const char* key, std::array<float, 3>& out)
{
    const nlohmann::json* value = member(object, key);
    if (value && value->is_number()) {
        out.fill(value->get<float>());
        return true;
    }
    if (!value || !value->is_array() || value->size() != 3) {
        return false;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        if (!(*value)[i].is_number()) {
            return false;
        }
    }
    for (std::size_t i = 0; i < 3; ++i) {
        out[i] = (*value)[i].get<float>();
    }
    return true;
}

void Findings::refuse(const std::string& sentence) const
{
    if (info.supported) {
        info.supported = false;
        info.why = sentence;
    }
}

void Findings::compare(const std::string& file, const char* what, long long configured, long long found) const
{
    if (configured != found) {
        warn(file + " says " + what + " " + std::to_string(configured) + ", the tensors say " + std::to_string(found) +
             ": the tensors count.");
    }
}

bool fitsPictures(const ClipConfig& clip, int size) noexcept
{
    constexpr int kResNetCell = 32, kMostCells = 128; // along one side
    const int cell = clip.resnet ? kResNetCell : clip.patchSize;
    return cell > 0 && size > 0 && size % cell == 0 && size / cell <= kMostCells;
}

int headsForWidth(int width, bool vision)
{
    // OpenCLIP's large image towers have 16 heads whatever their width.
    constexpr int kSixteen[] = {1280, 1408, 1664, 1792};
    if (vision && std::find(std::begin(kSixteen), std::end(kSixteen), width) != std::end(kSixteen)) {
        return 16;
    }
    return width % 64 == 0 ? width / 64 : 0;
}

void assumeHeads(const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    const auto assume = [&findings](const char* tower, int width, int& heads, bool vision) {
        if (heads > 0 && width % heads == 0) {
            return;
        }
        heads = headsForWidth(width, vision);
        if (heads == 0) {
            findings.refuse(std::string("Nothing says how many heads the ") + tower + " tower of width " +
                            std::to_string(width) + " has: put the model's config beside its weights.");
            return;
        }
        findings.assume(std::string("The ") + tower + " tower has " + std::to_string(heads) +
                        (heads == 1 ? " head" : " heads") + ", as models of width " + std::to_string(width) + " have.");
    };
    if (clip.hasVision) {
        assume("image", clip.resnet ? 64 * clip.visionHeads : clip.visionWidth, clip.visionHeads, true);
    }
    if (clip.hasText) {
        assume("text", clip.textWidth, clip.textHeads, false);
    }
}

} // namespace semascope::core
