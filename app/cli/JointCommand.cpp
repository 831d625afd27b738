#include "app/cli/ScoreTools.h"
#include "core/clip/JointMap.h"
#include "core/data/Arrays.h"
#include "core/reduce/Layout.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>

namespace semascope::app {

using core::Code;
using core::Error;
using core::JointKind;
using core::Matrix;

namespace {

/// The three kinds of rows and what they are called.
struct Parts
{
    core::JointInput input;
    std::vector<std::string> pictureIds, captions, prompts; ///< of each row of the input
};

/// The dataset with at most `most` captions a sample.
core::Dataset withFewerCaptions(core::Dataset data, std::size_t most)
{
    for (core::Sample& sample : data.samples) {
        if (sample.captions.size() > most) {
            sample.captions.resize(most);
        }
    }
    return data;
}

Parts partsOfData(CommandContext& c, const core::ClipModel& model)
{
    const auto most = static_cast<std::size_t>(c.args.integer("--captions", INT64_MAX, 0, INT64_MAX));
    const core::Dataset data = withFewerCaptions(openData(c, true), most);
    const core::Embedding pictures = embeddingOf(c, data, model);
    Parts parts;
    parts.input.pictures = pictures.rows;
    parts.input.pictureSample = pictures.sampleIndex;
    for (const std::uint32_t s : pictures.sampleIndex) {
        parts.pictureIds.push_back(data.samples[s].id);
    }
    const bool any = std::any_of(data.samples.begin(), data.samples.end(),
                                 [](const core::Sample& s) { return !s.captions.empty(); });
    if (!any) {
        return parts;
    }
    const core::Embedding captions = captionsOf(c, data, model);
    parts.input.captions = captions.rows;
    parts.input.captionSample = captions.sampleIndex;
    for (const core::Sample& sample : data.samples) { // in this order they are embedded
        parts.captions.insert(parts.captions.end(), sample.captions.begin(), sample.captions.end());
    }
    return parts;
}

std::vector<std::uint32_t> groupsOf(const CommandContext& c, std::size_t captions)
{
    std::vector<std::uint32_t> groups(captions);
    std::iota(groups.begin(), groups.end(), 0U);
    if (!c.args.has("--groups")) {
        return groups;
    }
    const std::string path = c.args.text("--groups");
    const std::vector<std::int64_t> values = core::toLabels(core::readArray(path), path);
    if (values.size() != captions) {
        throw Error(Code::Mismatch, path + " has " + std::to_string(values.size()) + " numbers for " +
                                        std::to_string(captions) + " captions.");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool valid = values[i] >= 0 && values[i] < std::numeric_limits<std::uint32_t>::max();
        groups[i] = valid ? static_cast<std::uint32_t>(values[i]) : std::numeric_limits<std::uint32_t>::max();
    }
    return groups;
}

Parts partsOfFiles(const CommandContext& c)
{
    const VectorFile pictures = readVectors(c.args.text("--in"));
    Parts parts;
    parts.input.pictures = pictures.rows;
    parts.input.pictureSample.resize(pictures.rows.rows());
    std::iota(parts.input.pictureSample.begin(), parts.input.pictureSample.end(), 0U);
    for (std::size_t i = 0; i < pictures.rows.rows(); ++i) {
        parts.pictureIds.push_back(pictures.ids.empty() ? std::to_string(i) : pictures.ids[i]);
    }
    if (c.args.has("--pairs")) {
        const std::string path = c.args.text("--pairs");
        parts.input.captions = core::toMatrix(core::readArray(path), path);
        const std::size_t n = parts.input.captions.rows();
        if (!c.args.has("--groups") && n != pictures.rows.rows()) {
            throw Error(Code::Mismatch, path + " has " + std::to_string(n) + " rows but there are " +
                                            std::to_string(pictures.rows.rows()) +
                                            " pictures; --groups says which picture each caption is of.");
        }
        parts.input.captionSample = groupsOf(c, n);
        for (std::size_t i = 0; i < n; ++i) {
            parts.captions.push_back("caption " + std::to_string(i));
        }
    }
    return parts;
}

/// Kind, id or text, and partner of every row of the map.
Json rowsJson(const core::JointMap& map, const Parts& parts)
{
    constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> pictureOf(map.kind.size(), kNone);
    for (const auto& [picture, caption] : map.pairs) {
        pictureOf[caption] = picture;
    }
    Json rows = Json::array();
    for (std::size_t r = 0; r < map.kind.size(); ++r) {
        const std::uint32_t at = map.source[r];
        Json row{{"kind", core::jointKindName(map.kind[r])}};
        if (map.kind[r] == JointKind::Picture) {
            putPath(row, "id", parts.pictureIds[at]);
        } else {
            row["text"] = utf8(map.kind[r] == JointKind::Caption ? parts.captions[at] : parts.prompts[at]);
        }
        if (pictureOf[r] != kNone) {
            row["picture_row"] = pictureOf[r];
        }
        rows.push_back(row);
    }
    return rows;
}

void writeSide(const CommandContext& c, const core::JointMap& map, const Parts& parts)
{
    Json side = c.json;
    side["rows"] = rowsJson(map, parts);
    side["program"] = "semascope " SEMASCOPE_VERSION;
    const std::string text = side.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::string path = std::filesystem::path(c.args.text("--out")).replace_extension(".json").string();
    core::writeFileAtomic(path, text.data(), text.size());
}

void putJoint(CommandContext& c, const core::JointMap& map)
{
    const auto count = [&map](JointKind kind) { return std::count(map.kind.begin(), map.kind.end(), kind); };
    c.json["pictures"] = count(JointKind::Picture);
    c.json["captions"] = count(JointKind::Caption);
    c.json["prompts"] = count(JointKind::Prompt);
    c.json["pairs"] = map.pairs.size();
    c.json["gap"] = map.gap;
    c.json["text_mean_of"] = map.textMeanOf;
    c.json["excluded"] = map.excluded;
    c.line("gap between pictures and texts before: " + number(map.gap) + " (mean of texts: " + map.textMeanOf + ")");
    for (const std::string& note : map.notes) {
        c.line("  " + note);
    }
    if (map.pairs.empty() || c.args.has("--no-quality")) {
        c.json["own_nearest"] = Json();
        return;
    }
    const core::OwnNeighbour own = core::ownNeighbour(map, c.job);
    c.json["own_nearest"] = {{"pictures", own.pictures},
                             {"picture_to_caption", own.pictureToCaption},
                             {"captions", own.captions},
                             {"caption_to_picture", own.captionToPicture}};
    c.line("nearest of the other kind is one's own: " + number(100 * own.pictureToCaption) + " % of " +
           std::to_string(own.pictures) + " pictures, " + number(100 * own.captionToPicture) + " % of " +
           std::to_string(own.captions) + " captions");
}

void putLayout(CommandContext& c, const core::Layout& layout, std::size_t n)
{
    const std::size_t dim = layout.points.cols();
    std::vector<float> all(n * dim, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t r = 0; r < layout.inputRow.size(); ++r) {
        std::copy_n(layout.points.row(r), dim, all.data() + layout.inputRow[r] * dim);
    }
    core::writeNpy(c.args.text("--out"), all.data(), {n, dim});
    c.json["method"] = layout.spec.method;
    c.json["dim"] = dim;
    c.json["n"] = layout.points.rows();
    c.json["seed"] = layout.spec.seed;
    c.json["seconds"] = layout.seconds;
    c.json["raw_stress"] = layout.rawStress >= 0 ? Json(layout.rawStress) : Json();
    c.json["stress1"] = layout.stress1 >= 0 ? Json(layout.stress1) : Json();
    c.line(layout.spec.method + ": " + std::to_string(layout.points.rows()) + " rows → " + std::to_string(dim) +
           " dimensions → " + c.args.text("--out"));
}

void checkWords(const CommandContext& c)
{
    if (!c.args.text("--out").ends_with(".npy")) {
        throw Error(Code::Misuse, "--out must end in .npy, because a .json beside it says what each row is.");
    }
    checkWritable(c.args.text("--out"));
    if (c.args.has("--vectors")) {
        checkWritable(c.args.text("--vectors"));
    }
    if (c.args.has("--in") == c.args.has("--data")) {
        throw Error(Code::Misuse, "semascope joint needs either --data D with --model M, or --in pictures.npy with "
                                  "--pairs captions.npy.");
    }
    if (c.args.has("--data")) {
        require(c, "--model", "semascope joint --data needs --model M to embed it with.");
    }
    if (c.args.has("--text")) {
        require(c, "--model", "The prompts of --text need --model M.");
    }
}

/// Before anything is embedded. The rows come with the mean of each modality taken, so that the two methods that do
/// that themselves have nothing to do here.
void checkMethod(const std::string& method)
{
    if (method == "pca-joint" || method == "pca-modality") {
        throw Error(Code::Misuse,
                    "joint takes the mean of each modality itself; use --method pca in place of " + method + ".");
    }
    const std::vector<std::string> known = core::layoutMethods();
    if (std::find(known.begin(), known.end(), method) == known.end()) {
        throw Error(Code::Misuse, "\"" + method + "\" is no layout method; see semascope reduce --help.");
    }
}

void runJoint(CommandContext& c)
{
    checkWords(c);
    core::LayoutSpec spec;
    spec.method = c.args.text("--method", "mds");
    spec.dim = static_cast<int>(c.args.integer("--dim", 2, 1, 1'000'000));
    spec.seed = c.seed();
    spec.options = c.args.settings();
    checkMethod(spec.method);
    const std::shared_ptr<const core::ClipModel> model = c.args.has("--model") ? openModel(c) : nullptr;
    Parts parts = c.args.has("--data") ? partsOfData(c, *model) : partsOfFiles(c);
    parts.prompts = c.args.texts("--text");
    if (!parts.prompts.empty()) {
        parts.input.prompts = model->encodeTexts(parts.prompts, c.job);
        noteLongTexts(c, *model, parts.prompts);
    }
    if (model != nullptr && parts.input.captions.rows() < core::JointMap::kMeanCaptions) {
        parts.input.neutral = model->encodeTexts(core::neutralTexts(), c.job);
    }
    const core::JointMap map = core::jointMap(parts.input, c.job);
    putJoint(c, map);
    if (c.args.has("--vectors")) {
        core::writeNpy(c.args.text("--vectors"), map.rows);
    }
    const core::Layout layout = core::reduce(map.rows, spec, c.job);
    putLayout(c, layout, map.rows.rows());
    std::vector<std::string> notes = map.notes;
    notes.insert(notes.end(), layout.notes.begin(), layout.notes.end());
    c.json["notes"] = notes;
    writeSide(c, map, parts);
}

} // namespace

Command jointCommand()
{
    return {
        {"joint", "One map of pictures, captions and prompts, corrected for the gap between pictures and texts.", "",
         withModelAndData(
             {{"--text", "T", "prompts on the map", true},
              {"--captions", "N", "at most N captions a picture; all unless given"},
              {"--in", "image.npy", "vectors of pictures, in place of --data"},
              {"--pairs", "text.npy", "vectors of captions of the same model (row i belongs to row i)"},
              {"--groups", "g.npy", "the picture's row of each caption, where there are several a picture"},
              {"--method", "M", "as of semascope reduce; mds unless given"},
              {"--dim", "N", "dimensions of the result; 2 unless given"},
              {"--set", "key=value", "an option of the method", true},
              {"--out", "y.npy", "coordinates; y.json beside it says what each row is, and its picture", false, true},
              {"--vectors", "v.npy", "also the corrected vectors, for other commands"},
              {"--no-quality", "", "do not look for everyone's nearest neighbour"}}),
         "Every vector is scaled to unit length, loses the mean of its modality, and is scaled again. With fewer "
         "than 20\ncaptions the mean of texts is that of built-in neutral texts."},
        runJoint};
}

} // namespace semascope::app
