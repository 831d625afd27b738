#include "core/data/PictureDecode_p.h"
#include "core/data/PictureProbe_p.h"

#include <algorithm>
#include <zlib.h>

namespace semascope::core
{

namespace
{

void appendBe(std::vector<std::uint8_t>& to, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        to.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

void appendChunk(std::vector<std::uint8_t>& to, const char* type, const std::uint8_t* data, std::size_t size)
{
    appendBe(to, static_cast<std::uint32_t>(size));
    const std::size_t start = to.size();
    to.insert(to.end(), type, type + 4);
    to.insert(to.end(), data, data + size);
    appendBe(to, static_cast<std::uint32_t>(crc32(0, to.data() + start, static_cast<uInt>(to.size() - start))));
}

std::uint64_t passBytes(std::uint64_t width, std::uint64_t height, std::uint64_t pixelBits)
{
    return width == 0 || height == 0 ? 0 : height * (1 + (width * pixelBits + 7) / 8);
}

/// Bytes of all rows before compression, filter bytes included.
std::uint64_t rawSize(const PictureHeader& header, bool interlaced)
{
    const auto width = static_cast<std::uint64_t>(header.width);
    const auto height = static_cast<std::uint64_t>(header.height);
    const std::uint64_t bits =
        static_cast<std::uint64_t>(header.bitDepth) * static_cast<std::uint64_t>(header.channels);
    if (!interlaced) {
        return passBytes(width, height, bits);
    }
    constexpr std::uint64_t kPasses[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                             {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    std::uint64_t total = 0;
    for (const auto& pass : kPasses) {
        const std::uint64_t w = (width + pass[2] - 1 - std::min(width, pass[0])) / pass[2];
        const std::uint64_t h = (height + pass[3] - 1 - std::min(height, pass[1])) / pass[3];
        total += passBytes(w, h, bits);
    }
    return total;
}

/// Inflates as far as it goes into `raw`; returns how many bytes came out.
std::size_t inflateSome(const std::vector<std::uint8_t>& packed, std::vector<std::uint8_t>& raw)
{
    z_stream z = {};
    if (inflateInit(&z) != Z_OK) {
        return 0;
    }
    z.next_in = const_cast<Bytef*>(packed.data()); // NOLINT: zlib does not write to it
    z.avail_in = static_cast<uInt>(packed.size());
    z.next_out = raw.data();
    z.avail_out = static_cast<uInt>(raw.size());
    inflate(&z, Z_SYNC_FLUSH);
    const std::size_t done = raw.size() - z.avail_out;
    inflateEnd(&z);
    return done;
}

/// The chunks that matter, checksums written anew; picture data are collected apart.
void collect(const HeadBytes& head, std::vector<std::uint8_t>& kept, std::vector<std::uint8_t>& packed)
{
    for (std::uint64_t at = 8; head.has(at, 8);) {
        const std::uint64_t length = head.be(at, 4);
        const std::uint64_t there = std::min<std::uint64_t>(length, head.size - at - 8);
        const std::uint8_t* data = head.data + at + 8;
        if (head.startsWith("IDAT", 4, at + 4)) {
            packed.insert(packed.end(), data, data + there);
        } else if (there == length) {
            for (const char* type : {"IHDR", "PLTE", "tRNS"}) {
                if (head.startsWith(type, 4, at + 4)) {
                    appendChunk(kept, type, data, there);
                }
            }
        }
        at += 12 + length;
    }
}

} // namespace

std::vector<std::uint8_t> repairedPng(const std::vector<std::uint8_t>& bytes, const PictureHeader& header)
{
    const HeadBytes head{bytes.data(), bytes.size(), bytes.size()};
    std::vector<std::uint8_t> repaired(bytes.begin(), bytes.begin() + 8);
    std::vector<std::uint8_t> packed;
    collect(head, repaired, packed);
    const std::uint64_t size = rawSize(header, bytes[28] != 0);
    if (size == 0 || size > (std::uint64_t{1} << 31)) {
        return {};
    }
    std::vector<std::uint8_t> raw(size);
    if (inflateSome(packed, raw) == 0) {
        return {};
    }
    uLongf bound = compressBound(static_cast<uLong>(size));
    packed.resize(bound);
    if (compress2(packed.data(), &bound, raw.data(), static_cast<uLong>(size), 1) != Z_OK) {
        return {};
    }
    appendChunk(repaired, "IDAT", packed.data(), bound);
    appendChunk(repaired, "IEND", packed.data(), 0);
    return repaired;
}

} // namespace semascope::core
