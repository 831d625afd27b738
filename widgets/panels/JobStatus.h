#pragma once
#include "widgets/panels/JobView.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace semascope::ui {

class ElidedLabel;

/// The running job in one line, for the status line; hidden while nothing runs.
class JobStatus : public QWidget
{
    Q_OBJECT

public:
    explicit JobStatus(QWidget* parent = nullptr);
    void updateJob(const JobView& job);

Q_SIGNALS:
    void cancelWanted(quint64 id);
    void opened(); ///< wants to see all jobs

private:
    void refresh();

    JobList m_jobs;
    quint64 m_shown = 0;
    ElidedLabel* m_text = nullptr;
    QLabel* m_pace = nullptr;
    QProgressBar* m_bar = nullptr;
    QPushButton *m_cancel = nullptr, *m_more = nullptr;
};

} // namespace semascope::ui
