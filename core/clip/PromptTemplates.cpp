#include "core/clip/ZeroShot.h"
#include "core/data/Text_p.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace semascope::core {

namespace {

/// Lines without white space at their ends, blank ones left out.
std::vector<std::string> linesOf(const std::string& text)
{
    std::vector<std::string> lines;
    std::size_t begin = text.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0; // a byte order mark is no part of the first line
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line(trimmed(std::string_view(text).substr(begin, end - begin)));
        if (!line.empty()) {
            lines.push_back(line);
        }
        begin = end + 1;
    }
    return lines;
}

/// "7" of a whole number, as the labels of a file would spell it.
std::string wholeNumber(double value)
{
    return std::to_string(static_cast<long long>(value));
}

std::vector<std::string> wholeNumbersOf(const Attribute& attribute)
{
    constexpr double kLargest = 1e9;
    std::set<double> distinct;
    for (const double v : attribute.numbers) {
        if (std::isnan(v)) {
            continue;
        }
        if (v != std::floor(v) || std::abs(v) > kLargest) {
            throw Error(Code::Mismatch, "The attribute " + attribute.name +
                                            " holds numbers that are not whole; classes need names or whole numbers.");
        }
        distinct.insert(v);
    }
    std::vector<std::string> names;
    std::transform(distinct.begin(), distinct.end(), std::back_inserter(names), wholeNumber);
    return names;
}

std::vector<std::string> labelsThatOccur(const Attribute& attribute)
{
    std::vector<bool> occurs(attribute.labels.size(), false);
    for (const std::int32_t c : attribute.categories) {
        if (c >= 0 && static_cast<std::size_t>(c) < occurs.size()) {
            occurs[static_cast<std::size_t>(c)] = true;
        }
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < occurs.size(); ++i) {
        if (occurs[i] && !trimmed(attribute.labels[i]).empty()) {
            names.push_back(attribute.labels[i]);
        }
    }
    return names;
}

} // namespace

const TemplateSet& templateSet(const std::string& name)
{
    std::string known;
    for (const TemplateSet& set : templateSets()) {
        if (set.name == name) {
            return set;
        }
        known += (known.empty() ? "" : ", ") + set.name;
    }
    throw Error(Code::NotFound, "There is no template set \"" + name + "\"; there are " + known +
                                    ", or a text file with one template a line.");
}

TemplateSet templatesFromText(const std::string& name, const std::string& text)
{
    TemplateSet set{name, {}};
    for (const std::string& line : linesOf(text)) {
        if (line.front() == '#') {
            continue;
        }
        if (line.find("{}") == std::string::npos) {
            throw Error(Code::BadFormat,
                        name + ": the template \"" + line + "\" has no {} where the name of the class goes.");
        }
        set.templates.push_back(line);
    }
    if (set.templates.empty()) {
        throw Error(Code::BadFormat, name + " has no templates; write one a line, such as \"a photo of a {}\".");
    }
    return set;
}

std::string promptOf(const std::string& pattern, const std::string& className)
{
    std::string prompt;
    std::size_t begin = 0;
    for (std::size_t at = pattern.find("{}"); at != std::string::npos; at = pattern.find("{}", begin)) {
        prompt.append(pattern, begin, at - begin).append(className);
        begin = at + 2;
    }
    return prompt.append(pattern, begin);
}

std::vector<std::string> classesFromText(const std::string& text)
{
    return linesOf(text);
}

std::vector<std::string> classesOf(const Attribute& attribute)
{
    constexpr std::size_t kMost = 1000;
    const std::vector<std::string> names = attribute.numeric() ? wholeNumbersOf(attribute) : labelsThatOccur(attribute);
    if (names.size() > kMost) {
        throw Error(Code::Mismatch, "The attribute " + attribute.name + " has " + std::to_string(names.size()) +
                                        " different values; that are no classes (at most 1,000).");
    }
    return names;
}

} // namespace semascope::core
