#include "app/cli/Common.h"
#include "core/clip/Embedder.h"
#include "core/clip/Preprocess.h"
#include "core/data/Arrays.h"
#include "core/job/Compute.h"

#include <chrono>
#include <filesystem>
#include <fstream>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Matrix;

namespace {

std::vector<Option> with(std::vector<Option> own, std::initializer_list<std::vector<Option>> more)
{
    for (const auto& list : more) {
        own.insert(own.end(), list.begin(), list.end());
    }
    return own;
}

std::vector<std::string> textsOf(const CommandContext& c)
{
    if (!c.args.has("--file")) {
        if (c.args.positional().empty()) {
            throw Error(Code::Misuse, "semascope tokenize needs texts or --file texts.json.");
        }
        return c.args.positional();
    }
    const std::string path = c.args.text("--file");
    const auto bytes = core::readRegularFile(path);
    try {
        return nlohmann::json::parse(bytes.begin(), bytes.end()).get<std::vector<std::string>>();
    } catch (const nlohmann::json::exception&) {
        throw Error(Code::BadFormat, path + " is not a JSON array of strings.");
    }
}

void runTokenize(CommandContext& c)
{
    // only the vocabulary is needed: a folder with nothing else in it will do, and no weights are read
    const core::ModelSpec spec = modelSpec(c.args);
    std::shared_ptr<const core::Tokenizer> tokenizer;
    std::size_t context = 77;
    if (spec.path != "demo" && !core::looksLikeCheckpoint(spec.path)) {
        const std::string path = core::findVocabulary(spec.vocabulary.empty() ? spec.path : spec.vocabulary, {}, 0);
        if (path.empty()) {
            throw Error(Code::NotFound,
                        spec.path + " is neither a CLIP checkpoint nor a vocabulary. " + core::vocabularyHelp());
        }
        tokenizer = core::Tokenizer::open(path, spec.tokenizer.value_or(core::TokenizerStyle::OpenAi));
    } else {
        const auto model = openModel(c);
        if (model->tokenizer() == nullptr) {
            throw Error(Code::NotFound, core::vocabularyHelp());
        }
        context = static_cast<std::size_t>(model->info().clip.contextLength);
        tokenizer = std::shared_ptr<const core::Tokenizer>(model, model->tokenizer());
    }
    Json all = Json::array();
    for (const std::string& text : textsOf(c)) {
        const auto ids = c.args.has("--truncate") ? tokenizer->encodeForModel(text, context) : [&] {
            std::vector<std::int32_t> v = tokenizer->encode(text);
            v.insert(v.begin(), tokenizer->startId());
            v.push_back(tokenizer->endId());
            return v;
        }();
        all.push_back(ids);
        c.line(Json(ids).dump());
    }
    c.json["ids"] = all;
    c.json["start"] = tokenizer->startId();
    c.json["end"] = tokenizer->endId();
    putPath(c.json, "vocabulary", tokenizer->source());
}

void runPreprocess(CommandContext& c)
{
    const std::string out = c.args.text("--out");
    checkWritable(out);
    if (c.args.positional().empty()) {
        throw Error(Code::Misuse, "semascope preprocess needs at least one picture.");
    }
    core::PreprocessSpec prep;
    if (c.args.text("--model") == "demo") {
        prep = openModel(c)->info().clip.preprocess;
    } else {
        const core::Checkpoint checkpoint = core::openCheckpoint(c.args.text("--model"), modelSpec(c.args).activation);
        if (!checkpoint.info.supported) {
            throw Error(Code::Unsupported, checkpoint.info.why);
        }
        prep = checkpoint.info.clip.preprocess;
    }
    const auto side = static_cast<std::size_t>(prep.size);
    const std::size_t n = c.args.positional().size();
    std::vector<float> pixels(n * 3 * side * side);
    for (std::size_t i = 0; i < n; ++i) {
        c.job.checkpoint();
        const std::string& path = c.args.positional()[i];
        const auto bytes = core::readRegularFile(path);
        const core::Picture picture = [&] {
            try {
                return prep.rgbLast ? core::decodeAsStored(bytes) : core::decodeForModel(bytes);
            } catch (const Error& e) {
                throw Error(e.code(), path + ": " + e.what());
            }
        }();
        core::preprocess(picture, prep, pixels.data() + i * 3 * side * side);
        c.job.progress("preprocessing", "pictures", i + 1, n);
    }
    core::writeNpy(out, pixels.data(), {n, 3, side, side});
    c.json["rows"] = n;
    c.json["size"] = side;
    c.json["preprocessing"] = prep.describe();
    c.line(std::to_string(n) + " pictures → " + out);
}

Matrix encodeTensors(CommandContext& c, const core::ClipModel& model)
{
    const core::Array a = core::readArray(c.args.text("--tensors"));
    const auto side = static_cast<std::size_t>(model.info().clip.imageSize);
    if (a.type != core::ElementType::F32 || a.shape.size() != 4 || a.shape[1] != 3 || a.shape[2] != side ||
        a.shape[3] != side) {
        throw Error(Code::Mismatch, c.args.text("--tensors") + " must be float32 of shape n×3×" + std::to_string(side) +
                                        "×" + std::to_string(side) + " for " + model.info().name + ".");
    }
    const std::size_t n = a.shape[0], size = 3 * side * side,
                      dim = static_cast<std::size_t>(model.info().clip.embedDim);
    std::vector<float> out(n * dim);
    constexpr std::size_t kBatch = 16;
    for (std::size_t first = 0; first < n; first += kBatch) {
        c.job.checkpoint();
        const std::size_t count = std::min(kBatch, n - first);
        const Matrix part = model.encodePictures(static_cast<const float*>(a.data) + first * size, count, c.job);
        std::copy_n(part.data(), count * dim, out.data() + first * dim);
        c.job.progress("embedding tensors", "pictures", first + count, n);
    }
    return Matrix::from(std::move(out), n, dim);
}

Matrix encodeTokenFile(CommandContext& c, const core::ClipModel& model)
{
    const std::string path = c.args.text("--tokens");
    core::Array a = core::readArray(path);
    if (a.shape.size() != 2 || a.shape[1] == 0) {
        throw Error(Code::Mismatch, path + " must be whole numbers of shape n×length.");
    }
    const std::size_t n = a.shape[0], length = a.shape[1];
    a.shape = {n * length};
    const std::vector<std::int64_t> flat = core::toLabels(a, path);
    std::vector<std::vector<std::int32_t>> ids(n);
    for (std::size_t r = 0; r < n; ++r) {
        ids[r].assign(flat.begin() + static_cast<std::ptrdiff_t>(r * length),
                      flat.begin() + static_cast<std::ptrdiff_t>((r + 1) * length));
    }
    return model.encodeTokens(ids, c.job);
}

void writeProvenance(const std::string& out, const CommandContext& c, const core::ClipModel& model, const Json& ids)
{
    Json side = c.json;
    side.update(ids);
    side["model"] = {{"name", utf8(model.info().name)},
                     {"family", model.info().family},
                     {"hash", model.weightsHash()},
                     {"assumed", model.info().clip.assumed}};
    side["preprocessing"] = model.info().clip.preprocess.describe();
    side["normalised"] = !c.args.has("--raw");
    side["program"] = "semascope " SEMASCOPE_VERSION;
    const std::string text = side.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::filesystem::path path = std::filesystem::path(out).replace_extension(".json");
    core::writeFileAtomic(path.string(), text.data(), text.size());
}

core::Modality modalityOf(const Arguments& args)
{
    const std::string what = args.text("--what", args.has("--tokens") ? "text" : "image");
    if (what != "image" && what != "text") {
        throw Error(Code::Misuse, "--what must be image or text, not \"" + what + "\".");
    }
    return what == "text" ? core::Modality::Text : core::Modality::Picture;
}

void runEmbed(CommandContext& c)
{
    const std::string out = c.args.text("--out");
    if (!out.ends_with(".npy")) {
        throw Error(Code::Misuse, "--out must end in .npy, because " + out + " gets a .json beside it.");
    }
    checkWritable(out);
    const core::Modality what = modalityOf(c.args);
    const int inputs = int(c.args.has("--data")) + int(c.args.has("--tensors")) + int(c.args.has("--tokens"));
    if (inputs != 1) {
        throw Error(Code::Misuse, "semascope embed needs exactly one of --data, --tensors and --tokens.");
    }
    const auto model = openModel(c);
    Json ids = Json::array(), exactIds = Json::object();
    std::vector<core::Skip> skipped;
    Matrix rows;
    const auto start = std::chrono::steady_clock::now();
    if (c.args.has("--data")) {
        const core::Dataset data = openData(c, what == core::Modality::Picture);
        const core::Embedding e = core::embed(data, *model, what, !c.args.has("--raw"), c.job);
        rows = e.rows;
        skipped = data.skipped;
        skipped.insert(skipped.end(), e.skipped.begin(), e.skipped.end());
        for (const std::uint32_t i : e.sampleIndex) {
            ids.push_back(utf8(data.samples[i].id));
            Json exact;
            putPath(exact, "id", data.samples[i].id);
            if (exact.contains("id_b64")) { // a name that is not UTF-8: its bytes, by row
                exactIds[std::to_string(ids.size() - 1)] = exact["id_b64"];
            }
        }
    } else {
        rows = c.args.has("--tensors") ? encodeTensors(c, *model) : encodeTokenFile(c, *model);
        if (!c.args.has("--raw")) {
            rows = core::normaliseRows(rows);
        }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    core::writeNpy(out, rows);
    c.json["rows"] = rows.rows();
    c.json["dim"] = rows.cols();
    c.json["skipped"] = skipsJson(skipped);
    c.json["seconds"] = seconds;
    c.json["per_second"] = seconds > 0 ? static_cast<double>(rows.rows()) / seconds : 0.0;
    c.json["device"] = model->deviceName();
    c.json["precision"] = model->precision();
    c.json["cached"] = 0;
    writeProvenance(out, c, *model, {{"ids", ids}, {"ids_b64", exactIds}});
    c.line(std::to_string(rows.rows()) + " rows of " + std::to_string(rows.cols()) + " → " + out + ", " +
           std::to_string(skipped.size()) + " skipped, " + number(c.json["per_second"].get<double>()) +
           " per second on " + model->deviceName() + " in " + model->precision());
}

} // namespace

Command tokenizeCommand()
{
    return {{"tokenize",
             "Token ids of texts, as the model's own tokenizer gives them (start and end included, unpadded).", "TEXT…",
             with({{"--file", "texts.json", "a JSON array of strings, in place of TEXT…"},
                   {"--truncate", "", "cut to the model's context, as for encoding"}},
                  {modelOptions()}),
             "M may also be a folder with only a vocabulary."},
            runTokenize};
}

Command preprocessCommand()
{
    return {{"preprocess", "The exact input tensors of pictures (float32, n×3×S×S).", "PICTURE…",
             with({{"--out", "x.npy", "where to write them", false, true}}, {modelOptions()}), ""},
            runPreprocess};
}

Command embedCommand()
{
    std::vector<Option> options =
        with({{"--out", "e.npy", "where to write; e.json beside it lists ids, skips and provenance", false, true},
              {"--what", "image|text", "pictures (the default) or captions, one row a caption"},
              {"--raw", "", "do not normalise rows to unit length"},
              {"--tensors", "x.npy", "preprocessed pictures n×3×S×S in place of --data"},
              {"--tokens", "t.npy", "token ids n×length in place of --data"},
              {"--no-cache", "", "compute every row anew"}},
             {modelOptions(), dataOptions()});
    for (Option& o : options) {
        o.required = o.required && o.name != "--data";
    }
    return {{"embed", "Embeddings of a dataset's pictures or captions, in dataset order.", "", options, ""}, runEmbed};
}

} // namespace semascope::app
