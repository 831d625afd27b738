#include "core/cluster/ComparisonText.h"
#include "core/cluster/Study_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::core {

namespace {

constexpr std::optional<double> LabelScores::*kScores[] = {&LabelScores::ami, &LabelScores::ari, &LabelScores::fmi,
                                                           &LabelScores::nmi, &LabelScores::acc};

/// Whether another seed would fail in the same way.
bool failsAlways(Code code)
{
    return code != Code::ModelFailed && code != Code::OutOfMemory && code != Code::DeviceLost;
}

class Comparison
{
public:
    Comparison(const Matrix& x, const std::vector<std::int64_t>& labels, const ComparisonSpec& spec, JobContext& job)
        : m_job(job),
          m_runner(x, job),
          m_space(x, spec.cosine, job),
          m_hopeless(spec.methods.size(), false),
          m_failed(spec.methods.size(), 0)
    {
        for (ClusterSpec method : spec.methods) {
            method.seed = spec.seeds.front();
            m_result.methods.emplace_back().spec = std::move(method);
        }
        m_result.labelName = labels.empty() ? std::string() : spec.labelName;
        m_result.labels = labels;
        m_result.labelNames = spec.labelNames;
        m_result.n = x.rows();
        m_result.labelled = static_cast<std::size_t>(
            std::count_if(labels.begin(), labels.end(), [](std::int64_t label) { return label >= 0; }));
        m_result.silhouetteRows = m_space.rows();
        m_result.cosine = spec.cosine;
        m_result.k = spec.methods.front().k;
        m_result.seeds = spec.seeds;
        m_result.total = spec.methods.size() * spec.seeds.size();
    }

    /// Seed after seed, so that every method has a first figure early.
    ClusterComparison run()
    {
        const std::vector<std::string> titles = comparedTitles(m_result);
        for (const std::uint64_t seed : m_result.seeds) {
            for (std::size_t i = 0; i < m_result.methods.size(); ++i) {
                m_job.checkpoint();
                if (!m_hopeless[i]) {
                    runOne(i, seed, titles[i]);
                }
                ++m_result.done;
                m_job.publish(std::make_shared<const ClusterComparison>(m_result));
            }
        }
        return m_result;
    }

private:
    void runOne(std::size_t i, std::uint64_t seed, const std::string& title)
    {
        ComparedMethod& m = m_result.methods[i];
        ClusterSpec spec = m.spec;
        spec.seed = seed;
        const std::string place = title + ", seed " + std::to_string(seed) + " (" + std::to_string(m_result.done + 1) +
                                  " of " + std::to_string(m_result.total) + ")";
        try {
            const auto run = m_runner.run(spec, place);
            m.silhouettes.push_back(m_space.measure(*run).value_or(std::numeric_limits<double>::quiet_NaN()));
            if (m_result.labelled > 0) {
                m.scores.push_back(scoresOf(*run));
            }
            m.runs.push_back(run);
            summarise(m);
        } catch (...) {
            fail(i, errorFromCurrentException("Clustering with " + title));
        }
    }

    void fail(std::size_t i, const Error& error)
    {
        if (error.code() == Code::Cancelled) {
            throw error;
        }
        ComparedMethod& m = m_result.methods[i];
        ++m_failed[i];
        m.problem = m_failed[i] == 1 ? error.what() : m.problem;
        m_hopeless[i] = failsAlways(error.code());
    }

    LabelScores scoresOf(const Clustering& run) const
    {
        std::vector<std::int64_t> truth, found;
        for (std::size_t r = 0; r < run.inputRow.size(); ++r) {
            if (m_result.labels[run.inputRow[r]] >= 0) {
                truth.push_back(m_result.labels[run.inputRow[r]]);
                found.push_back(run.assignment[r]);
            }
        }
        return truth.empty() ? LabelScores{} : compareLabelings(truth, found);
    }

    static void summarise(ComparedMethod& m)
    {
        for (const auto score : kScores) {
            std::vector<double> values;
            for (const LabelScores& s : m.scores) {
                values.push_back((s.*score).value_or(std::numeric_limits<double>::quiet_NaN()));
            }
            const MeanSd found = meanSd(values);
            m.meanScores.*score = found.mean;
            m.sdScores.*score = found.sd;
        }
        const MeanSd silhouette = meanSd(m.silhouettes);
        m.silhouette = silhouette.mean;
        m.sdSilhouette = silhouette.sd;
        m.stability = stability(m.runs);
        m.seconds = 0;
        for (std::size_t i = 0; i < m.runs.size(); ++i) {
            m.seconds += m.runs[i]->seconds / static_cast<double>(m.runs.size());
            const bool better = std::isnan(m.silhouettes[m.best]) || m.silhouettes[i] > m.silhouettes[m.best];
            m.best = better ? i : m.best;
        }
    }

    JobContext& m_job;
    StudyRunner m_runner;
    SilhouetteSpace m_space;
    std::vector<bool> m_hopeless; ///< methods that need not be tried again
    std::vector<int> m_failed;    ///< runs of each method
    ClusterComparison m_result;
};

} // namespace

ClusterComparison compareMethods(const Matrix& x, const std::vector<std::int64_t>& labels, const ComparisonSpec& spec,
                                 JobContext& job)
{
    if (spec.methods.empty() || spec.seeds.empty()) {
        throw Error(Code::Misuse, "A comparison needs at least one method and one seed.");
    }
    if (!labels.empty() && labels.size() != x.rows()) {
        throw Error(Code::Mismatch, "There are " + std::to_string(labels.size()) + " labels for " +
                                        std::to_string(x.rows()) + " rows; give one a row.");
    }
    job.checkpoint();
    return Comparison(x, labels, spec, job).run();
}

} // namespace semascope::core
