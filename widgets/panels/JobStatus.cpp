#include "widgets/panels/JobStatus.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QHBoxLayout>
#include <QProgressBar>

#include <algorithm>

namespace semascope::ui {

JobStatus::JobStatus(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("jobStatus"));
    setAccessibleName(tr("Running job"));
    m_text = new ElidedLabel(this);
    m_text->setFont(captionFont());
    m_bar = new QProgressBar(this);
    m_bar->setObjectName(QStringLiteral("jobStatusBar"));
    m_bar->setAccessibleName(tr("Progress"));
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(120);
    m_pace = makeCaption(QString(), QStringLiteral("jobStatusPace"), this);
    m_pace->setWordWrap(false);
    m_cancel =
        makeButton({tr("Cancel"), QStringLiteral("jobStatusCancel"), tr("Stop this job")}, ButtonRole::Link, this);
    m_more = makeButton({QString(), QStringLiteral("jobStatusMore"), tr("Show all jobs")}, ButtonRole::Link, this);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Tokens::kGrid);
    for (QWidget* widget : {static_cast<QWidget*>(m_text), static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_pace),
                            static_cast<QWidget*>(m_cancel), static_cast<QWidget*>(m_more)}) {
        row->addWidget(widget, 0, Qt::AlignVCenter);
    }
    row->addStretch(1);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        Q_EMIT cancelWanted(m_shown);
    });
    connect(m_more, &QPushButton::clicked, this, &JobStatus::opened);
    refresh();
}

void JobStatus::updateJob(const JobView& job)
{
    m_jobs.update(job);
    m_jobs.clearFinished();
    refresh();
}

void JobStatus::refresh()
{
    const JobView* job = m_jobs.front();
    setVisible(job != nullptr);
    if (!job) {
        m_shown = 0;
        return;
    }
    if (job->id != m_shown) {
        m_cancel->setEnabled(true);
    }
    m_shown = job->id;
    m_text->setWhole(job->title + QStringLiteral(" · ") + jobStageText(*job));
    m_pace->setText(jobPaceText(*job));
    const int permille = jobPermille(*job);
    m_bar->setRange(0, permille < 0 ? 0 : 1000);
    m_bar->setValue(std::max(0, permille));
    const std::size_t others = m_jobs.activeCount() - 1;
    m_more->setVisible(others > 0);
    m_more->setText(tr("+%1 more").arg(others));
    m_more->setAccessibleName(tr("more jobs: %1").arg(others));
}

} // namespace semascope::ui
