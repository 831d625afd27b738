#include "core/demo/FaceParts_p.h"

#include <array>

namespace semascope::core::face {

namespace {

constexpr std::array kFrames = {bytes(34, 32, 38),  bytes(122, 70, 40),  bytes(178, 48, 50),
                                bytes(48, 84, 150), bytes(206, 164, 84), bytes(240, 236, 228)};

Colour frameColour(const Layout& l)
{
    return kFrames[static_cast<std::size_t>(l.face.frameColour)];
}

float frameHalf(const Layout& l)
{
    return 0.0130F + 0.0170F * l.face.frameWeight;
}

/// The rim of one lens, at the edge of its glass.
struct Lens
{
    Vec centre;
    float squeeze, side;
    FrameShape shape;

    Vec local(Vec p) const { return {(p.x - centre.x) / squeeze * side, p.y - centre.y}; }
    float distance(Vec p) const
    {
        Vec q = local(p);
        float d = 0;
        switch (shape) {
        case FrameShape::Square:
            d = roundBox(q, {}, {kLensHalf.x, kLensHalf.y * 0.94F}, 0.045F);
            break;
        case FrameShape::Round:
            d = ellipse(q, {}, {kLensHalf.x * 0.90F, kLensHalf.x * 0.86F});
            break;
        case FrameShape::CatEye:
            q.y += 0.34F * std::max(0.0F, q.x + 0.02F) * ramp(0.10F, -0.08F, q.y);
            d = roundBox(q, {}, {kLensHalf.x, kLensHalf.y * 0.86F}, 0.075F) * 0.95F;
            break;
        case FrameShape::Aviator:
            q.x /= 1 - 0.9F * std::max(0.0F, q.y + 0.02F);
            d = roundBox(q, {0, 0.012F}, {kLensHalf.x, kLensHalf.y * 1.08F}, 0.11F) * 0.95F;
            break;
        }
        return d * mix(1.0F, squeeze, 0.5F);
    }
};

std::array<Lens, 2> lensesOf(const Layout& l)
{
    const auto lens = [&](float side) {
        const Spot spot = l.at(side * (kEyeU + 0.006F), 0.03F);
        return Lens{{spot.x, kEyeY + 0.012F}, spot.squeeze, side, l.face.frameShape};
    };
    return {lens(-1), lens(1)};
}

Box boxOf(const Lens& lens)
{
    return around(lens.centre, {kLensHalf.x * 1.3F, kLensHalf.x * 1.2F});
}

void paintGlass(Canvas& canvas, const Layout& l, const Lens& lens)
{
    const bool dark = l.face.eyewear == Eyewear::Sunglasses;
    const float edge = canvas.edge();
    const Colour top = bytes(24, 24, 30), bottom = bytes(74, 68, 74), pale = bytes(222, 236, 244);
    canvas.paint(
        l.head, boxOf(lens),
        [&](Vec p) {
            // clear lenses brighten what is behind them, most along a slanted glint
            const float across = (p.x - lens.centre.x) * 0.8F + (p.y - lens.centre.y) * 0.6F;
            const float glint = 0.34F * bell((across + 0.075F) / 0.032F) + 0.22F * bell((across + 0.005F) / 0.018F);
            return inside(lens.distance(p), edge) * (dark ? 0.97F : 0.16F + glint);
        },
        [&](Vec p) {
            if (!dark) {
                return pale;
            }
            const float across = (p.x - lens.centre.x) * 0.8F + (p.y - lens.centre.y) * 0.6F;
            const float glint = 0.55F * bell((across + 0.085F) / 0.030F) * ramp(0.0F, -0.04F, lens.distance(p));
            return mix(mix(top, bottom, ramp(-0.12F, 0.15F, p.y - lens.centre.y)), pale, glint);
        });
}

void paintRim(Canvas& canvas, const Layout& l, const std::array<Lens, 2>& lenses)
{
    const float edge = canvas.edge(), half = frameHalf(l);
    const Vec inner = {kLensHalf.x * 0.92F, -0.035F};
    const Vec from = lenses[0].centre + Vec{inner.x * lenses[0].squeeze, inner.y};
    const Vec to = lenses[1].centre + Vec{-inner.x * lenses[1].squeeze, inner.y};
    const auto rim = [&](Vec p) {
        const Lens& lens = p.x < 0.5F * (from.x + to.x) ? lenses[0] : lenses[1];
        const float ring = std::abs(lens.distance(p)) - half * (lens.local(p).y < 0 ? 1.12F : 0.95F);
        const Vec arched = {p.x, p.y + 0.02F * bell((p.x - 0.5F * (from.x + to.x)) / 0.07F)};
        return joined(ring, stroke(arched, from, to, half * 0.9F, half * 0.9F), 0.012F);
    };
    const Box left = boxOf(lenses[0]), right = boxOf(lenses[1]);
    const Box both = {left.left, left.top, right.right, right.bottom + 0.04F};
    canvas.paint(
        l.head, both,
        [&](Vec p) {
            return 0.34F * inside(rim(p - Vec{-0.014F * l.lightX, 0.026F}), 0.018F);
        },
        [&](Vec) { return l.colours.skinShade * 0.7F; });
    const Colour colour = frameColour(l), lit = mix(colour, {1, 1, 1}, 0.34F);
    canvas.paint(
        l.head, both, [&](Vec p) { return inside(rim(p), edge); },
        [&](Vec p) {
            const float gleam = 0.8F * inside(rim(p + Vec{0.005F * -l.lightX, 0.008F}) + 0.6F * half, 0.008F);
            return mix(colour, lit, gleam * ramp(0.05F, -0.14F, p.y - lenses[0].centre.y));
        });
}

} // namespace

void paintTemples(Canvas& canvas, const Layout& l)
{
    if (l.face.eyewear == Eyewear::None) {
        return;
    }
    const float edge = canvas.edge(), half = frameHalf(l) * 0.85F;
    for (const Lens& lens : lensesOf(l)) {
        const Vec hinge = lens.centre + Vec{lens.side * kLensHalf.x * 0.97F * lens.squeeze, -0.045F};
        const float reach =
            lens.side * (l.halfWidth * l.cosine + 0.01F) + 0.10F * l.sine - 0.10F * std::abs(l.sine) * lens.side;
        const Vec ear = {lens.side * std::max(lens.side * reach, lens.side * hinge.x), -0.035F};
        canvas.paint(
            l.head, {std::min(hinge.x, ear.x) - 0.05F, -0.12F, std::max(hinge.x, ear.x) + 0.05F, 0.05F},
            [&](Vec p) { return inside(stroke(p, hinge, ear, half, half), edge) * inside(l.skull.distance(p), 0.01F); },
            [&](Vec) { return frameColour(l) * 0.86F; });
    }
}

void paintGlasses(Canvas& canvas, const Layout& l)
{
    if (l.face.eyewear == Eyewear::None) {
        return;
    }
    const std::array<Lens, 2> lenses = lensesOf(l);
    for (const Lens& lens : lenses) {
        paintGlass(canvas, l, lens);
    }
    paintRim(canvas, l, lenses);
}

} // namespace semascope::core::face
