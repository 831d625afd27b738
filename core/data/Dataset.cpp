#include "core/data/Dataset.h"

#include "core/data/Openers_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

namespace semascope::core {

namespace {

/// What a path is that is no dataset. Throws always.
[[noreturn]] void refuse(const std::string& path)
{
    const std::string full = absolutePath(path);
    if (isFolder(full)) {
        throw Error(Code::BadFormat,
                    quoted(path) + " holds no pictures (JPEG, PNG, WebP, BMP, TIFF, PNM); open a folder that does.");
    }
    requireRegular(full);
    if (hasPictureName(full)) {
        throw Error(Code::BadFormat, quoted(path) + " is a single picture; open the folder it is in.");
    }
    throw Error(Code::BadFormat,
                quoted(path) + " is no dataset: a folder of pictures, a table with a column “file” or “caption”, COCO "
                               "captions, CelebA, CIFAR-10, IDX or NPY can be opened.");
}

Dataset openKind(DatasetKind kind, const OpenSpec& spec, JobContext& job)
{
    switch (kind) {
    case DatasetKind::Folder:
    case DatasetKind::FolderPerClass:
        return openFolder(spec, job);
    case DatasetKind::Table:
        return openTable(spec, job);
    case DatasetKind::Captions:
        return openCaptionTable(spec, job);
    case DatasetKind::CocoCaptions:
        return openCoco(spec, job);
    case DatasetKind::CelebA:
        return openCelebA(spec, job);
    case DatasetKind::Cifar10:
        return openCifar10(spec, job);
    case DatasetKind::Idx:
        return openIdx(spec, job);
    case DatasetKind::Vectors:
        return openVectors(spec, job);
    case DatasetKind::PictureNpy:
        return openPictureNpy(spec, job);
    }
    refuse(spec.path);
}

DatasetKind kindToOpen(const OpenSpec& spec)
{
    const std::string extension = extensionOf(spec.path);
    const bool table = extension == "csv" || extension == "tsv" || extension == "tab";
    if (table && isRegular(absolutePath(spec.path))) {
        // A table that cannot be read says why itself.
        const auto kind = spec.pathColumn.empty() ? detectDataset(spec.path) : DatasetKind::Table;
        return kind.value_or(DatasetKind::Captions);
    }
    const std::optional<DatasetKind> kind = detectDataset(spec.path);
    if (!kind && (extension == "npy" || extension == "npz") && isRegular(absolutePath(spec.path))) {
        return DatasetKind::Vectors;
    }
    if (!kind) {
        refuse(spec.path);
    }
    return *kind;
}

/// A folder with a table about it is the table, its pictures looked up in the folder.
OpenSpec withTable(const OpenSpec& spec, DatasetKind& kind)
{
    OpenSpec joined = spec;
    if (!spec.metadata.empty() && (kind == DatasetKind::Folder || kind == DatasetKind::FolderPerClass)) {
        joined.path = spec.metadata;
        joined.pictureFolder = spec.path;
        kind = DatasetKind::Table;
    }
    return joined;
}

} // namespace

const char* kindName(DatasetKind kind) noexcept
{
    switch (kind) {
    case DatasetKind::Folder:
        return "picture folder";
    case DatasetKind::FolderPerClass:
        return "folder per class";
    case DatasetKind::Table:
        return "table of pictures";
    case DatasetKind::CocoCaptions:
        return "COCO captions";
    case DatasetKind::CelebA:
        return "CelebA attributes";
    case DatasetKind::Cifar10:
        return "CIFAR-10";
    case DatasetKind::Idx:
        return "IDX pictures";
    case DatasetKind::Vectors:
        return "vectors";
    case DatasetKind::PictureNpy:
        return "picture array";
    case DatasetKind::Captions:
        return "captions";
    }
    return "unknown";
}

Dataset openDataset(const OpenSpec& spec, JobContext& job)
{
    DatasetKind kind = kindToOpen(spec);
    const OpenSpec joined = withTable(spec, kind);
    Dataset data;
    try {
        data = openKind(kind, joined, job);
    } catch (const Error&) {
        throw;
    } catch (...) {
        throw errorFromCurrentException("Opening " + quoted(spec.path));
    }
    data.source = absolutePath(spec.path);
    data.name = shownPath(baseName(data.source));
    if (spec.subset > 0 && spec.subset < data.samples.size()) {
        data = randomSubset(std::move(data), spec.subset, spec.seed);
    }
    return data;
}

} // namespace semascope::core
