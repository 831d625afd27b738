#include "widgets/panels/JobsPanel.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"

#include <QGridLayout>
#include <QProgressBar>
#include <QStyle>

#include <algorithm>
#include <set>

namespace semascope::ui {

JobRow::JobRow(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("jobRow"));
    m_title = new ElidedLabel(this);
    m_stage = makeCaption(QString(), QStringLiteral("jobStage"), this);
    m_pace = makeCaption(QString(), QStringLiteral("jobPace"), this);
    m_bar = new QProgressBar(this);
    m_bar->setObjectName(QStringLiteral("jobBar"));
    m_bar->setTextVisible(false);
    m_cancel = makeButton(
        {tr("Cancel"), QStringLiteral("jobCancel"), tr("Stop this job; what is done so far is kept where it can be")},
        ButtonRole::Link, this);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 4, 0, 6);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_title, 0, 0);
    grid->addWidget(m_cancel, 0, 1);
    grid->addWidget(m_bar, 1, 0, 1, 2);
    grid->addWidget(m_stage, 2, 0, 1, 2);
    grid->addWidget(m_pace, 3, 0, 1, 2);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false); // answers at once, even if the job takes a moment to stop
        Q_EMIT cancelWanted();
    });
}

void JobRow::setJob(const JobView& job)
{
    m_title->setWhole(job.title);
    const QString pace = jobPaceText(job);
    m_stage->setText(jobStageText(job));
    m_pace->setText(pace);
    m_pace->setVisible(!pace.isEmpty());
    m_bar->setVisible(job.state == JobView::State::Running);
    const int permille = jobPermille(job);
    m_bar->setRange(0, permille < 0 ? 0 : 1000);
    m_bar->setValue(std::max(0, permille));
    m_bar->setAccessibleName(tr("Progress of %1").arg(job.title));
    m_cancel->setVisible(job.active());
    m_cancel->setAccessibleName(tr("Cancel %1").arg(job.title));
    const QString role = job.state == JobView::State::Failed ? QStringLiteral("error") : QStringLiteral("caption");
    if (m_stage->property("role").toString() != role) {
        m_stage->setProperty("role", role);
        m_stage->style()->unpolish(m_stage);
        m_stage->style()->polish(m_stage);
    }
}

JobsPanel::JobsPanel(QWidget* parent) : Drawer(tr("Jobs"), QStringLiteral("jobsPanel"), parent)
{
    m_none = makeCaption(tr("Nothing is running."), QStringLiteral("jobsNone"), content());
    m_active = new QVBoxLayout;
    m_active->setSpacing(2);
    m_ended = new QVBoxLayout;
    m_ended->setSpacing(0);
    m_endedTitle = makeSection(tr("ENDED"), content());
    m_clear = makeButton({tr("clear"), QStringLiteral("jobsClear"), tr("Forget the jobs that have ended")},
                         ButtonRole::Link, content());
    auto* head = new QHBoxLayout;
    head->addWidget(m_endedTitle);
    head->addStretch(1);
    head->addWidget(m_clear);
    column()->addWidget(m_none);
    column()->addLayout(m_active);
    column()->addSpacing(Tokens::kGrid);
    column()->addLayout(head);
    column()->addLayout(m_ended);
    column()->addStretch(1);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_jobs.clearFinished();
        refresh();
    });
    refresh();
}

void JobsPanel::updateJob(const JobView& job)
{
    m_jobs.update(job);
    const auto row = m_rows.find(job.id);
    const bool movesOn = row == m_rows.end() || !job.active();
    if (movesOn) {
        refresh();
    } else {
        row->second->setJob(job);
    }
}

JobRow* JobsPanel::rowOf(const JobView& job)
{
    JobRow*& row = m_rows[job.id];
    if (!row) {
        row = new JobRow(content());
        connect(row, &JobRow::cancelWanted, this, [this, id = job.id] { Q_EMIT cancelWanted(id); });
    }
    row->setJob(job);
    return row;
}

void JobsPanel::refresh()
{
    std::set<quint64> known;
    int active = 0;
    for (const JobView& job : m_jobs.jobs()) {
        known.insert(job.id);
        JobRow* row = rowOf(job);
        m_active->removeWidget(row);
        m_ended->removeWidget(row);
        if (job.active()) {
            m_active->insertWidget(active++, row);
        } else {
            m_ended->insertWidget(0, row);
        }
        row->show();
    }
    for (auto it = m_rows.begin(); it != m_rows.end();) {
        if (known.contains(it->first)) {
            ++it;
        } else {
            it->second->deleteLater();
            it->second->hide();
            it = m_rows.erase(it);
        }
    }
    const bool ended = int(m_jobs.jobs().size()) > active;
    m_none->setVisible(active == 0);
    m_endedTitle->setVisible(ended);
    m_clear->setVisible(ended);
}

} // namespace semascope::ui
