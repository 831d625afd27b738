#pragma once
#include <string>

namespace semascope::core {

/// A field of a CSV file in quotes, quotes within doubled (RFC 4180).
std::string quotedCsvField(const std::string& text);
/// The same, quoted only where it has to be.
std::string csvField(const std::string& text);
/// Six digits with a point whatever the locale; empty for what is not finite.
std::string csvNumber(double value);

} // namespace semascope::core
