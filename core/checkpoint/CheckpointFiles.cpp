#include "core/checkpoint/Detect_p.h"

#include "core/checkpoint/MappedFile_p.h"
#include "core/checkpoint/ZipArchive_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <filesystem>

namespace semascope::core {
namespace {

namespace fs = std::filesystem;

// OpenCLIP's own names, then the names it shares with Hugging Face.
constexpr const char* kOpenClipOnly[] = {"open_clip_model.safetensors", "open_clip_pytorch_model.safetensors",
                                         "open_clip_pytorch_model.bin", "open_clip_pytorch_model.pth"};
constexpr const char* kHuggingFace[] = {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                                        "pytorch_model.bin.index.json"};
constexpr const char* kOthers[] = {"pytorch_model.pth", "model.pth", "model.pt"};
constexpr std::size_t kMostEntries = 256;                     ///< of a folder without a usual name
constexpr const char* kSentenceTransformers = "0_CLIPModel/"; ///< where that library keeps its CLIP
// Weights of other frameworks that Hugging Face repositories hold.
constexpr const char* kForeign[] = {"flax_model.msgpack", "tf_model.h5", "model.onnx", "model.gguf"};

bool endsWith(const std::string& text, std::string_view end)
{
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool isIndex(const std::string& path)
{
    return endsWith(path, ".safetensors.index.json") || endsWith(path, ".bin.index.json");
}

std::vector<std::string> usualNames(bool openClip)
{
    std::vector<std::string> names;
    if (openClip) {
        names.assign(std::begin(kOpenClipOnly), std::end(kOpenClipOnly));
    }
    names.insert(names.end(), std::begin(kHuggingFace), std::end(kHuggingFace));
    names.insert(names.end(), std::begin(kOthers), std::end(kOthers));
    if (!openClip) {
        names.insert(names.end(), std::begin(kOpenClipOnly), std::end(kOpenClipOnly));
    }
    return names;
}

bool isUsualName(const std::string& path)
{
    const auto names = usualNames(true);
    return std::find(names.begin(), names.end(), fileName(path)) != names.end();
}

/// Weights of no usual name in `folder`.
std::vector<std::string> otherWeights(const std::string& folder)
{
    std::vector<std::string> found;
    std::error_code error;
    std::size_t seen = 0;
    for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (++seen > kMostEntries) {
            break;
        }
        const bool named = endsWith(name, ".safetensors") || endsWith(name, ".pt") || endsWith(name, ".pth");
        if (named && looksLikeCheckpoint(folder + name)) {
            found.push_back(name);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// The first of the usual names that is there; empty without any.
std::string usualWeights(const std::string& folder)
{
    for (const std::string& name : usualNames(fileExists(folder + "open_clip_config.json"))) {
        if (fileExists(folder + name)) {
            return folder + name;
        }
    }
    return {};
}

/// A folder of weights that are not read: says whose.
void checkForeignFolder(const std::string& folder, const std::string& shown)
{
    if (fileExists(folder + "model_index.json")) {
        throw Error(Code::Unsupported,
                    "The folder " + shown +
                        " is a pipeline of diffusers, not one model: a CLIP text tower may be in its "
                        "folder text_encoder; open that.");
    }
    for (const char* name : kForeign) {
        if (fileExists(folder + name)) {
            throw Error(Code::Unsupported,
                        "The folder " + shown + " holds no weights but " + name + ", which " + foreignName(name) + ".");
        }
    }
}

std::string weightsIn(const std::string& folder, const std::string& shown)
{
    if (std::string usual = usualWeights(folder); !usual.empty()) {
        return usual;
    }
    const std::vector<std::string> others = otherWeights(folder);
    if (others.empty()) {
        checkForeignFolder(folder, shown);
        throw Error(Code::NotFound, "The folder " + shown +
                                        " holds no weights: none of model.safetensors, pytorch_model.bin, "
                                        "open_clip_model.safetensors or a .pt file is there.");
    }
    if (others.size() > 1) {
        throw Error(Code::NotFound, "The folder " + shown + " holds several checkpoints (" + others[0] + ", " +
                                        others[1] + (others.size() > 2 ? ", …" : "") + "): choose one of the files.");
    }
    return folder + others.front();
}

/// A zip that torch.save wrote, whatever its name; .npz and office files are zips too.
bool isTorchZip(const std::string& path)
{
    try {
        const ZipArchive zip(MappedFile::open(path));
        return std::any_of(zip.entries().begin(), zip.entries().end(), [](const ZipArchive::Entry& entry) {
            return entry.name.size() > 9 && entry.name.substr(entry.name.size() - 9) == "/data.pkl";
        });
    } catch (const Error&) {
        return false;
    }
}

bool fileLooksLike(const std::string& path)
{
    const auto file = MappedFile::open(path);
    const std::string_view head = file->head(512);
    if (!foreignName(path).empty() || head.substr(0, 4) == "GGUF") {
        return true; // its error says what it is
    }
    if (isIndex(path) || endsWith(path, ".safetensors")) {
        return true;
    }
    const bool torchName =
        endsWith(path, ".pt") || endsWith(path, ".pth") || endsWith(path, ".bin") || endsWith(path, ".ckpt");
    if (head.substr(0, 23) == "version https://git-lfs") {
        return torchName;
    }
    if (head.substr(0, 4) == "PK\x03\x04") {
        return torchName || (!endsWith(path, ".npz") && isTorchZip(path));
    }
    constexpr std::string_view kLegacy("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13);
    if (head.size() > 15 && static_cast<unsigned char>(head[0]) == 0x80 && head.substr(2, kLegacy.size()) == kLegacy) {
        return true;
    }
    if (head.size() < 10 || loadLittle<std::uint64_t>(file->data()) > 100'000'000) {
        return false;
    }
    const std::size_t brace = head.find_first_not_of(" \t\r\n", 8);
    const std::size_t next = brace == std::string_view::npos ? brace : head.find_first_not_of(" \t\r\n", brace + 1);
    return next != std::string_view::npos && head[brace] == '{' && (head[next] == '"' || head[next] == '}');
}

} // namespace

bool fileExists(const std::string& path)
{
    std::error_code error;
    return fs::is_regular_file(path, error);
}

bool looksLikeCheckpoint(const std::string& path)
{
    std::error_code error;
    try {
        if (!fs::is_directory(path, error)) {
            return fileExists(path) && fileLooksLike(path);
        }
        const std::string folder = endsWith(path, "/") ? path : path + "/";
        for (const std::string& name : usualNames(true)) {
            if (fileExists(folder + name) && fileLooksLike(folder + name)) {
                return true;
            }
        }
        const bool foreign = std::any_of(std::begin(kForeign), std::end(kForeign),
                                         [&folder](const char* name) { return fileExists(folder + name); });
        return foreign || !usualWeights(folder + kSentenceTransformers).empty() || !otherWeights(folder).empty();
    } catch (const std::exception&) {
        return false;
    }
}

CheckpointFiles findCheckpointFiles(const std::string& path)
{
    std::error_code error;
    CheckpointFiles files;
    if (fs::is_directory(path, error)) {
        files.folder = endsWith(path, "/") ? path : path + "/";
        if (usualWeights(files.folder).empty() && !usualWeights(files.folder + kSentenceTransformers).empty()) {
            files.folder += kSentenceTransformers;
        }
        files.weights = weightsIn(files.folder, path);
    } else {
        if (!fs::exists(path, error)) {
            throw Error(Code::NotFound, "There is no file or folder " + path + ".");
        }
        const std::size_t slash = path.rfind('/');
        files.folder = slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
        files.weights = path;
        files.bare = !isUsualName(path) && !isIndex(path);
    }
    const auto beside = [&files](const char* name) {
        return fileExists(files.folder + name) ? files.folder + name : std::string();
    };
    files.openClipConfig = beside("open_clip_config.json");
    files.hfConfig = beside("config.json");
    files.preprocessor = beside("preprocessor_config.json");
    return files;
}

std::string findVocabularyBeside(const std::string& folder)
{
    if (fileExists(folder + "vocab.json") && fileExists(folder + "merges.txt")) {
        return folder.empty() ? "." : folder.size() > 1 ? folder.substr(0, folder.size() - 1) : folder;
    }
    for (const char* name : {"tokenizer.json", "bpe_simple_vocab_16e6.txt.gz"}) {
        if (fileExists(folder + name)) {
            return folder + name;
        }
    }
    return {};
}

std::string checkpointName(const std::string& path)
{
    std::error_code error;
    fs::path absolute = fs::absolute(path, error).lexically_normal();
    if (!absolute.has_filename()) {
        absolute = absolute.parent_path();
    }
    for (const fs::path& part : absolute) {
        constexpr std::string_view kCache = "models--";
        std::string name = part.string();
        if (name.compare(0, kCache.size(), kCache) == 0) {
            name.erase(0, kCache.size());
            for (std::size_t at = name.find("--"); at != std::string::npos; at = name.find("--", at + 1)) {
                name.replace(at, 2, "/");
            }
            return name;
        }
    }
    if (fs::is_directory(absolute, error)) {
        return absolute.filename().string();
    }
    return isUsualName(path) ? absolute.parent_path().filename().string() : absolute.stem().string();
}

} // namespace semascope::core
