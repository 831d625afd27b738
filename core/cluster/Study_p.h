#pragma once
#include "core/cluster/ClusterStudy.h"

#include <set>

namespace semascope::core {

/// One row's silhouette (Rousseeuw 1987) from the sums of its distances to each cluster.
double silhouetteOf(std::size_t own, const std::vector<double>& sums, const std::vector<std::size_t>& sizes);
/// `sample` of 0 … n − 1 at random, in order; all of them where there are no more (or sample is 0).
std::vector<std::size_t> sampledRows(std::size_t n, std::size_t sample, std::uint64_t seed);

/// The distances of at most 5,000 rows, drawn once, so that many clusterings of them are measured quickly and all on
/// the same rows.
class SilhouetteSpace
{
public:
    /// Rows that cannot be measured (not finite; of zeros where only directions count) are not drawn.
    SilhouetteSpace(const Matrix& x, bool cosine, JobContext& job);

    std::size_t rows() const noexcept { return m_rows.size(); }
    /// Mean over the drawn rows that `c` has clustered; empty when they lie in fewer than two clusters.
    std::optional<double> measure(const Clustering& c) const;

private:
    std::vector<std::size_t> m_rows; ///< of x
    std::vector<float> m_distances;  ///< rows×rows
};

/// Runs the clusterings of a study one after the other. Progress carries the place of the run; what a run publishes is
/// kept from the receivers of the study; each note is passed on once.
class StudyRunner
{
public:
    StudyRunner(const Matrix& x, JobContext& job) : m_x(x), m_job(job) {}

    /// Throws what cluster() throws. Of the frames the last is kept: a study holds many runs.
    std::shared_ptr<const Clustering> run(const ClusterSpec& spec, const std::string& place);

private:
    const Matrix& m_x;
    JobContext& m_job;
    std::set<std::string> m_told;
};

struct MeanSd
{
    std::optional<double> mean, sd; ///< sd of the sample (n − 1); absent for one value
};
/// Of the values that are finite.
MeanSd meanSd(const std::vector<double>& values);

/// ARI of every pair of runs that has one.
std::vector<double> pairwiseAgreement(const std::vector<std::shared_ptr<const Clustering>>& runs);

} // namespace semascope::core
