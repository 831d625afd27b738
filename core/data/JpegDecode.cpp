#include "core/data/PictureDecode_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

namespace semascope::core {

namespace {

constexpr int kMaxScans = 500;
constexpr double kMaxBlockPasses = 6e8; // some seconds of work

/// libjpeg's state with what its callbacks write. Plain data: longjmp must not skip a destructor, so every call of
/// libjpeg sits in a function of its own that has no C++ objects.
struct Jpeg
{
    jpeg_decompress_struct info;
    jpeg_error_mgr errors;
    jpeg_progress_mgr progress;
    jpeg_source_mgr source;
    std::jmp_buf escape;
    char message[JMSG_LENGTH_MAX];
    bool tooManyScans;
    bool ended;
    long damage;
    JOCTET endMarker[2];
};

Jpeg& ownerOf(j_common_ptr info)
{
    return *static_cast<Jpeg*>(info->client_data);
}

[[noreturn]] void onError(j_common_ptr info)
{
    Jpeg& jpeg = ownerOf(info);
    jpeg.errors.format_message(info, jpeg.message);
    std::longjmp(jpeg.escape, 1);
}

void onMessage(j_common_ptr info, int level)
{
    if (level >= 0) {
        return; // tracing
    }
    Jpeg& jpeg = ownerOf(info);
    // Complaints about labels, not about the picture.
    const int code = jpeg.errors.msg_code;
    if (code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR || code == JWRN_BOGUS_ICC) {
        return;
    }
    if (jpeg.damage++ == 0) {
        jpeg.errors.format_message(info, jpeg.message);
    }
}

void onProgress(j_common_ptr info)
{
    Jpeg& jpeg = ownerOf(info);
    const double blocks = static_cast<double>(jpeg.info.image_width) * jpeg.info.image_height / 64;
    if (jpeg.info.input_scan_number > kMaxScans || jpeg.info.input_scan_number * blocks > kMaxBlockPasses) {
        jpeg.tooManyScans = true;
        std::longjmp(jpeg.escape, 1);
    }
}

void onSourceStart(j_decompress_ptr) {}
void onSourceEnd(j_decompress_ptr) {}

boolean onSourceEmpty(j_decompress_ptr info)
{
    Jpeg& jpeg = ownerOf(reinterpret_cast<j_common_ptr>(info));
    jpeg.ended = true;
    jpeg.endMarker[0] = 0xff;
    jpeg.endMarker[1] = JPEG_EOI;
    jpeg.source.next_input_byte = jpeg.endMarker;
    jpeg.source.bytes_in_buffer = 2;
    return TRUE;
}

void onSourceSkip(j_decompress_ptr info, long count)
{
    jpeg_source_mgr& source = *info->src;
    if (count <= 0) {
        return;
    }
    if (static_cast<std::size_t>(count) >= source.bytes_in_buffer) {
        onSourceEmpty(info);
        return;
    }
    source.next_input_byte += count;
    source.bytes_in_buffer -= static_cast<std::size_t>(count);
}

void prepare(Jpeg& jpeg, const std::vector<std::uint8_t>& bytes)
{
    std::memset(&jpeg, 0, sizeof jpeg);
    jpeg.info.err = jpeg_std_error(&jpeg.errors);
    jpeg.errors.error_exit = onError;
    jpeg.errors.emit_message = onMessage;
    jpeg.progress.progress_monitor = onProgress;
    jpeg.source.init_source = onSourceStart;
    jpeg.source.fill_input_buffer = onSourceEmpty;
    jpeg.source.skip_input_data = onSourceSkip;
    jpeg.source.resync_to_restart = jpeg_resync_to_restart;
    jpeg.source.term_source = onSourceEnd;
    jpeg.source.next_input_byte = bytes.data();
    jpeg.source.bytes_in_buffer = bytes.size();
}

bool readHeader(Jpeg& jpeg)
{
    if (setjmp(jpeg.escape) != 0) {
        return false;
    }
    jpeg.info.client_data = &jpeg;
    jpeg_create_decompress(&jpeg.info);
    jpeg.info.client_data = &jpeg;
    jpeg.info.src = &jpeg.source;
    jpeg.info.progress = &jpeg.progress;
    return jpeg_read_header(&jpeg.info, TRUE) == JPEG_HEADER_OK;
}

bool start(Jpeg& jpeg)
{
    if (setjmp(jpeg.escape) != 0) {
        return false;
    }
    return jpeg_start_decompress(&jpeg.info) != 0;
}

/// Decodes one row; false when libjpeg gave up.
bool readRow(Jpeg& jpeg, JSAMPLE* row)
{
    if (setjmp(jpeg.escape) != 0) {
        return false;
    }
    return jpeg_read_scanlines(&jpeg.info, &row, 1) == 1;
}

/// Reads up to the end marker, so that damage behind the last row counts too.
bool finish(Jpeg& jpeg)
{
    if (setjmp(jpeg.escape) != 0) {
        return false;
    }
    return jpeg_finish_decompress(&jpeg.info) != 0;
}

struct JpegGuard
{
    Jpeg& jpeg;
    ~JpegGuard() { jpeg_destroy_decompress(&jpeg.info); }
};

[[noreturn]] void fail(const Jpeg& jpeg)
{
    if (jpeg.tooManyScans) {
        throw Error(Code::Unsupported, "too costly: a progressive JPEG with far too many scans; save it again");
    }
    if (jpeg.ended) {
        throw Error(Code::BadFormat, "truncated (no end marker)");
    }
    throw Error(Code::BadFormat, std::string("damaged: ") + jpeg.message);
}

/// Rounded x·y/255 for 0..255.
std::uint8_t scaled(unsigned x, unsigned y)
{
    const unsigned t = x * y + 128;
    return static_cast<std::uint8_t>(((t >> 8) + t) >> 8);
}

/// Adobe writes inks inverted; others do not. Each colour is what its ink and black let through.
void inksToRgb(const JSAMPLE* from, std::uint8_t* to, std::size_t width, bool inverted)
{
    for (std::size_t x = 0; x < width; ++x, from += 4, to += 3) {
        const unsigned light = inverted ? from[3] : 255u - from[3];
        for (int c = 0; c < 3; ++c) {
            to[c] = scaled(inverted ? from[c] : 255u - from[c], light);
        }
    }
}

int chooseScale(const Jpeg& jpeg, int atLeast)
{
    const auto longer = static_cast<int>(std::max(jpeg.info.image_width, jpeg.info.image_height));
    int denominator = 1;
    while (atLeast > 0 && denominator < 8 && longer / (denominator * 2) >= atLeast) {
        denominator *= 2;
    }
    return denominator;
}

/// Decodes all rows. Returns whether libjpeg reached the end.
bool readRows(Jpeg& jpeg, Picture& picture)
{
    const bool inks = jpeg.info.out_color_space == JCS_CMYK;
    const auto width = static_cast<std::size_t>(jpeg.info.output_width);
    std::vector<JSAMPLE> inkRow(inks ? width * 4 : 0);
    for (std::size_t y = 0; y < jpeg.info.output_height; ++y) {
        std::uint8_t* row = picture.pixels.data() + y * width * 3;
        if (!readRow(jpeg, inks ? inkRow.data() : row)) {
            return false;
        }
        if (inks) {
            inksToRgb(inkRow.data(), row, width, jpeg.info.saw_Adobe_marker != 0);
        }
    }
    return finish(jpeg);
}

} // namespace

Picture decodeJpeg(const std::vector<std::uint8_t>& bytes, const JpegRequest& request, const PictureLimits& limits)
{
    Jpeg jpeg;
    prepare(jpeg, bytes);
    const JpegGuard guard{jpeg};
    if (!readHeader(jpeg)) {
        fail(jpeg);
    }
    // The gate has read the same header; libjpeg's word is the one that counts for memory.
    const std::uint64_t pixels = static_cast<std::uint64_t>(jpeg.info.image_width) * jpeg.info.image_height;
    if (pixels == 0 || pixels > limits.maxPixels) {
        throw Error(Code::Unsupported, "too large: over " + std::to_string(limits.maxPixels) + " pixels");
    }
    const J_COLOR_SPACE space = jpeg.info.jpeg_color_space;
    jpeg.info.out_color_space = space == JCS_CMYK || space == JCS_YCCK ? JCS_CMYK : JCS_RGB;
    jpeg.info.scale_num = 1;
    jpeg.info.scale_denom = static_cast<unsigned>(chooseScale(jpeg, request.atLeast));
    if (!start(jpeg)) {
        fail(jpeg);
    }
    Picture picture{static_cast<int>(jpeg.info.output_width), static_cast<int>(jpeg.info.output_height), 3, {}};
    picture.pixels.assign(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3, 128);
    const bool whole = readRows(jpeg, picture);
    if (!request.lenient && (!whole || jpeg.damage > 0 || jpeg.ended)) {
        fail(jpeg);
    }
    return picture;
}

} // namespace semascope::core
