#pragma once
#include "core/checkpoint/Detect.h"
#include "core/clip/Tokenizer.h"
#include "core/data/Matrix.h"
#include "core/job/Compute.h"
#include "core/job/JobContext.h"

#include <memory>

namespace semascope::core {

/// How a model is opened.
struct ModelSpec
{
    std::string path;                        ///< checkpoint file or folder, or "demo"
    std::string vocabulary;                  ///< --vocab, optional
    std::optional<Activation> activation;    ///< overrides the config
    std::optional<TokenizerStyle> tokenizer; ///< overrides the family's
    std::string device = "auto";
    std::string precision = "auto";
    bool oneDnn = true; ///< false: libtorch's kernels on the CPU too, to compare with
    int imageSize = 0;  ///< pictures of this side instead of the model's own: its positions are resampled; 0: its own
};

/// A CLIP in memory. Encoding is const but not concurrent: use it from one lane at a time.
class ClipModel
{
public:
    /// Throws Error(NotFound | BadFormat | Unsupported | Misuse | OutOfMemory).
    static std::shared_ptr<ClipModel> open(const ModelSpec& spec, JobContext& job);
    virtual ~ClipModel() = default;

    virtual const CheckpointInfo& info() const noexcept = 0;
    virtual const Tokenizer* tokenizer() const noexcept = 0; ///< null when no vocabulary was found
    virtual std::string deviceName() const = 0;
    virtual std::string precision() const = 0;
    virtual double logitScale() const noexcept = 0; ///< exp of the stored parameter
    virtual std::string weightsHash() const = 0;    ///< xxh3-128 of the checkpoint's files, hex, and ClipConfig::chosen
    /// The same model on the CPU, for when its own device fails; null where it cannot be had.
    virtual std::shared_ptr<const ClipModel> onCpu(JobContext&) const { return nullptr; }

    /// n×3×S×S float32 → n×E, not normalised. Stop is checked per layer. Throws Error(Mismatch | Unsupported |
    /// OutOfMemory).
    virtual Matrix encodePictures(const float* pixels, std::size_t n, JobContext& job) const = 0;
    /// Token ids with start and end, ragged → n×E, not normalised. Throws as above.
    virtual Matrix encodeTokens(const std::vector<std::vector<std::int32_t>>& ids, JobContext& job) const = 0;
    /// Tokenises and encodes; rows normalised. Throws Error(NotFound) with vocabularyHelp() when there is no
    /// vocabulary.
    Matrix encodeTexts(const std::vector<std::string>& texts, JobContext& job) const;
};

} // namespace semascope::core
