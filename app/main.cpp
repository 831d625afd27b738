#include "app/Window.h"
#include "app/cli/Command.h"

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace {

/// `semascope`, `semascope FILE…` and `semascope demo` open the window; everything else is for the command line, which
/// also says what is wrong with a word that is neither a command nor a path.
bool wantsWindow(const std::vector<std::string>& words)
{
    if (words.empty()) {
        return true;
    }
    if (words.front() == "demo") {
        return std::none_of(words.begin(), words.end(), [](const std::string& w) { return w.rfind("--", 0) == 0; });
    }
    std::error_code ignored;
    return !semascope::app::isCommandWord(words.front()) &&
           std::filesystem::exists(std::filesystem::symlink_status(words.front(), ignored));
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGXFSZ, SIG_IGN); // a full quota is an error to report, not a reason to die
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (wantsWindow(words)) {
        return semascope::app::runWindow(argc, argv);
    }
    return semascope::app::runCommandLine(words);
}
