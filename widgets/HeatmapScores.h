#pragma once
#include "core/clip/ClipModel.h"
#include "core/clip/TextScores.h"
#include "core/session/Document.h"
#include "widgets/HeatmapSpec.h"

#include <map>

namespace semascope::ui {

/// Everything that a heatmap's scores depend on; values and shared immutable things only, so that a job can hold it.
struct HeatmapRequest
{
    HeatmapChoice choice;
    std::shared_ptr<const core::Dataset> data;
    std::shared_ptr<const core::Embedding> embedding;
    std::shared_ptr<const core::ClipModel> model; ///< encodes captions; may be null
    std::optional<double> logitScale;             ///< where the model is known
    std::vector<core::Prompt> prompts;
    std::vector<std::uint32_t> selected;
    bool named = false;                ///< `selected` was asked for by name: all of it, in this order
    std::vector<std::uint8_t> visible; ///< a byte a sample, 0 = filtered out; empty = all
    std::shared_ptr<const core::Clustering> clustering;
    std::vector<std::uint32_t> clusterSample;
    /// Unit vectors of captions that were encoded before, by their text.
    std::shared_ptr<const std::map<std::string, std::vector<float>>> known;
};

/// What a document asks for; the selection is not named. `data` must outlive the request.
HeatmapRequest heatmapRequest(const core::Dataset& data, const core::Document& doc, const HeatmapChoice& choice);

struct HeatmapText
{
    std::string text;
    std::vector<float> vector;         ///< unit length
    int opposite = -1;                 ///< the row of what it is contrasted with
    bool neutral = false;              ///< only there to be contrasted with: not shown as a row
    std::vector<std::uint32_t> owners; ///< samples whose caption it is, in the order of the columns
};

/// Scores of texts (rows) and samples (columns), before they are ordered.
struct HeatmapScores
{
    HeatmapChoice choice;
    std::vector<HeatmapText> texts;
    std::vector<std::uint32_t> samples;
    core::TextScores scores;          ///< texts × samples
    std::optional<double> logitScale; ///< where the model is known
    QString chosen;                   ///< "first 24 of 100 pictures"
    std::size_t unencoded = 0;        ///< prompts without a vector
    std::size_t uncaptioned = 0;      ///< columns without a caption, when the rows are captions
};

/// Throws Error(Misuse) when there is nothing to show, saying what is missing; Error(Mismatch | NotFound | Cancelled).
HeatmapScores scoreHeatmap(const HeatmapRequest& request, core::JobContext& job);

} // namespace semascope::ui
