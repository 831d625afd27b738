#include "core/reduce/SpecOptions_p.h"

#include "core/job/Error.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace semascope::core {

namespace {

/// Numbers in sentences without trailing zeros.
std::string plain(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

} // namespace

std::string wordList(const std::vector<std::string>& words)
{
    std::string list;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) {
            list += i + 1 == words.size() ? " or " : ", ";
        }
        list += words[i];
    }
    return list;
}

SpecOptions::SpecOptions(std::string method, const Map& options, const std::vector<std::string>& allowed)
    : m_method(std::move(method)), m_options(options)
{
    for (const auto& [key, value] : options) {
        if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
            const std::string cure =
                allowed.empty() ? "it takes none; leave it out." : "use " + wordList(allowed) + ".";
            throw Error(Code::Misuse, "\"" + key + "\" is no option of " + m_method + ": " + cure);
        }
    }
}

int SpecOptions::integer(const std::string& key, int fallback, int least, int most) const
{
    const auto it = m_options.find(key);
    if (it == m_options.end()) {
        return fallback;
    }
    int value = 0;
    const char* const end = it->second.data() + it->second.size();
    const auto [stop, problem] = std::from_chars(it->second.data(), end, value);
    if (problem != std::errc() || stop != end || value < least || value > most) {
        throw Error(Code::Misuse, m_method + " option " + key + " is \"" + it->second +
                                      "\": give a whole number from " + std::to_string(least) + " to " +
                                      std::to_string(most) + ".");
    }
    return value;
}

double SpecOptions::number(const std::string& key, double fallback, double least) const
{
    const auto it = m_options.find(key);
    if (it == m_options.end()) {
        return fallback;
    }
    double value = 0;
    const char* const end = it->second.data() + it->second.size();
    const auto [stop, problem] = std::from_chars(it->second.data(), end, value);
    if (problem != std::errc() || stop != end || !std::isfinite(value) || value < least) {
        throw Error(Code::Misuse, m_method + " option " + key + " is \"" + it->second +
                                      "\": give a number of at least " + plain(least) + ".");
    }
    return value;
}

std::string SpecOptions::word(const std::string& key, const std::vector<std::string>& allowed) const
{
    const auto it = m_options.find(key);
    if (it == m_options.end()) {
        return allowed.front();
    }
    if (std::find(allowed.begin(), allowed.end(), it->second) == allowed.end()) {
        throw Error(Code::Misuse,
                    m_method + " option " + key + " is \"" + it->second + "\": use " + wordList(allowed) + ".");
    }
    return it->second;
}

} // namespace semascope::core
