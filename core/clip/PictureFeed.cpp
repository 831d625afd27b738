#include "core/clip/PictureFeed_p.h"
#include "core/clip/Preprocess.h"
#include "core/job/Parallel.h"

#include <algorithm>

namespace semascope::core {

namespace {

constexpr std::size_t kAheadBytes = 64 << 20; ///< of prepared pixels

} // namespace

PictureFeed::PictureFeed(const Dataset& data, const std::vector<std::uint32_t>& order, const PreprocessSpec& prep)
    : m_data(data), m_order(order), m_prep(prep)
{
    const std::size_t bytes =
        sizeof(float) * 3 * static_cast<std::size_t>(prep.size) * static_cast<std::size_t>(prep.size);
    m_ahead = std::clamp<std::size_t>(kAheadBytes / bytes, 8, 256);
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

PictureFeed::Slot PictureFeed::prepare(std::uint32_t sample) const
{
    Slot slot;
    try {
        const Picture picture = m_prep.rgbLast ? pictureAsStored(m_data, sample) : pictureForModel(m_data, sample);
        slot.pixels.resize(3 * static_cast<std::size_t>(m_prep.size) * static_cast<std::size_t>(m_prep.size));
        preprocess(picture, m_prep, slot.pixels.data());
    } catch (...) {
        slot.pixels.clear();
        slot.error = errorFromCurrentException("Decoding " + m_data.samples[sample].id).what();
    }
    slot.ready = true;
    return slot;
}

void PictureFeed::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::size_t position = 0;
        {
            std::unique_lock lock(m_mutex);
            const bool room = m_space.wait(
                lock, stop, [this] { return m_claimed == m_order.size() || m_claimed < m_taken + m_ahead; });
            if (!room || m_claimed == m_order.size()) {
                return;
            }
            position = m_claimed++;
            m_slots.emplace_back();
        }
        Slot slot = prepare(m_order[position]);
        {
            const std::lock_guard lock(m_mutex);
            m_slots[position - m_taken] = std::move(slot);
        }
        m_filled.notify_one();
    }
}

PictureBatch PictureFeed::next(std::size_t count, const JobContext& job)
{
    PictureBatch batch;
    while (batch.samples.size() < count) {
        Slot slot;
        std::uint32_t sample = 0;
        {
            std::unique_lock lock(m_mutex);
            if (m_taken == m_order.size()) {
                break;
            }
            m_filled.wait(lock, job.stop(), [this] { return !m_slots.empty() && m_slots.front().ready; });
            job.checkpoint();
            slot = std::move(m_slots.front());
            m_slots.pop_front();
            sample = m_order[m_taken++];
        }
        m_space.notify_one();
        if (slot.error.empty()) {
            batch.samples.push_back(sample);
            batch.pixels.insert(batch.pixels.end(), slot.pixels.begin(), slot.pixels.end());
        } else {
            batch.skipped.push_back({m_data.samples[sample].id, slot.error});
            if (batch.skipped.size() >= count) {
                break;
            }
        }
    }
    return batch;
}

} // namespace semascope::core
