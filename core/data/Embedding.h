#pragma once
#include "core/data/Dataset.h"

namespace semascope::core {

enum class Modality { Picture, Text, Other };

/// How an embedding is made. Equal specs over equal datasets give equal embeddings.
struct EmbedSpec
{
    std::string modelHash;
    Modality modality = Modality::Picture;
    std::string preprocess; ///< the family's recipe, such as "openai" or "hf"
    std::string precision = "fp32";
    bool normalise = true;
    bool operator==(const EmbedSpec&) const = default;
};

/// The n×d matrix of a dataset under a model. Row r belongs to sample sampleIndex[r]: skipped pictures have no row.
struct Embedding
{
    Matrix rows;
    std::vector<std::uint32_t> sampleIndex;
    EmbedSpec spec;
    std::string modelName;     ///< for people: "ViT-B/32 (OpenAI)"; empty for vectors read from a file
    std::vector<Skip> skipped; ///< pictures that could not be embedded
    double seconds = 0;
    std::string device;
    std::size_t cached = 0;         ///< rows that were not computed but taken from the embedding store
    std::vector<std::string> notes; ///< sentences for the person: what the store or the device could not do
};

} // namespace semascope::core
