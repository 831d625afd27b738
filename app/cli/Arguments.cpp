#include "app/cli/Arguments.h"
#include "core/job/Error.h"

#include <algorithm>
#include <charconv>

namespace semascope::app {

using core::Code;
using core::Error;

namespace {

const std::string kHelp = "--help";

const Option* findOption(const CommandSyntax& syntax, const std::string& name)
{
    for (const auto* list : {&syntax.options, &commonOptions()}) {
        const auto found = std::find_if(list->begin(), list->end(), [&](const Option& o) { return o.name == name; });
        if (found != list->end()) {
            return &*found;
        }
    }
    return nullptr;
}

bool isOption(const std::string& word)
{
    return word.size() > 2 && word.compare(0, 2, "--") == 0;
}

std::string seeHelp(const CommandSyntax& syntax)
{
    return "; see semascope " + syntax.name + " --help.";
}

/// Characters on the screen: bytes that do not continue a UTF-8 sequence.
std::size_t shownWidth(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string optionLine(const Option& o)
{
    std::string left = "  " + o.name + (o.value.empty() ? "" : " " + o.value) + (o.many ? "…" : "");
    constexpr std::size_t kColumn = 30;
    left.append(std::max(kColumn, shownWidth(left) + 2) - shownWidth(left), ' ');
    return left + o.help + (o.required ? " (required)" : "") + "\n";
}

} // namespace

const std::vector<Option>& commonOptions()
{
    static const std::vector<Option> options{
        {"--device", "auto|cpu|cuda|cuda:N", "where models run; auto is the GPU if there is one"},
        {"--precision", "auto|fp32|bf16|fp16", "arithmetic of models; auto is fp32 on the CPU"},
        {"--threads", "N", "threads to use; all cores unless given"},
        {"--seed", "N", "seed of everything random; 0 unless given"},
        {"--json", "", "one JSON object on standard output, nothing else there"},
        {"--quiet", "", "no progress and no notes on standard error"},
        {"--log-level", "LEVEL", "trace, debug, info, warn, error or off"},
        {"--help", "", "this text"},
    };
    return options;
}

const std::vector<Option>& modelOptions()
{
    static const std::vector<Option> options{
        {"--model", "M", "CLIP checkpoint: file or folder, or demo", false, true},
        {"--activation", "quick_gelu|gelu|gelu_tanh", "overrides what the checkpoint's config says"},
        {"--image-size", "N", "side of the pictures in pixels; the model's own unless given (positions are resampled)"},
        {"--vocab", "PATH", "vocabulary file or folder, where none stands beside the checkpoint"},
        {"--tokenizer", "openai|openclip|hf", "how texts are cleaned; the family's own unless given"},
    };
    return options;
}

Arguments Arguments::parse(const CommandSyntax& syntax, const std::vector<std::string>& words)
{
    Arguments a;
    bool optionsEnded = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i] == "-h" ? kHelp : words[i];
        if (word == "--" && !optionsEnded) {
            optionsEnded = true;
            continue;
        }
        if (optionsEnded || !isOption(word)) {
            a.m_positional.push_back(word);
            continue;
        }
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const Option* option = findOption(syntax, name);
        if (option == nullptr) {
            throw Error(Code::Misuse, "semascope " + syntax.name + " has no option " + name + seeHelp(syntax));
        }
        auto& values = a.m_values[name];
        if (option->value.empty()) {
            continue;
        }
        if (equals != std::string::npos) {
            values.push_back(word.substr(equals + 1));
            continue;
        }
        const std::size_t before = values.size();
        while (i + 1 < words.size() && !isOption(words[i + 1]) && words[i + 1] != "--" &&
               (option->many || values.size() == before)) {
            values.push_back(words[++i]);
        }
        if (values.size() == before) {
            throw Error(Code::Misuse, name + " needs a value (" + option->value + ")" + seeHelp(syntax));
        }
    }
    if (a.has("--help")) {
        return a;
    }
    if (syntax.positional.empty() && !a.m_positional.empty()) {
        throw Error(Code::Misuse, "semascope " + syntax.name + " does not know what to do with \"" +
                                      a.m_positional.front() + "\"" + seeHelp(syntax));
    }
    for (const Option& o : syntax.options) {
        if (o.required && !a.has(o.name)) {
            throw Error(Code::Misuse, "semascope " + syntax.name + " needs " + o.name + " " + o.value + " (" + o.help +
                                          ")" + seeHelp(syntax));
        }
    }
    return a;
}

std::string Arguments::text(const std::string& name, const std::string& fallback) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() || found->second.empty() ? fallback : found->second.back();
}

std::vector<std::string> Arguments::texts(const std::string& name) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? std::vector<std::string>{} : found->second;
}

std::int64_t Arguments::integer(const std::string& name, std::int64_t fallback, std::int64_t low,
                                std::int64_t high) const
{
    if (!has(name)) {
        return fallback;
    }
    const std::string word = text(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || value < low || value > high) {
        throw Error(Code::Misuse, name + " must be a whole number from " + std::to_string(low) + " to " +
                                      std::to_string(high) + ", not \"" + word + "\".");
    }
    return value;
}

std::map<std::string, std::string> Arguments::settings() const
{
    std::map<std::string, std::string> all;
    for (const std::string& word : texts("--set")) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw Error(Code::Misuse, "--set takes key=value, not \"" + word + "\".");
        }
        all[word.substr(0, equals)] = word.substr(equals + 1);
    }
    return all;
}

std::string helpText(const CommandSyntax& syntax)
{
    std::string text = "semascope " + syntax.name;
    for (const Option& o : syntax.options) {
        if (o.required) {
            text += " " + o.name + " " + o.value;
        }
    }
    text += (syntax.positional.empty() ? "" : " " + syntax.positional) + " [options]\n\n" + syntax.summary + "\n\n";
    for (const Option& o : syntax.options) {
        text += optionLine(o);
    }
    text += syntax.options.empty() ? "Common options\n" : "\nCommon options\n";
    for (const Option& o : commonOptions()) {
        text += optionLine(o);
    }
    return text + (syntax.more.empty() ? "" : "\n" + syntax.more + "\n") +
           "\nExit status: 0 done, 1 failed (one sentence on standard error), 2 misused, 130 interrupted.\n";
}

} // namespace semascope::app
