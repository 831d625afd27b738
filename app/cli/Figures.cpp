#include "app/cli/Common.h"
#include "app/cli/QtScope.h"
#include "core/clip/Embedder.h"
#include "core/data/Arrays.h"
#include "core/data/Csv.h"
#include "core/session/Document.h"
#include "resources/Resources.h"
#include "widgets/Colouring.h"
#include "widgets/DocumentFigures.h"

#include <charconv>
#include <optional>
#include <spdlog/spdlog.h>

namespace semascope::app {

using core::Code;
using core::Error;

QtScope::QtScope()
{
    if (QCoreApplication::instance() == nullptr) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qInstallMessageHandler(logQtMessage);
        m_application = std::make_unique<QGuiApplication>(m_argc, m_argv);
    }
    ui::initResources();
}

QtScope::~QtScope() = default;

void logQtMessage(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    spdlog::log(type == QtCriticalMsg || type == QtFatalMsg ? spdlog::level::err : spdlog::level::debug,
                text.toStdString());
}

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
    return text.find_first_of(",\"\r\n") == std::string::npos ? text : core::quotedCsvField(text);
}

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

/// What `score --figure` was asked to draw, checked before anything is computed.
struct HeatmapChoice
{
    QString path;
    ui::FigureSize size;
    ui::FigureFormat format = ui::FigureFormat::Pdf;
    ui::HeatmapFigure::Scale scale = ui::HeatmapFigure::Scale::Shared;
    double lo = 0, hi = 1;
    std::size_t pictures = 12;
};

std::optional<double> readNumber(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

void readScale(const std::string& text, HeatmapChoice& choice)
{
    if (text == "shared") {
        return;
    }
    if (text == "row") {
        choice.scale = ui::HeatmapFigure::Scale::PerRow;
        return;
    }
    const auto dots = text.find("..");
    const auto lo = dots == std::string::npos ? std::nullopt : readNumber(text.substr(0, dots));
    const auto hi = dots == std::string::npos ? std::nullopt : readNumber(text.substr(dots + 2));
    if (!lo || !hi || !(*lo < *hi)) {
        throw Error(Code::Misuse, "--scale must be shared, row or LOW..HIGH such as 0.1..0.3, not \"" + text + "\".");
    }
    choice.scale = ui::HeatmapFigure::Scale::Fixed;
    choice.lo = *lo;
    choice.hi = *hi;
}

std::optional<HeatmapChoice> heatmapChoice(const CommandContext& c)
{
    HeatmapChoice choice;
    choice.size = sizeOf(c, "180x90mm");
    choice.pictures = static_cast<std::size_t>(c.args.integer("--pictures-shown", 12, 1, 1000));
    readScale(c.args.text("--scale", "shared"), choice);
    if (!c.args.has("--figure")) {
        return std::nullopt;
    }
    checkWritable(c.args.text("--figure"));
    choice.path = QString::fromLocal8Bit(c.args.text("--figure").c_str());
    choice.format = ui::figureFormat(choice.path);
    return choice;
}

/// Prompts that do not fit the model's context are cut; that is worth a word.
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

void drawHeatmap(CommandContext& c, const HeatmapChoice& choice, const core::Dataset& data, const core::Document& doc,
                 const std::vector<std::uint32_t>& samples)
{
    ui::HeatmapFigure figure = ui::heatmapFigure(data, doc, samples, choice.pictures);
    figure.scale = choice.scale;
    figure.lo = choice.lo;
    figure.hi = choice.hi;
    ui::exportFigure(ui::figureOf(figure, choice.size.dpi), choice.size, choice.format, choice.path,
                     ui::documentRecipe(data, doc, QStringLiteral("heatmap")));
    c.line("figure → " + c.args.text("--figure"));
}

void runScore(CommandContext& c)
{
    checkWritable(c.args.text("--out"));
    const QtScope qt;
    const std::optional<HeatmapChoice> choice = heatmapChoice(c);
    const std::vector<std::string> texts = c.args.texts("--text");
    const auto model = openModel(c);
    const core::Dataset data = openData(c, true);
    const std::vector<std::uint32_t> samples = samplesNamed(data, c.args.texts("--ids"));
    const core::Matrix prompts = model->encodeTexts(texts, c.job);
    noteLongTexts(c, *model, texts);
    const core::Embedding e = embeddingOf(c, data, *model);
    const core::Matrix scores = core::cosineScores(e.rows, prompts);
    writeScores(c, data, e, scores, texts);
    std::vector<core::Skip> skipped = data.skipped;
    skipped.insert(skipped.end(), e.skipped.begin(), e.skipped.end());
    c.json["skipped"] = skipsJson(skipped);
    c.json["model"] = utf8(model->info().name);
    c.line(std::to_string(scores.rows()) + " pictures, " + std::to_string(texts.size()) +
           (texts.size() == 1 ? " text" : " texts") + " → " + c.args.text("--out"));
    if (!choice) {
        return;
    }
    core::Document doc;
    doc.dataset = dataSpec(c);
    doc.embedding = std::make_shared<const core::Embedding>(e);
    doc.modelName = model->info().name;
    doc.modelHash = model->weightsHash();
    for (std::size_t t = 0; t < texts.size(); ++t) {
        doc.prompts.push_back({texts[t], {}, {prompts.row(t), prompts.row(t) + prompts.cols()}, {}});
    }
    drawHeatmap(c, *choice, data, doc, samples);
}

void runFigure(CommandContext& c)
{
    const std::string out = c.args.text("--out");
    checkWritable(out);
    const QtScope qt;
    const QString path = QString::fromLocal8Bit(out.c_str());
    const ui::FigureFormat format = ui::figureFormat(path);
    const std::string view = c.args.text("--view", "map");
    if (view != "map" && view != "heatmap") {
        throw Error(Code::Misuse, "There is no view \"" + view + "\"; the views are map and heatmap.");
    }
    const ui::FigureSize size = sizeOf(c, "180x120mm");
    const core::Document doc = core::openDocument(c.args.text("--session"));
    core::OpenSpec spec = doc.dataset;
    const core::Dataset data = core::openDataset(spec, c.job);
    if (data.samples.size() != doc.sampleIds.size()) {
        throw Error(Code::Mismatch, "The data of this session have changed: " + std::to_string(doc.sampleIds.size()) +
                                        " samples when it was saved, " + std::to_string(data.samples.size()) +
                                        " now; open it in the window and save it again.");
    }
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
    } else {
        figure = ui::figureOf(ui::heatmapFigure(data, doc, named, 24), size.dpi);
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
    std::vector<Option> options{
        {"--text", "T", "one or more prompts", true, true},
        {"--out", "s.csv", "cosines: one row a picture, one column a text", false, true},
        {"--figure", "f.pdf", "text × picture heatmap with thumbnails (PNG, SVG or PDF)"},
        {"--ids", "ID", "pictures shown in the figure, by id", true},
        {"--pictures-shown", "12", "how many pictures the figure shows when --ids is not given"},
        {"--scale", "shared|row|LOW..HIGH", "colour scale of the figure, such as 0.1..0.3"}};
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
