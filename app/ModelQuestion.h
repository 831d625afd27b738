#pragma once
#include "core/clip/ClipModel.h"

#include <variant>

namespace semascope::app {

/// A checkpoint of which nothing tells the activation: a person must.
struct ModelQuestion
{
    core::ModelSpec spec;
    core::CheckpointInfo info;
    std::string filesHash; ///< of its files: what an answer is remembered by
};

struct OpenedModel
{
    std::shared_ptr<core::ClipModel> model;
    core::ModelSpec spec; ///< with the answer that was remembered
};

/// Opens a model, or says what must be asked first. Answers that were given before count. Blocks; any thread.
std::variant<OpenedModel, ModelQuestion> openModelOrAsk(core::ModelSpec spec, core::JobContext& job);

} // namespace semascope::app
