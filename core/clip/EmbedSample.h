#pragma once
#include "core/clip/Embedder.h"

namespace semascope::core {

/// The samples that have a picture, in an order drawn at random from `seed` alone: the same on every machine. Its first
/// N are the sample of N, and embed() goes in the order of seed 0, so that a sample is what it computes first.
std::vector<std::uint32_t> pictureOrder(const Dataset& data, std::uint64_t seed = 0);
/// The first `count` of pictureOrder(), in dataset order.
std::vector<std::uint32_t> sampleOf(const Dataset& data, std::size_t count, std::uint64_t seed = 0);

/// embed() of the pictures of `which` (ascending) alone. Sample indices, of partial results too, are those of `data`.
Embedding embedSample(const Dataset& data, const std::vector<std::uint32_t>& which, const ClipModel& model,
                      const EmbedOptions& options, JobContext& job);

} // namespace semascope::core
