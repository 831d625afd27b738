#pragma once
#include "widgets/panels/Drawer.h"
#include "widgets/panels/JobView.h"

#include <map>

class QLabel;
class QProgressBar;
class QPushButton;

namespace semascope::ui {

class ElidedLabel;

/// One job: title, what it does now, bar, pace, a button that cancels it.
class JobRow : public QWidget
{
    Q_OBJECT

public:
    explicit JobRow(QWidget* parent = nullptr);
    void setJob(const JobView& job);

Q_SIGNALS:
    void cancelWanted();

private:
    ElidedLabel* m_title = nullptr;
    QLabel *m_stage = nullptr, *m_pace = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton* m_cancel = nullptr;
};

/// All jobs: the active ones, then those that ended, newest first.
class JobsPanel : public Drawer
{
    Q_OBJECT

public:
    explicit JobsPanel(QWidget* parent = nullptr);
    /// A job is new or has changed.
    void updateJob(const JobView& job);
    const JobList& jobs() const { return m_jobs; }

Q_SIGNALS:
    void cancelWanted(quint64 id);

private:
    void refresh();
    JobRow* rowOf(const JobView& job);

    JobList m_jobs;
    std::map<quint64, JobRow*> m_rows;
    QVBoxLayout *m_active = nullptr, *m_ended = nullptr;
    QLabel *m_none = nullptr, *m_endedTitle = nullptr;
    QPushButton* m_clear = nullptr;
};

} // namespace semascope::ui
