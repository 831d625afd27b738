#include "core/cluster/AutoEncoderKernels_p.h"
#include "core/cluster/Clustering.h"
#include "core/cluster/StudentT.h"
#include "core/cluster/Training_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace semascope::core {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kExploded = 1e6; ///< times its start that the mean square of the code may reach
constexpr double kFarAbove = 10;  ///< times its start that the reconstruction may reach
constexpr long kStepsKept = 64;   ///< steps between two copies of good weights
constexpr double kSure = 0.99, kNearlyAll = 0.95;
constexpr int kEarly = 2;

std::vector<std::int32_t> largestOf(const Matrix& q)
{
    std::vector<std::int32_t> labels(q.rows());
    for (std::size_t i = 0; i < q.rows(); ++i) {
        labels[i] = static_cast<std::int32_t>(std::max_element(q.row(i), q.row(i) + q.cols()) - q.row(i));
    }
    return labels;
}

double shareDiffering(const std::vector<std::int32_t>& a, const std::vector<std::int32_t>& b)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        count += a[i] != b[i];
    }
    return static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(1, a.size()));
}

double meanSquare(const Matrix& x)
{
    const std::size_t count = x.rows() * x.cols();
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum += static_cast<double>(x.data()[i]) * static_cast<double>(x.data()[i]);
    }
    return sum / static_cast<double>(std::max<std::size_t>(1, count));
}

Matrix centroidsOf(AutoEncoder& network)
{
    const AutoEncoderLayout& layout = network.layout();
    const std::vector<float> all = network.parameters();
    return Matrix::from({all.begin() + static_cast<std::ptrdiff_t>(layout.centroids), all.end()}, layout.clusters,
                        layout.codeDim());
}

class Refinement
{
public:
    Refinement(AutoEncoder& network, TrainingRun& run)
        : m_network(network),
          m_run(run),
          m_settings(run.settings),
          m_order(run.x.rows(), run.settings.batch, run.seed + 0x7E57ED02ULL),
          m_good(network.parameters()),
          m_startSquare(meanSquare(run.code)),
          m_startError(run.curve.empty() ? spreadOf(run.x).square : run.curve.back().reconstruction)
    {
        m_error = m_settings.reconstructs && !run.curve.empty() ? run.curve.back().reconstruction : kNan;
    }

    void train();

private:
    bool evaluate(int update);
    bool steps();
    void report(int update, bool last);
    void giveUp(int update);
    bool healthy() const;

    AutoEncoder& m_network;
    TrainingRun& m_run;
    const DeepSettings& m_settings;
    BatchOrder m_order;
    std::vector<float> m_good;
    int m_goodUpdate = 0;
    long m_stepsSince = 0;
    double m_startSquare = 0, m_startError = 0, m_error = kNan;
    double m_kl = 0, m_changed = kNan;
    Matrix m_code, m_soft, m_targets;
    std::vector<std::int32_t> m_labels;
};

bool Refinement::healthy() const
{
    return dense::allFinite(m_soft.data(), m_soft.rows() * m_soft.cols()) && std::isfinite(m_kl) &&
           meanSquare(m_code) <= kExploded * std::max(m_startSquare, 1e-12) &&
           (!m_settings.reconstructs || (m_error <= kFarAbove * std::max(m_startError, 0.1)));
}

/// Codes, soft assignments, targets and labels as the weights are now.
bool Refinement::evaluate(int update)
{
    m_code = m_network.codes(m_run.job);
    if (!dense::allFinite(m_code.data(), m_code.rows() * m_code.cols())) {
        return false;
    }
    m_soft = softAssignments(m_code, centroidsOf(m_network));
    m_targets = targetDistribution(m_soft);
    m_kl = kullbackLeibler(m_targets, m_soft) / static_cast<double>(std::max<std::size_t>(1, m_code.rows()));
    if (!healthy()) {
        return false;
    }
    m_kl = std::max(0.0, m_kl); // rounding
    m_labels = largestOf(m_soft);
    m_changed = update == 0 ? kNan : shareDiffering(m_labels, m_run.assignment);
    m_run.code = m_code;
    m_run.soft = m_soft;
    m_run.assignment = m_labels;
    m_run.updates = update;
    return true;
}

void Refinement::report(int update, bool last)
{
    m_run.curve.push_back(
        {TrainingPoint::Stage::Refining, update, m_settings.reconstructs ? m_error : kNan, m_kl, m_changed});
    if (last || m_run.frames.affordable()) {
        m_run.frames.add(
            {m_run.label + "refining, update " + std::to_string(update), m_run.code, m_run.assignment, m_run.curve}, 0,
            last);
    }
}

/// The mini-batches up to the next update. False when a number left its range.
bool Refinement::steps()
{
    double rows = 0;
    const std::size_t total = static_cast<std::size_t>(m_settings.updates) * m_settings.interval;
    m_network.setTargets(m_targets);
    for (std::size_t b = 0; b < m_settings.interval; ++b) {
        m_run.job.checkpoint();
        const std::span<const std::uint32_t> batch = m_order.next();
        ++m_run.steps;
        ++m_stepsSince;
        if (m_run.hooks.beforeStep) {
            m_run.hooks.beforeStep(m_network, m_run.steps);
        }
        m_network.step({batch.data(), batch.size(), m_settings.reconstructs ? 1.0 : 0.0,
                        m_settings.reconstructs ? m_settings.gamma : 1.0, m_settings.refineRate, 0, 0, 0});
        rows += static_cast<double>(batch.size());
        m_run.job.progress(m_run.label + "refining", "mini-batches",
                           static_cast<std::size_t>(m_run.updates) * m_settings.interval + b + 1, total);
    }
    if (m_settings.reconstructs) {
        m_error = m_network.takeSquaredError() / (rows * static_cast<double>(m_run.x.cols()));
    }
    return !m_settings.reconstructs || std::isfinite(m_error);
}

void Refinement::giveUp(int update)
{
    m_network.setParameters(m_good);
    m_network.takeSquaredError();
    std::erase_if(m_run.curve, [this](const TrainingPoint& p) {
        return p.stage == TrainingPoint::Stage::Refining && p.step > m_goodUpdate;
    });
    m_run.stopped = true;
    m_run.warnings.push_back("The refinement left its range before update " + std::to_string(update) +
                             ": it was stopped and the weights of update " + std::to_string(m_goodUpdate) +
                             " are used. Use a lower refine_lr (it was " + shortNumber(m_settings.refineRate) + ").");
    m_run.code = m_network.codes(m_run.job);
    m_run.soft = softAssignments(m_run.code, centroidsOf(m_network));
    m_run.assignment = largestOf(m_run.soft);
    m_run.updates = m_goodUpdate;
}

void warnIfOverconfident(const Matrix& soft, TrainingRun& run)
{
    std::size_t sure = 0;
    for (std::size_t i = 0; i < soft.rows(); ++i) {
        sure += *std::max_element(soft.row(i), soft.row(i) + soft.cols()) > static_cast<float>(kSure);
    }
    if (soft.cols() > 1 && static_cast<double>(sure) > kNearlyAll * static_cast<double>(soft.rows())) {
        run.warnings.push_back("Nearly every row was assigned with certainty from the beginning (" +
                               std::to_string(sure) + " of " + std::to_string(soft.rows()) +
                               " rows over 99 %): the refinement has nothing to learn from. Use prepare=scale, method "
                               "idec or a lower refine_lr.");
    }
}

void Refinement::train()
{
    m_network.startOptimiser(m_settings.refining);
    m_network.takeSquaredError();
    for (int update = 0;; ++update) {
        if (!evaluate(update)) {
            return giveUp(update);
        }
        const bool still = update >= 2 && m_changed < m_settings.tolerance;
        const bool last = still || update == m_settings.updates;
        report(update, last);
        if (update == std::min(kEarly, m_settings.updates)) {
            warnIfOverconfident(m_run.soft, m_run);
        }
        if (last) {
            if (!still && m_changed >= m_settings.tolerance) {
                m_run.warnings.push_back("The clusters were not at rest after " + std::to_string(update) +
                                         " updates: " + shortNumber(100 * m_changed) +
                                         " % of the rows changed in the last. Use a larger max_updates or a lower "
                                         "refine_lr.");
            }
            return;
        }
        if (m_stepsSince >= kStepsKept) {
            m_good = m_network.parameters();
            m_goodUpdate = update;
            m_stepsSince = 0;
        }
        if (!steps()) {
            return giveUp(update + 1);
        }
    }
}

} // namespace

BatchOrder::BatchOrder(std::size_t n, std::size_t batch, std::uint64_t seed)
    : m_order(n), m_batch(std::max<std::size_t>(1, batch)), m_at(n), m_random(seed)
{
    std::iota(m_order.begin(), m_order.end(), 0U);
}

std::span<const std::uint32_t> BatchOrder::next()
{
    if (m_at >= m_order.size()) {
        m_at = 0;
        for (std::size_t i = m_order.size(); i > 1; --i) { // Fisher & Yates, the same with every standard library
            std::swap(m_order[i - 1], m_order[m_random() % i]);
        }
    }
    const std::size_t count = std::min(m_batch, m_order.size() - m_at);
    m_at += count;
    return {m_order.data() + m_at - count, count};
}

void startCentroids(AutoEncoder& network, TrainingRun& run)
{
    run.code = network.codes(run.job);
    Clustering start;
    try {
        start = cluster(
            run.code,
            {"kmeans", static_cast<int>(run.settings.k), run.seed, {{"n_init", std::to_string(run.settings.starts)}}},
            run.job);
    } catch (const Error& e) {
        if (e.code() != Code::Mismatch) {
            throw;
        }
        throw Error(Code::Mismatch, "The trained network gives too few different codes for " +
                                        std::to_string(run.settings.k) +
                                        " clusters; use fewer clusters, another seed, a lower lr or prepare=scale.");
    }
    std::vector<float> all = network.parameters();
    std::copy_n(start.centroids.data(), start.centroids.rows() * start.centroids.cols(),
                all.begin() + static_cast<std::ptrdiff_t>(network.layout().centroids));
    network.setParameters(all);
    run.initial = start.assignment;
    run.soft = softAssignments(run.code, start.centroids);
    run.assignment = largestOf(run.soft);
    if (!run.curve.empty()) {
        run.frames.add({run.label + "k-means on the code", run.code, run.assignment, run.curve}, 0,
                       !run.settings.refines);
    }
}

void refine(AutoEncoder& network, TrainingRun& run)
{
    Refinement(network, run).train();
}

} // namespace semascope::core
