#pragma once
#include "core/data/Picture.h"

namespace semascope::core {

/// How a JPEG is decoded.
struct JpegRequest
{
    int atLeast = 0;      ///< shrink by 2, 4 or 8 in the DCT while the longer side stays at least this; 0 = full size
    bool lenient = false; ///< keep what a damaged file gives
};
/// RGB, orientation not applied. Throws Error(BadFormat | Unsupported).
Picture decodeJpeg(const std::vector<std::uint8_t>& bytes, const JpegRequest& request, const PictureLimits& limits);

/// RGB, orientation not applied. Throws Error(BadFormat).
Picture decodePnm(const std::vector<std::uint8_t>& bytes);

/// The kinds that OpenCV reads. RGB, or RGBA when `keepAlpha` and there is any.
Picture decodeWithOpenCv(const std::vector<std::uint8_t>& bytes, const PictureHeader& header, bool keepAlpha);

/// Checks the chunks of a PNG, whose header has been read, against their checksums, so that libpng, which prints what
/// it finds, meets sound files only. Returns the PNG without what does not matter for its pixels; nothing when it can
/// be decoded as it is. Throws Error(BadFormat).
std::vector<std::uint8_t> plainPng(const std::vector<std::uint8_t>& bytes);
/// A PNG whose undamaged rows are kept and the rest is empty; empty when nothing can be saved.
std::vector<std::uint8_t> repairedPng(const std::vector<std::uint8_t>& bytes, const PictureHeader& header);

/// Scaled down so that the longer side is `maxSide`, by averaging areas; unchanged when it is not longer. Colours are
/// weighted by alpha, so that what is hidden does not shine through.
Picture shrunk(Picture picture, int maxSide);
/// Turned and mirrored as EXIF orientation 1..8 asks.
Picture oriented(Picture picture, int orientation);

} // namespace semascope::core
