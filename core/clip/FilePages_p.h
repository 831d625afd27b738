#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace semascope::core::clip {

/// The read-only mappings of files that this process has. Their pages can be given back at any time: what is touched
/// again is read again. (The same request on ordinary memory would wipe it, hence the look at the memory map first.)
class FilePages
{
public:
    FilePages();
    /// Whole pages that hold bytes of [data, data + bytes); nothing happens where no file is mapped.
    void drop(const void* data, std::size_t bytes) const noexcept;

private:
    struct Range
    {
        std::uintptr_t begin, end;
    };
    std::vector<Range> m_ranges;
};

} // namespace semascope::core::clip
