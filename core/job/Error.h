#pragma once
#include <stdexcept>
#include <string>

namespace semascope::core {

/// What went wrong, for programs. People read what().
/// DeviceLost: a GPU that can do nothing more in this process.
enum class Code {
    Cancelled,
    NotFound,
    BadFormat,
    Mismatch,
    OutOfMemory,
    ModelFailed,
    Io,
    Unsupported,
    Misuse,
    DeviceLost
};

/// The only exception that core throws on purpose. what() is one English sentence that names the thing and the cure.
class Error : public std::runtime_error
{
public:
    Error(Code code, const std::string& message) : std::runtime_error(message), m_code(code) {}
    Code code() const noexcept { return m_code; }

private:
    Code m_code;
};

/// The word for `code` in JSON output, such as "bad_format".
const char* codeName(Code code) noexcept;

/// Turns whatever is being handled (call it inside a catch block) into an Error: bad_alloc, OpenCV's and torch's
/// exceptions lose their backtraces and keep their first line. `what` names the operation.
Error errorFromCurrentException(const std::string& what);

} // namespace semascope::core
