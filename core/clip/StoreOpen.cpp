#include "core/clip/StoreFile_p.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace semascope::core {

namespace {

constexpr int kPatienceMs = 15'000;

std::string storePath(const std::string& folder, int number)
{
    return joinPath(folder, "embeddings-" + std::to_string(number) + ".sqlite");
}

std::string inFolder(const StoreFile& store)
{
    return "The embedding store in " + quoted(store.folder);
}

void setUp(SqliteDb& db)
{
    db.execute("PRAGMA journal_size_limit=16777216");
    db.execute("PRAGMA wal_autocheckpoint=512"); // of 16 kB
    db.execute("PRAGMA synchronous=NORMAL");     // the writer asks for more where it can afford it
}

bool writeAhead(const StoreSpec& spec, const std::string& folder)
{
    return spec.journal == StoreSpec::Journal::WriteAhead ||
           (spec.journal == StoreSpec::Journal::Auto && !onNetwork(folder));
}

/// Made under another name and renamed, so that nobody ever sees half of it.
void create(const StoreSpec& spec, const std::string& folder, int number)
{
    const std::string draft = joinPath(folder, "embeddings-new.sqlite");
    deleteStoreFile(draft); // of a process that was killed
    try {
        SqliteDb db = SqliteDb::openShared(draft, false, kPatienceMs);
        createStoreTables(db);
        db.execute(writeAhead(spec, folder) ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE");
        db.close();
    } catch (...) {
        deleteStoreFile(draft);
        throw;
    }
    if (::rename(draft.c_str(), storePath(folder, number).c_str()) != 0) {
        throw Error(Code::Io, std::strerror(errno));
    }
}

/// Throws Error(Io | BadFormat).
void connect(const StoreSpec& spec, StoreFile& store, const StoreFileName& file)
{
    struct stat s = {};
    if (::stat(file.path.c_str(), &s) != 0) {
        throw Error(Code::Io, "cannot be opened");
    }
    auto db = std::make_unique<SqliteDb>(SqliteDb::openShared(file.path, false, kPatienceMs));
    checkStoreTables(*db);
    if (!writeAhead(spec, store.folder)) {
        // a store that was carried here from a local disk
        (void)db->text("PRAGMA journal_mode=DELETE");
    }
    setUp(*db);
    store.db = std::move(db);
    store.path = file.path;
    store.number = file.number;
    store.inode = s.st_ino;
    store.device = s.st_dev;
}

void createAndConnect(const StoreSpec& spec, StoreFile& store, int number)
{
    if (spec.journal == StoreSpec::Journal::Auto && onNetwork(store.folder)) {
        store.events.push_back("The cache folder " + core::quoted(store.folder) +
                               " is on no disk of this machine, so the embedding store is written more slowly there; " +
                               "set SEMASCOPE_CACHE to a local folder.");
    }
    create(spec, store.folder, number);
    connect(spec, store, {number, storePath(store.folder, number)});
}

/// Brings the rows of an older file over and deletes it. A new file that cannot take them (disk full) leaves the old
/// one for the next time.
Salvaged absorb(const StoreFileName& old, StoreFile& store, JobContext& job)
{
    job.progress("repairing the embedding store", "", 0, 0);
    const Salvaged saved = salvageStore(old.path, *store.db, job);
    deleteStoreFile(old.path);
    return saved;
}

void replaceDamaged(const StoreSpec& spec, StoreFile& store, const StoreFileName& damaged, JobContext& job)
{
    createAndConnect(spec, store, damaged.number + 1);
    const Salvaged saved = absorb(damaged, store, job);
    store.events.push_back(inFolder(store) + " was damaged: " + std::to_string(saved.rows) +
                           " rows were saved into a new one, the others are computed again.");
}

/// Files that an interrupted repair left behind.
void absorbLeftOvers(const std::vector<StoreFileName>& files, StoreFile& store, JobContext& job)
{
    for (const StoreFileName& file : files) {
        if (file.number < store.number && storeFileKind(file.path) == StoreFileKind::Ours) {
            (void)absorb(file, store, job);
        }
    }
}

void openLocked(const StoreSpec& spec, StoreFile& store, JobContext& job)
{
    const std::vector<StoreFileName> files = storeFilesIn(store.folder);
    const int last = files.empty() ? 0 : files.back().number;
    switch (files.empty() ? StoreFileKind::Gone : storeFileKind(files.back().path)) {
    case StoreFileKind::Newer:
        store.notes.push_back(inFolder(store) +
                              " was made by a newer Semascope; nothing is taken from it or kept in it.");
        return;
    case StoreFileKind::Foreign:
        store.events.push_back(quoted(files.back().path) + " is no embedding store, or is too damaged to be read; " +
                               "it is left alone and a new store is made beside it.");
        [[fallthrough]];
    case StoreFileKind::Gone:
        createAndConnect(spec, store, last + 1);
        break;
    case StoreFileKind::Ours:
        try {
            connect(spec, store, files.back());
        } catch (const Error& e) {
            if (e.code() != Code::BadFormat) {
                throw;
            }
            replaceDamaged(spec, store, files.back(), job);
        }
        break;
    }
    absorbLeftOvers(files, store, job);
}

/// Of a store that cannot be written: the newest file that can be read.
bool openForReading(StoreFile& store)
{
    const std::vector<StoreFileName> files = storeFilesIn(store.folder);
    if (files.empty() || storeFileKind(files.back().path) != StoreFileKind::Ours) {
        return false;
    }
    const std::string& path = files.back().path;
    std::error_code none;
    const bool log = std::filesystem::file_size(path + "-wal", none) > 0 && !none;
    for (const bool immutable : {false, true}) {
        if (immutable && log) {
            break; // its newest rows are in the log, and the pages that it replaces may be anything
        }
        try {
            auto db = std::make_unique<SqliteDb>(immutable ? SqliteDb::openReadOnly(path)
                                                           : SqliteDb::openShared(path, true, kPatienceMs));
            checkStoreTables(*db);
            store.db = std::move(db);
            store.path = path;
            store.number = files.back().number;
            store.readOnly = true;
            return true;
        } catch (const Error&) {
            store.db.reset();
        }
    }
    return false;
}

/// Runs `open` with the store locked, and turns what goes wrong into one sentence.
template<class Open> void guarded(StoreFile& store, JobContext& job, Open open)
{
    try {
        std::error_code error;
        std::filesystem::create_directories(store.folder, error);
        const StoreLock lock(store.folder, job);
        open();
    } catch (const Error& e) {
        if (e.code() == Code::Cancelled) {
            throw;
        }
        const bool salvaging = store.db != nullptr; // the new file is there, only not everything in it
        if (!salvaging && openForReading(store)) {
            store.notes.push_back(inFolder(store) + " can only be read (" + e.what() +
                                  "); new rows of this run are not kept.");
        } else if (!salvaging) {
            store.notes.push_back(inFolder(store) + " cannot be used (" + e.what() +
                                  "); this run computes every row and keeps none.");
        }
    }
}

StoreFile startOf(const StoreSpec& spec)
{
    StoreFile store;
    store.folder = spec.folder.empty() ? cacheFolder() : absolutePath(spec.folder);
    if (store.folder.empty()) {
        store.notes.push_back("There is no home folder for the embedding store, so nothing is kept; "
                              "set SEMASCOPE_CACHE to a folder.");
    }
    return store;
}

} // namespace

StoreFile openStore(const StoreSpec& spec, JobContext& job)
{
    StoreFile store = startOf(spec);
    if (!store.folder.empty()) {
        guarded(store, job, [&] { openLocked(spec, store, job); });
    }
    return store;
}

StoreFile replaceStore(const StoreSpec& spec, const StoreFile& damaged, JobContext& job)
{
    StoreFile store = startOf(spec);
    guarded(store, job, [&] {
        const std::vector<StoreFileName> files = storeFilesIn(store.folder);
        const bool current = !damaged.readOnly && !files.empty() && files.back().number == damaged.number &&
                             storeFileKind(files.back().path) != StoreFileKind::Foreign;
        current ? replaceDamaged(spec, store, files.back(), job) : openLocked(spec, store, job);
    });
    return store;
}

std::unique_ptr<SqliteDb> connectAgain(const StoreFile& store, const std::stop_token& stop)
{
    auto db = std::make_unique<SqliteDb>(SqliteDb::openShared(store.path, false, kPatienceMs, stop));
    if (!store.stillThere()) {
        throw Error(Code::Io, "is not there any more");
    }
    setUp(*db);
    return db;
}

} // namespace semascope::core
