#include "core/checkpoint/ZipArchive_p.h"

#include "core/job/Error.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <zlib.h>

namespace semascope::core {
namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50, kEntrySignature = 0x02014b50, kLocalSignature = 0x04034b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50, kLocatorSignature = 0x07064b50;
constexpr std::uint64_t kEndSize = 22, kEntrySize = 46, kLocalSize = 30, kEnd64Size = 56, kLocatorSize = 20;
constexpr std::uint64_t kLargestRatio = 1100; // deflate itself ends near 1032
constexpr std::uint64_t kMostEntries = 100'000;

std::uint16_t load16(const std::uint8_t* p) noexcept
{
    return loadLittle<std::uint16_t>(p);
}
std::uint32_t load32(const std::uint8_t* p) noexcept
{
    return loadLittle<std::uint32_t>(p);
}
std::uint64_t load64(const std::uint8_t* p) noexcept
{
    return loadLittle<std::uint64_t>(p);
}

/// Whether [offset, offset + size) lies within `whole` bytes.
bool within(std::uint64_t offset, std::uint64_t size, std::uint64_t whole) noexcept
{
    return offset <= whole && size <= whole - offset;
}

struct Inflater
{
    z_stream stream = {};
    bool ready = false;
    Inflater() { ready = inflateInit2(&stream, -MAX_WBITS) == Z_OK; }
    ~Inflater()
    {
        if (ready) {
            inflateEnd(&stream);
        }
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

/// True when `in` inflates to exactly `size` bytes.
bool inflateAll(const std::uint8_t* in, std::uint64_t inSize, std::uint8_t* out, std::uint64_t size)
{
    Inflater inflater;
    if (!inflater.ready) {
        throw std::bad_alloc();
    }
    z_stream& z = inflater.stream;
    z.next_in = const_cast<Bytef*>(in); // zlib's old interface; it only reads
    z.next_out = out;
    std::uint64_t inLeft = inSize, outLeft = size;
    constexpr std::uint64_t kChunk = std::numeric_limits<uInt>::max();
    for (;;) {
        const auto inNow = static_cast<uInt>(std::min(inLeft, kChunk));
        const auto outNow = static_cast<uInt>(std::min(outLeft, kChunk));
        z.avail_in = inNow;
        z.avail_out = outNow;
        const int result = inflate(&z, Z_NO_FLUSH);
        inLeft -= inNow - z.avail_in;
        outLeft -= outNow - z.avail_out;
        if (result == Z_STREAM_END) {
            return outLeft == 0;
        }
        if (result != Z_OK || (inNow == z.avail_in && outNow == z.avail_out)) {
            return false;
        }
    }
}

} // namespace

void ZipArchive::fail(const std::string& sentence) const
{
    throw Error(Code::BadFormat, fileName(m_file->path()) + " " + sentence + (sentence.back() == '?' ? "" : "."));
}

ZipArchive::ZipArchive(std::shared_ptr<const MappedFile> file) : m_file(std::move(file))
{
    const Directory directory = findDirectory();
    if (!within(directory.offset, directory.size, m_file->size()) || directory.count > directory.size / kEntrySize) {
        fail("is a zip archive whose directory lies outside the file – incomplete download?");
    }
    if (directory.count > kMostEntries) {
        fail("is a zip archive of " + std::to_string(directory.count) + " entries, more than any checkpoint has");
    }
    m_entries.reserve(directory.count);
    m_starts.reserve(directory.count);
    std::uint64_t at = directory.offset;
    for (std::uint64_t i = 0; i < directory.count; ++i) {
        at = readEntry(at, directory);
    }
    checkOverlap(directory);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!m_byName.emplace(m_entries[i].name, i).second) {
            fail("is a zip archive that holds \"" + std::string(m_entries[i].name) + "\" twice");
        }
    }
}

ZipArchive::Directory ZipArchive::findDirectory() const
{
    const std::uint64_t size = m_file->size();
    const std::uint8_t* data = m_file->data();
    const std::uint64_t longestComment = 0xffff;
    for (std::uint64_t comment = 0; comment <= longestComment && comment + kEndSize <= size; ++comment) {
        const std::uint64_t at = size - kEndSize - comment;
        const std::uint8_t* p = data + at;
        if (load32(p) != kEndSignature || load16(p + 20) != comment) {
            continue;
        }
        if (load16(p + 4) != load16(p + 6) || (load16(p + 4) != 0 && load16(p + 4) != 0xffff)) {
            throw Error(Code::Unsupported,
                        fileName(m_file->path()) + " is one part of a zip archive in several files.");
        }
        Directory directory{load32(p + 16), load32(p + 12), load16(p + 10)};
        const bool large = directory.offset == 0xffffffff || directory.size == 0xffffffff || directory.count == 0xffff;
        if (large && at >= kLocatorSize && load32(p - kLocatorSize) == kLocatorSignature) {
            readZip64(at - kLocatorSize, directory);
        }
        if (!within(directory.offset, directory.size, at)) {
            fail("is a zip archive whose directory lies outside the file");
        }
        return directory;
    }
    fail("is a zip archive without its directory at the end – incomplete download?");
}

void ZipArchive::readZip64(std::uint64_t locator, Directory& directory) const
{
    const std::uint64_t at = load64(m_file->data() + locator + 8);
    if (!within(at, kEnd64Size, locator) || load32(m_file->data() + at) != kEnd64Signature) {
        fail("is a zip archive with a broken zip64 directory");
    }
    const std::uint8_t* p = m_file->data() + at;
    directory = {load64(p + 48), load64(p + 40), load64(p + 32)};
}

std::uint64_t ZipArchive::readEntry(std::uint64_t at, const Directory& directory)
{
    const std::uint64_t end = directory.offset + directory.size;
    const std::uint8_t* p = m_file->data() + at;
    if (!within(at, kEntrySize, end) || load32(p) != kEntrySignature) {
        fail("is a zip archive with a broken directory");
    }
    const std::uint64_t nameLength = load16(p + 28), extraLength = load16(p + 30), commentLength = load16(p + 32);
    if (!within(at + kEntrySize, nameLength + extraLength + commentLength, end)) {
        fail("is a zip archive with a broken directory");
    }
    Entry entry;
    entry.name = m_file->text(at + kEntrySize, nameLength);
    const std::string quoted = "\"" + std::string(entry.name) + "\"";
    const std::uint16_t flags = load16(p + 8), method = load16(p + 10);
    if ((flags & (1u | 1u << 6 | 1u << 13)) != 0) {
        throw Error(Code::Unsupported,
                    fileName(m_file->path()) + " is a zip archive whose entry " + quoted + " is encrypted.");
    }
    if (method != 0 && method != 8) {
        throw Error(Code::Unsupported, fileName(m_file->path()) + " is a zip archive whose entry " + quoted +
                                           " is packed by method " + std::to_string(method) +
                                           ", which is not supported.");
    }
    entry.deflated = method == 8;
    entry.crc = load32(p + 16);
    entry.packed = load32(p + 20);
    entry.size = load32(p + 24);
    std::uint64_t local = load32(p + 42);
    readZip64Extra(at + kEntrySize + nameLength, extraLength, entry, local);
    locate(entry, local, directory);
    m_entries.push_back(entry);
    m_starts.push_back(local);
    return at + kEntrySize + nameLength + extraLength + commentLength;
}

/// Where the data start is only known from the header before them, which must agree with the directory.
void ZipArchive::locate(Entry& entry, std::uint64_t local, const Directory& directory) const
{
    const std::string what = "is a zip archive whose entry \"" + std::string(entry.name) + "\" ";
    if (!within(local, kLocalSize, directory.offset) || load32(m_file->data() + local) != kLocalSignature) {
        fail(what + "is not where its directory says");
    }
    const std::uint8_t* p = m_file->data() + local;
    entry.offset = local + kLocalSize + load16(p + 26) + load16(p + 28);
    if (!within(entry.offset, entry.packed, directory.offset)) {
        fail(what + "reaches beyond the data");
    }
    if (load16(p + 26) != entry.name.size() || m_file->text(local + kLocalSize, entry.name.size()) != entry.name ||
        load16(p + 8) != (entry.deflated ? 8 : 0)) {
        fail(what + "contradicts its directory");
    }
    if (!entry.deflated && entry.packed != entry.size) {
        fail(what + "has two sizes");
    }
}

void ZipArchive::readZip64Extra(std::uint64_t at, std::uint64_t length, Entry& entry, std::uint64_t& localOffset) const
{
    const std::uint64_t end = at + length;
    while (end - at >= 4) {
        const std::uint8_t* p = m_file->data() + at;
        const std::uint64_t size = load16(p + 2);
        at += 4;
        if (size > end - at) {
            return; // padding that is no field
        }
        if (load16(p) == 1) {
            std::uint64_t used = 0;
            for (std::uint64_t* value : {&entry.size, &entry.packed, &localOffset}) {
                if (*value == 0xffffffff && used + 8 <= size) {
                    *value = load64(m_file->data() + at + used);
                    used += 8;
                }
            }
            return;
        }
        at += size;
    }
}

void ZipArchive::checkOverlap(const Directory& directory) const
{
    std::vector<std::size_t> order(m_entries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) { return m_starts[a] < m_starts[b]; });
    std::uint64_t end = 0;
    for (const std::size_t i : order) {
        if (m_starts[i] < end) {
            fail("is a zip archive whose entry \"" + std::string(m_entries[i].name) + "\" overlaps another one");
        }
        end = m_entries[i].offset + m_entries[i].packed;
    }
    if (end > directory.offset) {
        fail("is a zip archive whose entries overlap its directory");
    }
}

const ZipArchive::Entry* ZipArchive::find(std::string_view name) const
{
    const auto it = m_byName.find(name);
    return it == m_byName.end() ? nullptr : &m_entries[it->second];
}

Bytes ZipArchive::read(const Entry& entry, MemoryBudget& budget) const
{
    if (!entry.deflated) {
        return {m_file->data() + entry.offset, entry.size, m_file};
    }
    const std::string quoted = "\"" + std::string(entry.name) + "\"";
    if (entry.size / kLargestRatio > entry.packed) {
        fail("is a zip archive whose entry " + quoted + " claims to inflate more than deflate can");
    }
    budget.charge(entry.size);
    // One byte at least: zlib takes no null pointer.
    auto buffer =
        std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(std::max<std::uint64_t>(entry.size, 1)));
    const bool whole = inflateAll(m_file->data() + entry.offset, entry.packed, buffer->data(), entry.size);
    if (!whole || crc32_z(0, buffer->data(), entry.size) != entry.crc) {
        fail("is a zip archive whose entry " + quoted + " is damaged");
    }
    return {buffer->data(), entry.size, buffer};
}

} // namespace semascope::core
