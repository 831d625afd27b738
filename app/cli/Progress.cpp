#include "app/cli/Progress.h"

#include <chrono>
#include <cstdio>

#include <unistd.h>

namespace semascope::app {

namespace {

std::string duration(double seconds)
{
    char text[32];
    if (seconds < 90) {
        std::snprintf(text, sizeof text, "%.0f s", seconds);
    } else {
        std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
    }
    return text;
}

std::string describe(const core::Progress& p)
{
    std::string text = p.stage;
    if (p.total > 0) {
        text += ": " + std::to_string(p.done) + " of " + std::to_string(p.total) + " " + p.unit;
    }
    if (p.perSecond > 0) {
        char rate[48];
        std::snprintf(rate, sizeof rate, ", %.*f %s/s", p.perSecond < 10 ? 1 : 0, p.perSecond, p.unit.c_str());
        text += rate;
    }
    if (p.secondsLeft >= 1) {
        text += ", " + duration(p.secondsLeft) + " left";
    }
    return text;
}

} // namespace

ProgressLine::ProgressLine(bool quiet) : m_quiet(quiet), m_terminal(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::show(const core::Progress& p)
{
    if (m_quiet) {
        return;
    }
    const double now = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    if (m_terminal) {
        std::fprintf(stderr, "\r\033[K%s", describe(p).c_str());
        std::fflush(stderr);
        m_drawn = true;
    } else if (now - m_last > 10 && m_last != 0) {
        std::fprintf(stderr, "%s\n", describe(p).c_str());
        m_last = now;
    } else if (m_last == 0) {
        m_last = now;
    }
}

void ProgressLine::clear()
{
    if (m_drawn) {
        std::fprintf(stderr, "\r\033[K");
        m_drawn = false;
    }
}

} // namespace semascope::app
