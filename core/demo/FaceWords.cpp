#include "core/demo/FaceWords_p.h"

#include <set>

namespace semascope::core::face {

namespace {

constexpr char kHairMark[] = "{hair}", kFrameMark[] = "{frame}";

std::string replaced(std::string text, const std::string& mark, const std::string& word)
{
    text.replace(text.find(mark), mark.size(), word);
    return text;
}

Wording wordingOf(const Phrase& phrase, std::string text, const Claim& colour)
{
    Wording w{phrase.form, phrase.factor, std::move(text), phrase.heldOut, {}, 0};
    const bool fitsAll = phrase.form == Form::Noun && phrase.labels == 3;
    if (phrase.labels != 0 && !fitsAll) {
        w.claims.push_back({phrase.factor, phrase.labels});
    }
    if (colour.labels != 0) {
        w.claims.push_back(colour);
    }
    for (const Claim& claim : w.claims) {
        w.topics |= topic(claim.factor);
    }
    return w;
}

void spellOut(const Phrase& phrase, std::vector<Wording>& all)
{
    const std::string text = phrase.text;
    const bool hair = text.find(kHairMark) != std::string::npos;
    if (!hair && text.find(kFrameMark) == std::string::npos) {
        all.push_back(wordingOf(phrase, text, {phrase.factor, 0}));
        return;
    }
    const std::string mark = hair ? kHairMark : kFrameMark;
    const FaceFactor factor = hair ? FaceFactor::HairColour : FaceFactor::FrameColour;
    for (const ColourWord& word : hair ? hairWords() : frameWords()) {
        const Claim colour{factor, 1U << static_cast<unsigned>(word.label)};
        all.push_back(wordingOf(phrase, replaced(text, mark, word.text), colour));
    }
    if (phrase.factor == FaceFactor::HairShape) { // the shape alone
        all.push_back(wordingOf(phrase, replaced(text, mark + " ", ""), {phrase.factor, 0}));
    }
}

std::vector<Wording> spelledOut()
{
    std::vector<Wording> all, unique;
    for (const Phrase& phrase : phrases()) {
        spellOut(phrase, all);
    }
    std::set<std::pair<Form, std::string>> seen;
    for (Wording& w : all) {
        if (seen.emplace(w.form, w.text).second) {
            unique.push_back(std::move(w));
        }
    }
    return unique;
}

} // namespace

const std::vector<Wording>& wordings()
{
    static const std::vector<Wording> all = spelledOut();
    return all;
}

bool isTrue(const Claim& claim, const FaceFactors& face)
{
    const int label = captionLabel(face, claim.factor);
    return label >= 0 && (claim.labels >> static_cast<unsigned>(label) & 1U) != 0;
}

} // namespace semascope::core::face
