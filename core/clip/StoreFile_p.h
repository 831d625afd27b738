#pragma once
#include "core/clip/Store.h"
#include "core/clip/StoreSchema_p.h"
#include "core/data/File_p.h"

#include <memory>

namespace semascope::core {

/// The store's file, open. It is called embeddings-N.sqlite; a damaged one is never repaired in place but followed by
/// N+1, so that a process that still has the old one open can do no harm to the new one.
struct StoreFile
{
    std::unique_ptr<SqliteDb> db; ///< null: there is no store, and `notes` say why
    std::string folder, path;
    int number = 0;
    bool readOnly = false;
    std::uint64_t device = 0, inode = 0;
    std::vector<std::string> notes;  ///< sentences for the person: what holds for every job
    std::vector<std::string> events; ///< and what happened now and is not told again

    /// Whether the path still leads to the file that is open.
    bool stillThere() const;
};

/// Opens the store, or makes it. What is damaged is replaced by a new file with everything that could be read; what is
/// no store of ours is left alone. Throws nothing but Error(Cancelled) and std::bad_alloc.
StoreFile openStore(const StoreSpec& spec, JobContext& job);
/// The same after `damaged` turned out to be so while it was in use.
StoreFile replaceStore(const StoreSpec& spec, const StoreFile& damaged, JobContext& job);
/// One more connection to the file of `store`, for another thread. Throws Error(Io | BadFormat).
std::unique_ptr<SqliteDb> connectAgain(const StoreFile& store, const std::stop_token& stop);

/// Held while the store is made, replaced or deleted; released by the system when its process ends.
class StoreLock
{
public:
    /// Waits up to half a minute. Throws Error(Io | Cancelled).
    StoreLock(const std::string& folder, const JobContext& job);

private:
    FileHandle m_file;
};

struct StoreFileName
{
    int number = 0;
    std::string path;
};
/// The store's files in a folder, lowest number first.
std::vector<StoreFileName> storeFilesIn(const std::string& folder);
/// With what SQLite keeps beside it.
std::vector<std::string> filesOf(const std::string& storePath);
void deleteStoreFile(const std::string& storePath);

/// What a file says it is, by its first bytes.
enum class StoreFileKind { Ours, Newer, Foreign, Gone };
StoreFileKind storeFileKind(const std::string& path);

/// Whether a folder lies on another machine, where a write-ahead log (shared memory) cannot work.
bool onNetwork(const std::string& folder);

struct Salvaged
{
    std::size_t rows = 0;
    bool complete = true; ///< nothing was found damaged
};
/// Copies every whole row of `from` into `to`, whatever the state of `from`. Throws Error(Io | Cancelled) for `to`.
Salvaged salvageStore(const std::string& from, SqliteDb& to, JobContext& job);

} // namespace semascope::core
