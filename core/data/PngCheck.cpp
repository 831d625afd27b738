#include "core/data/PictureDecode_p.h"
#include "core/data/PictureProbe_p.h"
#include "core/job/Error.h"

#include <cctype>
#include <zlib.h>

namespace semascope::core {

namespace {

constexpr std::size_t kFirstChunk = 8;
constexpr std::size_t kAroundData = 12; // length, type and checksum

struct Chunk
{
    std::size_t at = 0; ///< of its length
    std::size_t length = 0;
    std::string type;
    bool sound = false;

    bool critical() const noexcept { return (type[0] & 0x20) == 0; } // a capital first letter says so
};

/// The chunk at `at`. Throws a clause when it is not all there or has no name.
Chunk chunkAt(const HeadBytes& bytes, std::size_t at)
{
    if (!bytes.has(at, 8)) {
        throw Error(Code::BadFormat, "truncated (no end marker)");
    }
    Chunk chunk;
    chunk.at = at;
    chunk.length = bytes.be(at, 4);
    chunk.type.assign(reinterpret_cast<const char*>(bytes.data) + at + 4, 4);
    for (const char c : chunk.type) {
        if (std::isalpha(static_cast<unsigned char>(c)) == 0) {
            throw Error(Code::BadFormat, "damaged: something is where a chunk must begin");
        }
    }
    if (!bytes.has(at, chunk.length + kAroundData)) {
        throw Error(Code::BadFormat, "truncated (ends inside chunk " + chunk.type + ")");
    }
    const uLong sum = crc32_z(0, bytes.data + at + 4, chunk.length + 4);
    chunk.sound = sum == bytes.be(at + 8 + chunk.length, 4);
    return chunk;
}

/// libpng has an opinion about depths and kinds that do not go together; the header is sound but means nothing.
void checkHeader(const HeadBytes& bytes)
{
    const int depth = bytes.data[24], kind = bytes.data[25];
    const bool power = depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    const bool fits = kind == 0 || (kind == 3 && depth <= 8) || ((kind == 2 || kind == 4 || kind == 6) && depth >= 8);
    if (!power || !fits || bytes.data[26] != 0 || bytes.data[27] != 0 || bytes.data[28] > 1) {
        throw Error(Code::BadFormat, "damaged: a PNG whose header means nothing");
    }
}

/// Whether decoding needs the chunk. Profiles, texts and times do not change a pixel here, but may be complained about.
bool needed(const Chunk& chunk, int kind)
{
    const bool alphaKind = kind == 4 || kind == 6;
    return chunk.critical() || (chunk.type == "tRNS" && chunk.sound && !alphaKind);
}

} // namespace

std::vector<std::uint8_t> plainPng(const std::vector<std::uint8_t>& bytes)
{
    const HeadBytes all{bytes.data(), bytes.size(), bytes.size()};
    std::vector<Chunk> kept;
    std::size_t at = kFirstChunk, size = kFirstChunk;
    bool palette = false;
    while (kept.empty() || kept.back().type != "IEND") {
        Chunk chunk = chunkAt(all, at);
        at += chunk.length + kAroundData;
        if (chunk.critical() && !chunk.sound) {
            throw Error(Code::BadFormat, "damaged: chunk " + chunk.type + " fails its checksum");
        }
        if (kept.empty()) {
            checkHeader(all);
        }
        palette = palette || chunk.type == "PLTE";
        if (chunk.type == "IDAT" && all.data[25] == 3 && !palette) {
            throw Error(Code::BadFormat, "damaged: its palette is missing");
        }
        if (needed(chunk, all.data[25])) {
            size += chunk.length + kAroundData;
            kept.push_back(std::move(chunk));
        }
    }
    if (size == at) {
        return {};
    }
    std::vector<std::uint8_t> plain(bytes.begin(), bytes.begin() + kFirstChunk);
    plain.reserve(size);
    for (const Chunk& chunk : kept) {
        const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(chunk.at);
        plain.insert(plain.end(), from, from + static_cast<std::ptrdiff_t>(chunk.length + kAroundData));
    }
    return plain;
}

} // namespace semascope::core
