#include "core/clip/Preprocess.h"

#include "core/job/Error.h"

#include <algorithm>
#include <limits>

namespace semascope::core
{

namespace
{

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

Picture resizeAndCrop(const Picture& in, const PreprocessSpec& spec)
{
    if (in.width <= 0 || in.height <= 0 || spec.size <= 0) {
        throw Error(Code::Misuse, "A picture without pixels cannot be prepared for a model; leave it out.");
    }
    if (spec.squash) {
        return resizePillow(in, spec.size, spec.size, spec.filter);
    }
    const bool portrait = in.width <= in.height;
    const int width = portrait ? spec.size : longEdge(spec.size, in.height, in.width);
    const int height = portrait ? longEdge(spec.size, in.width, in.height) : spec.size;
    const ResizeWindow window{cropOffset(width, spec.size, spec.hfCrop), cropOffset(height, spec.size, spec.hfCrop),
                              spec.size, spec.size};
    return resizePillow(in, width, height, spec.filter, window);
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
