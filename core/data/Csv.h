#pragma once
#include <string>

namespace semascope::core {

/// A field of a CSV file in quotes, quotes within doubled (RFC 4180).
std::string quotedCsvField(const std::string& text);

} // namespace semascope::core
