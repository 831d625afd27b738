#pragma once
#include "core/data/Dataset.h"
#include "widgets/ComparisonValues.h"
#include "widgets/figure/ComparisonFigure.h"
#include "widgets/figure/KSweepFigure.h"
#include "widgets/figure/PublishedFigure.h"

namespace semascope::ui {

/// Where the rows that were clustered lie on a map.
struct ComparedMap
{
    std::shared_ptr<const core::Layout> layout;
    std::vector<std::int64_t> row; ///< of each point: the row of the input, −1 for points that were not clustered
    core::Camera camera;
    bool fit = true;
    double opacity = 0.9;
    QString about;        ///< "on metric MDS · …": names the map
    bool favours = false; ///< it is what one of the methods learned
};
/// What to say of a network's code as the map of several methods.
QString favouredText(const core::Layout& code);
/// `layoutSample` is the sample of each point, `rowSample` that of each row of the input.
ComparedMap comparedMap(std::shared_ptr<const core::Layout> layout, const std::vector<std::uint32_t>& layoutSample,
                        const std::vector<std::uint32_t>& rowSample);

/// One colour a point: that of its cluster's number (see MatchedClusters), transparent for points without a cluster.
std::vector<QRgb> clusterColours(const ComparedMap& map, const core::Clustering& clustering,
                                 const std::vector<int>& numbers, int count);

/// What stands beneath the map of a method: a line of scores against labels (where there are any), a line without.
QStringList comparedCaption(const core::ClusterComparison& comparison, std::size_t method);

/// Maps and table of all methods, labels first where there are any. Without a layout there are no maps.
ComparisonFigure comparisonFigure(const core::ClusterComparison& comparison, const ComparedMap& map,
                                  const QString& title);

/// Labels of the rows of an input, and what they are called.
struct RowLabels
{
    QString name;
    std::vector<std::int64_t> labels; ///< negative: none
    std::vector<std::string> names;
};
/// The same runs judged by other labels, or by none; nothing is clustered again and other runs are not chosen.
core::ClusterComparison judgedBy(const core::ClusterComparison& comparison, const RowLabels& labels);

/// Labels by clusters of the run shown of a method; clusters in the order of the labels that they match best, labels
/// that no row has left out. Throws core::Error(Mismatch) when lengths differ.
struct ClusterConfusion
{
    ConfusionFigure figure;
    std::vector<int> labels, clusters; ///< what row and column stand for
};
ClusterConfusion clusterConfusion(const core::ClusterComparison& comparison, std::size_t method,
                                  const RowLabels& labels);
/// "Of 100 rows with “cat”, 12 (12 %) are in cluster 3."
QString confusionSentence(const ClusterConfusion& confusion, qsizetype row, qsizetype column);
/// Counts, a line a label. UTF-8.
std::string confusionCsv(const ClusterConfusion& confusion);

/// What a comparison was measured on, for figures that stand beside published ones.
struct MeasuredOn
{
    QString dataset, encoder;
    bool cifar10 = false;
};
/// CIFAR-10 by its files, or by labels that are its ten classes.
bool isCifar10(const core::Dataset& data, const std::vector<std::string>& labelNames);
PublishedFigure publishedFigure(const core::ClusterComparison& comparison, const MeasuredOn& on);

/// "all of 5 000 rows, seeds 0–2, k-means": what the sweep's figures are of.
QString kSweepCaption(const core::KSweep& sweep);
/// Whether k is the smallest or the largest that was tried: a proposal there says little.
bool atEdge(const core::KSweep& sweep, int k);
/// The k that two of the three criteria propose away from the edges; else the silhouette's; 0 before there is one.
int proposedK(const core::KSweep& sweep);
KSweepFigure kSweepFigure(const core::KSweep& sweep, const QString& title);

} // namespace semascope::ui
