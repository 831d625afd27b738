#pragma once
#include <QString>

#include <vector>

namespace semascope::ui {

/// One job as people see it.
struct JobView
{
    enum class State { Waiting, Running, Done, Failed, Cancelled };

    quint64 id = 0;
    QString title, stage, unit;
    std::size_t done = 0, total = 0; ///< total 0: not known
    double perSecond = 0;            ///< 0: not known
    double secondsLeft = -1;         ///< negative: not known
    State state = State::Waiting;
    QString message; ///< why it failed

    bool active() const { return state == State::Waiting || state == State::Running; }
};

/// "decoding · 120 of 500 pictures", "waiting", "done", "failed: …".
QString jobStageText(const JobView& job);
/// "34 pictures/s · 2 min left"; empty when neither is known.
QString jobPaceText(const JobView& job);
/// Share done in thousandths, −1 when the total is not known.
int jobPermille(const JobView& job);

/// The jobs in the order they were first seen, newest last; finished ones beyond a number fall out, oldest first.
class JobList
{
public:
    static constexpr std::size_t kFinished = 50;

    void update(const JobView& job);
    void clearFinished();
    const std::vector<JobView>& jobs() const { return m_jobs; }
    std::size_t activeCount() const;
    /// The running job that began first, else the first waiting one; null when there is none.
    const JobView* front() const;

private:
    std::vector<JobView> m_jobs;
};

} // namespace semascope::ui
