#pragma once
#include "core/data/Arrays.h"
#include "core/data/File_p.h"

#include <functional>

namespace semascope::core {

/// Bytes that an array is read from: a part of a file, or a buffer.
struct ByteSource
{
    std::shared_ptr<const OpenedFile> file; ///< null for a buffer
    std::shared_ptr<const std::vector<std::uint8_t>> buffer;
    std::uint64_t offset = 0; ///< in the file
    std::uint64_t size = 0;
    std::string name; ///< quoted, for messages

    /// Throws Error(Io | BadFormat) when not all of it is there.
    void read(std::uint64_t at, void* to, std::size_t count) const;
};

/// What the header of an NPY says.
struct NpyHeader
{
    ElementType type = ElementType::F32;
    bool bigEndian = false;
    bool fortran = false;
    std::vector<std::size_t> shape;
    std::uint64_t dataStart = 0;
    std::uint64_t dataBytes = 0;
};

std::size_t elementSize(ElementType type) noexcept;
/// Checks every size against `source`. Throws Error(BadFormat | Unsupported).
NpyHeader readNpyHeader(const ByteSource& source);
Array readNpyFrom(const ByteSource& source);

/// One file inside an NPZ.
struct ZipEntry
{
    std::string name;
    std::uint64_t packed = 0, size = 0, localHeader = 0;
    std::uint32_t crc = 0;
    int method = 0;
    int flags = 0;
};
/// The directory of a ZIP, checked: nothing encrypted, doubled, overlapping or with a path that leaves the archive.
std::vector<ZipEntry> readZipDirectory(const OpenedFile& file, const std::string& name);
/// The bytes of one entry; stored ones stay in the file. Throws Error(BadFormat | Unsupported).
ByteSource openZipEntry(const std::shared_ptr<const OpenedFile>& file, const ZipEntry& entry, const std::string& name);

/// NPY or NPZ: the names and headers of the arrays in it (one with an empty name for an NPY).
struct ArrayListing
{
    std::string name;
    NpyHeader header;
};
std::vector<ArrayListing> listArrays(const std::string& path);

/// Inflates raw or gzip data into exactly `expected` bytes. Throws Error(BadFormat) with a clause that follows a name.
struct InflateRequest
{
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
    bool gzip = false;
    bool prefixOnly = false; ///< stop after `expected` bytes although more follow
};
std::vector<std::uint8_t> inflated(const InflateRequest& request, std::uint64_t expected);

} // namespace semascope::core
