#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

enum class Eyewear { None, Glasses, Sunglasses };
enum class SkinClass { Light, Medium, Dark };
enum class Sex { Female, Male };
enum class HairColour { Black, Brown, Blond, Red, Grey };
enum class HairShape { Bald, Buzz, SidePart, Quiff, Bob, Long, Wavy, Curly, Afro, Ponytail, Bun };
enum class Beard { None, Stubble, Full };
enum class Hat { None, Beanie, Cap, Brimmed, Beret };
enum class Backdrop { Blue, Green, Pink, Sand, Grey, Violet };
enum class FrameShape { Square, Round, CatEye, Aviator };
enum class FrameColour { Black, Brown, Red, Blue, Gold, White };
enum class Clothing { White, Grey, Navy, Teal, Green, Mustard, Maroon, Pink };
enum class EyeColour { Brown, Hazel, Green, Blue };

/// Everything that decides what a drawn face looks like. Left and right are the viewer's. Without range given: 0…1.
struct FaceFactors
{
    Eyewear eyewear = Eyewear::None;
    float skin = 0.2F; ///< 0 palest … 1 darkest; drawn without the gaps between the classes
    Sex sex = Sex::Female;
    HairColour hairColour = HairColour::Brown;
    HairShape hairShape = HairShape::Bob;
    Beard beard = Beard::None; ///< drawn on men only, and there independently of everything else
    Hat hat = Hat::None;
    float smile = 0.3F; ///< 0 serious … 1 laughing
    float turn = 0;     ///< −1 turned left … 1 turned right
    float tilt = 0;     ///< −1 … 1, clockwise
    Backdrop backdrop = Backdrop::Blue;

    // What varies besides, and is in the captions seldom or never.
    Clothing clothing = Clothing::Grey;
    FrameShape frameShape = FrameShape::Square;
    FrameColour frameColour = FrameColour::Black;
    float frameWeight = 0.5F; ///< how thick
    EyeColour eyeColour = EyeColour::Brown;
    float faceWidth = 0.5F, jaw = 0.5F, nose = 0.5F, brow = 0.5F, eyeSize = 0.5F, mouth = 0.5F;
    float undertone = 0.5F; ///< of the skin: rosy … golden
    float hairTone = 0.5F;  ///< darker … lighter of its colour
    float hatColour = 0.5F; ///< along a row of muted colours
    float light = 0.5F;     ///< from the left … from the right

    bool operator==(const FaceFactors&) const = default;
};

/// The factors that datasets, captions and measurements know by name. The rest is nuisance.
enum class FaceFactor {
    Eyewear,
    Skin,
    Sex,
    HairColour,
    HairShape,
    Beard,
    Hat,
    Smile,
    Turn,
    Tilt,
    Backdrop,
    Clothing,
    FrameShape,
    FrameColour,
    FrameWeight,
    EyeColour,
    FaceWidth,
    Jaw,
    Nose,
    Brow,
    EyeSize,
    Mouth,
    Undertone,
    HairTone,
    HatColour,
    Light
};

/// A factor as a column: numbers low … high, or labels.
struct FaceFactorInfo
{
    FaceFactor factor;
    std::string name;                ///< "glasses", "hair colour"
    std::vector<std::string> labels; ///< empty for a number
    double low = 0, high = 1;
    bool nuisance = false;
};
/// In the order of FaceFactor.
const std::vector<FaceFactorInfo>& faceFactors();

double faceFactor(const FaceFactors& face, FaceFactor factor); ///< the number, or the index of the label
/// `face` with one factor changed, clamped to its range, and nothing else.
FaceFactors withFaceFactor(FaceFactors face, FaceFactor factor, double value);
/// The same face over the whole range of one factor: every label, or `steps` numbers.
std::vector<FaceFactors> faceStrip(const FaceFactors& face, FaceFactor factor, std::size_t steps);

/// Light below .3, dark above .7, medium in .38 … .62; numbers between them are never drawn at random.
SkinClass skinClass(float skin);
const std::vector<std::string>& skinClassLabels();
/// Whether a person can tell the colour of the hair on the head.
bool hairIsVisible(const FaceFactors& face);

/// All factors from a seed, independent of one another but for the beard, which only men have. Each has its own stream.
FaceFactors drawFactors(std::uint64_t seed);

/// Which faces a model may learn from. Unseen ones have a combination that heldOutCombination names; Validation has new
/// faces of the combinations in Train.
enum class FaceSplit { Train, Validation, Unseen };

/// Glasses × hair colour × skin class × hat or none: one in five combinations is never in training, though every three
/// of their labels are together.
bool heldOutCombination(const FaceFactors& face);
/// Face `index` of a split. Splits share no face. In Train and Validation the other combinations are so frequent that
/// no two of the four factors tell anything about each other, as if none were missing; in Unseen they do.
FaceFactors faceOf(FaceSplit split, std::uint64_t seed, std::size_t index);

} // namespace semascope::core
