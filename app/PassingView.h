#pragma once
#include "core/cluster/Clustering.h"
#include "core/reduce/Layout.h"

namespace semascope::app {

/// What the map shows for a while in place of the document's own map and clusters; what is null stays the document's.
struct PassingView
{
    std::shared_ptr<const core::Layout> layout;
    std::vector<std::uint32_t> layoutSample;
    std::shared_ptr<const core::Clustering> clustering;
    std::vector<std::uint32_t> clusterSample;
};

} // namespace semascope::app
