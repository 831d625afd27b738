#pragma once
#include "core/job/JobContext.h"

namespace semascope::app {

/// The progress line on standard error: drawn over itself on a terminal; elsewhere one line a stage at most every ten
/// seconds.
class ProgressLine
{
public:
    explicit ProgressLine(bool quiet);
    void show(const core::Progress& p);
    void clear();

private:
    bool m_quiet, m_terminal, m_drawn = false;
    double m_last = 0;
};

} // namespace semascope::app
