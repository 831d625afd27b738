#include "core/clip/StoreKey_p.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace semascope::core {

namespace {

/// Raised whenever the arithmetic of a tower, of the resizing or of the decoding changes a vector by more than
/// rounding.
constexpr std::string_view kKernels = "1";

/// Different kinds of contents never share a key, whatever their bytes.
constexpr XXH64_hash_t kFileSeed = 1, kPixelSeed = 2, kTokenSeed = 3, kTextSeed = 4;

ContentKey hashed(const void* data, std::size_t size, XXH64_hash_t seed)
{
    const XXH128_hash_t h = XXH3_128bits_withSeed(data, size, seed);
    return {h.high64, h.low64};
}

} // namespace

ContentKey keyOfFile(std::span<const std::uint8_t> bytes)
{
    return hashed(bytes.data(), bytes.size(), kFileSeed);
}

ContentKey keyOfPixels(const std::uint8_t* pixels, int width, int height)
{
    const auto w = static_cast<std::uint64_t>(width), h = static_cast<std::uint64_t>(height);
    return hashed(pixels, static_cast<std::size_t>(w * h * 3), kPixelSeed ^ (w << 32 | h << 4));
}

ContentKey keyOfTokens(std::span<const std::int32_t> ids)
{
    return hashed(ids.data(), ids.size_bytes(), kTokenSeed);
}

ContentKey keyOfText(std::string_view text)
{
    return hashed(text.data(), text.size(), kTextSeed);
}

ContentKey keyOfPieces(std::initializer_list<std::string_view> pieces)
{
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    for (const std::string_view piece : pieces) {
        const std::uint64_t size = piece.size();
        XXH3_128bits_update(&state, &size, sizeof size);
        XXH3_128bits_update(&state, piece.data(), piece.size());
    }
    const XXH128_hash_t h = XXH3_128bits_digest(&state);
    return {h.high64, h.low64};
}

std::string_view bytesOf(const ContentKey& key)
{
    return {reinterpret_cast<const char*>(&key), sizeof key};
}

ContentKey keyFromBytes(std::string_view bytes)
{
    ContentKey key;
    if (bytes.size() == sizeof key) {
        std::memcpy(&key, bytes.data(), sizeof key);
    }
    return key;
}

StoreKey storeKey(const ClipModel& model, Modality what)
{
    const CheckpointInfo& info = model.info();
    StoreKey key;
    key.dim = static_cast<std::size_t>(info.clip.embedDim);
    key.model = info.name;
    key.what = what == Modality::Text ? "captions" : "pictures";
    key.precision = model.precision();
    const std::string prepared = what == Modality::Text ? std::string() : info.clip.preprocess.describe();
    key.details = describeArchitecture(info.clip);
    if (!prepared.empty()) {
        key.details = prepared + "; " + key.details;
    }
    key.space =
        keyOfPieces({model.weightsHash(), key.details, key.what, key.precision, std::to_string(key.dim), kKernels});
    return key;
}

} // namespace semascope::core
