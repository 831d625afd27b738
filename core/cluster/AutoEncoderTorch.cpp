#include "core/cluster/AutoEncoder_p.h"
#include "core/job/Error.h"
#include "core/job/TorchPch_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr std::int64_t kBlockRows = 16384; ///< rows encoded at once
constexpr double kEpsilon = 1e-8;

std::int64_t number(std::size_t n)
{
    return static_cast<std::int64_t>(n);
}

/// The same forward and backward pass as on the CPU, by the tensor library: on a GPU, and to check one by the other.
/// Parameters, gradient and moments are flat tensors; layers are views of them.
class TorchAutoEncoder final : public AutoEncoder
{
public:
    TorchAutoEncoder(const AutoEncoderLayout& layout, const Device& device)
        : AutoEncoder(layout),
          m_device(device.cuda ? at::Device(at::kCUDA, static_cast<at::DeviceIndex>(device.index))
                               : at::Device(at::kCPU))
    {
        m_chain = m_layout.encoder;
        m_chain.insert(m_chain.end(), m_layout.decoder.begin(), m_layout.decoder.end());
        m_parameters = zeros(layout.total);
        m_gradient = zeros(layout.total);
        m_error = at::zeros({}, at::TensorOptions().dtype(at::kDouble).device(m_device));
    }

    void setData(const Matrix& x) override
    {
        guarded([&] { m_data = onDevice(x); });
    }
    void setTargets(const Matrix& p) override
    {
        guarded([&] { m_targets = onDevice(p); });
    }
    void setParameters(const std::vector<float>& values) override;
    std::vector<float> parameters() override;
    void startOptimiser(const Optimiser& optimiser) override;
    void step(const TrainStep& step) override
    {
        guarded([&] { stepOnce(step); });
    }
    double takeSquaredError() override;
    Matrix codes(JobContext& job) override;

private:
    template<class Body> void guarded(const Body& body)
    {
        const c10::InferenceMode mode;
        try {
            body();
        } catch (const Error&) {
            throw;
        } catch (...) {
            throw errorFromCurrentException("training the network on " + m_device.str());
        }
    }
    at::Tensor zeros(std::size_t count) const
    {
        return at::zeros({number(count)}, at::TensorOptions().dtype(at::kFloat).device(m_device));
    }
    at::Tensor onDevice(const Matrix& x) const
    {
        const at::Tensor host = at::empty({number(x.rows()), number(x.cols())}, at::kFloat);
        std::copy_n(x.data(), x.rows() * x.cols(), host.data_ptr<float>());
        return host.to(m_device);
    }
    static at::Tensor weightIn(const at::Tensor& flat, const DenseLayer& layer)
    {
        return flat.narrow(0, number(layer.weight), number(layer.in * layer.out))
            .view({number(layer.out), number(layer.in)});
    }
    static at::Tensor biasIn(const at::Tensor& flat, const DenseLayer& layer)
    {
        return flat.narrow(0, number(layer.bias), number(layer.out));
    }
    at::Tensor centroidsIn(const at::Tensor& flat) const
    {
        return flat.narrow(0, number(m_layout.centroids), number(m_layout.clusters * m_layout.codeDim()))
            .view({number(m_layout.clusters), number(m_layout.codeDim())});
    }
    at::Tensor through(const at::Tensor& x, const DenseLayer& layer) const
    {
        at::Tensor y = at::addmm(biasIn(m_parameters, layer), x, weightIn(m_parameters, layer).t());
        return layer.relu ? y.clamp_min_(0) : y;
    }
    at::Tensor noise(const at::Tensor& like, double rate) const
    {
        return at::bernoulli(at::full_like(like, 1 - rate)).div_(1 - rate);
    }
    void stepOnce(const TrainStep& step);
    at::Tensor clusterDelta(const at::Tensor& z, const at::Tensor& targets, double scale);
    at::Tensor backThrough(std::size_t l, at::Tensor delta, const at::Tensor& in, const at::Tensor& out, bool further);
    void update(const TrainStep& step);

    at::Device m_device;
    at::Tensor m_data, m_targets, m_parameters, m_gradient, m_velocity, m_mean, m_square, m_error;
    Optimiser m_optimiser;
    int m_steps = 0;
    std::vector<DenseLayer> m_chain;
};

void TorchAutoEncoder::setParameters(const std::vector<float>& values)
{
    guarded([&] {
        const at::Tensor host = at::empty({number(values.size())}, at::kFloat);
        std::copy(values.begin(), values.end(), host.data_ptr<float>());
        m_parameters.copy_(host);
    });
}

std::vector<float> TorchAutoEncoder::parameters()
{
    std::vector<float> values;
    guarded([&] {
        const at::Tensor host = m_parameters.to(at::kCPU);
        values.assign(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
    });
    return values;
}

void TorchAutoEncoder::startOptimiser(const Optimiser& optimiser)
{
    guarded([&] {
        m_optimiser = optimiser;
        m_steps = 0;
        m_velocity = optimiser.kind == Optimiser::Kind::Sgd ? zeros(m_layout.total) : at::Tensor();
        m_mean = optimiser.kind == Optimiser::Kind::Adam ? zeros(m_layout.total) : at::Tensor();
        m_square = optimiser.kind == Optimiser::Kind::Adam ? zeros(m_layout.total) : at::Tensor();
    });
}

double TorchAutoEncoder::takeSquaredError()
{
    double error = 0;
    guarded([&] {
        error = m_error.item<double>();
        m_error.zero_();
    });
    return error;
}

/// Gradient of the codes; that of the centroids is stored.
at::Tensor TorchAutoEncoder::clusterDelta(const at::Tensor& z, const at::Tensor& targets, double scale)
{
    const at::Tensor mu = centroidsIn(m_parameters);
    const at::Tensor miss = z.unsqueeze(1) - mu.unsqueeze(0); // B×k×c
    const at::Tensor kernel = (miss.square().sum(2) + 1).reciprocal_();
    const at::Tensor q = kernel / kernel.sum(1, true);
    const at::Tensor pull = kernel * (targets - q) * (2 * scale);
    const at::Tensor parts = miss * pull.unsqueeze(2);
    centroidsIn(m_gradient).copy_(parts.sum(0).neg_());
    return parts.sum(1);
}

/// delta: gradient after layer l's activation; returns that before the layer.
at::Tensor TorchAutoEncoder::backThrough(std::size_t l, at::Tensor delta, const at::Tensor& in, const at::Tensor& out,
                                         bool further)
{
    const DenseLayer& layer = m_chain[l];
    if (layer.relu) {
        delta = delta * out.gt(0);
    }
    weightIn(m_gradient, layer).copy_(at::mm(delta.t(), in));
    biasIn(m_gradient, layer).copy_(delta.sum(0));
    return further ? at::mm(delta, weightIn(m_parameters, layer)) : at::Tensor();
}

void TorchAutoEncoder::stepOnce(const TrainStep& step)
{
    const at::Tensor host = at::empty({number(step.count)}, at::kLong);
    std::copy_n(step.rows, step.count, host.data_ptr<std::int64_t>());
    const at::Tensor rows = host.to(m_device);
    const at::Tensor clean = m_data.index_select(0, rows);
    const std::size_t depth = m_layout.encoder.size();
    const std::size_t last = step.reconstruction > 0 ? m_chain.size() : depth;
    std::vector<at::Tensor> at{step.inputNoise > 0 ? clean * noise(clean, step.inputNoise) : clean};
    at::Tensor dropped;
    for (std::size_t l = 0; l < last; ++l) {
        at.push_back(through(at[l], m_chain[l]));
        if (l + 1 == depth && step.codeNoise > 0) {
            dropped = noise(at.back(), step.codeNoise);
            at.back() = at.back() * dropped;
        }
    }
    at::Tensor delta = at::zeros_like(at[depth]);
    if (step.reconstruction > 0) {
        const at::Tensor miss = at.back() - clean;
        m_error += miss.square().sum(at::kDouble);
        delta = miss * (2 * step.reconstruction / static_cast<double>(miss.numel()));
        for (std::size_t l = m_chain.size(); l-- > depth;) {
            delta = backThrough(l, delta, at[l], at[l + 1], true);
        }
        delta = dropped.defined() ? delta * dropped : delta;
    }
    if (step.clustering > 0) {
        delta = delta + clusterDelta(at[depth], m_targets.index_select(0, rows),
                                     step.clustering / static_cast<double>(step.count));
    }
    for (std::size_t l = depth; l-- > 0;) {
        delta = backThrough(l, delta, at[l], at[l + 1], l > 0);
    }
    update(step);
}

void TorchAutoEncoder::update(const TrainStep& step)
{
    const std::int64_t begin = step.reconstruction > 0 ? 0 : number(m_layout.encoderBegin);
    const std::int64_t count = number(step.clustering > 0 ? m_layout.total : m_layout.centroids) - begin;
    const at::Tensor values = m_parameters.narrow(0, begin, count), gradient = m_gradient.narrow(0, begin, count);
    ++m_steps;
    if (m_optimiser.kind == Optimiser::Kind::Sgd) {
        at::Tensor velocity = m_velocity.narrow(0, begin, count);
        velocity.mul_(m_optimiser.momentum).add_(gradient);
        values.sub_(velocity, step.rate);
        return;
    }
    const double first = 1 - std::pow(0.9, m_steps), second = 1 - std::pow(0.999, m_steps);
    at::Tensor mean = m_mean.narrow(0, begin, count), square = m_square.narrow(0, begin, count);
    mean.mul_(0.9).add_(gradient, 0.1);
    square.mul_(0.999).addcmul_(gradient, gradient, 0.001);
    const at::Tensor root = square.sqrt().mul_(1 / std::sqrt(second)).add_(kEpsilon);
    values.addcdiv_(mean, root, -step.rate / first);
}

Matrix TorchAutoEncoder::codes(JobContext& job)
{
    std::vector<float> all;
    const std::int64_t n = m_data.size(0);
    for (std::int64_t begin = 0; begin < n; begin += kBlockRows) {
        job.checkpoint();
        guarded([&] {
            at::Tensor x = m_data.narrow(0, begin, std::min(kBlockRows, n - begin));
            for (const DenseLayer& layer : m_layout.encoder) {
                x = through(x, layer);
            }
            const at::Tensor host = x.to(at::kCPU).contiguous();
            all.insert(all.end(), host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
        });
    }
    return Matrix::from(std::move(all), static_cast<std::size_t>(n), m_layout.codeDim());
}

} // namespace

std::unique_ptr<AutoEncoder> makeTorchAutoEncoder(const AutoEncoderLayout& layout, const Device& device)
{
    const c10::InferenceMode mode;
    try {
        return std::make_unique<TorchAutoEncoder>(layout, device);
    } catch (...) {
        throw errorFromCurrentException("preparing a network on " + device.name());
    }
}

} // namespace semascope::core
