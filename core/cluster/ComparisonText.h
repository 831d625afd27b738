#pragma once
#include "core/cluster/ClusterStudy.h"

#include <string>
#include <vector>

namespace semascope::core {

/// "k-means", "spherical k-means", "AE + k-means", "DEC", "IDEC"; any other word as it is.
std::string clusterMethodTitle(const std::string& method);
/// What to call each row of a comparison: the method, and what tells rows of one method apart ("DEC (gamma = 0.2)").
std::vector<std::string> comparedTitles(const ClusterComparison& comparison);
/// "0–4" for seeds in a row, else "0, 3, 7".
std::string seedWords(const std::vector<std::uint64_t>& seeds);
/// "k = 10, 5 seeds (0–4), 1,797 rows clustered, …": what every figure of the comparison is of, one sentence.
std::string comparisonWords(const ClusterComparison& comparison);

/// A line a method: means and sample standard deviations over its runs, on the rows clustered; what is not known is an
/// empty field. UTF-8, commas, always a point.
std::string comparisonCsv(const ClusterComparison& comparison);
/// A table environment for the booktabs package: mean ± sd; the caption says n, k, seeds and rows of the silhouette.
std::string comparisonLatex(const ClusterComparison& comparison);
/// A line a k.
std::string kSweepCsv(const KSweep& sweep);

} // namespace semascope::core
