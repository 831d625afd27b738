#pragma once
#include "app/cli/FigureOptions.h"
#include "core/session/Document.h"
#include "widgets/HeatmapSpec.h"

namespace semascope::app {

/// What a heatmap figure can be asked for; the same choices as in the window.
const std::vector<Option>& heatmapOptions();
/// Reads them. Throws Error(Misuse) naming the words that there are.
ui::HeatmapSpec heatmapSpec(const CommandContext& c, int pictures);
/// The text named by --sort ("2" is the second of `texts`) is put into `look`. Throws Error(Misuse).
void readHeatmapSort(const CommandContext& c, const std::vector<std::string>& texts, ui::HeatmapLook& look);
/// Throws Error(NotFound) naming the attributes there are when --group names another one.
void checkHeatmapGroup(const ui::HeatmapLook& look, const core::Dataset& data, const core::Document& doc);
/// Clusters the embedding of `doc` when `spec` needs clusters and there are none; --clusters and --seed say how.
void clusterForHeatmap(CommandContext& c, const ui::HeatmapSpec& spec, core::Document& doc);
/// `size`, with the height that the numbers need when --size names a width only.
ui::FigureSize heatmapSize(const CommandContext& c, const ui::HeatmapFigure& figure, ui::FigureSize size);

} // namespace semascope::app
