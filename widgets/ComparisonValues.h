#pragma once
#include "core/cluster/ClusterStudy.h"

#include <QString>
#include <QStringList>

namespace semascope::ui {

/// Columns of a comparison of clusterings, as table and figure have them.
enum class ComparedColumn { Method, Ami, Ari, Fmi, Nmi, Acc, Silhouette, Stability, Sizes, Time };
inline constexpr int kComparedColumns = 10;

/// Mean and sample standard deviation over the runs; empty where unknown.
struct ComparedValue
{
    std::optional<double> mean, sd;
};
/// Of a column of scores or the time; empty for the others.
ComparedValue comparedValue(const core::ComparedMethod& method, ComparedColumn column);
/// ".823", "12.4 s"; "–" for what is not known.
QString comparedMean(const ComparedValue& value, ComparedColumn column);
/// "± .011"; empty where unknown.
QString comparedSpread(const ComparedValue& value);
/// Whether no other method is better there (higher scores, less time), as far as the numbers are written. False while
/// there is nothing to compare with.
bool isBest(const core::ClusterComparison& comparison, std::size_t method, ComparedColumn column);
/// Whether the column is about labels.
bool isJudged(ComparedColumn column);

QString comparedTitle(ComparedColumn column);
/// The term and what it means.
QString comparedTip(ComparedColumn column);

/// "12–345": the smallest and the largest cluster.
QString sizesText(const core::Clustering& clustering);
/// "0.8 s", "12 s", "3 min 20 s".
QString durationText(double seconds);

/// The run of a method to show; null when it has none.
std::shared_ptr<const core::Clustering> shownRun(const core::ComparedMethod& method);

/// One number a cluster that all methods share, so that colours can be compared: cluster i of method m has number
/// numbers[m][i], that of the first method's cluster with which it shares most rows.
struct MatchedClusters
{
    std::vector<std::vector<int>> numbers; ///< empty for a method without a run
    std::vector<int> labels;               ///< the same of the labels; empty without labels
    int count = 0;                         ///< numbers there are
};
MatchedClusters matchedClusters(const core::ClusterComparison& comparison);

/// The same clustering with cluster i called numbers[i], or its rank where there are gaps.
core::Clustering inSharedNumbers(const core::Clustering& clustering, const std::vector<int>& numbers);

/// Labels that the comparison knows, named or not.
std::size_t labelCount(const core::ClusterComparison& comparison);
/// Labels as a clustering: rows without one are left out.
core::Clustering labelClustering(const std::vector<std::int64_t>& labels, std::size_t labelCount);

} // namespace semascope::ui
