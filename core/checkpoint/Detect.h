#pragma once
#include "core/checkpoint/Checkpoint.h"

#include <array>

namespace semascope::core {

enum class Activation { Unknown, QuickGelu, Gelu, GeluTanh };
const char* activationName(Activation a) noexcept; ///< "quick_gelu", "gelu", "gelu_tanh", "unknown"
std::optional<Activation> activationFromName(const std::string& word);

enum class ClipLayout { OpenAi, HuggingFace, OpenClip };
enum class EotRule { Argmax, FirstEos };

/// How pictures are prepared for a model (clip_formats: "openai" crops with banker's rounding after resizing the
/// shortest edge; "hf" floors the crop).
struct PreprocessSpec
{
    int size = 224;
    bool squash = false; ///< resize to size×size instead of shortest edge + centre crop
    enum class Filter { Bicubic, Bilinear } filter = Filter::Bicubic;
    bool hfCrop = false; ///< floor((h−S)/2) instead of round-half-even
    bool rgbLast = true; ///< resize as stored, then RGB (OpenAI); false: RGB first (Hugging Face)
    std::array<float, 3> mean{0.48145466f, 0.4578275f, 0.40821073f};
    std::array<float, 3> stddev{0.26862954f, 0.26130258f, 0.27577711f};
    bool operator==(const PreprocessSpec&) const = default;
    /// One word per choice, for provenance and cache keys.
    std::string describe() const;
};

/// Everything needed to build a CLIP from a state dict: sizes come from the tensors and are checked against the config.
struct ClipConfig
{
    ClipLayout layout = ClipLayout::OpenAi;
    bool customText = false; ///< OpenCLIP CustomTextCLIP: text keys carry "text."
    bool hasVision = true, hasText = true;
    bool resnet = false; ///< ModifiedResNet image tower
    int embedDim = 0;
    int imageSize = 0, patchSize = 0, visionWidth = 0, visionLayers = 0, visionHeads = 0;
    std::array<int, 4> resnetBlocks{};
    int visionMlp = 0, textMlp = 0; ///< width of the hidden layers
    int contextLength = 77, vocabSize = 0, textWidth = 0, textLayers = 0, textHeads = 0;
    float layerNormEps = 1e-5f;
    Activation visionActivation = Activation::Unknown, textActivation = Activation::Unknown;
    EotRule eotRule = EotRule::Argmax;
    int eosId = -1;
    bool textProjIsLinear = false; ///< [E,T] (Hugging Face, or OpenCLIP proj_bias) instead of [T,E]
    std::string chosen;            ///< what a person decided beyond the file: "", "+quick_gelu", "+gelu+96px"
    std::string activationFrom;    ///< who says so: "config.json", "the name holds \"metaclip\"", "chosen by you", …
    bool projected = true;         ///< false: a single tower without projection, embedDim being its width
    bool lnPre = true;             ///< false: OpenCLIP's no_ln_pre
    bool layerScale = false;       ///< OpenCLIP's ls_1.gamma and ls_2.gamma
    bool meanPool = false;         ///< pictures: mean of the patch tokens instead of the class token (OpenCLIP's "avg")
    bool normAfterPool = false;    ///< OpenCLIP's final_ln_after_pool; the same for a class token
    int storedImageSize = 0, storedContext = 0; ///< of the positions in the file, before they are resampled
    PreprocessSpec preprocess;
    std::vector<std::string> assumed; ///< what was not written anywhere and had to be assumed, one sentence each
};

/// What a path is, as far as checkpoints go. `file` lists what would be read; `vocabulary` is what stands beside it.
struct CheckpointInfo
{
    std::string path, name;
    std::string family;     ///< "CLIP ViT (OpenAI layout)", "CLIP ViT (Hugging Face)", "SigLIP (Hugging Face)", …
    bool supported = false; ///< false: `why` names the family and says what is missing
    std::string why;
    ClipConfig clip;
    std::uint64_t parameters = 0, visionParameters = 0, textParameters = 0;
    std::optional<double> logitScale; ///< exp of the stored number
    std::optional<double> logitBias;
    std::string dtype; ///< "F16", "F32", "mixed F16/F32"
    std::string container;
    std::vector<std::string> files;
    std::vector<std::uint64_t> fileBytes; ///< of each of them
    std::string vocabulary;               ///< file or folder holding the tokenizer, empty when none stands beside it
    std::vector<std::string> warnings;
};

/// Whether `path` can be a checkpoint at all (by names and first bytes; cheap).
bool looksLikeCheckpoint(const std::string& path);

/// An opened checkpoint: tensors still on disk (mapped).
struct Checkpoint
{
    CheckpointInfo info;
    StateDict state;
};

/// What a person decides against what a checkpoint says of itself.
struct CheckpointWish
{
    std::optional<Activation> activation;
    int imageSize = 0; ///< side of the pictures in pixels; 0: the model's own
};

/// Opens a file or a folder (OpenCLIP's and Hugging Face's order of preference). Throws Error(NotFound | BadFormat),
/// and Error(Misuse) for a picture size that the tower cannot have; an unsupported family does not throw here: see
/// CheckpointInfo::supported.
Checkpoint openCheckpoint(const std::string& path, const CheckpointWish& wish);
Checkpoint openCheckpoint(const std::string& path, std::optional<Activation> activation = std::nullopt);

/// Whether the activation has to be asked for: no config, name or published size tells it.
bool activationUnknown(const ClipConfig& clip) noexcept;
/// One sentence that asks for it.
std::string activationQuestion(const std::string& name);

/// Everything about the architecture that changes features, in one line of words: for provenance and cache keys.
std::string describeArchitecture(const ClipConfig& clip);

/// xxh3-128 of the files' bytes, one after the other, in hex.
std::string weightsHash(const std::vector<std::string>& files);
/// What was chosen when a model got the hash that ClipModel::weightsHash() gives: to open it again in the same way.
CheckpointWish choicesOf(const std::string& modelHash);

} // namespace semascope::core
