#include "core/job/JobContext.h"

#include <chrono>

namespace semascope::core {

namespace {

constexpr double kReportEvery = 0.05;
constexpr double kPartialEvery = 0.1;

double now()
{
    using Clock = std::chrono::steady_clock;
    return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

} // namespace

void JobContext::progress(const std::string& stage, const std::string& unit, std::size_t done, std::size_t total)
{
    if (!onProgress) {
        return;
    }
    Progress p;
    {
        const std::lock_guard lock(m_mutex);
        const double t = now();
        const bool newStage = stage != m_stage;
        if (newStage) {
            m_stage = stage;
            m_stageStart = t;
            m_stageFirst = done;
        }
        const bool last = total != 0 && done >= total;
        if (!newStage && !last && t - m_lastReport < kReportEvery) {
            return;
        }
        m_lastReport = t;
        p = {stage, unit, done, total, 0, -1};
        const double spent = t - m_stageStart;
        if (spent > 0.5 && done > m_stageFirst) {
            p.perSecond = static_cast<double>(done - m_stageFirst) / spent;
            if (total >= done) {
                p.secondsLeft = static_cast<double>(total - done) / p.perSecond;
            }
        }
    }
    onProgress(p);
}

bool JobContext::wantsPartial()
{
    if (!onPartial) {
        return false;
    }
    const std::lock_guard lock(m_mutex);
    const double t = now();
    if (t - m_lastPartial < kPartialEvery) {
        return false;
    }
    m_lastPartial = t;
    return true;
}

} // namespace semascope::core
