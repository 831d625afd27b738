#include "core/latent/FlowAdam_p.h"
#include "core/latent/IinLoss_p.h"
#include "core/latent/IinModel_p.h"
#include "core/latent/IinRows_p.h"
#include "core/latent/OneThread_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace semascope::core {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kSizePairs = 4096, kHeldOutPairs = 2048, kFirstRows = 512;
constexpr int kRecoveries = 3;

void demand(bool holds, const std::string& sentence)
{
    if (!holds) {
        throw Error(Code::Misuse, sentence);
    }
}

void checkSpec(const IinSpec& s)
{
    demand(s.blocks >= 1 && s.blocks <= 64, "An IIN needs 1 to 64 blocks.");
    demand(s.depth >= 0 && s.depth <= 16 && s.width >= 1 && s.width <= 4096,
           "An IIN's networks need a depth of 0 to 16 and a width of 1 to 4096.");
    demand(s.rho >= 0 && s.rho < 1, "rho, the correlation of a shared factor, must be at least 0 and below 1.");
    demand(s.learningRate > 0 && s.learningRate <= 1, "The learning rate must be above 0 and at most 1.");
    demand(s.batch >= 2 && s.epochs >= 1 && s.patience >= 0,
           "Training needs a batch of 2 rows, 1 epoch and a patience that is not negative.");
    demand(s.noise >= 0 && std::isfinite(s.noise) && s.weightDecay >= 0 && std::isfinite(s.weightDecay),
           "Noise and weight decay must be numbers that are not negative.");
    demand(s.heldOut >= 0 && s.heldOut <= .5, "At most half of the rows can be held out.");
}

const IinSpec& checked(const IinData& data, const IinSpec& spec)
{
    checkSpec(spec);
    checkFactors(data);
    return spec;
}

std::size_t size(int n)
{
    return static_cast<std::size_t>(n);
}

/// Rows that the flow is judged by, with what their pairs share; drawn once, noise and all, so that epochs compare.
struct Judged
{
    std::vector<float> rows;
    std::vector<std::uint8_t> shared;
    bool any() const { return !rows.empty(); }
};

class Trainer
{
public:
    Trainer(const IinData& data, const IinSpec& spec, JobContext& job)
        : m_data(data),
          m_spec(checked(data, spec)),
          m_job(job),
          m_random(spec.seed * 0x9e3779b97f4a7c15ULL + 2),
          m_rows(data, spec, m_random),
          m_miner(data, spec, m_rows.train),
          m_flow(makeFlow({m_rows.dim(), size(spec.blocks), size(spec.depth), size(spec.width)}, spec.seed))
    {
        if (m_rows.leftOut > 0) {
            m_result.notes.push_back(std::to_string(m_rows.leftOut) +
                                     " rows with numbers that are not finite were left out.");
        }
        m_result.heldOutRows = m_rows.heldOut;
        chooseSizes();
        prepareHeldOut();
    }

    IinTraining run()
    {
        const std::size_t first = std::min(m_rows.train.size(), std::max(kFirstRows, size(m_spec.batch)));
        const auto begin = m_rows.train.begin();
        initActNorm(m_flow, m_rows.noisy({begin, begin + static_cast<std::ptrdiff_t>(first)}, m_random).data(), first);
        FlowAdam adam(m_flow);
        m_good = m_best = m_flow.values;
        for (int epoch = 1; epoch <= m_spec.epochs; ++epoch) {
            const double train = runEpoch(adam, epoch);
            const double held = std::isfinite(train) ? heldOutLoss() : kNone;
            if (!std::isfinite(train) || (m_heldOut.any() && !std::isfinite(held))) {
                if (!goBack(adam, epoch)) {
                    break;
                }
                continue;
            }
            keep({epoch, train, held});
            m_job.progress("training the IIN", "epochs", size(epoch), size(m_spec.epochs));
            publish();
            if (m_heldOut.any() && m_spec.patience > 0 && epoch - m_bestPoint.epoch >= m_spec.patience) {
                break;
            }
        }
        return finish();
    }

private:
    void chooseSizes()
    {
        std::vector<std::pair<Matrix, Matrix>> pairs;
        for (std::size_t f = 0; f < m_data.factors.size(); ++f) {
            demand(m_miner.has(f), "The factor \"" + m_data.factors[f].name +
                                       "\" has no two training rows that share a value; give it more rows.");
            pairs.push_back(m_rows.sides(m_miner.pairsOf(f, kSizePairs, m_random)));
        }
        FactorSizes sizes = pairs.empty() ? FactorSizes{{1}, {m_rows.dim()}} : factorSizes(pairs);
        m_result.sizeScores = sizes.scores;
        applyGivenSizes(sizes.sizes);
        std::size_t at = 0;
        for (std::size_t k = 0; k < sizes.sizes.size(); ++k) {
            const std::string name = k < m_data.factors.size() ? m_data.factors[k].name : "residual";
            m_factors.push_back({name, at, sizes.sizes[k]});
            at += sizes.sizes[k];
        }
    }

    void applyGivenSizes(std::vector<std::size_t>& sizes) const
    {
        std::size_t used = 0;
        for (std::size_t f = 0; f < m_data.factors.size(); ++f) {
            sizes[f] = m_data.factors[f].size > 0 ? m_data.factors[f].size : sizes[f];
            used += sizes[f];
        }
        demand(used < m_rows.dim(), "The factors take " + std::to_string(used) + " of " + std::to_string(m_rows.dim()) +
                                        " numbers and leave none for the rest; make them smaller.");
        sizes.back() = m_rows.dim() - used;
    }

    void prepareHeldOut()
    {
        if (m_rows.heldOut.empty()) {
            return;
        }
        std::mt19937_64 random(m_spec.seed * 0x9e3779b97f4a7c15ULL + 3);
        if (m_data.factors.empty()) {
            m_heldOut.rows = m_rows.noisy(m_rows.heldOut, random);
            return;
        }
        const PairMiner miner(m_data, m_spec, m_rows.heldOut);
        if (!miner.any()) {
            m_result.notes.push_back("The held-out rows have no pairs: training cannot end early.");
            return;
        }
        const std::size_t count = std::min(kHeldOutPairs, std::max<std::size_t>(256, 8 * m_rows.heldOut.size()));
        const MinedPairs pairs = miner.draw(count, random);
        m_heldOut = {m_rows.noisyPairs(pairs.rows, random), pairs.shared};
    }

    double loss(const FlowOutput& out, const std::vector<std::uint8_t>& shared) const
    {
        return m_data.factors.empty() ? likelihoodLoss(out) : pairLoss(out, m_factors, shared, m_spec.rho);
    }

    double heldOutLoss() const
    {
        if (!m_heldOut.any()) {
            return kNone;
        }
        std::vector<float> rows = m_heldOut.rows;
        std::vector<double> logDet(rows.size() / m_rows.dim());
        flowForward(m_flow, {.rows = rows.data(), .n = logDet.size(), .logDet = logDet.data()});
        return loss({rows.data(), logDet.data(), logDet.size(), m_rows.dim(), nullptr}, m_heldOut.shared);
    }

    /// The mean loss; no number when a step could not be made.
    double runEpoch(FlowAdam& adam, int epoch)
    {
        const std::size_t batch = std::min(size(m_spec.batch), m_rows.train.size());
        const std::size_t steps = std::max<std::size_t>(1, m_rows.train.size() / batch);
        double sum = 0;
        shuffleRows(m_rows.train, m_random);
        for (std::size_t s = 0; s < steps; ++s) {
            m_job.checkpoint();
            const double done = (epoch - 1 + static_cast<double>(s) / static_cast<double>(steps)) / m_spec.epochs;
            const double rate = m_caution * m_spec.learningRate * (1 + std::cos(std::numbers::pi * done)) / 2;
            const double now = step(adam, s * batch, batch, rate);
            if (!std::isfinite(now)) {
                return now;
            }
            sum += now;
        }
        return sum / static_cast<double>(steps);
    }

    double step(FlowAdam& adam, std::size_t first, std::size_t batch, double rate)
    {
        Judged now;
        if (m_data.factors.empty()) {
            const auto from = m_rows.train.begin() + static_cast<std::ptrdiff_t>(first);
            now.rows = m_rows.noisy({from, from + static_cast<std::ptrdiff_t>(batch)}, m_random);
        } else {
            MinedPairs pairs = m_miner.draw(batch, m_random);
            now = {m_rows.noisyPairs(pairs.rows, m_random), std::move(pairs.shared)};
        }
        const std::size_t n = now.rows.size() / m_rows.dim();
        std::vector<double> logDet(n);
        FlowTape tape;
        flowForward(m_flow, {.rows = now.rows.data(), .n = n, .logDet = logDet.data(), .tape = &tape});
        std::vector<float> byRows(now.rows.size()), gradient(m_flow.values.size());
        const double value = loss({now.rows.data(), logDet.data(), n, m_rows.dim(), byRows.data()}, now.shared);
        if (!std::isfinite(value)) {
            return value;
        }
        flowBackward(m_flow, tape, {byRows.data(), n, -1.0 / static_cast<double>(batch), &gradient});
        return adam.step(m_flow, gradient, rate, m_spec.weightDecay) ? value : kNone;
    }

    /// Without held-out rows the last epoch counts: nothing says which is better.
    void keep(const IinPoint& point)
    {
        m_good = m_flow.values;
        m_result.curve.push_back(point);
        if (!m_heldOut.any() || m_bestPoint.epoch == 0 || point.heldOut < m_bestPoint.heldOut) {
            m_bestPoint = point;
            m_best = m_good;
        }
    }

    /// To the last good weights, with smaller steps from now on; false when that has not helped.
    bool goBack(FlowAdam& adam, int epoch)
    {
        m_flow.values = m_good;
        adam.reset();
        m_caution /= 2;
        if (++m_failures <= kRecoveries) {
            return true;
        }
        m_result.notes.push_back("Training was ended after epoch " + std::to_string(epoch - 1) +
                                 ": it diverged again and again. Try a lower learning rate.");
        return false;
    }

    std::shared_ptr<const Iin> model(const std::vector<float>& values, double error) const
    {
        auto flow = std::make_shared<Flow>(m_flow);
        flow->values = values;
        const IinRecord record{m_spec,
                               m_rows.train.size(),
                               m_rows.heldOut.size(),
                               static_cast<int>(m_result.curve.size()),
                               m_bestPoint.epoch,
                               m_bestPoint.train,
                               m_bestPoint.heldOut,
                               error,
                               m_data.source};
        return makeIin({std::move(flow), m_rows.mean, m_rows.deviation, m_factors, record});
    }

    void publish()
    {
        if (m_job.wantsPartial()) {
            m_job.publish(
                std::make_shared<const IinFrame>(IinFrame{m_result.curve, m_spec.epochs, model(m_flow.values, kNone)}));
        }
    }

    IinTraining finish()
    {
        if (m_result.curve.empty()) {
            throw Error(Code::ModelFailed, "The IIN's training diverged at once; try a lower learning rate.");
        }
        if (m_failures > 0) {
            m_result.notes.push_back("Training went back to earlier weights " + std::to_string(m_failures) +
                                     " times because the loss was no number.");
        }
        const Matrix usable = takeRows(m_data.rows, finiteRows(m_data.rows));
        m_result.model = model(m_best, inverseError(*model(m_best, kNone), usable, m_job));
        m_result.reference = static_cast<double>(m_rows.dim()) * (m_data.factors.empty() ? .5 : 1);
        return std::move(m_result);
    }

    const IinData& m_data;
    IinSpec m_spec;
    JobContext& m_job;
    std::mt19937_64 m_random;
    IinRows m_rows;
    PairMiner m_miner;
    Flow m_flow;
    std::vector<FactorBlock> m_factors;
    Judged m_heldOut;
    std::vector<float> m_good, m_best; ///< parameters after the last epoch without failure; of the best epoch
    double m_caution = 1;              ///< halved whenever training diverges
    int m_failures = 0;
    IinPoint m_bestPoint;
    IinTraining m_result;
};

} // namespace

IinTraining trainIin(const IinData& data, const IinSpec& spec, JobContext& job)
{
    const OneThread oneThread;
    return Trainer(data, spec, job).run();
}

} // namespace semascope::core
