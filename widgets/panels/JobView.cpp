#include "widgets/panels/JobView.h"

#include "widgets/panels/Numbers.h"

#include <QCoreApplication>

#include <algorithm>

namespace semascope::ui {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("JobView", text);
}

} // namespace

QString jobStageText(const JobView& job)
{
    switch (job.state) {
    case JobView::State::Waiting:
        return tr("waiting");
    case JobView::State::Done:
        return tr("done");
    case JobView::State::Cancelled:
        return tr("cancelled");
    case JobView::State::Failed:
        return job.message.isEmpty() ? tr("failed") : tr("failed: %1").arg(job.message);
    case JobView::State::Running:
        break;
    }
    QString amount;
    if (job.total > 0) {
        amount = tr("%1 of %2").arg(countText(job.done), countText(job.total));
    } else if (job.done > 0) {
        amount = countText(job.done);
    }
    if (!amount.isEmpty() && !job.unit.isEmpty()) {
        amount += QLatin1Char(' ') + job.unit;
    }
    if (job.stage.isEmpty()) {
        return amount.isEmpty() ? tr("running") : amount;
    }
    return amount.isEmpty() ? job.stage : job.stage + QStringLiteral(" · ") + amount;
}

QString jobPaceText(const JobView& job)
{
    if (job.state != JobView::State::Running) {
        return {};
    }
    const QString rate = rateText(job.perSecond, job.unit);
    const QString left = timeLeftText(job.secondsLeft);
    return rate.isEmpty() || left.isEmpty() ? rate + left : rate + QStringLiteral(" · ") + left;
}

int jobPermille(const JobView& job)
{
    if (job.state == JobView::State::Done) {
        return 1000;
    }
    return job.total == 0 ? -1 : int(std::min(1.0, double(job.done) / double(job.total)) * 1000);
}

void JobList::update(const JobView& job)
{
    const auto known = std::find_if(m_jobs.begin(), m_jobs.end(), [&](const JobView& j) { return j.id == job.id; });
    if (known == m_jobs.end()) {
        m_jobs.push_back(job);
    } else {
        *known = job;
    }
    std::size_t finished = m_jobs.size() - activeCount();
    while (finished > kFinished) {
        m_jobs.erase(std::find_if(m_jobs.begin(), m_jobs.end(), [](const JobView& j) { return !j.active(); }));
        --finished;
    }
}

void JobList::clearFinished()
{
    std::erase_if(m_jobs, [](const JobView& job) { return !job.active(); });
}

std::size_t JobList::activeCount() const
{
    return std::size_t(std::count_if(m_jobs.begin(), m_jobs.end(), [](const JobView& job) { return job.active(); }));
}

const JobView* JobList::front() const
{
    const JobView* waiting = nullptr;
    for (const JobView& job : m_jobs) {
        if (job.state == JobView::State::Running) {
            return &job;
        }
        if (!waiting && job.state == JobView::State::Waiting) {
            waiting = &job;
        }
    }
    return waiting;
}

} // namespace semascope::ui
