#pragma once
#include "core/clip/ClipModel.h"
#include "core/clip/Search.h"

#include <cstdint>
#include <string>

namespace semascope::core {

/// What a row of a joint map is.
enum class JointKind : std::uint8_t { Picture, Caption, Prompt };
const char* jointKindName(JointKind kind) noexcept; ///< "picture", "caption", "prompt"

/// Vectors of one model, of any length. Everything but the pictures may be empty.
struct JointInput
{
    Matrix pictures;
    std::vector<std::uint32_t> pictureSample;
    Matrix captions;
    std::vector<std::uint32_t> captionSample; ///< several captions may share a sample
    Matrix prompts;
    Matrix neutral; ///< neutralTexts() by the same model; needed with fewer than kMeanCaptions captions
};

/// Pictures, captions and prompts in one space. CLIP keeps its pictures and its texts in two cones that do not touch
/// (Liang et al. 2022), so every row is scaled to unit length, loses the mean of its modality, and is scaled again:
/// distances then compare what is said with what is seen. core::reduce takes `rows`; row r of its layout is
/// kind[inputRow[r]].
struct JointMap
{
    static constexpr std::size_t kMeanCaptions = 20; ///< captions from which on their own mean is used

    Matrix rows;
    std::vector<JointKind> kind;
    std::vector<std::uint32_t> source;                          ///< row in the input's matrix of that kind
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs; ///< rows of a picture and of a caption of its sample
    std::vector<float> pictureMean, textMean;                   ///< of unit rows: what was subtracted
    double gap = 0;           ///< |pictureMean − textMean|, as it was before the correction
    std::string textMeanOf;   ///< what the text mean is of: "500 captions", "48 neutral texts"
    std::size_t excluded = 0; ///< rows that are not finite, zero, or equal to the mean
    std::vector<std::string> notes;
};

/// Throws Error(Mismatch) for different dimensions or fewer than two pictures, Error(Misuse) when there are neither
/// captions enough nor neutral texts for the mean of texts, Error(Cancelled).
JointMap jointMap(const JointInput& input, JobContext& job);

/// Built-in texts about nothing in particular, spread over what photographs show: their mean stands for the mean of all
/// texts where there are few captions.
const std::vector<std::string>& neutralTexts();
/// Mean of the rows scaled to unit length; rows that cannot be are left out. Empty without any.
std::vector<float> unitMean(const Matrix& rows);

/// How often the nearest neighbour in the other modality is one's own: a picture's nearest caption is one of its
/// captions, a caption's nearest picture is its picture. Ties are misses; rows without a partner are not asked.
struct OwnNeighbour
{
    std::size_t pictures = 0, captions = 0;            ///< rows asked
    double pictureToCaption = 0, captionToPicture = 0; ///< shares; chance is about one in the other side's rows
};
OwnNeighbour ownNeighbour(const JointMap& map, JobContext& job);

} // namespace semascope::core
