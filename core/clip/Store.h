#pragma once
#include "core/job/JobContext.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// The embedding store: vectors that were computed once are kept in the user's cache folder, by what decides them
/// (weights, architecture, preprocessing, precision, contents of the picture). Losing it costs time only.
/// Safe to kill, safe for several processes, damage is found by checksums.
struct StoreSpec
{
    std::string folder;                    ///< empty: cacheFolder()
    std::optional<std::uint64_t> maxBytes; ///< for this job; else what setStoreLimit() said, else the default
    /// Write-ahead log where the folder is on this machine; a rollback journal on a network folder.
    enum class Journal { Auto, WriteAhead, Rollback } journal = Journal::Auto;
    bool operator==(const StoreSpec&) const = default;
};

/// $SEMASCOPE_CACHE, else $XDG_CACHE_HOME/semascope, else ~/.cache/semascope; empty where there is no home either.
std::string cacheFolder();

/// 4 GB, or a tenth of the free disk where that is less.
std::uint64_t defaultStoreLimit(const std::string& folder);

/// What one model has in the store, in one way of computing it.
struct StoreModel
{
    std::string model;     ///< for people
    std::string what;      ///< "pictures" or "captions"
    std::string precision; ///< "fp32"
    std::string details;   ///< preprocessing and architecture, in words
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
    std::int64_t lastUsed = 0; ///< seconds since 1970
};

struct StoreSummary
{
    std::string folder, file; ///< file is empty when there is no store yet
    std::uint64_t bytes = 0;  ///< on disk
    std::uint64_t limit = 0;
    bool limitChosen = false; ///< by setStoreLimit()
    std::vector<StoreModel> models;
    std::size_t pictures = 0; ///< files whose contents are known by path, size and times
    std::size_t reasons = 0;  ///< pictures known not to be decodable
    std::vector<std::string> notes;
};
/// What is in the store. Throws Error(Io | Cancelled).
StoreSummary storeSummary(const StoreSpec& spec, JobContext& job);

struct StoreCheck
{
    std::size_t rows = 0;        ///< that are whole
    std::size_t damagedRows = 0; ///< removed: they are computed again when they are needed
    bool rebuilt = false;        ///< the file itself was damaged, and what could be read is in a new one
    std::vector<std::string> notes;
};
/// Reads everything and compares the checksums; what is damaged is removed. Throws Error(Io | Cancelled).
StoreCheck verifyStore(const StoreSpec& spec, JobContext& job);

struct StoreCleared
{
    std::vector<std::string> files; ///< deleted
    std::uint64_t bytes = 0;
    std::size_t rows = 0;
};
/// Deletes the store; a limit that was chosen stays. A job that uses it goes on without. Throws Error(Io).
StoreCleared clearStore(const StoreSpec& spec, JobContext& job);

/// Remembers the size limit in the store itself, and makes room at once. 0: back to the default. Returns the bytes
/// freed. Throws Error(Io).
std::uint64_t setStoreLimit(const StoreSpec& spec, std::uint64_t bytes, JobContext& job);

} // namespace semascope::core
