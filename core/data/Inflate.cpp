#include "core/data/Arrays_p.h"

#include <algorithm>
#include <zlib.h>

namespace semascope::core {

namespace {

constexpr std::size_t kStep = 1 << 20;

struct Stream
{
    z_stream z = {};
    ~Stream() { inflateEnd(&z); }
};

} // namespace

std::vector<std::uint8_t> inflated(const InflateRequest& request, std::uint64_t expected)
{
    Stream stream;
    z_stream& z = stream.z;
    if (inflateInit2(&z, request.gzip ? 15 + 16 : -15) != Z_OK) {
        throw Error(Code::OutOfMemory, "cannot be unpacked: no memory");
    }
    std::size_t fed = 0;
    std::vector<std::uint8_t> bytes; // grows with what really comes out, not with what is claimed
    int state = Z_OK;
    while (state == Z_OK && bytes.size() < expected) {
        const std::size_t before = bytes.size();
        bytes.resize(before + std::min<std::uint64_t>(kStep, expected - before));
        z.next_out = bytes.data() + before;
        z.avail_out = static_cast<uInt>(bytes.size() - before);
        while (state == Z_OK && z.avail_out > 0) {
            if (z.avail_in == 0 && fed < request.size) {
                const std::size_t piece = std::min<std::size_t>(kStep, request.size - fed);
                z.next_in = const_cast<Bytef*>(request.data + fed); // NOLINT: zlib does not write to it
                z.avail_in = static_cast<uInt>(piece);
                fed += piece;
            }
            state = inflate(&z, Z_NO_FLUSH);
        }
        bytes.resize(bytes.size() - z.avail_out);
    }
    if (bytes.size() < expected) {
        throw Error(Code::BadFormat,
                    state == Z_DATA_ERROR ? "is damaged: it cannot be unpacked" : "is shorter than it says");
    }
    return bytes;
}

} // namespace semascope::core
