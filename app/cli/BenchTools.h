#pragma once
#include "app/cli/Common.h"

namespace semascope::app {

/// One row of `figures`: name, value and unit, and with a peak the share of it that was reached.
void addFigure(CommandContext& c, const std::string& name, double value, const std::string& unit, double peak = 0);

/// semascope bench embed: how fast --model is on tensors, pictures and texts, beside what the processor can do.
void benchEmbed(CommandContext& c);
/// semascope bench cluster: k-means and the networks of DEC on made up vectors, or on those of --in.
void benchCluster(CommandContext& c);
/// semascope bench search: exact search over --n rows of --d numbers, or over the rows of --in.
void benchSearch(CommandContext& c);

} // namespace semascope::app
