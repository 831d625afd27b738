#include "core/clip/PictureFeed_p.h"
#include "core/clip/Preprocess.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <chrono>
#include <fcntl.h>

namespace semascope::core {

namespace {

constexpr std::size_t kAheadBytes = 64 << 20; ///< of prepared pixels
constexpr std::size_t kMostAtOnce = 256;      ///< pictures a batch, with pixels or without
constexpr std::int64_t kSlowRead = 500'000;   ///< ns a file: the disk, not the page cache

std::int64_t nanoseconds()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

} // namespace

PictureFeed::PictureFeed(Setup setup)
    : m_setup(std::move(setup)),
      m_pixels(3 * static_cast<std::size_t>(m_setup.prep.size) * static_cast<std::size_t>(m_setup.prep.size)),
      m_ahead(std::clamp<std::size_t>(kAheadBytes / (sizeof(float) * m_pixels), 8, kMostAtOnce))
{
    m_goal = m_setup.ahead ? m_ahead : 0;
    for (int t = 0; t < threadCount(); ++t) {
        m_threads.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

PictureFeed::~PictureFeed()
{
    for (std::jthread& t : m_threads) {
        t.request_stop();
    }
    m_space.notify_all();
}

/// False when the contents need no decoding: the store has them, or an earlier position brings them.
bool PictureFeed::wanted(std::size_t position, Slot& slot)
{
    if (m_setup.stored && m_setup.stored(slot.picture.key)) {
        slot.picture.kind = FedPicture::Kind::Stored;
        return false;
    }
    const std::lock_guard lock(m_firstMutex);
    const auto [first, fresh] = m_first.try_emplace(slot.picture.key, position);
    if (!fresh && first->second < position) {
        slot.picture.kind = FedPicture::Kind::Duplicate;
        return false;
    }
    first->second = position; // a later one was quicker: next() will see it for the duplicate that it is
    slot.picture.kind = FedPicture::Kind::Pixels;
    return true;
}

void PictureFeed::fill(Slot& slot, const Picture& picture)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_spare.empty()) {
            slot.pixels = std::move(m_spare.back());
            m_spare.pop_back();
        }
    }
    slot.pixels.resize(m_pixels);
    preprocess(picture, m_setup.prep, slot.pixels.data());
}

void PictureFeed::prepareFile(std::size_t position, Slot& slot)
{
    const std::string& path = m_setup.data->samples[slot.picture.sample].path;
    const std::int64_t start = nanoseconds();
    const OpenedFile file = openRegular(path);
    if (!file.ok()) {
        throw Error(file.code, file.problem);
    }
    slot.picture.facts = file.facts;
    const std::vector<std::uint8_t> bytes = readOpened(file, PictureLimits{}.maxFileBytes);
    m_readTime = (7 * m_readTime + nanoseconds() - start) / 8;
    slot.picture.key = keyOfFile(bytes);
    if (wanted(position, slot)) {
        slot.picture.lasting = true; // from here on it is these bytes that fail
        fill(slot, m_setup.prep.rgbLast ? decodeAsStored(bytes) : decodeForModel(bytes));
    }
}

void PictureFeed::prepare(std::size_t position, Slot& slot)
{
    FedPicture& picture = slot.picture;
    picture.sample = m_setup.order[position];
    const PictureArray& array = m_setup.data->pictures;
    try {
        if (array.count == 0) {
            prepareFile(position, slot);
            return;
        }
        const auto bytes = static_cast<std::size_t>(array.width) * static_cast<std::size_t>(array.height) * 3;
        const std::uint8_t* from = array.data + picture.sample * bytes;
        picture.key = keyOfPixels(from, array.width, array.height);
        if (wanted(position, slot)) {
            fill(slot, {array.width, array.height, 3, {from, from + bytes}});
        }
    } catch (...) {
        const Error e = errorFromCurrentException("cannot be decoded");
        picture.kind = FedPicture::Kind::Failed;
        picture.error = e.code() == Code::OutOfMemory ? "too large for the memory there is" : e.what();
        picture.lasting = picture.lasting && (e.code() == Code::BadFormat || e.code() == Code::Unsupported);
        slot.pixels = {};
    }
}

void PictureFeed::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::size_t position = 0;
        {
            std::unique_lock lock(m_mutex);
            const bool room =
                m_space.wait(lock, stop, [this] { return m_claimed == m_setup.order.size() || m_claimed < m_goal; });
            if (!room || m_claimed == m_setup.order.size()) {
                return;
            }
            position = m_claimed++;
            m_slots.emplace_back();
        }
        Slot slot;
        prepare(position, slot);
        slot.ready = true;
        bool awaited = false;
        {
            const std::lock_guard lock(m_mutex);
            awaited = position == m_taken;
            m_slots[position - m_taken] = std::move(slot);
        }
        if (awaited) {
            m_filled.notify_one();
        }
    }
}

/// The picture at m_taken.
PictureFeed::Slot PictureFeed::take(const JobContext& job)
{
    std::unique_lock lock(m_mutex);
    m_filled.wait(lock, job.stop(), [this] { return !m_slots.empty() && m_slots.front().ready; });
    job.checkpoint();
    Slot slot = std::move(m_slots.front());
    m_slots.pop_front();
    const std::size_t position = m_taken++;
    lock.unlock();
    if (slot.picture.kind == FedPicture::Kind::Pixels) {
        const std::lock_guard first(m_firstMutex);
        if (m_first.at(slot.picture.key) < position) {
            slot.picture.kind = FedPicture::Kind::Duplicate;
        }
    }
    return slot;
}

void PictureFeed::raiseGoal(std::size_t goal)
{
    {
        const std::lock_guard lock(m_mutex);
        if (goal <= m_goal) {
            return;
        }
        m_goal = goal;
    }
    m_space.notify_all();
}

/// Tells the kernel which files come next, where reading them is slow: it fetches them while the caller computes.
void PictureFeed::adviseKernel(std::size_t count)
{
    if (m_setup.ahead || m_setup.data->pictures.count > 0 || m_readTime < kSlowRead) {
        return;
    }
    for (std::size_t i = m_taken; i < std::min(m_taken + count, m_setup.order.size()); ++i) {
        const OpenedFile file = openRegular(m_setup.data->samples[m_setup.order[i]].path);
        if (file.ok()) {
            ::posix_fadvise(file.handle.fd(), 0, 0, POSIX_FADV_WILLNEED);
        }
    }
}

void PictureFeed::giveBack(PictureBatch batch)
{
    m_buffer = std::move(batch.pixels);
}

PictureBatch PictureFeed::next(std::size_t count, const JobContext& job)
{
    PictureBatch batch;
    batch.pixels = std::move(m_buffer);
    batch.pixels.clear();
    batch.pixels.reserve(count * m_pixels);
    while (batch.prepared < count && batch.pictures.size() < kMostAtOnce && m_taken < m_setup.order.size()) {
        raiseGoal(m_taken + (m_setup.ahead ? m_ahead : count - batch.prepared));
        Slot slot = take(job);
        FedPicture& picture = slot.picture;
        if (picture.kind == FedPicture::Kind::Pixels) {
            batch.pixels.insert(batch.pixels.end(), slot.pixels.begin(), slot.pixels.end());
            ++batch.prepared;
            const std::lock_guard lock(m_mutex);
            m_spare.push_back(std::move(slot.pixels));
        }
        batch.pictures.push_back(std::move(picture));
    }
    adviseKernel(count);
    return batch;
}

} // namespace semascope::core
