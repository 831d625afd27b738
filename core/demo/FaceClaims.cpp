#include "core/demo/FaceCaptions.h"
#include "core/demo/FaceRandom_p.h"
#include "core/demo/FaceWords_p.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace semascope::core {

namespace {

/// Numbers near a class have its label, those between two classes none.
int smileLabel(float smile)
{
    return smile < 0.18F ? 0 : smile > 0.7F ? 2 : smile > 0.34F && smile < 0.58F ? 1 : -1;
}
int sideLabel(float value, float clear, float small)
{
    return value < -clear ? 0 : value > clear ? 2 : std::abs(value) < small ? 1 : -1;
}

bool shapeShowsUnderHat(HairShape shape)
{
    switch (shape) {
    case HairShape::Bob:
    case HairShape::Long:
    case HairShape::Wavy:
    case HairShape::Curly:
    case HairShape::Ponytail:
        return true;
    default:
        return false;
    }
}

int skinLabel(float skin)
{
    const SkinClass c = skinClass(skin);
    // the class must not change nearby, else the tone lies between two
    return skinClass(skin - 0.03F) == c && skinClass(skin + 0.03F) == c ? static_cast<int>(c) : -1;
}

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

/// A phrase as it stands in a caption, without the article that adjectives may part it from.
struct Entry
{
    std::string text;
    const face::Wording* wording;
};

std::vector<Entry> readingEntries()
{
    std::vector<Entry> entries;
    for (const face::Wording& w : face::wordings()) {
        std::string text = w.text;
        const bool without = w.form == face::Form::Without;
        for (const char* article : {"a ", "an "}) {
            if (!without && text.rfind(article, 0) == 0) {
                text.erase(0, std::string(article).size());
            }
        }
        entries.push_back({without ? "without " + text : text, &w});
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.text.size() > b.text.size(); });
    return entries;
}

} // namespace

int captionLabel(const FaceFactors& face, FaceFactor factor)
{
    const int label = static_cast<int>(faceFactor(face, factor));
    switch (factor) {
    case FaceFactor::Skin:
        return skinLabel(face.skin);
    case FaceFactor::Smile:
        return smileLabel(face.smile);
    case FaceFactor::Turn:
        return sideLabel(face.turn, 0.4F, 0.12F);
    case FaceFactor::Tilt:
        return sideLabel(face.tilt, 0.5F, 0.1F);
    case FaceFactor::HairColour:
        return hairIsVisible(face) ? label : -1;
    case FaceFactor::HairShape:
        return face.hat == Hat::None || shapeShowsUnderHat(face.hairShape) ? label : -1;
    case FaceFactor::Beard: // nobody says so of a woman
        return face.sex == Sex::Female && face.beard == Beard::None ? -1 : label;
    case FaceFactor::FrameColour:
    case FaceFactor::FrameShape:
        return face.eyewear == Eyewear::None ? -1 : label;
    default:
        return faceFactors()[static_cast<std::size_t>(factor)].labels.empty() ? -1 : label;
    }
}

std::vector<FaceClaim> claimsIn(const std::string& caption)
{
    static const std::vector<Entry> entries = readingEntries();
    std::vector<FaceClaim> claims;
    std::string left = caption;
    for (const Entry& entry : entries) {
        const std::size_t size = entry.text.size();
        for (std::size_t at = left.find(entry.text); at != std::string::npos; at = left.find(entry.text, at + 1)) {
            const bool whole =
                (at == 0 || !isWordPart(left[at - 1])) && (at + size == left.size() || !isWordPart(left[at + size]));
            if (!whole) {
                continue;
            }
            for (const face::Claim& claim : entry.wording->claims) {
                claims.push_back({claim.factor, claim.labels, entry.text});
            }
            left.replace(at, size, size, '#');
        }
    }
    return claims;
}

bool claimHolds(const FaceClaim& claim, const FaceFactors& face)
{
    return face::isTrue({claim.factor, claim.labels}, face);
}

std::vector<std::pair<std::string, bool>> captionTemplates()
{
    std::vector<std::pair<std::string, bool>> all;
    for (const face::Template& t : face::templates()) {
        all.emplace_back(t.text, t.heldOut);
    }
    return all;
}

std::vector<std::pair<std::string, bool>> captionPhrases()
{
    std::vector<std::pair<std::string, bool>> all;
    for (const face::Wording& w : face::wordings()) {
        all.emplace_back(w.text, w.heldOut);
    }
    return all;
}

namespace {

std::vector<std::string> questionLabels(FaceFactor factor)
{
    switch (factor) {
    case FaceFactor::Skin:
        return skinClassLabels();
    case FaceFactor::Smile:
        return {"serious", "slight smile", "big smile"};
    case FaceFactor::Turn:
        return {"left", "ahead", "right"};
    default:
        return faceFactors()[static_cast<std::size_t>(factor)].labels;
    }
}

/// A plain face that has this label.
FaceFactors exampleOf(FaceFactor factor, std::size_t label)
{
    FaceFactors face;
    face.sex = Sex::Male; // a beard, and its absence, can be spoken of
    if (factor == FaceFactor::Skin) {
        constexpr std::array<float, 3> tones = {0.1F, 0.5F, 0.9F};
        face.skin = tones[label];
        return face;
    }
    const FaceFactorInfo& info = faceFactors()[static_cast<std::size_t>(factor)];
    const double t = static_cast<double>(label) / 2;
    const double number = factor == FaceFactor::Smile && label == 1 ? 0.46 : info.low + (info.high - info.low) * t;
    return withFaceFactor(face, factor, info.labels.empty() ? number : static_cast<double>(label));
}

} // namespace

std::vector<FaceQuestion> faceQuestions(CaptionWording wording, std::size_t n, std::uint64_t seed)
{
    using F = FaceFactor;
    std::vector<FaceQuestion> questions;
    for (const F factor :
         {F::Eyewear, F::HairColour, F::Skin, F::Hat, F::Sex, F::HairShape, F::Beard, F::Smile, F::Turn, F::Backdrop}) {
        FaceQuestion q{faceFactors()[static_cast<std::size_t>(factor)].name, factor, questionLabels(factor), {}};
        for (std::size_t label = 0; label < q.labels.size(); ++label) {
            const FaceFactors example = exampleOf(factor, label);
            const face::CaptionWish wish{wording, face::topic(factor), 1U << label};
            const std::uint64_t stream = static_cast<std::uint64_t>(factor) * 64 + label;
            std::vector<std::string> prompts = face::writeCaptions(example, wish, n, face::Random(seed, stream).next());
            q.prompts.push_back(std::move(prompts));
        }
        questions.push_back(std::move(q));
    }
    return questions;
}

int faceAnswer(const FaceQuestion& question, const FaceFactors& face)
{
    return captionLabel(face, question.factor);
}

} // namespace semascope::core
