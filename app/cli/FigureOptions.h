#pragma once
#include "app/cli/Command.h"
#include "widgets/figure/FigureExport.h"

namespace semascope::app {

/// --size and --dpi of commands that draw.
const std::vector<Option>& sizeOptions();
ui::FigureSize sizeOf(const CommandContext& c, const char* fallback);

} // namespace semascope::app
