#include "core/data/Csv.h"

#include <charconv>
#include <cmath>

namespace semascope::core {

std::string quotedCsvField(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    return out + "\"";
}

std::string csvField(const std::string& text)
{
    return text.find_first_of(",\"\r\n") == std::string::npos ? text : quotedCsvField(text);
}

std::string csvNumber(double value)
{
    if (!std::isfinite(value)) {
        return {};
    }
    char text[32]; // to_chars knows no locale
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6);
    return {text, end.ptr};
}

} // namespace semascope::core
