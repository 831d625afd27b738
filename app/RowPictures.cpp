#include "app/RowPictures.h"

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

/// Side of the square picture that d numbers are, and its planes; 0: none.
std::pair<int, int> pictureShape(std::size_t d)
{
    for (const std::size_t planes : {std::size_t{1}, std::size_t{3}}) {
        const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(d / planes))));
        if (side >= 4 && side * side * planes == d) {
            return {static_cast<int>(side), static_cast<int>(planes)};
        }
    }
    return {0, 0};
}

} // namespace

bool looksLikePixels(const core::Matrix& x)
{
    constexpr std::size_t looked = 200;
    return pictureShape(x.cols()).first > 0 &&
           std::all_of(x.data(), x.data() + std::min(looked, x.rows()) * x.cols(), [](float v) { return v >= 0; });
}

std::function<QImage(std::uint32_t)> rowPictures(std::shared_ptr<const core::Dataset> data)
{
    constexpr std::size_t looked = 200;
    if (!data || !data->vectors || data->vectors->empty() || !looksLikePixels(*data->vectors)) {
        return {};
    }
    const core::Matrix& x = *data->vectors;
    const float most = *std::max_element(x.data(), x.data() + std::min(looked, x.rows()) * x.cols());
    std::vector<std::int64_t> rowOf(data->samples.size(), -1);
    for (std::size_t r = data->vectorSample.size(); r-- > 0;) {
        rowOf[data->vectorSample[r]] = static_cast<std::int64_t>(r);
    }
    return [data = std::move(data), most, rowOf = std::move(rowOf)](std::uint32_t sample) {
        const std::int64_t row = sample < rowOf.size() ? rowOf[sample] : -1;
        if (row < 0) {
            return QImage();
        }
        const float* const from = data->vectors->row(static_cast<std::size_t>(row));
        return pictureOf({from, from + data->vectors->cols()}, 0, most);
    };
}

QImage pictureOf(const std::vector<float>& row, float lo, float hi)
{
    const auto [side, planes] = pictureShape(row.size());
    if (side == 0) {
        return {};
    }
    const auto plane = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    const auto level = [&row, lo, hi](std::size_t at) {
        const float v = hi > lo ? (row[at] - lo) / (hi - lo) : 0.5F;
        return static_cast<int>(std::lround(255 * std::clamp(v, 0.0F, 1.0F)));
    };
    QImage picture(side, side, QImage::Format_RGB32);
    for (std::size_t i = 0; i < plane; ++i) {
        const int red = level(i), green = planes == 3 ? level(plane + i) : red,
                  blue = planes == 3 ? level(2 * plane + i) : red;
        picture.setPixel(static_cast<int>(i) % side, static_cast<int>(i) / side, qRgb(red, green, blue));
    }
    return picture;
}

} // namespace semascope::app
