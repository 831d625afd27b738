#include "core/clip/ClipModel.h"
#include "core/clip/Towers_p.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace semascope::core {

namespace {

enum class Precision { Fp32, Bf16, Fp16 };

Precision precisionOf(const std::string& word)
{
    if (word == "auto" || word == "fp32") {
        return Precision::Fp32;
    }
    if (word == "bf16") {
        return Precision::Bf16;
    }
    if (word == "fp16") {
        return Precision::Fp16;
    }
    throw Error(Code::Misuse, "\"" + word + "\" is no precision; use auto, fp32, bf16 or fp16.");
}

const char* precisionWord(Precision p)
{
    return p == Precision::Fp32 ? "fp32" : p == Precision::Bf16 ? "bf16" : "fp16";
}

/// Processors are slow at fp16, so there the weights are rounded to it and the arithmetic is float32: the numbers that
/// OpenAI's own code gives for an fp16 file on the CPU.
at::ScalarType arithmeticOf(Precision p, const Device& device)
{
    if (p == Precision::Fp16) {
        return device.cuda ? at::kHalf : at::kFloat;
    }
    return p == Precision::Bf16 ? at::kBFloat16 : at::kFloat;
}

constexpr const char* kHalfOnCpu = "fp16 on the CPU: the weights are rounded to fp16 and the arithmetic is fp32, so it "
                                   "is no faster than fp32.";

TokenizerStyle familyStyle(ClipLayout layout)
{
    switch (layout) {
    case ClipLayout::HuggingFace:
        return TokenizerStyle::HuggingFace;
    case ClipLayout::OpenClip:
        return TokenizerStyle::OpenClip;
    default:
        return TokenizerStyle::OpenAi;
    }
}

/// Runs torch code; its exceptions become Errors without a backtrace.
template<class F> auto guarded(const std::string& what, F&& body)
{
    try {
        const c10::InferenceMode inference;
        return body();
    } catch (const Error&) {
        throw;
    } catch (const c10::Error& e) {
        const std::string text = e.what_without_backtrace();
        throw Error(torchErrorCode(text), what + ": " + text.substr(0, text.find('\n')));
    } catch (...) {
        throw errorFromCurrentException(what);
    }
}

class TorchClip : public ClipModel
{
public:
    TorchClip(Checkpoint checkpoint, const ModelSpec& spec)
        : m_spec(spec),
          m_info(std::move(checkpoint.info)),
          m_device(chooseDevice(spec.device)),
          m_precision(precisionOf(spec.precision)),
          m_type(arithmeticOf(m_precision, m_device))
    {
        guarded("Loading " + m_info.name, [&] { openTowers(checkpoint.state); });
        if (m_precision == Precision::Fp16 && !m_device.cuda) {
            m_info.warnings.emplace_back(kHalfOnCpu);
        }
        openVocabulary(spec);
    }

    const CheckpointInfo& info() const noexcept override { return m_info; }
    const Tokenizer* tokenizer() const noexcept override { return m_tokenizer.get(); }
    std::string deviceName() const override { return m_device.name(); }
    std::string precision() const override { return precisionWord(m_precision); }
    double logitScale() const noexcept override { return m_logitScale; }
    std::string weightsHash() const override
    {
        std::call_once(m_hashOnce, [this] { m_hash = core::weightsHash(m_info.files) + m_info.clip.chosen; });
        return m_hash;
    }
    std::shared_ptr<const ClipModel> onCpu(JobContext& job) const override
    {
        ModelSpec spec = m_spec;
        spec.device = "cpu";
        spec.precision = precision();
        return ClipModel::open(spec, job);
    }

    Matrix encodePictures(const float* pixels, std::size_t n, JobContext& job) const override
    {
        if (!m_vision) {
            throw Error(Code::Unsupported,
                        m_info.name + " has no image tower; open the whole model to embed pictures.");
        }
        const std::int64_t side = m_info.clip.imageSize;
        return guarded("Encoding pictures with " + m_info.name, [&] {
            // torch does not write to its input
            at::Tensor x =
                at::from_blob(const_cast<float*>(pixels), {static_cast<std::int64_t>(n), 3, side, side}, at::kFloat);
            return fromTensor(m_vision->forward(m_packed ? x : x.to(device(), m_type), job));
        });
    }

    Matrix encodeTokens(const std::vector<std::vector<std::int32_t>>& ids, JobContext& job) const override
    {
        if (!m_text) {
            throw Error(Code::Unsupported, m_info.name + " has no text tower; open the whole model to encode texts.");
        }
        clip::TokenRows trimmed; // the causal mask hides what stands behind the end
        for (std::size_t r = 0; r < ids.size(); ++r) {
            trimmed.emplace_back(ids[r].begin(), ids[r].begin() + poolingPosition(ids[r], r) + 1);
        }
        if (trimmed.empty()) {
            return Matrix::from({}, 0, static_cast<std::size_t>(m_info.clip.embedDim));
        }
        return guarded("Encoding texts with " + m_info.name, [&] { return fromTensor(m_text->forward(trimmed, job)); });
    }

private:
    at::Device device() const
    {
        return m_device.cuda ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(m_device.index))
                             : at::Device(at::kCPU);
    }

    /// oneDNN where it has fast kernels for the arithmetic asked for, libtorch otherwise.
    void openTowers(const StateDict& state)
    {
        const ClipConfig& c = m_info.clip;
        const clip::Element element = m_type == at::kBFloat16 ? clip::Element::Bf16 : clip::Element::F32;
        m_packed = m_spec.oneDnn && !m_device.cuda && clip::dnnlSupports(element);
        const bool roundToHalf = m_precision == Precision::Fp16 && !m_device.cuda;
        const clip::WeightSource weights(state, {device(), m_packed ? at::kFloat : m_type, roundToHalf});
        m_logitScale = weights.has("logit_scale") ? std::exp(weights.take("logit_scale").item<float>()) : 100.0;
        if (c.hasVision && m_packed) {
            m_vision = c.resnet ? makePackedResNet(c, weights, element) : makePackedVision(c, weights, element);
        } else if (c.hasVision) {
            m_vision = c.resnet ? makeModifiedResNet(c, weights) : makeVisionTransformer(c, weights);
        }
        if (c.hasText) {
            m_text = m_packed ? makePackedText(c, weights, element) : makeTextTower(c, weights);
        }
    }

    static Matrix fromTensor(const at::Tensor& t)
    {
        auto held = std::make_shared<at::Tensor>(t.to(at::kCPU, at::kFloat).contiguous());
        return Matrix(held->data_ptr<float>(), static_cast<std::size_t>(held->size(0)),
                      static_cast<std::size_t>(held->size(1)), held);
    }

    std::int64_t poolingPosition(const std::vector<std::int32_t>& ids, std::size_t row) const
    {
        const ClipConfig& c = m_info.clip;
        const auto bad =
            std::find_if(ids.begin(), ids.end(), [&](std::int32_t id) { return id < 0 || id >= c.vocabSize; });
        if (ids.empty() || bad != ids.end() || ids.size() > static_cast<std::size_t>(c.contextLength)) {
            throw Error(Code::Mismatch, "Text " + std::to_string(row + 1) + " has tokens that do not fit " +
                                            m_info.name + " (" + std::to_string(c.vocabSize) + " words, " +
                                            std::to_string(c.contextLength) +
                                            " tokens); was it tokenised for another model?");
        }
        if (c.eotRule == EotRule::Argmax) {
            return std::max_element(ids.begin(), ids.end()) - ids.begin();
        }
        const auto eos = std::find(ids.begin(), ids.end(), c.eosId);
        if (eos == ids.end()) {
            throw Error(Code::Mismatch, "Text " + std::to_string(row + 1) + " has no end token (" +
                                            std::to_string(c.eosId) + "), so " + m_info.name +
                                            " cannot pool it; add it.");
        }
        return eos - ids.begin();
    }

    void openVocabulary(const ModelSpec& spec)
    {
        if (!m_info.clip.hasText) {
            return;
        }
        const auto size = static_cast<std::size_t>(m_info.clip.vocabSize);
        const std::string path = findVocabulary(spec.vocabulary, m_info.vocabulary, size);
        if (path.empty()) {
            m_info.warnings.push_back(vocabularyHelp());
            return;
        }
        auto tokenizer = Tokenizer::open(path, spec.tokenizer.value_or(familyStyle(m_info.clip.layout)));
        if (size != 0 && tokenizer->vocabularySize() > size) {
            throw Error(Code::Mismatch, "The vocabulary " + path + " has " +
                                            std::to_string(tokenizer->vocabularySize()) + " tokens but " + m_info.name +
                                            " knows " + std::to_string(size) + "; give the model's own with --vocab.");
        }
        m_tokenizer = std::move(tokenizer);
        m_info.vocabulary = path;
    }

    ModelSpec m_spec;
    CheckpointInfo m_info;
    Device m_device;
    Precision m_precision;
    at::ScalarType m_type;
    bool m_packed = false; ///< the towers run on oneDNN
    std::unique_ptr<clip::VisionTower> m_vision;
    std::unique_ptr<clip::TextTower> m_text;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    double m_logitScale = 100;
    mutable std::once_flag m_hashOnce;
    mutable std::string m_hash;
};

} // namespace

std::shared_ptr<ClipModel> ClipModel::open(const ModelSpec& spec, JobContext& job)
{
    job.progress("reading the checkpoint", "", 0, 0);
    Checkpoint checkpoint = openCheckpoint(spec.path, CheckpointWish{spec.activation, spec.imageSize});
    if (!checkpoint.info.supported) {
        throw Error(Code::Unsupported, checkpoint.info.why);
    }
    if (activationUnknown(checkpoint.info.clip)) {
        throw Error(Code::Misuse, activationQuestion(checkpoint.info.name));
    }
    job.checkpoint();
    job.progress("building the model", "", 0, 0);
    return std::make_shared<TorchClip>(std::move(checkpoint), spec);
}

Matrix ClipModel::encodeTexts(const std::vector<std::string>& texts, JobContext& job) const
{
    if (tokenizer() == nullptr) {
        throw Error(Code::NotFound, vocabularyHelp());
    }
    constexpr std::size_t kBatch = 32;
    std::vector<float> all;
    std::size_t dim = 0;
    for (std::size_t first = 0; first < texts.size(); first += kBatch) {
        job.checkpoint();
        std::vector<std::vector<std::int32_t>> ids;
        for (std::size_t i = first; i < std::min(texts.size(), first + kBatch); ++i) {
            ids.push_back(tokenizer()->encodeForModel(texts[i], static_cast<std::size_t>(info().clip.contextLength)));
        }
        const Matrix part = normaliseRows(encodeTokens(ids, job));
        dim = part.cols();
        all.insert(all.end(), part.data(), part.data() + part.rows() * part.cols());
        job.progress("encoding texts", "texts", first + ids.size(), texts.size());
    }
    return Matrix::from(std::move(all), texts.size(), dim);
}

} // namespace semascope::core
