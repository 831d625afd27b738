#include "core/data/PictureProbe_p.h"
#include "core/data/Text_p.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace semascope::core {

namespace {

struct Magic
{
    std::size_t at;
    std::string_view bytes;
    const char* reason;
};

using namespace std::string_view_literals;
constexpr Magic kKnown[] = {
    {0, "GIF87a"sv, "GIF is not read; save it as PNG"},
    {0, "GIF89a"sv, "GIF is not read; save it as PNG"},
    {0, "version https://git-lfs"sv, "a Git-LFS pointer, not the picture; run 'git lfs pull'"},
    {0, "%PDF-"sv, "a PDF document, not a picture"},
    {128, "DICM"sv, "DICOM is not read; convert it to PNG"},
    {0, "\x89HDF\r\n\x1a\n"sv, "an HDF5 file, not a picture"},
    {0, "II+\0"sv, "BigTIFF is not read; save it as TIFF or PNG"},
    {0, "MM\0+"sv, "BigTIFF is not read; save it as TIFF or PNG"},
    {0, "\0\0\0\x0cjP  "sv, "JPEG 2000 is not read; convert it to PNG"},
    {0, "\xff\x4f\xff\x51"sv, "JPEG 2000 is not read; convert it to PNG"},
    {0, "\0\0\0\x0cJXL "sv, "JPEG XL is not read; convert it to PNG"},
    {0, "\xff\x0a"sv, "JPEG XL is not read; convert it to PNG"},
    {4, "ftypavi"sv, "AVIF is not read; convert it to PNG"},
    {4, "ftyphei"sv, "HEIC is not read; convert it to JPEG or PNG"},
    {4, "ftypmif1"sv, "HEIC is not read; convert it to JPEG or PNG"},
    {4, "ftyp"sv, "a video, not a picture"},
    {0, "8BPS"sv, "a Photoshop document is not read; save it as PNG"},
    {0, "v/1\x01"sv, "OpenEXR is not read; convert it to PNG"},
    {0, "#?RADIANCE"sv, "Radiance HDR is not read; convert it to PNG"},
    {0, "\0\0\x01\0"sv, "an icon (ICO) is not read; convert it to PNG"},
    {0, "\x93NUMPY"sv, "a NumPy array, not a picture; open it by itself"},
    {0, "SQLite format 3"sv, "an SQLite database, not a picture"},
    {0, "PK\x03\x04"sv, "a ZIP archive, not a picture"},
    {0, "\x1f\x8b"sv, "a gzip archive, not a picture"},
    {0, "7z\xbc\xaf"sv, "a 7-Zip archive, not a picture"},
    {0,
     "\x7f"
     "ELF"sv,
     "a program, not a picture"},
    {0, "P7\n"sv, "PAM is not read; convert it to PNG"},
    {0, "PF\n"sv, "PFM is not read; convert it to PNG"},
    {0, "Pf\n"sv, "PFM is not read; convert it to PNG"},
    {0, "BM"sv, "truncated (ends inside its header)"},
    {0, "\x89PNG"sv, "a damaged PNG: its first bytes were changed in transfer"},
    {0, "\xff\xd8"sv, "truncated or damaged: a JPEG that ends at once"},
};

HeadResult explainText(std::string_view text)
{
    const std::string start = lowerAscii(text.substr(0, 4096));
    const std::string_view first = trimmed(std::string_view(start).substr(start.rfind("\xef\xbb\xbf", 0) == 0 ? 3 : 0));
    if (first.rfind("<svg", 0) == 0 || (first.rfind("<?xml", 0) == 0 && first.find("<svg") != std::string_view::npos)) {
        return HeadResult::unsupported("SVG is not read; export it as PNG");
    }
    if (first.rfind("<!doctype html", 0) == 0 || first.rfind("<html", 0) == 0 || first.rfind("<head", 0) == 0) {
        return HeadResult::bad("an HTML page, not a picture: the download failed");
    }
    return HeadResult::bad("a text file, not a picture");
}

bool looksLikeText(std::string_view bytes)
{
    const auto odd = std::count_if(bytes.begin(), bytes.end(), [](char ch) {
        const auto c = static_cast<unsigned char>(ch);
        return (c < 0x20 && std::strchr("\t\r\n\f\v\x1b", ch) == nullptr) || c == 0;
    });
    return odd == 0 && (validUtf8(bytes.substr(0, bytes.size() > 512 ? 256 : bytes.size())) || bytes.size() > 512);
}

} // namespace

HeadResult explainUnknown(const HeadBytes& head)
{
    if (head.fileSize == 0) {
        return HeadResult::bad("empty (0 bytes)");
    }
    const std::string_view bytes(reinterpret_cast<const char*>(head.data), std::min<std::size_t>(head.size, 4096));
    for (const Magic& magic : kKnown) {
        if (bytes.size() >= magic.at && bytes.substr(magic.at).substr(0, magic.bytes.size()) == magic.bytes) {
            return HeadResult::unsupported(magic.reason);
        }
    }
    return looksLikeText(bytes) ? explainText(bytes) : HeadResult::bad("not a picture of a known kind");
}

} // namespace semascope::core
