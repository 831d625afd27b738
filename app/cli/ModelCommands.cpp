#include "app/cli/Common.h"
#include "core/clip/Preprocess.h"
#include "core/data/Arrays.h"

namespace semascope::app {

using core::Code;
using core::Error;

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
        const core::ModelSpec spec = modelSpec(c.args);
        const core::Checkpoint checkpoint =
            core::openCheckpoint(spec.path, core::CheckpointWish{spec.activation, spec.imageSize});
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

} // namespace semascope::app
