#include "core/cluster/AutoEncoderKernels_p.h"
#include "core/cluster/Training_p.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <numeric>

namespace semascope::core {

namespace {

constexpr double kFarAbove = 10; ///< times its start that a loss may reach
constexpr long kStepsKept = 64;  ///< steps between two copies of good weights
constexpr int kLossEvery = 8;    ///< steps between two looks at the loss, which a GPU waits for
constexpr double kPaperDeviation = 0.01;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double cosineRate(double rate, double part)
{
    return rate * (0.1 + 0.45 * (1 + std::cos(std::numbers::pi * part)));
}

/// A tenth after each two fifths, as the paper has for 50,000 steps.
double steppedRate(double rate, double part)
{
    return rate * std::pow(0.1, std::floor(part * 2.5));
}

/// The training of one stage.
class Stage
{
public:
    Stage(AutoEncoder& network, const Matrix& x, const PretrainPlan& plan, TrainingRun& run)
        : m_network(network),
          m_x(x),
          m_plan(plan),
          m_run(run),
          m_order(x.rows(), run.settings.batch, run.seed + 0x51ED2701ULL),
          m_good(network.parameters())
    {
        m_numbersPerRow = static_cast<double>(x.cols());
        m_most = kFarAbove * std::max(spreadOf(x).square, 1e-12);
    }

    bool train();

private:
    bool epoch(int number);
    bool lookAtLoss();
    void report(int number);
    void keepWeights(int number);
    bool giveUp(int number);

    AutoEncoder& m_network;
    const Matrix& m_x;
    const PretrainPlan& m_plan;
    TrainingRun& m_run;
    BatchOrder m_order;
    std::vector<float> m_good;
    int m_goodEpoch = 0;
    long m_stepsSince = 0;
    double m_numbersPerRow = 1, m_most = 0;
    double m_error = 0, m_rows = 0, m_newRows = 0; ///< of this epoch; since the last look
    bool m_first = true;
};

/// Takes the errors since the last look; the first look says where the loss starts.
bool Stage::lookAtLoss()
{
    const double error = m_network.takeSquaredError();
    const double mean = error / (m_newRows * m_numbersPerRow);
    m_error += error;
    m_rows += m_newRows;
    m_newRows = 0;
    if (m_first && std::isfinite(mean)) {
        m_most = std::max(m_most, std::min(kFarAbove * mean, 1e3 * m_most));
    }
    m_first = false;
    return std::isfinite(mean) && mean <= m_most;
}

bool Stage::epoch(int number)
{
    const std::size_t batches = m_order.perEpoch();
    const auto total = static_cast<std::size_t>(m_plan.epochs) * batches;
    m_error = m_rows = 0;
    for (std::size_t b = 0; b < batches; ++b) {
        m_run.job.checkpoint();
        const std::size_t done = static_cast<std::size_t>(number) * batches + b;
        const std::span<const std::uint32_t> rows = m_order.next();
        ++m_run.steps;
        if (m_run.hooks.beforeStep) {
            m_run.hooks.beforeStep(m_network, m_run.steps);
        }
        m_network.step({rows.data(), rows.size(), m_plan.weight, 0,
                        m_plan.rate(static_cast<double>(done) / static_cast<double>(total)), m_plan.inputNoise,
                        m_plan.codeNoise,
                        m_run.seed + static_cast<std::uint64_t>(m_run.steps) * 0x9E3779B97F4A7C15ULL});
        m_newRows += static_cast<double>(rows.size());
        ++m_stepsSince;
        const bool look = m_first || b + 1 == batches || done % kLossEvery == 0;
        if (look && !lookAtLoss()) {
            return false;
        }
        m_run.job.progress(m_run.label + m_plan.stage, "mini-batches", done + 1, total);
    }
    return true;
}

void Stage::report(int number)
{
    if (!m_plan.shown) {
        return;
    }
    m_run.curve.push_back(
        {TrainingPoint::Stage::Pretraining, number, m_error / (m_rows * m_numbersPerRow), kNan, kNan});
    if (m_run.frames.affordable()) {
        const auto begin = std::chrono::steady_clock::now();
        const Matrix code = m_network.codes(m_run.job);
        const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        if (dense::allFinite(code.data(), code.rows() * code.cols())) {
            m_run.frames.add({m_run.label + m_plan.stage + ", epoch " + std::to_string(number) + " of " +
                                  std::to_string(m_plan.epochs),
                              code, m_run.assignment, m_run.curve},
                             spent, false);
        }
    }
}

void Stage::keepWeights(int number)
{
    if (m_stepsSince < kStepsKept && number != m_plan.epochs) {
        return;
    }
    std::vector<float> now = m_network.parameters();
    if (dense::allFinite(now.data(), now.size())) {
        m_good = std::move(now);
        m_goodEpoch = number;
        m_stepsSince = 0;
    }
}

bool Stage::giveUp(int number)
{
    m_network.setParameters(m_good);
    m_network.takeSquaredError();
    std::erase_if(m_run.curve, [this](const TrainingPoint& p) { return m_plan.shown && p.step > m_goodEpoch; });
    m_run.stopped = true;
    m_run.warnings.push_back(
        "The loss left its range in epoch " + std::to_string(number) + " of " + m_plan.stage +
        ": training was stopped and the weights " +
        (m_goodEpoch == 0 ? std::string("from before it") : "of epoch " + std::to_string(m_goodEpoch)) +
        " are used. Use a lower lr (it was " + shortNumber(m_run.settings.rate) + ").");
    return false;
}

bool Stage::train()
{
    m_network.setData(m_x);
    m_network.startOptimiser(m_run.settings.pretraining);
    for (int e = 1; e <= m_plan.epochs; ++e) {
        if (!epoch(e - 1)) {
            return giveUp(e);
        }
        keepWeights(e);
        if (e == m_plan.epochs && m_goodEpoch != e) {
            return giveUp(e); // the last step made a weight NaN that no loss has seen
        }
        report(e);
    }
    return true;
}

/// Copies one layer's weight and bias between two flat buffers.
void copyLayer(const std::vector<float>& from, const DenseLayer& a, std::vector<float>& to, const DenseLayer& b)
{
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(a.weight), a.in * a.out,
                to.begin() + static_cast<std::ptrdiff_t>(b.weight));
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(a.bias), a.out,
                to.begin() + static_cast<std::ptrdiff_t>(b.bias));
}

/// Greedy layer-wise denoising (Vincent et al. 2010) as in Xie, Girshick & Farhadi 2016, §3.2. The loss is theirs, half
/// the sum of squares of a row, so that their rates fit.
bool pretrainLayers(AutoEncoder& network, TrainingRun& run)
{
    const AutoEncoderLayout& whole = network.layout();
    std::vector<float> parameters = initialParameters(whole, kPaperDeviation, run.seed);
    Matrix x = run.x;
    const std::size_t depth = whole.encoder.size();
    for (std::size_t l = 0; l < depth; ++l) {
        AutoEncoderLayout pair({whole.encoder[l].in, whole.encoder[l].out}, 0);
        pair.encoder[0].relu = l + 1 < depth;
        pair.decoder[0].relu = l > 0;
        const auto small = makeAutoEncoder(pair, run.settings.device);
        std::vector<float> start(pair.total);
        copyLayer(parameters, whole.encoder[l], start, pair.encoder[0]);
        copyLayer(parameters, whole.decoder[depth - 1 - l], start, pair.decoder[0]);
        small->setParameters(start);
        const bool linear = l + 1 == depth;
        const PretrainPlan plan{"pre-training layer " + std::to_string(l + 1) + " of " + std::to_string(depth),
                                std::max(1, run.settings.epochs / 2),
                                static_cast<double>(x.cols()) / 2,
                                l == 0 ? 0.0 : run.settings.dropout,
                                linear ? 0.0 : run.settings.dropout,
                                [&](double part) { return steppedRate(run.settings.rate, part); },
                                false};
        const bool good = pretrainStage(*small, x, plan, run);
        const std::vector<float> trained = small->parameters();
        copyLayer(trained, pair.encoder[0], parameters, whole.encoder[l]);
        copyLayer(trained, pair.decoder[0], parameters, whole.decoder[depth - 1 - l]);
        network.setParameters(parameters);
        if (!good) {
            return false;
        }
        x = small->codes(run.job);
    }
    return true;
}

void warnIfStalled(TrainingRun& run)
{
    const double variance = spreadOf(run.x).variance;
    if (!run.curve.empty() && variance > 0 && run.curve.back().reconstruction > 0.95 * variance) {
        run.warnings.push_back(
            "The autoencoder has learnt hardly more than the mean of the rows (error " +
            shortNumber(run.curve.back().reconstruction) + ", variance of the data " + shortNumber(variance) +
            "): the clusters mean little. Use more epochs or another lr, and no fewer rows than a few hundred.");
    }
}

} // namespace

Spread spreadOf(const Matrix& x)
{
    std::vector<double> mean(x.cols(), 0.0);
    const double n = std::max<double>(1, static_cast<double>(x.rows())), d = static_cast<double>(x.cols());
    Spread spread;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        for (std::size_t j = 0; j < x.cols(); ++j) {
            const double v = x.at(i, j);
            mean[j] += v / n;
            spread.square += v * v / (n * d);
        }
    }
    const double middle = std::inner_product(mean.begin(), mean.end(), mean.begin(), 0.0) / d;
    spread.variance = std::max(0.0, spread.square - middle);
    return spread;
}

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

bool pretrainStage(AutoEncoder& network, const Matrix& x, const PretrainPlan& plan, TrainingRun& run)
{
    return Stage(network, x, plan, run).train();
}

void pretrain(AutoEncoder& network, TrainingRun& run)
{
    const DeepSettings& s = run.settings;
    PretrainPlan plan{"pre-training", s.epochs, 1, s.dropout, 0, [&](double) { return s.rate; }, true};
    if (s.recipe == "paper") {
        if (!pretrainLayers(network, run)) {
            network.setData(run.x);
            return;
        }
        plan.inputNoise = 0;
        plan.stage = "fine-tuning";
        plan.weight = static_cast<double>(run.x.cols()) / 2;
    } else {
        network.setParameters(initialParameters(network.layout(), 0, run.seed));
    }
    if (s.schedule == "steps") {
        plan.rate = [&](double part) { return steppedRate(s.rate, part); };
    } else if (s.schedule == "cosine") {
        plan.rate = [&](double part) { return cosineRate(s.rate, part); };
    }
    if (pretrainStage(network, run.x, plan, run)) {
        warnIfStalled(run);
    }
}

} // namespace semascope::core
