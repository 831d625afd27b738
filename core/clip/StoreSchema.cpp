#include "core/clip/StoreSchema_p.h"

#include <chrono>
#include <cstring>

namespace semascope::core {

namespace {

std::string_view bytesOfKeys(const std::vector<ContentKey>& keys)
{
    return {reinterpret_cast<const char*>(keys.data()), keys.size() * sizeof(ContentKey)};
}

std::string_view bytesOfRows(const std::vector<float>& rows)
{
    return {reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(float)};
}

ContentKey checksumOfParts(std::string_view space, std::string_view keys, std::string_view rows)
{
    return keyOfPieces({space, keys, rows});
}

} // namespace

StoreTransaction::StoreTransaction(SqliteDb& db) : m_db(db)
{
    m_db.execute("BEGIN IMMEDIATE");
}

StoreTransaction::~StoreTransaction()
{
    if (m_open) {
        try {
            m_db.execute("ROLLBACK");
        } catch (const Error&) { // SQLite has done it itself
        }
    }
}

void StoreTransaction::commit()
{
    m_db.execute("COMMIT");
    m_open = false;
}

void createStoreTables(SqliteDb& db)
{
    db.execute("PRAGMA page_size=16384");
    db.execute("PRAGMA auto_vacuum=INCREMENTAL");
    db.execute(("PRAGMA application_id=" + std::to_string(kStoreApplication)).c_str());
    db.execute(("PRAGMA user_version=" + std::to_string(kStoreVersion)).c_str());
    StoreTransaction transaction(db);
    for (const StoreTable& table : kStoreTables) {
        db.execute(table.sql);
    }
    transaction.commit();
}

void checkStoreTables(SqliteDb& db)
{
    SqliteStatement all(db.handle(), "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'");
    const bool complete = all.step() && all.integer(0) == static_cast<std::int64_t>(std::size(kStoreTables));
    all.reset();
    SqliteStatement select(db.handle(), "SELECT sql FROM sqlite_master WHERE name=?1");
    bool same = complete;
    for (const StoreTable& table : kStoreTables) {
        same = same && select.bindText(1, table.name).step() && select.bytes(0) == table.sql;
        select.reset();
    }
    if (!same) {
        throw Error(Code::BadFormat, "is damaged: its tables are not those of a store");
    }
}

ContentKey checksumOf(const StoreChunk& chunk)
{
    return checksumOfParts(bytesOf(chunk.space), bytesOfKeys(chunk.keys), bytesOfRows(chunk.rows));
}

std::int64_t insertChunk(SqliteDb& db, const StoreChunk& chunk, std::int64_t used)
{
    const std::string_view space = bytesOf(chunk.space), keys = bytesOfKeys(chunk.keys), rows = bytesOfRows(chunk.rows);
    const ContentKey checksum = checksumOfParts(space, keys, rows);
    SqliteStatement index(db.handle(), "INSERT INTO chunks (space, used, bytes, keys) VALUES (?1, ?2, ?3, ?4)");
    index.bindBytes(1, space).bind(2, used).bind(3, static_cast<std::int64_t>(rows.size() + 2 * keys.size()));
    index.bindBytes(4, keys).step();
    const std::int64_t id = db.number("SELECT last_insert_rowid()");
    SqliteStatement vectors(db.handle(),
                            "INSERT INTO vectors (id, space, checksum, keys, rows) VALUES (?1, ?2, ?3, ?4, ?5)");
    vectors.bind(1, id).bindBytes(2, space).bindBytes(3, bytesOf(checksum)).bindBytes(4, keys).bindBytes(5, rows);
    vectors.step();
    return id;
}

void removeChunk(SqliteDb& db, std::int64_t id)
{
    SqliteStatement(db.handle(), "DELETE FROM chunks WHERE id=?1").bind(1, id).step();
    SqliteStatement(db.handle(), "DELETE FROM vectors WHERE id=?1").bind(1, id).step();
}

bool readChunk(SqliteStatement& select, std::int64_t id, StoreChunk& chunk, bool& damaged)
{
    damaged = false;
    if (!select.bind(1, id).step()) {
        return false;
    }
    const std::string_view space = select.bytes(0), checksum = select.bytes(1), keys = select.bytes(2),
                           rows = select.bytes(3);
    const std::size_t count = keys.size() / sizeof(ContentKey);
    const bool whole = space.size() == sizeof(ContentKey) && count > 0 && keys.size() % sizeof(ContentKey) == 0 &&
                       rows.size() % (count * sizeof(float)) == 0 &&
                       checksum == bytesOf(checksumOfParts(space, keys, rows));
    if (whole) {
        chunk.space = keyFromBytes(space);
        chunk.keys = keysFromBytes(keys);
        chunk.rows.resize(rows.size() / sizeof(float));
        std::memcpy(chunk.rows.data(), rows.data(), rows.size());
    }
    damaged = !whole;
    select.reset();
    return whole;
}

std::vector<ContentKey> keysFromBytes(std::string_view bytes)
{
    std::vector<ContentKey> keys(bytes.size() / sizeof(ContentKey));
    std::memcpy(static_cast<void*>(keys.data()), bytes.data(), keys.size() * sizeof(ContentKey));
    return keys;
}

std::int64_t storeClock()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

} // namespace semascope::core
