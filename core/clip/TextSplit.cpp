#include "core/clip/TextSplit.h"

#include "core/clip/Unicode.h"

#include <algorithm>
#include <array>

namespace semascope::core {

namespace {

constexpr char32_t kLongS = 0x017F;
constexpr char32_t kIotaSubscript = 0x0345;
constexpr std::array<std::u32string_view, 7> kEndings{U"'s", U"'t", U"'re", U"'ve", U"'m", U"'ll", U"'d"};

class Splitter
{
public:
    Splitter(const SpecialWords* specials, bool ignoreCase) : m_specials(specials), m_ignoreCase(ignoreCase) {}

    /// The piece at the start of `rest`; empty when no alternative matches there.
    TextPiece first(std::u32string_view rest) const
    {
        for (Special kind : {Special::Start, Special::End}) {
            const std::u32string_view word = wordOf(kind);
            if (!word.empty() && startsWith(rest, word)) {
                const bool exact = rest.substr(0, word.size()) == word;
                return {rest.substr(0, word.size()), exact ? kind : Special::None};
            }
        }
        for (std::u32string_view ending : kEndings) {
            if (startsWith(rest, ending)) {
                return {rest.substr(0, ending.size()), Special::None};
            }
        }
        if (isNumber(rest[0])) {
            return {rest.substr(0, 1), Special::None};
        }
        return {isLetter(rest[0]) ? run(rest, isLetter) : run(rest, [this](char32_t c) { return isOther(c); }),
                Special::None};
    }

private:
    std::u32string_view wordOf(Special kind) const
    {
        if (m_specials == nullptr) {
            return {};
        }
        return kind == Special::Start ? m_specials->start : m_specials->end;
    }

    bool startsWith(std::u32string_view rest, std::u32string_view word) const
    {
        return rest.size() >= word.size() &&
               std::equal(word.begin(), word.end(), rest.begin(), [this](char32_t a, char32_t b) {
                   return a == b || (m_ignoreCase && a == U's' && b == kLongS);
               });
    }

    bool isOther(char32_t c) const noexcept
    {
        return !isBlank(c) && !isLetter(c) && !isNumber(c) && !(m_ignoreCase && c == kIotaSubscript);
    }

    template<typename Predicate> static std::u32string_view run(std::u32string_view rest, const Predicate& belongs)
    {
        const auto end = std::find_if_not(rest.begin(), rest.end(), belongs);
        return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    }

    const SpecialWords* m_specials;
    bool m_ignoreCase;
};

} // namespace

std::vector<TextPiece> splitText(std::u32string_view text, const SpecialWords* specials, bool ignoreCase)
{
    const Splitter splitter(specials, ignoreCase);
    std::vector<TextPiece> pieces;
    while (!text.empty()) {
        const TextPiece piece = splitter.first(text);
        if (!piece.text.empty()) {
            pieces.push_back(piece);
        }
        text.remove_prefix(std::max<std::size_t>(piece.text.size(), 1));
    }
    return pieces;
}

std::vector<TextPiece> splitAtSpecials(std::u32string_view text, const SpecialWords& specials)
{
    std::vector<TextPiece> pieces;
    while (!text.empty()) {
        const std::size_t start = text.find(specials.start);
        const std::size_t end = text.find(specials.end);
        const std::size_t cut = std::min({start, end, text.size()});
        if (cut > 0) {
            pieces.push_back({text.substr(0, cut), Special::None});
        }
        text.remove_prefix(cut);
        if (!text.empty()) {
            const bool isStart = start < end;
            const std::size_t length = isStart ? specials.start.size() : specials.end.size();
            pieces.push_back({text.substr(0, length), isStart ? Special::Start : Special::End});
            text.remove_prefix(length);
        }
    }
    return pieces;
}

} // namespace semascope::core
