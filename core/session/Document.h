#pragma once
#include "core/cluster/Clustering.h"
#include "core/data/Dataset.h"
#include "core/data/Embedding.h"
#include "core/reduce/Layout.h"
#include "core/session/Camera.h"

namespace semascope::core {

/// A prompt: a text with its embedding, and what it is contrasted with: an opposite ("glasses ± no glasses"), a neutral
/// text that takes away what all pictures share ("a face with glasses − a face"), or nothing.
struct Prompt
{
    std::string text, opposite;
    std::vector<float> vector, oppositeVector; ///< unit length, empty until encoded
    bool neutral = false;                      ///< `opposite` is a neutral text
};

/// How a map is drawn. Everything the painter and the window share.
struct MapView
{
    Camera camera;
    std::string colourBy; ///< "", "attribute:NAME", "cluster", "confidence" (in the clusters, 0 … 1), "prompt:INDEX"
    /// Which value of a prompt is in front: "cosine", "percentile", "contrast", "probability"; "" is the contrast where
    /// there is one, else the cosine.
    std::string promptValue;
    double logitScale = 100; ///< of the model the prompts were encoded with: what probabilities are made with
    double pointSize = 6;    ///< diameter in points (1/72 inch) on screen at 72 dpi
    double opacity = 0.9;
    bool thumbnails = false;
    std::vector<std::string> hidden; ///< legend entries switched off
};

/// The document: what a session file holds. Specs and ids always; results where they were computed.
struct Document
{
    OpenSpec dataset;
    std::string datasetHash; ///< Dataset::contentHash when saved
    std::vector<std::string> sampleIds;
    std::string modelPath, modelName, modelHash, vocabulary;
    std::shared_ptr<const Embedding> embedding;
    std::shared_ptr<const Layout> layout;         ///< its projector is not saved
    std::vector<std::uint32_t> layoutSample;      ///< sample of each layout point
    std::shared_ptr<const Clustering> clustering; ///< soft assignments, code, frames and model are not saved
    std::vector<std::uint32_t> clusterSample;
    std::vector<std::string> clusterNames;
    std::vector<Prompt> prompts;
    std::vector<Attribute> userAttributes; ///< made in the program (from selections); one value per sample
    std::vector<std::uint8_t> selected;    ///< one byte per sample
    std::int64_t current = -1;             ///< sample shown in the details
    MapView view;
};

/// Writes all of it to one SQLite file (application id 'SEMA', schema version 1) in one transaction on a new file that
/// then replaces the old. Throws Error(Io).
void saveDocument(const Document& doc, const std::string& path);
/// Throws Error(NotFound | BadFormat); a file of a newer schema version is refused and left untouched.
Document openDocument(const std::string& path);
/// Whether `path` is a session file (application id).
bool isDocument(const std::string& path);

} // namespace semascope::core
