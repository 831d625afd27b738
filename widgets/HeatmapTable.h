#pragma once
#include "widgets/HeatmapScores.h"

namespace semascope::ui {

/// A heatmap in the order in which it is shown: the figure (without pictures), and where its rows and columns come
/// from.
struct HeatmapTable
{
    HeatmapFigure figure;
    std::vector<std::size_t> rowOf;    ///< of the scores, for each text of the figure
    std::vector<std::size_t> columnOf; ///< of the scores, for each picture
    int sortedBy = -1;                 ///< the figure's text by which the pictures are ordered
    QStringList notes;                 ///< what a person should know: texts left out, the check of own captions
};

/// Orders, groups and colours scores. `data` and `doc` give attributes, clusters and names. O(cells).
HeatmapTable arrangeHeatmap(const HeatmapScores& scores, const HeatmapLook& look, const core::Dataset& data,
                            const core::Document& doc);

/// Reads the pictures of the columns. Not for the GUI thread.
void readHeatmapPictures(HeatmapFigure& figure, const core::Dataset& data, core::JobContext& job);

/// What one cell says, beside what is shown; NaN where it is not known.
struct HeatmapCell
{
    double cosine, percentile, contrast, probability;
};
HeatmapCell heatmapCellOf(const HeatmapScores& scores, const HeatmapTable& table, std::size_t text,
                          std::size_t picture);

} // namespace semascope::ui
