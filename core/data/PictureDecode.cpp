#include "core/data/PictureDecode_p.h"
#include "core/job/Error.h"

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

namespace semascope::core {

namespace {

/// 16 bit to 8: v/257 rounded, so that 65535 is 255 and every 8-bit value comes back.
inline std::uint8_t toByte(std::uint16_t v)
{
    return static_cast<std::uint8_t>((v + 128u) / 257u);
}
inline std::uint8_t toByte(std::uint8_t v)
{
    return v;
}

/// OpenCV's BGR(A) or grey to RGB(A).
template<class T> void copyPixels(const cv::Mat& from, Picture& to)
{
    const int given = from.channels();
    std::uint8_t* out = to.pixels.data();
    for (int y = 0; y < from.rows; ++y) {
        const T* in = from.ptr<T>(y);
        for (int x = 0; x < from.cols; ++x, in += given, out += to.channels) {
            out[0] = toByte(in[given >= 3 ? 2 : 0]);
            out[1] = toByte(in[given >= 3 ? 1 : 0]);
            out[2] = toByte(in[0]);
            if (to.channels == 4) {
                out[3] = toByte(in[3]);
            }
        }
    }
}

/// Every damaged file would be reported on stderr too; our reason says it once.
void silenceOpenCv()
{
    static const auto before = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    static_cast<void>(before);
}

cv::Mat decodeMat(const std::vector<std::uint8_t>& bytes)
{
    silenceOpenCv();
    const cv::Mat raw(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::uint8_t*>(bytes.data())); // NOLINT
    try {
        return cv::imdecode(raw, cv::IMREAD_UNCHANGED | cv::IMREAD_IGNORE_ORIENTATION);
    } catch (const cv::Exception& e) {
        if (e.code == cv::Error::StsNoMem) {
            throw Error(Code::OutOfMemory, "too large for the memory there is");
        }
        return {};
    }
}

Picture decodePng(const std::vector<std::uint8_t>& bytes, const PictureHeader& header, bool keepAlpha)
{
    const std::vector<std::uint8_t> plain = plainPng(bytes);
    return decodeWithOpenCv(plain.empty() ? bytes : plain, header, keepAlpha);
}

} // namespace

Picture decodeWithOpenCv(const std::vector<std::uint8_t>& bytes, const PictureHeader& header, bool keepAlpha)
{
    const cv::Mat mat = decodeMat(bytes);
    if (mat.empty()) {
        throw Error(Code::BadFormat, "truncated or damaged: its picture data cannot be read");
    }
    const int channels = mat.channels();
    if ((mat.depth() != CV_8U && mat.depth() != CV_16U) || (channels != 1 && channels != 3 && channels != 4)) {
        throw Error(Code::Unsupported, "its kind of samples is not read; save it with 8 bits a channel");
    }
    Picture picture{mat.cols, mat.rows, keepAlpha && header.hasAlpha && channels == 4 ? 4 : 3, {}};
    picture.pixels.resize(mat.total() * static_cast<std::size_t>(picture.channels));
    if (mat.depth() == CV_8U) {
        copyPixels<std::uint8_t>(mat, picture);
    } else {
        copyPixels<std::uint16_t>(mat, picture);
    }
    return picture;
}

namespace {

Picture decodeFull(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits, bool asStored)
{
    const PictureHeader header = probePicture(bytes, limits);
    // a colour that a chunk declares transparent is no alpha channel to Pillow
    const bool keepAlpha = asStored && (header.channels == 2 || header.channels == 4);
    Picture picture;
    switch (header.kind) {
    case PictureKind::Jpeg:
        return decodeJpeg(bytes, {}, limits);
    case PictureKind::Pnm:
        return decodePnm(bytes);
    case PictureKind::Png:
        picture = decodePng(bytes, header, keepAlpha);
        break;
    default:
        picture = decodeWithOpenCv(bytes, header, keepAlpha);
    }
    picture.indexed = header.indexed;
    return picture;
}

} // namespace

Picture decodeForModel(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits)
{
    return decodeFull(bytes, limits, false);
}

Picture decodeAsStored(const std::vector<std::uint8_t>& bytes, const PictureLimits& limits)
{
    return decodeFull(bytes, limits, true);
}

Picture decodeForEye(const std::vector<std::uint8_t>& bytes, int maxSide, const PictureLimits& limits)
{
    const PictureHeader header = probePicture(bytes, limits);
    Picture picture;
    if (header.kind == PictureKind::Jpeg) {
        picture = decodeJpeg(bytes, {maxSide, true}, limits);
    } else if (header.kind == PictureKind::Pnm) {
        picture = decodePnm(bytes);
    } else if (header.kind == PictureKind::Png) {
        try {
            picture = decodePng(bytes, header, true);
        } catch (const Error& e) {
            const std::vector<std::uint8_t> repaired = repairedPng(bytes, header);
            if (e.code() != Code::BadFormat || repaired.empty()) {
                throw;
            }
            picture = decodePng(repaired, header, true);
        }
    } else {
        picture = decodeWithOpenCv(bytes, header, true);
    }
    return oriented(shrunk(std::move(picture), maxSide), header.orientation);
}

} // namespace semascope::core
