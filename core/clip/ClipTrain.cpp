#include "core/clip/ClipTrain.h"

#include "core/checkpoint/Detect.h"
#include "core/clip/ClipNet_p.h"
#include "core/clip/Tokenizer.h"
#include "core/job/Compute.h"
#include "core/latent/VaeAdam_p.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <random>

namespace semascope::core {

namespace {

using Order = std::vector<std::uint32_t>;

void checkSpec(const PixelSet& pixels, const std::vector<std::vector<std::string>>& captions, const ClipTrainSpec& s)
{
    if (captions.size() != pixels.size()) {
        throw Error(Code::Mismatch, std::to_string(pixels.size()) + " pictures and captions of " +
                                        std::to_string(captions.size()) + " do not belong together.");
    }
    const bool captioned = std::none_of(captions.begin(), captions.end(), [](const auto& of) { return of.empty(); });
    if (!captioned || pixels.size() < 16) {
        throw Error(Code::Mismatch, "Training a CLIP needs at least 16 pictures, each with a caption.");
    }
    if (pixels.side != s.imageSize || pixels.channels != 3 || s.patch < 1 || s.imageSize % s.patch != 0) {
        throw Error(Code::Misuse, "The picture tower takes colour pictures whose side is a multiple of the patch.");
    }
    if (s.width % s.heads != 0 || s.textWidth % s.textHeads != 0 || s.batch < 2 || s.epochs < 1 || s.context < 4) {
        throw Error(Code::Misuse, "A CLIP's widths are multiples of its heads, batches have 2 pictures or more, and "
                                  "texts at least 4 tokens.");
    }
}

class ClipTrainer
{
public:
    ClipTrainer(const PixelSet& pixels, const std::vector<std::vector<std::string>>& captions,
                const ClipTrainSpec& spec, std::string folder, JobContext& job)
        : m_pixels(pixels), m_captions(captions), m_spec(spec), m_folder(std::move(folder)), m_job(job)
    {
        const Device d = chooseDevice(spec.device);
        m_device = d.cuda ? at::Device(at::kCUDA, static_cast<at::DeviceIndex>(d.index)) : at::Device(at::kCPU);
        split();
        makeVocabulary();
        m_weights = clip::drawClip(spec, m_progress.vocabulary, m_device);
        for (const auto& [name, value] : m_weights) {
            m_progress.parameters += static_cast<std::size_t>(value.numel());
        }
        m_progress.spec = spec;
    }

    ClipProgress run()
    {
        latent::Adam adam(&m_weights, {m_spec.rate, 0.9, 0.98, 1e-6, m_spec.decay});
        for (int epoch = 0; epoch < m_spec.epochs; ++epoch) {
            ClipEpoch result = train(adam, epoch);
            if (!std::isfinite(result.loss)) {
                throw Error(Code::ModelFailed, "Training left the finite numbers in epoch " +
                                                   std::to_string(epoch + 1) +
                                                   "; lower the rate. The epoch before is kept in " + m_folder + ".");
            }
            judge(result);
            m_progress.epochs.push_back(result);
            save();
            m_job.publish(std::make_shared<const ClipProgress>(m_progress));
        }
        return m_progress;
    }

private:
    void split()
    {
        Order order(m_pixels.size());
        std::iota(order.begin(), order.end(), 0U);
        std::mt19937_64 random(m_spec.seed);
        std::shuffle(order.begin(), order.end(), random);
        const auto held = static_cast<std::ptrdiff_t>(m_spec.heldOut * static_cast<double>(order.size()));
        m_held.assign(order.begin(), order.begin() + held);
        m_train.assign(order.begin() + held, order.end());
        m_progress.held = m_held.size();
        m_progress.trained = m_train.size();
    }

    /// From the captions that are trained on; what is held out may hold words that it does not know whole.
    void makeVocabulary()
    {
        std::vector<std::string> texts;
        for (const std::uint32_t i : m_train) {
            texts.insert(texts.end(), m_captions[i].begin(), m_captions[i].end());
        }
        constexpr int kBytes = 512, kSpecial = 2;
        const auto most = static_cast<std::size_t>(std::max(0, m_spec.vocabulary - kBytes - kSpecial));
        std::filesystem::create_directories(m_folder);
        m_progress.vocabulary = writeVocabulary(m_folder, learnMerges(texts, most));
        m_tokenizer = Tokenizer::open(m_folder, TokenizerStyle::HuggingFace);
    }

    at::Tensor pictures(const Order& which, std::size_t first, std::size_t count) const
    {
        const PreprocessSpec usual;
        const std::int64_t side = m_spec.imageSize;
        at::Tensor x = at::empty({static_cast<std::int64_t>(count), 3, side, side}, at::kFloat);
        const auto each = static_cast<std::size_t>(3 * side * side);
        for (std::size_t i = 0; i < count; ++i) {
            m_pixels.copy(which[first + i], PixelRange::Unit, x.data_ptr<float>() + i * each);
        }
        for (int c = 0; c < 3; ++c) {
            x.select(1, c)
                .sub_(usual.mean[static_cast<std::size_t>(c)])
                .div_(usual.stddev[static_cast<std::size_t>(c)]);
        }
        return x.to(m_device);
    }

    struct Texts
    {
        at::Tensor ids, last;
        at::Tensor same; ///< N×N: share of each other text that says the same, rows sum to one
    };
    template<class Random> Texts texts(const Order& which, std::size_t first, std::size_t count, Random& random) const
    {
        std::vector<std::string> chosen;
        std::vector<std::vector<std::int32_t>> rows;
        std::size_t longest = 1;
        for (std::size_t i = first; i < first + count; ++i) {
            const auto& of = m_captions[which[i]];
            chosen.push_back(of[random() % of.size()]);
            rows.push_back(m_tokenizer->encodeForModel(chosen.back(), static_cast<std::size_t>(m_spec.context)));
            longest = std::max(longest, rows.back().size());
        }
        const auto n = static_cast<std::int64_t>(count);
        const auto whole = at::TensorOptions().dtype(at::kLong);
        Texts t{at::full({n, static_cast<std::int64_t>(longest)}, m_tokenizer->endId(), whole), at::zeros({n}, whole),
                at::zeros({n, n}, at::kFloat)};
        auto ids = t.ids.accessor<std::int64_t, 2>();
        auto same = t.same.accessor<float, 2>();
        for (std::int64_t i = 0; i < n; ++i) {
            const auto& row = rows[static_cast<std::size_t>(i)];
            std::copy(row.begin(), row.end(), ids[i].data());
            t.last[i] = static_cast<std::int64_t>(row.size()) - 1;
            for (std::int64_t j = 0; j < n; ++j) {
                same[i][j] = chosen[static_cast<std::size_t>(i)] == chosen[static_cast<std::size_t>(j)] ? 1.0F : 0.0F;
            }
        }
        t.same = (t.same / t.same.sum(1, true)).to(m_device);
        t.ids = t.ids.to(m_device);
        t.last = t.last.to(m_device);
        return t;
    }

    /// Similarities times the scale, pictures × texts.
    at::Tensor logits(const at::Tensor& x, const Texts& t) const
    {
        constexpr double kMostScale = 4.6052; // log 100
        const at::Tensor scale = m_weights.at("logit_scale").clamp_max(kMostScale).exp();
        const at::Tensor pictures = clip::pictureFeatures(m_spec, m_weights, x);
        return scale * at::matmul(pictures, clip::textFeatures(m_spec, m_weights, t.ids, t.last).t());
    }

    static at::Tensor contrast(const at::Tensor& logits, const at::Tensor& same)
    {
        const at::Tensor rows = -(same * at::log_softmax(logits, 1)).sum(1).mean();
        return 0.5 * (rows - (same * at::log_softmax(logits.t(), 1)).sum(1).mean());
    }

    double rateAt(double share) const
    {
        if (share < m_spec.warmUp) {
            return m_spec.rate * share / m_spec.warmUp;
        }
        return m_spec.rate * 0.5 * (1 + std::cos(M_PI * (share - m_spec.warmUp) / (1 - m_spec.warmUp)));
    }

    ClipEpoch train(latent::Adam& adam, int epoch)
    {
        Order order = m_train;
        std::mt19937_64 random(m_spec.seed + 7919 * static_cast<std::uint64_t>(epoch + 1));
        std::shuffle(order.begin(), order.end(), random);
        const auto size = std::min(static_cast<std::size_t>(m_spec.batch), order.size());
        const std::size_t batches = order.size() / size;
        ClipEpoch result;
        result.epoch = epoch + 1;
        for (std::size_t b = 0; b < batches; ++b) {
            m_job.checkpoint();
            const auto done = static_cast<std::size_t>(epoch) * batches + b;
            const std::size_t total = static_cast<std::size_t>(m_spec.epochs) * batches;
            adam.setRate(rateAt(static_cast<double>(done + 1) / static_cast<double>(total)));
            const Texts t = texts(order, b * size, size, random);
            const at::Tensor loss = contrast(logits(pictures(order, b * size, size), t), t.same);
            adam.clear();
            loss.backward();
            adam.step();
            result.loss += loss.item<double>() / static_cast<double>(batches);
            m_job.progress("epoch " + std::to_string(epoch + 1) + " of " + std::to_string(m_spec.epochs), "pictures",
                           (done + 1) * size, total * size);
        }
        result.scale = std::min(100.0, std::exp(m_weights.at("logit_scale").item<double>()));
        return result;
    }

    void judge(ClipEpoch& result) const
    {
        const c10::InferenceMode inference;
        const auto size = std::min(static_cast<std::size_t>(m_spec.batch), m_held.size());
        std::mt19937_64 random(m_spec.seed);
        std::size_t batches = 0;
        for (std::size_t first = 0; size >= 2 && first + size <= m_held.size(); first += size, ++batches) {
            m_job.checkpoint();
            const Texts t = texts(m_held, first, size, random);
            const at::Tensor all = logits(pictures(m_held, first, size), t);
            result.heldLoss += contrast(all, t.same).item<double>();
            result.heldTop1 += (t.same.gather(1, all.argmax(1, true)) > 0).to(at::kDouble).mean().item<double>();
        }
        const double none = std::numeric_limits<double>::quiet_NaN();
        result.heldLoss = batches > 0 ? result.heldLoss / static_cast<double>(batches) : none;
        result.heldTop1 = batches > 0 ? result.heldTop1 / static_cast<double>(batches) : none;
    }

    void save() const
    {
        std::vector<at::Tensor> held;
        std::vector<NamedTensor> named;
        for (const auto& [name, value] : m_weights) {
            held.push_back(value.detach().to(at::kCPU).contiguous());
            named.push_back({name, held.back().sizes().vec(), held.back().data_ptr<float>()});
        }
        clip::writeClipConfigs(m_folder, m_spec, m_progress.vocabulary);
        writeSafetensors(m_folder + "/model.safetensors", named, {{"format", "pt"}});
    }

    const PixelSet& m_pixels;
    const std::vector<std::vector<std::string>>& m_captions;
    ClipTrainSpec m_spec;
    std::string m_folder;
    JobContext& m_job;
    at::Device m_device = at::Device(at::kCPU);
    Order m_train, m_held;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    latent::Weights m_weights;
    ClipProgress m_progress;
};

} // namespace

ClipProgress trainClip(const PixelSet& pixels, const std::vector<std::vector<std::string>>& captions,
                       const ClipTrainSpec& spec, const std::string& folder, JobContext& job)
{
    checkSpec(pixels, captions, spec);
    return ClipTrainer(pixels, captions, spec, folder, job).run();
}

} // namespace semascope::core
