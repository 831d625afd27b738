#include "core/checkpoint/StateDict_p.h"

#include "core/checkpoint/MappedFile_p.h"
#include "core/checkpoint/Safetensors_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

namespace semascope::core {
namespace {

constexpr std::uint64_t kLargestIndex = 64u << 20;

bool endsWith(const std::string& text, std::string_view end)
{
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string folderOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

/// Tensor name → file name.
std::map<std::string, std::string> readIndex(const std::string& path)
{
    const auto file = MappedFile::open(path);
    const std::string name = fileName(path);
    if (file->size() > kLargestIndex) {
        throw Error(Code::BadFormat, name + " is too large for an index of shards.");
    }
    const std::string_view text = file->text(0, file->size());
    const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
        throw Error(Code::BadFormat, name + " is no index of shards: it has no weight_map.");
    }
    std::map<std::string, std::string> map;
    for (const auto& [tensor, shard] : json["weight_map"].items()) {
        const std::string target = shard.is_string() ? shard.get<std::string>() : std::string();
        if (target.empty() || target == "." || target.find("..") != std::string::npos ||
            target.find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
            throw Error(Code::BadFormat, name + " names the shard \"" + target + "\", which is no file beside it.");
        }
        map[tensor] = target;
    }
    return map;
}

StateDict readFileRaw(const std::string& path)
{
    const auto file = MappedFile::open(path);
    const std::string_view head = file->head(512);
    const bool zip = head.substr(0, 4) == "PK\x03\x04";
    const bool pickle = head.size() > 2 && static_cast<unsigned char>(head[0]) == 0x80 && head[1] > 0 && head[1] <= 5;
    if (zip || pickle) {
        // A safetensors header of 0x…80 bytes starts alike, but has its brace at byte 8.
        const bool brace = head.size() > 8 && loadLittle<std::uint64_t>(file->data()) <= 100'000'000;
        return brace && !zip ? readSafetensorsRaw(path) : readTorchFileRaw(path);
    }
    if (const std::string foreign = foreignContent(head); !foreign.empty()) {
        throw Error(Code::BadFormat, fileName(path) + " " + foreign + ".");
    }
    if (file->size() == 0) {
        throw Error(Code::BadFormat, fileName(path) + " is empty – incomplete download?");
    }
    if (const std::string foreign = foreignName(path); !foreign.empty()) {
        throw Error(Code::Unsupported, fileName(path) + " " + foreign + ".");
    }
    const bool torchName =
        endsWith(path, ".pt") || endsWith(path, ".pth") || endsWith(path, ".bin") || endsWith(path, ".ckpt");
    const bool header = file->size() >= 8 && loadLittle<std::uint64_t>(file->data()) <= 100'000'000;
    if (!header && !endsWith(path, ".safetensors")) {
        throw Error(Code::BadFormat, fileName(path) +
                                         " is no checkpoint: neither safetensors nor written by torch.save" +
                                         (torchName ? " – incomplete download?" : "."));
    }
    return readSafetensorsRaw(path);
}

StateDict readShards(const std::string& path)
{
    const auto map = readIndex(path);
    StateDict whole;
    for (const std::string& shard : shardFiles(path)) {
        StateDict part = readFileRaw(shard);
        const std::string name = fileName(shard);
        whole.container = part.container + ", in shards";
        whole.metadata.merge(part.metadata);
        whole.integers.merge(part.integers);
        whole.ignored.insert(whole.ignored.end(), part.ignored.begin(), part.ignored.end());
        for (auto& tensor : part.tensors) {
            const auto wanted = map.find(tensor.first);
            if (wanted != map.end() && wanted->second == name) {
                whole.tensors.push_back(std::move(tensor));
            }
        }
    }
    if (whole.tensors.size() != map.size()) {
        std::set<std::string> found;
        for (const auto& [name, view] : whole.tensors) {
            found.insert(name);
        }
        const auto missing =
            std::find_if(map.begin(), map.end(), [&](const auto& entry) { return !found.count(entry.first); });
        throw Error(Code::BadFormat, missing->second + " lacks the tensor \"" + missing->first + "\" that " +
                                         fileName(path) + " expects in it.");
    }
    return whole;
}

bool stripPrefix(StateDict& state, std::string_view prefix)
{
    const bool all = std::all_of(state.tensors.begin(), state.tensors.end(), [prefix](const auto& tensor) {
        return tensor.first.size() > prefix.size() && tensor.first.compare(0, prefix.size(), prefix) == 0;
    });
    if (!all || state.tensors.empty()) {
        return false;
    }
    for (auto& [name, view] : state.tensors) {
        name.erase(0, prefix.size());
    }
    std::map<std::string, std::int64_t> integers;
    for (const auto& [name, value] : state.integers) {
        integers[name.compare(0, prefix.size(), prefix) == 0 ? name.substr(prefix.size()) : name] = value;
    }
    state.integers = std::move(integers);
    return true;
}

} // namespace

void stripPrefixes(StateDict& state)
{
    // torch's AveragedModel counts beside its "module."
    const auto counter = std::find_if(state.tensors.begin(), state.tensors.end(),
                                      [](const auto& tensor) { return tensor.first == "n_averaged"; });
    if (counter != state.tensors.end() && state.tensors.size() > 1) {
        state.ignored.push_back(counter->first);
        state.tensors.erase(counter);
    }
    const auto strip = [&state] {
        // the last three are what training frameworks call the model that they hold
        for (const char* prefix : {"module.", "_orig_mod.", "model.", "clip.", "clip_model."}) {
            if (stripPrefix(state, prefix)) {
                return true;
            }
        }
        return false;
    };
    while (strip()) {
    }
}

std::vector<std::string> shardFiles(const std::string& indexPath)
{
    std::set<std::string> names;
    for (const auto& [tensor, shard] : readIndex(indexPath)) {
        names.insert(shard);
    }
    std::vector<std::string> files;
    for (const std::string& name : names) {
        files.push_back(folderOf(indexPath) + name);
    }
    return files;
}

StateDict readStateDict(const std::string& path)
{
    StateDict state = endsWith(path, ".index.json") ? readShards(path) : readFileRaw(path);
    stripPrefixes(state);
    return state;
}

} // namespace semascope::core
