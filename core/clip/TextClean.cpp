#include "core/clip/TextClean.h"

#include "core/clip/HtmlEntities.h"
#include "core/clip/Unicode.h"

#include <algorithm>
#include <vector>

namespace semascope::core {

namespace {

constexpr std::size_t kLongestSegment = 1'000'000;
// Each round takes one level off nested references; a text of ten thousand levels is an attack, not a caption.
constexpr int kMostRounds = 100;
constexpr char32_t kFirstWide = 0xFF01;
constexpr char32_t kLastWide = 0xFFEF;

const std::vector<std::u32string>& standardWidths()
{
    static const std::vector<std::u32string> table = [] {
        std::vector<std::u32string> widths;
        for (char32_t c = kFirstWide; c <= kLastWide; ++c) {
            widths.push_back(compatible(c));
        }
        return widths;
    }();
    return table;
}

/// The letters of a Latin ligature or digraph, empty when `c` is none.
std::u32string_view ligatureLetters(char32_t c) noexcept
{
    struct Ligature
    {
        char32_t character;
        std::u32string_view letters;
    };
    constexpr Ligature kLigatures[] = {
        {0x0132, U"IJ"},      {0x0133, U"ij"}, {0x0149, U"\u02BCn"}, {0x01C4, U"D\u017D"}, {0x01C5, U"D\u017E"},
        {0x01C6, U"d\u017E"}, {0x01C7, U"LJ"}, {0x01C8, U"Lj"},      {0x01C9, U"lj"},      {0x01CA, U"NJ"},
        {0x01CB, U"Nj"},      {0x01CC, U"nj"}, {0x01F1, U"DZ"},      {0x01F2, U"Dz"},      {0x01F3, U"dz"},
        {0xFB00, U"ff"},      {0xFB01, U"fi"}, {0xFB02, U"fl"},      {0xFB03, U"ffi"},     {0xFB04, U"ffl"},
        {0xFB05, U"\u017Ft"}, {0xFB06, U"st"},
    };
    const auto found = std::find_if(std::begin(kLigatures), std::end(kLigatures),
                                    [c](const Ligature& ligature) { return ligature.character == c; });
    return found == std::end(kLigatures) ? std::u32string_view() : found->letters;
}

char32_t straightQuote(char32_t c) noexcept
{
    if (c == 0x02BC || (c >= 0x2018 && c <= 0x201B)) {
        return U'\'';
    }
    return c >= 0x201C && c <= 0x201F ? U'"' : c;
}

bool isUnwantedControl(char32_t c) noexcept
{
    const bool control = c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F;
    return control || (c >= 0x206A && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC);
}

/// C1 controls, ligatures, widths and quotes: everything that looks at one character only, in this order.
void appendStandard(std::u32string& out, char32_t original)
{
    const char32_t c = windows1252(original);
    const std::u32string_view ligature = ligatureLetters(c);
    if (!ligature.empty()) {
        std::transform(ligature.begin(), ligature.end(), std::back_inserter(out), straightQuote);
    } else if (c == 0x3000) {
        out.push_back(U' ');
    } else if (c >= kFirstWide && c <= kLastWide) {
        const std::u32string& standard = standardWidths()[c - kFirstWide];
        std::transform(standard.begin(), standard.end(), std::back_inserter(out), straightQuote);
    } else {
        out.push_back(straightQuote(c));
    }
}

std::u32string withPlainLineBreaks(std::u32string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t c = text[i];
        if (c == U'\r' && i + 1 < text.size() && text[i + 1] == U'\n') {
            continue;
        }
        out.push_back(c == U'\r' || c == 0x85 || c == 0x2028 || c == 0x2029 ? U'\n' : c);
    }
    return out;
}

/// The length of a terminal escape "ESC [ digits and semicolons letter" at `start`, or 0.
std::size_t escapeLength(std::u32string_view text, std::size_t start)
{
    if (text[start] != 0x1B || start + 1 >= text.size() || text[start + 1] != U'[') {
        return 0;
    }
    std::size_t i = start + 2;
    while (i < text.size() && (text[i] == U';' || isDecimalDigit(text[i]))) {
        ++i;
    }
    const char32_t last = i < text.size() ? text[i] | 0x20 : 0;
    return last >= U'a' && last <= U'z' ? i + 1 - start : 0;
}

std::u32string withoutControls(std::u32string_view text)
{
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t escape = escapeLength(text, i);
        if (escape == 0 && !isUnwantedControl(text[i])) {
            out.push_back(text[i]);
        }
        i += std::max<std::size_t>(escape, 1);
    }
    return out;
}

std::u32string fixOnce(std::u32string_view text, bool unescape)
{
    const std::u32string unescaped = unescape ? htmlUnescapeStrict(text) : std::u32string(text);
    std::u32string standard;
    standard.reserve(unescaped.size());
    for (char32_t c : unescaped) {
        appendStandard(standard, c);
    }
    return composed(withoutControls(withPlainLineBreaks(standard)));
}

std::u32string fixSegment(std::u32string_view segment, bool unescape)
{
    std::u32string text(segment);
    for (int round = 0; round < kMostRounds; ++round) {
        std::u32string fixed = fixOnce(text, unescape);
        if (fixed == text) {
            break;
        }
        text = std::move(fixed);
    }
    return text;
}

bool isPlain(std::u32string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char32_t c) { return c >= 0x20 && c < 0x7F && c != U'&'; });
}

/// Single spaces for runs of blanks; none at the ends when `strip`.
std::u32string withSingleBlanks(std::u32string_view text, bool strip)
{
    std::u32string out;
    out.reserve(text.size());
    for (char32_t c : text) {
        if (!isBlank(c)) {
            out.push_back(c);
        } else if (out.empty() ? !strip : out.back() != U' ') {
            out.push_back(U' ');
        }
    }
    if (strip && !out.empty() && out.back() == U' ') {
        out.pop_back();
    }
    return out;
}

} // namespace

std::u32string fixText(std::u32string_view text)
{
    if (isPlain(text)) {
        return std::u32string(text);
    }
    std::u32string out;
    bool unescape = true;
    while (!text.empty()) {
        const std::size_t lineBreak = text.find(U'\n');
        const std::size_t line = lineBreak == std::u32string_view::npos ? text.size() : lineBreak + 1;
        const std::u32string_view segment = text.substr(0, std::min(line, kLongestSegment));
        // Where there is markup, references belong to it: from there on they stay.
        unescape = unescape && segment.find(U'<') == std::u32string_view::npos;
        out += fixSegment(segment, unescape);
        text.remove_prefix(segment.size());
    }
    return out;
}

std::u32string cleanAsOpenAi(std::u32string_view text)
{
    return lowerCase(withSingleBlanks(htmlUnescape(htmlUnescape(fixText(text))), true));
}

std::u32string cleanAsHuggingFace(std::u32string_view text)
{
    return lowerCase(withSingleBlanks(composed(text), false));
}

} // namespace semascope::core
