#pragma once
#include "core/cluster/Clustering.h"

namespace semascope::core {

/// The same clusters under other numbers: cluster i is called to[i] in assignment, centroids, sizes, soft assignments,
/// frames and model. Throws Error(Misuse) when `to` does not hold 0 … k−1, each once.
Clustering renumbered(const Clustering& clustering, const std::vector<int>& to);

} // namespace semascope::core
