#include "core/data/Arrays_p.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <zlib.h>

namespace semascope::core {

namespace {

constexpr std::uint64_t kMaxDirectory = 64 << 20;
constexpr std::uint64_t kInflateBudget = std::uint64_t{4} << 30;
constexpr std::uint64_t kMaxExpansion = 1100; // deflate's own limit is about 1032
constexpr std::size_t kLocalHeader = 30;

std::uint64_t le(const std::vector<std::uint8_t>& bytes, std::size_t at, int count)
{
    if (at + static_cast<std::size_t>(count) > bytes.size()) {
        throw Error(Code::BadFormat, "ends inside its directory");
    }
    std::uint64_t value = 0;
    for (int i = count - 1; i >= 0; --i) {
        value = (value << 8) | bytes[at + static_cast<std::size_t>(i)];
    }
    return value;
}

std::vector<std::uint8_t> part(const OpenedFile& file, std::uint64_t at, std::uint64_t count)
{
    if (at > file.facts.size || count > file.facts.size - at) {
        throw Error(Code::BadFormat, "is shorter than it says");
    }
    std::vector<std::uint8_t> bytes(count);
    if (readAt(file.handle, at, bytes.data(), bytes.size()) != bytes.size()) {
        throw Error(Code::BadFormat, "has become shorter while it was read");
    }
    return bytes;
}

struct DirectoryPlace
{
    std::uint64_t offset = 0, size = 0, entries = 0;
};

/// The 64-bit record, which the locator right before the end record points to.
void readPlace64(const OpenedFile& file, std::uint64_t endRecord, DirectoryPlace& place)
{
    if (endRecord < 20) {
        throw Error(Code::BadFormat, "has a damaged directory");
    }
    const auto locator = part(file, endRecord - 20, 20);
    if (le(locator, 0, 4) != 0x07064b50) {
        throw Error(Code::BadFormat, "has a damaged directory");
    }
    const auto record = part(file, le(locator, 8, 8), 56);
    if (le(record, 0, 4) != 0x06064b50) {
        throw Error(Code::BadFormat, "has a damaged directory");
    }
    place = {le(record, 48, 8), le(record, 40, 8), le(record, 32, 8)};
}

DirectoryPlace findDirectory(const OpenedFile& file)
{
    const std::uint64_t tailSize = std::min<std::uint64_t>(file.facts.size, 65535 + 22);
    const std::uint64_t tailStart = file.facts.size - tailSize;
    const auto tail = part(file, tailStart, tailSize);
    for (std::size_t at = tail.size(); at-- > 0;) {
        if (at + 22 > tail.size() || le(tail, at, 4) != 0x06054b50) {
            continue;
        }
        DirectoryPlace place{le(tail, at + 16, 4), le(tail, at + 12, 4), le(tail, at + 10, 2)};
        if (place.offset == 0xffffffff || place.size == 0xffffffff || place.entries == 0xffff) {
            readPlace64(file, tailStart + at, place);
        }
        if (place.size > kMaxDirectory || place.entries > place.size / 46 + 1) {
            throw Error(Code::BadFormat, "has a damaged directory");
        }
        return place;
    }
    throw Error(Code::BadFormat, "is not a complete ZIP archive: its directory is missing");
}

/// Replaces sizes of 0xffffffff by those of the 64-bit extra field.
void readExtra64(const std::vector<std::uint8_t>& bytes, std::size_t at, std::size_t length, ZipEntry& entry)
{
    const std::size_t end = at + length;
    while (at + 4 <= end) {
        const std::size_t size = le(bytes, at + 2, 2);
        if (le(bytes, at, 2) == 1) {
            std::size_t value = at + 4;
            for (std::uint64_t* field : {&entry.size, &entry.packed, &entry.localHeader}) {
                if (*field == 0xffffffff && value + 8 <= at + 4 + size) {
                    *field = le(bytes, value, 8);
                    value += 8;
                }
            }
        }
        at += 4 + size;
    }
}

ZipEntry readEntry(const std::vector<std::uint8_t>& bytes, std::size_t& at)
{
    if (le(bytes, at, 4) != 0x02014b50) {
        throw Error(Code::BadFormat, "has a damaged directory");
    }
    ZipEntry entry;
    entry.flags = static_cast<int>(le(bytes, at + 8, 2));
    entry.method = static_cast<int>(le(bytes, at + 10, 2));
    entry.crc = static_cast<std::uint32_t>(le(bytes, at + 16, 4));
    entry.packed = le(bytes, at + 20, 4);
    entry.size = le(bytes, at + 24, 4);
    entry.localHeader = le(bytes, at + 42, 4);
    const std::size_t nameLength = le(bytes, at + 28, 2);
    const std::size_t extraLength = le(bytes, at + 30, 2);
    const std::size_t commentLength = le(bytes, at + 32, 2);
    if (at + 46 + nameLength + extraLength + commentLength > bytes.size()) {
        throw Error(Code::BadFormat, "ends inside its directory");
    }
    entry.name.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at + 46),
                      bytes.begin() + static_cast<std::ptrdiff_t>(at + 46 + nameLength));
    readExtra64(bytes, at + 46 + nameLength, extraLength, entry);
    at += 46 + nameLength + extraLength + commentLength;
    return entry;
}

void checkEntry(const ZipEntry& entry)
{
    const std::string name = quoted(entry.name);
    if ((entry.flags & 1) != 0) {
        throw Error(Code::Unsupported, "holds the encrypted entry " + name);
    }
    if (entry.name.empty() || entry.name[0] == '/' || entry.name.find("..") != std::string::npos ||
        entry.name.find('\0') != std::string::npos || entry.name.find('\\') != std::string::npos) {
        throw Error(Code::BadFormat, "holds the entry " + name + ", whose name leads out of the archive");
    }
    if (entry.method != 0 && entry.method != 8) {
        throw Error(Code::Unsupported, "packs " + name + " with an unknown method");
    }
    if (entry.method == 0 && entry.packed != entry.size) {
        throw Error(Code::BadFormat, "gives two sizes for " + name);
    }
    if (entry.method == 8 && (entry.size / kMaxExpansion > entry.packed || entry.size > kInflateBudget)) {
        throw Error(Code::BadFormat, "claims that " + name + " unpacks to " + std::to_string(entry.size >> 20) +
                                         " MB, which is refused; save it uncompressed");
    }
}

void checkDirectory(const std::vector<ZipEntry>& entries, std::uint64_t directoryStart)
{
    std::set<std::string> names;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> spans;
    for (const ZipEntry& entry : entries) {
        checkEntry(entry);
        if (!names.insert(entry.name).second) {
            throw Error(Code::BadFormat, "holds two entries called " + quoted(entry.name));
        }
        if (entry.localHeader > directoryStart || entry.packed > directoryStart - entry.localHeader) {
            throw Error(Code::BadFormat, "is shorter than it says");
        }
        spans.emplace_back(entry.localHeader, entry.localHeader + kLocalHeader + entry.name.size() + entry.packed);
    }
    std::sort(spans.begin(), spans.end());
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const std::uint64_t next = i + 1 < spans.size() ? spans[i + 1].first : directoryStart;
        if (spans[i].second > next) {
            throw Error(Code::BadFormat, "holds entries that overlap");
        }
    }
}

} // namespace

std::vector<ZipEntry> readZipDirectory(const OpenedFile& file, const std::string& name)
{
    try {
        const DirectoryPlace place = findDirectory(file);
        const std::vector<std::uint8_t> bytes = part(file, place.offset, place.size);
        std::vector<ZipEntry> entries;
        for (std::size_t at = 0; entries.size() < place.entries;) {
            entries.push_back(readEntry(bytes, at));
        }
        checkDirectory(entries, place.offset);
        return entries;
    } catch (const Error& e) {
        throw Error(e.code(), name + " " + e.what() + ".");
    }
}

ByteSource openZipEntry(const std::shared_ptr<const OpenedFile>& file, const ZipEntry& entry, const std::string& name)
{
    ByteSource source;
    source.name = name + " (" + shownPath(entry.name) + ")";
    source.size = entry.size;
    try {
        const auto local = part(*file, entry.localHeader, kLocalHeader);
        if (le(local, 0, 4) != 0x04034b50 || le(local, 26, 2) != entry.name.size()) {
            throw Error(Code::BadFormat, "has a damaged entry");
        }
        const std::uint64_t start = entry.localHeader + kLocalHeader + entry.name.size() + le(local, 28, 2);
        if (start > file->facts.size || entry.packed > file->facts.size - start) {
            throw Error(Code::BadFormat, "is shorter than it says");
        }
        if (entry.method == 0) {
            source.file = file;
            source.offset = start;
            return source;
        }
        const std::vector<std::uint8_t> packed = part(*file, start, entry.packed);
        auto bytes = inflated({packed.data(), packed.size(), false, false}, entry.size);
        if (crc32_z(0, bytes.data(), bytes.size()) != entry.crc) {
            throw Error(Code::BadFormat, "is damaged: its checksum is wrong");
        }
        source.buffer = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
        return source;
    } catch (const Error& e) {
        throw Error(e.code(), source.name + " " + e.what() + ".");
    }
}

} // namespace semascope::core
