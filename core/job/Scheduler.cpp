#include "core/job/Scheduler.h"

#include <algorithm>

namespace semascope::core {

Scheduler::Scheduler()
{
    for (const Lane lane : {Lane::Work, Lane::Preview, Lane::Query}) {
        track(lane).thread = std::jthread([this, lane](const std::stop_token& quit) { loop(lane, quit); });
    }
}

Scheduler::~Scheduler()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    cancelAll();
    for (Track& t : m_tracks) {
        t.thread.request_stop();
    }
    m_wake.notify_all();
    for (Track& t : m_tracks) {
        t.thread.join();
    }
}

Scheduler::JobId Scheduler::start(Lane lane, Request request)
{
    std::deque<Entry> dropped;
    JobId id = 0;
    {
        const std::lock_guard lock(m_mutex);
        id = m_next++;
        Track& t = track(lane);
        if (lane == Lane::Preview || m_closing) {
            dropped.swap(t.queue);
        }
        if (m_closing) {
            dropped.push_back({id, std::move(request)});
        } else {
            t.queue.push_back({id, std::move(request)});
        }
    }
    for (const Entry& e : dropped) {
        e.request.done({e.id, nullptr, true});
    }
    m_wake.notify_all();
    return id;
}

void Scheduler::cancel(JobId id)
{
    std::optional<Entry> dropped;
    {
        const std::lock_guard lock(m_mutex);
        for (Track& t : m_tracks) {
            if (t.running == id) {
                t.stop.request_stop();
            }
            const auto found =
                std::find_if(t.queue.begin(), t.queue.end(), [id](const Entry& e) { return e.id == id; });
            if (found != t.queue.end()) {
                dropped = std::move(*found);
                t.queue.erase(found);
            }
        }
    }
    if (dropped) {
        dropped->request.done({dropped->id, nullptr, true});
    }
}

void Scheduler::cancelAll()
{
    std::deque<Entry> dropped;
    {
        const std::lock_guard lock(m_mutex);
        for (Track& t : m_tracks) {
            if (t.running != 0) {
                t.stop.request_stop();
            }
            std::move(t.queue.begin(), t.queue.end(), std::back_inserter(dropped));
            t.queue.clear();
        }
    }
    for (const Entry& e : dropped) {
        e.request.done({e.id, nullptr, true});
    }
}

bool Scheduler::busy(Lane lane) const
{
    const std::lock_guard lock(m_mutex);
    const Track& t = m_tracks[static_cast<std::size_t>(lane)];
    return t.running != 0 || !t.queue.empty();
}

std::size_t Scheduler::waiting(Lane lane) const
{
    const std::lock_guard lock(m_mutex);
    return m_tracks[static_cast<std::size_t>(lane)].queue.size();
}

void Scheduler::loop(Lane lane, const std::stop_token& quit)
{
    Track& t = track(lane);
    while (!quit.stop_requested()) {
        std::optional<Entry> entry;
        std::stop_token stop;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, quit, [&t] { return !t.queue.empty(); });
            if (t.queue.empty()) {
                return;
            }
            entry = std::move(t.queue.front());
            t.queue.pop_front();
            t.running = entry->id;
            t.stop = std::stop_source();
            stop = t.stop.get_token();
            if (m_closing) {
                t.stop.request_stop();
            }
        }
        Outcome outcome{entry->id, nullptr, false};
        try {
            JobContext context(stop);
            context.onProgress = entry->request.progress;
            context.onPartial = entry->request.partial;
            context.onNote = entry->request.note;
            entry->request.run(context);
        } catch (...) {
            outcome.error = std::make_shared<const Error>(errorFromCurrentException("The job failed"));
        }
        {
            const std::lock_guard lock(m_mutex);
            t.running = 0;
        }
        entry->request.done(outcome);
    }
}

} // namespace semascope::core
