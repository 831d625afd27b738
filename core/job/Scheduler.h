#pragma once
#include "core/job/JobContext.h"

#include <condition_variable>
#include <deque>
#include <optional>
#include <thread>

namespace semascope::core {

/// Work: long jobs, one at a time, in order. Preview: one at a time, and only the newest waiting request survives.
/// Query: short jobs that must not be lost nor wait for a long one (prompts, neighbours, saving), in order.
enum class Lane { Work, Preview, Query };
inline constexpr std::size_t kLanes = 3;

/// Runs jobs on one thread a lane. Knows nothing of any window: `done` is called on the lane's thread and must hand
/// over.
class Scheduler
{
public:
    using JobId = std::uint64_t;
    struct Outcome
    {
        JobId id = 0;
        std::shared_ptr<const Error> error; ///< null when the job succeeded
        bool dropped = false;               ///< never ran: cancelled while waiting, or a newer preview took its place
    };
    struct Request
    {
        std::function<void(JobContext&)> run;
        std::function<void(const Outcome&)> done; ///< exactly once per job, on the lane's thread
        std::function<void(const Progress&)> progress;
        std::function<void(std::shared_ptr<const void>)> partial;
        std::function<void(const std::string&)> note;
    };

    Scheduler();
    /// Requests a stop of everything and joins. Waiting jobs are reported as dropped.
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// The id is known before the job can start, so that its reports can be told apart.
    JobId start(Lane lane, Request request);
    /// Waiting: dropped. Running: its stop token fires. Unknown ids are ignored.
    void cancel(JobId id);
    void cancelAll();
    bool busy(Lane lane) const;
    std::size_t waiting(Lane lane) const;

private:
    struct Entry
    {
        JobId id;
        Request request;
    };
    struct Track
    {
        std::deque<Entry> queue;
        JobId running = 0;
        std::stop_source stop;
        std::jthread thread;
    };
    void loop(Lane lane, const std::stop_token& quit);
    Track& track(Lane lane) { return m_tracks[static_cast<std::size_t>(lane)]; }

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    JobId m_next = 1;
    bool m_closing = false;
    Track m_tracks[kLanes];
};

} // namespace semascope::core
