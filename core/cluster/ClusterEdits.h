#pragma once
#include "core/cluster/Clustering.h"

namespace semascope::core {

/// Clusters changed by hand. The result keeps the rows of the old one (spec.k is the new count), renumbers 0 … k−1
/// (order kept, the merged one at the place of the first, a split one's parts side by side) and says so in `notes`;
/// soft assignments are added up resp. dropped; `model` is dropped, as it knows other clusters. `x` is the input (rows
/// by inputRow).

/// Throws Error(Misuse) for fewer than two different clusters or unknown ones.
Clustering mergeClusters(const Matrix& x, const Clustering& c, const std::vector<int>& which);
/// Splits one cluster into `parts` by k-means within it (in the code where there is one). Throws Error(Misuse |
/// Mismatch | Cancelled).
Clustering splitCluster(const Matrix& x, const Clustering& c, int which, int parts, std::uint64_t seed,
                        JobContext& job);
/// The rows listed (indices of x) become a cluster of their own; clusters that lose all rows go. Throws Error(Misuse).
Clustering clusterFromRows(const Matrix& x, const Clustering& c, const std::vector<std::uint32_t>& rows);

/// A clustering made elsewhere: `labels` is the cluster of each row of x, negative = none; k is the largest + 1. Rows
/// that cannot be measured (see finiteRows) are left out. `directions`: distances are between directions, as in
/// spherical k-means. Throws Error(Mismatch) for another number of labels, or labels beyond the number of rows.
Clustering clusteringFromLabels(const Matrix& x, const std::vector<std::int64_t>& labels, bool directions);

} // namespace semascope::core
