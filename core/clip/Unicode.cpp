#include "core/clip/Unicode.h"

#include "core/job/Error.h"

#include <algorithm>
#include <array>
#include <limits>

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace semascope::core {

namespace {

constexpr std::size_t kLongestText = std::size_t(1) << 28; // ICU counts in 32 bits

bool isAscii(std::u32string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x80; });
}

icu::UnicodeString toIcu(std::u32string_view text)
{
    static_assert(sizeof(UChar32) == sizeof(char32_t));
    if (text.size() > kLongestText) {
        throw Error(Code::BadFormat, "A text of more than 268 million characters cannot be read; split it.");
    }
    return icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                         static_cast<std::int32_t>(text.size()));
}

std::u32string fromIcu(const icu::UnicodeString& text)
{
    std::u32string out;
    out.reserve(static_cast<std::size_t>(text.length()));
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        out.push_back(static_cast<char32_t>(text.char32At(i)));
    }
    return out;
}

std::u32string normalized(std::u32string_view text, const icu::Normalizer2* (*form)(UErrorCode&))
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* normalizer = form(status);
    if (U_FAILURE(status)) {
        throw Error(Code::Io, "ICU's normalisation data cannot be loaded; install the libicu data.");
    }
    const icu::UnicodeString result = normalizer->normalize(toIcu(text), status);
    if (U_FAILURE(status)) {
        throw Error(Code::BadFormat, "A text could not be normalised; shorten it.");
    }
    return fromIcu(result);
}

bool inCategories(char32_t c, std::uint32_t mask) noexcept
{
    return c <= 0x10FFFF && (U_MASK(u_charType(static_cast<UChar32>(c))) & mask) != 0;
}

} // namespace

std::u32string fromUtf8(std::string_view bytes)
{
    std::u32string out;
    out.reserve(bytes.size());
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (std::size_t i = 0; i < bytes.size();) {
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(data, i, bytes.size(), c);
        out.push_back(static_cast<char32_t>(c));
    }
    return out;
}

void appendUtf8(std::string& out, char32_t c)
{
    const char32_t valid = c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) ? U'\uFFFD' : c;
    std::array<char, U8_MAX_LENGTH> buffer{};
    std::size_t length = 0;
    U8_APPEND_UNSAFE(buffer.data(), length, static_cast<UChar32>(valid));
    out.append(buffer.data(), length);
}

std::string toUtf8(std::u32string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char32_t c : text) {
        appendUtf8(out, c);
    }
    return out;
}

std::u32string composed(std::u32string_view text)
{
    return isAscii(text) ? std::u32string(text) : normalized(text, &icu::Normalizer2::getNFCInstance);
}

std::u32string compatible(char32_t c)
{
    return normalized(std::u32string_view(&c, 1), &icu::Normalizer2::getNFKCInstance);
}

std::u32string lowerCase(std::u32string_view text)
{
    if (!isAscii(text)) {
        return fromIcu(toIcu(text).toLower(icu::Locale::getRoot()));
    }
    std::u32string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char32_t c) { return c >= U'A' && c <= U'Z' ? c + 32 : c; });
    return out;
}

std::u32string upperCase(std::u32string_view text)
{
    return fromIcu(toIcu(text).toUpper(icu::Locale::getRoot()));
}

bool isLetter(char32_t c) noexcept
{
    return inCategories(c, U_GC_L_MASK);
}

bool isNumber(char32_t c) noexcept
{
    return inCategories(c, U_GC_N_MASK);
}

bool isDecimalDigit(char32_t c) noexcept
{
    return inCategories(c, U_GC_ND_MASK);
}

bool isBlank(char32_t c) noexcept
{
    return c <= 0x10FFFF && u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

char32_t windows1252(char32_t byte) noexcept
{
    constexpr std::array<char32_t, 32> kTable{0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                              0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
    return byte >= 0x80 && byte <= 0x9F ? kTable[byte - 0x80] : byte;
}

} // namespace semascope::core
