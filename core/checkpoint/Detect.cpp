#include "core/checkpoint/Detect.h"

#include "core/checkpoint/Detect_p.h"
#include "core/checkpoint/JsonConfig_p.h"
#include "core/checkpoint/StateDict_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace semascope::core {
namespace {

bool isFloat(TensorType type)
{
    return type == TensorType::F16 || type == TensorType::BF16 || type == TensorType::F32 || type == TensorType::F64 ||
           type == TensorType::Float8;
}

bool endsWith(const std::string& text, std::string_view end)
{
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool startsWith(const std::string& text, std::string_view start)
{
    return text.compare(0, start.size(), start) == 0;
}

/// The tower that a tensor belongs to; null for what belongs to none.
std::uint64_t* towerCount(const std::string& name, CheckpointInfo& info)
{
    if (startsWith(name, "logit_")) {
        return nullptr;
    }
    const bool vision =
        startsWith(name, "visual.") || startsWith(name, "vision_model.") || startsWith(name, "visual_projection.");
    return vision ? &info.visionParameters : &info.textParameters;
}

void countParameters(const StateDict& state, CheckpointInfo& info)
{
    std::vector<TensorType> types;
    for (const auto& [name, view] : state.tensors) {
        if (!isFloat(view.type)) {
            continue;
        }
        if (std::find(types.begin(), types.end(), view.type) == types.end()) {
            types.push_back(view.type);
        }
        if (!endsWith(name, ".running_mean") && !endsWith(name, ".running_var")) {
            info.parameters += static_cast<std::uint64_t>(view.count());
            if (std::uint64_t* tower = towerCount(name, info)) {
                *tower += static_cast<std::uint64_t>(view.count());
            }
        }
    }
    std::sort(types.begin(), types.end());
    for (const TensorType type : types) {
        info.dtype += (info.dtype.empty() ? "" : "/") + std::string(tensorTypeName(type));
    }
    if (types.size() > 1) {
        info.dtype = "mixed " + info.dtype;
    }
    if (types.empty() && !state.tensors.empty()) {
        info.dtype = tensorTypeName(state.tensors.front().second.type);
    }
}

void listFiles(const CheckpointFiles& files, CheckpointInfo& info)
{
    info.files = {files.weights};
    if (endsWith(files.weights, ".index.json")) {
        const auto shards = shardFiles(files.weights);
        info.files.insert(info.files.end(), shards.begin(), shards.end());
    }
}

bool storedAs(const StateDict& state, const std::string& name, TensorType type)
{
    const TensorView* view = state.find(name);
    return view != nullptr && view->type == type;
}

BareEvidence evidenceOf(const StateDict& state, const TensorTable& table)
{
    const std::string root = table.has("text.token_embedding.weight") ? "text." : "";
    BareEvidence evidence;
    // OpenAI's archives carry three numbers as buffers; nobody else's do.
    evidence.openAiArchive = table.has("input_resolution") && table.has("context_length") && table.has("vocab_size");
    const auto all = [&](TensorType type, std::initializer_list<const char*> pictures,
                         std::initializer_list<const char*> texts) {
        return std::all_of(pictures.begin(), pictures.end(),
                           [&](const char* name) { return storedAs(state, name, type); }) &&
               std::all_of(texts.begin(), texts.end(),
                           [&](const char* name) { return storedAs(state, root + name, type); });
    };
    evidence.halvedAsByOpenAi =
        all(TensorType::F16, {"visual.conv1.weight", "visual.transformer.resblocks.0.attn.in_proj_weight"},
            {"transformer.resblocks.0.mlp.c_fc.weight", "text_projection"}) &&
        all(TensorType::F32, {"visual.class_embedding", "visual.ln_post.weight"},
            {"token_embedding.weight", "ln_final.weight", "positional_embedding"});
    return evidence;
}

/// A tensor that a tower does not know means another architecture; elsewhere it is only of no use.
void checkUnasked(const TensorTable& table, const Findings& findings)
{
    const std::string name = table.unasked();
    if (name.empty()) {
        return;
    }
    for (const char* tower : {"visual.", "transformer.", "text.", "vision_model.", "text_model."}) {
        if (name.compare(0, std::string_view(tower).size(), tower) == 0) {
            findings.refuse("The tensor \"" + name + "\" belongs to a variant of CLIP that is not supported.");
        }
    }
    findings.warn("The tensor \"" + name + "\" is not used.");
}

std::optional<double> scalar(const StateDict& state, const char* name)
{
    const TensorView* view = state.find(name);
    if (view == nullptr || view->count() != 1) {
        return std::nullopt;
    }
    return static_cast<double>(toFloats(*view).front());
}

void measureFiles(CheckpointInfo& info)
{
    for (const std::string& file : info.files) {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(file, error);
        info.fileBytes.push_back(error ? 0 : static_cast<std::uint64_t>(bytes));
    }
}

/// Applies the config of the layout's family, if there is one.
bool applyConfig(const CheckpointFiles& files, const Findings& findings)
{
    CheckpointInfo& info = findings.info;
    if (info.clip.layout != ClipLayout::HuggingFace) {
        if (files.openClipConfig.empty()) {
            return false;
        }
        applyOpenClipConfig(readJsonFile(files.openClipConfig), findings);
        info.files.push_back(files.openClipConfig);
        return true;
    }
    if (files.hfConfig.empty()) {
        return false;
    }
    const auto preprocessor = files.preprocessor.empty() ? nlohmann::json() : readJsonFile(files.preprocessor);
    applyHuggingFaceConfig(readJsonFile(files.hfConfig), preprocessor, findings);
    info.files.push_back(files.hfConfig);
    if (!files.preprocessor.empty()) {
        info.files.push_back(files.preprocessor);
    }
    return true;
}

void applyConfigs(const CheckpointFiles& files, const StateDict& state, const TensorTable& table,
                  const Findings& findings)
{
    CheckpointInfo& info = findings.info;
    info.clip.preprocess.hfCrop = info.clip.layout == ClipLayout::HuggingFace;
    info.clip.preprocess.rgbLast = info.clip.layout != ClipLayout::HuggingFace;
    CheckpointInfo tried = info;
    const bool configured = applyConfig(files, {tried, findings.activation, findings.names});
    // A config beside a file of an unusual name may be that of another model.
    const bool fits = !files.bare || (tried.supported && tried.warnings.size() == info.warnings.size());
    if (configured && fits) {
        info = std::move(tried);
        return;
    }
    if (configured) {
        findings.warn("The config beside " + info.name + " is that of another model and is not used.");
    }
    applyNoConfig(evidenceOf(state, table), findings);
}

void applyWishes(const CheckpointWish& wish, const Findings& findings)
{
    ClipConfig& clip = findings.info.clip;
    if (wish.activation) {
        const bool pictures = clip.hasVision && !clip.resnet;
        const Activation own = pictures ? clip.visionActivation : clip.textActivation;
        const bool same = own == *wish.activation && (!clip.hasText || clip.textActivation == own);
        clip.chosen += same ? "" : std::string("+") + activationName(*wish.activation);
        clip.activationFrom =
            "chosen by you" + (clip.activationFrom.empty()
                                   ? std::string()
                                   : std::string("; otherwise ") + activationName(own) + ", " + clip.activationFrom);
        clip.visionActivation = clip.textActivation = *wish.activation;
    }
    if (wish.imageSize == 0 || !clip.hasVision || wish.imageSize == clip.imageSize) {
        return;
    }
    if (!fitsPictures(clip, wish.imageSize)) {
        const int cell = clip.resnet ? 32 : clip.patchSize;
        throw Error(Code::Misuse, findings.info.name + " cannot take pictures of " + std::to_string(wish.imageSize) +
                                      " pixels: the size must be a multiple of " + std::to_string(cell) +
                                      " and at most 128 times that.");
    }
    findings.assume("Pictures are taken at " + std::to_string(wish.imageSize) + " pixels instead of " +
                    std::to_string(clip.imageSize) + ", chosen by you: the tower's positions are resampled.");
    clip.imageSize = wish.imageSize;
    clip.chosen += "+" + std::to_string(wish.imageSize) + "px";
}

struct Described
{
    const CheckpointFiles& files;
    const StateDict& state;
    const TensorTable& table;
    const CheckpointWish& wish;
};

void describeClip(const Described& model, const Findings& findings)
{
    const auto& [files, state, table, wish] = model;
    CheckpointInfo& info = findings.info;
    applyConfigs(files, state, table, findings);
    assumeHeads(findings);
    applyWishes(wish, findings);
    if (!info.clip.projected) {
        findings.assume("The file has no projection: its vectors are those of the tower itself (" +
                        std::to_string(info.clip.embedDim) + " dimensions), which cannot be compared with the other " +
                        "tower's.");
    }
    info.clip.preprocess.size = info.clip.imageSize;
    const auto zero = std::find(info.clip.preprocess.stddev.begin(), info.clip.preprocess.stddev.end(), 0.0f);
    if (zero != info.clip.preprocess.stddev.end()) {
        findings.refuse("The configuration divides pictures by a deviation of 0.");
    }
    checkUnasked(table, findings);
    for (const auto& [name, view] : state.tensors) {
        if (view.type == TensorType::C64 || view.type == TensorType::Float8 || view.type == TensorType::SubByte) {
            findings.refuse("The tensor \"" + name + "\" is stored as " + tensorTypeName(view.type) +
                            ", which is not supported: convert the checkpoint to F16 or F32 first.");
        }
    }
}

/// What a config says about a model whose tensors are not recognised.
void nameByConfig(const CheckpointFiles& files, CheckpointInfo& info)
{
    if (info.family.rfind("state dict", 0) != 0 || files.hfConfig.empty()) {
        return;
    }
    const std::string type = textOr(readJsonFile(files.hfConfig), "model_type", "");
    if (const Family family = modelTypeFamily(type); !family.name.empty()) {
        info.family = family.name;
        info.why = family.why;
    }
    if (!type.empty()) {
        info.why += " Its config.json calls it \"" + type + "\".";
    }
}

} // namespace

Checkpoint openCheckpoint(const std::string& path, std::optional<Activation> activation)
{
    return openCheckpoint(path, CheckpointWish{activation, 0});
}

Checkpoint openCheckpoint(const std::string& path, const CheckpointWish& wish)
{
    const CheckpointFiles files = findCheckpointFiles(path);
    Checkpoint result;
    CheckpointInfo& info = result.info;
    info.path = path;
    info.name = checkpointName(path);
    listFiles(files, info);
    result.state = readStateDict(files.weights);
    info.container = result.state.container;
    info.vocabulary = findVocabularyBeside(files.folder);
    countParameters(result.state, info);

    TensorTable table(result.state);
    const Family family = familyOf(table, result.state);
    info.family = family.name;
    if (family.kind == Family::Kind::Unsupported) {
        info.why = family.why;
        nameByConfig(files, info);
        measureFiles(info);
        return result;
    }
    if (family.kind == Family::Kind::HuggingFace) {
        readHuggingFaceTowers(table, info.clip);
    } else {
        readOpenAiTowers(table, info.clip);
    }
    info.supported = table.ok();
    info.why = table.why();
    if (info.supported) {
        describeClip({files, result.state, table, wish}, {info, wish.activation, tellingNames(files.weights)});
        const auto scale = scalar(result.state, "logit_scale");
        info.logitScale = scale ? std::optional(std::exp(*scale)) : std::nullopt;
        info.logitBias = scalar(result.state, "logit_bias");
    }
    if (info.clip.layout == ClipLayout::OpenClip && info.supported && info.clip.hasVision && !info.clip.customText) {
        info.family = info.clip.resnet ? "CLIP ModifiedResNet (OpenCLIP)" : "CLIP ViT (OpenCLIP)";
    }
    measureFiles(info);
    if (!info.supported && !table.ok()) {
        info.why = "This looks like " + info.family + ", but not all of it is there or as it should be: " + info.why;
    }
    return result;
}

} // namespace semascope::core
