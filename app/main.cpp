#include "app/Window.h"
#include "app/cli/Command.h"

#include <algorithm>
#include <csignal>

int main(int argc, char** argv)
{
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
