#pragma once
#include "core/cluster/Clustering.h"
#include "core/cluster/Training_p.h"

namespace semascope::core {

/// The methods that train a network. `usable` are the rows inputRow of the input, all finite, with at least k different
/// ones. Fills everything of the result but excluded, seconds and the notes about excluded rows.
Clustering clusterDeep(const Matrix& usable, const std::vector<std::size_t>& inputRow, const ClusterSpec& spec,
                       JobContext& job, const DeepHooks& hooks = {});

} // namespace semascope::core
