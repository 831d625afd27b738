#include "core/data/PictureProbe_p.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace semascope::core {

namespace {

/// One directory entry of a TIFF.
struct Entry
{
    std::uint32_t tag = 0, type = 0, count = 0;
    std::size_t valueAt = 0;
};

struct TiffReader
{
    const HeadBytes& head;
    bool little;

    std::uint32_t read(std::size_t at, int bytes) const { return little ? head.le(at, bytes) : head.be(at, bytes); }

    static int width(std::uint32_t type) { return type == 1 || type == 2 ? 1 : type == 3 ? 2 : type == 4 ? 4 : 8; }

    Entry entry(std::size_t at) const
    {
        Entry e{read(at, 2), read(at + 2, 2), read(at + 4, 4), at + 8};
        if (static_cast<std::uint64_t>(e.count) * static_cast<std::uint64_t>(width(e.type)) > 4) {
            e.valueAt = read(at + 8, 4);
        }
        return e;
    }
    /// Value `i` of a BYTE, SHORT or LONG entry; the caller checks that it is there.
    std::uint32_t value(const Entry& e, std::uint32_t i) const
    {
        const int bytes = std::min(4, width(e.type));
        return read(e.valueAt + static_cast<std::size_t>(i) * static_cast<std::size_t>(bytes), bytes);
    }
    bool holds(const Entry& e) const
    {
        return head.has(e.valueAt, static_cast<std::uint64_t>(e.count) * static_cast<std::uint64_t>(width(e.type)));
    }
};

/// What matters of the first directory.
struct TiffFacts
{
    std::uint32_t width = 0, height = 0, bits = 1, samples = 1, format = 1;
    bool alpha = false, icc = false;
    Entry offsets, sizes;
};

void note(const TiffReader& reader, const Entry& e, TiffFacts& facts)
{
    const auto first = [&] { return e.count > 0 && reader.holds(e) ? reader.value(e, 0) : 0u; };
    switch (e.tag) {
    case 256:
        facts.width = first();
        break;
    case 257:
        facts.height = first();
        break;
    case 258:
        facts.bits = first();
        break;
    case 273:
    case 324:
        facts.offsets = e;
        break;
    case 277:
        facts.samples = first();
        break;
    case 279:
    case 325:
        facts.sizes = e;
        break;
    case 338:
        facts.alpha = first() == 1 || first() == 2;
        break;
    case 339:
        facts.format = first();
        break;
    case 34675:
        facts.icc = true;
        break;
    default:
        break;
    }
}

/// libtiff fills what is missing with zeros and says nothing, so that a cut file is found here.
HeadResult checkExtent(const TiffReader& reader, const TiffFacts& facts)
{
    if (facts.offsets.count == 0 || facts.offsets.count != facts.sizes.count) {
        return HeadResult::bad("damaged: a TIFF without picture data");
    }
    if (!reader.holds(facts.offsets) || !reader.holds(facts.sizes)) {
        return HeadResult::endOf(reader.head);
    }
    for (std::uint32_t i = 0; i < facts.offsets.count; ++i) {
        const std::uint64_t end =
            static_cast<std::uint64_t>(reader.value(facts.offsets, i)) + reader.value(facts.sizes, i);
        if (end > reader.head.fileSize) {
            return HeadResult::bad("truncated: shorter than its header says");
        }
    }
    return {};
}

} // namespace

HeadResult probeTiff(const HeadBytes& head, PictureHeader& header)
{
    header.kind = PictureKind::Tiff;
    if (!head.has(0, 8)) {
        return HeadResult::endOf(head);
    }
    const TiffReader reader{head, head.data[0] == 'I'};
    const std::size_t directory = reader.read(4, 4);
    if (!head.has(directory, 2)) {
        return HeadResult::endOf(head);
    }
    const std::size_t entries = reader.read(directory, 2);
    if (!head.has(directory + 2, entries * 12)) {
        return HeadResult::endOf(head);
    }
    TiffFacts facts;
    for (std::size_t i = 0; i < entries; ++i) {
        const Entry e = reader.entry(directory + 2 + i * 12);
        if (e.count > 0 && e.tag < 340 && !reader.holds(e) && e.tag != 273 && e.tag != 279 && !head.complete()) {
            return HeadResult::endOf(head);
        }
        note(reader, e, facts);
    }
    constexpr std::uint32_t kMost = std::numeric_limits<int>::max();
    header.width = static_cast<int>(std::min(facts.width, kMost));
    header.height = static_cast<int>(std::min(facts.height, kMost));
    header.bitDepth = static_cast<int>(std::min(facts.bits, 64u));
    header.channels = static_cast<int>(std::min(facts.samples, 64u));
    header.hasAlpha = facts.alpha;
    header.iccProfile = facts.icc;
    if (facts.format == 3 || facts.bits > 16) {
        return HeadResult::unsupported(
            "TIFF with floating point or 32-bit samples is not read; save it as 8 or 16 bit");
    }
    if (facts.format != 1 || facts.samples > 4) {
        return HeadResult::unsupported("TIFF with signed samples or more than 4 channels is not read");
    }
    return header.width == 0 || header.height == 0 ? HeadResult() : checkExtent(reader, facts);
}

} // namespace semascope::core
