#include "app/cli/HeatmapOptions.h"
#include "app/cli/QtScope.h"
#include "app/cli/ScoreTools.h"
#include "core/clip/ScoreMeaning.h"
#include "core/data/Arrays.h"
#include "core/data/Csv.h"
#include "core/session/Document.h"
#include "widgets/DocumentFigures.h"

#include <optional>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Matrix;

namespace {

/// What `score --figure` was asked to draw, checked before anything is computed.
struct HeatmapOrder
{
    QString path;
    ui::FigureSize size;
    ui::FigureFormat format = ui::FigureFormat::Pdf;
    ui::HeatmapSpec spec;
};

std::optional<HeatmapOrder> heatmapOrder(const CommandContext& c)
{
    HeatmapOrder order;
    order.size = sizeOf(c, "180x90mm");
    order.spec = heatmapSpec(c, 12);
    readHeatmapSort(c, c.args.texts("--text"), order.spec.look);
    if (order.spec.look.value == ui::ScoreKind::Contrast && !c.args.has("--contrast")) {
        throw Error(Code::Misuse, "A figure of contrasts needs --contrast TEXT: what each text is contrasted with.");
    }
    if (!c.args.has("--figure")) {
        return std::nullopt;
    }
    checkWritable(c.args.text("--figure"));
    order.path = QString::fromLocal8Bit(c.args.text("--figure").c_str());
    order.format = ui::figureFormat(order.path);
    return order;
}

/// The prompts of one run: texts, what they are contrasted with, and the vectors of both.
struct Prompts
{
    std::vector<std::string> texts, opposites; ///< opposites: none, one for all, or one a text
    core::ScoreSpec spec;

    const std::string& oppositeOf(std::size_t t) const { return opposites[opposites.size() == 1 ? 0 : t]; }
};

Prompts promptsOf(const CommandContext& c)
{
    Prompts p;
    p.texts = c.args.texts("--text");
    p.opposites = c.args.texts("--contrast");
    p.spec.percentile = c.args.has("--percentile");
    p.spec.probability = c.args.has("--probability");
    if (p.opposites.size() > 1 && p.opposites.size() != p.texts.size()) {
        throw Error(Code::Misuse, "--contrast takes one text for all of --text, or as many: there are " +
                                      std::to_string(p.texts.size()) + " texts and " +
                                      std::to_string(p.opposites.size()) + " to contrast them with.");
    }
    if (p.spec.probability && p.texts.size() < 2) {
        throw Error(Code::Misuse, "--probability needs at least two texts: it says which of them fits best.");
    }
    return p;
}

void encode(CommandContext& c, const core::ClipModel& model, Prompts& p)
{
    std::vector<std::string> all = p.texts;
    all.insert(all.end(), p.opposites.begin(), p.opposites.end());
    noteLongTexts(c, model, all);
    p.spec.prompts = model.encodeTexts(p.texts, c.job);
    if (!p.opposites.empty()) {
        p.spec.opposites = model.encodeTexts(p.opposites, c.job);
    }
    p.spec.logitScale = model.logitScale();
}

/// One block of columns of the table: a value of every text.
struct Columns
{
    const Matrix* values;
    const char* key; ///< in the JSON, of each row
    std::vector<std::string> headings;
};

std::vector<Columns> columnsOf(const Prompts& p, const core::ScoreTable& table)
{
    std::vector<Columns> blocks{{&table.cosine, "scores", p.texts}};
    const auto add = [&](const Matrix& values, const char* key, const auto& heading) {
        if (!values.empty()) {
            blocks.push_back({&values, key, {}});
            for (std::size_t t = 0; t < p.texts.size(); ++t) {
                blocks.back().headings.push_back(heading(t));
            }
        }
    };
    add(table.percentile, "percentiles",
        [&](std::size_t t) { return "percentile of " + std::to_string(table.counted[t]) + ": " + p.texts[t]; });
    add(table.contrast, "contrasts",
        [&](std::size_t t) { return "contrast: " + p.texts[t] + " minus " + p.oppositeOf(t); });
    add(table.probability, "probabilities",
        [&](std::size_t t) { return "probability among " + std::to_string(p.texts.size()) + ": " + p.texts[t]; });
    return blocks;
}

void writeScores(CommandContext& c, const core::Dataset& data, const core::Embedding& e,
                 const std::vector<Columns>& blocks)
{
    std::string csv = "id";
    for (const Columns& block : blocks) {
        for (const std::string& heading : block.headings) {
            csv += "," + core::csvField(heading);
        }
    }
    csv += "\n";
    for (std::size_t r = 0; r < e.rows.rows(); ++r) {
        csv += core::csvField(data.samples[e.sampleIndex[r]].id);
        for (const Columns& block : blocks) {
            for (std::size_t t = 0; t < block.values->cols(); ++t) {
                csv += "," + number(static_cast<double>(block.values->at(r, t)));
            }
        }
        csv += "\n";
    }
    core::writeFileAtomic(c.args.text("--out"), csv.data(), csv.size());
}

void putScores(CommandContext& c, const core::Dataset& data, const core::Embedding& e,
               const std::vector<Columns>& blocks)
{
    if (!c.args.has("--json")) {
        return; // a million rows are nothing to keep for nobody
    }
    Json rows = Json::array();
    for (std::size_t r = 0; r < e.rows.rows(); ++r) {
        Json row{{"id", utf8(data.samples[e.sampleIndex[r]].id)}};
        for (const Columns& block : blocks) {
            const float* const values = block.values->row(r);
            row[block.key] = std::vector<float>(values, values + block.values->cols());
        }
        rows.push_back(std::move(row));
    }
    c.json["rows"] = std::move(rows);
}

/// What the numbers are of and mean, beside them.
void explain(CommandContext& c, const Prompts& p, const core::ScoreTable& table)
{
    Json meaning;
    meaning["cosine"] = core::cosineMeaning();
    if (!table.percentile.empty()) {
        c.json["percentile_of"] = table.counted;
        meaning["percentile"] = core::percentileMeaning(table.counted.front());
    }
    if (!table.contrast.empty()) {
        Json opposites = Json::array(), sentences = Json::array();
        for (std::size_t t = 0; t < p.texts.size(); ++t) {
            opposites.push_back(p.oppositeOf(t));
            sentences.push_back(core::contrastMeaning(p.texts[t], p.oppositeOf(t)));
        }
        c.json["contrast_with"] = opposites;
        meaning["contrast"] = sentences;
    }
    c.json["logit_scale"] = p.spec.logitScale;
    if (!table.probability.empty()) {
        meaning["probability"] = core::probabilityMeaning(p.texts.size(), p.spec.logitScale);
    }
    c.json["meaning"] = meaning;
    for (const auto& [name, sentence] : meaning.items()) {
        c.line("  " + (sentence.is_array() ? sentence[0] : sentence).get<std::string>());
    }
}

/// Lowest, median and highest cosine of each text: the scale that a cosine is to be read on.
void printRanges(CommandContext& c, const Prompts& p, const core::ScoreTable& table)
{
    Json ranges = Json::array();
    for (std::size_t t = 0; t < p.texts.size(); ++t) {
        std::vector<float> values;
        for (std::size_t r = 0; r < table.cosine.rows(); ++r) {
            values.push_back(table.cosine.at(r, t));
        }
        const core::PercentileScale scale(values);
        ranges.push_back({{"lowest", scale.lowest()}, {"median", scale.median()}, {"highest", scale.highest()}});
        c.line("  " + p.texts[t] + ": " + number(scale.lowest()) + " … " + number(scale.median()) + " … " +
               number(scale.highest()) + " (lowest, median, highest cosine)");
    }
    c.json["ranges"] = ranges;
}

void drawHeatmap(CommandContext& c, const HeatmapOrder& order, const core::Dataset& data, core::Document doc,
                 const std::vector<std::uint32_t>& samples)
{
    checkHeatmapGroup(order.spec.look, data, doc);
    clusterForHeatmap(c, order.spec, doc);
    const ui::HeatmapFigure figure = ui::heatmapFigure(data, doc, order.spec, samples, c.job);
    const ui::FigureSize size = heatmapSize(c, figure, order.size);
    ui::exportFigure(ui::figureOf(figure, size.dpi), size, order.format, order.path,
                     ui::documentRecipe(data, doc, QStringLiteral("heatmap")));
    c.line("figure → " + c.args.text("--figure"));
}

core::Document documentOf(CommandContext& c, const core::ClipModel& model, const core::Embedding& e, const Prompts& p,
                          bool contrasts)
{
    core::Document doc;
    doc.dataset = dataSpec(c);
    doc.embedding = std::make_shared<const core::Embedding>(e);
    doc.modelName = model.info().name;
    doc.modelHash = model.weightsHash();
    doc.view.logitScale = model.logitScale();
    const auto vectorOf = [](const Matrix& x, std::size_t row) {
        return std::vector<float>(x.row(row), x.row(row) + x.cols());
    };
    for (std::size_t t = 0; t < p.texts.size(); ++t) {
        core::Prompt prompt;
        prompt.text = p.texts[t];
        prompt.vector = vectorOf(p.spec.prompts, t);
        if (contrasts) {
            prompt.opposite = p.oppositeOf(t);
            prompt.oppositeVector = vectorOf(p.spec.opposites, p.opposites.size() == 1 ? 0 : t);
        }
        doc.prompts.push_back(prompt);
    }
    return doc;
}

void runScore(CommandContext& c)
{
    checkWritable(c.args.text("--out"));
    const QtScope qt;
    const std::optional<HeatmapOrder> order = heatmapOrder(c);
    Prompts prompts = promptsOf(c);
    const auto model = openModel(c);
    const core::Dataset data = openData(c, true);
    const std::vector<std::uint32_t> samples = samplesNamed(data, c.args.texts("--ids"));
    encode(c, *model, prompts);
    const core::Embedding e = embeddingOf(c, data, *model);
    const core::ScoreTable table = core::scoreTable(e.rows, prompts.spec, c.job);
    c.json["prompts"] = prompts.texts;
    writeScores(c, data, e, columnsOf(prompts, table));
    putScores(c, data, e, columnsOf(prompts, table));
    std::vector<core::Skip> skipped = data.skipped;
    skipped.insert(skipped.end(), e.skipped.begin(), e.skipped.end());
    c.json["skipped"] = skipsJson(skipped);
    c.json["model"] = utf8(model->info().name);
    c.line(std::to_string(e.rows.rows()) + " pictures, " + std::to_string(prompts.texts.size()) +
           (prompts.texts.size() == 1 ? " text" : " texts") + " → " + c.args.text("--out"));
    printRanges(c, prompts, table);
    explain(c, prompts, table);
    if (order) {
        const bool contrasts = order->spec.look.value == ui::ScoreKind::Contrast;
        drawHeatmap(c, *order, data, documentOf(c, *model, e, prompts, contrasts), samples);
    }
}

} // namespace

Command scoreCommand()
{
    std::vector<Option> options{
        {"--text", "T", "one or more prompts", true, true},
        {"--out", "s.csv", "one row a picture; cosines, one column a text, then what else is asked for", false, true},
        {"--percentile", "", "also each cosine's percentile among all pictures scored"},
        {"--contrast", "TEXT",
         "also the cosine minus that with TEXT, such as \"a face\" for \"a face with glasses\"; "
         "one for all texts, or one each",
         true},
        {"--probability", "", "also the softmax over the texts with the model's logit scale"},
        {"--figure", "f.pdf", "text × picture heatmap with thumbnails (PNG, SVG or PDF)"},
        {"--ids", "ID", "pictures shown in the figure, by id", true}};
    for (const auto& list : {heatmapOptions(), sizeOptions(), modelOptions(), dataOptions(), storeOptions()}) {
        options.insert(options.end(), list.begin(), list.end());
    }
    return {{"score", "How well every picture fits every text, as a table and a heatmap.", "", options,
             core::cosineMeaning() + "\n" +
                 "--percentile ranks a text's cosines, --contrast takes out what two texts share, and --probability "
                 "says which text of the set fits best."},
            runScore};
}

} // namespace semascope::app
