#include "core/data/Attributes_p.h"

#include "core/data/Text_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace semascope::core {

namespace {

constexpr std::size_t kManyCategories = 1000;

bool allNumbers(const std::vector<std::string_view>& values, std::vector<double>& numbers)
{
    numbers.clear();
    for (const std::string_view value : values) {
        const std::string_view text = trimmed(value);
        const std::optional<double> number = parseNumber(text);
        if (!text.empty() && !number) {
            return false;
        }
        numbers.push_back(number ? *number : std::numeric_limits<double>::quiet_NaN());
    }
    return true;
}

/// A second column of the same name gets a number, so that names stay keys.
std::string freeName(const std::string& name, const Dataset& data)
{
    const auto taken = [&](const std::string& candidate) {
        return std::any_of(data.attributes.begin(), data.attributes.end(),
                           [&](const Attribute& a) { return a.name == candidate; });
    };
    std::string candidate = name;
    for (int i = 2; taken(candidate); ++i) {
        candidate = name + " (" + std::to_string(i) + ")";
    }
    return candidate;
}

} // namespace

bool addAttribute(const std::string& name, const std::vector<std::string_view>& values, Dataset& data)
{
    if (std::all_of(values.begin(), values.end(), [](std::string_view v) { return trimmed(v).empty(); })) {
        return false;
    }
    Attribute attribute;
    attribute.name = freeName(name, data);
    if (allNumbers(values, attribute.numbers)) {
        data.attributes.push_back(std::move(attribute));
        return true;
    }
    attribute.numbers.clear();
    std::map<std::string_view, std::int32_t> known; // sorted by bytes: the order does not depend on the rows
    for (const std::string_view value : values) {
        if (!trimmed(value).empty()) {
            known.emplace(trimmed(value), 0);
        }
    }
    if (known.size() > std::max(kManyCategories, values.size() / 2) && lowerAscii(name) != "id") {
        data.notes.push_back("Column “" + name + "” is no attribute: it has " + std::to_string(known.size()) +
                             " different values.");
        return false;
    }
    for (auto& [label, index] : known) {
        bool recoded = false;
        index = static_cast<std::int32_t>(attribute.labels.size());
        attribute.labels.push_back(asUtf8(label, recoded));
    }
    for (const std::string_view value : values) {
        const auto found = known.find(trimmed(value));
        attribute.categories.push_back(found == known.end() ? -1 : found->second);
    }
    data.attributes.push_back(std::move(attribute));
    return true;
}

void addCategories(const std::string& name, std::vector<std::int32_t> indices, std::vector<std::string> labels,
                   Dataset& data)
{
    Attribute attribute;
    attribute.name = freeName(name, data);
    attribute.categories = std::move(indices);
    attribute.labels = std::move(labels);
    data.attributes.push_back(std::move(attribute));
}

} // namespace semascope::core
