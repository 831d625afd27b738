#include "core/cluster/AutoEncoderKernels_p.h"
#include "core/cluster/AutoEncoder_p.h"
#include "core/cluster/StudentT_p.h"
#include "core/job/Gemm.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace semascope::core {

namespace {

constexpr std::size_t kBlockRows = 1024;             ///< rows encoded at once
constexpr std::uint64_t kCodeNoise = 0x5DEECE66DULL; ///< tells the noise of the code from that of the input

/// Forward, backward and update by hand: no graph, no allocation once the first step has run.
class CpuAutoEncoder final : public AutoEncoder
{
public:
    explicit CpuAutoEncoder(const AutoEncoderLayout& layout)
        : AutoEncoder(layout), m_parameters(layout.total, 0.0F), m_gradient(layout.total, 0.0F)
    {
        m_chain = m_layout.encoder;
        m_chain.insert(m_chain.end(), m_layout.decoder.begin(), m_layout.decoder.end());
        m_outputs.resize(m_chain.size());
    }

    void setData(const Matrix& x) override { m_data = x; }
    void setTargets(const Matrix& p) override { m_targets = p; }
    void setParameters(const std::vector<float>& values) override { m_parameters = values; }
    std::vector<float> parameters() override { return m_parameters; }
    void startOptimiser(const Optimiser& optimiser) override
    {
        m_optimiser = optimiser;
        m_steps = 0;
        std::fill(m_gradient.begin(), m_gradient.end(), 0.0F);
        const std::size_t moments = optimiser.kind == Optimiser::Kind::Adam ? m_layout.total : 0;
        m_mean.assign(moments, 0.0F);
        m_square.assign(moments, 0.0F);
    }
    double takeSquaredError() override { return std::exchange(m_squaredError, 0.0); }
    Matrix codes(JobContext& job) override;
    void step(const TrainStep& step) override;

private:
    void reserve(std::size_t count);
    void forward(const TrainStep& step);
    void backward(const TrainStep& step);
    void outputLoss(const TrainStep& step, float* delta);
    void clusterLoss(const TrainStep& step, float* delta);
    void layerGradient(std::size_t l, std::size_t count, const float* delta);
    void update(const TrainStep& step);
    /// What a gradient is added to: SGD's velocity is kept in the gradient's own memory.
    float beta() const
    {
        return m_optimiser.kind == Optimiser::Kind::Sgd ? static_cast<float>(m_optimiser.momentum) : 0.0F;
    }
    const float* inputOf(std::size_t l) const { return l == 0 ? m_input.data() : m_outputs[l - 1].data(); }

    Matrix m_data, m_targets;
    std::vector<float> m_parameters, m_gradient, m_mean, m_square;
    Optimiser m_optimiser;
    int m_steps = 0;
    double m_squaredError = 0;
    std::vector<DenseLayer> m_chain; ///< encoder, then decoder
    std::vector<float> m_input, m_clean, m_columns;
    std::vector<std::vector<float>> m_outputs; ///< after each layer of the chain
    std::vector<float> m_delta, m_next;
};

void CpuAutoEncoder::reserve(std::size_t count)
{
    std::size_t widest = 0;
    for (std::size_t l = 0; l < m_chain.size(); ++l) {
        const std::size_t kept = l + 1 < m_chain.size() ? count * m_chain[l].out : 0;
        m_outputs[l].resize(std::max(m_outputs[l].size(), kept));
        widest = std::max(widest, std::max(m_chain[l].in, m_chain[l].out));
    }
    for (std::vector<float>* buffer : {&m_delta, &m_next}) {
        buffer->resize(std::max(buffer->size(), count * widest));
    }
    m_input.resize(std::max(m_input.size(), count * m_layout.inputDim()));
    m_columns.resize(m_layout.inputDim());
}

void CpuAutoEncoder::step(const TrainStep& step)
{
    reserve(step.count);
    dense::gatherRows(m_data.data(), m_layout.inputDim(), step.rows, step.count, m_input.data());
    if (step.inputNoise > 0) {
        m_clean = m_input;
        dense::dropOut(m_input.data(), step.count * m_layout.inputDim(), step.inputNoise, step.noiseSeed);
    }
    forward(step);
    backward(step);
    update(step);
}

void CpuAutoEncoder::forward(const TrainStep& step)
{
    const std::size_t depth = m_layout.encoder.size();
    const std::size_t last = step.reconstruction > 0 ? m_chain.size() : depth;
    for (std::size_t l = 0; l < last; ++l) {
        const DenseLayer& layer = m_chain[l];
        const bool reconstructed = l + 1 == m_chain.size(); // straight to where the loss makes its gradient of it
        float* const out = reconstructed ? m_delta.data() : m_outputs[l].data();
        gemm({step.count, layer.out, layer.in, inputOf(l), m_parameters.data() + layer.weight, out, false, true, 0});
        if (reconstructed) {
            return;
        }
        dense::addBias({out, m_parameters.data() + layer.bias, step.count, layer.out, layer.relu});
        if (l + 1 == depth) {
            dense::dropOut(out, step.count * layer.out, step.codeNoise, step.noiseSeed ^ kCodeNoise);
        }
    }
}

void CpuAutoEncoder::outputLoss(const TrainStep& step, float* delta)
{
    const DenseLayer& layer = m_chain.back();
    const std::size_t numbers = step.count * layer.out;
    const float* const target = step.inputNoise > 0 ? m_clean.data() : m_input.data();
    dense::outputDelta({delta, m_parameters.data() + layer.bias, target, step.count, layer.out, layer.relu,
                        static_cast<float>(2 * step.reconstruction / static_cast<double>(numbers)), beta(),
                        m_gradient.data() + layer.bias, m_columns.data()});
    m_squaredError += std::accumulate(m_columns.begin(), m_columns.end(), 0.0);
}

void CpuAutoEncoder::clusterLoss(const TrainStep& step, float* delta)
{
    const std::size_t c = m_layout.codeDim();
    const StudentBatch batch{m_outputs[m_layout.encoder.size() - 1].data(),
                             m_targets.data(),
                             step.rows,
                             step.count,
                             m_parameters.data() + m_layout.centroids,
                             m_layout.clusters,
                             c,
                             step.clustering / static_cast<double>(step.count),
                             beta(),
                             delta,
                             m_gradient.data() + m_layout.centroids};
    addStudentTGradients(batch);
}

void CpuAutoEncoder::layerGradient(std::size_t l, std::size_t count, const float* delta)
{
    const DenseLayer& layer = m_chain[l];
    gemm({layer.out, layer.in, count, delta, inputOf(l), m_gradient.data() + layer.weight, true, false, beta()});
}

void CpuAutoEncoder::backward(const TrainStep& step)
{
    const std::size_t depth = m_layout.encoder.size(), c = m_layout.codeDim();
    float* delta = m_delta.data();
    float* next = m_next.data();
    const auto through = [&](std::size_t l) { // delta before layer l from that after it
        const DenseLayer& layer = m_chain[l];
        gemm({step.count, layer.in, layer.out, delta, m_parameters.data() + layer.weight, next, false, false, 0});
        std::swap(delta, next);
    };
    const auto mask = [&](std::size_t l) {
        const DenseLayer& layer = m_chain[l];
        dense::maskDelta(
            {delta, m_outputs[l].data(), step.count, layer.out, layer.relu, beta(), m_gradient.data() + layer.bias});
    };
    if (step.reconstruction > 0) {
        outputLoss(step, delta);
        for (std::size_t l = m_chain.size() - 1; l >= depth; --l) {
            layerGradient(l, step.count, delta);
            through(l);
            if (l > depth) {
                mask(l - 1);
            }
        }
        dense::dropOut(delta, step.count * c, step.codeNoise, step.noiseSeed ^ kCodeNoise);
    } else {
        std::fill_n(delta, step.count * c, 0.0F);
    }
    if (step.clustering > 0) {
        clusterLoss(step, delta);
    }
    for (std::size_t l = depth; l-- > 0;) {
        mask(l);
        layerGradient(l, step.count, delta);
        if (l > 0) {
            through(l);
        }
    }
}

void CpuAutoEncoder::update(const TrainStep& step)
{
    const std::size_t begin = step.reconstruction > 0 ? 0 : m_layout.encoderBegin;
    const std::size_t end = step.clustering > 0 ? m_layout.total : m_layout.centroids;
    ++m_steps;
    if (m_optimiser.kind == Optimiser::Kind::Sgd) {
        dense::sgdUpdate(m_parameters.data() + begin, m_gradient.data() + begin, end - begin,
                         static_cast<float>(step.rate));
    } else {
        dense::adamUpdate({m_parameters.data() + begin, m_gradient.data() + begin, m_mean.data() + begin,
                           m_square.data() + begin, end - begin, step.rate, m_steps});
    }
}

Matrix CpuAutoEncoder::codes(JobContext& job)
{
    const std::size_t n = m_data.rows(), c = m_layout.codeDim();
    std::vector<float> all(n * c);
    for (std::size_t begin = 0; begin < n; begin += kBlockRows) {
        job.checkpoint();
        const std::size_t count = std::min(kBlockRows, n - begin);
        const std::vector<float> some = denseForward(m_parameters.data(), m_layout.encoder, m_data.row(begin), count);
        std::copy(some.begin(), some.end(), all.begin() + static_cast<std::ptrdiff_t>(begin * c));
    }
    return Matrix::from(std::move(all), n, c);
}

} // namespace

std::unique_ptr<AutoEncoder> makeCpuAutoEncoder(const AutoEncoderLayout& layout)
{
    return std::make_unique<CpuAutoEncoder>(layout);
}

} // namespace semascope::core
