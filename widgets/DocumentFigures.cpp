#include "widgets/DocumentFigures.h"

#include "core/job/Error.h"
#include "widgets/Colouring.h"
#include "widgets/figure/Recipe.h"
#include "widgets/vtk/MapTypes.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace semascope::ui {

using core::Code;
using core::Error;

namespace {

constexpr int kThumbnailSide = 256;

void addClusterNames(MapFigure& figure, const core::Document& doc)
{
    const auto& entries = figure.legend.entries;
    std::vector<std::int32_t> clusterOf; // by sample
    for (std::size_t r = 0; r < doc.clusterSample.size(); ++r) {
        clusterOf.resize(std::max<std::size_t>(clusterOf.size(), doc.clusterSample[r] + 1), -1);
        clusterOf[doc.clusterSample[r]] = doc.clustering->assignment[r];
    }
    for (int k = 0; k < doc.clustering->spec.k && k < entries.size(); ++k) {
        if (entries[k].hidden) {
            continue;
        }
        std::array<double, 3> sum{0, 0, 0};
        std::vector<std::uint32_t> members;
        for (std::size_t p = 0; p < doc.layoutSample.size(); ++p) {
            const std::uint32_t s = doc.layoutSample[p];
            if (s < clusterOf.size() && clusterOf[s] == k) {
                for (std::size_t j = 0; j < std::min<std::size_t>(3, doc.layout->points.cols()); ++j) {
                    sum[j] += static_cast<double>(doc.layout->points.at(p, j));
                }
                members.push_back(static_cast<std::uint32_t>(p));
            }
        }
        if (!members.empty()) {
            const double n = static_cast<double>(members.size());
            figure.labels.push_back({entries[k].label, std::nullopt, {sum[0] / n, sum[1] / n, sum[2] / n}, members});
        }
    }
}

/// Whether everything can be seen from where the camera is, on a wide page: so it is before anyone has moved it, and
/// then a page of another shape may as well be filled.
bool showsAll(const core::Layout& layout, core::Camera camera)
{
    constexpr int width = 2000;
    constexpr int height = 1000;
    constexpr double outlier = 1.3; // the window leaves points farther out than that out of sight, too
    const core::Matrix& points = layout.points;
    const int dim = static_cast<int>(points.cols());
    camera.flat = camera.flat || dim < 3;
    const core::UnitBox box = core::unitBox(points.data(), points.rows(), dim);
    std::vector<float> xy(2 * points.rows());
    core::projectPoints(points.data(), points.rows(), dim, box, camera, width, height, xy.data());
    for (std::size_t p = 0; p < points.rows(); ++p) {
        bool counts = true; // false for NaN, too
        for (std::size_t j = 0; j < std::min<std::size_t>(3, points.cols()); ++j) {
            counts = counts && std::abs(static_cast<double>(points.at(p, j)) - box.centre[j]) * box.scale <= outlier;
        }
        const float x = xy[2 * p];
        const float y = xy[2 * p + 1];
        if (counts && !(x >= 0 && x <= width && y >= 0 && y <= height)) {
            return false;
        }
    }
    return true;
}

QJsonObject options(const std::map<std::string, std::string>& map)
{
    QJsonObject object;
    for (const auto& [key, value] : map) {
        object[QString::fromStdString(key)] = QString::fromStdString(value);
    }
    return object;
}

QJsonObject dataRecipe(const core::Dataset& data, const core::OpenSpec& spec)
{
    QJsonObject r{{QStringLiteral("name"), QString::fromStdString(data.name)},
                  {QStringLiteral("source"), QString::fromLocal8Bit(data.source.c_str())},
                  {QStringLiteral("kind"), QString::fromLatin1(core::kindName(data.kind))},
                  {QStringLiteral("hash"), QString::fromStdString(data.contentHash)},
                  {QStringLiteral("samples"), static_cast<qint64>(data.samples.size())},
                  {QStringLiteral("skipped"), static_cast<qint64>(data.skipped.size())}};
    if (spec.path.empty()) {
        return r; // how it was opened is not known
    }
    r[QStringLiteral("subset")] = static_cast<qint64>(spec.subset);
    r[QStringLiteral("seed")] = static_cast<qint64>(spec.seed);
    r[QStringLiteral("metadata")] = QString::fromLocal8Bit(spec.metadata.c_str());
    r[QStringLiteral("picture_folder")] = QString::fromLocal8Bit(spec.pictureFolder.c_str());
    r[QStringLiteral("path_column")] = QString::fromStdString(spec.pathColumn);
    r[QStringLiteral("check_pictures")] = spec.checkPictures;
    return r;
}

/// Adds the fields of `extra`; an object that both have is merged in turn.
void merge(QJsonObject& into, const QJsonObject& extra)
{
    for (auto it = extra.begin(); it != extra.end(); ++it) {
        QJsonValue value = it.value();
        if (value.isObject() && into.value(it.key()).isObject()) {
            QJsonObject inner = into.value(it.key()).toObject();
            merge(inner, value.toObject());
            value = inner;
        }
        into.insert(it.key(), value);
    }
}

} // namespace

QImage sampleImage(const core::Dataset& data, std::uint32_t sample, int maxSide)
{
    try {
        const core::Picture p = core::pictureForEye(data, sample, maxSide);
        const auto format = p.channels == 4 ? QImage::Format_RGBA8888 : QImage::Format_RGB888;
        return QImage(p.pixels.data(), p.width, p.height, static_cast<qsizetype>(p.width) * p.channels, format).copy();
    } catch (const Error&) {
        return {}; // a figure without this thumbnail; the gallery says why
    }
}

MapFigure mapFigure(const core::Dataset& data, const core::Document& doc, const MapFigureOptions& o)
{
    if (!doc.layout) {
        throw Error(Code::Misuse, "There is no map to draw yet; reduce the embedding first.");
    }
    std::vector<PromptValues> values;
    if (doc.embedding) {
        core::JobContext job;
        values = promptValues(*doc.embedding, data.samples.size(), doc.prompts, doc.view.logitScale, job);
    }
    const Colouring colouring = colourSamples(data, doc, values);
    MapFigure f;
    f.layout = doc.layout;
    f.camera = doc.view.camera;
    f.fit = o.fit || showsAll(*doc.layout, doc.view.camera);
    const bool usual = doc.view.pointSize == core::MapView{}.pointSize;
    const double screenSize = usual ? automaticPointSize(doc.layoutSample.size()) : doc.view.pointSize;
    f.pointSize = screenSize * 0.6; // a page is looked at more closely than a screen
    f.opacity = doc.view.opacity;
    f.title = o.title;
    f.footer = layoutCaption(data, *doc.layout);
    f.legend = colouring.legend;
    std::vector<std::uint32_t> pointOf(data.samples.size(), UINT32_MAX);
    for (std::size_t p = 0; p < doc.layoutSample.size(); ++p) {
        const std::uint32_t s = doc.layoutSample[p];
        const std::int32_t entry = colouring.entry[s];
        const bool hidden = entry >= 0 && colouring.legend.entries[entry].hidden;
        const bool selected = s < doc.selected.size() && doc.selected[s] != 0;
        f.colours.push_back(colouring.colour[s]);
        f.flags.push_back(static_cast<std::uint8_t>((selected ? kPointSelected : 0) | (hidden ? kPointHidden : 0)));
        pointOf[s] = static_cast<std::uint32_t>(p);
    }
    for (const std::uint32_t s : o.thumbnails) {
        if (s < pointOf.size() && pointOf[s] != UINT32_MAX) {
            f.thumbnails.push_back({pointOf[s], sampleImage(data, s, kThumbnailSide), sampleName(data, s)});
        }
    }
    if (o.clusterNames && doc.view.colourBy == "cluster" && doc.clustering) {
        addClusterNames(f, doc);
    }
    return f;
}

HeatmapFigure heatmapFigure(const HeatmapRequest& request, const HeatmapLook& look, const core::Document& doc,
                            core::JobContext& job)
{
    const HeatmapScores scores = scoreHeatmap(request, job);
    HeatmapFigure figure = arrangeHeatmap(scores, look, *request.data, doc).figure;
    if (figure.texts.isEmpty()) {
        throw Error(Code::Misuse, look.value == ScoreKind::Contrast
                                      ? "No prompt has an opposite to be contrasted with; show another value."
                                      : "A probability needs two texts and a model whose logit scale is known.");
    }
    readHeatmapPictures(figure, *request.data, job);
    return figure;
}

HeatmapFigure heatmapFigure(const core::Dataset& data, const core::Document& doc, const HeatmapSpec& spec,
                            const std::vector<std::uint32_t>& samples, core::JobContext& job)
{
    HeatmapRequest request = heatmapRequest(data, doc, spec.choice);
    if (!samples.empty()) {
        request.selected = samples;
        request.named = true;
    }
    return heatmapFigure(request, spec.look, doc, job);
}

HeatmapFigure heatmapFigure(const core::Dataset& data, const core::Document& doc, std::vector<std::uint32_t> samples,
                            std::size_t limit)
{
    HeatmapSpec spec;
    spec.choice.count = static_cast<int>(std::min<std::size_t>(limit, 100'000));
    core::JobContext job;
    return heatmapFigure(data, doc, spec, samples, job);
}

std::vector<std::uint32_t> spreadSamples(const core::Document& doc, std::size_t count)
{
    std::vector<std::uint32_t> chosen;
    if (!doc.layout || doc.layout->points.rows() == 0) {
        return chosen;
    }
    const core::Matrix& x = doc.layout->points;
    std::vector<double> distance(x.rows(), INFINITY);
    std::size_t next = 0;
    while (chosen.size() < std::min(count, x.rows())) {
        chosen.push_back(doc.layoutSample[next]);
        std::size_t farthest = 0;
        for (std::size_t p = 0; p < x.rows(); ++p) {
            double d = 0;
            for (std::size_t j = 0; j < x.cols(); ++j) {
                const double step = static_cast<double>(x.at(p, j)) - static_cast<double>(x.at(next, j));
                d += step * step;
            }
            distance[p] = std::min(distance[p], d);
            farthest = distance[p] > distance[farthest] ? p : farthest;
        }
        next = farthest;
    }
    return chosen;
}

QJsonObject documentRecipe(const core::Dataset& data, const core::Document& doc, const QString& view,
                           const QJsonObject& extra)
{
    QJsonObject r;
    r[QStringLiteral("view")] = view;
    r[QStringLiteral("data")] = dataRecipe(data, doc.dataset);
    if (!doc.modelName.empty()) {
        r[QStringLiteral("model")] = QJsonObject{{QStringLiteral("name"), QString::fromStdString(doc.modelName)},
                                                 {QStringLiteral("hash"), QString::fromStdString(doc.modelHash)}};
    }
    if (doc.layout) {
        r[QStringLiteral("layout")] =
            QJsonObject{{QStringLiteral("method"), QString::fromStdString(doc.layout->spec.method)},
                        {QStringLiteral("dim"), doc.layout->spec.dim},
                        {QStringLiteral("seed"), static_cast<qint64>(doc.layout->spec.seed)},
                        {QStringLiteral("options"), options(doc.layout->spec.options)},
                        {QStringLiteral("n"), static_cast<qint64>(doc.layout->points.rows())},
                        {QStringLiteral("stress1"), doc.layout->stress1}};
        if (doc.layout->spec.method == kCodeMap && !doc.layout->notes.empty()) {
            QJsonObject layout = r[QStringLiteral("layout")].toObject();
            layout[QStringLiteral("stage")] = QString::fromStdString(doc.layout->notes.front());
            r[QStringLiteral("layout")] = layout;
        }
    }
    if (doc.clustering) {
        r[QStringLiteral("clustering")] =
            QJsonObject{{QStringLiteral("method"), QString::fromStdString(doc.clustering->spec.method)},
                        {QStringLiteral("k"), doc.clustering->spec.k},
                        {QStringLiteral("seed"), static_cast<qint64>(doc.clustering->spec.seed)},
                        {QStringLiteral("options"), options(doc.clustering->spec.options)}};
    }
    QJsonArray prompts;
    for (const core::Prompt& p : doc.prompts) {
        prompts.push_back(promptTitle(p));
    }
    r[QStringLiteral("prompts")] = prompts;
    r[QStringLiteral("colour_by")] = QString::fromStdString(doc.view.colourBy);
    r[QStringLiteral("prompt_value")] = QString::fromStdString(doc.view.promptValue);
    QJsonArray hidden;
    for (const std::string& label : doc.view.hidden) {
        hidden.push_back(QString::fromStdString(label));
    }
    r[QStringLiteral("hidden")] = hidden;
    merge(r, extra);
    return makeRecipe(r);
}

} // namespace semascope::ui
