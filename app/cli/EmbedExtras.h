#pragma once
#include "app/cli/Common.h"
#include "core/clip/EmbedRate.h"
#include "core/data/Embedding.h"

#include <optional>

namespace semascope::app {

/// `semascope embed --compare-precision`: what each precision costs and gains on a few pictures of --data.
void comparePrecisions(CommandContext& c);

/// The pictures of --sample N (--seed), skips of the whole dataset kept; `data` itself without --sample. Throws
/// Error(Misuse) when --sample stands beside something that is no set of pictures.
core::Dataset sampled(CommandContext& c, core::Dataset data);
void checkSampleOption(const CommandContext& c, bool pictures);

/// Tells on standard error and in the JSON ("estimate") how long what the store does not have of `whole` takes, and a
/// sample of it; nothing for few pictures without --sample, nor under --quiet.
std::optional<core::EmbedEstimate> tellEstimate(CommandContext& c, const core::Dataset& whole,
                                                const core::ClipModel& model);
/// The next estimate is better by what this run took.
void learnFromRun(const std::optional<core::EmbedEstimate>& estimate, const core::ClipModel& model,
                  const core::Embedding& embedding);

} // namespace semascope::app
