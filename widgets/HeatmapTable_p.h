#pragma once
#include "widgets/HeatmapTable.h"

namespace semascope::ui {

/// The rows that have the value looked for, and their values over all columns.
struct HeatmapValues
{
    std::vector<std::size_t> rows;      ///< of the scores
    std::vector<std::vector<float>> of; ///< by row of `rows`, then by column of the scores

    float mean(std::size_t row) const;
    float columnMean(std::size_t column) const;
    /// The row that is highest in this column; of several the first. −1 when all are missing.
    int best(std::size_t column) const;
};

/// Adds to `notes` what had to be left out.
HeatmapValues heatmapValues(const HeatmapScores& scores, ScoreKind kind, QStringList& notes);

/// A group for every column of the scores, numbered in the order in which groups are shown; headings by number.
struct HeatmapGrouping
{
    std::vector<std::size_t> of;
    QStringList headings;
};
/// Nothing when it is not asked for, or there are no such clusters or attribute.
std::optional<HeatmapGrouping> heatmapGrouping(const HeatmapScores& scores, const HeatmapLook& look,
                                               const HeatmapValues& values, const core::Dataset& data,
                                               const core::Document& doc);
/// The cluster of every column of the scores, −1 for none.
std::vector<std::int32_t> heatmapClusters(const HeatmapScores& scores, const core::Document& doc);

} // namespace semascope::ui
