#include "core/job/Error.h"
#include "core/job/Parallel.h"
#include "core/latent/VaeTrain.h"

#include <algorithm>
#include <numeric>
#include <opencv2/imgproc.hpp>

namespace semascope::core {

namespace {

constexpr std::size_t kPart = 256; ///< pictures between two reports

/// The middle square, then area averages; bytes channel after channel.
void cutPicture(const Picture& picture, const PixelCut& cut, std::uint8_t* out)
{
    const cv::Mat all(picture.height, picture.width, CV_8UC(picture.channels),
                      const_cast<std::uint8_t*>(picture.pixels.data()));
    const int shorter = std::min(picture.width, picture.height);
    const int square = cut.crop > 0 ? std::min(cut.crop, shorter) : shorter;
    cv::Mat small;
    const cv::Rect middle((picture.width - square) / 2, (picture.height - square) / 2, square, square);
    cv::resize(all(middle), small, {cut.side, cut.side}, 0, 0, square > cut.side ? cv::INTER_AREA : cv::INTER_CUBIC);
    if (cut.channels == 1) {
        cv::cvtColor(small, small, cv::COLOR_RGB2GRAY);
    }
    std::vector<cv::Mat> planes;
    cv::split(small, planes);
    const auto numbers = static_cast<std::size_t>(cut.side) * static_cast<std::size_t>(cut.side);
    for (int c = 0; c < cut.channels; ++c) {
        std::copy_n(planes[static_cast<std::size_t>(c)].ptr(), numbers, out + static_cast<std::size_t>(c) * numbers);
    }
}

} // namespace

void PixelSet::copy(std::size_t i, PixelRange range, float* out) const
{
    const auto each =
        static_cast<std::size_t>(channels) * static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    const std::uint8_t* from = bytes.data() + i * each;
    const float scale = range == PixelRange::Unit ? 1 / 255.0F : 2 / 255.0F, shift = range == PixelRange::Unit ? 0 : -1;
    std::transform(from, from + each, out,
                   [scale, shift](std::uint8_t v) { return static_cast<float>(v) * scale + shift; });
}

PixelSet readPixels(const Dataset& data, const std::vector<std::uint32_t>& which, const PixelCut& cut, JobContext& job)
{
    std::vector<std::uint32_t> wanted = which;
    if (wanted.empty()) {
        wanted.resize(data.samples.size());
        std::iota(wanted.begin(), wanted.end(), 0U);
    }
    std::erase_if(wanted, [&](std::uint32_t s) { return !data.hasPicture(s); });
    const auto each = static_cast<std::size_t>(cut.channels * cut.side * cut.side);
    PixelSet set;
    set.channels = cut.channels;
    set.side = cut.side;
    std::vector<std::uint8_t> bytes(wanted.size() * each);
    std::vector<std::string> problem(wanted.size());
    for (std::size_t first = 0; first < wanted.size(); first += kPart) {
        job.checkpoint();
        const std::size_t count = std::min(kPart, wanted.size() - first);
        parallelFor(count, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = first + begin; i < first + end; ++i) {
                try {
                    cutPicture(pictureForModel(data, wanted[i]), cut, bytes.data() + i * each);
                } catch (const Error& e) {
                    problem[i] = e.what();
                }
            }
        });
        job.progress("reading pictures", "pictures", first + count, wanted.size());
    }
    set.bytes.reserve(bytes.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!problem[i].empty()) {
            set.skipped.push_back({data.samples[wanted[i]].id, problem[i]});
            continue;
        }
        const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(i * each);
        set.bytes.insert(set.bytes.end(), from, from + static_cast<std::ptrdiff_t>(each));
        set.sample.push_back(wanted[i]);
    }
    if (set.sample.empty()) {
        throw Error(Code::Mismatch, data.name + " has no picture that can be read; open pictures.");
    }
    return set;
}

} // namespace semascope::core
