#pragma once
#include "core/data/Matrix.h"
#include "core/data/Picture.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// One row of a dataset: a picture, a caption or a vector.
struct Sample
{
    std::string id;   ///< unique within the dataset; a relative path where there is one (bytes, any encoding)
    std::string path; ///< absolute path of the picture (bytes), empty when the picture is in memory or absent
    std::vector<std::string> captions; ///< UTF-8
    bool transparent = false;          ///< has alpha: the model sees the colours under it
};

/// A column about samples. Either numbers (NaN = missing) or categories (-1 = missing).
struct Attribute
{
    std::string name;
    std::vector<double> numbers;          ///< one per sample when numeric, else empty
    std::vector<std::int32_t> categories; ///< one per sample when categorical, else empty
    std::vector<std::string> labels;      ///< names of the categories

    bool numeric() const noexcept { return !numbers.empty(); }
};

/// Something that was found and not loaded, and why. `path` is bytes.
struct Skip
{
    std::string path;
    std::string reason;
};

/// Pictures that live in one array: n×H×W×3, uint8.
struct PictureArray
{
    const std::uint8_t* data = nullptr;
    std::size_t count = 0;
    int width = 0, height = 0;
    std::shared_ptr<const void> owner;
};

enum class DatasetKind {
    Folder,
    FolderPerClass,
    Table,
    CocoCaptions,
    CelebA,
    Cifar10,
    Idx,
    Vectors,
    PictureNpy,
    Captions
};
const char* kindName(DatasetKind kind) noexcept;

/// An opened dataset; immutable once built. found == samples + skipped.
struct Dataset
{
    std::string name;
    std::string source; ///< path it was opened from (bytes)
    DatasetKind kind = DatasetKind::Folder;
    std::vector<Sample> samples;
    std::vector<Attribute> attributes;
    std::vector<Skip> skipped;
    std::size_t found = 0;
    std::vector<std::string> notes; ///< sentences for the person: what was joined, assumed or ignored
    std::optional<Matrix> vectors;  ///< for DatasetKind::Vectors: row i belongs to samples[vectorSample[i]]
    std::vector<std::uint32_t> vectorSample;
    PictureArray pictures;   ///< when count != 0: picture i belongs to samples[i]
    std::string contentHash; ///< xxh3 of ids, sizes and times: tells whether the source changed

    bool hasPicture(std::size_t i) const noexcept { return pictures.count > 0 || !samples[i].path.empty(); }
};

class JobContext;

/// How to open. Defaults open everything there is.
struct OpenSpec
{
    std::string path;          ///< file or folder (bytes)
    std::string metadata;      ///< CSV/TSV about vectors, optional; joined by id where there are ids, else by row order
    std::string pictureFolder; ///< where relative picture names of a table are looked up; default: the table's folder
    std::string pathColumn;    ///< of a table; found by name when empty
    std::size_t subset = 0;    ///< 0 = all, else this many at random
    std::uint64_t seed = 0;
    PictureLimits limits;
    bool checkPictures = true; ///< read every header now (skips are complete); off lists names only
    bool operator==(const OpenSpec& o) const
    {
        return path == o.path && metadata == o.metadata && pictureFolder == o.pictureFolder &&
               pathColumn == o.pathColumn && subset == o.subset && seed == o.seed && checkPictures == o.checkPictures;
    }
};

/// Whether `path` looks like a dataset that openDataset can open, and which kind. Cheap; reads names and first bytes.
std::optional<DatasetKind> detectDataset(const std::string& path);

/// Opens any dataset of `DatasetKind`. Throws Error(NotFound | BadFormat | Unsupported | Cancelled).
Dataset openDataset(const OpenSpec& spec, JobContext& job);

/// The picture of sample i as the model gets it, and as a person sees it. Throw as decodeForModel/decodeForEye do, and
/// Error(NotFound) when sample i has none or its file is gone: always a clause that reads on from "id: ".
Picture pictureForModel(const Dataset& data, std::size_t i);
Picture pictureAsStored(const Dataset& data, std::size_t i); ///< see decodeAsStored
Picture pictureForEye(const Dataset& data, std::size_t i, int maxSide);

/// A dataset with only the samples of `which` (in that order), attributes and vectors following.
Dataset takeSamples(const Dataset& data, const std::vector<std::uint32_t>& which, const std::string& name);

struct Embedding;

/// Writes path and reason of everything that was skipped, by the dataset and (unless null) by its embedding, as CSV.
/// Throws Error(Io).
void writeSkips(const std::string& csv, const Dataset& data, const Embedding* embedding);

} // namespace semascope::core
