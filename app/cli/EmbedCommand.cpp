#include "app/cli/EmbedExtras.h"
#include "core/clip/BatchEncoder.h"
#include "core/clip/Embedder.h"
#include "core/data/Arrays.h"

#include <chrono>
#include <filesystem>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Matrix;

namespace {

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
    core::BatchEncoder encoder(model, kBatch);
    for (std::size_t first = 0; first < n; first += kBatch) {
        c.job.checkpoint();
        const std::size_t count = std::min(kBatch, n - first);
        const Matrix part = encoder.encode(static_cast<const float*>(a.data) + first * size, count, c.job);
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
    constexpr std::size_t kBatch = 32;
    return core::BatchEncoder(model, kBatch).encodeTokens(ids, c.job);
}

void writeProvenance(const std::string& out, const CommandContext& c, const core::ClipModel& model, const Json& ids)
{
    Json side = c.json;
    side.update(ids);
    const core::ClipConfig& clip = model.info().clip;
    const core::Activation activation = clip.hasVision && !clip.resnet ? clip.visionActivation : clip.textActivation;
    side["model"] = {{"name", utf8(model.info().name)},
                     {"family", model.info().family},
                     {"hash", model.weightsHash()},
                     {"architecture", core::describeArchitecture(model.info().clip)},
                     {"activation", core::activationName(activation)},
                     {"activation_from", model.info().clip.activationFrom},
                     {"assumed", model.info().clip.assumed},
                     {"notes", model.info().warnings}};
    side["preprocessing"] = model.info().clip.preprocess.describe();
    side["normalised"] = !c.args.has("--raw");
    side["what"] = c.args.text("--what", c.args.has("--tokens") ? "text" : "image");
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

/// What an embedding of a dataset brings with it.
struct Embedded
{
    Matrix rows;
    Json ids = Json::array(), exactIds = Json::object();
    std::vector<core::Skip> skipped;
    std::size_t cached = 0;
    double seconds = 0; ///< opening the data included
};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Embedded embedDataset(CommandContext& c, const core::ClipModel& model, core::Modality what)
{
    const auto opening = std::chrono::steady_clock::now();
    const bool pictures = what == core::Modality::Picture;
    core::Dataset whole = openData(c, pictures);
    Embedded result;
    result.seconds = secondsSince(opening);
    const auto estimate = pictures ? tellEstimate(c, whole, model) : std::nullopt;
    const auto start = std::chrono::steady_clock::now();
    const core::Dataset data = sampled(c, std::move(whole));
    const core::EmbedOptions options{!c.args.has("--raw"), storeSpec(c.args)};
    const core::Embedding e = core::embed(data, model, what, options, c.job);
    learnFromRun(estimate, model, e);
    result.rows = e.rows;
    result.cached = e.cached;
    result.skipped = data.skipped;
    result.skipped.insert(result.skipped.end(), e.skipped.begin(), e.skipped.end());
    for (const std::uint32_t i : e.sampleIndex) {
        result.ids.push_back(utf8(data.samples[i].id));
        Json exact;
        putPath(exact, "id", data.samples[i].id);
        if (exact.contains("id_b64")) { // a name that is not UTF-8: its bytes, by row
            result.exactIds[std::to_string(result.ids.size() - 1)] = exact["id_b64"];
        }
    }
    result.seconds += secondsSince(start);
    return result;
}

Embedded embedArrays(CommandContext& c, const core::ClipModel& model)
{
    const auto start = std::chrono::steady_clock::now();
    Embedded result;
    result.rows = c.args.has("--tensors") ? encodeTensors(c, model) : encodeTokenFile(c, model);
    if (!c.args.has("--raw")) {
        result.rows = core::normaliseRows(result.rows);
    }
    result.seconds = secondsSince(start);
    return result;
}

/// What is wrong with the options, before a model is opened for nothing.
void checkEmbedOptions(const CommandContext& c, core::Modality what)
{
    const std::string out = c.args.text("--out");
    if (out.empty()) {
        throw Error(Code::Misuse, "semascope embed needs --out e.npy; see semascope embed --help.");
    }
    if (!out.ends_with(".npy")) {
        throw Error(Code::Misuse, "--out must end in .npy, because " + out + " gets a .json beside it.");
    }
    checkWritable(out);
    const int inputs = int(c.args.has("--data")) + int(c.args.has("--tensors")) + int(c.args.has("--tokens"));
    if (inputs != 1) {
        throw Error(Code::Misuse, "semascope embed needs exactly one of --data, --tensors and --tokens.");
    }
    checkSampleOption(c, what == core::Modality::Picture);
}

void runEmbed(CommandContext& c)
{
    if (c.args.has("--compare-precision")) {
        comparePrecisions(c);
        return;
    }
    const core::Modality what = modalityOf(c.args);
    checkEmbedOptions(c, what);
    const std::string out = c.args.text("--out");
    const auto model = openModel(c);
    const Embedded e = c.args.has("--data") ? embedDataset(c, *model, what) : embedArrays(c, *model);
    core::writeNpy(out, e.rows);
    c.json["rows"] = e.rows.rows();
    c.json["dim"] = e.rows.cols();
    c.json["skipped"] = skipsJson(e.skipped);
    c.json["seconds"] = e.seconds;
    c.json["per_second"] = e.seconds > 0 ? static_cast<double>(e.rows.rows()) / e.seconds : 0.0;
    c.json["device"] = model->deviceName();
    c.json["precision"] = model->precision();
    c.json["cached"] = e.cached;
    writeProvenance(out, c, *model, {{"ids", e.ids}, {"ids_b64", e.exactIds}});
    c.line(std::to_string(e.rows.rows()) + " rows of " + std::to_string(e.rows.cols()) + " → " + out + ", " +
           std::to_string(e.skipped.size()) + " skipped, " + number(c.json["per_second"].get<double>()) +
           " per second on " + model->deviceName() + " in " + model->precision() +
           (e.cached > 0 ? ", " + std::to_string(e.cached) + " of them from the store" : std::string()));
}

} // namespace

Command embedCommand()
{
    std::vector<Option> options{
        {"--out", "e.npy", "where to write; e.json beside it lists ids, skips and provenance"},
        {"--what", "image|text", "pictures (the default) or captions, one row a caption"},
        {"--raw", "", "do not normalise rows to unit length"},
        {"--tensors", "x.npy", "preprocessed pictures n×3×S×S in place of --data"},
        {"--tokens", "t.npy", "token ids n×length in place of --data"},
        {"--sample", "N", "only N pictures, drawn at random (--seed); says first how long they and all take"},
        {"--compare-precision", "", "embed nothing: measure what fp32, bf16 and fp16 cost and gain here"}};
    for (const auto& list : {modelOptions(), dataOptions(), storeOptions()}) {
        options.insert(options.end(), list.begin(), list.end());
    }
    for (Option& o : options) {
        o.required = o.required && o.name != "--data";
    }
    return {{"embed", "Embeddings of a dataset's pictures or captions, in dataset order.", "", options, ""}, runEmbed};
}

} // namespace semascope::app
