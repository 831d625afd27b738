#include "core/data/PictureDecode_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

/// Which input cells an output cell covers, and how much of each.
struct Cover
{
    std::size_t first = 0;
    std::vector<float> weights;
};

std::vector<Cover> covers(int from, int to)
{
    std::vector<Cover> all(static_cast<std::size_t>(to));
    const double scale = static_cast<double>(from) / to;
    for (int i = 0; i < to; ++i) {
        Cover& cover = all[static_cast<std::size_t>(i)];
        const double begin = i * scale;
        const double end = std::min<double>(from, (i + 1) * scale);
        const int first = static_cast<int>(begin);
        cover.first = static_cast<std::size_t>(first);
        for (int k = first; k < from && k < end - 1e-9; ++k) {
            const double share = std::min<double>(k + 1, end) - std::max<double>(k, begin);
            cover.weights.push_back(static_cast<float>(share / (end - begin)));
        }
    }
    return all;
}

/// One input row, averaged across and with colours times alpha, added to `sums` (4 floats a cell).
void addRow(const std::uint8_t* row, int channels, const std::vector<Cover>& columns, float weight,
            std::vector<float>& sums)
{
    for (std::size_t x = 0; x < columns.size(); ++x) {
        float cell[4] = {0, 0, 0, 0};
        const std::uint8_t* in = row + columns[x].first * static_cast<std::size_t>(channels);
        for (const float share : columns[x].weights) {
            const float alpha = channels == 4 ? share * static_cast<float>(in[3]) / 255.0f : share;
            cell[0] += alpha * static_cast<float>(in[0]);
            cell[1] += alpha * static_cast<float>(in[1]);
            cell[2] += alpha * static_cast<float>(in[2]);
            cell[3] += alpha;
            in += channels;
        }
        for (std::size_t c = 0; c < 4; ++c) {
            sums[x * 4 + c] += weight * cell[c];
        }
    }
}

std::uint8_t rounded(float value)
{
    return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

void writeRow(const std::vector<float>& sums, int channels, std::uint8_t* to)
{
    for (std::size_t x = 0; x * 4 < sums.size(); ++x, to += channels) {
        const float alpha = sums[x * 4 + 3];
        for (std::size_t c = 0; c < 3; ++c) {
            to[c] = alpha > 0 ? rounded(sums[x * 4 + c] / alpha) : 0;
        }
        if (channels == 4) {
            to[3] = rounded(alpha * 255.0f);
        }
    }
}

} // namespace

Picture shrunk(Picture picture, int maxSide)
{
    const int longer = std::max(picture.width, picture.height);
    if (maxSide <= 0 || longer <= maxSide) {
        return picture;
    }
    const auto scaledSide = [&](int side) {
        return std::max(1, static_cast<int>(std::lround(static_cast<double>(side) * maxSide / longer)));
    };
    Picture small{scaledSide(picture.width), scaledSide(picture.height), picture.channels, {}};
    const std::size_t inStride = static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.channels);
    const std::size_t outStride = static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.channels);
    small.pixels.resize(outStride * static_cast<std::size_t>(small.height));
    const std::vector<Cover> columns = covers(picture.width, small.width);
    const std::vector<Cover> rows = covers(picture.height, small.height);
    std::vector<float> sums(static_cast<std::size_t>(small.width) * 4);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (std::size_t k = 0; k < rows[y].weights.size(); ++k) {
            addRow(picture.pixels.data() + (rows[y].first + k) * inStride, picture.channels, columns,
                   rows[y].weights[k], sums);
        }
        writeRow(sums, small.channels, small.pixels.data() + y * outStride);
    }
    return small;
}

Picture oriented(Picture picture, int orientation)
{
    if (orientation <= 1 || orientation > 8) {
        return picture;
    }
    const bool swapped = orientation >= 5;
    // Where an upright pixel (x, y) is stored: first mirrored, then transposed.
    const bool fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool fromBottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    Picture upright{
        swapped ? picture.height : picture.width, swapped ? picture.width : picture.height, picture.channels, {}};
    upright.pixels.resize(picture.pixels.size());
    std::uint8_t* out = upright.pixels.data();
    for (int y = 0; y < upright.height; ++y) {
        for (int x = 0; x < upright.width; ++x, out += picture.channels) {
            const int across = swapped ? y : x;
            const int down = swapped ? x : y;
            const int sx = fromRight ? picture.width - 1 - across : across;
            const int sy = fromBottom ? picture.height - 1 - down : down;
            const std::size_t at = (static_cast<std::size_t>(sy) * static_cast<std::size_t>(picture.width) +
                                    static_cast<std::size_t>(sx)) *
                                   static_cast<std::size_t>(picture.channels);
            std::copy_n(picture.pixels.data() + at, picture.channels, out);
        }
    }
    return upright;
}

} // namespace semascope::core
