#pragma once
#include "core/job/Error.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

/// What libFuzzer calls; each target defines it. Anything but core::Error that leaves a reader is a defect.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace semascope::fuzz {

/// The input as a file that lives in memory, under a path that readers can open.
class InputFile
{
public:
    InputFile(const std::uint8_t* data, std::size_t size) : m_fd(memfd_create("input", 0))
    {
        if (m_fd < 0 || write(m_fd, data, size) != static_cast<ssize_t>(size)) {
            std::abort();
        }
    }
    ~InputFile() { close(m_fd); }
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;
    std::string path() const { return "/proc/self/fd/" + std::to_string(m_fd); }

private:
    int m_fd;
};

template<class Read> int expectOnlyErrors(Read read)
{
    try {
        read();
    } catch (const core::Error& e) {
        if (std::string(e.what()).empty()) {
            std::abort(); // a refusal without a sentence
        }
    }
    return 0;
}

} // namespace semascope::fuzz
