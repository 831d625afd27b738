#pragma once
#include "core/checkpoint/Detect.h"
#include "core/data/Dataset.h"
#include "core/job/JobContext.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace semascope::core {

/// A batch of prepared pictures: pixels is n×3×S×S.
struct PictureBatch
{
    std::vector<std::uint32_t> samples;
    std::vector<float> pixels;
    std::vector<Skip> skipped;
};

/// Decodes and preprocesses pictures on threads of its own, a bounded number ahead of the consumer. The order of
/// delivery is the order of `order`, so that results do not depend on timing.
class PictureFeed
{
public:
    PictureFeed(const Dataset& data, const std::vector<std::uint32_t>& order, const PreprocessSpec& prep);
    ~PictureFeed();
    PictureFeed(const PictureFeed&) = delete;
    PictureFeed& operator=(const PictureFeed&) = delete;

    /// Up to `count` pictures; those that failed are in `skipped`. Both empty at the end. Throws Error(Cancelled).
    PictureBatch next(std::size_t count, const JobContext& job);

private:
    struct Slot
    {
        bool ready = false;
        std::string error;
        std::vector<float> pixels;
    };
    void work(const std::stop_token& stop);
    Slot prepare(std::uint32_t sample) const;

    const Dataset& m_data;
    const std::vector<std::uint32_t>& m_order;
    const PreprocessSpec m_prep;
    std::size_t m_ahead;
    std::mutex m_mutex;
    std::condition_variable_any m_space, m_filled;
    std::size_t m_claimed = 0, m_taken = 0;
    std::deque<Slot> m_slots; ///< for order positions m_taken … m_taken + size
    std::vector<std::jthread> m_threads;
};

} // namespace semascope::core
