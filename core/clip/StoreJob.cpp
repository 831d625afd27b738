#include "core/clip/StoreJob_p.h"

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::int64_t kSettled = 2'000'000'000;                 ///< ns: a file changed later may change again unseen
constexpr std::int64_t kSeenEvery = 7ll * 24 * 3600 * 1'000'000; ///< µs: how exactly the last use of a file is known

ContentKey reasonChecksum(const ContentKey& space, const ContentKey& content, std::string_view reason)
{
    return keyOfPieces({bytesOf(space), bytesOf(content), reason});
}

} // namespace

ContentKey fileChecksum(const std::string& path, const FileFacts& facts, const ContentKey& content)
{
    const std::uint64_t numbers[] = {facts.size, static_cast<std::uint64_t>(facts.modified),
                                     static_cast<std::uint64_t>(facts.changed), facts.inode};
    return keyOfPieces({path, {reinterpret_cast<const char*>(numbers), sizeof numbers}, bytesOf(content)});
}

StoreJob::StoreJob(const std::optional<StoreSpec>& spec, StoreKey key, JobContext& job)
    : m_spec(spec), m_key(std::move(key)), m_job(job)
{
    if (m_spec) {
        m_file = openStore(*m_spec, m_job);
        noteFile();
        guarded([this] { load(); });
        startWriter();
        tell();
    }
}

StoreJob::~StoreJob()
{
    m_writer.reset();
    leave();
}

/// Runs what reads the store. A damaged one is replaced and read again; when that fails there is no store.
template<class Use> void StoreJob::guarded(Use use)
{
    for (int attempt = 0; m_file.db != nullptr; ++attempt) {
        try {
            use();
            return;
        } catch (const Error& e) {
            if (e.code() == Code::Cancelled) {
                throw;
            }
            leave();
            if (e.code() != Code::BadFormat || m_repaired) {
                m_untold.push_back("The embedding store in " + quoted(m_file.folder) + " " + e.what() +
                                   "; the job goes on without it.");
                m_file.db.reset();
                m_index.clear();
                return;
            }
        }
        repair();
    }
}

void StoreJob::noteFile()
{
    m_events.insert(m_events.end(), m_file.events.begin(), m_file.events.end());
    m_untold.insert(m_untold.end(), m_file.events.begin(), m_file.events.end());
    m_untold.insert(m_untold.end(), m_file.notes.begin(), m_file.notes.end());
}

void StoreJob::repair()
{
    const bool writing = m_writer != nullptr;
    if (writing) { // its chunks are those of the old file
        m_writer->finish();
        tell();
        m_writer.reset();
    }
    m_repaired = true;
    m_file.db.reset();
    m_file = replaceStore(*m_spec, m_file, m_job);
    noteFile();
    m_index.clear();
    m_lastChunk = 0;
    guarded([this] { load(); });
    if (writing) {
        startWriter();
    }
}

void StoreJob::load()
{
    m_lastChunk = m_index.load(*m_file.db, m_key.space, m_lastChunk);
    m_chunk = std::make_unique<SqliteStatement>(m_file.db->handle(), kSelectChunk);
    m_content = std::make_unique<SqliteStatement>(m_file.db->handle(),
                                                  "SELECT content, checksum, seen FROM files WHERE path=?1");
    m_reason = std::make_unique<SqliteStatement>(m_file.db->handle(),
                                                 "SELECT reason, checksum FROM reasons WHERE space=?1 AND content=?2");
}

/// Statements must be gone before their connection.
void StoreJob::leave()
{
    m_chunk.reset();
    m_content.reset();
    m_reason.reset();
}

void StoreJob::startWriter()
{
    m_writer =
        std::make_unique<StoreWriter>(StoreWriter::Setup{*m_spec, m_key, &m_file, &m_index, m_lastChunk}, m_job.stop());
}

void StoreJob::drop(std::int64_t chunk, std::size_t rows, bool damaged)
{
    m_index.drop(chunk);
    if (damaged) {
        m_damagedRows += rows;
        if (m_writer) {
            m_writer->forget(chunk);
        }
    }
}

void StoreJob::readChunks(std::vector<Wanted>& wanted, const std::vector<ContentKey>& keys, const Sink& sink)
{
    std::sort(wanted.begin(), wanted.end(),
              [](const Wanted& a, const Wanted& b) { return a.place.chunk < b.place.chunk; });
    StoreChunk chunk;
    while (!wanted.empty()) {
        m_job.checkpoint();
        const std::int64_t id = wanted.back().place.chunk;
        const auto first =
            std::find_if(wanted.rbegin(), wanted.rend(), [id](const Wanted& w) { return w.place.chunk != id; }).base();
        bool damaged = false;
        const bool whole = readChunk(*m_chunk, id, chunk, damaged);
        if (!whole || chunk.space != m_key.space || chunk.dim() != m_key.dim) {
            drop(id, static_cast<std::size_t>(wanted.end() - first), damaged || whole);
        } else {
            for (auto w = first; w != wanted.end(); ++w) {
                if (w->place.row < chunk.keys.size() && chunk.keys[w->place.row] == keys[w->i]) {
                    sink(w->i, chunk.rows.data() + w->place.row * m_key.dim);
                } else {
                    m_index.erase(keys[w->i]); // the index is damaged, or names a chunk of another file
                }
            }
            m_writer->touch(id);
        }
        wanted.erase(first, wanted.end());
    }
}

void StoreJob::read(const std::vector<ContentKey>& keys, const Sink& sink)
{
    std::vector<std::uint8_t> done(keys.size(), 0);
    guarded([&] {
        std::vector<Wanted> wanted;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (const auto place = m_index.find(keys[i]); place && done[i] == 0) {
                wanted.push_back({*place, i});
            }
        }
        readChunks(wanted, keys, [&](std::size_t i, const float* row) {
            done[i] = 1;
            sink(i, row);
        });
    });
}

ContentKey StoreJob::contentOf(const std::string& path, const FileFacts& facts)
{
    ContentKey content;
    guarded([&] {
        const ContentKey name = keyOfText(path);
        m_content->reset();
        if (m_content->bindBytes(1, bytesOf(name)).step()) {
            const ContentKey stored = keyFromBytes(m_content->bytes(0));
            const ContentKey checksum = keyFromBytes(m_content->bytes(1));
            const std::int64_t seen = m_content->integer(2), now = storeClock();
            const bool same = checksum == fileChecksum(path, facts, stored);
            content = same ? stored : ContentKey{};
            m_content->reset();
            if (same && (now - seen > kSeenEvery || seen > now)) {
                m_writer->addFile(name, stored, checksum);
            }
        }
    });
    return content;
}

std::string StoreJob::reasonAgainst(const ContentKey& content)
{
    std::string reason;
    guarded([&] {
        m_reason->reset();
        if (m_reason->bindBytes(1, bytesOf(m_key.space)).bindBytes(2, bytesOf(content)).step()) {
            const std::string_view text = m_reason->bytes(0);
            if (keyFromBytes(m_reason->bytes(1)) == reasonChecksum(m_key.space, content, text)) {
                reason = text;
            }
            m_reason->reset();
        }
    });
    return reason;
}

void StoreJob::addRows(const std::vector<ContentKey>& keys, const Matrix& rows)
{
    if (!m_writer || keys.empty()) {
        return;
    }
    const std::vector<std::size_t> whole = finiteRows(rows); // NaN may be the trouble of one day
    if (whole.size() == keys.size()) {
        m_writer->addRows(keys, rows);
    } else if (!whole.empty()) {
        std::vector<ContentKey> kept;
        for (const std::size_t r : whole) {
            kept.push_back(keys[r]);
        }
        m_writer->addRows(kept, takeRows(rows, whole));
    }
}

void StoreJob::addFile(const std::string& path, const FileFacts& facts, const ContentKey& content)
{
    const std::int64_t now = storeClock() * 1000;
    if (m_writer && std::max(facts.modified, facts.changed) < now - kSettled) {
        m_writer->addFile(keyOfText(path), content, fileChecksum(path, facts, content));
    }
}

void StoreJob::addReason(const ContentKey& content, const std::string& reason)
{
    if (m_writer) {
        m_writer->addReason(content, reason, reasonChecksum(m_key.space, content, reason));
    }
}

void StoreJob::tell()
{
    if (m_writer) {
        for (std::string& sentence : m_writer->takeNotes()) {
            m_untold.push_back(std::move(sentence));
        }
    }
    for (std::string& sentence : m_untold) {
        if (std::find(m_notes.begin(), m_notes.end(), sentence) == m_notes.end()) {
            m_job.note(sentence);
            m_notes.push_back(std::move(sentence));
        }
    }
    m_untold.clear();
}

void StoreJob::finish()
{
    if (m_writer) {
        m_writer->finish();
    }
    if (m_damagedRows > 0) {
        m_untold.push_back(std::to_string(m_damagedRows) + " rows in the embedding store in " + quoted(m_file.folder) +
                           " were damaged; they were computed again.");
        m_damagedRows = 0;
    }
    tell();
}

} // namespace semascope::core
