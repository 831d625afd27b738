#include "core/clip/HtmlEntities.h"

#include "core/clip/Unicode.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <unordered_map>

namespace semascope::core {

namespace {

constexpr std::size_t kLongestLooseName = 32;
constexpr std::size_t kLongestStrictName = 24;
constexpr char32_t kBeyondUnicode = 0x110000;

struct Entity
{
    std::u32string characters;
    bool old = false; ///< understood without semicolon
};
using EntityMap = std::unordered_map<std::string_view, Entity>;

Entity parseEntity(std::string_view codes, bool old)
{
    Entity entity{{}, old};
    while (!codes.empty()) {
        std::uint32_t code = 0;
        const char* end = std::from_chars(codes.data(), codes.data() + codes.size(), code, 16).ptr;
        entity.characters.push_back(code);
        codes.remove_prefix(std::min<std::size_t>(codes.size(), static_cast<std::size_t>(end - codes.data()) + 1));
    }
    return entity;
}

EntityMap buildEntities()
{
    EntityMap map;
    std::string_view rest(kHtmlEntityTable);
    map.reserve(2200);
    while (!rest.empty()) {
        const std::size_t mark = rest.find_first_of(":=");
        const std::size_t end = rest.find(' ', mark);
        map.emplace(rest.substr(0, mark), parseEntity(rest.substr(mark + 1, end - mark - 1), rest[mark] == '='));
        rest.remove_prefix(end + 1);
    }
    return map;
}

const EntityMap& entities()
{
    static const EntityMap map = buildEntities();
    return map;
}

bool isDigit(char32_t c) noexcept
{
    return c >= U'0' && c <= U'9';
}

bool isAsciiLetter(char32_t c) noexcept
{
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

/// The value of a hexadecimal digit, or -1.
int hexValue(char32_t c) noexcept
{
    if (isDigit(c)) {
        return static_cast<int>(c - U'0');
    }
    const char32_t low = c | 0x20;
    return low >= U'a' && low <= U'f' ? static_cast<int>(low - U'a') + 10 : -1;
}

bool isNoncharacterOrControl(char32_t c) noexcept
{
    const bool control = (c >= 0x1 && c <= 0x8) || c == 0xB || (c >= 0xE && c <= 0x1F) || (c >= 0x7F && c <= 0x9F);
    return control || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

void appendNumbered(std::u32string& out, char32_t number)
{
    if (number >= 0x80 && number <= 0x9F) {
        out.push_back(windows1252(number));
    } else if (number == 0 || (number >= 0xD800 && number <= 0xDFFF) || number >= kBeyondUnicode) {
        out.push_back(U'\uFFFD');
    } else if (!isNoncharacterOrControl(number)) {
        out.push_back(number);
    }
}

/// Reads "#123;" or "#x1F;" at the start of `text`; 0 when there is no number, else the length that was used up.
std::size_t readNumber(std::u32string_view text, char32_t& number)
{
    const bool hex = text.size() > 1 && (text[1] | 0x20) == U'x';
    const std::size_t first = hex ? 2 : 1;
    std::size_t i = first;
    number = 0;
    for (; i < text.size(); ++i) {
        const int digit = hex ? hexValue(text[i]) : (isDigit(text[i]) ? static_cast<int>(text[i] - U'0') : -1);
        if (digit < 0) {
            break;
        }
        number = std::min<char32_t>(number * (hex ? 16 : 10) + static_cast<char32_t>(digit), kBeyondUnicode);
    }
    if (i == first) {
        return 0;
    }
    return i < text.size() && text[i] == U';' ? i + 1 : i;
}

bool endsLooseName(char32_t c) noexcept
{
    return c == U'\t' || c == U'\n' || c == U'\f' || c == U' ' || c == U'<' || c == U'&' || c == U'#' || c == U';';
}

/// Reads a name at the start of `text` (which follows an ampersand) and appends what it stands for.
std::size_t unescapeName(std::u32string_view text, std::u32string& out)
{
    std::size_t length = 0;
    while (length < text.size() && length < kLongestLooseName && !endsLooseName(text[length])) {
        ++length;
    }
    const bool semicolon = length > 0 && length < text.size() && text[length] == U';';
    const std::size_t used = length + (semicolon ? 1 : 0);
    if (const auto whole = htmlEntity(text.substr(0, used))) {
        out += *whole;
        return used;
    }
    for (std::size_t cut = used; cut-- > 2;) {
        if (const auto prefix = htmlEntity(text.substr(0, cut))) {
            out += *prefix;
            return cut;
        }
    }
    out.push_back(U'&');
    out += text.substr(0, used);
    return used;
}

/// One reference after an ampersand; returns how much of `text` it used up.
std::size_t unescapeOne(std::u32string_view text, std::u32string& out)
{
    if (!text.empty() && text[0] == U'#') {
        char32_t number = 0;
        const std::size_t used = readNumber(text, number);
        if (used == 0) {
            out.push_back(U'&');
        } else {
            appendNumbered(out, number);
        }
        return used;
    }
    return unescapeName(text, out);
}

/// The length of "#?[0-9A-Za-z]{1,24};" at the start of `text`, or 0.
std::size_t strictLength(std::u32string_view text)
{
    const std::size_t first = !text.empty() && text[0] == U'#' ? 1 : 0;
    std::size_t i = first;
    while (i < text.size() && i - first < kLongestStrictName && (isDigit(text[i]) || isAsciiLetter(text[i]))) {
        ++i;
    }
    return i > first && i < text.size() && text[i] == U';' ? i + 1 : 0;
}

/// A name in capitals whose small form is known, where a browser sees nothing in the capitals.
std::optional<std::u32string> capitalEntity(std::u32string_view name)
{
    const bool hasSmall = std::any_of(name.begin(), name.end(), [](char32_t c) { return c >= U'a' && c <= U'z'; });
    const std::u32string whole = U"&" + std::u32string(name);
    if (hasSmall || htmlUnescape(whole) != whole) {
        return std::nullopt;
    }
    std::u32string small(name);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](char32_t c) { return isAsciiLetter(c) ? c | 0x20 : c; });
    const auto characters = htmlEntity(small);
    return characters ? std::optional(upperCase(*characters)) : std::nullopt;
}

/// What a reference ("name;" or "#12;") stands for under the strict rule; nothing when it stays as it is.
std::optional<std::u32string> strictReference(std::u32string_view reference)
{
    if (reference[0] != U'#') {
        const auto named = htmlEntity(reference);
        return named ? named : capitalEntity(reference);
    }
    std::u32string out;
    const std::size_t used = unescapeOne(reference, out);
    const bool wholly = used == reference.size() && out.find(U';') == std::u32string::npos;
    return wholly ? std::optional(out) : std::nullopt;
}

} // namespace

std::optional<std::u32string> htmlEntity(std::u32string_view name)
{
    if (name.empty() || name.size() > kLongestLooseName + 1) {
        return std::nullopt;
    }
    const bool semicolon = name.back() == U';';
    std::string key;
    for (char32_t c : semicolon ? name.substr(0, name.size() - 1) : name) {
        if (!isDigit(c) && !isAsciiLetter(c)) {
            return std::nullopt;
        }
        key.push_back(static_cast<char>(c));
    }
    const auto found = entities().find(key);
    if (found == entities().end() || (!semicolon && !found->second.old)) {
        return std::nullopt;
    }
    return found->second.characters;
}

std::u32string htmlUnescape(std::u32string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != U'&') {
            out.push_back(text[i++]);
        } else {
            i += 1 + unescapeOne(text.substr(i + 1), out);
        }
    }
    return out;
}

std::u32string htmlUnescapeStrict(std::u32string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = text[i] == U'&' ? strictLength(text.substr(i + 1)) : 0;
        const auto characters = length > 0 ? strictReference(text.substr(i + 1, length)) : std::nullopt;
        if (characters) {
            out += *characters;
            i += 1 + length;
        } else {
            out.push_back(text[i++]);
        }
    }
    return out;
}

} // namespace semascope::core
