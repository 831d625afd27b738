#include "core/clip/Store.h"
#include "core/clip/StoreWriter_p.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace semascope::core {

namespace {

std::string folderOf(const StoreSpec& spec)
{
    const std::string folder = spec.folder.empty() ? cacheFolder() : absolutePath(spec.folder);
    if (folder.empty()) {
        throw Error(Code::Io, "There is no home folder, so there is no embedding store; name its folder.");
    }
    return folder;
}

std::uint64_t sizeOnDisk(const std::string& storePath)
{
    std::uint64_t bytes = 0;
    for (const std::string& path : filesOf(storePath)) {
        const auto facts = factsOfRegular(path);
        bytes += facts ? facts->size : 0;
    }
    return bytes;
}

std::vector<std::string> sentences(const StoreFile& store)
{
    std::vector<std::string> all = store.events;
    all.insert(all.end(), store.notes.begin(), store.notes.end());
    return all;
}

/// Turns clauses about the store into sentences.
template<class Use> auto guarded(const std::string& folder, Use use)
{
    try {
        return use();
    } catch (const Error& e) {
        if (e.code() == Code::Cancelled) {
            throw;
        }
        throw Error(Code::Io, "The embedding store in " + quoted(folder) + " " + e.what() + ".");
    }
}

struct SpaceSize
{
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
};

std::map<std::string, SpaceSize> sizesIn(const SqliteDb& db)
{
    std::map<std::string, SpaceSize> sizes;
    SqliteStatement select(db.handle(), "SELECT space, sum(length(keys)) / 16, sum(bytes) FROM chunks GROUP BY space");
    while (select.step()) {
        sizes[std::string(select.bytes(0))] = {static_cast<std::size_t>(select.integer(1)),
                                               static_cast<std::uint64_t>(select.integer(2))};
    }
    return sizes;
}

void readModels(const SqliteDb& db, StoreSummary& summary)
{
    auto sizes = sizesIn(db);
    SqliteStatement select(db.handle(),
                           "SELECT space, model, what, precision, details, used FROM spaces ORDER BY used DESC");
    const auto text = [&select](int column) { return std::string(select.bytes(column)); };
    while (select.step()) {
        const auto size = sizes.find(text(0));
        if (size != sizes.end()) {
            summary.models.push_back({text(1), text(2), text(3), text(4), size->second.rows, size->second.bytes,
                                      select.integer(5) / 1'000'000});
            sizes.erase(size);
        }
    }
    for (const auto& [space, size] : sizes) {
        summary.models.push_back({"(unknown)", "", "", "", size.rows, size.bytes, 0});
    }
}

std::int64_t removeIf(SqliteDb& db, const std::vector<std::int64_t>& damaged)
{
    StoreTransaction transaction(db);
    for (const std::int64_t id : damaged) {
        removeChunk(db, id);
    }
    transaction.commit();
    return static_cast<std::int64_t>(damaged.size());
}

/// Compares every checksum. Throws Error(BadFormat) where the file itself is damaged.
void checkChunks(SqliteDb& db, StoreCheck& check, JobContext& job)
{
    std::vector<std::pair<std::int64_t, std::size_t>> chunks; // id, rows
    SqliteStatement list(db.handle(), "SELECT id, length(keys) / 16, keys FROM chunks");
    std::vector<std::int64_t> damaged;
    SqliteStatement select(db.handle(), kSelectChunk);
    StoreChunk chunk;
    const auto total = static_cast<std::size_t>(db.number("SELECT count(*) FROM chunks"));
    for (std::size_t done = 0; list.step(); ++done) {
        job.checkpoint();
        job.progress("verifying the embedding store", "parts", done, total);
        bool wrong = false;
        const auto rows = static_cast<std::size_t>(list.integer(1));
        const bool whole =
            readChunk(select, list.integer(0), chunk, wrong) && chunk.keys == keysFromBytes(list.bytes(2));
        if (!whole) {
            damaged.push_back(list.integer(0));
        }
        (whole ? check.rows : check.damagedRows) += rows;
    }
    list.reset();
    removeIf(db, damaged);
    db.execute("DELETE FROM vectors WHERE id NOT IN (SELECT id FROM chunks)");
}

bool structureIsSound(SqliteDb& db)
{
    return db.text("PRAGMA quick_check(1)") == "ok";
}

std::size_t rowsIn(const std::string& path)
{
    try {
        const SqliteDb db = SqliteDb::openShared(path, false, 2000);
        return static_cast<std::size_t>(db.number("SELECT sum(length(keys)) / 16 FROM chunks"));
    } catch (const Error&) {
        return 0;
    }
}

void writeLimit(SqliteDb& db, std::uint64_t bytes)
{
    StoreTransaction transaction(db);
    SqliteStatement(db.handle(), "INSERT OR REPLACE INTO meta VALUES ('limit', ?1)")
        .bind(1, static_cast<std::int64_t>(std::min<std::uint64_t>(bytes, INT64_MAX)))
        .step();
    transaction.commit();
}

} // namespace

StoreSummary storeSummary(const StoreSpec& spec, JobContext& job)
{
    StoreSummary summary;
    summary.folder = folderOf(spec);
    summary.limit = spec.maxBytes.value_or(defaultStoreLimit(summary.folder));
    if (storeFilesIn(summary.folder).empty()) {
        return summary;
    }
    const StoreFile store = openStore(spec, job);
    summary.notes = sentences(store);
    if (store.db == nullptr) {
        return summary;
    }
    guarded(summary.folder, [&] {
        summary.file = store.path;
        readModels(*store.db, summary);
        const std::uint64_t chosen = chosenLimit(*store.db);
        summary.limitChosen = chosen != 0;
        summary.limit = spec.maxBytes.value_or(chosen != 0 ? chosen : summary.limit);
        summary.pictures = static_cast<std::size_t>(store.db->number("SELECT count(*) FROM files"));
        summary.reasons = static_cast<std::size_t>(store.db->number("SELECT count(*) FROM reasons"));
        for (const StoreFileName& file : storeFilesIn(summary.folder)) {
            summary.bytes += sizeOnDisk(file.path);
        }
    });
    return summary;
}

StoreCheck verifyStore(const StoreSpec& spec, JobContext& job)
{
    StoreCheck check;
    const std::string folder = folderOf(spec);
    if (storeFilesIn(folder).empty()) {
        return check;
    }
    StoreFile store = openStore(spec, job);
    check.notes = sentences(store);
    const int number = store.number;
    guarded(folder, [&] {
        for (int attempt = 0; store.db != nullptr; ++attempt) {
            bool sound = false;
            try {
                check.rows = check.damagedRows = 0;
                checkChunks(*store.db, check, job);
                sound = structureIsSound(*store.db);
            } catch (const Error& e) {
                if (e.code() != Code::BadFormat || attempt > 0) {
                    throw;
                }
            }
            if (sound || attempt > 0) {
                break;
            }
            store.db.reset();
            store = replaceStore(spec, store, job);
            const std::vector<std::string> more = sentences(store);
            check.notes.insert(check.notes.end(), more.begin(), more.end());
        }
    });
    check.rebuilt = store.number != number;
    return check;
}

StoreCleared clearStore(const StoreSpec& spec, JobContext& job)
{
    StoreCleared cleared;
    const std::string folder = folderOf(spec);
    const std::vector<StoreFileName> files = storeFilesIn(folder);
    if (files.empty()) {
        return cleared;
    }
    std::uint64_t limit = 0;
    guarded(folder, [&] {
        const StoreLock lock(folder, job);
        for (const StoreFileName& file : files) {
            cleared.rows += rowsIn(file.path);
            cleared.bytes += sizeOnDisk(file.path);
            try {
                limit = std::max(limit, chosenLimit(SqliteDb::openShared(file.path, false, 2000)));
            } catch (const Error&) { // too damaged to tell
            }
            deleteStoreFile(file.path);
            if (factsOfRegular(file.path)) {
                throw Error(Code::Io, "cannot be deleted");
            }
            cleared.files.push_back(file.path);
        }
    });
    if (limit != 0) {
        (void)setStoreLimit(spec, limit, job);
    }
    return cleared;
}

std::uint64_t setStoreLimit(const StoreSpec& spec, std::uint64_t bytes, JobContext& job)
{
    const std::string folder = folderOf(spec);
    const StoreFile store = openStore(spec, job);
    if (store.db == nullptr || store.readOnly) {
        throw Error(Code::Io, store.notes.empty() ? "There is no embedding store." : store.notes.back());
    }
    return guarded(folder, [&] {
        writeLimit(*store.db, bytes);
        const std::uint64_t freed = evict(*store.db, bytes != 0 ? bytes : defaultStoreLimit(folder), storeClock());
        store.db->execute("PRAGMA incremental_vacuum");
        return freed;
    });
}

} // namespace semascope::core
