#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace semascope::core {

std::string lowerAscii(std::string_view text);
/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

/// Length of the valid UTF-8 character at `at`, 0 when there is none (overlong forms and surrogates are none).
std::size_t utf8Length(std::string_view text, std::size_t at);
bool validUtf8(std::string_view text);
/// `text` when it is UTF-8, else its bytes read as Latin-1; `changed` is set in that case.
std::string asUtf8(std::string_view text, bool& changed);

/// A finite number with '.' as decimal sign and nothing beside it.
std::optional<double> parseNumber(std::string_view text);
std::optional<long long> parseInteger(std::string_view text);

/// "1 row", "12 rows".
std::string counted(std::size_t n, std::string_view one, std::string_view many);

} // namespace semascope::core
