#include "core/data/PictureProbe_p.h"

#include <algorithm>
#include <cstring>

namespace semascope::core {

namespace {

bool isStandalone(unsigned marker)
{
    return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

bool isFrameHeader(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Where the next marker is, skipping fill bytes and whatever stands before it; size when there is none.
std::size_t nextMarker(const std::uint8_t* data, std::size_t size, std::size_t at)
{
    while (at + 1 < size && !(data[at] == 0xff && data[at + 1] != 0xff && data[at + 1] != 0)) {
        ++at;
    }
    return at + 1 < size ? at : size;
}

HeadResult readFrame(const HeadBytes& head, std::size_t at, unsigned marker, PictureHeader& header)
{
    if (!head.has(at, 10)) {
        return HeadResult::endOf(head);
    }
    if (marker == 0xc3 || (marker >= 0xc5 && marker != 0xc9 && marker != 0xca)) {
        return HeadResult::unsupported("lossless or hierarchical JPEG is not read; save it as PNG");
    }
    header.bitDepth = head.data[at + 4];
    header.height = static_cast<int>(head.be(at + 5, 2));
    header.width = static_cast<int>(head.be(at + 7, 2));
    header.channels = head.data[at + 9];
    if (header.bitDepth != 8) {
        return HeadResult::unsupported("JPEG with " + std::to_string(header.bitDepth) +
                                       " bits a sample is not read; save it as 8-bit");
    }
    if (header.channels != 1 && header.channels != 3 && header.channels != 4) {
        return HeadResult::unsupported("JPEG with " + std::to_string(header.channels) + " channels is not read");
    }
    return {};
}

void readApplicationData(const HeadBytes& head, std::size_t at, unsigned marker, PictureHeader& header)
{
    const std::size_t length = head.be(at + 2, 2);
    const std::size_t there = std::min(length, head.size - at - 2);
    if (marker == 0xe1 && there > 8 && head.startsWith("Exif\0\0", 6, at + 4)) {
        header.orientation = exifOrientation(head.data + at + 10, there - 8);
    } else if (marker == 0xe2 && head.startsWith("ICC_PROFILE\0", 12, at + 4)) {
        header.iccProfile = true;
    }
}

} // namespace

HeadResult probeJpeg(const HeadBytes& head, PictureHeader& header)
{
    header.kind = PictureKind::Jpeg;
    std::size_t at = 2;
    while (true) {
        at = nextMarker(head.data, head.size, at);
        if (!head.has(at, 4)) {
            return HeadResult::endOf(head);
        }
        const unsigned marker = head.data[at + 1];
        if (isFrameHeader(marker)) {
            return readFrame(head, at, marker, header);
        }
        if (marker == 0xd9 || marker == 0xda) {
            return HeadResult::bad("damaged: a JPEG without a picture header");
        }
        if (isStandalone(marker)) {
            at += 2;
            continue;
        }
        readApplicationData(head, at, marker, header);
        at += 2 + std::max<std::size_t>(2, head.be(at + 2, 2));
    }
}

bool jpegHasEnd(const std::uint8_t* data, std::size_t size)
{
    std::size_t at = 2;
    while ((at = nextMarker(data, size, at)) < size) {
        const unsigned marker = data[at + 1];
        if (marker == 0xd9) {
            return true;
        }
        if (isStandalone(marker) || at + 4 > size) {
            at += 2;
            continue;
        }
        at += 2 + std::max<std::size_t>(2, (static_cast<std::size_t>(data[at + 2]) << 8) | data[at + 3]);
    }
    return false;
}

int exifOrientation(const std::uint8_t* data, std::size_t size)
{
    const HeadBytes exif{data, size, size};
    const bool little = exif.startsWith("II*\0", 4);
    if (size < 8 || (!little && !exif.startsWith("MM\0*", 4))) {
        return 1;
    }
    const auto read = [&](std::size_t at, int bytes) { return little ? exif.le(at, bytes) : exif.be(at, bytes); };
    const std::size_t directory = read(4, 4);
    if (!exif.has(directory, 2)) {
        return 1;
    }
    const std::size_t entries = read(directory, 2);
    for (std::size_t i = 0; i < entries && exif.has(directory + 2 + i * 12, 12); ++i) {
        const std::size_t entry = directory + 2 + i * 12;
        if (read(entry, 2) == 0x0112) {
            const std::uint32_t value = read(entry + 8, 2);
            return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
        }
    }
    return 1;
}

} // namespace semascope::core
