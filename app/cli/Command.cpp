#include "app/cli/Command.h"
#include "app/cli/Progress.h"
#include "core/job/Compute.h"
#include "core/job/Error.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

std::stop_source g_stop;
int g_signalPipe[2] = {-1, -1};

extern "C" void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(g_signalPipe[1], &byte, 1);
}

/// Turns the first SIGINT or SIGTERM into a stop request; a second one ends the program at once.
void watchSignals()
{
    if (::pipe2(g_signalPipe, O_CLOEXEC) != 0) {
        return;
    }
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
    std::thread([] {
        char byte = 0;
        for (int count = 0; ::read(g_signalPipe[0], &byte, 1) == 1; ++count) {
            if (count > 0) {
                ::_exit(130);
            }
            g_stop.request_stop();
        }
    }).detach();
}

bool isUtf8(const std::string& bytes)
{
    try {
        (void)nlohmann::json(bytes).dump();
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

std::string base64(const std::string& bytes)
{
    static const char* const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned v = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            v = v << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += i + j <= bytes.size() ? letters[v >> (18 - 6 * j) & 63] : '=';
        }
    }
    return out;
}

void printJson(const Json& json)
{
    std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

void setUpLogging(const std::string& level)
{
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("semascope", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    spdlog::set_pattern("%l: %v");
    const auto wanted = level.empty() ? spdlog::level::warn : spdlog::level::from_str(level == "warn" ? "warning" : level);
    if (!level.empty() && wanted == spdlog::level::off && level != "off") {
        throw Error(Code::Misuse, "--log-level must be trace, debug, info, warn, error or off, not \"" + level + "\".");
    }
    spdlog::set_level(wanted);
}

int reportError(const Error& e, bool asJson)
{
    if (asJson) {
        Json json;
        json["error"] = {{"code", core::codeName(e.code())}, {"message", utf8(e.what())}};
        printJson(json);
    }
    std::cerr << "semascope: " << e.what() << std::endl;
    return e.code() == Code::Cancelled ? 130 : e.code() == Code::Misuse ? 2 : 1;
}

void printOverview()
{
    std::cout << "semascope [FILE…]             open the window, with these files\n"
                 "semascope COMMAND [options]   work without a display\n\nCommands\n";
    for (const Command& c : commands()) {
        std::string left = "  " + c.syntax.name;
        left.resize(16, ' ');
        std::cout << left << c.syntax.summary << "\n";
    }
    std::cout << "\nsemascope COMMAND --help tells more; semascope --version prints versions.\n";
}

void printVersions()
{
    std::cout << "semascope " SEMASCOPE_VERSION "\n";
    for (const auto& [name, version] : core::libraryVersions()) {
        std::cout << "  " << name << " " << version << "\n";
    }
}

int runCommand(const Command& command, const std::vector<std::string>& words)
{
    const bool asJson = std::find(words.begin(), words.end(), "--json") != words.end();
    try {
        CommandContext context(g_stop.get_token());
        context.args = Arguments::parse(command.syntax, words);
        if (context.args.has("--help")) {
            std::cout << helpText(command.syntax);
            return 0;
        }
        setUpLogging(context.args.text("--log-level"));
        core::setThreadCount(static_cast<int>(context.args.integer("--threads", 0, 1, 1024)));
        core::applyThreads();
        const core::BlasReport blas = core::blasReport();
        if (!blas.consistent && !context.args.has("--quiet")) {
            spdlog::warn(blas.problem);
        }
        ProgressLine progress(context.args.has("--quiet"));
        context.job.onProgress = [&progress](const core::Progress& p) { progress.show(p); };
        command.run(context);
        progress.clear();
        if (asJson) {
            printJson(context.json);
        }
        return context.exitCode;
    } catch (...) {
        return reportError(core::errorFromCurrentException("semascope " + command.syntax.name), asJson);
    }
}

} // namespace

std::string utf8(const std::string& bytes)
{
    if (isUtf8(bytes)) {
        return bytes;
    }
    const std::string quoted = nlohmann::json(bytes).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return nlohmann::json::parse(quoted).get<std::string>();
}

void putPath(Json& object, const std::string& key, const std::string& bytes)
{
    object[key] = utf8(bytes);
    if (!isUtf8(bytes)) {
        object[key + "_b64"] = base64(bytes);
    }
}

void CommandContext::line(const std::string& text) const
{
    if (!args.has("--json")) {
        std::cout << text << "\n";
    }
}

const std::vector<Command>& commands()
{
    static const std::vector<Command> all{inspectCommand(), embedCommand(),   scoreCommand(),  reduceCommand(),
                                          clusterCommand(), metricsCommand(), figureCommand(), tokenizeCommand(),
                                          preprocessCommand(), demoCommand(), benchCommand(),  checkBlasCommand()};
    return all;
}

bool isCommandWord(const std::string& word)
{
    if (word == "--help" || word == "-h" || word == "--version" || word == "help") {
        return true;
    }
    const auto& all = commands();
    return std::any_of(all.begin(), all.end(), [&](const Command& c) { return c.syntax.name == word; });
}

int runCommandLine(const std::vector<std::string>& words)
{
    const std::string& word = words.front();
    if (word == "--version") {
        printVersions();
        return 0;
    }
    if (word == "--help" || word == "-h" || word == "help") {
        printOverview();
        return 0;
    }
    watchSignals();
    for (const Command& c : commands()) {
        if (c.syntax.name == word) {
            return runCommand(c, {words.begin() + 1, words.end()});
        }
    }
    return 2;
}

} // namespace semascope::app
