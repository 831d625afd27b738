#include "core/demo/FaceParts_p.h"

#include <array>

namespace semascope::core::face {

namespace {

constexpr std::array kSkins = {bytes(252, 226, 209), bytes(247, 212, 189), bytes(240, 198, 170), bytes(231, 183, 150),
                               bytes(219, 166, 130), bytes(205, 149, 112), bytes(188, 130, 94),  bytes(168, 112, 79),
                               bytes(146, 94, 65),   bytes(123, 77, 53),   bytes(101, 62, 45),   bytes(82, 51, 39)};
constexpr std::array kHairs = {bytes(44, 40, 46), bytes(104, 66, 42), bytes(220, 184, 122), bytes(174, 76, 42),
                               bytes(166, 167, 172)};
constexpr std::array kCloths = {bytes(234, 231, 224), bytes(128, 132, 140), bytes(54, 68, 104), bytes(64, 124, 128),
                                bytes(98, 130, 88),   bytes(206, 160, 76),  bytes(128, 56, 64), bytes(216, 146, 154)};
constexpr std::array kIrises = {bytes(92, 58, 36), bytes(132, 102, 52), bytes(92, 128, 84), bytes(84, 128, 170)};

template<std::size_t N> Colour along(const std::array<Colour, N>& colours, float t)
{
    const float place = clamped(t) * static_cast<float>(N - 1);
    const auto i = std::min(static_cast<std::size_t>(place), N - 2);
    return mix(colours[i], colours[i + 1], place - static_cast<float>(i));
}

template<class Label, std::size_t N> Colour of(const std::array<Colour, N>& colours, Label label)
{
    return colours[static_cast<std::size_t>(label)];
}

/// Taylor's series, for angles below one.
float sineOf(float angle)
{
    const float s = angle * angle;
    return angle * (1 - s / 6 * (1 - s / 20));
}

Palette paletteOf(const FaceFactors& f)
{
    Palette c;
    const float gold = f.undertone - 0.5F;
    c.skin = along(kSkins, f.skin) * Colour{1 - 0.03F * gold, 1 + 0.05F * gold, 1 - 0.17F * gold};
    c.skinShade = c.skin * Colour{0.74F, 0.60F, 0.56F};
    c.skinLight = mix(c.skin, {1, 0.95F, 0.88F}, 0.34F);
    c.blush = mix(c.skin, bytes(214, 92, 84), 0.42F);
    const float rosy = f.sex == Sex::Female ? 0.78F : 0.26F;
    c.lips = mix(c.skin * Colour{0.86F, 0.66F, 0.64F}, bytes(176, 62, 72), rosy * mix(1.0F, 0.82F, f.skin));
    const float tone = 0.88F + 0.24F * f.hairTone;
    c.hair = of(kHairs, f.hairColour) * tone;
    c.hairShade = c.hair * Colour{0.56F, 0.50F, 0.50F};
    c.hairLight = mix(c.hair, {1, 0.93F, 0.84F}, f.hairColour == HairColour::Black ? 0.20F : 0.34F);
    c.cloth = of(kCloths, f.clothing);
    c.clothShade = c.cloth * Colour{0.62F, 0.60F, 0.66F};
    c.iris = of(kIrises, f.eyeColour);
    return c;
}

Skull skullOf(const FaceFactors& f, float halfWidth)
{
    const bool male = f.sex == Sex::Male;
    Skull s;
    s.cranium = {-0.03F * f.turn, -0.12F};
    s.craniumRadii = {halfWidth, 0.48F};
    s.cheeks = {0.02F * f.turn, 0.10F};
    s.cheekRadii = {halfWidth * (male ? 0.95F : 0.93F), 0.33F};
    s.chinRadius = male ? 0.17F + 0.07F * f.jaw : 0.10F + 0.07F * f.jaw;
    s.chin = {0.10F * f.turn, (male ? 0.53F : 0.495F) - s.chinRadius};
    s.jaw = {0.05F * f.turn, 0.18F};
    s.jawHalf = male ? Vec{halfWidth * (0.79F + 0.12F * f.jaw), 0.27F} : Vec{halfWidth * 0.55F, 0.15F};
    return s;
}

} // namespace

float Skull::distance(Vec p) const
{
    const float upper = joined(ellipse(p, cranium, craniumRadii), ellipse(p, cheeks, cheekRadii), 0.05F);
    const float lower = joined(circle(p, chin, chinRadius), roundBox(p, jaw, jawHalf, jawHalf.y * 0.94F), 0.14F);
    return joined(upper, lower, 0.16F);
}

Layout::Layout(const FaceFactors& f) : face(f)
{
    const float lean = sineOf(0.24F * f.tilt);
    head = {{0, 0.62F}, std::sqrt(1 - lean * lean), lean};
    sine = sineOf(0.5F * f.turn);
    cosine = std::sqrt(1 - sine * sine);
    male = f.sex == Sex::Male ? 1.0F : 0.0F;
    halfWidth = 0.435F + 0.05F * f.faceWidth;
    const float x = (f.light - 0.5F) * 1.3F, y = -0.45F, z = 0.75F;
    const float size = std::sqrt(x * x + y * y + z * z);
    lightX = x / size;
    lightY = y / size;
    lightZ = z / size;
    skull = skullOf(f, halfWidth);
    colours = paletteOf(f);
}

Spot Layout::at(float u, float lift) const
{
    const float depth = std::sqrt(std::max(0.0F, 0.27F - u * u)) * 0.82F;
    const float slope = depth > 0 ? -u / depth * 0.67F : 0;
    return {u * cosine + (depth + lift) * sine, std::max(0.3F, cosine + slope * sine)};
}

float Layout::lit(Vec p, Vec centre, Vec radii) const
{
    const Vec n = (p - centre) / radii;
    const float depth = std::sqrt(std::max(0.02F, 1 - dot(n, n)));
    return ramp(-0.22F, 1.08F, n.x * lightX + n.y * lightY + depth * lightZ);
}

Colour Layout::skinAt(Vec p) const
{
    const float light = lit(p, {skull.cranium.x, 0}, {halfWidth * 1.06F, 0.64F});
    const Colour base = mix(colours.skinShade, colours.skin, light);
    return mix(base, colours.skinLight, 0.60F * ramp(0.62F, 1.04F, light));
}

Colour hairAt(const Layout& l, float light)
{
    const Colour base = mix(l.colours.hairShade, l.colours.hair, ramp(0, 0.6F, light));
    return mix(base, l.colours.hairLight, 0.8F * ramp(0.6F, 1.15F, light));
}

} // namespace semascope::core::face
