#include "core/data/PictureDecode_p.h"
#include "core/data/PictureProbe_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <limits>

namespace semascope::core {

namespace {

bool isSpace(std::uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Skips white space and comments up to the end of line.
std::size_t skipSpace(const HeadBytes& head, std::size_t at)
{
    while (at < head.size && (isSpace(head.data[at]) || head.data[at] == '#')) {
        if (head.data[at] == '#') {
            while (at < head.size && head.data[at] != '\n' && head.data[at] != '\r') {
                ++at;
            }
        } else {
            ++at;
        }
    }
    return at;
}

/// A decimal number at `at`, which moves behind it; false when there is none or it is too large.
bool readNumber(const HeadBytes& head, std::size_t& at, std::uint32_t& value)
{
    at = skipSpace(head, at);
    const std::size_t begin = at;
    std::uint64_t number = 0;
    while (at < head.size && head.data[at] >= '0' && head.data[at] <= '9' && number <= 0xffffffffu) {
        number = number * 10 + (head.data[at++] - '0');
    }
    value = static_cast<std::uint32_t>(number);
    return at > begin && number <= std::numeric_limits<int>::max();
}

std::uint64_t rawBytes(const PnmLayout& layout)
{
    if (layout.type == 4) {
        return (static_cast<std::uint64_t>(layout.width) + 7) / 8 * layout.height;
    }
    const std::uint64_t samples =
        static_cast<std::uint64_t>(layout.width) * layout.height * static_cast<std::uint64_t>(layout.channels());
    return samples * (layout.maxValue > 255 ? 2 : 1);
}

/// Reads the samples one after the other, scaled to 0..255 and rounded.
class SampleReader
{
public:
    SampleReader(const HeadBytes& head, const PnmLayout& layout)
        : m_head(head), m_layout(layout), m_at(layout.dataStart)
    {}

    std::uint8_t next(std::uint32_t x)
    {
        switch (m_layout.type) {
        case 1:
            return bit() ? 0 : 255;
        case 4:
            return packedBit(x) ? 0 : 255;
        case 2:
        case 3:
            return scaled(decimal());
        default:
            return scaled(binary());
        }
    }

private:
    std::uint8_t byte()
    {
        if (m_at >= m_head.size) {
            throw Error(Code::BadFormat, "truncated: shorter than its header says");
        }
        return m_head.data[m_at++];
    }
    std::uint32_t binary()
    {
        const std::uint32_t high = byte();
        return m_layout.maxValue > 255 ? (high << 8) | byte() : high;
    }
    std::uint32_t decimal()
    {
        std::uint32_t value = 0;
        if (!readNumber(m_head, m_at, value)) {
            throw Error(Code::BadFormat, "truncated or damaged: a number is missing");
        }
        return value;
    }
    bool bit()
    {
        m_at = skipSpace(m_head, m_at);
        return byte() == '1';
    }
    bool packedBit(std::uint32_t x)
    {
        if (x % 8 == 0) {
            m_bits = byte();
        }
        return ((m_bits >> (7 - x % 8)) & 1) != 0;
    }
    std::uint8_t scaled(std::uint32_t value) const
    {
        const std::uint64_t most = m_layout.maxValue;
        return static_cast<std::uint8_t>((std::min<std::uint64_t>(value, most) * 255 * 2 + most) / (most * 2));
    }

    const HeadBytes& m_head;
    const PnmLayout& m_layout;
    std::size_t m_at;
    std::uint8_t m_bits = 0;
};

} // namespace

HeadResult parsePnm(const HeadBytes& head, PnmLayout& layout)
{
    layout.type = head.data[1] - '0';
    std::size_t at = 2;
    const bool sized = readNumber(head, at, layout.width) && readNumber(head, at, layout.height);
    const bool bitmap = layout.type == 1 || layout.type == 4;
    if (!sized || (!bitmap && !readNumber(head, at, layout.maxValue))) {
        return at >= head.size ? HeadResult::endOf(head) : HeadResult::bad("damaged: a PNM with an unreadable header");
    }
    if (layout.maxValue == 0 || layout.maxValue > 65535) {
        return HeadResult::bad("damaged: a PNM with a maximum of " + std::to_string(layout.maxValue));
    }
    layout.dataStart = at + 1; // exactly one white space
    return layout.dataStart > head.size && !head.complete() ? HeadResult::endOf(head) : HeadResult();
}

HeadResult probePnm(const HeadBytes& head, PictureHeader& header)
{
    header.kind = PictureKind::Pnm;
    PnmLayout layout;
    const HeadResult result = parsePnm(head, layout);
    if (result.kind != HeadResult::Kind::Ok) {
        return result;
    }
    header.width = static_cast<int>(layout.width);
    header.height = static_cast<int>(layout.height);
    header.channels = layout.channels();
    header.bitDepth = layout.maxValue > 255 ? 16 : 8;
    const std::uint64_t pixels = static_cast<std::uint64_t>(layout.width) * layout.height;
    const bool reasonable = pixels <= (std::uint64_t{1} << 40);
    const std::uint64_t needed = layout.type >= 4 ? rawBytes(layout) : pixels;
    if (reasonable && layout.dataStart + needed > head.fileSize) {
        // A picture over the limits should be told so rather than called cut.
        return pixels > PictureLimits{}.maxPixels ? HeadResult()
                                                  : HeadResult::bad("truncated: shorter than its header says");
    }
    return {};
}

Picture decodePnm(const std::vector<std::uint8_t>& bytes)
{
    const HeadBytes head{bytes.data(), bytes.size(), bytes.size()};
    PnmLayout layout;
    const HeadResult result = parsePnm(head, layout);
    if (result.kind != HeadResult::Kind::Ok) {
        throw Error(Code::BadFormat, result.reason);
    }
    Picture picture{static_cast<int>(layout.width), static_cast<int>(layout.height), 3, {}};
    picture.pixels.resize(static_cast<std::size_t>(layout.width) * layout.height * 3);
    SampleReader reader(head, layout);
    std::uint8_t* to = picture.pixels.data();
    for (std::uint32_t y = 0; y < layout.height; ++y) {
        for (std::uint32_t x = 0; x < layout.width; ++x, to += 3) {
            to[0] = reader.next(x);
            to[1] = layout.channels() == 3 ? reader.next(x) : to[0];
            to[2] = layout.channels() == 3 ? reader.next(x) : to[0];
        }
    }
    return picture;
}

} // namespace semascope::core
