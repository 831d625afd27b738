#include "core/data/PictureProbe_p.h"

#include "core/job/Error.h"

#include <algorithm>
#include <cstring>

namespace semascope::core {

namespace {

HeadResult applyLimits(const PictureHeader& header, const PictureLimits& limits)
{
    const std::string size = std::to_string(header.width) + "x" + std::to_string(header.height);
    if (header.width <= 0 || header.height <= 0) {
        return HeadResult::bad("has no pixels: its header says " + size);
    }
    if (header.width > limits.maxSide || header.height > limits.maxSide) {
        return HeadResult::unsupported("too large: " + size + " pixels, a side over " + std::to_string(limits.maxSide));
    }
    const std::uint64_t pixels = static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
    if (pixels > limits.maxPixels) {
        return HeadResult::unsupported("too large: " + size + " is over " + std::to_string(limits.maxPixels) +
                                       " pixels; scale it down first");
    }
    return {};
}

/// A coded block costs at least one bit in JPEG, and deflate shrinks at most 1032-fold: a header that claims more than
/// the file can hold is refused before any memory is spent on it.
HeadResult checkPlausible(const PictureHeader& header, std::uint64_t fileSize)
{
    const std::uint64_t pixels = static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
    const std::uint64_t rowBits = static_cast<std::uint64_t>(header.width) *
                                  static_cast<std::uint64_t>(header.channels) *
                                  static_cast<std::uint64_t>(header.bitDepth);
    const std::uint64_t raw = static_cast<std::uint64_t>(header.height) * (rowBits / 8);
    const bool tooSmall = (header.kind == PictureKind::Jpeg && pixels / 2048 > fileSize) ||
                          (header.kind == PictureKind::Png && raw / 1100 > fileSize);
    return tooSmall ? HeadResult::bad("truncated: shorter than its header says") : HeadResult();
}

HeadResult dispatch(const HeadBytes& head, PictureHeader& header)
{
    if (head.startsWith("\xff\xd8\xff", 3)) {
        return probeJpeg(head, header);
    }
    if (head.startsWith("\x89PNG\r\n\x1a\n", 8)) {
        return probePng(head, header);
    }
    if (head.startsWith("RIFF", 4) && head.startsWith("WEBP", 4, 8)) {
        return probeWebP(head, header);
    }
    if (head.startsWith("BM", 2) && head.size >= 26) {
        return probeBmp(head, header);
    }
    if (head.startsWith("II*\0", 4) || head.startsWith("MM\0*", 4)) {
        return probeTiff(head, header);
    }
    if (head.size > 2 && head.data[0] == 'P' && head.data[1] >= '1' && head.data[1] <= '6' &&
        std::strchr(" \t\r\n#", head.data[2]) != nullptr) {
        return probePnm(head, header);
    }
    return explainUnknown(head);
}

} // namespace

bool HeadBytes::startsWith(const char* magic, std::size_t length, std::size_t at) const noexcept
{
    return has(at, length) && std::memcmp(data + at, magic, length) == 0;
}

std::uint32_t HeadBytes::be(std::size_t at, int bytes) const noexcept
{
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i) {
        value = (value << 8) | data[at + static_cast<std::size_t>(i)];
    }
    return value;
}

std::uint32_t HeadBytes::le(std::size_t at, int bytes) const noexcept
{
    std::uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; --i) {
        value = (value << 8) | data[at + static_cast<std::size_t>(i)];
    }
    return value;
}

HeadResult HeadResult::endOf(const HeadBytes& head)
{
    return head.complete() ? bad("truncated (ends inside its header)") : HeadResult{Kind::NeedMore, {}};
}

HeadResult probeHead(const HeadBytes& head, const PictureLimits& limits, PictureHeader& header)
{
    header = {};
    HeadResult result = dispatch(head, header);
    if (result.kind == HeadResult::Kind::Ok) {
        result = applyLimits(header, limits);
    }
    if (result.kind == HeadResult::Kind::Ok) {
        result = checkPlausible(header, head.fileSize);
    }
    return result;
}

PictureHeader probePicture(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits)
{
    PictureHeader header;
    const HeadResult result = probeHead({bytes.data(), bytes.size(), bytes.size()}, limits, header);
    if (result.kind != HeadResult::Kind::Ok) {
        throw Error(result.kind == HeadResult::Kind::Unsupported ? Code::Unsupported : Code::BadFormat, result.reason);
    }
    return header;
}

} // namespace semascope::core
