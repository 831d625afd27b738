#include "core/job/Error.h"

#include <opencv2/core.hpp>

#include <new>

namespace semascope::core {

const char* codeName(Code code) noexcept
{
    switch (code) {
    case Code::Cancelled:
        return "cancelled";
    case Code::NotFound:
        return "not_found";
    case Code::BadFormat:
        return "bad_format";
    case Code::Mismatch:
        return "mismatch";
    case Code::OutOfMemory:
        return "out_of_memory";
    case Code::ModelFailed:
        return "model_failed";
    case Code::Io:
        return "io";
    case Code::Unsupported:
        return "unsupported";
    case Code::Misuse:
        return "misuse";
    case Code::DeviceLost:
        return "device_lost";
    }
    return "unknown";
}

namespace {

std::string firstLine(const char* text)
{
    const std::string all(text);
    return all.substr(0, all.find('\n'));
}

} // namespace

Error errorFromCurrentException(const std::string& what)
{
    try {
        throw;
    } catch (const Error& e) {
        return e;
    } catch (const std::bad_alloc&) {
        return Error(Code::OutOfMemory, what + ": there is not enough memory; close other programs or use fewer rows.");
    } catch (const cv::Exception& e) {
        return Error(Code::BadFormat, what + ": " + firstLine(e.err.c_str()));
    } catch (const std::exception& e) {
        return Error(Code::ModelFailed, what + ": " + firstLine(e.what()));
    } catch (...) {
        return Error(Code::ModelFailed, what + ": unknown failure.");
    }
}

} // namespace semascope::core
