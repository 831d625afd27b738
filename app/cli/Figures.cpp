#include "app/cli/HeatmapOptions.h"
#include "app/cli/QtScope.h"
#include "app/cli/ScoreTools.h"
#include "core/session/Document.h"
#include "resources/Resources.h"
#include "widgets/Colouring.h"
#include "widgets/DocumentFigures.h"

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

ui::FigureSize sizeOf(const CommandContext& c, const char* fallback)
{
    const int dpi = static_cast<int>(c.args.integer("--dpi", 300, 36, 2400));
    return ui::FigureSize::parse(QString::fromStdString(c.args.text("--size", fallback)), dpi);
}

const std::vector<Option>& sizeOptions()
{
    static const std::vector<Option> options{
        {"--size", "180x120mm",
         "size of the figure; 85mm alone gives 3:2, or the height that a heatmap's numbers need"},
        {"--dpi", "300", "resolution of PNG and of pictures inside PDF and SVG"},
    };
    return options;
}

namespace {

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
    ui::FigureSize size = sizeOf(c, "180x120mm");
    ui::HeatmapSpec heatmap = heatmapSpec(c, 24);
    core::Document doc = core::openDocument(c.args.text("--session"));
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
        std::vector<std::string> texts;
        for (const core::Prompt& p : doc.prompts) {
            texts.push_back(p.text);
        }
        readHeatmapSort(c, texts, heatmap.look);
        checkHeatmapGroup(heatmap.look, data, doc);
        clusterForHeatmap(c, heatmap, doc);
        ui::HeatmapFigure drawn = ui::heatmapFigure(data, doc, heatmap, named, c.job);
        drawn.title = QString::fromStdString(c.args.text("--title"));
        size = heatmapSize(c, drawn, size);
        figure = ui::figureOf(std::move(drawn), size.dpi);
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

Command figureCommand()
{
    std::vector<Option> options{{"--session", "S", "a saved session", false, true},
                                {"--view", "map|heatmap", "what to draw; the map unless given"},
                                {"--out", "f.pdf", "PNG, SVG or PDF", false, true},
                                {"--title", "TEXT", "a title above it"},
                                {"--thumbnails", "N", "pictures drawn at N points spread over the map"},
                                {"--ids", "ID", "samples whose pictures are drawn", true},
                                {"--fit", "", "show the whole map, wherever the session's camera is"}};
    for (const auto& list : {heatmapOptions(), sizeOptions()}) {
        options.insert(options.end(), list.begin(), list.end());
    }
    return {{"figure", "Draw a view of a saved session, as the window exports it.", "", options, ""}, runFigure};
}

} // namespace semascope::app
