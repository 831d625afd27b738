#pragma once
#include "core/cluster/ClusterNames.h"
#include "core/session/Document.h"

#include <QString>

namespace semascope::app {

/// The clusters of a document beside the rows they are of: inputRow counts rows of `x`, which is the whole embedding.
struct ClusteredRows
{
    std::shared_ptr<const core::Clustering> of;    ///< the document's own
    std::shared_ptr<const core::Clustering> based; ///< the same, its rows those of `x`
    std::shared_ptr<const core::Embedding> embedding;

    const core::Matrix& x() const { return embedding->rows; }
};
/// Empty when the embedding does not hold the rows that were clustered; `problem` says so then. A code that was not
/// saved is made up for by centroids in the space of the input. O(n·d) at most.
std::optional<ClusteredRows> clusteredRows(const core::Document& doc, QString& problem);

/// What is known of one cluster beside its rows; all numbers are samples.
struct ClusterFact
{
    std::vector<std::uint32_t> prototypes, outliers;
    double confidence = 0; ///< mean; NaN: not known
    std::vector<core::Enrichment> enrichment;
    std::vector<float> decoded;     ///< the decoded centroid where rows are pictures; d numbers
    std::int64_t centreSample = -1; ///< nearest the decoded centroid among the cluster's own
};
struct ClusterFacts
{
    std::shared_ptr<const core::Clustering> of;
    std::vector<ClusterFact> clusters;
    float lo = 0, hi = 1; ///< of the decoded pictures
    QString problem;      ///< why there are fewer facts than there might be
};

/// What cards say of clusters.
struct FactsSpec
{
    static constexpr std::size_t kPrototypes = 8, kOutliers = 4, kEnrichments = 3;
    std::shared_ptr<const core::Dataset> data;
    std::vector<core::Attribute> made; ///< columns made in the program
    bool pictures = false;             ///< rows may be pixels
};
/// Throws Error(Cancelled).
ClusterFacts clusterFacts(const ClusteredRows& input, const FactsSpec& spec, core::JobContext& job);

} // namespace semascope::app
