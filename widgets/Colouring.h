#pragma once
#include "core/job/JobContext.h"
#include "core/session/Document.h"
#include "widgets/ScoreKind.h"
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
    /// Where a value lies: of how many samples, their extremes and their median.
    struct Range
    {
        std::size_t n = 0;
        double lo = 0, median = 0, hi = 0;
    };

    std::vector<float> cosine;      ///< with the text; empty while the prompt is not encoded
    std::vector<float> percentile;  ///< 0 … 100, of the cosine within the dataset
    std::vector<float> contrast;    ///< minus the opposite's cosine; empty without an opposite
    std::vector<float> probability; ///< 0 … 1, within the set of prompts; empty when there is only one
    Range cosineRange, contrastRange, probabilityRange;

    const std::vector<float>& of(ScoreKind kind) const;
    Range rangeOf(ScoreKind kind) const;
};
/// Of several rows of one sample (captions) the first counts. O(rows·d + rows·log rows) a prompt: not for the GUI
/// thread. Probabilities are among all the prompts that are encoded. Throws Error(Cancelled).
std::vector<PromptValues> promptValues(const core::Embedding& embedding, std::size_t samples,
                                       const std::vector<core::Prompt>& prompts, double logitScale,
                                       core::JobContext& job);
/// The same for one prompt alone.
PromptValues promptValues(const core::Embedding& embedding, std::size_t samples, const core::Prompt& prompt);

/// Which value of this prompt is in front. See core::MapView::promptValue.
ScoreKind shownKind(const core::MapView& view, const core::Prompt& prompt);

/// Colours samples as `doc.view.colourBy` says ("", "attribute:NAME", "cluster", "confidence", "prompt:INDEX"); an
/// unknown word gives one colour. `values` are those of doc.prompts, or as many as are known.
Colouring colourSamples(const core::Dataset& data, const core::Document& doc, const std::vector<PromptValues>& values);
/// "glasses", "glasses ± no glasses" or "a face with glasses − a face".
QString promptTitle(const core::Prompt& prompt);

/// All attributes: the dataset's, then those made in the program.
std::vector<const core::Attribute*> allAttributes(const core::Dataset& data, const core::Document& doc);

/// LayoutSpec::method of a map of a network's code: its options say of which method ("of"), its first note which stage.
inline constexpr const char* kCodeMap = "code";

/// What a layout is, for a caption: "metric MDS (SMACOF) · stress-1 0.31 · n 500 of 500 · seed 1".
QString layoutCaption(const core::Dataset& data, const core::Layout& layout);
/// A method's plain words: "keeps distances (metric MDS)".
QString methodName(const std::string& method);
QString sampleName(const core::Dataset& data, std::size_t sample);

} // namespace semascope::ui
