#pragma once
#include "core/cluster/Clustering.h"

namespace semascope::core {

/// One row of a comparison: a method run with several seeds on the same rows.
struct ComparedMethod
{
    ClusterSpec spec;                                    ///< its seed is that of the first run
    std::vector<std::shared_ptr<const Clustering>> runs; ///< one a seed, as far as done; of the frames the last
    std::vector<LabelScores> scores;                     ///< of each run; empty without labels
    std::vector<double> silhouettes;                     ///< of each run, in the space of the input (see below)
    std::size_t best = 0;             ///< the run to show: highest silhouette in the input space, never by labels
    LabelScores meanScores, sdScores; ///< over the runs; sd is of the sample (n − 1), absent for one run
    std::optional<double> silhouette, sdSilhouette; ///< mean and sd over the runs
    std::optional<double> stability;                ///< mean ARI of all pairs of runs
    double seconds = 0;                             ///< mean a run
    std::string problem;                            ///< why there are no runs, or fewer than seeds
};
/// Methods side by side. Every figure is of the rows clustered (`n`), none is held out; labels only judge.
struct ClusterComparison
{
    std::vector<ComparedMethod> methods;
    std::string labelName;               ///< attribute that was compared with; empty without
    std::vector<std::int64_t> labels;    ///< one a row of the input, negative = none
    std::vector<std::string> labelNames; ///< of label 0, 1, …
    std::size_t n = 0, labelled = 0;     ///< rows of the input, and those with a label
    std::size_t silhouetteRows = 0;      ///< fixed random subsample above 5,000
    bool cosine = false;                 ///< of the silhouette
    int k = 0;
    std::vector<std::uint64_t> seeds;
    std::size_t done = 0, total = 0; ///< runs
};
struct ComparisonSpec
{
    std::vector<ClusterSpec> methods; ///< at least one; each with its own k (usually the same)
    std::vector<std::uint64_t> seeds{0, 1, 2};
    std::string labelName;
    std::vector<std::string> labelNames;
    bool cosine = true; ///< silhouette by cosine (CLIP vectors), else Euclidean
};
/// `labels`: one a row of x, negative = none; empty without labels. Publishes shared_ptr<const ClusterComparison> after
/// every run. A method that fails keeps its sentence and the others go on. Throws Error(Mismatch | Misuse | Cancelled).
ClusterComparison compareMethods(const Matrix& x, const std::vector<std::int64_t>& labels, const ComparisonSpec& spec,
                                 JobContext& job);

/// Clusters of `b` called by those of `a` they share most rows with (Hungarian method on the table of shared rows;
/// rows are matched by inputRow): result[clusterOfB] = clusterOfA, each at most once; those of b left over get a's k, k
/// + 1, …
std::vector<int> matchClusters(const Clustering& a, const Clustering& b);

/// Rows by columns of two labelings of the same rows: counts[label · clusters + cluster]; rows without a label are
/// left out.
std::vector<std::uint32_t> contingency(const std::vector<std::int64_t>& labels, std::size_t labelCount,
                                       const Clustering& c);

/// Clusters that hold rows.
std::size_t usedClusters(const Clustering& c);

/// Mean ARI over all pairs of runs of the same rows; empty for fewer than two, and when a run put all rows into one
/// cluster: that would agree with its like whatever the data.
std::optional<double> stability(const std::vector<std::shared_ptr<const Clustering>>& runs);

/// Figures for a choice of k.
struct KSweepPoint
{
    int k = 0;
    std::optional<double> silhouette;   ///< mean over the seeds, on KSweep::silhouetteRows rows
    std::optional<double> codingLength; ///< bits a row, Σ over clusters, see codingLength()
    std::optional<double> stability;    ///< mean pairwise ARI over the seeds
    std::optional<double> sdStability;
    double inertia = 0; ///< of the best seed
    double seconds = 0;
    std::string problem;
};
struct KSweep
{
    ClusterSpec spec; ///< k and seed vary
    std::vector<KSweepPoint> points;
    std::size_t n = 0, silhouetteRows = 0;
    bool cosine = false;
    int seeds = 0;
    double epsilon = 0; ///< of the coding length: ε² = d / (4(d + 32)) of the mean squared distance to the mean
    int bySilhouette = 0, byCodingLength = 0, byStability = 0; ///< the k that each proposes; 0: none
};
/// Silhouette and coding length are taken in the space of the input: by cosine and of unit rows with spherical-kmeans
/// and for rows of unit length (CLIP vectors), else of the rows as they are. The coding length is of all rows
/// clustered, their mean taken off. Of equal stabilities the largest k is proposed. A k that fails keeps its sentence.
/// Publishes shared_ptr<const KSweep> after every k. Throws Error(Misuse | Cancelled).
KSweep sweepK(const Matrix& x, const ClusterSpec& spec, const std::vector<int>& ks, int seeds, JobContext& job);

/// Whether the rows have length 1, as CLIP vectors do: cosine is their distance then.
bool hasUnitRows(const Matrix& x);

/// Total bits to code the rows of x cluster by cluster up to the distortion epsilon² (Ma, Derksen, Hong & Wright 2007,
/// with means that are not zero: (m + d)/2 · log₂ det(I + d/(ε²m) · W̄W̄ᵀ) + d/2 · log₂(1 + |μ|²/ε²) for the m rows of
/// each cluster, plus m·log₂(n/m) for membership). The smaller, the better k describes the data. Throws Error(Misuse)
/// for an epsilon that is not positive, Error(Mismatch | Unsupported | Cancelled).
double codingLength(const Matrix& x, const Clustering& c, double epsilon, JobContext& job);

} // namespace semascope::core
