#include "app/cli/ScoreTools.h"

#include "core/clip/Embedder.h"
#include "core/data/Arrays.h"
#include "core/data/Csv.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <unordered_map>

namespace semascope::app {

using core::Code;
using core::Error;

std::vector<std::uint32_t> samplesNamed(const core::Dataset& data, const std::vector<std::string>& ids)
{
    std::vector<std::uint32_t> samples;
    for (const std::string& id : ids) {
        const auto found =
            std::find_if(data.samples.begin(), data.samples.end(), [&](const core::Sample& s) { return s.id == id; });
        if (found == data.samples.end()) {
            throw Error(Code::NotFound, "There is no sample \"" + id + "\" in " + data.name + ".");
        }
        samples.push_back(static_cast<std::uint32_t>(found - data.samples.begin()));
    }
    return samples;
}

core::Embedding embeddingOf(CommandContext& c, const core::Dataset& data, const core::ClipModel& model)
{
    if (!data.vectors) {
        return core::embed(data, model, core::Modality::Picture, {true, storeSpec(c.args)}, c.job);
    }
    core::Embedding e;
    e.rows = *data.vectors;
    e.sampleIndex = data.vectorSample;
    e.modelName = model.info().name;
    return e;
}

core::Embedding captionsOf(CommandContext& c, const core::Dataset& data, const core::ClipModel& model)
{
    return core::embed(data, model, core::Modality::Text, {true, storeSpec(c.args)}, c.job);
}

VectorFile readVectors(const std::string& path)
{
    VectorFile file;
    file.path = path;
    file.rows = core::toMatrix(core::readArray(path), path);
    const std::string side = std::filesystem::path(path).replace_extension(".json").string();
    if (side == path || !std::filesystem::exists(side)) {
        return file;
    }
    const auto bytes = core::readRegularFile(side);
    const auto json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (!json.is_object()) {
        return file; // somebody else's file
    }
    const auto ids = json.find("ids");
    if (ids != json.end() && ids->is_array() && ids->size() == file.rows.rows()) {
        for (const auto& id : *ids) {
            file.ids.push_back(id.is_string() ? id.get<std::string>() : std::string());
        }
    }
    const auto what = json.find("what");
    file.what = what != json.end() && what->is_string() ? what->get<std::string>() : std::string();
    const auto model = json.find("model");
    if (model != json.end() && model->is_object()) {
        const auto textOf = [&](const char* key) {
            const auto found = model->find(key);
            return found != model->end() && found->is_string() ? found->get<std::string>() : std::string();
        };
        file.modelName = textOf("name");
        file.modelHash = textOf("hash");
    }
    return file;
}

void checkVectors(CommandContext& c, const VectorFile& file, const core::ClipModel* model, const std::string& what)
{
    if (!what.empty() && !file.what.empty() && file.what != what) {
        const auto words = [](const std::string& w) { return w == "text" ? "captions" : "pictures"; };
        throw Error(Code::Mismatch, file.path + " holds vectors of " + words(file.what) + ", not of " + words(what) +
                                        "; embed those with semascope embed --what " + what + ".");
    }
    if (model == nullptr || file.modelHash.empty() || file.modelHash == model->weightsHash()) {
        return;
    }
    const auto weights = [](const std::string& hash) { return hash.substr(0, hash.find('+')); };
    if (weights(file.modelHash) != weights(model->weightsHash())) {
        throw Error(Code::Mismatch, file.path + " was made with another model (" + file.modelName + ", " +
                                        file.modelHash.substr(0, 12) + ") than " + model->info().name +
                                        "; give that model, or embed the data anew.");
    }
    c.job.note(file.path + " was made with the same weights but another activation or picture size (" + file.modelHash +
               " against " + model->weightsHash() + "); scores are not comparable.");
}

core::Embedding embeddingFrom(const VectorFile& file, const std::string& path, const core::Dataset& data)
{
    core::Embedding e;
    e.rows = file.rows;
    if (file.ids.empty()) {
        if (file.rows.rows() != data.samples.size()) {
            throw Error(Code::Mismatch, path + " has " + std::to_string(file.rows.rows()) + " rows but " + data.name +
                                            " has " + std::to_string(data.samples.size()) +
                                            " samples, and no .json beside it lists its ids; embed the data anew.");
        }
        e.sampleIndex.resize(file.rows.rows());
        std::iota(e.sampleIndex.begin(), e.sampleIndex.end(), 0U);
        return e;
    }
    std::unordered_map<std::string, std::uint32_t> sampleOf;
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        sampleOf.emplace(utf8(data.samples[i].id), static_cast<std::uint32_t>(i));
    }
    for (const std::string& id : file.ids) {
        const auto found = sampleOf.find(id);
        if (found == sampleOf.end()) {
            throw Error(Code::Mismatch, path + " has a row \"" + id + "\" but " + data.name +
                                            " has no such sample; give the data it was made from.");
        }
        e.sampleIndex.push_back(found->second);
    }
    return e;
}

core::Dataset datasetOf(const VectorFile& file, const std::string& path)
{
    core::Dataset data;
    data.name = std::filesystem::path(path).filename().string();
    data.kind = core::DatasetKind::Vectors;
    data.samples.resize(file.rows.rows());
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        data.samples[i].id = file.ids.empty() ? std::to_string(i) : file.ids[i];
    }
    data.found = data.samples.size();
    return data;
}

std::vector<Option> withModelAndData(std::vector<Option> own)
{
    for (const auto& list : {modelOptions(), dataOptions(), storeOptions()}) {
        own.insert(own.end(), list.begin(), list.end());
    }
    for (Option& o : own) {
        const bool common = o.name == "--model" || o.name == "--data";
        o.required = o.required && !common;
    }
    return own;
}

void require(const CommandContext& c, const char* option, const std::string& otherwise)
{
    if (!c.args.has(option)) {
        throw Error(Code::Misuse, otherwise);
    }
}

void noteLongTexts(CommandContext& c, const core::ClipModel& model, const std::vector<std::string>& texts)
{
    Json cut = Json::array();
    for (const std::string& text : texts) {
        const auto context = static_cast<std::size_t>(model.info().clip.contextLength);
        if (model.tokenizer() != nullptr && model.tokenizer()->encode(text).size() + 2 > context) {
            cut.push_back(text);
            c.line("cut to " + std::to_string(context) + " tokens: " + text.substr(0, 60) + "…");
        }
    }
    c.json["cut"] = cut;
}

} // namespace semascope::app
