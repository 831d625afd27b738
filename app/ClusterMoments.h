#pragma once
#include "app/PassingView.h"
#include "core/data/Embedding.h"

namespace semascope::app {

/// What a frame shows on the map. `rowSample`: sample of each row of the input. Not for the GUI thread where there are
/// many rows. `k` clusters, coloured alike in every frame, as their numbers are those of the centroids.
PassingView passingView(const core::DeepFrame& frame, const std::vector<std::uint32_t>& rowSample,
                        const core::ClusterSpec& spec);

/// Samples nearest the centre of each cluster; by the code where the clusters were made of codes, by confidence where
/// there are no centroids. `rows` are what was clustered.
std::vector<std::vector<std::uint32_t>> clusterPrototypes(const core::Matrix& rows, const core::Clustering& c,
                                                          const std::vector<std::uint32_t>& rowSample);

/// Rows of the embedding that belong to `wanted` samples, and the sample of each; all rows when `wanted` is empty.
struct ClusterInput
{
    core::Matrix rows;
    std::vector<std::uint32_t> sample;
};
ClusterInput clusterInput(const core::Embedding& embedding, const std::vector<std::uint32_t>& wanted);

/// All rows of the embedding put into the clusters of `network`; those of `known` (by sample) stay where they are. Says
/// in its notes how many were trained on and how many were assigned. Throws Error(Mismatch | Cancelled).
core::Clustering assignRows(const core::Embedding& embedding, const core::DeepModel& network,
                            const core::Clustering* known, const std::vector<std::uint32_t>& knownSample,
                            core::JobContext& job);

} // namespace semascope::app
