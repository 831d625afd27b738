#include "core/data/Arrays_p.h"
#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/data/Text_p.h"
#include "core/job/JobContext.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace semascope::core {

namespace {

bool isFloat(const NpyHeader& header)
{
    return header.type == ElementType::F16 || header.type == ElementType::F32 || header.type == ElementType::F64;
}

bool isVectors(const NpyHeader& header)
{
    return isFloat(header) && header.shape.size() == 2;
}

bool isPictures(const NpyHeader& header)
{
    return header.type == ElementType::U8 && (header.shape.size() == 3 || header.shape.size() == 4);
}

/// The name of the only array in the file that fits. Throws Error(BadFormat) naming what is there.
std::string arrayThat(const std::string& path, bool (*fits)(const NpyHeader&), const char* wanted)
{
    std::vector<std::string> names;
    for (const ArrayListing& listing : listArrays(path)) {
        if (fits(listing.header)) {
            names.push_back(listing.name);
        }
    }
    if (names.empty()) {
        throw Error(Code::BadFormat, quoted(path) + " holds no " + wanted + ".");
    }
    if (names.size() > 1) {
        throw Error(Code::BadFormat, quoted(path) + " holds several such arrays (" + shownPath(names[0]) + ", " +
                                         shownPath(names[1]) + "…); save the one you mean by itself.");
    }
    return names[0];
}

void noteOddRows(const Matrix& x, Dataset& data)
{
    const std::size_t bad = x.rows() - finiteRows(x).size();
    if (bad > 0) {
        data.notes.push_back(counted(bad, "row holds", "rows hold") + " NaN, Inf or numbers over 1e18; results leave " +
                             (bad == 1 ? "it" : "them") + " out.");
    }
    std::size_t zero = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
        zero += std::all_of(x.row(i), x.row(i) + x.cols(), [](float v) { return v == 0; }) ? 1u : 0u;
    }
    if (zero > 0) {
        data.notes.push_back(counted(zero, "row is", "rows are") + " all zero and " + (zero == 1 ? "has" : "have") +
                             " no direction.");
    }
}

/// How pictures lie in an array.
struct Layout4
{
    std::size_t count = 0, height = 0, width = 0, channels = 1;
    bool planar = false; ///< n×C×H×W
};

Layout4 layoutOf(const Array& a, const std::string& name, Dataset& data)
{
    const std::vector<std::size_t>& s = a.shape;
    Layout4 layout{s[0], s[1], s[2], 1, false};
    if (s.size() == 3) {
        data.notes.push_back("The pictures are grey: " + std::to_string(s[0]) + " of " + std::to_string(s[2]) + "x" +
                             std::to_string(s[1]) + ".");
    } else if (s[3] == 3 || s[3] == 1) {
        layout.channels = s[3];
    } else if (s[1] == 3 || s[1] == 1) {
        layout = {s[0], s[2], s[3], s[1], true};
        data.notes.push_back("The array has its channels first (n, C, H, W).");
    } else {
        throw Error(Code::Unsupported, name + " has pictures of neither 1 nor 3 channels; save them as n×H×W×3.");
    }
    const PictureLimits limits;
    if (layout.width == 0 || layout.height == 0 || layout.width > static_cast<std::size_t>(limits.maxSide) ||
        layout.height > static_cast<std::size_t>(limits.maxSide)) {
        throw Error(Code::Unsupported, name + " has pictures without pixels or with a side over 65535.");
    }
    return layout;
}

std::vector<std::uint8_t> interleaved(const std::uint8_t* from, const Layout4& layout, JobContext& job)
{
    const std::size_t area = layout.height * layout.width;
    std::vector<std::uint8_t> pixels(layout.count * area * 3);
    std::uint8_t* to = pixels.data();
    for (std::size_t i = 0; i < layout.count; ++i) {
        if (i % 1024 == 0) {
            job.checkpoint();
            job.progress("arranging pictures", "pictures", i, layout.count);
        }
        const std::uint8_t* picture = from + i * area * layout.channels;
        for (std::size_t p = 0; p < area; ++p) {
            for (std::size_t c = 0; c < 3; ++c) {
                const std::size_t channel = layout.channels == 1 ? 0 : c;
                *to++ = picture[layout.planar ? channel * area + p : p * layout.channels + channel];
            }
        }
    }
    return pixels;
}

} // namespace

void setPictures(Dataset& data, std::vector<std::uint8_t> pixels, int width, int height)
{
    auto held = std::make_shared<const std::vector<std::uint8_t>>(std::move(pixels));
    const std::size_t each = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
    data.pictures = {held->data(), held->size() / each, width, height, held};
}

Dataset openVectors(const OpenSpec& spec, JobContext& job)
{
    const std::string path = absolutePath(spec.path);
    const std::string name = arrayThat(path, isVectors, "table of numbers with n rows and d columns");
    const Matrix vectors = toMatrix(readArray(path, name), quoted(path));
    if (vectors.rows() > std::numeric_limits<std::uint32_t>::max()) {
        throw Error(Code::Unsupported, quoted(path) + " has more than 4 billion rows.");
    }
    Dataset data;
    data.kind = DatasetKind::Vectors;
    joinTable(spec, vectors.rows(), true, data, job);
    data.vectors = vectors;
    noteOddRows(vectors, data);
    data.found = data.samples.size();
    ContentHash hash;
    hash.addFile(path);
    for (const Sample& sample : data.samples) {
        hash.add(sample.id);
    }
    data.contentHash = hash.hex();
    return data;
}

Dataset openPictureNpy(const OpenSpec& spec, JobContext& job)
{
    const std::string path = absolutePath(spec.path);
    const Array array = readArray(path, arrayThat(path, isPictures, "array of uint8 pictures (n×H×W×3)"));
    Dataset data;
    data.kind = DatasetKind::PictureNpy;
    const Layout4 layout = layoutOf(array, quoted(path), data);
    const auto* bytes = static_cast<const std::uint8_t*>(array.data);
    const auto width = static_cast<int>(layout.width);
    const auto height = static_cast<int>(layout.height);
    if (layout.channels == 3 && !layout.planar) {
        data.pictures = {bytes, layout.count, width, height, array.owner};
    } else {
        setPictures(data, interleaved(bytes, layout, job), width, height);
    }
    joinTable(spec, layout.count, false, data, job);
    data.vectorSample.clear();
    data.found = data.samples.size();
    data.contentHash = hashOfFile(path);
    return data;
}

} // namespace semascope::core
