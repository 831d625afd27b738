#include "core/clip/StoreWriter_p.h"

#include <chrono>
#include <utility>

namespace semascope::core {

namespace {

constexpr auto kFlushEvery = std::chrono::seconds(2);
constexpr std::size_t kManyFacts = 4096;

} // namespace

StoreWriter::StoreWriter(const Setup& setup, const std::stop_token& stop)
    : m_spec(setup.spec),
      m_key(setup.key),
      m_job(stop),
      m_started(storeClock()),
      m_index(setup.index),
      m_last(setup.lastChunk)
{
    m_file.folder = setup.file->folder;
    m_file.path = setup.file->path;
    m_file.number = setup.file->number;
    m_file.device = setup.file->device;
    m_file.inode = setup.file->inode;
    m_pending.rows.space = m_key.space;
    m_dead = setup.file->db == nullptr || setup.file->readOnly;
    if (!m_dead) {
        m_thread = std::thread([this] { loop(); });
    }
}

StoreWriter::~StoreWriter()
{
    finish();
}

void StoreWriter::finish()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

std::vector<std::string> StoreWriter::takeNotes()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_notes, {});
}

template<class Change> void StoreWriter::change(Change&& what)
{
    const std::lock_guard lock(m_mutex);
    if (m_dead) {
        return;
    }
    const bool first = m_pending.empty();
    what(m_pending);
    m_urgent = m_urgent || m_pending.files.size() + m_pending.reasons.size() >= kManyFacts;
    if (first) {
        m_oldest = storeClock();
    }
    if (first || m_urgent) {
        m_wake.notify_one();
    }
}

void StoreWriter::addRows(const std::vector<ContentKey>& keys, const Matrix& rows)
{
    {
        std::unique_lock lock(m_mutex);
        m_space.wait(lock, [&] {
            const std::size_t waiting = m_pending.rows.keys.size();
            return m_dead || waiting == 0 || waiting + keys.size() <= kChunkRows;
        });
    }
    change([&](Pending& pending) {
        StoreChunk& to = pending.rows;
        to.keys.insert(to.keys.end(), keys.begin(), keys.end());
        to.rows.insert(to.rows.end(), rows.data(), rows.data() + rows.rows() * rows.cols());
        m_urgent = m_urgent || to.keys.size() + keys.size() > kChunkRows;
    });
}

void StoreWriter::addFile(const ContentKey& path, const ContentKey& content, const ContentKey& checksum)
{
    change([&](Pending& pending) { pending.files.push_back({path, content, checksum, {}}); });
}

void StoreWriter::addReason(const ContentKey& content, const std::string& reason, const ContentKey& checksum)
{
    change([&](Pending& pending) { pending.reasons.push_back({m_key.space, content, checksum, reason}); });
}

void StoreWriter::touch(std::int64_t chunk)
{
    change([&](Pending& pending) { pending.touched.push_back(chunk); });
}

void StoreWriter::forget(std::int64_t chunk)
{
    change([&](Pending& pending) { pending.damaged.push_back(chunk); });
}

/// Waits until something is to be written; false at the end.
bool StoreWriter::takePart(Pending& part)
{
    std::unique_lock lock(m_mutex);
    const auto pressing = [this] { return m_urgent || m_ending || m_dead; };
    while (!pressing()) {
        const auto age = std::chrono::microseconds(storeClock() - m_oldest);
        if (m_pending.empty()) {
            m_wake.wait(lock);
        } else if (age >= kFlushEvery || age.count() < 0) { // the clock may have been set back
            break;
        } else {
            m_wake.wait_for(lock, kFlushEvery - age);
        }
    }
    part = std::exchange(m_pending, {});
    m_pending.rows.space = m_key.space;
    m_urgent = false;
    lock.unlock();
    m_space.notify_all();
    return !part.empty();
}

void StoreWriter::loop()
{
    Pending part;
    while (takePart(part)) {
        write(part);
    }
    m_file.db.reset();
}

void StoreWriter::note(const std::vector<std::string>& sentences)
{
    const std::lock_guard lock(m_mutex);
    m_notes.insert(m_notes.end(), sentences.begin(), sentences.end());
}

/// Nothing is written any more; `why` is a clause about the store, or empty when it has been told.
void StoreWriter::end(const std::string& why)
{
    if (!why.empty()) {
        note({"The embedding store in " + core::quoted(m_file.folder) + " " + why +
              "; the job goes on, but its further rows are not kept."});
    }
    m_file.db.reset();
    {
        const std::lock_guard lock(m_mutex);
        m_dead = true;
    }
    m_space.notify_all();
}

} // namespace semascope::core
