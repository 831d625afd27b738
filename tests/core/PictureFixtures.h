#pragma once
#include "core/data/Picture.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace fixtures {

using Bytes = std::vector<std::uint8_t>;

inline void writeFile(const std::string& path, const void* data, std::size_t size)
{
    std::ofstream out(path, std::ios::binary);
    out.write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
}
inline void writeFile(const std::string& path, const std::string& text)
{
    writeFile(path, text.data(), text.size());
}
inline void writeFile(const std::string& path, const Bytes& bytes)
{
    writeFile(path, bytes.data(), bytes.size());
}

/// A picture without symmetry: red grows to the right, green downwards, with a little texture in blue.
inline cv::Mat gradient(int width, int height, int type = CV_8UC3)
{
    cv::Mat m(height, width, CV_8UC3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            m.at<cv::Vec3b>(y, x) = {static_cast<uchar>((x * 7 + y * 13) % 64), static_cast<uchar>(255 * y / height),
                                     static_cast<uchar>(255 * x / width)};
        }
    }
    if (type == CV_8UC3) {
        return m;
    }
    cv::Mat converted;
    m.convertTo(converted, type, type == CV_16UC3 ? 257.0 : 1.0);
    return converted;
}

inline Bytes encoded(const cv::Mat& picture, const char* extension, const std::vector<int>& options = {})
{
    Bytes bytes;
    cv::imencode(extension, picture, bytes, options);
    return bytes;
}
inline Bytes jpeg(int width, int height)
{
    return encoded(gradient(width, height), ".jpg");
}

/// Puts an EXIF block with this orientation behind the start marker.
inline Bytes withOrientation(const Bytes& picture, int orientation)
{
    const Bytes exif = {0xff,
                        0xe1,
                        0,
                        34,
                        'E',
                        'x',
                        'i',
                        'f',
                        0,
                        0,
                        'I',
                        'I',
                        42,
                        0,
                        8,
                        0,
                        0,
                        0,
                        1,
                        0,
                        0x12,
                        0x01,
                        3,
                        0,
                        1,
                        0,
                        0,
                        0,
                        static_cast<std::uint8_t>(orientation),
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0};
    Bytes bytes(picture.begin(), picture.begin() + 2);
    bytes.insert(bytes.end(), exif.begin(), exif.end());
    bytes.insert(bytes.end(), picture.begin() + 2, picture.end());
    return bytes;
}

inline Bytes bigEndian(std::initializer_list<std::uint32_t> numbers)
{
    Bytes bytes;
    for (const std::uint32_t n : numbers) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<std::uint8_t>(n >> shift));
        }
    }
    return bytes;
}

} // namespace fixtures
