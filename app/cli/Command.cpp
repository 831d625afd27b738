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
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("semascope", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    spdlog::set_pattern("%l: %v");
    const auto wanted =
        level.empty() ? spdlog::level::warn : spdlog::level::from_str(level == "warn" ? "warning" : level);
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
    const std::string text = e.what();
    std::cerr << (text.rfind("semascope", 0) == 0 ? "" : "semascope: ") << text << std::endl;
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

void printVersions(bool asJson)
{
    Json json{{"semascope", SEMASCOPE_VERSION}};
    for (const auto& [name, version] : core::libraryVersions()) {
        json[name] = version;
    }
    if (asJson) {
        printJson(json);
        return;
    }
    for (const auto& [name, version] : json.items()) {
        std::cout << name << " " << version.get<std::string>() << "\n";
    }
}

const Command* findCommand(const std::string& word)
{
    const auto& all = commands();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Command& c) { return c.syntax.name == word; });
    return found == all.end() ? nullptr : &*found;
}

/// Words of the public command line that are still to come.
const std::vector<std::string>& plannedCommands()
{
    static const std::vector<std::string> words{"study",      "train",   "traverse", "disentangle",
                                                "synthesize", "augment", "report"};
    return words;
}

/// The common options are checked even where a command has no use for them, so that a slip of the pen is told at once.
void checkCommonOptions(const Arguments& args)
{
    (void)args.integer("--seed", 0, 0, INT64_MAX);
    (void)core::chooseDevice(args.text("--device", "auto"));
    const std::string precision = args.text("--precision", "auto");
    static const std::vector<std::string> precisions{"auto", "fp32", "bf16", "fp16"};
    if (std::find(precisions.begin(), precisions.end(), precision) == precisions.end()) {
        throw Error(Code::Misuse, "\"" + precision + "\" is no precision; use auto, fp32, bf16 or fp16.");
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
        checkCommonOptions(context.args);
        core::setThreadCount(static_cast<int>(context.args.integer("--threads", 0, 1, 1024)));
        core::applyThreads();
        const core::BlasReport blas = core::blasReport();
        if (!blas.consistent && !context.args.has("--quiet")) {
            spdlog::warn(blas.problem);
        }
        ProgressLine progress(context.args.has("--quiet"));
        context.job.onProgress = [&progress](const core::Progress& p) { progress.show(p); };
        context.job.onNote = [&](const std::string& sentence) {
            context.json["notes"].push_back(utf8(sentence));
            progress.clear();
            if (!context.args.has("--quiet")) {
                std::cerr << sentence << std::endl;
            }
        };
        command.run(context);
        progress.clear();
        if (asJson) {
            printJson(context.json);
        }
        if (!std::cout.flush()) {
            throw Error(Code::Io, "The output could not be written; is the disk full?");
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
    static const std::vector<Command> all{inspectCommand(),    embedCommand(), scoreCommand(),  zeroShotCommand(),
                                          searchCommand(),     jointCommand(), reduceCommand(), clusterCommand(),
                                          metricsCommand(),    nameCommand(),  figureCommand(), tokenizeCommand(),
                                          preprocessCommand(), demoCommand(),  storeCommand(),  benchCommand(),
                                          checkBlasCommand()};
    return all;
}

bool isCommandWord(const std::string& word)
{
    return word == "--help" || word == "-h" || word == "--version" || word == "help" || findCommand(word) != nullptr;
}

int runCommandLine(const std::vector<std::string>& words)
{
    const std::string& word = words.front();
    const bool asJson = std::find(words.begin(), words.end(), "--json") != words.end();
    if (word == "--version") {
        printVersions(asJson);
        return 0;
    }
    if (word == "--help" || word == "-h" || word == "help") {
        const Command* about = words.size() > 1 ? findCommand(words[1]) : nullptr;
        about == nullptr ? printOverview() : static_cast<void>(std::cout << helpText(about->syntax));
        return 0;
    }
    watchSignals();
    if (const Command* command = findCommand(word)) {
        return runCommand(*command, {words.begin() + 1, words.end()});
    }
    const auto& later = plannedCommands();
    const bool planned = std::find(later.begin(), later.end(), word) != later.end();
    return reportError(
        Error(Code::Misuse, planned ? "The command " + word + " is not part of this version yet; see semascope --help."
                                    : "There is no command and no file \"" + word + "\"; see semascope --help."),
        asJson);
}

} // namespace semascope::app
