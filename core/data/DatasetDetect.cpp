#include "core/data/Arrays_p.h"
#include "core/data/Openers_p.h"
#include "core/data/PictureProbe_p.h"
#include "core/data/Table_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::size_t kStart = 64 << 10;
constexpr std::size_t kMostLooks = 2000; // names looked at before a folder is given up
constexpr std::uint64_t kCifarRecord = 3073;

bool startsLike(const std::string& name, const std::string& prefix, const std::string& suffix)
{
    return name.size() >= prefix.size() + suffix.size() && name.compare(0, prefix.size(), prefix) == 0 &&
           name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

bool isIdx(const std::string& start, char dimensions)
{
    return start.size() >= 4 && start.compare(0, 3, std::string("\0\0\x08", 3)) == 0 && start[3] == dimensions;
}

std::optional<DatasetKind> detectArray(const std::string& path)
{
    try {
        bool vectors = false;
        for (const ArrayListing& listing : listArrays(path)) {
            const NpyHeader& header = listing.header;
            const std::size_t dimensions = header.shape.size();
            if (header.type == ElementType::U8 && (dimensions == 3 || dimensions == 4)) {
                return DatasetKind::PictureNpy;
            }
            const bool isFloat =
                header.type == ElementType::F16 || header.type == ElementType::F32 || header.type == ElementType::F64;
            vectors = vectors || (isFloat && dimensions == 2);
        }
        return vectors ? std::optional(DatasetKind::Vectors) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt; // whoever opens it as an array gets the reason
    }
}

std::optional<DatasetKind> detectTable(const std::string& path)
{
    const std::vector<std::string> columns = readTableColumns(path);
    const TableRoles roles = rolesOf(columns, {}, path);
    if (roles.path >= 0) {
        return DatasetKind::Table;
    }
    return roles.captions.empty() ? std::nullopt : std::optional(DatasetKind::Captions);
}

bool isCifarName(const std::string& name)
{
    return startsLike(name, "data_batch", ".bin") || startsLike(name, "test_batch", ".bin");
}

/// A file cut inside a picture still counts under the published names: opening says what is missing.
bool isCifarFile(const std::string& path)
{
    const bool whole = openRegular(path).facts.size % kCifarRecord == 0;
    return (whole || isCifarName(baseName(path))) && cifarProblem(path).empty();
}

bool isCelebAList(const std::string& path)
{
    const std::string start = readStart(path, 256);
    const std::size_t end = start.find('\n');
    return end != std::string::npos && parseInteger(start.substr(0, end)) && extensionOf(path) == "txt" &&
           baseName(path).find("attr") != std::string::npos;
}

bool isCocoJson(const std::string& path)
{
    const std::string start = readStart(path, kStart);
    return std::string_view(start).substr(0, 512).find('{') != std::string_view::npos &&
           (start.find("\"images\"") != std::string::npos || start.find("\"annotations\"") != std::string::npos);
}

std::optional<DatasetKind> detectFile(const std::string& path)
{
    const std::string extension = extensionOf(path);
    if (extension == "npy" || extension == "npz") {
        return detectArray(path);
    }
    if (extension == "csv" || extension == "tsv" || extension == "tab") {
        return detectTable(path);
    }
    if (extension == "json") {
        return isCocoJson(path) ? std::optional(DatasetKind::CocoCaptions) : std::nullopt;
    }
    if (extension == "txt") {
        return isCelebAList(path) ? std::optional(DatasetKind::CelebA) : std::nullopt;
    }
    if (extension == "bin") {
        return isCifarFile(path) ? std::optional(DatasetKind::Cifar10) : std::nullopt;
    }
    if (isIdx(unpackedStart(path, 16), '\3')) {
        return DatasetKind::Idx;
    }
    // A damaged picture still counts by its name: opening says what is wrong with it.
    const bool picture = hasPictureName(path) || (extension.empty() && checkPictureFile(path, {}).reason.empty());
    return picture ? std::optional(DatasetKind::Folder) : std::nullopt;
}

/// Looks for pictures level by level, by name and then by first bytes, and gives up after enough names.
class PictureSearch
{
public:
    std::optional<DatasetKind> run(const std::string& root)
    {
        std::vector<std::string> folders;
        if (look(root, folders)) {
            return DatasetKind::Folder;
        }
        std::size_t withPictures = 0;
        std::vector<std::string> deeper;
        for (const std::string& folder : folders) {
            withPictures += look(folder, deeper) ? 1 : 0;
            if (withPictures >= 2) {
                return DatasetKind::FolderPerClass;
            }
        }
        for (std::size_t i = 0; i < deeper.size() && withPictures == 0 && m_looks < kMostLooks; ++i) {
            const std::string folder = deeper[i];
            withPictures += look(folder, deeper) ? 1 : 0;
        }
        return withPictures > 0 ? std::optional(DatasetKind::Folder) : std::nullopt;
    }

private:
    /// Whether pictures lie directly in `folder`; its folders are appended.
    bool look(const std::string& folder, std::vector<std::string>& folders)
    {
        if (m_looks >= kMostLooks) {
            return false;
        }
        std::vector<std::string> unnamed;
        for (const std::string& name : namesIn(folder)) {
            const std::string path = joinPath(folder, name);
            if (name[0] == '.' || ++m_looks > kMostLooks) {
                continue;
            }
            if (isFolder(path)) {
                folders.push_back(path);
            } else if (hasPictureName(name)) {
                return true;
            } else if (extensionOf(name).empty()) {
                unnamed.push_back(path);
            }
        }
        return std::any_of(unnamed.begin(), unnamed.end(),
                           [](const std::string& path) { return checkPictureFile(path, {}).reason.empty(); });
    }

    std::size_t m_looks = 0;
};

std::optional<DatasetKind> detectFolder(const std::string& path)
{
    if (!cifarFiles(path).empty()) {
        return DatasetKind::Cifar10;
    }
    if (isRegular(joinPath(path, kCelebAList))) {
        return DatasetKind::CelebA;
    }
    if (!idxImageFiles(path).empty()) {
        return DatasetKind::Idx;
    }
    return PictureSearch().run(path);
}

} // namespace

std::string cifarProblem(const std::string& path)
{
    const OpenedFile file = openRegular(path);
    if (!file.ok()) {
        return file.problem;
    }
    if (file.facts.size == 0) {
        return "empty (0 bytes)";
    }
    const std::string start = readStart(path, kStart);
    for (std::size_t at = 0; at < start.size(); at += kCifarRecord) {
        if (static_cast<unsigned char>(start[at]) > 9) {
            return "not CIFAR-10: there is no class from 0 to 9 where picture " + std::to_string(at / kCifarRecord) +
                   " must begin";
        }
    }
    return {};
}

std::vector<std::string> cifarFiles(const std::string& folder)
{
    std::vector<std::string> files;
    bool any = false;
    for (const std::string& name : namesIn(folder)) {
        if (isCifarName(name)) {
            files.push_back(name);
            any = any || isCifarFile(joinPath(folder, name));
        }
    }
    return any ? files : std::vector<std::string>();
}

std::vector<std::string> idxImageFiles(const std::string& folder)
{
    std::vector<std::string> files;
    for (const std::string& name : namesIn(folder)) {
        if (name.find("images") != std::string::npos && name.find("idx3") != std::string::npos &&
            isIdx(unpackedStart(joinPath(folder, name), 16), '\3')) {
            files.push_back(name);
        }
    }
    return files;
}

std::string unpackedStart(const std::string& path, std::size_t count)
{
    const std::string start = readStart(path, std::max<std::size_t>(4096, count * 2));
    if (start.size() < 2 || start.compare(0, 2, "\x1f\x8b") != 0) {
        return start.substr(0, count);
    }
    try {
        const auto bytes =
            inflated({reinterpret_cast<const std::uint8_t*>(start.data()), start.size(), true, true}, count);
        return std::string(bytes.begin(), bytes.end());
    } catch (const Error&) {
        return {}; // damaged: nothing can be told from it
    }
}

std::optional<DatasetKind> detectDataset(const std::string& path)
{
    const std::string full = absolutePath(path);
    if (isFolder(full)) {
        return detectFolder(full);
    }
    return isRegular(full) ? detectFile(full) : std::nullopt;
}

} // namespace semascope::core
