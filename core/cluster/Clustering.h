#pragma once
#include "core/cluster/DeepCluster.h"
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// Method words and options: see ClusterOptions.h.
struct ClusterSpec
{
    std::string method = "kmeans";
    int k = 10;
    std::uint64_t seed = 0;
    std::map<std::string, std::string> options; ///< see clusterOptions(); unknown keys are refused
    bool operator==(const ClusterSpec&) const = default;
};

/// An assignment of rows to k clusters. Row r is row inputRow[r] of the input.
struct Clustering
{
    std::vector<std::int32_t> assignment;
    std::vector<std::uint32_t> inputRow;
    Matrix centroids; ///< k×d; k×c where there is a code
    std::vector<std::size_t> sizes;
    double inertia = 0; ///< sum of squared distances to the centroids, in the space of the centroids
    int iterations = 0;
    double seconds = 0;
    std::size_t excluded = 0;
    ClusterSpec spec;
    std::vector<std::string> notes;

    std::vector<float> confidence; ///< n: the largest soft assignment; hard methods: 1 − d₁/d₂ of the two nearest
                                   ///< centroids; may be empty
    // What methods that train a network add; empty for others.
    Matrix soft; ///< n×k, rows sum to 1
    Matrix code; ///< n×c
    std::vector<TrainingPoint> curve;
    std::vector<std::shared_ptr<const DeepFrame>> frames; ///< evenly spread over the training, at most 120
    std::vector<std::string> warnings; ///< collapse, over-confidence, stalled loss, …: what was seen and what helps
    std::shared_ptr<const DeepModel> model;
    std::string criterion; ///< label-free figure by which the best restart was chosen; empty for one
    double criterionValue = 0;
};

/// Lloyd's k-means with k-means++ starts (Arthur & Vassilvitskii 2007) and the best of n_init, then swaps of a centre
/// of little use for a half of a wide cluster while that pays; above some 8,000 rows the search is on a random sample,
/// and the best found goes on with all rows; spherical variant on unit rows; autoencoder + k-means, DEC (Xie, Girshick
/// & Farhadi 2016) and IDEC (Guo et al. 2017), which publish shared_ptr<const DeepFrame> while they train. Rows that
/// cannot be measured (see finiteRows) are left out. Throws Error(Mismatch) for fewer distinct rows than clusters,
/// Error(Misuse) for an unknown method or option, Error(Cancelled).
Clustering cluster(const Matrix& x, const ClusterSpec& spec, JobContext& job);

/// Agreement of two labelings of the same n things; any integers are names. Empty where a score is 0/0 by definition.
/// ami and nmi average arithmetically; acc is over the best one-to-one matching (Hungarian).
struct LabelScores
{
    std::optional<double> ami, ari, fmi, nmi, acc;
};
/// Throws Error(Mismatch) when the lengths differ.
LabelScores compareLabelings(const std::vector<std::int64_t>& labels, const std::vector<std::int64_t>& clusters);

/// Rousseeuw 1987. Mean and per row; a cluster of one scores 0. Throws Error(Mismatch) for fewer than 2 clusters.
struct Silhouette
{
    double mean = 0;
    std::vector<double> perRow;
    std::size_t n = 0; ///< rows it was measured on (a fixed random subsample above `sample`)
};
Silhouette silhouette(const Matrix& x, const std::vector<std::int64_t>& clusters, bool cosine, std::size_t sample,
                      std::uint64_t seed, JobContext& job);

/// For each of the k clusters, the row index closest to its centroid, and its `count` nearest rows.
std::vector<std::vector<std::uint32_t>> prototypes(const Matrix& x, const Clustering& c, std::size_t count);

} // namespace semascope::core
