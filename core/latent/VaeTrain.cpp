#include "core/latent/VaeTrain.h"

#include "core/job/Compute.h"
#include "core/latent/VaeAdam_p.h"
#include "core/latent/VaeFiles_p.h"
#include "core/latent/VaeObjective_p.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

constexpr std::size_t kShown = 8;

VaeSpec networkOf(const VaeTrainSpec& spec, const PixelSet& pixels)
{
    if (pixels.side != 32 && pixels.side != 64) {
        throw Error(Code::Misuse, "A VAE is trained on pictures of 32 or 64 pixels; " + std::to_string(pixels.side) +
                                      " were asked for.");
    }
    if (spec.architecture == "burgess") {
        return burgessSpec(pixels.side, pixels.channels, spec.latents);
    }
    if (spec.architecture == "disentanglement_lib") {
        return disentanglementLibSpec(pixels.side, pixels.channels, spec.latents);
    }
    throw Error(Code::Misuse, "\"" + spec.architecture +
                                  "\" is no architecture that can be trained: use burgess or "
                                  "disentanglement_lib.");
}

void checkSpec(const VaeTrainSpec& s, const PixelSet& pixels)
{
    const bool known =
        s.objective == "vae" || s.objective == "beta" || s.objective == "factor" || s.objective == "btcvae";
    if (!known) {
        throw Error(Code::Misuse, "\"" + s.objective + "\" is no objective: use vae, beta, factor or btcvae.");
    }
    const bool sane = s.latents >= 1 && s.latents <= 1024 && s.epochs >= 1 && s.batch >= 2 && s.rate > 0 &&
                      s.heldOut >= 0 && s.heldOut < 1;
    if (!sane) {
        throw Error(Code::Misuse, "Training a VAE needs at least 1 latent, 1 epoch, batches of 2 or more, a positive "
                                  "rate and a held-out share from 0 to below 1.");
    }
    if (pixels.size() < 4) {
        throw Error(Code::Mismatch,
                    "Training a VAE needs at least 4 pictures; there are " + std::to_string(pixels.size()) + ".");
    }
}

/// Everything of one training run.
class Trainer
{
public:
    Trainer(const PixelSet& pixels, const VaeTrainSpec& spec, std::string folder, JobContext& job)
        : m_pixels(pixels),
          m_spec(spec),
          m_net(networkOf(spec, pixels)),
          m_folder(std::move(folder)),
          m_job(job),
          m_device(deviceOf(spec.device)),
          m_weights(latent::drawWeights(m_net, spec.seed, m_device)),
          m_adam(&m_weights, {spec.rate})
    {
        split();
        if (spec.objective == "factor") {
            m_critic = latent::drawDiscriminator(spec.latents, spec.seed + 1, m_device);
            m_criticAdam = std::make_unique<latent::Adam>(&m_critic, latent::Adam::Settings{spec.rate / 10, 0.5, 0.9});
        }
        m_progress.spec = spec;
        m_progress.side = pixels.side;
        m_progress.channels = pixels.channels;
        m_progress.trained = m_train.size();
        m_progress.held = m_held.size();
    }

    VaeProgress run()
    {
        resume();
        for (int epoch = static_cast<int>(m_progress.epochs.size()); epoch < m_spec.epochs; ++epoch) {
            VaeEpoch result = train(epoch);
            if (!std::isfinite(result.loss)) {
                throw Error(Code::ModelFailed, "Training left the finite numbers in epoch " +
                                                   std::to_string(epoch + 1) +
                                                   " and was stopped; the weights of the "
                                                   "epoch before are kept in " +
                                                   m_folder + ". Lower the rate.");
            }
            judge(result);
            m_progress.epochs.push_back(result);
            save();
            show();
        }
        return m_progress;
    }

private:
    static at::Device deviceOf(const std::string& word)
    {
        const Device d = chooseDevice(word);
        return d.cuda ? at::Device(at::kCUDA, static_cast<at::DeviceIndex>(d.index)) : at::Device(at::kCPU);
    }

    void split()
    {
        std::vector<std::uint32_t> order(m_pixels.size());
        std::iota(order.begin(), order.end(), 0U);
        std::mt19937_64 random(m_spec.seed);
        std::shuffle(order.begin(), order.end(), random);
        const auto held = static_cast<std::size_t>(m_spec.heldOut * static_cast<double>(order.size()));
        m_held.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(held));
        m_train.assign(order.begin() + static_cast<std::ptrdiff_t>(held), order.end());
    }

    at::Tensor pictures(const std::vector<std::uint32_t>& which, std::size_t first, std::size_t count) const
    {
        const std::int64_t side = m_pixels.side;
        at::Tensor x = at::empty({static_cast<std::int64_t>(count), m_pixels.channels, side, side}, at::kFloat);
        const auto each = static_cast<std::size_t>(m_pixels.channels * side * side);
        for (std::size_t i = 0; i < count; ++i) {
            m_pixels.copy(which[first + i], PixelRange::Unit, x.data_ptr<float>() + i * each);
        }
        return x.to(m_device);
    }

    /// Equal for equal seed, epoch and batch, however often training was interrupted.
    at::Generator chance(int epoch, std::size_t batch) const
    {
        return at::detail::createCPUGenerator(m_spec.seed * 1000003 + static_cast<std::uint64_t>(epoch) * 100003 +
                                              batch);
    }

    double strength() const
    {
        const auto steps = static_cast<double>(m_adam.steps());
        return m_spec.anneal > 0 ? std::min(1.0, steps / m_spec.anneal) : 1.0;
    }

    latent::Terms terms(const at::Tensor& x, const at::Tensor& z, const std::pair<at::Tensor, at::Tensor>& posterior)
    {
        latent::Terms t;
        const double n = static_cast<double>(x.size(0));
        const at::Tensor logits = latent::run(m_net.decoder, m_weights, z, true, true);
        t.reconstruction = at::binary_cross_entropy_with_logits(logits, x, {}, {}, at::Reduction::Sum) / n;
        t.divergenceOf = latent::divergenceOf(posterior.first, posterior.second).mean(0);
        t.divergence = t.divergenceOf.sum();
        if (m_spec.objective == "btcvae") {
            const auto parts = latent::decompose(z, posterior.first, posterior.second, m_train.size());
            t.correlation = parts.correlation;
            t.loss = t.reconstruction + parts.information + m_spec.beta * strength() * parts.correlation +
                     strength() * parts.dimensionWise;
        } else if (m_spec.objective == "factor") {
            const at::Tensor verdict = latent::discriminate(m_critic, z);
            t.correlation = (verdict.select(1, 0) - verdict.select(1, 1)).mean();
            t.loss = t.reconstruction + t.divergence + m_spec.gamma * strength() * t.correlation;
        } else {
            const double beta = m_spec.objective == "beta" ? m_spec.beta : 1.0;
            t.loss = t.reconstruction + (1 + (beta - 1) * strength()) * t.divergence;
        }
        return t;
    }

    latent::Terms step(const at::Tensor& x, int epoch, std::size_t batch)
    {
        at::Generator random = chance(epoch, batch);
        const bool critic = m_spec.objective == "factor";
        const std::int64_t half = critic ? x.size(0) / 2 : x.size(0);
        const at::Tensor mine = x.slice(0, 0, half);
        const auto sample = [&](const at::Tensor& pixels) {
            auto posterior = latent::splitHead(m_net, latent::run(m_net.encoder, m_weights, pixels, true));
            const at::Tensor noise = at::randn(posterior.first.sizes(), random).to(m_device);
            return std::pair{posterior, posterior.first + (0.5 * posterior.second).exp() * noise};
        };
        const auto [posterior, z] = sample(mine);
        latent::Terms t = terms(mine, z, posterior);
        m_adam.clear();
        t.loss.backward();
        m_adam.step();
        if (critic && half >= 2) {
            const at::Tensor other = sample(x.slice(0, half, 2 * half)).second.detach();
            teach(z.detach(), latent::permuteLatents(other, random));
        }
        return t;
    }

    void teach(const at::Tensor& real, const at::Tensor& permuted)
    {
        m_criticAdam->clear();
        const auto classes = [&](std::int64_t which, std::int64_t n) {
            return at::full({n}, which, at::TensorOptions().dtype(at::kLong).device(m_device));
        };
        const at::Tensor loss =
            0.5 * (at::cross_entropy_loss(latent::discriminate(m_critic, real), classes(0, real.size(0))) +
                   at::cross_entropy_loss(latent::discriminate(m_critic, permuted), classes(1, permuted.size(0))));
        loss.backward();
        m_criticAdam->step();
    }

    VaeEpoch train(int epoch)
    {
        std::vector<std::uint32_t> order = m_train;
        std::mt19937_64 random(m_spec.seed + 7919 * static_cast<std::uint64_t>(epoch + 1));
        std::shuffle(order.begin(), order.end(), random);
        VaeEpoch result;
        result.epoch = epoch + 1;
        const auto size = std::min(static_cast<std::size_t>(m_spec.batch), order.size());
        const std::size_t batches = order.size() / size; // what is left over comes in another epoch
        for (std::size_t b = 0; b < batches; ++b) {
            m_job.checkpoint();
            const latent::Terms t = step(pictures(order, b * size, size), epoch, b);
            const double share = 1 / static_cast<double>(batches);
            result.loss += share * t.loss.item<double>();
            result.reconstruction += share * t.reconstruction.item<double>();
            result.divergence += share * t.divergence.item<double>();
            result.correlation += t.correlation.defined() ? share * t.correlation.item<double>() : 0;
            if (!std::isfinite(result.loss)) {
                break;
            }
            const auto done = static_cast<std::size_t>(epoch) * batches + b + 1;
            m_job.progress("epoch " + std::to_string(epoch + 1) + " of " + std::to_string(m_spec.epochs), "pictures",
                           done * size, static_cast<std::size_t>(m_spec.epochs) * batches * size);
            if (m_job.wantsPartial()) {
                show();
            }
        }
        return result;
    }

    /// On pictures that were not trained on.
    void judge(VaeEpoch& result)
    {
        const c10::InferenceMode inference;
        const bool any = !m_held.empty();
        const auto& which = any ? m_held : m_train;
        const std::size_t most = any ? which.size() : std::min<std::size_t>(which.size(), 1000);
        at::Tensor each = at::zeros({m_spec.latents}, at::kDouble);
        double entropy = 0, squares = 0;
        for (std::size_t first = 0; first < most; first += 256) {
            m_job.checkpoint();
            const std::size_t count = std::min<std::size_t>(256, most - first);
            const at::Tensor x = pictures(which, first, count);
            const auto posterior = latent::splitHead(m_net, latent::run(m_net.encoder, m_weights, x));
            const at::Tensor logits = latent::run(m_net.decoder, m_weights, posterior.first, false, true);
            entropy += at::binary_cross_entropy_with_logits(logits, x, {}, {}, at::Reduction::Sum).item<double>();
            squares += (at::sigmoid(logits) - x).square().sum().item<double>();
            each += latent::divergenceOf(posterior.first, posterior.second).sum(0).to(at::kCPU, at::kDouble);
        }
        each /= static_cast<double>(most);
        result.divergenceOf.assign(each.data_ptr<double>(), each.data_ptr<double>() + m_spec.latents);
        const double numbers = static_cast<double>(m_pixels.channels * m_pixels.side * m_pixels.side);
        const double none = std::numeric_limits<double>::quiet_NaN();
        result.heldReconstruction = any ? entropy / static_cast<double>(most) : none;
        result.heldDivergence = any ? each.sum().item<double>() : none;
        result.heldPsnr = any ? -10 * std::log10(squares / static_cast<double>(most) / numbers) : none;
    }

    void show()
    {
        const c10::InferenceMode inference;
        const auto& which = m_held.empty() ? m_train : m_held;
        const std::size_t count = std::min(kShown, which.size());
        const at::Tensor x = pictures(which, 0, count);
        const auto posterior = latent::splitHead(m_net, latent::run(m_net.encoder, m_weights, x));
        const auto matrix = [count](const at::Tensor& t) {
            const at::Tensor held = t.to(at::kCPU).contiguous();
            const float* data = held.data_ptr<float>();
            return Matrix::from(std::vector<float>(data, data + held.numel()), count,
                                static_cast<std::size_t>(held.numel()) / count);
        };
        m_progress.originals = matrix(x);
        m_progress.reconstructions = matrix(latent::run(m_net.decoder, m_weights, posterior.first));
        m_job.publish(std::make_shared<const VaeProgress>(m_progress));
    }

    void save()
    {
        latent::Weights state = m_adam.state();
        std::map<std::string, std::int64_t> counts{{"steps", m_adam.steps()}};
        if (m_criticAdam) {
            for (const auto& [name, value] : m_criticAdam->state()) {
                state[name] = value;
            }
            for (const auto& [name, value] : m_critic) {
                state[name] = value;
            }
            counts["critic_steps"] = m_criticAdam->steps();
        }
        latent::saveVae(m_folder, m_net, m_weights);
        latent::saveTraining(m_folder, {m_progress, m_weights, state, counts, pictureHash()});
    }

    void resume()
    {
        const auto before = latent::openTraining(m_folder, m_spec, pictureHash());
        if (!before) {
            return;
        }
        const at::NoGradGuard plain;
        for (auto& [name, value] : m_weights) {
            value.copy_(before->weights.at(name));
        }
        m_adam.restore(before->state, before->counts.at("steps"));
        if (m_criticAdam) {
            for (auto& [name, value] : m_critic) {
                value.copy_(before->state.at(name));
            }
            m_criticAdam->restore(before->state, before->counts.at("critic_steps"));
        }
        m_progress.epochs = before->progress.epochs;
    }

    std::string pictureHash() const { return latent::hashOf(m_pixels); }

    const PixelSet& m_pixels;
    VaeTrainSpec m_spec;
    VaeSpec m_net;
    std::string m_folder;
    JobContext& m_job;
    at::Device m_device;
    latent::Weights m_weights, m_critic;
    latent::Adam m_adam;
    std::unique_ptr<latent::Adam> m_criticAdam;
    std::vector<std::uint32_t> m_train, m_held;
    VaeProgress m_progress;
};

} // namespace

VaeProgress trainVae(const PixelSet& pixels, const VaeTrainSpec& spec, const std::string& folder, JobContext& job)
{
    checkSpec(spec, pixels);
    return Trainer(pixels, spec, folder, job).run();
}

} // namespace semascope::core
