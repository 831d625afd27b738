#include "app/cli/Common.h"
#include "app/cli/QtScope.h"
#include "core/clip/Embedder.h"
#include "core/session/Document.h"
#include "core/session/Sample.h"
#include "widgets/DocumentFigures.h"

#include <filesystem>

namespace semascope::app {

namespace {

core::Document analyse(CommandContext& c, const core::Dataset& data, const core::SampleFiles& files,
                       const core::OpenSpec& spec)
{
    core::ModelSpec modelSpec;
    modelSpec.path = files.model;
    const auto model = core::ClipModel::open(modelSpec, c.job);
    core::Document doc;
    doc.dataset = spec;
    doc.datasetHash = data.contentHash;
    for (const core::Sample& s : data.samples) {
        doc.sampleIds.push_back(s.id);
    }
    doc.modelPath = files.model;
    doc.modelName = model->info().name;
    doc.modelHash = model->weightsHash();
    auto embedding =
        std::make_shared<const core::Embedding>(core::embed(data, *model, core::Modality::Picture, true, c.job));
    doc.embedding = embedding;
    doc.layout = std::make_shared<const core::Layout>(core::reduce(embedding->rows, {}, c.job));
    for (const std::uint32_t row : doc.layout->inputRow) {
        doc.layoutSample.push_back(embedding->sampleIndex[row]);
    }
    core::ClusterSpec clusters;
    clusters.k = 6;
    doc.clustering = std::make_shared<const core::Clustering>(core::cluster(embedding->rows, clusters, c.job));
    for (const std::uint32_t row : doc.clustering->inputRow) {
        doc.clusterSample.push_back(embedding->sampleIndex[row]);
    }
    const std::vector<std::string> texts{"a red circle", "a blue square", "a star on a dark background"};
    const core::Matrix vectors = model->encodeTexts(texts, c.job);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        doc.prompts.push_back({texts[i], {}, {vectors.row(i), vectors.row(i) + vectors.cols()}, {}});
    }
    doc.selected.assign(data.samples.size(), 0);
    doc.view.colourBy = "attribute:colour";
    return doc;
}

void runDemo(CommandContext& c)
{
    namespace fs = std::filesystem;
    const fs::path folder = c.args.text("--out", "semascope-demo");
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) {
        throw core::Error(core::Code::Io, folder.string() + " cannot be made: " + problem.message() + ".");
    }
    const core::SampleFiles files = core::builtInSample(core::builtInSampleFolder(), c.job);
    core::OpenSpec spec;
    spec.path = files.pictures;
    const core::Dataset data = core::openDataset(spec, c.job);
    core::Document doc = analyse(c, data, files, spec);
    core::saveDocument(doc, (folder / "demo.semascope").string());

    const QtScope qt;
    const ui::FigureSize size{180, 120, 200};
    Json written = Json::array({(folder / "demo.semascope").string()});
    const auto write = [&](const ui::Figure& figure, const char* name, const char* view) {
        const std::string path = (folder / name).string();
        const QString file = QString::fromLocal8Bit(path.c_str());
        ui::exportFigure(figure, size, ui::figureFormat(file), file,
                         ui::documentRecipe(data, doc, QString::fromLatin1(view)));
        written.push_back(path);
    };
    ui::MapFigureOptions o;
    o.title = QStringLiteral("Built-in sample: drawn shapes, CLIP with random weights");
    o.thumbnails = ui::spreadSamples(doc, 24);
    o.fit = true;
    for (const char* name : {"map.png", "map.svg", "map.pdf"}) {
        write(ui::figureOf(ui::mapFigure(data, doc, o), size.dpi), name, "map");
    }
    doc.view.colourBy = "cluster";
    write(ui::figureOf(ui::mapFigure(data, doc, o), size.dpi), "clusters.png", "map");
    write(ui::figureOf(ui::heatmapFigure(data, doc, ui::spreadSamples(doc, 8), 8), size.dpi), "heatmap.pdf", "heatmap");
    c.json["written"] = written;
    for (const auto& path : written) {
        c.line(path.get<std::string>());
    }
    c.line("The sample's CLIP has random weights: distances reflect colours and shapes, scores mean nothing.");
}

} // namespace

Command demoCommand()
{
    return {{"demo",
             "The built-in sample: opens it in the window, or writes its analysis with --headless.",
             "",
             {{"--out", "DIR", "where figures and session go; ./semascope-demo unless given"},
              {"--headless", "", "no window"}},
             "Drawn shapes and a tiny CLIP with random weights: it shows the program, not CLIP."},
            runDemo};
}

} // namespace semascope::app
