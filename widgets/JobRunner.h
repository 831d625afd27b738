#pragma once
#include "core/job/Scheduler.h"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>

namespace semascope::ui {

/// One job as people see it.
struct JobReport
{
    quint64 id = 0;
    QString title;
    core::Progress progress;
    enum State { Waiting, Running, Done, Failed, Cancelled } state = Waiting;
    QString message; ///< why it failed
};

/// Runs core jobs off the GUI thread and delivers on it. Lives on the GUI thread; the destructor stops and joins every
/// job. `done` and `partial` run only while `owner` lives; after cancel() neither runs again.
class JobRunner : public QObject
{
    Q_OBJECT

public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;

    /// Job: Result(core::JobContext&), on a lane's thread, capturing values only. Done: void(Result), here.
    /// Partial: void(std::shared_ptr<const void>), here, the newest only.
    template<class Job, class Done> quint64 start(core::Lane lane, const QString& title, QObject* owner, Job job,
                                                  Done done,
                                                  std::function<void(std::shared_ptr<const void>)> partial = {});
    void cancel(quint64 id);
    void cancelAll();
    bool busy() const;

Q_SIGNALS:
    /// State or progress of a job changed: at most 20 times a second for a running one. Preview jobs are silent unless
    /// they fail.
    void jobChanged(const semascope::ui::JobReport& report);
    /// A job failed for another reason than being cancelled.
    void jobFailed(const QString& title, const QString& message);
    /// Something a job has to say while it goes on (JobContext::note).
    void jobNote(const QString& sentence);

private:
    struct Entry
    {
        JobReport report;
        core::Lane lane = core::Lane::Work;
        QPointer<QObject> owner;
        std::function<void(std::shared_ptr<const void>)> partial;
        bool cancelled = false;
    };
    struct Mailbox; ///< one-slot hand-over of progress and partial results from the lanes' threads

    quint64 launch(core::Lane lane, const QString& title, QObject* owner, std::function<void(core::JobContext&)> run,
                   std::shared_ptr<std::function<void()>> deliver,
                   std::function<void(std::shared_ptr<const void>)> partial);
    void collect();
    void finish(quint64 id, const core::Scheduler::Outcome& outcome, const std::function<void()>& deliver);
    void announce(Entry& entry);

    QHash<quint64, Entry> m_entries;
    std::shared_ptr<Mailbox> m_mailbox;
    QTimer m_poll;
    quint64 m_next = 1;
    QHash<quint64, core::Scheduler::JobId> m_coreIds;
    std::unique_ptr<core::Scheduler> m_scheduler;
};

template<class Job, class Done> quint64 JobRunner::start(core::Lane lane, const QString& title, QObject* owner, Job job,
                                                         Done done,
                                                         std::function<void(std::shared_ptr<const void>)> partial)
{
    auto deliver = std::make_shared<std::function<void()>>();
    auto run = [job = std::move(job), done = std::move(done), deliver](core::JobContext& context) mutable {
        using Result = decltype(job(context));
        if constexpr (std::is_void_v<Result>) {
            job(context);
            *deliver = [done]() mutable { done(); };
        } else {
            auto result = std::make_shared<Result>(job(context));
            *deliver = [done, result]() mutable { done(std::move(*result)); };
        }
    };
    return launch(lane, title, owner, std::move(run), deliver, std::move(partial));
}

} // namespace semascope::ui
