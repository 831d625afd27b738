#pragma once
#include "app/cli/Common.h"
#include "core/data/Embedding.h"

namespace semascope::app {

/// Samples by id. Throws Error(NotFound) for an unknown one.
std::vector<std::uint32_t> samplesNamed(const core::Dataset& data, const std::vector<std::string>& ids);

/// The vectors of a dataset's pictures under a model; vectors that the dataset itself holds are taken as they are.
core::Embedding embeddingOf(CommandContext& c, const core::Dataset& data, const core::ClipModel& model);
/// Those of its captions, one row a caption, sample after sample.
core::Embedding captionsOf(CommandContext& c, const core::Dataset& data, const core::ClipModel& model);

/// Vectors from --in. Their ids come from the .json that `semascope embed` writes beside them, where it is there; what
/// they are of ("image" or "text") too.
struct VectorFile
{
    std::string path;
    core::Matrix rows;
    std::vector<std::string> ids; ///< one a row, or none
    std::string what;             ///< empty when the file does not say
    std::string modelName, modelHash;
};
VectorFile readVectors(const std::string& path);
/// Throws Error(Mismatch) when the file says that another model made it, or that it is of something else than `what`
/// (unless that is empty). The same weights with another activation or picture size are worth a note.
void checkVectors(CommandContext& c, const VectorFile& file, const core::ClipModel* model, const std::string& what);
/// The rows of `file` as an embedding of `data`: by id where the file has ids, else row i is sample i. Throws
/// Error(Mismatch).
core::Embedding embeddingFrom(const VectorFile& file, const std::string& path, const core::Dataset& data);
/// A dataset that knows nothing but the ids of these rows.
core::Dataset datasetOf(const VectorFile& file, const std::string& path);

/// Options with the common ones of model and data, none of them required.
std::vector<Option> withModelAndData(std::vector<Option> own);
/// Throws Error(Misuse) with the sentence `otherwise` unless `option` is given.
void require(const CommandContext& c, const char* option, const std::string& otherwise);

/// Texts that do not fit the model's context are cut; that is worth a word, and a list `cut` in the JSON.
void noteLongTexts(CommandContext& c, const core::ClipModel& model, const std::vector<std::string>& texts);

} // namespace semascope::app
