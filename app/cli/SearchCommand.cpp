#include "app/cli/ScoreTools.h"
#include "core/clip/Embedder.h"
#include "core/clip/JointMap.h"
#include "core/clip/Preprocess.h"
#include "core/clip/ScoreMeaning.h"

#include <chrono>

namespace semascope::app {

using core::Code;
using core::Error;
using core::JointKind;
using core::Matrix;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// What can be found: rows of one kind, or, centred, of both.
struct Shelf
{
    Matrix rows;
    std::vector<std::string> ids, texts; ///< of each row; texts of captions, else empty
    std::vector<JointKind> kind;         ///< of each row of a mixed list; empty where all are `only`
    JointKind only = JointKind::Picture;
    std::vector<float> pictureMean, textMean; ///< of a mixed list: what its rows have lost already
    std::string textMeanOf;
    std::vector<std::string> notes;

    bool mixed() const { return !kind.empty(); }
    JointKind kindOf(std::size_t row) const { return mixed() ? kind[row] : only; }
    std::string idOf(std::size_t row) const { return ids.empty() ? std::to_string(row) : ids[row]; }
};

/// What is searched for.
struct Question
{
    std::vector<float> vector;
    JointKind kind = JointKind::Picture;
    std::int64_t self = -1;
};

void checkWords(const CommandContext& c)
{
    const int questions = int(c.args.has("--text")) + int(c.args.has("--picture")) + int(c.args.has("--id"));
    if (questions != 1) {
        throw Error(Code::Misuse, "semascope search needs exactly one of --text, --picture and --id.");
    }
    if (c.args.has("--in") == c.args.has("--data")) {
        throw Error(Code::Misuse, "semascope search needs either --in e.npy or --data D with --model M.");
    }
    const std::string what = c.args.text("--what", "image");
    if (what != "image" && what != "text" && what != "both") {
        throw Error(Code::Misuse, "--what must be image, text or both, not \"" + what + "\".");
    }
    if (c.args.has("--data") || !c.args.has("--id")) {
        require(c, "--model",
                c.args.has("--data") ? "semascope search --data needs --model M to embed it with."
                                     : "A text or a picture is searched for with --model M.");
    }
    if (what == "both" && c.args.has("--in")) {
        throw Error(Code::Misuse, "--what both needs --data: the vectors of --in are of one kind.");
    }
}

/// Rows of captions with the text of each.
void addTexts(Shelf& shelf, const core::Dataset& data, const core::Embedding& captions)
{
    std::vector<std::size_t> next(data.samples.size(), 0);
    for (const std::uint32_t s : captions.sampleIndex) {
        const std::vector<std::string>& texts = data.samples[s].captions;
        const std::size_t at = next[s]++;
        shelf.ids.push_back(data.samples[s].id);
        shelf.texts.push_back(at < texts.size() ? texts[at] : std::string());
    }
}

Shelf shelfOfFile(CommandContext& c, const core::ClipModel* model, const std::string& what)
{
    VectorFile file = readVectors(c.args.text("--in"));
    checkVectors(c, file, model, what);
    Shelf shelf;
    shelf.rows = file.rows;
    shelf.ids = std::move(file.ids);
    shelf.only = (what.empty() ? file.what : what) == "text" ? JointKind::Caption : JointKind::Picture;
    return shelf;
}

Shelf mixedShelf(CommandContext& c, const core::Dataset& data, const core::ClipModel& model)
{
    const core::Embedding pictures = embeddingOf(c, data, model), captions = captionsOf(c, data, model);
    core::JointInput input{pictures.rows, pictures.sampleIndex, captions.rows, captions.sampleIndex, {}, {}};
    if (captions.rows.rows() < core::JointMap::kMeanCaptions) {
        input.neutral = model.encodeTexts(core::neutralTexts(), c.job);
    }
    core::JointMap map = core::jointMap(input, c.job);
    Shelf every, shelf;
    addTexts(every, data, captions);
    shelf.rows = map.rows;
    shelf.kind = std::move(map.kind);
    for (std::size_t r = 0; r < shelf.kind.size(); ++r) {
        const bool picture = shelf.kind[r] == JointKind::Picture;
        const std::uint32_t at = map.source[r];
        shelf.ids.push_back(picture ? data.samples[pictures.sampleIndex[at]].id : every.ids[at]);
        shelf.texts.push_back(picture ? std::string() : every.texts[at]);
    }
    shelf.pictureMean = std::move(map.pictureMean);
    shelf.textMean = std::move(map.textMean);
    shelf.textMeanOf = map.textMeanOf;
    shelf.notes = map.notes;
    return shelf;
}

Shelf shelfOfData(CommandContext& c, const core::ClipModel& model, const std::string& what)
{
    const core::Dataset data = openData(c, what != "text");
    if (what == "both") {
        return mixedShelf(c, data, model);
    }
    Shelf shelf;
    const core::Embedding e = what == "text" ? captionsOf(c, data, model) : embeddingOf(c, data, model);
    shelf.rows = e.rows;
    if (what == "text") {
        shelf.only = JointKind::Caption;
        addTexts(shelf, data, e);
        return shelf;
    }
    for (const std::uint32_t s : e.sampleIndex) {
        shelf.ids.push_back(data.samples[s].id);
    }
    return shelf;
}

std::vector<float> vectorOfPicture(CommandContext& c, const core::ClipModel& model, const std::string& path)
{
    const core::PreprocessSpec& prep = model.info().clip.preprocess;
    const auto bytes = core::readRegularFile(path);
    const auto side = static_cast<std::size_t>(prep.size);
    std::vector<float> pixels(3 * side * side);
    try {
        core::preprocess(prep.rgbLast ? core::decodeAsStored(bytes) : core::decodeForModel(bytes), prep, pixels.data());
    } catch (const Error& e) {
        throw Error(e.code(), path + ": " + e.what());
    }
    const Matrix row = model.encodePictures(pixels.data(), 1, c.job);
    return {row.data(), row.data() + row.cols()};
}

/// The row named by --id; without ids, its number.
std::size_t rowNamed(const Shelf& shelf, const std::string& id)
{
    for (std::size_t r = 0; r < shelf.ids.size(); ++r) {
        if (shelf.ids[r] == id) {
            return r; // of a picture and its captions in a mixed list, the picture
        }
    }
    const bool number = !id.empty() && id.size() < 10 && id.find_first_not_of("0123456789") == std::string::npos;
    if (shelf.ids.empty() && number && std::stoul(id) < shelf.rows.rows()) {
        return std::stoul(id);
    }
    throw Error(Code::NotFound, "There is no row \"" + id + "\"" +
                                    (shelf.ids.empty() ? "; without a .json beside the vectors an id is the number of "
                                                         "a row, from 0 to " +
                                                             std::to_string(shelf.rows.rows() - 1) + "."
                                                       : "."));
}

Question questionOf(CommandContext& c, const Shelf& shelf, const core::ClipModel* model)
{
    Question q;
    if (c.args.has("--id")) {
        const std::size_t row = rowNamed(shelf, c.args.text("--id"));
        q.vector.assign(shelf.rows.row(row), shelf.rows.row(row) + shelf.rows.cols());
        q.kind = shelf.kindOf(row);
        q.self = static_cast<std::int64_t>(row);
        return q;
    }
    if (c.args.has("--text")) {
        const Matrix row = model->encodeTexts({c.args.text("--text")}, c.job);
        noteLongTexts(c, *model, {c.args.text("--text")});
        q.vector.assign(row.data(), row.data() + row.cols());
        q.kind = JointKind::Prompt;
    } else {
        q.vector = vectorOfPicture(c, *model, c.args.text("--picture"));
    }
    if (q.vector.size() != shelf.rows.cols()) {
        throw Error(Code::Mismatch, "The rows have " + std::to_string(shelf.rows.cols()) + " dimensions but " +
                                        model->info().name + " makes " + std::to_string(q.vector.size()) +
                                        "; take the model they were made with.");
    }
    return q;
}

bool isText(JointKind kind)
{
    return kind != JointKind::Picture;
}

/// The query without the mean of its modality, as the rows of a mixed list are.
std::vector<float> centred(const Question& q, const Shelf& shelf)
{
    if (q.self >= 0) {
        return q.vector; // a row of the list itself
    }
    const Matrix unit = core::normaliseRows(Matrix(q.vector.data(), 1, q.vector.size(), nullptr));
    const std::vector<float>& mean = isText(q.kind) ? shelf.textMean : shelf.pictureMean;
    std::vector<float> left(q.vector.size());
    for (std::size_t j = 0; j < left.size(); ++j) {
        left[j] = unit.data()[j] - mean[j];
    }
    return left;
}

/// The mean that a query of the other modality loses when the rows lose theirs.
std::vector<float> meanOfQuery(CommandContext& c, const Question& q, Shelf& shelf, const core::ClipModel* model)
{
    if (isText(q.kind) == isText(shelf.only)) {
        return {}; // the rows' own
    }
    if (!isText(q.kind)) {
        throw Error(Code::Misuse, "The mean of pictures is not known where only texts are searched; leave --centred "
                                  "out, or take --what both.");
    }
    shelf.textMeanOf = std::to_string(core::neutralTexts().size()) + " neutral texts";
    return core::unitMean(model->encodeTexts(core::neutralTexts(), c.job));
}

std::vector<core::Neighbour> find(CommandContext& c, const Question& q, Shelf& shelf, const core::ClipModel* model)
{
    const auto count = static_cast<std::size_t>(c.args.integer("--count", 12, 1, 1'000'000'000));
    auto start = Clock::now();
    std::vector<core::Neighbour> found;
    if (!c.args.has("--centred") || shelf.mixed()) {
        const std::vector<float> query = shelf.mixed() ? centred(q, shelf) : q.vector;
        start = Clock::now();
        found = core::nearestRows(shelf.rows, query.data(), count, q.self);
    } else {
        const std::vector<float> mean = meanOfQuery(c, q, shelf, model);
        const core::RowSearch search(shelf.rows, c.job);
        start = Clock::now();
        found = search.nearest({q.vector.data(), count, q.self, true, mean.empty() ? nullptr : mean.data()}, c.job);
    }
    c.json["seconds"] = secondsSince(start);
    return found;
}

void report(CommandContext& c, const Shelf& shelf, const std::vector<core::Neighbour>& found)
{
    const bool centring = shelf.mixed() || c.args.has("--centred");
    Json list = Json::array();
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::size_t row = found[i].row;
        Json item{{"rank", i + 1}, {"row", row}};
        putPath(item, "id", shelf.idOf(row));
        item["kind"] = core::jointKindName(shelf.kindOf(row));
        item["cosine"] = found[i].cosine;
        const std::string text = shelf.texts.empty() ? std::string() : shelf.texts[row];
        if (!text.empty()) {
            item["text"] = utf8(text);
        }
        list.push_back(item);
        c.line("  " + number(static_cast<double>(found[i].cosine)) + "  " + shelf.idOf(row) +
               (text.empty() ? "" : "  “" + text + "”"));
    }
    c.json["rows"] = shelf.rows.rows();
    c.json["centred"] = centring;
    c.json["measure"] = centring ? "centred cosine" : "cosine";
    c.json["text_mean_of"] = shelf.textMeanOf.empty() ? Json() : Json(shelf.textMeanOf);
    c.json["meaning"] = core::neighbourMeaning(centring);
    for (const std::string& note : shelf.notes) {
        c.json["notes"].push_back(note);
    }
    c.json["neighbours"] = list;
    c.line("  " + core::neighbourMeaning(centring));
    if (!shelf.textMeanOf.empty()) {
        c.line("  The mean of texts is that of " + shelf.textMeanOf + ".");
    }
}

void runSearch(CommandContext& c)
{
    checkWords(c);
    const std::string what = c.args.text("--what");
    const std::shared_ptr<const core::ClipModel> model = c.args.has("--model") ? openModel(c) : nullptr;
    Shelf shelf = c.args.has("--in") ? shelfOfFile(c, model.get(), what) : shelfOfData(c, *model, what);
    const Question q = questionOf(c, shelf, model.get());
    for (const char* option : {"--text", "--picture", "--id"}) {
        if (c.args.has(option)) {
            Json query{{"kind", core::jointKindName(q.kind)}};
            putPath(query, std::string(option).substr(2), c.args.text(option));
            c.json["query"] = query;
        }
    }
    const std::vector<core::Neighbour> found = find(c, q, shelf, model.get());
    report(c, shelf, found);
}

} // namespace

Command searchCommand()
{
    return {{"search", "The rows nearest to a text, to a picture or to one of them; exact.", "",
             withModelAndData(
                 {{"--text", "T", "search for this text"},
                  {"--picture", "P", "search for this picture file"},
                  {"--id", "I", "search for what is like this row (its number where the vectors have no ids)"},
                  {"--in", "e.npy", "vectors to search, in place of --data; they are mapped, not copied"},
                  {"--what", "image|text|both", "what is found: pictures (unless given), captions, or both, centred"},
                  {"--count", "K", "how many; 12 unless given"},
                  {"--centred", "", "take the mean of its modality from every vector first"}}),
             "Pictures and texts are never mixed in one list as they are: --what both always centres each of them by "
             "itself.\nThe output says which cosine is used."},
            runSearch};
}

} // namespace semascope::app
