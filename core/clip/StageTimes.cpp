#include "core/clip/StageTimes.h"

#include <algorithm>

namespace semascope::core {

namespace {

thread_local StageTimes* t_current = nullptr;

} // namespace

StageTimes::StageTimes() noexcept : m_before(t_current)
{
    t_current = this;
}

StageTimes::~StageTimes()
{
    t_current = m_before;
}

StageTimes* StageTimes::current() noexcept
{
    return t_current;
}

void StageTimes::add(const char* stage, double seconds)
{
    const auto at = std::find_if(m_stages.begin(), m_stages.end(), [stage](const auto& s) { return s.first == stage; });
    if (at == m_stages.end()) {
        m_stages.emplace_back(stage, seconds);
    } else {
        at->second += seconds;
    }
}

} // namespace semascope::core
