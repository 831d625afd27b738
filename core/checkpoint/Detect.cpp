#include "core/checkpoint/Detect.h"

#include "core/checkpoint/Detect_p.h"
#include "core/checkpoint/JsonConfig_p.h"
#include "core/checkpoint/StateDict_p.h"
#include "core/job/Error.h"

#include <algorithm>

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

/// OpenAI's archives carry three numbers as buffers; nobody else's do.
bool isOpenAiArchive(const StateDict& state, const TensorTable& table)
{
    return state.container == "TorchScript archive" && table.has("input_resolution") && table.has("context_length") &&
           table.has("vocab_size");
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
    const bool configured = applyConfig(files, {tried, findings.activation});
    // A config beside a file of an unusual name may be that of another model.
    const bool fits = !files.bare || (tried.supported && tried.warnings.size() == info.warnings.size());
    if (configured && fits) {
        info = std::move(tried);
        return;
    }
    if (configured) {
        findings.warn("The config beside " + info.name + " is that of another model and is not used.");
    }
    applyNoConfig(files.weights, isOpenAiArchive(state, table), findings);
}

void describeClip(const CheckpointFiles& files, const StateDict& state, TensorTable& table, const Findings& findings)
{
    CheckpointInfo& info = findings.info;
    applyConfigs(files, state, table, findings);
    assumeHeads(findings);
    if (findings.activation) {
        info.clip.visionActivation = info.clip.textActivation = *findings.activation;
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
    if (!type.empty()) {
        info.why += " Its config.json calls it \"" + type + "\".";
    }
}

} // namespace

Checkpoint openCheckpoint(const std::string& path, std::optional<Activation> activation)
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
        describeClip(files, result.state, table, {info, activation});
    }
    if (info.clip.layout == ClipLayout::OpenClip && info.supported && info.clip.hasVision && !info.clip.customText) {
        info.family = info.clip.resnet ? "CLIP ModifiedResNet (OpenCLIP)" : "CLIP ViT (OpenCLIP)";
    }
    if (!info.supported && !table.ok()) {
        info.why = "This looks like " + info.family + ", but not all of it is there or as it should be: " + info.why;
    }
    return result;
}

} // namespace semascope::core
