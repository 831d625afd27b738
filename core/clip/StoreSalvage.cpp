#include "core/clip/StoreFile_p.h"

#include <unordered_set>

namespace semascope::core {

namespace {

constexpr int kMostFailures = 100'000; ///< ids in a row that cannot be read
constexpr int kChunksAtOnce = 64;

/// A connection that reads on where SQLite would give up.
SqliteDb openDamaged(const std::string& path)
{
    SqliteDb db = SqliteDb::openShared(path, false, 2000);
    db.execute("PRAGMA writable_schema=ON"); // without it a file shorter than its header says is refused as a whole
    return db;
}

/// Calls `copy` with every row that can be read; false when some cannot. What `copy` throws goes through.
template<class Copy> bool eachRow(SqliteDb& from, const char* sql, Copy copy)
{
    enum class State { Row, End, Damaged };
    std::unique_ptr<SqliteStatement> select;
    const auto next = [&] {
        try {
            if (!select) {
                select = std::make_unique<SqliteStatement>(from.handle(), sql);
            }
            return select->step() ? State::Row : State::End;
        } catch (const Error&) {
            return State::Damaged;
        }
    };
    State state = next();
    for (; state == State::Row; state = next()) {
        copy(*select);
    }
    return state == State::End;
}

/// Copies a table of blobs and one last number. Every row has a checksum of its own, which readers compare.
bool copyTable(SqliteDb& from, SqliteDb& to, const char* select, const char* insert, int blobs)
{
    StoreTransaction transaction(to);
    SqliteStatement write(to.handle(), insert);
    const bool whole = eachRow(from, select, [&](const SqliteStatement& row) {
        for (int i = 0; i < blobs; ++i) {
            write.bindBytes(i + 1, row.bytes(i));
        }
        write.bind(blobs + 1, row.integer(blobs)).step();
    });
    transaction.commit();
    return whole;
}

bool copyFacts(SqliteDb& from, SqliteDb& to)
{
    const bool parts[] = {
        copyTable(from, to, "SELECT key, value FROM meta", "INSERT OR REPLACE INTO meta VALUES (CAST(?1 AS TEXT), ?2)",
                  1),
        copyTable(from, to, "SELECT space, model, what, precision, details, used FROM spaces",
                  "INSERT OR IGNORE INTO spaces VALUES (?1, CAST(?2 AS TEXT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), "
                  "CAST(?5 AS TEXT), ?6)",
                  5),
        copyTable(from, to, "SELECT path, content, checksum, seen FROM files",
                  "INSERT OR IGNORE INTO files VALUES (?1, ?2, ?3, ?4)", 3),
        copyTable(from, to, "SELECT space, content, checksum, reason, 0 FROM reasons",
                  "INSERT OR IGNORE INTO reasons SELECT ?1, ?2, ?3, ?4 WHERE ?5 = 0", 4),
    };
    return parts[0] && parts[1] && parts[2] && parts[3];
}

/// Chunks in the order of their ids, jumping over pages that cannot be read.
class ChunkReader
{
public:
    explicit ChunkReader(SqliteDb& from)
        : m_next(from.handle(), "SELECT id FROM vectors WHERE id>=?1 ORDER BY id LIMIT 1"),
          m_chunk(from.handle(), kSelectChunk),
          m_used(from.handle(), "SELECT used FROM chunks WHERE id=?1")
    {}
    /// False at the end.
    bool next(StoreChunk& chunk)
    {
        for (int failures = 0; failures < kMostFailures;) {
            const Place place = seek();
            if (place == Place::End) {
                return false;
            }
            ++m_id;
            if (place == Place::Row && read(chunk)) {
                return true;
            }
            failures += place == Place::Row ? 0 : 1;
            m_complete = false;
        }
        return false;
    }
    /// Of the chunk that next() brought.
    std::int64_t lastUse()
    {
        try {
            m_used.reset();
            return m_used.bind(1, m_id - 1).step() ? m_used.integer(0) : 0;
        } catch (const Error&) {
            return 0;
        }
    }
    bool complete() const noexcept { return m_complete; }

private:
    enum class Place { Row, End, Unreadable };
    /// Moves m_id to the next chunk.
    Place seek()
    {
        try {
            m_next.reset();
            if (!m_next.bind(1, m_id).step()) {
                return Place::End;
            }
            m_id = m_next.integer(0);
            return Place::Row;
        } catch (const Error&) {
            return Place::Unreadable;
        }
    }
    bool read(StoreChunk& chunk)
    {
        try {
            bool damaged = false;
            return readChunk(m_chunk, m_id - 1, chunk, damaged);
        } catch (const Error&) {
            m_chunk.reset();
            return false;
        }
    }

    SqliteStatement m_next, m_chunk, m_used;
    std::int64_t m_id = 0;
    bool m_complete = true;
};

/// An interrupted salvage may have brought some already.
std::unordered_set<ContentKey, ContentKeyHash> checksumsIn(SqliteDb& db)
{
    std::unordered_set<ContentKey, ContentKeyHash> all;
    SqliteStatement select(db.handle(), "SELECT checksum FROM vectors");
    while (select.step()) {
        all.insert(keyFromBytes(select.bytes(0)));
    }
    return all;
}

/// Rows copied. Throws what goes wrong with `to`.
std::size_t copyChunks(ChunkReader& reader, SqliteDb& to, JobContext& job)
{
    const auto present = checksumsIn(to);
    std::size_t rows = 0;
    for (bool more = true; more;) {
        StoreTransaction transaction(to);
        for (int n = 0; n < kChunksAtOnce && more; ++n) {
            job.checkpoint();
            StoreChunk chunk;
            more = reader.next(chunk);
            if (more && !present.contains(checksumOf(chunk))) {
                insertChunk(to, chunk, reader.lastUse());
            }
            rows += chunk.keys.size();
        }
        transaction.commit();
        job.progress("repairing the embedding store", "rows", rows, 0);
    }
    return rows;
}

} // namespace

Salvaged salvageStore(const std::string& from, SqliteDb& to, JobContext& job)
{
    std::unique_ptr<SqliteDb> source;
    std::unique_ptr<ChunkReader> reader;
    try {
        source = std::make_unique<SqliteDb>(openDamaged(from));
        reader = std::make_unique<ChunkReader>(*source);
    } catch (const Error&) {
        return {0, false};
    }
    Salvaged saved;
    saved.complete = copyFacts(*source, to);
    saved.rows = copyChunks(*reader, to, job);
    saved.complete = saved.complete && reader->complete();
    return saved;
}

} // namespace semascope::core
