#include "core/clip/Resize_p.h"

#include "core/job/Error.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace semascope::core {

namespace {

constexpr int kGroup = ResizeAxis::kGroup;
constexpr std::size_t kChannels = 3;

double bicubic(double x)
{
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0) {
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    }
    return x < 2.0 ? (((x - 5.0) * x + 8.0) * x - 4.0) * a : 0.0;
}

double bilinear(double x)
{
    return std::max(0.0, 1.0 - std::abs(x));
}

std::int32_t toFixed(double weight)
{
    const double scaled = weight * (1 << ResizeAxis::kFractionBits);
    return static_cast<std::int32_t>(scaled < 0.0 ? scaled - 0.5 : scaled + 0.5);
}

std::uint32_t halves(std::int32_t first, std::int32_t second)
{
    return (static_cast<std::uint32_t>(first) & 0xFFFFu) | static_cast<std::uint32_t>(second) << 16;
}

void packWeights(ResizeAxis& axis)
{
    constexpr std::int32_t kLowMask = (1 << ResizeAxis::kLowBits) - 1;
    axis.packed.resize(axis.weight.size());
    for (std::size_t at = 0; at < axis.weight.size(); at += kGroup) {
        const std::int32_t* w = axis.weight.data() + at;
        const auto low = [&](int i) { return w[i] & kLowMask; };
        const auto high = [&](int i) { return w[i] >> ResizeAxis::kLowBits; };
        axis.packed[at] = halves(low(0), low(1));
        axis.packed[at + 1] = halves(low(2), low(3));
        axis.packed[at + 2] = halves(high(0), high(1));
        axis.packed[at + 3] = halves(high(2), high(3));
    }
}

void check(const Picture& in, const ResizeRequest& request)
{
    const ResizeWindow& w = request.window;
    const std::size_t bytes =
        static_cast<std::size_t>(std::max(in.width, 0)) * static_cast<std::size_t>(std::max(in.height, 0)) * kChannels;
    if (in.channels != 3 || bytes == 0 || in.pixels.size() != bytes) {
        throw Error(Code::Misuse, "Only whole RGB pictures can be resized; decode the picture for the model first.");
    }
    const bool inside = w.x >= 0 && w.y >= 0 && w.w > 0 && w.h > 0 && w.w <= request.width && w.h <= request.height &&
                        w.x <= request.width - w.w && w.y <= request.height - w.h;
    if (!inside) {
        throw Error(Code::Misuse, "The part of a picture that is wanted lies outside of the resized picture.");
    }
}

/// Rows of bytes somewhere; row 0 is `firstRow` of the picture.
struct RowView
{
    const std::uint8_t* data = nullptr;
    std::size_t stride = 0;
    int firstRow = 0;

    const std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y - firstRow) * stride; }
};

/// The horizontal pass over rows [from, to).
std::vector<std::uint8_t> filterRows(const Picture& in, const ResizeRequest& request, int from, int to)
{
    const ResizeAxis axis =
        makeResizeAxis({in.width, request.width, request.window.x, request.window.w}, request.filter);
    const std::size_t stride = static_cast<std::size_t>(in.width) * kChannels;
    const std::size_t outStride = static_cast<std::size_t>(request.window.w) * kChannels;
    std::vector<std::uint8_t> out(outStride * static_cast<std::size_t>(to - from));
    std::vector<std::uint8_t> padded[2];
    // Rows at the picture's end are copied to where reading past them is allowed.
    const auto readable = [&](int y, std::vector<std::uint8_t>& copy) {
        const std::uint8_t* row = in.pixels.data() + static_cast<std::size_t>(y) * stride;
        if (static_cast<std::size_t>(y + 1) * stride + kRowSlack <= in.pixels.size()) {
            return row;
        }
        copy.assign(stride + kRowSlack, 0);
        std::memcpy(copy.data(), row, stride);
        return static_cast<const std::uint8_t*>(copy.data());
    };
    for (int y = from; y < to; y += 2) {
        const int other = std::min(y + 1, to - 1);
        const auto target = [&](int row) { return out.data() + static_cast<std::size_t>(row - from) * outStride; };
        resizeRows(axis, {{readable(y, padded[0]), readable(other, padded[1])}, {target(y), target(other)}},
                   request.kernel);
    }
    return out;
}

void filterColumns(const ResizeAxis& axis, const RowView& source, ResizeKernel kernel, Picture& out)
{
    const std::size_t stride = static_cast<std::size_t>(out.width) * kChannels;
    std::vector<const std::uint8_t*> rows(static_cast<std::size_t>(axis.groups * kGroup));
    for (std::size_t y = 0; y < axis.first.size(); ++y) {
        for (int tap = 0; tap < axis.groupsOf(y) * kGroup; ++tap) {
            rows[static_cast<std::size_t>(tap)] = source.row(axis.first[y] + std::min(tap, axis.count[y] - 1));
        }
        resizeColumns(axis, {y, rows.data(), out.pixels.data() + y * stride, stride}, kernel);
    }
}

} // namespace

ResizeAxis makeResizeAxis(const ResizeSpan& span, PreprocessSpec::Filter filter)
{
    const bool cubic = filter == PreprocessSpec::Filter::Bicubic;
    const double scale = static_cast<double>(span.in) / span.out;
    const double stretch = std::max(scale, 1.0);
    const double support = (cubic ? 2.0 : 1.0) * stretch;
    ResizeAxis axis;
    axis.groups = (static_cast<int>(std::ceil(support)) * 2 + 1 + kGroup - 1) / kGroup;
    axis.weight.assign(static_cast<std::size_t>(axis.groups * kGroup) * static_cast<std::size_t>(span.n), 0);
    std::vector<double> weights;
    for (int i = 0; i < span.n; ++i) {
        const double centre = (span.offset + i + 0.5) * scale;
        const int low = std::max(0, static_cast<int>(centre - support + 0.5));
        const int high = std::min(span.in, static_cast<int>(centre + support + 0.5));
        weights.clear();
        double sum = 0;
        for (int x = low; x < high; ++x) {
            const double at = (x - centre + 0.5) * (1.0 / stretch);
            weights.push_back(cubic ? bicubic(at) : bilinear(at));
            sum += weights.back();
        }
        axis.first.push_back(low);
        axis.count.push_back(high - low);
        std::transform(weights.begin(), weights.end(),
                       axis.weight.begin() + static_cast<std::ptrdiff_t>(axis.groups) * kGroup * i,
                       [sum](double w) { return toFixed(sum != 0.0 ? w / sum : w); });
    }
    packWeights(axis);
    return axis;
}

Picture resizeWith(const Picture& in, const ResizeRequest& request)
{
    check(in, request);
    const ResizeWindow& window = request.window;
    const bool vertical = request.height != in.height;
    ResizeAxis axis;
    int from = window.y;
    int to = window.y + window.h;
    if (vertical) {
        axis = makeResizeAxis({in.height, request.height, window.y, window.h}, request.filter);
        from = axis.first.front();
        to = axis.first.back() + axis.count.back();
    }
    std::vector<std::uint8_t> filtered;
    const std::size_t inStride = static_cast<std::size_t>(in.width) * kChannels;
    RowView rows{in.pixels.data() + static_cast<std::size_t>(window.x) * kChannels, inStride, 0};
    if (request.width != in.width) {
        filtered = filterRows(in, request, from, to);
        rows = {filtered.data(), static_cast<std::size_t>(window.w) * kChannels, from};
    }
    Picture out{window.w, window.h, 3, {}};
    const std::size_t outStride = static_cast<std::size_t>(window.w) * kChannels;
    out.pixels.resize(outStride * static_cast<std::size_t>(window.h));
    if (vertical) {
        filterColumns(axis, rows, request.kernel, out);
        return out;
    }
    for (int y = 0; y < window.h; ++y) {
        std::memcpy(out.pixels.data() + static_cast<std::size_t>(y) * outStride, rows.row(window.y + y), outStride);
    }
    return out;
}

Picture resizePillow(const Picture& in, int width, int height, PreprocessSpec::Filter filter, ResizeWindow window)
{
    return resizeWith(in, {width, height, filter, window, ResizeKernel::Best});
}

Picture resizePillow(const Picture& in, int width, int height, PreprocessSpec::Filter filter)
{
    return resizePillow(in, width, height, filter, {0, 0, width, height});
}

} // namespace semascope::core
