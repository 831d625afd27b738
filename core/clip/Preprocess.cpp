#include "core/clip/Preprocess.h"

#include "core/job/Error.h"

#include <algorithm>
#include <limits>

namespace semascope::core {

namespace {

using LevelTable = std::array<std::array<float, 256>, 3>;

/// The longer edge when the shorter one becomes `size`: truncated, as torchvision and Hugging Face do.
int longEdge(int size, int shorter, int longer)
{
    const std::int64_t edge = static_cast<std::int64_t>(size) * longer / shorter;
    if (edge > std::numeric_limits<int>::max()) {
        throw Error(Code::Unsupported, "A picture this long and narrow cannot be resized; crop it first.");
    }
    return static_cast<int>(edge);
}

/// Where a centre crop starts. OpenAI's rounds halves to even as Python does, Hugging Face's rounds down.
int cropOffset(int edge, int size, bool floor)
{
    const int spare = edge - size;
    const int half = spare / 2;
    return floor || spare % 2 == 0 || half % 2 == 0 ? half : half + 1;
}

/// All arithmetic in float32. The double product that Hugging Face rounds to float32 gives the same 256 values.
LevelTable levelTable(const PreprocessSpec& spec)
{
    LevelTable table{};
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t level = 0; level < 256; ++level) {
            const float value = static_cast<float>(level) / 255.0f;
            table[c][level] = (value - spec.mean[c]) / spec.stddev[c];
        }
    }
    return table;
}

} // namespace

namespace {

std::uint8_t multiplied(std::uint8_t value, std::uint8_t alpha)
{
    const unsigned t = static_cast<unsigned>(value) * alpha + 128u;
    return static_cast<std::uint8_t>(((t >> 8) + t) >> 8);
}

/// As Pillow resizes RGBA: colours weighted by alpha, resized, divided again, alpha dropped. The planes do not mix, so
/// colour and alpha can go through the three-channel path one after the other.
Picture resizeWithAlpha(const Picture& in, const PreprocessSpec& spec)
{
    Picture colour{in.width, in.height, 3, {}}, alpha{in.width, in.height, 3, {}};
    const std::size_t count = static_cast<std::size_t>(in.width) * static_cast<std::size_t>(in.height);
    colour.pixels.resize(3 * count);
    alpha.pixels.resize(3 * count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t a = in.pixels[4 * i + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            colour.pixels[3 * i + c] = multiplied(in.pixels[4 * i + c], a);
            alpha.pixels[3 * i + c] = a;
        }
    }
    Picture out = resizeAndCrop(colour, spec);
    const Picture weight = resizeAndCrop(alpha, spec);
    for (std::size_t i = 0; i < out.pixels.size(); ++i) {
        const unsigned a = weight.pixels[i];
        if (a != 0 && a != 255) {
            out.pixels[i] = static_cast<std::uint8_t>(std::min(255u, 255u * out.pixels[i] / a));
        }
    }
    return out;
}

/// Pillow's nearest neighbour: the source pixel under the middle of the target's.
Picture resizeNearest(const Picture& in, int width, int height, const ResizeWindow& window)
{
    Picture out{window.w, window.h, 3, {}};
    out.pixels.resize(static_cast<std::size_t>(window.w) * static_cast<std::size_t>(window.h) * 3);
    const double stepX = static_cast<double>(in.width) / width, stepY = static_cast<double>(in.height) / height;
    std::uint8_t* to = out.pixels.data();
    for (int y = 0; y < window.h; ++y) {
        const int sourceY = std::min(in.height - 1, static_cast<int>((y + window.y + 0.5) * stepY));
        for (int x = 0; x < window.w; ++x, to += 3) {
            const int sourceX = std::min(in.width - 1, static_cast<int>((x + window.x + 0.5) * stepX));
            const std::size_t row = static_cast<std::size_t>(sourceY) * static_cast<std::size_t>(in.width);
            std::copy_n(in.pixels.data() + (row + static_cast<std::size_t>(sourceX)) * 3, 3, to);
        }
    }
    return out;
}

} // namespace

Picture resizeAndCrop(const Picture& in, const PreprocessSpec& spec)
{
    if (in.channels == 4) {
        return resizeWithAlpha(in, spec);
    }
    if (in.width <= 0 || in.height <= 0 || spec.size <= 0) {
        throw Error(Code::Misuse, "A picture without pixels cannot be prepared for a model; leave it out.");
    }
    const bool nearest = spec.rgbLast && in.indexed;
    if (spec.squash) {
        return nearest ? resizeNearest(in, spec.size, spec.size, {0, 0, spec.size, spec.size})
                       : resizePillow(in, spec.size, spec.size, spec.filter);
    }
    const bool portrait = in.width <= in.height;
    const int width = portrait ? spec.size : longEdge(spec.size, in.height, in.width);
    const int height = portrait ? longEdge(spec.size, in.width, in.height) : spec.size;
    const ResizeWindow window{cropOffset(width, spec.size, spec.hfCrop), cropOffset(height, spec.size, spec.hfCrop),
                              spec.size, spec.size};
    return nearest ? resizeNearest(in, width, height, window) : resizePillow(in, width, height, spec.filter, window);
}

void preprocess(const Picture& in, const PreprocessSpec& spec, float* out)
{
    const Picture cropped = resizeAndCrop(in, spec);
    const LevelTable table = levelTable(spec);
    const std::size_t plane = static_cast<std::size_t>(spec.size) * static_cast<std::size_t>(spec.size);
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t i = 0; i < plane; ++i) {
            out[c * plane + i] = table[c][cropped.pixels[i * 3 + c]];
        }
    }
}

} // namespace semascope::core
