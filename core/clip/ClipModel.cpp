#include "core/clip/ClipModel.h"
#include "core/clip/Towers_p.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <mutex>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace semascope::core {

namespace clip {

at::Tensor WeightSource::take(const std::string& key) const
{
    const TensorView* view = m_state->find(key);
    if (view == nullptr) {
        throw Error(Code::BadFormat, "The checkpoint has no tensor \"" + key + "\"; is the file complete?");
    }
    const std::vector<std::int64_t> shape(view->shape.begin(), view->shape.end());
    const bool aligned = reinterpret_cast<std::uintptr_t>(view->data) % alignof(float) == 0;
    at::Tensor t;
    if (view->type == TensorType::F32 && aligned && view->count() > 0) {
        auto owner = view->owner;
        // torch never writes to a weight here; the mapping is read-only, so a stray write would fault, not corrupt
        void* data = const_cast<std::uint8_t*>(view->data);
        t = at::from_blob(
                data, shape, view->stride, [owner](void*) {}, at::kFloat)
                .contiguous();
    } else {
        auto values = std::make_shared<std::vector<float>>(toFloats(*view));
        t = at::from_blob(
            values->data(), shape, [values](void*) {}, at::kFloat);
    }
    return t.to(m_device, m_type);
}

at::Tensor WeightSource::takeOrEmpty(const std::string& key) const
{
    return has(key) ? take(key) : at::Tensor();
}

} // namespace clip

namespace {

at::ScalarType computeType(const std::string& precision, const Device& device)
{
    if (precision == "auto" || precision == "fp32") {
        return at::kFloat;
    }
    if (precision == "bf16") {
        return at::kBFloat16;
    }
    if (precision == "fp16") {
        if (!device.cuda) {
            throw Error(Code::Unsupported, "fp16 arithmetic needs a GPU; on the CPU use --precision fp32 or bf16.");
        }
        return at::kHalf;
    }
    throw Error(Code::Misuse, "\"" + precision + "\" is no precision; use auto, fp32, bf16 or fp16.");
}

const char* precisionWord(at::ScalarType type)
{
    return type == at::kFloat ? "fp32" : type == at::kHalf ? "fp16" : "bf16";
}

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

std::string hashFiles(const std::vector<std::string>& files)
{
    XXH3_state_t* state = XXH3_createState();
    XXH3_128bits_reset(state);
    std::vector<char> buffer(8 << 20);
    for (const std::string& path : files) {
        std::ifstream in(path, std::ios::binary);
        while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
            XXH3_128bits_update(state, buffer.data(), static_cast<std::size_t>(in.gcount()));
        }
    }
    const XXH128_hash_t h = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(h.high64),
                  static_cast<unsigned long long>(h.low64));
    return text;
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
        const bool memory = text.find("memory") != std::string::npos;
        throw Error(memory ? Code::OutOfMemory : Code::ModelFailed, what + ": " + text.substr(0, text.find('\n')));
    } catch (...) {
        throw errorFromCurrentException(what);
    }
}

class TorchClip : public ClipModel
{
public:
    TorchClip(Checkpoint checkpoint, const ModelSpec& spec)
        : m_info(std::move(checkpoint.info)),
          m_device(chooseDevice(spec.device)),
          m_type(computeType(spec.precision, m_device))
    {
        const ClipConfig& c = m_info.clip;
        const at::Device where =
            m_device.cuda ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(m_device.index)) : at::Device(at::kCPU);
        const clip::WeightSource weights(checkpoint.state, where, m_type);
        guarded("Loading " + m_info.name, [&] {
            if (c.hasVision) {
                m_vision = c.resnet ? makeModifiedResNet(c, weights) : makeVisionTransformer(c, weights);
            }
            if (c.hasText) {
                m_text = makeTextTower(c, weights);
            }
            m_logitScale = weights.has("logit_scale") ? std::exp(weights.take("logit_scale").item<float>()) : 100.0;
        });
        openVocabulary(spec);
    }

    const CheckpointInfo& info() const noexcept override { return m_info; }
    const Tokenizer* tokenizer() const noexcept override { return m_tokenizer.get(); }
    std::string deviceName() const override { return m_device.name(); }
    std::string precision() const override { return precisionWord(m_type); }
    double logitScale() const noexcept override { return m_logitScale; }
    std::string weightsHash() const override
    {
        std::call_once(m_hashOnce, [this] { m_hash = hashFiles(m_info.files); });
        return m_hash;
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
            return fromTensor(m_vision->forward(x.to(device(), m_type), job));
        });
    }

    Matrix encodeTokens(const std::vector<std::vector<std::int32_t>>& ids, JobContext& job) const override
    {
        if (!m_text) {
            throw Error(Code::Unsupported, m_info.name + " has no text tower; open the whole model to encode texts.");
        }
        std::vector<std::int64_t> eot(ids.size());
        std::int64_t longest = 1;
        for (std::size_t r = 0; r < ids.size(); ++r) {
            eot[r] = poolingPosition(ids[r], r);
            longest = std::max(longest, eot[r] + 1); // the causal mask hides what stands behind it
        }
        std::vector<std::int64_t> padded(ids.size() * static_cast<std::size_t>(longest), 0);
        for (std::size_t r = 0; r < ids.size(); ++r) {
            const auto count = std::min(ids[r].size(), static_cast<std::size_t>(longest));
            std::copy_n(ids[r].begin(), count,
                        padded.begin() + static_cast<std::ptrdiff_t>(r * static_cast<std::size_t>(longest)));
        }
        return guarded("Encoding texts with " + m_info.name, [&] {
            const auto rows = static_cast<std::int64_t>(ids.size());
            const at::Tensor t = at::from_blob(padded.data(), {rows, longest}, at::kLong).to(device());
            const at::Tensor at_ = at::from_blob(eot.data(), {rows}, at::kLong).to(device());
            return fromTensor(m_text->forward(t, at_, job));
        });
    }

private:
    at::Device device() const
    {
        return m_device.cuda ? at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(m_device.index))
                             : at::Device(at::kCPU);
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

    CheckpointInfo m_info;
    Device m_device;
    at::ScalarType m_type;
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
    Checkpoint checkpoint = openCheckpoint(spec.path, spec.activation);
    if (!checkpoint.info.supported) {
        throw Error(Code::Unsupported, checkpoint.info.why);
    }
    const ClipConfig& c = checkpoint.info.clip;
    const bool unknown = (c.hasVision && !c.resnet && c.visionActivation == Activation::Unknown) ||
                         (c.hasText && c.textActivation == Activation::Unknown);
    if (unknown) {
        throw Error(Code::Misuse,
                    "Nothing says which activation " + checkpoint.info.name +
                        " was trained with; choose it with --activation quick_gelu or --activation gelu.");
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
