#pragma once
#include "core/job/Error.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace semascope::core {

/// How far a job is. `total` 0 means unknown.
struct Progress
{
    std::string stage; ///< plain words, such as "decoding and embedding"
    std::string unit;  ///< what `done` counts, such as "pictures"
    std::size_t done = 0;
    std::size_t total = 0;
    double perSecond = 0;    ///< of `unit`, over the last seconds; 0 when not known yet
    double secondsLeft = -1; ///< negative when not known
};

/// What a core function needs of the job it runs in. Owned by the caller; used by one job, from any of its threads.
class JobContext
{
public:
    JobContext() = default;
    explicit JobContext(std::stop_token stop) : m_stop(std::move(stop)) {}

    const std::stop_token& stop() const noexcept { return m_stop; }
    bool stopRequested() const noexcept { return m_stop.stop_requested(); }
    /// Throws Error(Cancelled) once a stop is requested. Call it at least every half second of work.
    void checkpoint() const
    {
        if (m_stop.stop_requested()) {
            throw Error(Code::Cancelled, "Cancelled.");
        }
    }

    /// Reports progress; rate and time left are derived here. Cheap: delivered at most 20 times a second.
    void progress(const std::string& stage, const std::string& unit, std::size_t done, std::size_t total);

    /// Offers an unfinished result. Keep the latest only; the receiver may skip any of them.
    template<class T> void publish(std::shared_ptr<const T> partial)
    {
        if (onPartial) {
            onPartial(std::static_pointer_cast<const void>(partial));
        }
    }
    /// Tells the person something that matters beyond this moment, once: one sentence, such as a fall back to the CPU.
    void note(const std::string& sentence) const
    {
        if (onNote) {
            onNote(sentence);
        }
    }
    /// Whether a partial result is wanted now (at most 10 a second, and only if somebody listens).
    bool wantsPartial();

    std::function<void(const Progress&)> onProgress;            ///< called on the worker's thread
    std::function<void(std::shared_ptr<const void>)> onPartial; ///< called on the worker's thread
    std::function<void(const std::string&)> onNote;             ///< called on the worker's thread

private:
    std::stop_token m_stop;
    std::mutex m_mutex;
    std::string m_stage;
    double m_stageStart = 0, m_lastReport = 0, m_lastPartial = 0;
    std::size_t m_stageFirst = 0;
};

} // namespace semascope::core
