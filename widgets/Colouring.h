#pragma once
#include "core/session/Document.h"
#include "widgets/figure/Legend.h"

#include <QStringList>

namespace semascope::ui {

/// One colour per sample and what the colours mean.
struct Colouring
{
    std::vector<QRgb> colour;        ///< per sample
    std::vector<std::int32_t> entry; ///< legend entry of each sample; −1 for a continuous scale or a missing value
    Legend legend;
};

/// A prompt's values per sample; NaN where a sample has no row in the embedding.
struct PromptValues
{
    std::vector<float> cosine;   ///< with the text; empty while the prompt is not encoded
    std::vector<float> contrast; ///< minus the opposite's cosine; empty without an opposite

    /// What the map is coloured by.
    const std::vector<float>& shown() const { return contrast.empty() ? cosine : contrast; }
};
/// Of several rows of one sample (captions) the first counts. O(rows·d): not for the GUI thread.
PromptValues promptValues(const core::Embedding& embedding, std::size_t samples, const core::Prompt& prompt);

/// Colours samples as `doc.view.colourBy` says ("", "attribute:NAME", "cluster", "prompt:INDEX"); an unknown word gives
/// one colour. `values` are those of doc.prompts, or as many as are known.
Colouring colourSamples(const core::Dataset& data, const core::Document& doc, const std::vector<PromptValues>& values);
/// "glasses" or "glasses ± no glasses".
QString promptTitle(const core::Prompt& prompt);

/// All attributes: the dataset's, then those made in the program.
std::vector<const core::Attribute*> allAttributes(const core::Dataset& data, const core::Document& doc);

/// What a layout is, for a caption: "metric MDS (SMACOF) · stress-1 0.31 · n 500 of 500 · seed 1".
QString layoutCaption(const core::Dataset& data, const core::Layout& layout);
/// A method's plain words: "keeps distances (metric MDS)".
QString methodName(const std::string& method);
QString sampleName(const core::Dataset& data, std::size_t sample);

} // namespace semascope::ui
