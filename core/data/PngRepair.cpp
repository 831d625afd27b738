#include "core/data/PictureDecode_p.h"
#include "core/data/PictureProbe_p.h"

#include <algorithm>
#include <numeric>
#include <zlib.h>

namespace semascope::core {

namespace {

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

/// Rows of equal length that follow each other: the picture, or one pass of an interlaced one.
struct Pass
{
    std::uint64_t rows = 0, rowBytes = 0; ///< filter byte included
};

std::vector<Pass> passesOf(const PictureHeader& header, bool interlaced)
{
    constexpr std::uint64_t kWhole[1][4] = {{0, 0, 1, 1}};
    constexpr std::uint64_t kSteps[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                            {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    const auto width = static_cast<std::uint64_t>(header.width);
    const auto height = static_cast<std::uint64_t>(header.height);
    const std::uint64_t bits =
        static_cast<std::uint64_t>(header.bitDepth) * static_cast<std::uint64_t>(header.channels);
    std::vector<Pass> passes;
    for (std::size_t i = 0; i < (interlaced ? 7u : 1u); ++i) {
        const auto& step = interlaced ? kSteps[i] : kWhole[i];
        const std::uint64_t w = (width + step[2] - 1 - std::min(width, step[0])) / step[2];
        const std::uint64_t h = (height + step[3] - 1 - std::min(height, step[1])) / step[3];
        if (w > 0 && h > 0) {
            passes.push_back({h, 1 + (w * bits + 7) / 8});
        }
    }
    return passes;
}

/// Bytes of all rows before compression.
std::uint64_t rawSize(const std::vector<Pass>& passes)
{
    return std::accumulate(passes.begin(), passes.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Pass& pass) { return sum + pass.rows * pass.rowBytes; });
}

/// Everything from the first row on whose filter cannot be is noise: it becomes empty.
void emptyFromNoise(const std::vector<Pass>& passes, std::vector<std::uint8_t>& raw)
{
    constexpr std::uint8_t kMostFilter = 4;
    std::size_t at = 0;
    for (const Pass& pass : passes) {
        for (std::uint64_t row = 0; row < pass.rows; ++row, at += pass.rowBytes) {
            if (raw[at] > kMostFilter) {
                std::fill(raw.begin() + static_cast<std::ptrdiff_t>(at), raw.end(), std::uint8_t{0});
                return;
            }
        }
    }
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
    const std::vector<Pass> passes = passesOf(header, bytes[28] != 0);
    const std::uint64_t size = rawSize(passes);
    if (size == 0 || size > (std::uint64_t{1} << 31)) {
        return {};
    }
    std::vector<std::uint8_t> raw(size);
    if (inflateSome(packed, raw) == 0) {
        return {};
    }
    emptyFromNoise(passes, raw);
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
