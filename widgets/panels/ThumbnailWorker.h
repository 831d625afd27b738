#pragma once
#include "core/data/Dataset.h"

#include <QImage>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

class QObject;

namespace semascope::ui {

/// A decoded thumbnail, or why there is none. `key` is step << 32 | sample.
struct ThumbnailResult
{
    std::uint64_t key = 0;
    QImage image;
    std::string problem;
    bool transparent = false;
};

/// The threads behind ThumbnailCache. Every method may be called from any thread; the destructor joins. `wake` is
/// called on a decoding thread when the first result after a take() is there.
class ThumbnailWorker
{
public:
    using Decode = std::function<core::Picture(const core::Dataset&, std::size_t sample, int maxSide)>;
    enum class Viewer { New, Known };

    ThumbnailWorker(Decode decode, std::function<void()> wake);
    ~ThumbnailWorker();

    void start(int threads);
    /// Forgets all wishes and unfetched results; pictures being decoded for the former source are dropped.
    void setSource(std::shared_ptr<const core::Dataset> dataset, QRgb background);
    void push(std::uint64_t key);
    /// Replaces the wishes of `viewer`; the first key is decoded first.
    Viewer replace(const QObject* viewer, std::vector<std::uint64_t> keys);
    void leave(const QObject* viewer);
    std::vector<ThumbnailResult> take();
    std::size_t waiting() const;

private:
    struct Wishes
    {
        std::vector<std::uint64_t> keys; ///< the last one is next
        std::uint64_t turn = 0;          ///< the viewer that asked last is served first
    };

    void run(const std::stop_token& stop);
    bool next(std::uint64_t& key);
    ThumbnailResult decode(const core::Dataset& dataset, std::uint64_t key, QRgb background) const;

    const Decode m_decode;
    const std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::map<const QObject*, Wishes> m_wishes; ///< null: wishes without a viewer
    std::unordered_set<std::uint64_t> m_taken; ///< being decoded, or decoded and not fetched yet
    std::vector<ThumbnailResult> m_results;
    std::shared_ptr<const core::Dataset> m_dataset;
    QRgb m_background = 0xffffffff;
    std::uint64_t m_generation = 0, m_turn = 0;
    bool m_woken = false;
    std::vector<std::jthread> m_threads; ///< last: joined before the rest goes
};

} // namespace semascope::ui
