#include "core/data/PictureProbe_p.h"

#include <algorithm>
#include <limits>

namespace semascope::core {

namespace {

constexpr std::uint32_t kIntMax = std::numeric_limits<int>::max();

int clampedInt(std::uint32_t value)
{
    return static_cast<int>(std::min(value, kIntMax));
}

/// Sizes of lossy data: a frame header behind a start code.
HeadResult readVp8(const HeadBytes& head, std::size_t at, PictureHeader& header)
{
    if (!head.has(at, 10)) {
        return HeadResult::endOf(head);
    }
    if (!head.startsWith("\x9d\x01\x2a", 3, at + 3)) {
        return HeadResult::bad("damaged: a WebP without a key frame");
    }
    header.width = static_cast<int>(head.le(at + 6, 2) & 0x3fff);
    header.height = static_cast<int>(head.le(at + 8, 2) & 0x3fff);
    header.channels = 3;
    return {};
}

HeadResult readVp8L(const HeadBytes& head, std::size_t at, PictureHeader& header)
{
    if (!head.has(at, 5)) {
        return HeadResult::endOf(head);
    }
    if (head.data[at] != 0x2f) {
        return HeadResult::bad("damaged: a lossless WebP without its signature");
    }
    const std::uint32_t bits = head.le(at + 1, 4);
    header.width = static_cast<int>(bits & 0x3fff) + 1;
    header.height = static_cast<int>((bits >> 14) & 0x3fff) + 1;
    header.hasAlpha = ((bits >> 28) & 1) != 0;
    header.channels = header.hasAlpha ? 4 : 3;
    return {};
}

int webpOrientation(const HeadBytes& head)
{
    for (std::uint64_t at = 12; head.has(at, 8);) {
        const std::uint64_t length = head.le(at + 4, 4);
        if (head.startsWith("EXIF", 4, at) && head.has(at + 8, length)) {
            const std::size_t skip = head.startsWith("Exif\0\0", 6, at + 8) ? 6 : 0;
            return length > skip ? exifOrientation(head.data + at + 8 + skip, length - skip) : 1;
        }
        at += 8 + length + (length & 1);
    }
    return 1;
}

} // namespace

HeadResult probePng(const HeadBytes& head, PictureHeader& header)
{
    header.kind = PictureKind::Png;
    if (!head.has(0, 33)) {
        return HeadResult::endOf(head);
    }
    if (!head.startsWith("\0\0\0\rIHDR", 8, 8)) {
        return HeadResult::bad("damaged: a PNG without a header");
    }
    header.width = clampedInt(head.be(16, 4));
    header.height = clampedInt(head.be(20, 4));
    header.bitDepth = head.data[24];
    const int type = head.data[25];
    header.channels = type == 2 ? 3 : type == 4 ? 2 : type == 6 ? 4 : 1;
    header.hasAlpha = type == 4 || type == 6;
    header.indexed = type == 3 || (type == 0 && header.bitDepth == 1);
    if (header.width <= 0 || header.height <= 0) {
        return {};
    }
    for (std::uint64_t at = 33; !head.startsWith("IDAT", 4, at + 4);) {
        if (!head.has(at, 12)) {
            return HeadResult::endOf(head);
        }
        const std::uint64_t length = head.be(at, 4);
        header.hasAlpha = header.hasAlpha || head.startsWith("tRNS", 4, at + 4);
        header.iccProfile = header.iccProfile || head.startsWith("iCCP", 4, at + 4);
        if (head.startsWith("IEND", 4, at + 4)) {
            return HeadResult::bad("damaged: a PNG without picture data");
        }
        if (head.startsWith("eXIf", 4, at + 4) && head.has(at + 8, length)) {
            header.orientation = exifOrientation(head.data + at + 8, length);
        }
        at += 12 + length;
    }
    return {};
}

HeadResult probeWebP(const HeadBytes& head, PictureHeader& header)
{
    header.kind = PictureKind::WebP;
    if (!head.has(0, 20)) {
        return HeadResult::endOf(head);
    }
    if (static_cast<std::uint64_t>(head.le(4, 4)) + 8 > head.fileSize) {
        return HeadResult::bad("truncated: shorter than its header says");
    }
    if (head.startsWith("VP8 ", 4, 12)) {
        return readVp8(head, 20, header);
    }
    if (head.startsWith("VP8L", 4, 12)) {
        return readVp8L(head, 20, header);
    }
    if (!head.startsWith("VP8X", 4, 12)) {
        return HeadResult::bad("damaged: a WebP without picture data");
    }
    if (!head.has(0, 30)) {
        return HeadResult::endOf(head);
    }
    const unsigned flags = head.data[20];
    if ((flags & 0x02) != 0) {
        return HeadResult::unsupported("animated WebP is not read; save one frame as PNG");
    }
    header.hasAlpha = (flags & 0x10) != 0;
    header.iccProfile = (flags & 0x20) != 0;
    header.channels = header.hasAlpha ? 4 : 3;
    header.width = static_cast<int>(head.le(24, 3)) + 1;
    header.height = static_cast<int>(head.le(27, 3)) + 1;
    header.orientation = (flags & 0x08) != 0 ? webpOrientation(head) : 1;
    return {};
}

HeadResult probeBmp(const HeadBytes& head, PictureHeader& header)
{
    header.kind = PictureKind::Bmp;
    const std::uint32_t headerSize = head.le(14, 4);
    if (headerSize != 12 && headerSize < 40) {
        return HeadResult::bad("damaged: a BMP without a header");
    }
    if (!head.has(0, headerSize == 12 ? 26 : 34)) {
        return HeadResult::endOf(head);
    }
    const bool old = headerSize == 12;
    const std::int64_t width = old ? head.le(18, 2) : static_cast<std::int32_t>(head.le(18, 4));
    const std::int64_t height = old ? head.le(20, 2) : static_cast<std::int32_t>(head.le(22, 4));
    const std::uint32_t bits = head.le(old ? 24 : 28, 2);
    header.width = clampedInt(static_cast<std::uint32_t>(std::max<std::int64_t>(0, width)));
    header.height = clampedInt(static_cast<std::uint32_t>(height < 0 ? -height : height));
    header.channels = bits <= 8 ? 1 : bits == 32 ? 4 : 3;
    // A plain 32-bit BMP has a filler, not alpha; Pillow reads it so, too.
    const bool plain = old || head.le(30, 4) == 0;
    const std::uint64_t stride = (static_cast<std::uint64_t>(header.width) * bits + 31) / 32 * 4;
    const std::uint64_t needed = head.le(10, 4) + stride * static_cast<std::uint64_t>(header.height);
    if (plain && header.width > 0 && header.height > 0 && needed > head.fileSize) {
        return HeadResult::bad("truncated: shorter than its header says");
    }
    return {};
}

} // namespace semascope::core
