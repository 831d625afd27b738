#include "core/data/Arrays_p.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

namespace semascope::core {

namespace {

constexpr std::uint64_t kMapFrom =
    16 << 20; // smaller arrays are read: no page faults later, and safe if the file changes

/// A mapped part of a file.
class Mapping
{
public:
    Mapping(void* start, std::size_t length) : m_start(start), m_length(length) {}
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() { ::munmap(m_start, m_length); }

private:
    void* m_start;
    std::size_t m_length;
};

/// Maps the data when they can be used as they lie there; null when not.
std::shared_ptr<const void> mapped(const ByteSource& source, const NpyHeader& header)
{
    const std::uint64_t begin = source.offset + header.dataStart;
    if (source.file == nullptr || header.dataBytes < kMapFrom || begin % elementSize(header.type) != 0) {
        return nullptr;
    }
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t from = begin / page * page;
    const std::size_t length = header.dataBytes + (begin - from);
    void* start = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, source.file->handle.fd(), static_cast<off_t>(from));
    if (start == MAP_FAILED) {
        return nullptr;
    }
    auto mapping = std::make_shared<const Mapping>(start, length);
    return {mapping, static_cast<const char*>(start) + (begin - from)};
}

void swapBytes(std::uint8_t* data, std::size_t bytes, std::size_t element)
{
    for (std::size_t at = 0; element > 1 && at + element <= bytes; at += element) {
        std::reverse(data + at, data + at + element);
    }
}

/// From first-index-fastest to last-index-fastest.
std::vector<std::uint8_t> transposed(const std::vector<std::uint8_t>& from, const NpyHeader& header)
{
    const std::size_t element = elementSize(header.type);
    const std::vector<std::size_t>& shape = header.shape;
    std::vector<std::size_t> strides(shape.size(), element);
    for (std::size_t k = 1; k < shape.size(); ++k) {
        strides[k] = strides[k - 1] * shape[k - 1];
    }
    std::vector<std::uint8_t> to(from.size());
    std::vector<std::size_t> index(shape.size(), 0);
    std::size_t at = 0;
    for (std::size_t out = 0; out < to.size(); out += element) {
        std::memcpy(to.data() + out, from.data() + at, element);
        for (std::size_t k = shape.size(); k-- > 0;) {
            at += strides[k];
            if (++index[k] < shape[k]) {
                break;
            }
            at -= strides[k] * shape[k];
            index[k] = 0;
        }
    }
    return to;
}

bool startsLikeZip(const OpenedFile& file)
{
    char magic[4] = {};
    return readAt(file.handle, 0, magic, 4) == 4 && std::memcmp(magic, "PK", 2) == 0;
}

ByteSource wholeFile(const std::shared_ptr<const OpenedFile>& file, const std::string& path)
{
    return {file, nullptr, 0, file->facts.size, quoted(path)};
}

/// "x.npy" is called "x".
std::string arrayName(const std::string& entry)
{
    const bool suffixed = entry.size() > 4 && entry.compare(entry.size() - 4, 4, ".npy") == 0;
    return suffixed ? entry.substr(0, entry.size() - 4) : entry;
}

Array readNpzFrom(const std::shared_ptr<const OpenedFile>& file, const std::string& path, const std::string& name)
{
    const std::vector<ZipEntry> entries = readZipDirectory(*file, quoted(path));
    const ZipEntry* chosen = entries.size() == 1 && name.empty() ? &entries[0] : nullptr;
    std::string names;
    for (const ZipEntry& entry : entries) {
        if (!name.empty() && arrayName(entry.name) == arrayName(name)) {
            chosen = &entry;
        }
        if (names.size() < 200) {
            names += (names.empty() ? "" : ", ") + shownPath(arrayName(entry.name));
        }
    }
    if (chosen == nullptr && name.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " holds several arrays (" + names + "); name one of them.");
    }
    if (chosen == nullptr) {
        throw Error(Code::NotFound, quoted(path) + " has no array called " + quoted(name) + "; it has " + names + ".");
    }
    return readNpyFrom(openZipEntry(file, *chosen, quoted(path)));
}

std::shared_ptr<const OpenedFile> opened(const std::string& path)
{
    return std::make_shared<const OpenedFile>(requireRegular(path));
}

} // namespace

void ByteSource::read(std::uint64_t at, void* to, std::size_t count) const
{
    if (at > size || count > size - at) {
        throw Error(Code::BadFormat, name + " is shorter than it says.");
    }
    if (buffer != nullptr) {
        std::memcpy(to, buffer->data() + at, count);
        return;
    }
    std::size_t done = 0;
    try {
        done = readAt(file->handle, offset + at, to, count);
    } catch (const Error& e) {
        throw Error(e.code(), name + " " + e.what() + ".");
    }
    if (done != count) {
        throw Error(Code::BadFormat, name + " has become shorter while it was read.");
    }
}

std::size_t Array::count() const noexcept
{
    std::size_t n = 1;
    for (const std::size_t side : shape) {
        n *= side;
    }
    return n;
}

Array readNpyFrom(const ByteSource& source)
{
    const NpyHeader header = readNpyHeader(source);
    Array array{header.type, header.shape, nullptr, nullptr};
    const bool inPlace = !header.bigEndian && (!header.fortran || header.shape.size() < 2);
    if (inPlace) {
        array.owner = mapped(source, header);
    }
    if (array.owner == nullptr) {
        std::vector<std::uint8_t> bytes(header.dataBytes);
        source.read(header.dataStart, bytes.data(), bytes.size());
        if (header.bigEndian) {
            swapBytes(bytes.data(), bytes.size(), elementSize(header.type));
        }
        if (!inPlace && header.fortran && !bytes.empty()) {
            bytes = transposed(bytes, header);
        }
        auto held = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
        array.owner = std::shared_ptr<const void>(held, held->data());
    }
    array.data = array.owner.get();
    return array;
}

Array readNpy(const std::string& path)
{
    return readNpyFrom(wholeFile(opened(path), path));
}

Array readNpz(const std::string& path, const std::string& name)
{
    return readNpzFrom(opened(path), path, name);
}

Array readArray(const std::string& path, const std::string& name)
{
    const auto file = opened(path);
    return startsLikeZip(*file) ? readNpzFrom(file, path, name) : readNpyFrom(wholeFile(file, path));
}

std::vector<ArrayListing> listArrays(const std::string& path)
{
    const auto file = opened(path);
    if (!startsLikeZip(*file)) {
        return {{{}, readNpyHeader(wholeFile(file, path))}};
    }
    std::vector<ArrayListing> arrays;
    for (const ZipEntry& entry : readZipDirectory(*file, quoted(path))) {
        if (entry.name.size() > 4 && entry.name.compare(entry.name.size() - 4, 4, ".npy") == 0) {
            arrays.push_back({arrayName(entry.name), readNpyHeader(openZipEntry(file, entry, quoted(path)))});
        }
    }
    return arrays;
}

} // namespace semascope::core
