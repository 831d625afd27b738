#pragma once
#include "widgets/HeatmapTable.h"
#include "widgets/figure/FigureExport.h"

namespace semascope::ui {

/// What goes on an exported map besides the points.
struct MapFigureOptions
{
    QString title;
    std::vector<std::uint32_t> thumbnails; ///< samples whose pictures are drawn at their points
    bool clusterNames = true;              ///< with leader lines, when coloured by cluster
    bool fit = false; ///< show everything, wherever the camera is; also done when the camera shows everything
};

/// The map of a document as a figure. Reads thumbnails: not for the GUI thread when there are many.
/// Throws Error(Misuse) when the document has no layout.
MapFigure mapFigure(const core::Dataset& data, const core::Document& doc, const MapFigureOptions& options);

/// Texts × pictures as `spec` says; with `samples` exactly those, in that order. Reads the pictures, so it is not for
/// the GUI thread. Throws Error(Misuse) without texts or embedding, and as scoreHeatmap.
HeatmapFigure heatmapFigure(const core::Dataset& data, const core::Document& doc, const HeatmapSpec& spec,
                            const std::vector<std::uint32_t>& samples, core::JobContext& job);
/// The same of a request, whatever it was made from.
HeatmapFigure heatmapFigure(const HeatmapRequest& request, const HeatmapLook& look, const core::Document& doc,
                            core::JobContext& job);
/// The same with the usual look: all of `samples`, or when it is empty the selection or else the first pictures, at
/// most `limit`.
HeatmapFigure heatmapFigure(const core::Dataset& data, const core::Document& doc, std::vector<std::uint32_t> samples,
                            std::size_t limit);

/// An evenly spread choice of samples for thumbnails: farthest-point order over the layout, from its middle outwards.
std::vector<std::uint32_t> spreadSamples(const core::Document& doc, std::size_t count);

/// The recipe of a document's figure: data and how they were opened, model, layout, clustering, prompts, view. The
/// fields of `extra` are merged into it, objects into objects. What the figure shows of it, encodeFigure adds.
QJsonObject documentRecipe(const core::Dataset& data, const core::Document& doc, const QString& view,
                           const QJsonObject& extra = {});

/// The picture of a sample as QImage (EXIF honoured, alpha kept), at most `maxSide` pixels; null when it has none or is
/// damaged.
QImage sampleImage(const core::Dataset& data, std::uint32_t sample, int maxSide);

} // namespace semascope::ui
