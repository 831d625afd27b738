#pragma once
#include "core/checkpoint/MappedFile_p.h"

#include <unordered_map>
#include <vector>

namespace semascope::core {

/// Bytes that stay where they are as long as `owner` lives.
struct Bytes
{
    const std::uint8_t* data = nullptr;
    std::uint64_t size = 0;
    std::shared_ptr<const void> owner;
};

/// The directory of a zip archive (zip64 too). Stored entries are used in place, deflated ones inflated within a
/// budget. Encrypted, spanned, overlapping and twice-named entries are refused.
class ZipArchive
{
public:
    /// Throws Error(BadFormat | Unsupported).
    explicit ZipArchive(std::shared_ptr<const MappedFile> file);

    struct Entry
    {
        std::string_view name;
        std::uint64_t offset = 0; ///< of the data
        std::uint64_t packed = 0, size = 0;
        std::uint32_t crc = 0;
        bool deflated = false;
    };
    const std::vector<Entry>& entries() const noexcept { return m_entries; }
    const Entry* find(std::string_view name) const;
    /// Throws Error(BadFormat) when the entry does not inflate to exactly what it declares.
    Bytes read(const Entry& entry, MemoryBudget& budget) const;

private:
    struct Directory
    {
        std::uint64_t offset = 0, size = 0, count = 0;
    };
    Directory findDirectory() const;
    void readZip64(std::uint64_t locator, Directory& directory) const;
    std::uint64_t readEntry(std::uint64_t at, const Directory& directory);
    void readZip64Extra(std::uint64_t at, std::uint64_t length, Entry& entry, std::uint64_t& localOffset) const;
    void locate(Entry& entry, std::uint64_t local, const Directory& directory) const;
    void checkOverlap(const Directory& directory) const;
    [[noreturn]] void fail(const std::string& sentence) const;

    std::shared_ptr<const MappedFile> m_file;
    std::vector<Entry> m_entries;
    std::vector<std::uint64_t> m_starts; ///< of the local headers
    std::unordered_map<std::string_view, std::size_t> m_byName;
};

} // namespace semascope::core
