#pragma once
#include "app/cli/Command.h"
#include "core/cluster/ClusterStudy.h"

namespace semascope::app {

/// --figure, --map, --size and --dpi of `cluster --compare` and `cluster --sweep`.
const std::vector<Option>& clusterFigureOptions();
/// Everything about --figure that can be known to be wrong before hours of training. Throws Error(Misuse | Io).
void checkClusterFigure(const CommandContext& c);
/// Maps and table of the methods, if --figure asks for it. The map is --map (a row of two or three numbers for each row
/// of x), else the first two principal axes of x.
void drawComparison(CommandContext& c, const core::ClusterComparison& found, const core::Matrix& x);
/// The three plots against k, if --figure asks for them.
void drawSweep(CommandContext& c, const core::KSweep& found);

} // namespace semascope::app
