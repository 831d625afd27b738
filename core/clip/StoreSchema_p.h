#pragma once
#include "core/clip/StoreKey_p.h"
#include "core/data/SqliteDb_p.h"

#include <vector>

namespace semascope::core {

/// Marks a database as an embedding store ("SEMC"), and the version of its tables.
inline constexpr std::uint32_t kStoreApplication = 0x53454D43;
inline constexpr std::uint32_t kStoreVersion = 1;

struct StoreTable
{
    const char* name;
    const char* sql;
};

/// `vectors` alone is enough to bring every row back; `chunks` is its index, and what is evicted is chosen there.
inline constexpr StoreTable kStoreTables[] = {
    {"meta", "CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) WITHOUT ROWID"},
    {"spaces", "CREATE TABLE spaces (space BLOB PRIMARY KEY NOT NULL, model TEXT NOT NULL, what TEXT NOT NULL, "
               "precision TEXT NOT NULL, details TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"},
    {"chunks", "CREATE TABLE chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, space BLOB NOT NULL, used INTEGER NOT NULL, "
               "bytes INTEGER NOT NULL, keys BLOB NOT NULL)"},
    {"chunks_of", "CREATE INDEX chunks_of ON chunks (space)"},
    {"vectors", "CREATE TABLE vectors (id INTEGER PRIMARY KEY NOT NULL, space BLOB NOT NULL, checksum BLOB NOT NULL, "
                "keys BLOB NOT NULL, rows BLOB NOT NULL)"},
    {"files", "CREATE TABLE files (path BLOB PRIMARY KEY NOT NULL, content BLOB NOT NULL, checksum BLOB NOT NULL, "
              "seen INTEGER NOT NULL) WITHOUT ROWID"},
    {"reasons", "CREATE TABLE reasons (space BLOB NOT NULL, content BLOB NOT NULL, checksum BLOB NOT NULL, "
                "reason BLOB NOT NULL, PRIMARY KEY (space, content)) WITHOUT ROWID"},
};

/// Rolls back unless it was committed.
class StoreTransaction
{
public:
    explicit StoreTransaction(SqliteDb& db);
    ~StoreTransaction();
    StoreTransaction(const StoreTransaction&) = delete;
    StoreTransaction& operator=(const StoreTransaction&) = delete;
    void commit();

private:
    SqliteDb& m_db;
    bool m_open = true;
};

/// Makes the tables of an empty database. Throws Error(Io).
void createStoreTables(SqliteDb& db);
/// Throws Error(BadFormat) unless the tables are exactly ours.
void checkStoreTables(SqliteDb& db);

/// At most 256 rows of one space, with a checksum over all of them.
struct StoreChunk
{
    ContentKey space;
    std::vector<ContentKey> keys;
    std::vector<float> rows; ///< keys.size() × dim, not normalised

    std::size_t dim() const noexcept { return keys.empty() ? 0 : rows.size() / keys.size(); }
};

ContentKey checksumOf(const StoreChunk& chunk);
/// Writes a chunk under a new id, which is returned. `used` is in microseconds since 1970.
std::int64_t insertChunk(SqliteDb& db, const StoreChunk& chunk, std::int64_t used);
void removeChunk(SqliteDb& db, std::int64_t id);
/// Reads a chunk; false when it is not there, or not what its checksum says (`damaged` tells). Throws Error(BadFormat).
bool readChunk(SqliteStatement& select, std::int64_t id, StoreChunk& chunk, bool& damaged);
inline constexpr const char* kSelectChunk = "SELECT space, checksum, keys, rows FROM vectors WHERE id=?1";

std::vector<ContentKey> keysFromBytes(std::string_view bytes);
/// Microseconds since 1970.
std::int64_t storeClock();

} // namespace semascope::core
