#pragma once
#include "core/demo/FaceFactors.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace semascope::core {

/// Which wording. Train and Paraphrase have no template in common, and a caption in Paraphrase takes its phrases from
/// those held out wherever there are such. Every single word of Paraphrase is also in Train, in other company: a model
/// that learns its words from captions can know no others.
enum class CaptionWording { Train, Paraphrase };

/// `n` captions of a face, true and all different, each about some of its factors, most of them in one
/// to five. Facts that cannot be seen (the hair of a bald head, a bun under a hat) or lie between two words (a slight
/// turn) are not mentioned.
std::vector<std::string> faceCaptions(const FaceFactors& face, std::size_t n, std::uint64_t seed,
                                      CaptionWording wording);

/// What a caption says of one factor: bit i is set when the label i makes it true.
struct FaceClaim
{
    FaceFactor factor;
    std::uint32_t labels;
    std::string words; ///< the part of the caption that says so
};
/// Reads a caption back by the vocabulary alone.
std::vector<FaceClaim> claimsIn(const std::string& caption);
bool claimHolds(const FaceClaim& claim, const FaceFactors& face);

/// Numbers as captions see them: skin light, medium, dark; smile none, some, big; turn and tilt left, none, right; −1
/// where no word fits. Labels stay what they are, and are −1 where the picture does not show them.
int captionLabel(const FaceFactors& face, FaceFactor factor);

/// All templates, with whether they are held out of training; and all phrases that fill them, spelt out.
std::vector<std::pair<std::string, bool>> captionTemplates();
std::vector<std::pair<std::string, bool>> captionPhrases();

/// A question for zero-shot classification: which of the labels, by prompts[label], is it?
struct FaceQuestion
{
    std::string name; ///< as in faceFactors(), "skin tone" with its three classes
    FaceFactor factor;
    std::vector<std::string> labels;
    std::vector<std::vector<std::string>> prompts;
};
/// Glasses, hair colour, skin tone, hat, and then sex, hair shape, beard, smile, turn and background, with up to `n`
/// different prompts a label that speak of nothing else.
std::vector<FaceQuestion> faceQuestions(CaptionWording wording, std::size_t n, std::uint64_t seed);
/// The true label for this face, −1 when the picture does not tell (leave it out of the accuracy).
int faceAnswer(const FaceQuestion& question, const FaceFactors& face);

} // namespace semascope::core
