#pragma once
#include "core/checkpoint/Detect.h"

#include <nlohmann/json_fwd.hpp>
#include <unordered_map>
#include <unordered_set>

namespace semascope::core {

/// The names and shapes of a state dict. Remembers the first thing that is not as asked, and which tensors were asked
/// for.
class TensorTable
{
public:
    explicit TensorTable(const StateDict& state);

    bool has(const std::string& name) const { return m_shapes.count(name) != 0; }
    bool hasPrefix(const std::string& prefix) const;
    /// Whether any name holds `part`.
    bool hasPart(const std::string& part) const;
    /// Null when there is no such tensor.
    const std::vector<std::int64_t>* shape(const std::string& name) const;
    /// Size along `axis` of a tensor of `rank`, 0 (and a problem) when there is none such.
    int size(const std::string& name, std::size_t axis, std::size_t rank);
    /// Notes a problem when `name` is missing or shaped otherwise.
    void need(const std::string& name, const std::vector<int>& shape);
    /// "stem.weight" and "stem.bias".
    void needPair(const std::string& stem, const std::vector<int>& weight, int bias);
    /// Asks for it without complaint.
    void allow(const std::string& name) { m_asked.insert(name); }
    /// How many different numbers stand after `prefix`; a gap is a problem.
    int countLayers(const std::string& prefix);
    void problem(const std::string& sentence);
    bool ok() const noexcept { return m_why.empty(); }
    const std::string& why() const noexcept { return m_why; }
    /// The first tensor nobody asked for, empty when there is none.
    std::string unasked() const;

private:
    const StateDict& m_state;
    std::unordered_map<std::string, const std::vector<std::int64_t>*> m_shapes;
    std::unordered_set<std::string> m_asked;
    std::string m_why;
};

/// What the names of the tensors say about the family.
struct Family
{
    enum class Kind { OpenAi, HuggingFace, Unsupported } kind = Kind::Unsupported;
    std::string name; ///< for people
    std::string why;  ///< when unsupported
};
Family familyOf(const TensorTable& table, const StateDict& state);
/// The family of a timm image tower by its name in OpenCLIP's config.
Family timmFamily(const std::string& timmName);
/// The family that a Hugging Face config calls so; empty name when it is not known.
Family modelTypeFamily(const std::string& modelType);
Family unsupportedFamily(const std::string& name, const std::string& needs);
/// Something that is no CLIP at all; `what` has its article.
Family foreignFamily(const std::string& what);
Family clipaFamily();
Family coCaFamily();

/// Sizes from the tensors; problems go into `table`.
void readOpenAiTowers(TensorTable& table, ClipConfig& clip);
void readResNetTower(TensorTable& table, ClipConfig& clip);
void readHuggingFaceTowers(TensorTable& table, ClipConfig& clip);

/// Files that belong together.
struct CheckpointFiles
{
    std::string weights;                                ///< or an index of shards
    std::string folder;                                 ///< with its slash; empty: the working folder
    std::string openClipConfig, hfConfig, preprocessor; ///< empty when absent
    bool bare = false; ///< a file chosen by name, whose neighbours may have nothing to do with it
};
/// Throws Error(NotFound | BadFormat).
CheckpointFiles findCheckpointFiles(const std::string& path);
std::string findVocabularyBeside(const std::string& folder);
/// Name for people: of the folder or file, or the repository within Hugging Face's cache.
std::string checkpointName(const std::string& path);
bool fileExists(const std::string& path);
/// Throws Error(BadFormat) naming the file.
nlohmann::json readJsonFile(const std::string& path);

/// What was found while a config was read.
struct Findings
{
    CheckpointInfo& info;
    std::optional<Activation> activation; ///< the caller's wish
    std::string names;                    ///< of file, folder and repository, in lower case: they may tell something
    void warn(const std::string& sentence) const { info.warnings.push_back(sentence); }
    void assume(const std::string& sentence) const { info.clip.assumed.push_back(sentence); }
    /// First reason only.
    void refuse(const std::string& sentence) const;
    /// Warns when the config's number is not the tensors'.
    void compare(const std::string& file, const char* what, long long configured, long long found) const;
};
void applyOpenClipConfig(const nlohmann::json& config, const Findings& findings);
/// `preprocessor` may be null.
void applyHuggingFaceConfig(const nlohmann::json& config, const nlohmann::json& preprocessor, const Findings& findings);
/// What the tensors of a file without config tell beside their sizes.
struct BareEvidence
{
    bool openAiArchive = false;    ///< one of OpenAI's TorchScript archives, or made of one: it has their buffers
    bool halvedAsByOpenAi = false; ///< weights in F16, norms and embeddings in F32, as OpenAI's own code writes them
};
/// Without any config: what the names of the file and its folder, its size and its numbers tell.
void applyNoConfig(const BareEvidence& evidence, const Findings& findings);
/// How pictures are prepared when no config says so: OpenAI's way but for the models known by name. `file` is the
/// config that is silent about it, or empty.
void assumePreprocess(const std::string& file, const Findings& findings);

std::string loweredText(std::string text);
/// The names that may tell something of the weights at `path`, in lower case.
std::string tellingNames(const std::string& path);
struct KnownActivation
{
    Activation activation = Activation::Unknown;
    std::string because; ///< "because the name holds …", "as in …"
};
std::optional<KnownActivation> activationByName(const std::string& names, const ClipConfig& clip);
std::optional<KnownActivation> activationBySize(const ClipConfig& clip);

/// Whether the image tower can take pictures of `size` pixels: whole cells, and no more of them than is sensible.
bool fitsPictures(const ClipConfig& clip, int size) noexcept;
/// Heads by the width of the tower, as the published models have them; 0 when it cannot be told.
int headsForWidth(int width, bool vision);
/// Takes heads/64 for what is still 0 and says so.
void assumeHeads(const Findings& findings);
int integerOr(const nlohmann::json& object, const char* key, int fallback);

} // namespace semascope::core
