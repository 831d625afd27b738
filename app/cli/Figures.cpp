#include "app/cli/Common.h"
#include "app/cli/QtScope.h"
#include "core/clip/Embedder.h"
#include "core/data/Arrays.h"
#include "core/session/Document.h"
#include "resources/Resources.h"
#include "widgets/Colouring.h"
#include "widgets/DocumentFigures.h"

#include <cmath>

namespace semascope::app {

using core::Code;
using core::Error;

QtScope::QtScope()
{
    if (QCoreApplication::instance() == nullptr) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        m_application = std::make_unique<QGuiApplication>(m_argc, m_argv);
    }
    ui::initResources();
}

QtScope::~QtScope() = default;

namespace {

ui::FigureSize sizeOf(const CommandContext& c, const char* fallback)
{
    const int dpi = static_cast<int>(c.args.integer("--dpi", 300, 36, 2400));
    return ui::FigureSize::parse(QString::fromStdString(c.args.text("--size", fallback)), dpi);
}

const std::vector<Option>& sizeOptions()
{
    static const std::vector<Option> options{
        {"--size", "180x120mm", "size of the figure; 85mm gives 3:2"},
        {"--dpi", "300", "resolution of PNG and of pictures inside PDF and SVG"},
    };
    return options;
}

std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string quoted = "\"";
    for (const char ch : text) {
        quoted += ch == '"' ? std::string("\"\"") : std::string(1, ch);
    }
    return quoted + "\"";
}

std::vector<std::uint32_t> samplesNamed(const core::Dataset& data, const std::vector<std::string>& ids)
{
    std::vector<std::uint32_t> samples;
    for (const std::string& id : ids) {
        const auto found = std::find_if(data.samples.begin(), data.samples.end(), [&](const core::Sample& s) { return s.id == id; });
        if (found == data.samples.end()) {
            throw Error(Code::NotFound, "There is no sample \"" + id + "\" in " + data.name + ".");
        }
        samples.push_back(static_cast<std::uint32_t>(found - data.samples.begin()));
    }
    return samples;
}

void writeScores(CommandContext& c, const core::Dataset& data, const core::Embedding& e, const core::Matrix& scores,
                 const std::vector<std::string>& texts)
{
    std::string csv = "id";
    for (const std::string& t : texts) {
        csv += "," + csvField(t);
    }
    csv += "\n";
    Json rows = Json::array();
    for (std::size_t r = 0; r < scores.rows(); ++r) {
        const std::string& id = data.samples[e.sampleIndex[r]].id;
        Json values = Json::array();
        csv += csvField(id);
        for (std::size_t t = 0; t < scores.cols(); ++t) {
            values.push_back(scores.at(r, t));
            csv += "," + number(static_cast<double>(scores.at(r, t)));
        }
        csv += "\n";
        rows.push_back({{"id", utf8(id)}, {"scores", values}});
    }
    core::writeFileAtomic(c.args.text("--out"), csv.data(), csv.size());
    c.json["prompts"] = texts;
    c.json["rows"] = rows;
}

core::Embedding embeddingOf(CommandContext& c, const core::Dataset& data, const core::ClipModel& model)
{
    if (!data.vectors) {
        return core::embed(data, model, core::Modality::Picture, true, c.job);
    }
    core::Embedding e;
    e.rows = *data.vectors;
    e.sampleIndex = data.vectorSample;
    e.modelName = model.info().name;
    return e;
}

void runScore(CommandContext& c)
{
    checkWritable(c.args.text("--out"));
    const std::vector<std::string> texts = c.args.texts("--text");
    const auto model = openModel(c);
    const core::Dataset data = openData(c, true);
    const core::Matrix prompts = model->encodeTexts(texts, c.job);
    const core::Embedding e = embeddingOf(c, data, *model);
    const core::Matrix scores = core::cosineScores(e.rows, prompts);
    writeScores(c, data, e, scores, texts);
    std::vector<core::Skip> skipped = data.skipped;
    skipped.insert(skipped.end(), e.skipped.begin(), e.skipped.end());
    c.json["skipped"] = skipsJson(skipped);
    c.json["model"] = utf8(model->info().name);
    c.line(std::to_string(scores.rows()) + " pictures × " + std::to_string(texts.size()) + " texts → " + c.args.text("--out"));
    if (!c.args.has("--figure")) {
        return;
    }
    const QtScope qt;
    core::Document doc;
    doc.embedding = std::make_shared<const core::Embedding>(e);
    doc.modelName = model->info().name;
    doc.modelHash = model->weightsHash();
    for (std::size_t t = 0; t < texts.size(); ++t) {
        doc.prompts.push_back({texts[t], {}, {prompts.row(t), prompts.row(t) + prompts.cols()}, {}});
    }
    const auto limit = static_cast<std::size_t>(c.args.integer("--pictures-shown", 12, 1, 1000));
    ui::HeatmapFigure figure = ui::heatmapFigure(data, doc, samplesNamed(data, c.args.texts("--ids")), limit);
    if (c.args.has("--scale")) {
        const std::string scale = c.args.text("--scale");
        double lo = 0, hi = 0;
        if (scale == "row") {
            figure.scale = ui::HeatmapFigure::Scale::PerRow;
        } else if (std::sscanf(scale.c_str(), "%lf..%lf", &lo, &hi) == 2 && lo < hi) {
            figure.scale = ui::HeatmapFigure::Scale::Fixed;
            figure.lo = lo;
            figure.hi = hi;
        } else if (scale != "shared") {
            throw Error(Code::Misuse, "--scale must be shared, row or LOW..HIGH, not \"" + scale + "\".");
        }
    }
    const QString path = QString::fromLocal8Bit(c.args.text("--figure").c_str());
    const ui::FigureSize size = sizeOf(c, "180x90mm");
    ui::exportFigure(ui::figureOf(figure, size.dpi), size, ui::figureFormat(path), path,
                     ui::documentRecipe(data, doc, QStringLiteral("heatmap")));
    c.line("figure → " + c.args.text("--figure"));
}

void runFigure(CommandContext& c)
{
    const std::string out = c.args.text("--out");
    checkWritable(out);
    const QtScope qt;
    const QString path = QString::fromLocal8Bit(out.c_str());
    const ui::FigureFormat format = ui::figureFormat(path);
    const std::string view = c.args.text("--view", "map");
    const core::Document doc = core::openDocument(c.args.text("--session"));
    core::OpenSpec spec = doc.dataset;
    const core::Dataset data = core::openDataset(spec, c.job);
    if (data.samples.size() != doc.sampleIds.size()) {
        throw Error(Code::Mismatch, "The data of this session have changed: " + std::to_string(doc.sampleIds.size())
                        + " samples when it was saved, " + std::to_string(data.samples.size())
                        + " now; open it in the window and save it again.");
    }
    const ui::FigureSize size = sizeOf(c, "180x120mm");
    const std::vector<std::uint32_t> named = samplesNamed(data, c.args.texts("--ids"));
    ui::Figure figure;
    if (view == "map") {
        ui::MapFigureOptions o;
        o.title = QString::fromStdString(c.args.text("--title"));
        o.fit = c.args.has("--fit");
        o.thumbnails = named;
        if (named.empty() && (c.args.has("--thumbnails") || doc.view.thumbnails)) {
            o.thumbnails = ui::spreadSamples(doc, static_cast<std::size_t>(c.args.integer("--thumbnails", 24, 0, 500)));
        }
        figure = ui::figureOf(ui::mapFigure(data, doc, o), size.dpi);
    } else if (view == "heatmap") {
        figure = ui::figureOf(ui::heatmapFigure(data, doc, named, 24), size.dpi);
    } else {
        throw Error(Code::Misuse, "There is no view \"" + view + "\"; the views are map and heatmap.");
    }
    ui::exportFigure(figure, size, format, path, ui::documentRecipe(data, doc, QString::fromStdString(view)));
    c.json["view"] = view;
    putPath(c.json, "out", out);
    c.json["width_mm"] = size.widthMm;
    c.json["height_mm"] = size.heightMm;
    c.json["dpi"] = size.dpi;
    c.line(view + " → " + out);
}

} // namespace

Command scoreCommand()
{
    std::vector<Option> options{{"--text", "T", "one or more prompts", true, true},
                                {"--out", "s.csv", "cosines: one row a picture, one column a text", false, true},
                                {"--figure", "f.pdf", "text × picture heatmap with thumbnails (PNG, SVG or PDF)"},
                                {"--ids", "ID", "pictures shown in the figure, by id", true},
                                {"--pictures-shown", "12", "how many pictures the figure shows when --ids is not given"},
                                {"--scale", "shared|row|LOW..HIGH", "colour scale of the figure, such as .1...3"}};
    for (const auto& list : {sizeOptions(), modelOptions(), dataOptions()}) {
        options.insert(options.end(), list.begin(), list.end());
    }
    return {{"score", "Cosine of every picture with every text, as a table and a heatmap.", "", options,
             "A cosine has no scale of its own: compare it across pictures or texts of one model only."},
            runScore};
}

Command figureCommand()
{
    std::vector<Option> options{{"--session", "S", "a saved session", false, true},
                                {"--view", "map|heatmap", "what to draw; the map unless given"},
                                {"--out", "f.pdf", "PNG, SVG or PDF", false, true},
                                {"--title", "TEXT", "a title above the map"},
                                {"--thumbnails", "N", "pictures drawn at N points spread over the map"},
                                {"--ids", "ID", "samples whose pictures are drawn", true},
                                {"--fit", "", "show the whole map, wherever the session's camera is"}};
    options.insert(options.end(), sizeOptions().begin(), sizeOptions().end());
    return {{"figure", "Draw a view of a saved session, as the window exports it.", "", options, ""}, runFigure};
}

} // namespace semascope::app
