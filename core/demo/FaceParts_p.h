#pragma once
#include "core/demo/FaceCanvas_p.h"
#include "core/demo/FaceFactors.h"

/// A face in parts. Unless told otherwise places are in the frame of the head: the skull around (0, −.12), eyes near
/// y = 0, chin near y = .5, shoulders below y = .7.
namespace semascope::core::face {

/// Where a point of the face lies once the head has turned, and how much narrower things look there.
struct Spot
{
    float x, squeeze;
};

/// The head without what sits on it.
struct Skull
{
    Vec cranium, craniumRadii, cheeks, cheekRadii, jaw, jawHalf, chin;
    float chinRadius = 0;

    float distance(Vec p) const;
};

struct Palette
{
    Colour skin, skinShade, skinLight, blush, lips, hair, hairShade, hairLight, cloth, clothShade, iris;
};

/// What all parts need to know of a face, worked out once.
struct Layout
{
    explicit Layout(const FaceFactors& f);

    FaceFactors face;
    Frame head, body;
    float sine = 0, cosine = 1; ///< of the turn
    float male = 0;             ///< 1 for men
    float halfWidth = 0;
    float lightX = 0, lightY = 0, lightZ = 1;
    Skull skull;
    Palette colours;

    /// `u` is measured along the face from its middle, ±.5 at the ears; `lift` is how far it stands off the face.
    Spot at(float u, float lift = 0) const;
    /// How much light a ball around `centre` gets at p: 0 shade … 1 light.
    float lit(Vec p, Vec centre, Vec radii) const;
    Colour skinAt(Vec p) const;
    bool hasHat() const { return face.hat != Hat::None; }
};

constexpr float kEyeY = -0.005F, kEyeU = 0.19F, kNoseY = 0.14F, kMouthY = 0.29F, kHatY = -0.25F;

/// Half of the picture around a lens or an eye, in the units of the face.
constexpr Vec kLensHalf = {0.168F, 0.128F};

void paintBackdrop(Canvas& canvas, const Layout& l);
void paintClothes(Canvas& canvas, const Layout& l);
void paintNeck(Canvas& canvas, const Layout& l);
void paintHead(Canvas& canvas, const Layout& l);
/// The ear that the turn shows stands before the hair, the other one behind the head.
void paintEars(Canvas& canvas, const Layout& l, bool front);
void paintNose(Canvas& canvas, const Layout& l);
void paintMouth(Canvas& canvas, const Layout& l);
void paintBeard(Canvas& canvas, const Layout& l);
void paintEyes(Canvas& canvas, const Layout& l);
void paintBrows(Canvas& canvas, const Layout& l);
void paintHairBehind(Canvas& canvas, const Layout& l);
void paintHairFront(Canvas& canvas, const Layout& l);
void paintHat(Canvas& canvas, const Layout& l);
void paintTemples(Canvas& canvas, const Layout& l); ///< the arms of the glasses, which hair may cover
void paintGlasses(Canvas& canvas, const Layout& l);

bool hairCoversEars(HairShape shape);
/// Colours of hair on this layout's head, by how much light there is.
Colour hairAt(const Layout& l, float light);

} // namespace semascope::core::face
