#pragma once
#include "core/clip/StoreFile_p.h"
#include "core/clip/StoreIndex_p.h"
#include "core/data/Matrix.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace semascope::core {

/// Rows that a kill may cost: one part being written, one being filled, and the batch being computed.
inline constexpr std::size_t kMostLost = 256;
inline constexpr std::size_t kMostBatch = 64;
inline constexpr std::size_t kChunkRows = (kMostLost - kMostBatch) / 2;

/// Writes to the store on a thread of its own, so that computing never waits for a disk (unless more than `kMostLost`
/// rows would be at stake). Trouble ends the writing, not the job: see takeNotes().
class StoreWriter
{
public:
    struct Setup
    {
        StoreSpec spec;
        StoreKey key;
        const StoreFile* file = nullptr; ///< where to write; its connection stays the caller's
        StoreIndex* index = nullptr;     ///< learns what other processes write
        std::int64_t lastChunk = 0;      ///< chunks up to this id are in the index
    };
    StoreWriter(const Setup& setup, const std::stop_token& stop);
    /// Writes what is left.
    ~StoreWriter();
    StoreWriter(const StoreWriter&) = delete;
    StoreWriter& operator=(const StoreWriter&) = delete;

    /// At most kMostBatch rows at once; waits while too much is at stake.
    void addRows(const std::vector<ContentKey>& keys, const Matrix& rows);
    void addFile(const ContentKey& path, const ContentKey& content, const ContentKey& checksum);
    void addReason(const ContentKey& content, const std::string& reason, const ContentKey& checksum);
    /// A chunk that was used (it will be evicted last), and one that is damaged.
    void touch(std::int64_t chunk);
    void forget(std::int64_t chunk);
    /// Writes what is left and ends.
    void finish();
    /// What went wrong since the last call, one sentence each.
    std::vector<std::string> takeNotes();

private:
    struct Fact
    {
        ContentKey subject, content, checksum;
        std::string reason;
    };
    struct Pending
    {
        StoreChunk rows;
        std::vector<Fact> files, reasons;
        std::vector<std::int64_t> touched, damaged;
        bool empty() const noexcept
        {
            return rows.keys.empty() && files.empty() && reasons.empty() && touched.empty() && damaged.empty();
        }
    };
    template<class Change> void change(Change&& what);
    // on the writer's thread
    void loop();
    bool takePart(Pending& part);
    void write(const Pending& part);
    void connect();
    void adopt(StoreFile file);
    void transact(const Pending& part);
    void touchChunks(const Pending& part, std::int64_t now);
    void writeSpace(std::int64_t now);
    void writeRows(const StoreChunk& rows, std::int64_t now);
    void writeFacts(const Pending& part, std::int64_t now);
    void makeRoom();
    void end(const std::string& why);
    void note(const std::vector<std::string>& sentences);

    const StoreSpec m_spec;
    const StoreKey m_key;
    JobContext m_job; ///< a stop ends a repair
    const std::int64_t m_started;
    StoreFile m_file;
    StoreIndex* m_index;
    StoreIndex m_own; ///< of a store that took the place of the one that the caller reads
    std::int64_t m_last;
    std::int64_t m_tailId = 0;
    StoreChunk m_tail; ///< the last chunk written: while it is short, it is replaced by a longer one
    std::int64_t m_synced = 0;
    std::uint64_t m_limit = 0;
    int m_adopted = 0;
    bool m_named = false, m_full = false;

    std::mutex m_mutex;
    std::condition_variable m_wake, m_space;
    Pending m_pending;
    std::int64_t m_oldest = 0; ///< when the first pending thing came
    bool m_ending = false, m_dead = false, m_urgent = false;
    std::vector<std::string> m_notes;
    std::thread m_thread;
};

/// Deletes the chunks used longest ago (never those used since `since`) until the store is at most nine tenths of
/// `limit`. Returns the bytes freed inside the file. Throws Error(Io | BadFormat).
std::uint64_t evict(SqliteDb& db, std::uint64_t limit, std::int64_t since);
/// Bytes of a store that hold something. Throws Error(BadFormat).
std::uint64_t storeBytes(const SqliteDb& db);
/// The limit chosen for a store; 0 when none is.
std::uint64_t chosenLimit(const SqliteDb& db);

} // namespace semascope::core
