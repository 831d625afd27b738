#include "core/demo/FaceCaptions.h"

#include "core/demo/FaceRandom_p.h"
#include "core/demo/FaceWords_p.h"

#include <algorithm>
#include <array>
#include <optional>

namespace semascope::core {

namespace face {

namespace {

constexpr int kTries = 60;
constexpr Topics kHairTopics = topic(FaceFactor::HairColour) | topic(FaceFactor::HairShape);

struct Slot
{
    const char* name;
    Form form;
    std::size_t most; ///< things that it may list
};
constexpr std::array kSlots = {Slot{"noun", Form::Noun, 1},       Slot{"with", Form::With, 4},
                               Slot{"wearing", Form::Wearing, 2}, Slot{"without", Form::Without, 1},
                               Slot{"doing", Form::Doing, 1},     Slot{"place", Form::Place, 1},
                               Slot{"clause", Form::Clause, 1},   Slot{"list", Form::With, 5}};

/// How often a fact is chosen when there is room for it.
double interest(FaceFactor factor, const FaceFactors& face)
{
    switch (factor) {
    case FaceFactor::Eyewear:
        return face.eyewear == Eyewear::None ? 0.45 : 0.8;
    case FaceFactor::Hat:
        return face.hat == Hat::None ? 0.35 : 0.8;
    case FaceFactor::HairColour:
    case FaceFactor::Sex:
        return 0.75;
    case FaceFactor::Skin:
        return 0.6;
    case FaceFactor::Beard:
        return face.beard == Beard::None ? 0.15 : 0.7;
    case FaceFactor::HairShape:
        return 0.6;
    case FaceFactor::Smile:
    case FaceFactor::Backdrop:
        return 0.4;
    case FaceFactor::Turn:
        return 0.3;
    default:
        return 0.15;
    }
}

std::string withArticlesRight(const std::string& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts = i == 0 || text[i - 1] == ' ';
        const bool an = starts && text.compare(i, 3, "an ") == 0, a = starts && text.compare(i, 2, "a ") == 0;
        if (!a && !an) {
            out += text[i];
            continue;
        }
        i += an ? 2 : 1; // now at the blank
        const bool vowel = i + 1 < text.size() && std::string("aeiou").find(text[i + 1]) != std::string::npos;
        out += vowel ? "an " : "a ";
    }
    return out;
}

std::string joinedUp(const std::vector<std::string>& things, bool commasOnly)
{
    std::string text;
    for (std::size_t i = 0; i < things.size(); ++i) {
        const bool last = i + 1 == things.size() && !commasOnly;
        text += (i == 0 ? "" : last ? " and " : ", ") + things[i];
    }
    return text;
}

class Writer
{
public:
    Writer(const FaceFactors& face, const CaptionWish& wish, std::uint64_t seed)
        : m_face(face), m_wish(wish), m_random(seed, static_cast<std::uint64_t>(wish.wording))
    {
        for (const Wording& w : wordings()) {
            if (fits(w)) {
                (w.claims.empty() ? m_anybody : m_fitting).push_back(&w);
            }
        }
        for (const Template& t : templates()) {
            if (t.heldOut == isParaphrase()) {
                m_templates.push_back(t.text);
            }
        }
    }
    /// Empty when no template could be filled in some tries.
    std::string write()
    {
        for (int i = 0; i < kTries; ++i) {
            m_free = m_wish.topics;
            m_said = drawnTopics();
            const std::optional<std::string> text = filled(m_templates[m_random.below(m_templates.size())]);
            if (text && m_free != m_wish.topics) {
                return withArticlesRight(*text);
            }
        }
        return {};
    }

private:
    bool isParaphrase() const { return m_wish.wording == CaptionWording::Paraphrase; }

    /// True, about nothing but the topics, and in the training vocabulary where that is asked for.
    bool fits(const Wording& w) const
    {
        if ((w.heldOut && !isParaphrase()) || (w.topics & ~m_wish.topics) != 0) {
            return false;
        }
        return std::all_of(w.claims.begin(), w.claims.end(), [&](const Claim& claim) {
            return isTrue(claim, m_face) && (m_wish.exactLabel == 0 || claim.labels == m_wish.exactLabel);
        });
    }
    Topics drawnTopics()
    {
        Topics said = 0;
        for (const FaceFactorInfo& info : faceFactors()) {
            said |= m_random.chance(interest(info.factor, m_face)) ? topic(info.factor) : 0;
        }
        return said & m_wish.topics;
    }

    /// One phrase of a form about something not said yet: first a factor, then its words, those held out before others.
    const Wording* pick(Form form, Topics among)
    {
        std::vector<const Wording*> open;
        std::vector<FaceFactor> factors;
        for (const Wording* w : m_fitting) {
            if (w->form == form && (w->topics & ~among) == 0) {
                open.push_back(w);
                if (std::find(factors.begin(), factors.end(), w->factor) == factors.end()) {
                    factors.push_back(w->factor);
                }
            }
        }
        if (factors.empty()) {
            return nullptr;
        }
        const FaceFactor factor = factors[m_random.below(factors.size())];
        std::erase_if(open, [factor](const Wording* w) { return w->factor != factor; });
        if (std::any_of(open.begin(), open.end(), [](const Wording* w) { return w->heldOut; })) {
            std::erase_if(open, [](const Wording* w) { return !w->heldOut; });
        }
        return open[m_random.below(open.size())];
    }
    const Wording* take(Form form, bool onlySaid)
    {
        const Wording* w = pick(form, m_free & m_said);
        if (w == nullptr && !onlySaid) {
            w = pick(form, m_free);
        }
        if (w != nullptr) { // shape and colour of hair are said once, together or not
            m_free &= ~((w->topics & kHairTopics) != 0 ? w->topics | kHairTopics : w->topics);
        }
        return w;
    }

    std::string noun()
    {
        const Wording* who = take(Form::Noun, true);
        if (who == nullptr) {
            who = m_anybody[m_random.below(m_anybody.size())];
        }
        const Wording* adjective = m_random.chance(0.35) ? take(Form::Before, true) : nullptr;
        if (adjective == nullptr) {
            return who->text;
        }
        const std::size_t blank = who->text.find(' ');
        return who->text.substr(0, blank + 1) + adjective->text + who->text.substr(blank);
    }
    std::optional<std::string> things(const Slot& slot)
    {
        std::vector<std::string> all;
        const std::size_t wanted = 1 + m_random.below(slot.most);
        while (all.size() < wanted) {
            const Wording* w = take(slot.form, !all.empty());
            if (w == nullptr) {
                break;
            }
            all.push_back(w->text);
        }
        const bool list = slot.name == std::string("list");
        return all.empty() ? std::nullopt : std::optional(joinedUp(all, list));
    }
    std::optional<std::string> filled(const std::string& text)
    {
        std::string out;
        std::size_t at = 0;
        for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', at)) {
            const std::size_t close = text.find('}', open);
            const std::string name = text.substr(open + 1, close - open - 1);
            const auto slot = std::find_if(kSlots.begin(), kSlots.end(), [&](const Slot& s) { return s.name == name; });
            const std::optional<std::string> words = slot->form == Form::Noun ? noun() : things(*slot);
            if (!words) {
                return std::nullopt;
            }
            out += text.substr(at, open - at) + *words;
            at = close + 1;
        }
        return out + text.substr(at);
    }

    const FaceFactors& m_face;
    CaptionWish m_wish;
    Random m_random;
    std::vector<const Wording*> m_fitting, m_anybody; ///< what may be said; nouns that say nothing
    std::vector<const char*> m_templates;
    Topics m_free = 0, m_said = 0;
};

} // namespace

std::vector<std::string> writeCaptions(const FaceFactors& face, const CaptionWish& wish, std::size_t n,
                                       std::uint64_t seed)
{
    Writer writer(face, wish, seed);
    std::vector<std::string> captions;
    for (std::size_t tries = 0; captions.size() < n && tries < 8 * n + 8; ++tries) {
        std::string text = writer.write();
        if (!text.empty() && std::find(captions.begin(), captions.end(), text) == captions.end()) {
            captions.push_back(std::move(text));
        }
    }
    return captions;
}

} // namespace face

std::vector<std::string> faceCaptions(const FaceFactors& face, std::size_t n, std::uint64_t seed,
                                      CaptionWording wording)
{
    return face::writeCaptions(face, {wording}, n, seed);
}

} // namespace semascope::core
