#include "core/data/Arrays_p.h"
#include "core/data/Attributes_p.h"
#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/data/Text_p.h"
#include "core/job/JobContext.h"

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::size_t kCifarSide = 32;
constexpr std::size_t kCifarArea = kCifarSide * kCifarSide;
constexpr std::size_t kCifarRecord = 1 + 3 * kCifarArea;
constexpr int kCifarClasses = 10;
constexpr std::uint64_t kMaxBytes = std::uint64_t{4} << 30;

/// Class names beside the files; the published order when there are none.
std::vector<std::string> cifarClasses(const std::string& folder, Dataset& data)
{
    std::vector<std::string> names;
    const std::string list = joinPath(folder, kCifarNames);
    if (isRegular(list)) {
        const std::string text = readText(list, 1 << 16);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            bool recoded = false;
            const std::string name = asUtf8(trimmed(std::string_view(text).substr(at, end - at)), recoded);
            if (!name.empty()) {
                names.push_back(name);
            }
            at = end + 1;
        }
    }
    if (names.size() != kCifarClasses) {
        data.notes.push_back(std::string(kCifarNames) +
                             " is not there or has not ten names; the published names are used.");
        names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
    }
    return names;
}

/// The whole dataset while it is put together.
struct CifarParts
{
    std::vector<std::uint8_t> pixels;
    std::vector<std::int32_t> classes;
    std::vector<std::int32_t> files;
    std::vector<std::string> fileNames;
};

void appendCifar(const std::string& path, CifarParts& parts, Dataset& data, JobContext& job)
{
    const std::string name = baseName(path);
    const std::vector<std::uint8_t> bytes = readRegularFile(path, kMaxBytes);
    const std::size_t records = bytes.size() / kCifarRecord;
    const auto file = static_cast<std::int32_t>(parts.fileNames.size());
    parts.fileNames.push_back(shownPath(name));
    for (std::size_t r = 0; r < records; ++r) {
        if (r % 2048 == 0) {
            job.checkpoint();
            job.progress("reading pictures", "pictures", r, records);
        }
        ++data.found;
        const std::uint8_t* record = bytes.data() + r * kCifarRecord;
        const std::string id = name + ":" + std::to_string(r);
        if (record[0] >= kCifarClasses) {
            data.skipped.push_back(
                {path + ":" + std::to_string(r), "has class " + std::to_string(record[0]) + "; CIFAR-10 has 0 to 9"});
            continue;
        }
        for (std::size_t p = 0; p < kCifarArea; ++p) {
            for (std::size_t c = 0; c < 3; ++c) {
                parts.pixels.push_back(record[1 + c * kCifarArea + p]);
            }
        }
        parts.classes.push_back(record[0]);
        parts.files.push_back(file);
        data.samples.push_back({id, {}, {}, false});
    }
    if (bytes.size() % kCifarRecord != 0) {
        ++data.found;
        data.skipped.push_back({path, "truncated: the file ends inside picture " + std::to_string(records) +
                                          ", after " + counted(records, "whole one", "whole ones")});
    }
}

/// The bytes of a file, inflated when it is gzip, which begin with an IDX header.
struct Idx
{
    std::vector<std::size_t> shape;
    std::vector<std::uint8_t> bytes;
};

std::uint32_t be32(const std::string& text, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = (value << 8) | static_cast<unsigned char>(text[at + i]);
    }
    return value;
}

Idx readIdx(const std::string& path, std::uint32_t magic)
{
    const std::size_t dimensions = magic & 255;
    const std::size_t headerSize = 4 + 4 * dimensions;
    const std::string header = unpackedStart(path, headerSize);
    if (header.size() < headerSize || be32(header, 0) != magic) {
        throw Error(Code::BadFormat, quoted(path) + " is not an IDX file of the expected kind, or is cut off.");
    }
    Idx idx;
    std::uint64_t total = 1;
    bool overflow = false;
    for (std::size_t k = 0; k < dimensions; ++k) {
        idx.shape.push_back(be32(header, 4 + 4 * k));
        overflow = __builtin_mul_overflow(total, static_cast<std::uint64_t>(idx.shape.back()), &total) || overflow;
    }
    const OpenedFile file = requireRegular(path);
    const bool gzip = readStart(path, 2) == "\x1f\x8b";
    const std::uint64_t most = gzip ? std::min(kMaxBytes, file.facts.size * 1100) : file.facts.size;
    if (overflow || total + headerSize > most) {
        throw Error(Code::BadFormat,
                    quoted(path) + " is shorter than it says: it was cut off, or its header is wrong.");
    }
    try {
        idx.bytes = readOpened(file, kMaxBytes);
        if (gzip) {
            idx.bytes = inflated({idx.bytes.data(), idx.bytes.size(), true, true}, total + headerSize);
        }
    } catch (const Error& e) {
        throw Error(e.code(), quoted(path) + " " + e.what() + ".");
    }
    if (idx.bytes.size() < total + headerSize) {
        throw Error(Code::BadFormat, quoted(path) + " is shorter than it says.");
    }
    idx.bytes.erase(idx.bytes.begin(), idx.bytes.begin() + static_cast<std::ptrdiff_t>(headerSize));
    idx.bytes.resize(total);
    return idx;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const std::size_t at = text.rfind(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

/// The file of labels that goes with a file of pictures, by name; empty when there is none.
std::string labelsBeside(const std::string& path)
{
    const std::string name = replaced(replaced(baseName(path), "images", "labels"), "idx3", "idx1");
    std::vector<std::string> names = {name, name + ".gz"};
    if (extensionOf(name) == "gz") {
        names.push_back(name.substr(0, name.size() - 3));
    }
    for (const std::string& candidate : names) {
        const std::string there = joinPath(parentPath(path), candidate);
        if (candidate != baseName(path) && isRegular(there)) {
            return there;
        }
    }
    return {};
}

void addIdxLabels(const std::string& path, Dataset& data)
{
    const std::string labelsPath = labelsBeside(path);
    if (labelsPath.empty()) {
        data.notes.push_back("No file of labels is beside it.");
        return;
    }
    const std::string name = shownPath(baseName(labelsPath));
    const Idx labels = readIdx(labelsPath, 0x801);
    if (labels.bytes.size() != data.samples.size()) {
        data.notes.push_back(name + " has " + std::to_string(labels.bytes.size()) + " labels for " +
                             std::to_string(data.samples.size()) + " pictures and is not used.");
        return;
    }
    data.notes.push_back("Labels are from " + name + ".");
    std::vector<std::string> names;
    const int most = labels.bytes.empty() ? -1 : *std::max_element(labels.bytes.begin(), labels.bytes.end());
    for (int i = 0; i <= most; ++i) {
        names.push_back(std::to_string(i));
    }
    addCategories("label", {labels.bytes.begin(), labels.bytes.end()}, std::move(names), data);
}

std::string idxPath(const OpenSpec& spec, Dataset& data)
{
    const std::string path = absolutePath(spec.path);
    if (!isFolder(path)) {
        return path;
    }
    const std::vector<std::string> names = idxImageFiles(path);
    if (names.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " holds no IDX file of pictures.");
    }
    const auto train = std::find_if(names.begin(), names.end(),
                                    [](const std::string& n) { return n.find("train") != std::string::npos; });
    const std::string chosen = train != names.end() ? *train : names[0];
    if (names.size() > 1) {
        data.notes.push_back("Opened " + shownPath(chosen) + "; the folder holds " +
                             counted(names.size() - 1, "more file", "more files") +
                             " of pictures, which can be opened by themselves.");
    }
    return joinPath(path, chosen);
}

} // namespace

Dataset openCifar10(const OpenSpec& spec, JobContext& job)
{
    const std::string path = absolutePath(spec.path);
    const bool folder = isFolder(path);
    Dataset data;
    data.kind = DatasetKind::Cifar10;
    CifarParts parts;
    std::vector<std::string> files = {path};
    if (folder) {
        files = cifarFiles(path);
    }
    ContentHash hash;
    for (const std::string& file : files) {
        const std::string full = folder ? joinPath(path, file) : file;
        const std::string problem = folder ? cifarProblem(full) : std::string();
        if (!problem.empty()) {
            ++data.found;
            data.skipped.push_back({full, problem});
            continue;
        }
        appendCifar(full, parts, data, job);
        hash.add(baseName(full));
        hash.addFile(full);
    }
    if (data.samples.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " holds no complete CIFAR-10 picture.");
    }
    setPictures(data, std::move(parts.pixels), kCifarSide, kCifarSide);
    addCategories("class", std::move(parts.classes), cifarClasses(folder ? path : parentPath(path), data), data);
    if (parts.fileNames.size() > 1) {
        addCategories("file", std::move(parts.files), std::move(parts.fileNames), data);
    }
    data.contentHash = hash.hex();
    return data;
}

Dataset openIdx(const OpenSpec& spec, JobContext& job)
{
    Dataset data;
    data.kind = DatasetKind::Idx;
    const std::string path = idxPath(spec, data);
    const Idx images = readIdx(path, 0x803);
    const std::size_t area = images.shape[1] * images.shape[2];
    constexpr std::size_t kMaxSide = 65535;
    if (area == 0 || images.shape[1] > kMaxSide || images.shape[2] > kMaxSide) {
        throw Error(Code::BadFormat, quoted(path) + " has pictures without pixels or with a side over 65535.");
    }
    std::vector<std::uint8_t> pixels;
    pixels.reserve(images.bytes.size() * 3);
    for (std::size_t i = 0; i < images.shape[0]; ++i) {
        if (i % 4096 == 0) {
            job.checkpoint();
            job.progress("reading pictures", "pictures", i, images.shape[0]);
        }
        for (std::size_t p = i * area; p < (i + 1) * area; ++p) {
            pixels.insert(pixels.end(), 3, images.bytes[p]);
        }
        data.samples.push_back({std::to_string(i), {}, {}, false});
    }
    setPictures(data, std::move(pixels), static_cast<int>(images.shape[2]), static_cast<int>(images.shape[1]));
    data.found = data.samples.size();
    addIdxLabels(path, data);
    data.contentHash = hashOfFile(path);
    return data;
}

} // namespace semascope::core
