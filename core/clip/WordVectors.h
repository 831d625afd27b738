#pragma once
#include "core/clip/ClipModel.h"
#include "core/clip/Store.h"

#include <optional>

namespace semascope::core {

/// Words as a model sees them: see wordVectors().
struct WordSpec
{
    std::vector<std::string> words;
    std::vector<std::string> templates; ///< every "{}" stands for the word
    std::optional<StoreSpec> store;     ///< where text vectors are looked up and kept; none: every one is computed
};

/// The templates to name things with: a few plain sentences, as the average of them says more than one (Radford et al.
/// 2021, §3.1.4).
const std::vector<std::string>& nameTemplates();

/// One unit vector a word, v×E: every template's text is encoded and normalised, averaged, and normalised again.
/// Progress counts prompts. Throws Error(Misuse) without words or templates or for a template without "{}",
/// Error(NotFound) without the model's vocabulary, Error(Cancelled | OutOfMemory).
Matrix wordVectors(const ClipModel& model, const WordSpec& spec, JobContext& job);
/// The same without a store.
Matrix wordVectors(const ClipModel& model, const std::vector<std::string>& words,
                   const std::vector<std::string>& templates, JobContext& job);

} // namespace semascope::core
