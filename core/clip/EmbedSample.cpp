#include "core/clip/EmbedSample.h"

#include <algorithm>
#include <random>

namespace semascope::core {

std::vector<std::uint32_t> pictureOrder(const Dataset& data, std::uint64_t seed)
{
    std::vector<std::uint32_t> order;
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        if (data.hasPicture(i)) {
            order.push_back(static_cast<std::uint32_t>(i));
        }
    }
    // Fisher and Yates by hand: std::shuffle may draw differently elsewhere
    std::mt19937_64 random(seed * 0x9e3779b97f4a7c15ull + order.size());
    for (std::size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random() % i]); // the bias is below 1e-12
    }
    return order;
}

std::vector<std::uint32_t> sampleOf(const Dataset& data, std::size_t count, std::uint64_t seed)
{
    std::vector<std::uint32_t> order = pictureOrder(data, seed);
    order.resize(std::min(count, order.size()));
    std::sort(order.begin(), order.end());
    return order;
}

Embedding embedSample(const Dataset& data, const std::vector<std::uint32_t>& which, const ClipModel& model,
                      const EmbedOptions& options, JobContext& job)
{
    const auto inWhole = [&which](Embedding e) {
        for (std::uint32_t& s : e.sampleIndex) {
            s = which[s];
        }
        return e;
    };
    const auto receiver = job.onPartial;
    if (receiver) {
        job.onPartial = [receiver, inWhole](const std::shared_ptr<const void>& partial) {
            const auto part = std::static_pointer_cast<const Embedding>(partial);
            receiver(std::make_shared<const Embedding>(inWhole(*part)));
        };
    }
    const Dataset part = takeSamples(data, which, data.name);
    return inWhole(embed(part, model, Modality::Picture, options, job));
}

} // namespace semascope::core
