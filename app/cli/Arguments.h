#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace semascope::app {

/// One option of a command. `value` names its value in the help; empty for a switch.
struct Option
{
    std::string name; ///< with dashes: "--out"
    std::string value;
    std::string help;
    bool many = false; ///< takes every word up to the next option
    bool required = false;
};

/// What a command takes; the help text is made from it.
struct CommandSyntax
{
    std::string name;
    std::string summary;
    std::string positional; ///< such as "PATH…"; empty when none are taken
    std::vector<Option> options;
    std::string more; ///< examples and explanations for --help
};

/// Parsed command line words, as bytes (a path need not be UTF-8).
class Arguments
{
public:
    /// Throws Error(Misuse) naming the word that does not fit and what would.
    static Arguments parse(const CommandSyntax& syntax, const std::vector<std::string>& words);

    bool has(const std::string& name) const { return m_values.contains(name); }
    std::string text(const std::string& name, const std::string& fallback = {}) const;
    std::vector<std::string> texts(const std::string& name) const;
    /// Whole number within [low, high]; Error(Misuse) otherwise.
    std::int64_t integer(const std::string& name, std::int64_t fallback, std::int64_t low, std::int64_t high) const;
    /// Repeated key=value pairs of `--set`.
    std::map<std::string, std::string> settings() const;
    const std::vector<std::string>& positional() const { return m_positional; }

private:
    std::map<std::string, std::vector<std::string>> m_values;
    std::vector<std::string> m_positional;
};

/// Options that every command takes, and those of commands that open a model.
const std::vector<Option>& commonOptions();
const std::vector<Option>& modelOptions();
std::string helpText(const CommandSyntax& syntax);

} // namespace semascope::app
