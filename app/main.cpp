#include "app/Window.h"
#include "app/cli/Command.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <unistd.h>

namespace {

/// OpenMP's threads spin while they wait, which starves the decoding threads on few cores (20 times slower pictures were
/// measured). libgomp reads its policy before main, so the program starts itself anew with it.
void waitPassively(char** argv)
{
    if (std::getenv("OMP_WAIT_POLICY") == nullptr) {
        ::setenv("OMP_WAIT_POLICY", "PASSIVE", 1);
        ::execv("/proc/self/exe", argv); // comes back only when it fails; then it is merely slower
    }
}

} // namespace

int main(int argc, char** argv)
{
    waitPassively(argv);
    std::signal(SIGXFSZ, SIG_IGN); // a full quota is an error to report, not a reason to die
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const bool demoWindow = !words.empty() && words.front() == "demo"
        && std::none_of(words.begin(), words.end(), [](const std::string& w) { return w.rfind("--", 0) == 0; });
    if (!words.empty() && !demoWindow && semascope::app::isCommandWord(words.front())) {
        return semascope::app::runCommandLine(words);
    }
    return semascope::app::runWindow(argc, argv);
}
