#pragma once
#include "core/clip/Embedder.h"

namespace semascope::core {

Embedding embedPictures(const Dataset& data, const ClipModel& model, const EmbedOptions& options, JobContext& job);
/// One row per caption, in dataset order; several rows may share a sample.
Embedding embedCaptions(const Dataset& data, const ClipModel& model, const EmbedOptions& options, JobContext& job);

} // namespace semascope::core
