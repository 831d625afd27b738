#include "app/cli/Common.h"
#include "core/checkpoint/ModelCard.h"
#include "core/data/Arrays.h"
#include "core/job/Compute.h"
#include "core/session/Document.h"

#include <filesystem>

namespace semascope::app {

namespace {

std::string shapeText(const std::vector<std::size_t>& shape)
{
    std::string text;
    for (const std::size_t s : shape) {
        text += (text.empty() ? "" : "×") + std::to_string(s);
    }
    return text;
}

Json towersJson(const core::ClipConfig& k)
{
    Json item;
    item["embed_dim"] = k.embedDim;
    item["projected"] = k.projected;
    item["image_size"] = k.imageSize;
    item["patch_size"] = k.patchSize;
    item["vision"] = {{"width", k.visionWidth}, {"layers", k.visionLayers}, {"heads", k.visionHeads},
                      {"hidden", k.visionMlp},  {"present", k.hasVision},   {"resnet", k.resnet}};
    item["text"] = {{"width", k.textWidth}, {"layers", k.textLayers},     {"heads", k.textHeads},
                    {"hidden", k.textMlp},  {"context", k.contextLength}, {"vocabulary", k.vocabSize},
                    {"present", k.hasText}};
    item["activation"] = core::activationName(k.hasVision && !k.resnet ? k.visionActivation : k.textActivation);
    item["activation_from"] = k.activationFrom;
    item["end_of_text"] = k.eotRule == core::EotRule::Argmax ? "largest id" : "first " + std::to_string(k.eosId);
    item["preprocessing"] = k.preprocess.describe();
    item["described"] = core::describeArchitecture(k);
    return item;
}

void addCard(const core::CheckpointInfo& info, Json& item, CommandContext& c)
{
    core::CardFacts facts;
    if (info.supported) {
        c.job.progress("hashing the weights", "", 0, 0);
        facts.hash = core::weightsHash(info.files) + info.clip.chosen;
        item["hash"] = facts.hash;
        facts.vocabularyGiven = c.args.has("--vocab");
        if (info.clip.hasText) {
            facts.vocabulary = core::findVocabulary(c.args.text("--vocab"), info.vocabulary,
                                                    static_cast<std::size_t>(info.clip.vocabSize));
            item["vocabulary_used"] = utf8(facts.vocabulary);
        }
    }
    const core::ModelCard card = core::modelCard(info, facts);
    item["headline"] = utf8(card.headline);
    Json rows = Json::object();
    for (const core::CardRow& row : card.rows) {
        rows[row.key] = utf8(row.value);
    }
    item["card"] = rows;
}

void describeCheckpoint(const std::string& path, Json& item, CommandContext& c)
{
    const core::ModelSpec spec = modelSpec(c.args);
    const core::Checkpoint checkpoint =
        core::openCheckpoint(path, core::CheckpointWish{spec.activation, spec.imageSize});
    const core::CheckpointInfo& info = checkpoint.info;
    item["kind"] = "checkpoint";
    item["family"] = info.family;
    item["loaded"] = info.supported;
    if (!info.supported) {
        item["why"] = utf8(info.why);
    }
    item["name"] = utf8(info.name);
    item["container"] = info.container;
    item["dtype"] = info.dtype;
    item["parameters"] = info.parameters;
    item["tensors"] = checkpoint.state.tensors.size();
    item["not_loaded"] = checkpoint.state.ignored;
    Json files = Json::array();
    for (std::size_t i = 0; i < info.files.size(); ++i) {
        Json file;
        putPath(file, "path", info.files[i]);
        file["bytes"] = info.fileBytes[i];
        files.push_back(file);
    }
    item["files"] = files;
    if (info.supported) {
        item.update(towersJson(info.clip));
        if (info.logitScale) {
            item["logit_scale"] = *info.logitScale;
        }
        if (info.logitBias) {
            item["logit_bias"] = *info.logitBias;
        }
        item["assumed"] = info.clip.assumed;
        item["vocabulary"] = utf8(info.vocabulary);
    }
    item["warnings"] = info.warnings;
    addCard(info, item, c);
}

void describeDataset(const std::string& path, Json& item, CommandContext& c)
{
    core::OpenSpec spec;
    spec.path = path;
    spec.pictureFolder = c.args.text("--pictures");
    spec.metadata = c.args.text("--metadata");
    const core::Dataset data = core::openDataset(spec, c.job);
    std::size_t withPicture = 0, captions = 0;
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        withPicture += data.hasPicture(i) ? 1 : 0;
        captions += data.samples[i].captions.size();
    }
    item["kind"] = "dataset";
    item["family"] = core::kindName(data.kind);
    item["found"] = data.found;
    item["loaded"] = data.samples.size();
    item["pictures"] = withPicture;
    item["captions"] = captions;
    if (data.vectors) {
        item["vectors"] = {{"rows", data.vectors->rows()}, {"dim", data.vectors->cols()}};
        const std::size_t finite = core::finiteRows(*data.vectors).size();
        item["vectors"]["not_finite"] = data.vectors->rows() - finite;
    }
    Json attributes = Json::array();
    for (const core::Attribute& a : data.attributes) {
        Json entry{{"name", utf8(a.name)}, {"numeric", a.numeric()}};
        if (!a.numeric()) {
            entry["values"] = a.labels.size();
        }
        attributes.push_back(entry);
    }
    item["attributes"] = attributes;
    item["notes"] = data.notes;
    item["skipped"] = skipsJson(data.skipped);
}

void describeArray(const std::string& path, Json& item)
{
    const core::Array a = core::readArray(path);
    item["kind"] = "array";
    item["family"] = "NumPy array";
    item["shape"] = a.shape;
    item["loaded"] = true;
    item["note"] = "an array of shape " + shapeText(a.shape) + ", which is no dataset of vectors or pictures";
}

void describeSession(const std::string& path, Json& item)
{
    const core::Document doc = core::openDocument(path);
    item["kind"] = "session";
    item["family"] = "Semascope session";
    item["loaded"] = true;
    item["samples"] = doc.sampleIds.size();
    putPath(item, "dataset", doc.dataset.path);
    putPath(item, "model", doc.modelPath);
    item["prompts"] = doc.prompts.size();
    item["embedding"] = doc.embedding != nullptr;
    item["layout"] = doc.layout ? doc.layout->spec.method : "";
    item["clusters"] = doc.clustering ? doc.clustering->spec.k : 0;
}

void describe(const std::string& path, Json& item, CommandContext& c)
{
    if (!std::filesystem::exists(std::filesystem::symlink_status(path))) {
        throw core::Error(core::Code::NotFound, path + " does not exist; check the path.");
    }
    if (core::isDocument(path)) {
        describeSession(path, item);
    } else if (core::looksLikeCheckpoint(path)) {
        describeCheckpoint(path, item, c);
    } else if (core::detectDataset(path)) {
        describeDataset(path, item, c);
    } else if (path.ends_with(".npy") || path.ends_with(".npz")) {
        describeArray(path, item);
    } else {
        describeDataset(path, item, c); // its error says what the path is
    }
}

/// A checkpoint is shown by its card: the same rows as in the window.
void printCheckpoint(const Json& item, const CommandContext& c)
{
    for (const char* key : {"kind", "name", "loaded"}) {
        c.line(std::string("  ") + key + ": " +
               (item[key].is_string() ? item[key].get<std::string>() : item[key].dump()));
    }
    for (const auto& [key, value] : item["card"].items()) {
        c.line("  " + key + ": " + value.get<std::string>());
    }
    for (const char* key : {"embed_dim", "image_size", "patch_size", "dtype", "container", "tensors"}) {
        if (item.contains(key)) {
            c.line(std::string("  ") + key + ": " +
                   (item[key].is_string() ? item[key].get<std::string>() : item[key].dump()));
        }
    }
    for (const char* key : {"assumed", "warnings", "not_loaded"}) {
        for (const auto& sentence : item.value(key, Json::array())) {
            c.line(std::string("  ") + key + ": " + sentence.get<std::string>());
        }
    }
}

void printItem(const Json& item, const CommandContext& c)
{
    c.line(item["path"].get<std::string>());
    if (item.contains("card")) {
        printCheckpoint(item, c);
        return;
    }
    for (const auto& [key, value] : item.items()) {
        if (key == "path" || (value.is_array() && value.empty()) ||
            (value.is_string() && value.get<std::string>().empty())) {
            continue;
        }
        if (key == "skipped") {
            c.line("  skipped: " + std::to_string(value.size()));
            for (const auto& skip : value) {
                c.line("    " + skip["path"].get<std::string>() + ": " + skip["reason"].get<std::string>());
            }
        } else {
            c.line("  " + key + ": " + (value.is_string() ? value.get<std::string>() : value.dump()));
        }
    }
}

void showModelsToGet(CommandContext& c)
{
    Json models = Json::array();
    for (const core::GetModel& model : core::modelsToGet()) {
        models.push_back(
            {{"name", model.name}, {"source", model.source}, {"files", model.files}, {"remark", model.remark}});
    }
    c.json["models"] = models;
    c.json["text"] = core::getModelText();
    c.line(core::getModelText());
}

void runInspect(CommandContext& c)
{
    if (c.args.has("--get-a-clip")) {
        showModelsToGet(c);
        return;
    }
    if (c.args.positional().empty()) {
        throw core::Error(core::Code::Misuse,
                          "semascope inspect needs at least one path; see semascope inspect --help.");
    }
    Json items = Json::array();
    for (const std::string& path : c.args.positional()) {
        Json item;
        putPath(item, "path", path);
        try {
            describe(path, item, c);
        } catch (...) {
            const core::Error e = core::errorFromCurrentException("Inspecting " + path);
            if (e.code() == core::Code::Cancelled) {
                throw e;
            }
            item["error"] = {{"code", core::codeName(e.code())}, {"message", utf8(e.what())}};
            c.exitCode = 1;
        }
        printItem(item, c);
        items.push_back(item);
    }
    c.json["items"] = items;
}

void runCheckBlas(CommandContext& c)
{
    const core::BlasReport r = core::blasReport();
    c.json = {{"consistent", r.consistent}, {"libraries", r.libraries},        {"config", r.config},
              {"threads", r.threads},       {"torch_threads", r.torchThreads}, {"problem", r.problem}};
    for (const std::string& library : r.libraries) {
        c.line(library);
    }
    c.line(r.config + ", " + std::to_string(r.threads) + " threads; torch " + std::to_string(r.torchThreads) +
           " threads");
    c.line(r.consistent ? "All linear algebra comes from the OpenMP build of OpenBLAS." : r.problem);
    c.exitCode = r.consistent ? 0 : 1;
}

} // namespace

Command inspectCommand()
{
    return {{"inspect",
             "Say what each path is: dataset, checkpoint, array or session, and what was skipped and why.",
             "PATH…",
             {{"--pictures", "DIR", "where a table's pictures are"},
              {"--metadata", "CSV", "table with one row per vector"},
              {"--activation", "quick_gelu|gelu|gelu_tanh", "overrides a checkpoint's activation"},
              {"--image-size", "N", "as if the checkpoint were opened for pictures of N pixels"},
              {"--vocab", "PATH", "vocabulary file or folder, where none stands beside a checkpoint"},
              {"--get-a-clip", "", "which files to get for a real CLIP, how large they are, and where to put them"}},
             "Damaged members of a folder are listed as skipped; a path that cannot be opened at all makes the exit "
             "status 1."},
            runInspect};
}

Command checkBlasCommand()
{
    return {{"check-blas", "Which BLAS, LAPACK and threads are really loaded.", "", {}, ""}, runCheckBlas};
}

} // namespace semascope::app
