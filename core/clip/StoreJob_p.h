#pragma once
#include "core/clip/StoreWriter_p.h"

#include <functional>

namespace semascope::core {

/// What one job sees of the store: the rows of one space. Without a store nothing is known and nothing is kept.
/// Used by the job's thread; known() by any. Throws nothing but Error(Cancelled) and std::bad_alloc.
class StoreJob
{
public:
    StoreJob(const std::optional<StoreSpec>& spec, StoreKey key, JobContext& job);
    ~StoreJob();

    bool known(const ContentKey& key) const { return m_index.contains(key); }
    bool empty() const { return m_index.size() == 0; }
    bool present() const noexcept { return m_file.db != nullptr; }

    /// Calls sink(i, row) for every key that could be read, in any order; keys[i] that could not are not known any
    /// more.
    using Sink = std::function<void(std::size_t i, const float* row)>;
    void read(const std::vector<ContentKey>& keys, const Sink& sink);

    /// The contents of a file that has not changed since they were hashed; empty when that is not known.
    ContentKey contentOf(const std::string& path, const FileFacts& facts);
    /// Why a picture of these contents cannot be embedded; empty when nothing is known against it.
    std::string reasonAgainst(const ContentKey& content);

    void addRows(const std::vector<ContentKey>& keys, const Matrix& rows);
    void addFile(const std::string& path, const FileFacts& facts, const ContentKey& content);
    void addReason(const ContentKey& content, const std::string& reason);

    /// Tells the job what went wrong so far.
    void tell();
    /// Writes what is left.
    void finish();
    /// Everything that was told.
    const std::vector<std::string>& notes() const noexcept { return m_notes; }
    /// What of it happened now, and would not be told to another job.
    const std::vector<std::string>& events() const noexcept { return m_events; }

private:
    struct Wanted
    {
        StoreIndex::Place place;
        std::size_t i = 0;
    };
    template<class Use> void guarded(Use use);
    void noteFile();
    void repair();
    void load();
    void leave();
    void startWriter();
    void readChunks(std::vector<Wanted>& wanted, const std::vector<ContentKey>& keys, const Sink& sink);
    void drop(std::int64_t chunk, std::size_t rows, bool damaged);

    const std::optional<StoreSpec> m_spec;
    const StoreKey m_key;
    JobContext& m_job;
    StoreFile m_file;
    StoreIndex m_index;
    std::int64_t m_lastChunk = 0;
    std::unique_ptr<SqliteStatement> m_chunk, m_content, m_reason;
    std::unique_ptr<StoreWriter> m_writer;
    std::size_t m_damagedRows = 0;
    bool m_repaired = false;
    std::vector<std::string> m_untold, m_notes, m_events;
};

/// What tells that a file is the one that was hashed.
ContentKey fileChecksum(const std::string& path, const FileFacts& facts, const ContentKey& content);

} // namespace semascope::core
