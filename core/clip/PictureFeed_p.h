#pragma once
#include "core/checkpoint/Detect.h"
#include "core/clip/StoreKey_p.h"
#include "core/data/Dataset.h"
#include "core/data/File_p.h"
#include "core/job/JobContext.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace semascope::core {

/// What became of one picture.
struct FedPicture
{
    enum class Kind {
        Pixels,    ///< prepared: the next of PictureBatch::pixels
        Stored,    ///< its vector is in the store
        Duplicate, ///< the same contents came earlier
        Failed     ///< `error` says why; `lasting` when it is the contents' fault
    };
    Kind kind = Kind::Failed;
    std::uint32_t sample = 0;
    ContentKey key;
    FileFacts facts; ///< of the file, before it was read
    std::string error;
    bool lasting = false;
};

/// Some pictures, and the pixels (n×3×S×S) of those that have any.
struct PictureBatch
{
    std::vector<FedPicture> pictures;
    std::size_t prepared = 0;
    std::vector<float> pixels;
};

/// Reads, hashes and prepares pictures on threads of its own; each file is read once. The order of delivery is the
/// order of `order`, so that results do not depend on timing.
class PictureFeed
{
public:
    struct Setup
    {
        const Dataset* data = nullptr;
        std::vector<std::uint32_t> order;
        PreprocessSpec prep;
        std::function<bool(const ContentKey&)> stored; ///< whether decoding can be spared; from any thread
        /// Prepare while the caller computes. Right beside a GPU; on the CPU the two would only take the cores from
        /// each other, and a matrix product waits for the slowest of its threads.
        bool ahead = false;
    };
    explicit PictureFeed(Setup setup);
    ~PictureFeed();
    PictureFeed(const PictureFeed&) = delete;
    PictureFeed& operator=(const PictureFeed&) = delete;

    /// The next pictures, at most `count` of them with pixels. None at the end. Throws Error(Cancelled).
    PictureBatch next(std::size_t count, const JobContext& job);
    /// Memory of a batch that is done with, to be used again: fresh pages cost more than a copy.
    void giveBack(PictureBatch batch);

private:
    struct Slot
    {
        bool ready = false;
        FedPicture picture;
        std::vector<float> pixels;
    };
    void work(const std::stop_token& stop);
    void prepare(std::size_t position, Slot& slot);
    void prepareFile(std::size_t position, Slot& slot);
    void fill(Slot& slot, const Picture& picture);
    bool wanted(std::size_t position, Slot& slot);
    Slot take(const JobContext& job);
    void raiseGoal(std::size_t goal);
    void adviseKernel(std::size_t count);

    const Setup m_setup;
    const std::size_t m_pixels; ///< floats a picture
    std::size_t m_ahead;
    std::mutex m_mutex;
    std::condition_variable_any m_space, m_filled;
    std::size_t m_claimed = 0, m_taken = 0;
    std::size_t m_goal = 0; ///< positions below it may be claimed
    std::vector<std::vector<float>> m_spare;
    std::vector<float> m_buffer; ///< of the caller's thread
    std::deque<Slot> m_slots;    ///< for order positions m_taken … m_taken + size
    std::mutex m_firstMutex;
    std::unordered_map<ContentKey, std::size_t, ContentKeyHash> m_first; ///< lowest position of each contents
    std::atomic<std::int64_t> m_readTime{0};                             ///< ns a file, lately
    std::vector<std::jthread> m_threads;
};

} // namespace semascope::core
