#pragma once
#include <string>
#include <string_view>

namespace semascope::core {

/// UTF-8 to code points; what is not valid becomes U+FFFD, one for each maximal broken part.
std::u32string fromUtf8(std::string_view bytes);
/// Code points to UTF-8; surrogates and numbers beyond Unicode become U+FFFD.
std::string toUtf8(std::u32string_view text);
void appendUtf8(std::string& out, char32_t c);

/// Normalisation form C (ICU's Unicode version).
std::u32string composed(std::u32string_view text);
/// Compatibility composition (form KC) of one character.
std::u32string compatible(char32_t c);
/// Full case mappings without a language: U+0130 becomes two characters, a final sigma is seen.
std::u32string lowerCase(std::u32string_view text);
std::u32string upperCase(std::u32string_view text);

bool isLetter(char32_t c) noexcept;       ///< general category L*
bool isNumber(char32_t c) noexcept;       ///< general category N*
bool isDecimalDigit(char32_t c) noexcept; ///< general category Nd
bool isBlank(char32_t c) noexcept;        ///< property White_Space

/// The character that Windows-1252 has for a byte from 0x80 to 0x9F; the five unused bytes stay.
char32_t windows1252(char32_t byte) noexcept;

} // namespace semascope::core
