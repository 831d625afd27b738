#include "core/clip/FilePages_p.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace semascope::core::clip {

FilePages::FilePages()
{
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream in(line);
        std::uintptr_t begin = 0, end = 0;
        char dash = 0;
        std::string access, offset, device;
        std::uint64_t inode = 0;
        in >> std::hex >> begin >> dash >> end >> access >> offset >> device >> std::dec >> inode;
        if (in && inode != 0 && access.size() == 4 && access[1] == '-') {
            m_ranges.push_back({begin, end});
        }
    }
}

void FilePages::drop(const void* data, std::size_t bytes) const noexcept
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(data);
    const std::uintptr_t begin = first / page * page, end = (first + bytes + page - 1) / page * page;
    for (const Range& range : m_ranges) {
        if (begin >= range.begin && begin < range.end && bytes > 0) {
            ::madvise(reinterpret_cast<void*>(begin), std::min(end, range.end) - begin, MADV_DONTNEED);
        }
    }
}

} // namespace semascope::core::clip
