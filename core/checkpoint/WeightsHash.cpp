#include "core/checkpoint/Detect.h"

#include "core/job/Error.h"

#include <charconv>
#include <cstdio>
#include <fstream>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace semascope::core {

std::string weightsHash(const std::vector<std::string>& files)
{
    constexpr std::size_t kPiece = 8u << 20;
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    if (!state) {
        throw std::bad_alloc();
    }
    XXH3_128bits_reset(state.get());
    std::vector<char> buffer(kPiece);
    for (const std::string& path : files) {
        std::ifstream in(path, std::ios::binary);
        while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
            XXH3_128bits_update(state.get(), buffer.data(), static_cast<std::size_t>(in.gcount()));
        }
        if (!in.eof()) {
            throw Error(Code::Io, path + " cannot be read to its end.");
        }
    }
    const XXH128_hash_t h = XXH3_128bits_digest(state.get());
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(h.high64),
                  static_cast<unsigned long long>(h.low64));
    return text;
}

CheckpointWish choicesOf(const std::string& modelHash)
{
    CheckpointWish wish;
    for (std::size_t at = modelHash.find('+'); at != std::string::npos;) {
        const std::size_t next = modelHash.find('+', at + 1);
        const std::string word = modelHash.substr(at + 1, next == std::string::npos ? next : next - at - 1);
        if (const auto activation = activationFromName(word)) {
            wish.activation = activation;
        } else {
            (void)std::from_chars(word.data(), word.data() + word.size(), wish.imageSize);
        }
        at = next;
    }
    return wish;
}

} // namespace semascope::core
