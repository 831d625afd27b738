#pragma once
#include "core/demo/FaceCaptions.h"

#include <span>
#include <string>
#include <vector>

namespace semascope::core::face {

/// Where in a sentence a phrase fits.
enum class Form {
    Noun,    ///< "a woman"; adjectives may go before its last word
    Before,  ///< "smiling"
    With,    ///< after "with": "red hair"
    Wearing, ///< after "wearing": "a beanie"
    Without, ///< after "without": "glasses"
    Doing,   ///< "looking to the left"
    Place,   ///< "on a blue background"
    Clause   ///< "the hair is red"
};

/// Words for one label of a factor, or for several that it does not tell apart: `labels` has bit i for label i. {hair}
/// and {frame} in it stand for the colours.
struct Phrase
{
    Form form;
    FaceFactor factor;
    std::uint32_t labels;
    const char* text;
    bool heldOut = false;
};

/// `text` has slots named like the forms: {noun} {with} {wearing} {without} {doing} {place} {clause}, and {list} for
/// several things with commas only.
struct Template
{
    const char* text;
    bool heldOut = false;
};

struct ColourWord
{
    int label;
    const char* text;
    bool heldOut = false;
};

std::span<const Template> templates();
std::span<const Phrase> phrases();
std::span<const ColourWord> hairWords();
std::span<const ColourWord> frameWords();

/// That a face has one of these labels.
struct Claim
{
    FaceFactor factor;
    std::uint32_t labels;
};
bool isTrue(const Claim& claim, const FaceFactors& face);

/// Factors that one caption may speak of, bit by bit.
using Topics = std::uint32_t;
constexpr Topics topic(FaceFactor factor)
{
    return 1U << static_cast<unsigned>(factor);
}

/// A phrase with its colours filled in.
struct Wording
{
    Form form;
    FaceFactor factor;
    std::string text;
    bool heldOut;
    std::vector<Claim> claims; ///< empty for nouns that fit everybody
    Topics topics = 0;         ///< of the claims
};
/// Every phrase in every colour, and shapes of hair without one. No text twice in a form.
const std::vector<Wording>& wordings();

struct CaptionWish
{
    CaptionWording wording;
    Topics topics = ~Topics{0};   ///< speak of these only
    std::uint32_t exactLabel = 0; ///< when not 0, claims must be this set of labels and no wider
};
/// Up to `n` captions, fewer where wishes leave no more that differ.
std::vector<std::string> writeCaptions(const FaceFactors& face, const CaptionWish& wish, std::size_t n,
                                       std::uint64_t seed);

} // namespace semascope::core::face
