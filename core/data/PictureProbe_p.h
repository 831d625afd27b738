#pragma once
#include "core/data/Picture.h"

#include <cstddef>
#include <string>

namespace semascope::core {

/// The first bytes of a file that may go on beyond them.
struct HeadBytes
{
    const std::uint8_t* data = nullptr;
    std::size_t size = 0;
    std::uint64_t fileSize = 0;

    bool complete() const noexcept { return size >= fileSize; }
    bool has(std::uint64_t at, std::uint64_t count) const noexcept { return count <= size && at <= size - count; }
    bool startsWith(const char* magic, std::size_t length, std::size_t at = 0) const noexcept;
    /// Callers check has() first.
    std::uint32_t be(std::size_t at, int bytes) const noexcept;
    std::uint32_t le(std::size_t at, int bytes) const noexcept;
};

/// How a look at a header ended. `reason` is a clause without full stop.
struct HeadResult
{
    enum class Kind { Ok, NeedMore, Bad, Unsupported };
    Kind kind = Kind::Ok;
    std::string reason;

    static HeadResult bad(const std::string& why) { return {Kind::Bad, why}; }
    static HeadResult unsupported(const std::string& why) { return {Kind::Unsupported, why}; }
    /// The header ends beyond what is here: ask for more, or report a cut file.
    static HeadResult endOf(const HeadBytes& head);
};

/// Decides by magic bytes, reads the header, applies the limits.
HeadResult probeHead(const HeadBytes& head, const PictureLimits& limits, PictureHeader& header);

HeadResult probeJpeg(const HeadBytes& head, PictureHeader& header);
HeadResult probePng(const HeadBytes& head, PictureHeader& header);
HeadResult probeWebP(const HeadBytes& head, PictureHeader& header);
HeadResult probeBmp(const HeadBytes& head, PictureHeader& header);
HeadResult probeTiff(const HeadBytes& head, PictureHeader& header);
HeadResult probePnm(const HeadBytes& head, PictureHeader& header);

/// A PNM header: where the samples begin, and how they are written.
struct PnmLayout
{
    int type = 0; ///< 1..6, the digit after P
    std::uint32_t width = 0, height = 0, maxValue = 1;
    std::size_t dataStart = 0;

    int channels() const noexcept { return type == 3 || type == 6 ? 3 : 1; }
};
HeadResult parsePnm(const HeadBytes& head, PnmLayout& layout);

/// Orientation 1..8 from a TIFF-shaped EXIF block; 1 when there is none.
int exifOrientation(const std::uint8_t* data, std::size_t size);
/// Whether the JPEG's scans run up to an end-of-image marker.
bool jpegHasEnd(const std::uint8_t* data, std::size_t size);
/// What a file that is no known picture seems to be.
HeadResult explainUnknown(const HeadBytes& head);

/// Why a file cannot be used as a picture, empty when its header is fine and its end is there. Reads little. Never
/// throws.
struct FileVerdict
{
    std::string reason;
    PictureHeader header;
    std::uint64_t size = 0;
    std::int64_t modified = 0;
};
FileVerdict checkPictureFile(const std::string& path, const PictureLimits& limits);

} // namespace semascope::core
