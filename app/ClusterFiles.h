#pragma once
#include "app/ClusterFacts.h"
#include "app/ClusterNamer.h"

namespace semascope::app {

/// What tables of clusters are made of; `facts` and `found` may be null.
struct ClusterFile
{
    std::shared_ptr<const core::Dataset> data;
    std::shared_ptr<const core::Clustering> clustering;
    std::vector<std::uint32_t> sample;
    std::vector<std::string> names;
    std::shared_ptr<const ClusterFacts> facts;
    std::shared_ptr<const ClusterWordsFound> found;
};
/// A row a sample that was clustered: id, cluster (from 1), name and, where there is one, confidence.
std::string clusterRowsCsv(const ClusterFile& file);
/// A row a cluster: number, name, size, share, mean confidence, prototypes, outliers, candidates for its name with
/// cosine and margin, and what is over- and under-represented in it.
std::string clusterTableCsv(const ClusterFile& file);
/// Writes one of them in a job and says so.
void writeClusterCsv(Session& session, const ClusterFile& file, bool rows, const QString& path);

/// "shape = star: 83 % of 120, elsewhere 2 %", and the test behind it.
QString enrichmentText(const core::Enrichment& e);
QString enrichmentTip(const core::Enrichment& e);

} // namespace semascope::app
