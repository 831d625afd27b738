#include "core/demo/FaceFactors.h"

#include "core/demo/FaceRandom_p.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <type_traits>

namespace semascope::core {

namespace {

constexpr float kLightEnd = 0.30F, kMediumBegin = 0.38F, kMediumEnd = 0.62F, kDarkBegin = 0.70F;

/// How a factor is read from the struct, written to it and drawn.
struct Access
{
    double (*value)(const FaceFactors&);
    void (*set)(FaceFactors&, double);
    std::vector<double> weights; ///< of the labels when drawn; all the same when empty
};

template<auto Member> Access accessTo(std::vector<double> weights = {})
{
    return {[](const FaceFactors& f) { return static_cast<double>(f.*Member); },
            [](FaceFactors& f, double v) { f.*Member = static_cast<std::remove_reference_t<decltype(f.*Member)>>(v); },
            std::move(weights)};
}

const std::vector<Access>& accesses()
{
    using F = FaceFactors;
    static const std::vector<Access> all = {
        accessTo<&F::eyewear>(),
        accessTo<&F::skin>(),
        accessTo<&F::sex>(),
        accessTo<&F::hairColour>(),
        accessTo<&F::hairShape>({0.6, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}),
        accessTo<&F::beard>({0.45, 0.2, 0.35}),
        accessTo<&F::hat>({4, 1, 1, 1, 1}),
        accessTo<&F::smile>(),
        accessTo<&F::turn>(),
        accessTo<&F::tilt>(),
        accessTo<&F::backdrop>(),
        accessTo<&F::clothing>(),
        accessTo<&F::frameShape>(),
        accessTo<&F::frameColour>(),
        accessTo<&F::frameWeight>(),
        accessTo<&F::eyeColour>(),
        accessTo<&F::faceWidth>(),
        accessTo<&F::jaw>(),
        accessTo<&F::nose>(),
        accessTo<&F::brow>(),
        accessTo<&F::eyeSize>(),
        accessTo<&F::mouth>(),
        accessTo<&F::undertone>(),
        accessTo<&F::hairTone>(),
        accessTo<&F::hatColour>(),
        accessTo<&F::light>(),
    };
    return all;
}

FaceFactorInfo labelled(FaceFactor factor, const char* name, std::vector<std::string> labels, bool nuisance = false)
{
    const double last = static_cast<double>(labels.size()) - 1;
    return {factor, name, std::move(labels), 0, last, nuisance};
}

std::vector<FaceFactorInfo> describe()
{
    using F = FaceFactor;
    return {
        labelled(F::Eyewear, "glasses", {"none", "glasses", "sunglasses"}),
        {F::Skin, "skin tone", {}, 0, 1, false},
        labelled(F::Sex, "sex", {"female", "male"}),
        labelled(F::HairColour, "hair colour", {"black", "brown", "blond", "red", "grey"}),
        labelled(F::HairShape, "hair",
                 {"bald", "buzz cut", "side part", "quiff", "bob", "long", "wavy", "curly", "afro", "ponytail", "bun"}),
        labelled(F::Beard, "beard", {"none", "stubble", "full"}),
        labelled(F::Hat, "hat", {"none", "beanie", "cap", "brimmed hat", "beret"}),
        {F::Smile, "smile", {}, 0, 1, false},
        {F::Turn, "turn", {}, -1, 1, false},
        {F::Tilt, "tilt", {}, -1, 1, false},
        labelled(F::Backdrop, "background", {"blue", "green", "pink", "sand", "grey", "violet"}),
        labelled(F::Clothing, "clothing", {"white", "grey", "navy", "teal", "green", "mustard", "maroon", "pink"},
                 true),
        labelled(F::FrameShape, "frame shape", {"square", "round", "cat-eye", "aviator"}, true),
        labelled(F::FrameColour, "frame colour", {"black", "brown", "red", "blue", "gold", "white"}, true),
        {F::FrameWeight, "frame weight", {}, 0, 1, true},
        labelled(F::EyeColour, "eye colour", {"brown", "hazel", "green", "blue"}, true),
        {F::FaceWidth, "face width", {}, 0, 1, true},
        {F::Jaw, "jaw", {}, 0, 1, true},
        {F::Nose, "nose", {}, 0, 1, true},
        {F::Brow, "brow", {}, 0, 1, true},
        {F::EyeSize, "eye size", {}, 0, 1, true},
        {F::Mouth, "mouth width", {}, 0, 1, true},
        {F::Undertone, "undertone", {}, 0, 1, true},
        {F::HairTone, "hair tone", {}, 0, 1, true},
        {F::HatColour, "hat colour", {}, 0, 1, true},
        {F::Light, "light", {}, 0, 1, true},
    };
}

double drawnLabel(const std::vector<double>& weights, std::size_t labels, face::Random& random)
{
    if (weights.empty()) {
        return static_cast<double>(random.below(labels));
    }
    double sum = 0;
    for (const double w : weights) {
        sum += w;
    }
    double left = random.uniform() * sum;
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
        left -= weights[i];
        if (left < 0) {
            return static_cast<double>(i);
        }
    }
    return static_cast<double>(weights.size() - 1);
}

float drawnSkin(face::Random& random)
{
    constexpr std::array<std::array<float, 2>, 3> ranges = {
        {{0, kLightEnd}, {kMediumBegin, kMediumEnd}, {kDarkBegin, 1}}};
    const auto& [low, high] = ranges[random.below(ranges.size())];
    return low + (high - low) * static_cast<float>(random.uniform());
}

} // namespace

const std::vector<FaceFactorInfo>& faceFactors()
{
    static const std::vector<FaceFactorInfo> all = describe();
    return all;
}

double faceFactor(const FaceFactors& face, FaceFactor factor)
{
    return accesses()[static_cast<std::size_t>(factor)].value(face);
}

FaceFactors withFaceFactor(FaceFactors face, FaceFactor factor, double value)
{
    const auto i = static_cast<std::size_t>(factor);
    const FaceFactorInfo& info = faceFactors()[i];
    const double inRange = std::clamp(value, info.low, info.high);
    accesses()[i].set(face, info.labels.empty() ? inRange : std::round(inRange));
    return face;
}

std::vector<FaceFactors> faceStrip(const FaceFactors& face, FaceFactor factor, std::size_t steps)
{
    const FaceFactorInfo& info = faceFactors()[static_cast<std::size_t>(factor)];
    const std::size_t n = info.labels.empty() ? std::max<std::size_t>(steps, 2) : info.labels.size();
    std::vector<FaceFactors> strip;
    for (std::size_t i = 0; i < n; ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(n - 1);
        strip.push_back(withFaceFactor(face, factor, info.low + (info.high - info.low) * t));
    }
    return strip;
}

SkinClass skinClass(float skin)
{
    if (skin < (kLightEnd + kMediumBegin) / 2) {
        return SkinClass::Light;
    }
    return skin < (kMediumEnd + kDarkBegin) / 2 ? SkinClass::Medium : SkinClass::Dark;
}

const std::vector<std::string>& skinClassLabels()
{
    static const std::vector<std::string> labels = {"light", "medium", "dark"};
    return labels;
}

bool hairIsVisible(const FaceFactors& face)
{
    return face.hairShape != HairShape::Bald && !(face.hairShape == HairShape::Buzz && face.hat != Hat::None);
}

FaceFactors drawFactors(std::uint64_t seed)
{
    FaceFactors face;
    for (const FaceFactorInfo& info : faceFactors()) {
        const auto i = static_cast<std::size_t>(info.factor);
        face::Random random(seed, i);
        const Access& access = accesses()[i];
        if (info.factor == FaceFactor::Skin) {
            face.skin = drawnSkin(random);
        } else if (!info.labels.empty()) {
            access.set(face, drawnLabel(access.weights, info.labels.size(), random));
        } else {
            access.set(face, info.low + (info.high - info.low) * random.uniform());
        }
    }
    if (face.sex == Sex::Female) {
        face.beard = Beard::None;
    }
    return face;
}

} // namespace semascope::core
