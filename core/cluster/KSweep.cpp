#include "core/cluster/Study_p.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr double kMostDistortion = 0.25; ///< of the mean squared distance to the mean
constexpr double kFewColumns = 32;       ///< so many halve it

/// A distortion as large as the gaps between clusters hides them. With few columns a Gaussian that spans several
/// clusters is cheap, so gaps must be resolved finely; with many, the Gaussians themselves are what costs.
double distortionShare(std::size_t columns)
{
    const auto d = static_cast<double>(columns);
    return kMostDistortion * d / (d + kFewColumns);
}

/// The rows as they are compared (directions or as they are), around their mean; `variance` is the mean squared
/// distance to it. Rows that cannot be measured stay as they are: no clustering has them.
Matrix centred(const Matrix& x, bool cosine, double& variance)
{
    const Matrix rows = cosine ? normaliseRows(x) : x;
    const std::vector<std::size_t> usable = finiteRows(rows);
    std::vector<double> mean(x.cols(), 0.0);
    for (const std::size_t i : usable) {
        for (std::size_t j = 0; j < x.cols(); ++j) {
            mean[j] += static_cast<double>(rows.at(i, j)) / static_cast<double>(usable.size());
        }
    }
    std::vector<float> values(x.rows() * x.cols());
    parallelFor(x.rows(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t j = 0; j < x.cols(); ++j) {
                values[i * x.cols() + j] = static_cast<float>(static_cast<double>(rows.at(i, j)) - mean[j]);
            }
        }
    });
    variance = 0;
    for (const std::size_t i : usable) {
        for (std::size_t j = 0; j < x.cols(); ++j) {
            const auto v = static_cast<double>(values[i * x.cols() + j]);
            variance += v * v / static_cast<double>(usable.size());
        }
    }
    return Matrix::from(std::move(values), x.rows(), x.cols());
}

class Sweep
{
public:
    Sweep(const Matrix& x, const ClusterSpec& spec, JobContext& job)
        : m_job(job), m_runner(x, job), m_space(x, cosineFor(x, spec), job)
    {
        m_result.spec = spec;
        m_result.n = x.rows();
        m_result.cosine = cosineFor(x, spec);
        m_result.silhouetteRows = m_space.rows();
        double variance = 0;
        m_coded = centred(x, m_result.cosine, variance);
        m_result.epsilon = std::sqrt(distortionShare(x.cols()) * variance);
    }

    KSweep run(std::vector<int> ks, int seeds)
    {
        std::sort(ks.begin(), ks.end());
        ks.erase(std::unique(ks.begin(), ks.end()), ks.end());
        m_result.seeds = seeds;
        m_total = ks.size() * static_cast<std::size_t>(seeds);
        for (const int k : ks) {
            m_result.points.push_back(pointOf(k));
            propose();
            m_job.publish(std::make_shared<const KSweep>(m_result));
        }
        return m_result;
    }

private:
    static bool cosineFor(const Matrix& x, const ClusterSpec& spec)
    {
        return spec.method == "spherical-kmeans" || hasUnitRows(x);
    }

    KSweepPoint pointOf(int k)
    {
        KSweepPoint point;
        point.k = k;
        try {
            measure(point);
        } catch (...) {
            const Error error = errorFromCurrentException("Clustering with k = " + std::to_string(k));
            if (error.code() == Code::Cancelled || error.code() == Code::Misuse) {
                throw error;
            }
            point = {};
            point.k = k;
            point.problem = error.what();
        }
        return point;
    }

    void measure(KSweepPoint& point)
    {
        std::vector<std::shared_ptr<const Clustering>> runs;
        std::vector<double> silhouettes, lengths;
        for (int s = 0; s < m_result.seeds; ++s) {
            m_job.checkpoint();
            ClusterSpec spec = m_result.spec;
            spec.k = point.k;
            spec.seed += static_cast<std::uint64_t>(s);
            runs.push_back(m_runner.run(spec, "k = " + std::to_string(point.k) + ", seed " + std::to_string(spec.seed) +
                                                  " (" + std::to_string(++m_done) + " of " + std::to_string(m_total) +
                                                  ")"));
            const Clustering& run = *runs.back();
            if (const auto silhouette = m_space.measure(run)) {
                silhouettes.push_back(*silhouette);
            }
            if (const auto bits = bitsARow(run)) {
                lengths.push_back(*bits);
            }
            point.inertia = s == 0 ? run.inertia : std::min(point.inertia, run.inertia);
            point.seconds += run.seconds / m_result.seeds;
        }
        point.silhouette = meanSd(silhouettes).mean;
        point.codingLength = meanSd(lengths).mean;
        const MeanSd agreement = meanSd(pairwiseAgreement(runs));
        point.stability = agreement.mean;
        point.sdStability = agreement.sd;
    }

    std::optional<double> bitsARow(const Clustering& run)
    {
        if (!(m_result.epsilon > 0)) {
            return std::nullopt;
        }
        try {
            return codingLength(m_coded, run, m_result.epsilon, m_job) / static_cast<double>(run.inputRow.size());
        } catch (const Error& error) {
            if (error.code() == Code::Cancelled) {
                throw;
            }
            return std::nullopt; // too large to be computed; the other figures stand
        }
    }

    /// Of equals the larger k by stability (it says more), the smaller by the others (it is simpler).
    void propose()
    {
        const KSweepPoint *silhouette = nullptr, *coding = nullptr, *stable = nullptr;
        for (const KSweepPoint& p : m_result.points) {
            if (p.silhouette && (silhouette == nullptr || *p.silhouette > *silhouette->silhouette)) {
                silhouette = &p;
            }
            if (p.codingLength && (coding == nullptr || *p.codingLength < *coding->codingLength)) {
                coding = &p;
            }
            if (p.stability && (stable == nullptr || *p.stability >= *stable->stability)) {
                stable = &p;
            }
        }
        m_result.bySilhouette = silhouette == nullptr ? 0 : silhouette->k;
        m_result.byCodingLength = coding == nullptr ? 0 : coding->k;
        m_result.byStability = stable == nullptr ? 0 : stable->k;
    }

    JobContext& m_job;
    StudyRunner m_runner;
    SilhouetteSpace m_space;
    Matrix m_coded;
    KSweep m_result;
    std::size_t m_done = 0, m_total = 0;
};

} // namespace

KSweep sweepK(const Matrix& x, const ClusterSpec& spec, const std::vector<int>& ks, int seeds, JobContext& job)
{
    if (ks.empty() || seeds < 1 || std::any_of(ks.begin(), ks.end(), [](int k) { return k < 1; })) {
        throw Error(Code::Misuse, "A sweep needs numbers of clusters, each at least 1, and at least 1 seed.");
    }
    job.checkpoint();
    return Sweep(x, spec, job).run(ks, seeds);
}

} // namespace semascope::core
