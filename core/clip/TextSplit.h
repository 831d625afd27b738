#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace semascope::core {

enum class Special { None, Start, End };

/// A part of a cleaned text that is encoded on its own.
struct TextPiece
{
    std::u32string_view text;
    Special special = Special::None;
};

/// The words that stand for the start and end tokens within a text, in lower case.
struct SpecialWords
{
    std::u32string start, end;
};

/// CLIP's pattern: special words, English endings ('s 't 're 've 'm 'll 'd), letters, one number, others.
/// With `ignoreCase` as Python's regex matches it under IGNORECASE: U+017F is an s, U+0345 is in no alternative.
/// Special words are looked for only when `specials` is not null. The pieces point into `text`.
std::vector<TextPiece> splitText(std::u32string_view text, const SpecialWords* specials, bool ignoreCase);

/// Cuts out exact special words, before anything else is done to a text.
std::vector<TextPiece> splitAtSpecials(std::u32string_view text, const SpecialWords& specials);

} // namespace semascope::core
