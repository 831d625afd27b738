#include "widgets/JobRunner.h"

#include <mutex>

namespace semascope::ui {

namespace {

constexpr int kPollMs = 50;

} // namespace

struct JobRunner::Mailbox
{
    struct Slot
    {
        std::optional<core::Progress> progress;
        std::shared_ptr<const void> partial;
        QStringList notes;
    };
    std::mutex mutex;
    QHash<quint64, Slot> slots_;
};

JobRunner::JobRunner(QObject* parent)
    : QObject(parent), m_mailbox(std::make_shared<Mailbox>()), m_scheduler(std::make_unique<core::Scheduler>())
{
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &JobRunner::collect);
}

JobRunner::~JobRunner()
{
    m_scheduler.reset(); // joins; what it still posts is dropped with this object's events
}

quint64 JobRunner::launch(core::Lane lane, const QString& title, QObject* owner,
                          std::function<void(core::JobContext&)> run, std::shared_ptr<std::function<void()>> deliver,
                          std::function<void(std::shared_ptr<const void>)> partial)
{
    const quint64 id = m_next++;
    Entry& entry = m_entries[id];
    entry.report.id = id;
    entry.report.title = title;
    entry.lane = lane;
    entry.owner = owner;
    core::Scheduler::Request request;
    request.run = std::move(run);
    const auto mailbox = m_mailbox;
    request.progress = [mailbox, id](const core::Progress& p) {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->slots_[id].progress = p;
    };
    request.note = [mailbox, id](const std::string& sentence) {
        const std::lock_guard lock(mailbox->mutex);
        mailbox->slots_[id].notes << QString::fromStdString(sentence);
    };
    if (partial) {
        entry.partial = std::move(partial);
        request.partial = [mailbox, id](std::shared_ptr<const void> result) {
            const std::lock_guard lock(mailbox->mutex);
            mailbox->slots_[id].partial = std::move(result);
        };
    }
    request.done = [this, id, deliver](const core::Scheduler::Outcome& outcome) {
        QMetaObject::invokeMethod(
            this, [this, id, outcome, deliver] { finish(id, outcome, *deliver); }, Qt::QueuedConnection);
    };
    announce(entry);
    m_coreIds[id] = m_scheduler->start(lane, std::move(request));
    m_poll.start();
    return id;
}

void JobRunner::collect()
{
    QHash<quint64, Mailbox::Slot> mail;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        mail.swap(m_mailbox->slots_);
    }
    for (auto it = mail.begin(); it != mail.end(); ++it) {
        const auto found = m_entries.find(it.key());
        if (found == m_entries.end() || found->cancelled) {
            continue;
        }
        if (it->progress) {
            found->report.progress = *it->progress;
            found->report.state = JobReport::Running;
            announce(*found);
        }
        if (it->partial && found->owner && found->partial) {
            const auto receive = found->partial; // the receiver may start or cancel jobs
            receive(it->partial);
        }
        for (const QString& sentence : std::as_const(it->notes)) {
            Q_EMIT jobNote(sentence);
        }
    }
}

void JobRunner::finish(quint64 id, const core::Scheduler::Outcome& outcome, const std::function<void()>& deliver)
{
    collect();
    Entry entry = m_entries.take(id);
    m_coreIds.remove(id);
    if (m_entries.isEmpty()) {
        m_poll.stop();
    }
    const bool stopped =
        entry.cancelled || outcome.dropped || (outcome.error && outcome.error->code() == core::Code::Cancelled);
    if (stopped) {
        entry.report.state = JobReport::Cancelled;
    } else if (outcome.error) {
        entry.report.state = JobReport::Failed;
        entry.report.message = QString::fromUtf8(outcome.error->what());
    } else {
        entry.report.state = JobReport::Done;
    }
    announce(entry);
    if (entry.report.state == JobReport::Failed) {
        Q_EMIT jobFailed(entry.report.title, entry.report.message);
    } else if (entry.report.state == JobReport::Done && entry.owner && deliver) {
        deliver();
    }
}

void JobRunner::announce(Entry& entry)
{
    if (entry.lane == core::Lane::Work) {
        Q_EMIT jobChanged(entry.report);
    }
}

void JobRunner::cancel(quint64 id)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end()) {
        return;
    }
    found->cancelled = true;
    m_scheduler->cancel(m_coreIds.value(id));
}

void JobRunner::cancelAll()
{
    for (Entry& entry : m_entries) {
        entry.cancelled = true;
    }
    m_scheduler->cancelAll();
}

bool JobRunner::busy() const
{
    return !m_entries.isEmpty();
}

} // namespace semascope::ui
