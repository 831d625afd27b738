#pragma once
#include "core/cluster/Clustering.h"

#include <QString>

#include <set>

namespace semascope::app {

/// Whether clusters were merged, split or picked since the method found them.
bool changedByHand(const core::Clustering& clustering);
/// "IDEC, n 5000, seed 0 · inertia 812.4"; "… · changed by hand" where the inertia is not the method's any more.
QString clusteringLine(const core::Clustering& clustering);

/// "cluster 7": a name that nobody chose.
bool isPlainName(const std::string& name);
/// `wanted`; where another cluster than `self` (−1: a new one) is called so, "wanted (2)", "wanted (3)", ….
std::string uniqueName(const std::vector<std::string>& names, int self, const std::string& wanted);

/// Clusters before and after an edit of some of them; the rows are the same.
struct ClusterEdit
{
    const core::Clustering& before;
    const std::vector<std::string>& names; ///< before
    const core::Clustering& after;
};
/// Old clusters that the rows of each new one came from.
std::vector<std::set<int>> clusterSources(const ClusterEdit& edit);
/// Names after an edit: a cluster whose rows all came from one, and none went elsewhere, keeps its name; "cat + dog" is
/// what was merged, "cat (1)" and "cat (2)" what was split.
std::vector<std::string> namesAfter(const ClusterEdit& edit);
/// Names after the selection became cluster `picked`: the others keep theirs.
std::vector<std::string> namesAfterPick(const ClusterEdit& edit, int picked);

/// The names of these clusters for a sentence: "cat and dog", "4 clusters".
QString spokenNames(const std::vector<std::string>& names, const std::set<int>& which);

} // namespace semascope::app
