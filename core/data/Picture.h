#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

/// A decoded picture: height×width×channels bytes, channels 3 (RGB) or 4 (RGBA, not premultiplied).
struct Picture
{
    int width = 0;
    int height = 0;
    int channels = 3;
    std::vector<std::uint8_t> pixels;
    bool indexed = false; ///< stored as a palette or as one bit: Pillow resizes such a picture by the nearest pixel

    bool empty() const noexcept { return pixels.empty(); }
};

enum class PictureKind { Unknown, Jpeg, Png, WebP, Bmp, Tiff, Pnm, Gif };

/// What the header of a picture file says, before a pixel is decoded.
struct PictureHeader
{
    PictureKind kind = PictureKind::Unknown;
    int width = 0;
    int height = 0;
    int channels = 0; ///< as stored
    int bitDepth = 8;
    bool hasAlpha = false;
    int orientation = 1; ///< EXIF, 1..8
    bool iccProfile = false;
    bool indexed = false; ///< palette or one bit
};

struct PictureLimits
{
    std::uint64_t maxPixels = 178'956'970; ///< Pillow's error limit
    std::uint64_t maxFileBytes = 512ull << 20;
    int maxSide = 65'535;
};

/// Reads a file's bytes for decoding: opened without blocking, a regular file, not over the size limit.
/// `path` is bytes as the file system has them. Throws Error(NotFound | Io | BadFormat).
std::vector<std::uint8_t> readRegularFile(const std::string& path,
                                          std::uint64_t maxBytes = PictureLimits{}.maxFileBytes);

/// Looks at magic bytes and header only. Throws Error(BadFormat | Unsupported) with the reason: unknown kind, GIF, a
/// Git-LFS pointer, too many pixels, no pixels.
PictureHeader probePicture(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits = {});

/// RGB exactly as the reference CLIP pipelines get it: EXIF ignored, alpha dropped, 16 bit / 257, full size.
/// Throws Error(BadFormat | Unsupported | OutOfMemory) with a clause without the file's name and full stop, such as
/// "truncated (no end marker)".
Picture decodeForModel(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits = {});

/// The same before it is made RGB: alpha kept as a fourth channel, `indexed` told. For pipelines that resize first and
/// convert last (OpenAI's). Throws as decodeForModel.
Picture decodeAsStored(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits = {});

/// What a person should see: EXIF honoured, alpha kept (channels 4 when there is any), scaled down while decoding so
/// that the longer side is close above `maxSide` (0 = full size) and then to it. A truncated picture is shown as far as
/// it goes. Throws as decodeForModel.
Picture decodeForEye(const std::vector<std::uint8_t>& bytes, int maxSide, const PictureLimits& limits = {});

} // namespace semascope::core
