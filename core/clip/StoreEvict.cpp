#include "core/clip/StoreWriter_p.h"

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::int64_t kFactsAge = 90ll * 24 * 3600 * 1'000'000; ///< what is known of a file is kept so long unseen
constexpr int kChunksAtOnce = 32;                                ///< others may want to write, too

struct Old
{
    std::int64_t id = 0;
    std::uint64_t bytes = 0;
};

std::vector<Old> oldest(SqliteDb& db, std::int64_t since, std::uint64_t bytes)
{
    std::vector<Old> chunks;
    SqliteStatement select(db.handle(), "SELECT id, bytes FROM chunks WHERE used<?1 ORDER BY used, id");
    select.bind(1, since);
    std::uint64_t sum = 0;
    while (sum < bytes && select.step()) {
        chunks.push_back({select.integer(0), static_cast<std::uint64_t>(select.integer(1))});
        sum += chunks.back().bytes;
    }
    return chunks;
}

} // namespace

std::uint64_t storeBytes(const SqliteDb& db)
{
    const std::int64_t pages = db.number("PRAGMA page_count") - db.number("PRAGMA freelist_count");
    if (pages < 0) {
        throw Error(Code::BadFormat, "is damaged: it has more free pages than pages");
    }
    return static_cast<std::uint64_t>(pages * db.number("PRAGMA page_size"));
}

std::uint64_t chosenLimit(const SqliteDb& db)
{
    return static_cast<std::uint64_t>(db.number("SELECT value FROM meta WHERE key='limit'"));
}

std::uint64_t evict(SqliteDb& db, std::uint64_t limit, std::int64_t since)
{
    const std::uint64_t before = storeBytes(db);
    const std::uint64_t goal = limit / 10 * 9;
    if (before <= limit) {
        return 0;
    }
    const std::vector<Old> chunks = oldest(db, since, before - goal);
    for (std::size_t first = 0; first < chunks.size(); first += kChunksAtOnce) {
        StoreTransaction transaction(db);
        for (std::size_t i = first; i < std::min(chunks.size(), first + kChunksAtOnce); ++i) {
            removeChunk(db, chunks[i].id);
        }
        transaction.commit();
    }
    for (const std::int64_t age : {kFactsAge, std::int64_t(0)}) { // what remains is in use, or small: forget files, too
        if (storeBytes(db) > limit) {
            SqliteStatement(db.handle(), "DELETE FROM files WHERE seen<?1").bind(1, since - age).step();
        }
    }
    const std::uint64_t after = storeBytes(db);
    return before > after ? before - after : 0;
}

} // namespace semascope::core
