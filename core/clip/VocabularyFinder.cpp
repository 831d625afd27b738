#include "core/clip/Tokenizer.h"

#include "core/clip/Vocabulary.h"
#include "core/data/File_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <cstdlib>

namespace semascope::core {

namespace {

constexpr const char* kOpenAiFile = "bpe_simple_vocab_16e6.txt.gz";
constexpr std::size_t kMostTried = 64; // a hub cache can hold hundreds of tokenizers of other kinds

std::string fromEnvironment(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

std::string underHome(const std::string& rest)
{
    const std::string home = fromEnvironment("HOME");
    return home.empty() ? std::string() : joinPath(home, rest);
}

/// The folder an environment variable names, else one in the home folder; empty without either.
std::string folderFor(const char* variable, const std::string& standard)
{
    const std::string given = fromEnvironment(variable);
    return given.empty() ? underHome(standard) : given;
}

std::string rememberedFolder()
{
    const std::string data = folderFor("XDG_DATA_HOME", ".local/share");
    return data.empty() ? data : joinPath(data, "semascope/vocabulary");
}

/// Whether `path` reads as a vocabulary of this size (of any size when 0).
bool fits(const std::string& path, std::size_t size)
{
    try {
        return size == 0 ? !readVocabulary(path).tokens.empty() : readVocabulary(path).tokens.size() == size;
    } catch (const Error&) {
        return false;
    }
}

bool holdsTokenizer(const std::string& folder)
{
    const auto has = [&](const char* name) { return isRegular(joinPath(folder, name)); };
    return has("tokenizer.json") || (has("vocab.json") && has("merges.txt"));
}

void addPythonFolders(const std::string& lib, std::vector<std::string>& candidates)
{
    for (const std::string& name : namesIn(lib)) {
        if (name.rfind("python3", 0) != 0) {
            continue;
        }
        for (const char* packages : {"site-packages", "dist-packages"}) {
            for (const char* package : {"clip", "open_clip"}) {
                candidates.push_back(joinPath(joinPath(joinPath(joinPath(lib, name), packages), package), kOpenAiFile));
            }
        }
    }
}

std::vector<std::string> pythonCandidates()
{
    std::vector<std::string> candidates;
    for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
        const std::string prefix = fromEnvironment(variable);
        if (!prefix.empty()) {
            addPythonFolders(joinPath(prefix, "lib"), candidates);
        }
    }
    const std::string local = underHome(".local/lib");
    for (const std::string& lib : {local, std::string("/usr/local/lib"), std::string("/usr/lib")}) {
        if (!lib.empty()) {
            addPythonFolders(lib, candidates);
        }
    }
    return candidates;
}

std::string hubFolder()
{
    const std::string cache = fromEnvironment("HF_HUB_CACHE");
    if (!cache.empty()) {
        return cache;
    }
    const std::string home = folderFor("HF_HOME", ".cache/huggingface");
    return home.empty() ? home : joinPath(home, "hub");
}

/// Tokenizers in the Hugging Face cache; models with "clip" in their name first.
std::vector<std::string> hubCandidates()
{
    const std::string hub = hubFolder();
    std::vector<std::string> models = hub.empty() ? std::vector<std::string>() : namesIn(hub);
    std::erase_if(models, [](const std::string& name) { return name.rfind("models--", 0) != 0; });
    std::stable_partition(models.begin(), models.end(), [](const std::string& name) {
        return name.find("clip") != std::string::npos || name.find("CLIP") != std::string::npos;
    });
    std::vector<std::string> candidates;
    for (const std::string& model : models) {
        const std::string snapshots = joinPath(joinPath(hub, model), "snapshots");
        for (const std::string& revision : namesIn(snapshots)) {
            const std::string folder = joinPath(snapshots, revision);
            for (const std::string& place : {folder, joinPath(folder, "tokenizer")}) {
                if (candidates.size() < kMostTried && holdsTokenizer(place)) {
                    candidates.push_back(place);
                }
            }
        }
    }
    return candidates;
}

/// A vocabulary itself, the folder that holds it, or a checkpoint file in such a folder.
std::vector<std::string> besideCandidates(const std::string& beside)
{
    if (beside.empty()) {
        return {};
    }
    if (isFolder(beside)) {
        return {beside, joinPath(beside, "tokenizer")};
    }
    const std::string extension = extensionOf(beside);
    const bool vocabulary = extension == "json" || extension == "txt" || extension == "gz";
    const std::string parent = parentPath(beside);
    return vocabulary ? std::vector<std::string>{beside, parent} : std::vector<std::string>{parent};
}

std::vector<std::string> cacheCandidates()
{
    std::vector<std::string> candidates;
    const std::string clipCache = underHome(".cache/clip");
    if (!clipCache.empty()) {
        candidates.push_back(clipCache);
    }
    for (std::vector<std::string> more : {pythonCandidates(), hubCandidates()}) {
        candidates.insert(candidates.end(), more.begin(), more.end());
    }
    const std::string remembered = rememberedFolder();
    if (!remembered.empty()) {
        candidates.push_back(remembered);
    }
    return candidates;
}

} // namespace

std::string findVocabulary(const std::string& given, const std::string& besideCheckpoint, std::size_t vocabSize)
{
    if (!given.empty()) {
        const std::size_t size = readVocabulary(given).tokens.size();
        if (vocabSize != 0 && size != vocabSize) {
            throw Error(Code::Mismatch, "The vocabulary " + quoted(given) + " has " + std::to_string(size) +
                                            " tokens but the model expects " + std::to_string(vocabSize) +
                                            "; use the one that came with the model.");
        }
        return given;
    }
    std::vector<std::string> candidates = besideCandidates(besideCheckpoint);
    const std::vector<std::string> caches = cacheCandidates();
    candidates.insert(candidates.end(), caches.begin(), caches.end());
    const auto found = std::find_if(candidates.begin(), candidates.end(),
                                    [&](const std::string& candidate) { return fits(candidate, vocabSize); });
    return found == candidates.end() ? std::string() : *found;
}

std::string vocabularyHelp()
{
    const std::string remembered = rememberedFolder();
    return std::string("No vocabulary for this model was found: put OpenAI's ") + kOpenAiFile +
           " (or the model's vocab.json with merges.txt, or its tokenizer.json) beside the checkpoint" +
           (remembered.empty() ? std::string() : " or into " + quoted(remembered)) + ", or name it with --vocab.";
}

} // namespace semascope::core
