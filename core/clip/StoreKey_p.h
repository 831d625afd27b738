#pragma once
#include "core/clip/ClipModel.h"
#include "core/data/Embedding.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace semascope::core {

/// xxh3-128 of what is embedded: a picture file's bytes, an array picture's shape and pixels, or a text's token ids.
struct ContentKey
{
    std::uint64_t high = 0, low = 0;
    bool operator==(const ContentKey&) const = default;
    bool empty() const noexcept { return high == 0 && low == 0; }
};
struct ContentKeyHash
{
    std::size_t operator()(const ContentKey& key) const noexcept { return static_cast<std::size_t>(key.low); }
};
static_assert(sizeof(ContentKey) == 16);

ContentKey keyOfFile(std::span<const std::uint8_t> bytes);
/// height×width×3 bytes.
ContentKey keyOfPixels(const std::uint8_t* pixels, int width, int height);
ContentKey keyOfTokens(std::span<const std::int32_t> ids);
ContentKey keyOfText(std::string_view text);
/// xxh3-128 of several pieces, each with its length.
ContentKey keyOfPieces(std::initializer_list<std::string_view> pieces);

std::string_view bytesOf(const ContentKey& key);
/// The key in 16 bytes; empty for any other number of bytes.
ContentKey keyFromBytes(std::string_view bytes);

/// Everything but the contents that decides a vector, and how it is named to people.
struct StoreKey
{
    ContentKey space;
    std::size_t dim = 0;
    std::string model, what, precision, details;
};
StoreKey storeKey(const ClipModel& model, Modality what);

} // namespace semascope::core
