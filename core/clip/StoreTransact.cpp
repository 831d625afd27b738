#include "core/clip/EmbedPlan.h"
#include "core/clip/StoreWriter_p.h"

#include <utility>

namespace semascope::core {

namespace {

constexpr std::int64_t kSyncEvery = 250'000; ///< µs: so much work may a power cut cost, however fast the model is
constexpr int kMostAdopted = 3;

} // namespace

/// Tries twice: in between, a damaged store is replaced.
void StoreWriter::write(const Pending& part)
{
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            connect();
            if (m_file.db != nullptr) {
                transact(part);
                makeRoom();
            }
            return;
        } catch (const Error& e) {
            if (e.code() == Code::Cancelled) {
                return end({});
            }
            if (e.code() != Code::BadFormat || attempt > 0) {
                return end(e.what());
            }
        } catch (const std::exception&) {
            return end("could not be written for lack of memory");
        }
        try {
            m_file.db.reset();
            adopt(replaceStore(m_spec, m_file, m_job));
        } catch (const std::exception&) { // stopped while it was repaired: the next job will go on with that
            return end({});
        }
    }
}

/// Makes sure of a connection to a store that is still where it was.
void StoreWriter::connect()
{
    if (!m_file.stillThere()) {
        m_file.db.reset();
        StoreFile fresh = openStore(m_spec, m_job);
        if (fresh.db != nullptr && fresh.number <= m_file.number) { // else it was replaced by a repair
            fresh.events.push_back("The embedding store in " + quoted(m_file.folder) +
                                   " was deleted while it was in use; a new one was begun.");
        }
        adopt(std::move(fresh));
    } else if (m_file.db == nullptr) {
        m_file.db = connectAgain(m_file, m_job.stop());
    }
    if (m_file.db != nullptr && m_limit == 0) {
        const std::uint64_t chosen = chosenLimit(*m_file.db);
        m_limit = m_spec.maxBytes.value_or(chosen != 0 ? chosen : defaultStoreLimit(m_file.folder));
    }
}

/// Goes on with another file than the one that the caller reads.
void StoreWriter::adopt(StoreFile file)
{
    note(std::exchange(file.events, {}));
    note(std::exchange(file.notes, {}));
    m_file = std::move(file);
    m_index = &m_own;
    m_own.clear();
    m_last = m_tailId = 0;
    m_tail = {};
    m_named = false;
    m_limit = 0;
    if (++m_adopted > kMostAdopted || m_file.db == nullptr || m_file.readOnly) {
        end(m_adopted > kMostAdopted ? "is deleted again and again" : std::string());
    }
}

void StoreWriter::transact(const Pending& part)
{
    SqliteDb& db = *m_file.db;
    const std::int64_t now = storeClock();
    const bool sync = now - m_synced > kSyncEvery || now < m_synced;
    db.execute(sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    StoreTransaction transaction(db);
    writeSpace(now);
    if (m_index != &m_own) { // else the caller speaks of the chunks of another file
        touchChunks(part, now);
    }
    m_last = m_index->load(db, m_key.space, m_last);
    writeRows(part.rows, now);
    writeFacts(part, now);
    transaction.commit();
    m_synced = sync ? now : m_synced;
}

void StoreWriter::touchChunks(const Pending& part, std::int64_t now)
{
    for (const std::int64_t id : part.damaged) {
        removeChunk(*m_file.db, id);
    }
    SqliteStatement touch(m_file.db->handle(), "UPDATE chunks SET used=?2 WHERE id=?1");
    for (const std::int64_t id : part.touched) {
        touch.bind(1, id).bind(2, now).step();
    }
}

void StoreWriter::writeSpace(std::int64_t now)
{
    if (m_named) {
        return;
    }
    SqliteStatement insert(m_file.db->handle(), "INSERT OR REPLACE INTO spaces VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    insert.bindBytes(1, bytesOf(m_key.space)).bindText(2, m_key.model).bindText(3, m_key.what);
    insert.bindText(4, m_key.precision).bindText(5, m_key.details).bind(6, now).step();
    m_named = true;
}

void StoreWriter::writeRows(const StoreChunk& rows, std::int64_t now)
{
    const std::size_t dim = rows.dim();
    StoreChunk fresh{m_key.space, {}, {}};
    for (std::size_t i = 0; i < rows.keys.size() && !m_full; ++i) {
        if (!m_index->contains(rows.keys[i])) { // else another process was first
            fresh.keys.push_back(rows.keys[i]);
            const auto from = rows.rows.begin() + static_cast<std::ptrdiff_t>(i * dim);
            fresh.rows.insert(fresh.rows.end(), from, from + static_cast<std::ptrdiff_t>(dim));
        }
    }
    if (fresh.keys.empty()) {
        return;
    }
    if (m_tailId != 0 && m_tail.keys.size() + fresh.keys.size() <= kChunkRows) {
        removeChunk(*m_file.db, m_tailId);
        m_tail.keys.insert(m_tail.keys.end(), fresh.keys.begin(), fresh.keys.end());
        m_tail.rows.insert(m_tail.rows.end(), fresh.rows.begin(), fresh.rows.end());
    } else {
        m_tail = std::move(fresh);
    }
    m_last = m_tailId = insertChunk(*m_file.db, m_tail, now);
}

void StoreWriter::writeFacts(const Pending& part, std::int64_t now)
{
    SqliteStatement file(m_file.db->handle(), "INSERT OR REPLACE INTO files VALUES (?1, ?2, ?3, ?4)");
    for (const Fact& f : part.files) {
        file.bindBytes(1, bytesOf(f.subject)).bindBytes(2, bytesOf(f.content)).bindBytes(3, bytesOf(f.checksum));
        file.bind(4, now).step();
    }
    SqliteStatement reason(m_file.db->handle(), "INSERT OR REPLACE INTO reasons VALUES (?1, ?2, ?3, ?4)");
    for (const Fact& f : part.reasons) {
        reason.bindBytes(1, bytesOf(f.subject)).bindBytes(2, bytesOf(f.content)).bindBytes(3, bytesOf(f.checksum));
        reason.bindBytes(4, f.reason).step();
    }
}

void StoreWriter::makeRoom()
{
    if (m_full || storeBytes(*m_file.db) <= m_limit) {
        return;
    }
    (void)evict(*m_file.db, m_limit, m_started);
    if (storeBytes(*m_file.db) > m_limit) {
        m_full = true;
        note(
            {"The embedding store in " + quoted(m_file.folder) + " has reached its limit of " + bytesText(m_limit) +
             " with what this job uses, so further rows are not kept; raise it with semascope store show --max-size."});
    }
}

} // namespace semascope::core
