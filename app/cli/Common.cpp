#include "app/cli/Common.h"
#include "core/data/Arrays.h"
#include "core/session/Sample.h"

#include <cstdio>
#include <filesystem>

#include <unistd.h>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

template<class T>
std::optional<T> parsed(const Arguments& args, const std::string& option, std::optional<T> (*parse)(const std::string&))
{
    if (!args.has(option)) {
        return std::nullopt;
    }
    const auto value = parse(args.text(option));
    if (!value) {
        throw Error(Code::Misuse, "\"" + args.text(option) + "\" is no value for " + option + "; see --help.");
    }
    return value;
}

} // namespace

core::ModelSpec modelSpec(const Arguments& args)
{
    core::ModelSpec spec;
    spec.path = args.text("--model");
    spec.vocabulary = args.text("--vocab");
    spec.activation = parsed<core::Activation>(args, "--activation", core::activationFromName);
    spec.tokenizer = parsed<core::TokenizerStyle>(args, "--tokenizer", core::tokenizerStyleFromName);
    spec.imageSize = static_cast<int>(args.integer("--image-size", 0, 1, 65536));
    spec.device = args.text("--device", "auto");
    spec.precision = args.text("--precision", "auto");
    return spec;
}

std::shared_ptr<core::ClipModel> openModel(CommandContext& c)
{
    core::ModelSpec spec = modelSpec(c.args);
    if (spec.path == "demo") {
        spec.path = core::builtInSample(core::builtInSampleFolder(), c.job).model;
    }
    return core::ClipModel::open(spec, c.job);
}

std::vector<Option> dataOptions()
{
    return {
        {"--data", "D", "folder, table, COCO or CelebA file, array… (see inspect), or demo", false, true},
        {"--pictures", "DIR", "where a table's or captions file's pictures are; beside it unless given"},
        {"--metadata", "CSV", "table with one row per vector"},
        {"--subset", "N", "only N samples, at random (--seed)"},
    };
}

core::OpenSpec dataSpec(CommandContext& c)
{
    core::OpenSpec spec;
    spec.path = c.args.text("--data");
    if (spec.path == "demo") {
        spec.path = core::builtInSample(core::builtInSampleFolder(), c.job).pictures;
    }
    spec.pictureFolder = c.args.text("--pictures");
    spec.metadata = c.args.text("--metadata");
    spec.subset = static_cast<std::size_t>(c.args.integer("--subset", 0, 1, INT64_MAX));
    spec.seed = c.seed();
    return spec;
}

core::Dataset openData(CommandContext& c, bool checkPictures)
{
    core::OpenSpec spec = dataSpec(c);
    spec.checkPictures = checkPictures;
    return core::openDataset(spec, c.job);
}

std::vector<Option> storeOptions()
{
    return {
        {"--no-cache", "", "compute every row anew, and keep none"},
        {"--cache-dir", "DIR", "where computed rows are kept; the user's cache folder unless given"},
    };
}

std::optional<core::StoreSpec> storeSpec(const Arguments& args)
{
    if (args.has("--no-cache")) {
        return std::nullopt;
    }
    core::StoreSpec spec;
    spec.folder = args.text("--cache-dir");
    return spec;
}

Json skipsJson(const std::vector<core::Skip>& skips)
{
    Json list = Json::array();
    for (const core::Skip& s : skips) {
        Json item;
        putPath(item, "path", s.path);
        item["reason"] = utf8(s.reason);
        list.push_back(item);
    }
    return list;
}

void checkWritable(const std::string& path)
{
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(path).parent_path().empty() ? fs::path(".") : fs::path(path).parent_path();
    core::checkReplaceable(path);
    if (!fs::is_directory(folder)) {
        throw Error(Code::Io, "The folder " + folder.string() + " does not exist; make it first or write elsewhere.");
    }
    if (::access(folder.c_str(), W_OK) != 0) {
        throw Error(Code::Io, "The folder " + folder.string() + " cannot be written to; choose another place.");
    }
}

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

} // namespace semascope::app
