#include "core/data/Attributes_p.h"
#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <map>
#include <set>

namespace semascope::core {

namespace {

/// The n-th folder of a relative path, empty when it is not that deep.
std::string folderPart(const std::string& relative, std::size_t n)
{
    std::size_t begin = 0;
    for (std::size_t i = 0;; ++i) {
        const std::size_t slash = relative.find('/', begin);
        if (slash == std::string::npos) {
            return {};
        }
        if (i == n) {
            return relative.substr(begin, slash - begin);
        }
        begin = slash + 1;
    }
}

/// Every sample's n-th folder; false when one has none or all have the same.
bool foldersAt(const Dataset& data, std::size_t n, std::vector<std::string>& folders)
{
    folders.clear();
    for (const Sample& sample : data.samples) {
        folders.push_back(folderPart(sample.id, n));
        if (folders.back().empty()) {
            return false;
        }
    }
    return std::set<std::string>(folders.begin(), folders.end()).size() >= 2;
}

bool areSplits(const std::vector<std::string>& folders)
{
    static const std::set<std::string> kSplits = {"train", "training", "test", "val", "valid", "validation"};
    return std::all_of(folders.begin(), folders.end(), [](const std::string& f) { return kSplits.count(f) > 0; });
}

void addFolderCategories(const std::string& name, const std::vector<std::string>& folders, Dataset& data)
{
    std::map<std::string, std::int32_t> known;
    for (const std::string& folder : folders) {
        known.emplace(folder, 0);
    }
    std::vector<std::string> labels;
    for (auto& [label, index] : known) {
        index = static_cast<std::int32_t>(labels.size());
        labels.push_back(shownPath(label));
    }
    std::vector<std::int32_t> indices;
    indices.reserve(folders.size());
    for (const std::string& folder : folders) {
        indices.push_back(known[folder]);
    }
    addCategories(name, std::move(indices), std::move(labels), data);
}

void addClasses(Dataset& data)
{
    std::vector<std::string> folders;
    std::vector<std::string> inner;
    if (!foldersAt(data, 0, folders)) {
        return;
    }
    data.kind = DatasetKind::FolderPerClass;
    if (areSplits(folders) && foldersAt(data, 1, inner)) {
        addFolderCategories("split", folders, data);
        folders = std::move(inner);
    }
    addFolderCategories("class", folders, data);
}

/// A single picture is a dataset of one.
Dataset openPicture(const std::string& path, const OpenSpec& spec, JobContext& job)
{
    std::vector<Candidate> candidates{{baseName(path), path, 0, 0, false, {}}};
    checkCandidates(candidates, spec, job);
    if (!candidates.front().reason.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " cannot be opened: " + candidates.front().reason + ".");
    }
    Dataset data;
    data.kind = DatasetKind::Folder;
    data.found = 1;
    takeCandidates(candidates, data);
    data.contentHash = hashOf(candidates);
    return data;
}

} // namespace

Dataset openFolder(const OpenSpec& spec, JobContext& job)
{
    const std::string root = absolutePath(spec.path);
    if (isRegular(root)) {
        return openPicture(root, spec, job);
    }
    FolderWalk walk = walkFolder(root, job);
    std::vector<Candidate> candidates;
    candidates.reserve(walk.files.size());
    for (const FoundFile& file : walk.files) {
        candidates.push_back(
            {file.relative, joinPath(root, file.relative), file.facts.size, file.facts.modified, false, {}});
    }
    checkCandidates(candidates, spec, job);
    Dataset data;
    data.kind = DatasetKind::Folder;
    data.skipped = std::move(walk.skipped);
    data.found = walk.found;
    takeCandidates(candidates, data);
    data.contentHash = hashOf(candidates);
    addClasses(data);
    return data;
}

} // namespace semascope::core
