#pragma once
#include "core/clip/Search.h"

#include <string>
#include <utility>

namespace semascope::core {

/// What a cosine is worth. Everything here works on plain vectors of cosines, one number a row or a sample, NaN where
/// there is none; nothing is remembered but the scale below.

/// Where a value lies among others. Sorting them is O(n log n): build it outside the GUI thread, then look-ups are
/// quick.
class PercentileScale
{
public:
    PercentileScale() = default;
    explicit PercentileScale(const std::vector<float>& values);

    std::size_t size() const noexcept { return m_sorted.size(); } ///< the n to state: values that are numbers
    /// 0 … 100: the share of the values below `value`, equal ones counted half (a mean rank). NaN of NaN or without
    /// values.
    double percentile(double value) const;
    double lowest() const { return quantile(0); }
    double median() const { return quantile(0.5); }
    double highest() const { return quantile(1); }
    /// By linear interpolation, `share` from 0 to 1; NaN without values.
    double quantile(double share) const;

private:
    std::vector<float> m_sorted;
};

/// The percentile of every value within all of them. O(n log n).
std::vector<float> percentiles(const std::vector<float>& values);

/// with − without, value by value: what two texts share cancels. Throws Error(Mismatch) for different lengths.
std::vector<float> contrast(const std::vector<float>& with, const std::vector<float>& without);

/// softmax(logitScale · cosine) over one prompt set, for one row. All NaN when a cosine is.
std::vector<double> promptProbabilities(const std::vector<double>& cosines, double logitScale);
/// The same for every row of n×m cosines.
Matrix promptProbabilities(const Matrix& cosines, double logitScale);

/// Values of rows as values of samples: NaN where a sample has no row; of several rows (captions) the first counts.
std::vector<float> valuesOfSamples(const std::vector<float>& rows, const std::vector<std::uint32_t>& sampleIndex,
                                   std::size_t samples);

/// A prompt set against an embedding. Matrices of prompts are m×E; `opposites` has one row a prompt, one for all of
/// them, or none.
struct ScoreSpec
{
    Matrix prompts, opposites;
    double logitScale = 100;
    bool percentile = false, probability = false;
};
/// n×m each; empty what was not asked for. NaN for rows that are not finite, or zero.
struct ScoreTable
{
    Matrix cosine, percentile, contrast, probability;
    std::vector<std::size_t> counted; ///< of each prompt: the rows its percentiles are of
};
/// Throws Error(Mismatch | Misuse | Cancelled).
ScoreTable scoreTable(const Matrix& rows, const ScoreSpec& spec, JobContext& job);

/// One or two English sentences for the person, each beside the number it explains.
std::string cosineMeaning();
std::string percentileMeaning(std::size_t n);
std::string contrastMeaning(const std::string& text, const std::string& opposite);
std::string probabilityMeaning(std::size_t prompts, double logitScale);
/// Which cosine a neighbour list shows and why.
std::string neighbourMeaning(bool centred);

} // namespace semascope::core
