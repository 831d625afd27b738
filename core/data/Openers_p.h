#pragma once
#include "core/data/Dataset.h"
#include "core/data/File_p.h"

namespace semascope::core {

/// Something that may become a sample.
struct Candidate
{
    std::string id;
    std::string path; ///< absolute
    std::uint64_t size = 0;
    std::int64_t modified = 0;
    bool transparent = false;
    std::string reason; ///< why it is skipped; empty when it is fine
};

/// Reads the headers of all candidates in parallel (or judges by name when the spec says so) and fills in the reasons.
void checkCandidates(std::vector<Candidate>& candidates, const OpenSpec& spec, JobContext& job);
/// Moves good candidates to `data.samples` and the others to `data.skipped`; returns the places of the good ones.
std::vector<std::size_t> takeCandidates(const std::vector<Candidate>& candidates, Dataset& data);
/// Whether a name ends like that of a picture we read, or of one we know and refuse.
bool hasPictureName(const std::string& path);

/// A file found in a folder tree.
struct FoundFile
{
    std::string relative;
    FileFacts facts;
    bool link = false;
};
/// Everything below a folder: each file once, whatever links lead to it.
struct FolderWalk
{
    std::vector<FoundFile> files; ///< sorted by relative path, bytewise
    std::vector<Skip> skipped;
    std::size_t found = 0; ///< files + skipped
};
FolderWalk walkFolder(const std::string& root, JobContext& job);

Dataset openFolder(const OpenSpec& spec, JobContext& job);
Dataset openTable(const OpenSpec& spec, JobContext& job);
Dataset openCaptionTable(const OpenSpec& spec, JobContext& job);
Dataset openCoco(const OpenSpec& spec, JobContext& job);
Dataset openCelebA(const OpenSpec& spec, JobContext& job);
Dataset openCifar10(const OpenSpec& spec, JobContext& job);
Dataset openIdx(const OpenSpec& spec, JobContext& job);
Dataset openVectors(const OpenSpec& spec, JobContext& job);
Dataset openPictureNpy(const OpenSpec& spec, JobContext& job);

/// Pictures kept in memory by a dataset. `pixels` are n×H×W×3.
void setPictures(Dataset& data, std::vector<std::uint8_t> pixels, int width, int height);
/// Gives `rows` rows of vectors or pictures their samples, and joins a table to them: the one of the spec, or the only
/// table beside the file that fits. By id where both sides have ids, by row order as the last resort; a note says
/// which. Fills samples (merging rows of one id), `data.vectorSample` and attributes; samples are numbered without ids.
void joinTable(const OpenSpec& spec, std::size_t rows, bool mergeSameIds, Dataset& data, JobContext& job);

/// The absolute path of a table's picture name; a reason instead when it is remote.
std::string resolvePicture(const std::string& name, const std::string& folder, std::string& reason);

/// Names of special files that detection and opening share.
inline constexpr const char* kCelebAList = "list_attr_celeba.txt";
inline constexpr const char* kCifarNames = "batches.meta.txt";
/// Why a file holds no CIFAR-10 pictures, as a clause; empty when it seems to. One is told by classes below ten where
/// they must be.
std::string cifarProblem(const std::string& path);
/// Files in a folder that are called like those of CIFAR-10, in order; none when none of them holds any pictures.
std::vector<std::string> cifarFiles(const std::string& folder);
/// IDX image files in a folder, in order.
std::vector<std::string> idxImageFiles(const std::string& folder);
/// First bytes of a file, inflated when it is a .gz.
std::string unpackedStart(const std::string& path, std::size_t count);

/// Keeps `count` samples at random, in their order; the same for the same seed everywhere.
Dataset randomSubset(Dataset data, std::size_t count, std::uint64_t seed);

} // namespace semascope::core
