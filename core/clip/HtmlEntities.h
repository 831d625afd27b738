#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace semascope::core {

/// The table behind htmlEntity: see HtmlEntityTable.cpp for its form.
extern const char* const kHtmlEntityTable;

/// The characters of a named reference. `name` comes without "&"; with its ";" any of the 2,231 names of HTML 5 will
/// do, without it only the 106 old ones.
std::optional<std::u32string> htmlEntity(std::u32string_view name);

/// Replaces character references as a browser does: longest old prefix for names without semicolon, Windows-1252 for
/// numbers 128 to 159, U+FFFD for impossible numbers, nothing for noncharacters and controls.
std::u32string htmlUnescape(std::u32string_view text);

/// Replaces only whole references that end in a semicolon; also names in capitals ("&NTILDE;") when the small name
/// exists.
std::u32string htmlUnescapeStrict(std::u32string_view text);

} // namespace semascope::core
