#pragma once
#include "app/cli/Arguments.h"
#include "core/job/JobContext.h"

#include <functional>
#include <nlohmann/json.hpp>

namespace semascope::app {

using Json = nlohmann::ordered_json;

/// What a command gets to work with. Its result is filled into `json`; `line` prints for people (nothing under --json).
struct CommandContext
{
    Arguments args;
    core::JobContext job;
    Json json = Json::object();
    int exitCode = 0;

    explicit CommandContext(std::stop_token stop) : job(std::move(stop)) {}
    void line(const std::string& text) const;
    std::uint64_t seed() const { return static_cast<std::uint64_t>(args.integer("--seed", 0, 0, INT64_MAX)); }
};

struct Command
{
    CommandSyntax syntax;
    std::function<void(CommandContext&)> run;
};

/// All commands, in the order of the help.
const std::vector<Command>& commands();
/// Whether `word` starts the command line mode: a command, --help, --version or check-blas.
bool isCommandWord(const std::string& word);
/// Runs the command line; returns the exit status. Installs handlers for SIGINT and SIGTERM.
int runCommandLine(const std::vector<std::string>& words);

/// A JSON string of bytes that may not be UTF-8: invalid ones become U+FFFD.
std::string utf8(const std::string& bytes);
/// A member `key` with `bytes`, and `key`_b64 beside it when they are not UTF-8.
void putPath(Json& object, const std::string& key, const std::string& bytes);

Command inspectCommand();
Command checkBlasCommand();
Command tokenizeCommand();
Command preprocessCommand();
Command embedCommand();
Command scoreCommand();
Command zeroShotCommand();
Command searchCommand();
Command jointCommand();
Command reduceCommand();
Command clusterCommand();
Command metricsCommand();
Command nameCommand();
Command figureCommand();
Command demoCommand();
Command benchCommand();
Command storeCommand();

} // namespace semascope::app
