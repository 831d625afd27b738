#pragma once
#include "core/checkpoint/Detect.h"

namespace semascope::core {

struct CardRow
{
    std::string key;   ///< for programs: "activation"
    std::string label; ///< for people: "Activation"
    std::string value;
    std::string brief; ///< the same on a short card; empty: not on it
};

/// What a person should know of a model, in order.
struct ModelCard
{
    std::string name;
    std::string headline; ///< "ViT-B/32 · 224 px · 512 dimensions · 151.3 million parameters"
    std::vector<CardRow> rows;
    std::vector<std::string> assumed, notes;

    /// All of it as aligned lines, to copy or print.
    std::string text() const;
};

/// What only an opened model knows, or a look around it; what is empty is left out.
struct CardFacts
{
    std::string hash;             ///< of the weights
    std::string vocabulary;       ///< file or folder that is used
    bool vocabularyGiven = false; ///< by --vocab or the window, not found
    std::string device, precision;
};

/// `info` may be of an unsupported family: then the card says so, and what is known.
ModelCard modelCard(const CheckpointInfo& info, const CardFacts& facts = {});

/// "ViT-B/32" for sizes that are published under a name, else a description such as "ViT, patches of 8".
std::string architectureName(const ClipConfig& clip);
/// How pictures are prepared, in words.
std::string preprocessWords(const PreprocessSpec& spec);
/// "1.2 GB", "606 MB", "12 KB": decimal.
std::string fileSizeText(std::uint64_t bytes);

/// A model that can be had, and what of it is needed.
struct GetModel
{
    std::string name;   ///< "OpenAI ViT-B/32"
    std::string source; ///< hub name or file name, never an address
    std::string files;  ///< which ones, with approximate sizes
    std::string remark;
};
const std::vector<GetModel>& modelsToGet();
/// What else to know: a heading and sentences each.
struct GetModelNote
{
    std::string heading;
    std::vector<std::string> sentences;
};
const std::vector<GetModelNote>& getModelNotes();
/// The card "Get a CLIP" as text: which files, how large, and where to put them.
std::string getModelText();

} // namespace semascope::core
