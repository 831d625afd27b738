#include "core/demo/FaceParts_p.h"

namespace semascope::core::face {

namespace {

/// s goes from −1 to 1 between the corners of the mouth.
struct Mouth
{
    Vec centre;
    float half, curve, gape, upper, lower;

    float s(Vec p) const { return (p.x - centre.x) / half; }
    static float arch(float s) { return clamped(1 - s * s); }
    /// The line between closed lips; corners go up with a smile.
    float line(float s) const { return centre.y + curve * (0.55F - s * s); }
    float upperEdge(float s) const { return line(s) - 0.25F * gape * arch(s); }
    float lowerEdge(float s) const { return line(s) + gape * arch(s); }
    float top(float s) const { return upperEdge(s) - upper * arch(s) * (1 - 0.28F * bell(s * 3.2F)); }
    float bottom(float s) const { return lowerEdge(s) + lower * arch(s); }
};

Mouth mouthOf(const Layout& l)
{
    const float smile = l.face.smile, full = mix(1.0F, 0.68F, l.male);
    const Spot spot = l.at(0, 0.02F);
    const float half = (0.112F + 0.026F * l.face.mouth + 0.062F * smile) * std::min(1.0F, spot.squeeze * 1.02F);
    const float gape = 0.095F * ramp(0.42F, 1.05F, smile);
    return {{spot.x, kMouthY}, half, -0.010F + 0.093F * smile, gape, 0.034F * full, 0.044F * full};
}

void paintInside(Canvas& canvas, const Layout& l, const Mouth& m)
{
    if (m.gape < 0.004F) {
        return;
    }
    const float edge = canvas.edge();
    canvas.paint(
        l.head, around(m.centre, {m.half, 0.17F}),
        [&](Vec p) {
            const float s = m.s(p);
            return inside(std::max(m.upperEdge(s) - p.y, p.y - m.lowerEdge(s)), edge);
        },
        [&](Vec p) {
            const float s = m.s(p), teeth = m.upperEdge(s) + 0.74F * m.gape * Mouth::arch(s) + 0.012F;
            const Colour dark = mix(bytes(86, 28, 34), bytes(150, 66, 70), ramp(0, 0.05F, p.y - teeth));
            const Colour white = mix(bytes(248, 246, 240), bytes(206, 196, 190), s * s);
            return mix(dark, white, inside(p.y - teeth, edge));
        });
}

} // namespace

void paintMouth(Canvas& canvas, const Layout& l)
{
    const float edge = canvas.edge();
    const Mouth m = mouthOf(l);
    const Box box = around(m.centre, {m.half * 1.15F, 0.19F});
    canvas.paint(
        l.head, box,
        [&](Vec p) {
            const float s = m.s(p);
            return std::abs(s) > 1 ? 0 : inside(std::max(m.top(s) - p.y, p.y - m.bottom(s)), edge * 1.5F);
        },
        [&](Vec p) {
            const float s = m.s(p), under = p.y - m.lowerEdge(s);
            const float shine = 0.5F * bell((under - 0.45F * m.lower) / m.lower) * bell(s * 1.4F + 0.2F * l.lightX);
            const Colour base = under > 0 ? l.colours.lips : l.colours.lips * 0.84F;
            return mix(base, {1, 0.86F, 0.82F}, shine * mix(0.75F, 0.45F, l.male));
        });
    paintInside(canvas, l, m);
    // the line between the lips, its corners, and the shadow under the lower lip
    canvas.paint(
        l.head, box,
        [&](Vec p) {
            const float s = m.s(p);
            const float line = std::abs(p.y - m.line(s)) - 0.006F;
            const float closed = ramp(0.02F, 0.0F, m.gape) * inside(line, edge * 1.5F) * ramp(1.12F, 0.9F, std::abs(s));
            const float corner =
                inside(length({std::abs(p.x - m.centre.x) - m.half, p.y - m.line(1)}) - 0.008F, 0.014F);
            return 0.75F * std::max(closed, 0.8F * corner);
        },
        [&](Vec) {
            return l.colours.lips * Colour{0.42F, 0.34F, 0.36F};
        });
    const Vec under = {m.centre.x, m.bottom(0) + 0.028F};
    canvas.paint(
        l.head, around(under, {0.12F, 0.04F}),
        [&](Vec p) {
            return 0.35F * bell(length((p - under) / Vec{0.10F, 0.032F}));
        },
        [&](Vec) { return l.colours.skinShade; });
}

void paintNose(Canvas& canvas, const Layout& l)
{
    const float size = 0.76F + 0.54F * l.face.nose, away = l.lightX >= 0 ? -1.0F : 1.0F;
    const Spot tip = l.at(0, 0.10F), bridge = l.at(0, 0.02F);
    const Vec end = {tip.x, kNoseY + 0.04F * (l.face.nose - 0.5F)}, root = {bridge.x, kEyeY - 0.03F};
    const float wing = 0.066F * size * mix(1.0F, 1.14F, l.male);
    const Box box = around(end + Vec{0, -0.06F}, {0.24F, 0.22F});
    // the side away from the light, then the shadow below, then the light on the ridge
    const Vec off = {away * 0.036F * size, 0};
    canvas.paint(
        l.head, box,
        [&](Vec p) {
            const float side = 0.42F * inside(stroke(p, root + off, end + off, 0.012F, 0.030F * size), 0.035F);
            const float below = 0.72F * bell(length((p - end - Vec{away * 0.012F, 0.052F}) / Vec{wing * 1.5F, 0.046F}));
            return std::max(side, below);
        },
        [&](Vec) { return l.colours.skinShade; });
    canvas.paint(
        l.head, box,
        [&](Vec p) {
            const float ridge = 0.34F * inside(stroke(p, root, end, 0.006F, 0.020F), 0.028F);
            const float ball = 0.62F * bell(length((p - end - Vec{-away * 0.010F, -0.006F}) / Vec{0.05F, 0.048F}));
            return std::max(ridge, ball);
        },
        [&](Vec) { return l.colours.skinLight; });
    for (const float side : {-1.0F, 1.0F}) {
        const Vec nostril = end + Vec{side * wing * 0.52F * l.cosine - 0.012F * l.sine, 0.040F};
        const Vec rim = end + Vec{side * wing * l.cosine - 0.02F * l.sine, 0.018F};
        canvas.paint(
            l.head, around(nostril, {0.12F, 0.06F}),
            [&](Vec p) {
                const float hole = 0.75F * inside(ellipse(p, nostril, {0.019F * size, 0.0095F}), 0.009F);
                const float edge = std::abs(circle(p, rim - Vec{side * 0.022F, 0}, 0.028F)) - 0.003F;
                return std::max(hole, 0.4F * inside(edge, 0.008F) * ramp(0, 0.02F, side * (p.x - rim.x) + 0.018F));
            },
            [&](Vec) {
                return l.colours.skinShade * Colour{0.72F, 0.58F, 0.56F};
            });
    }
}

void paintBeard(Canvas& canvas, const Layout& l)
{
    if (l.face.beard == Beard::None) {
        return;
    }
    const bool full = l.face.beard == Beard::Full;
    const float edge = full ? 0.016F : 0.045F, grow = full ? 0.030F : 0.0F, strength = full ? 1.0F : 0.55F;
    const Spot middle = l.at(0);
    const Vec mouth = {l.at(0, 0.02F).x, kMouthY + 0.03F};
    const auto beard = [&](Vec p) {
        const float grown = l.skull.distance(p - Vec{0, grow}) - grow * 0.5F;
        const float cheeks = -ellipse(p, {middle.x, 0.02F}, {l.halfWidth * 0.86F, 0.235F});
        const float bare = ramp(0.02F, -0.02F, p.y - 0.02F); // sideburns end at the ears
        const float lips = -ellipse(p, mouth, {0.115F + 0.05F * l.face.smile, 0.040F + 0.035F * l.face.smile});
        return std::max(common(common(grown, cheeks, 0.05F), lips, 0.02F), bare * 0.1F - 0.02F * (1 - bare));
    };
    const Colour stubble = mix(l.colours.skinShade, l.colours.hairShade, 0.75F);
    canvas.paint(
        l.head, {-0.6F, -0.05F, 0.6F, 0.7F}, [&](Vec p) { return strength * inside(beard(p), edge); },
        [&](Vec p) {
            if (!full) {
                return stubble;
            }
            const float light = l.lit(p, {l.skull.cranium.x, 0.05F}, {l.halfWidth * 1.15F, 0.72F});
            const float x = (p.x - middle.x) * (1.3F - 0.9F * p.y);
            const float strands = 0.05F * wave(x * 12) + 0.03F * wave(x * 5 + p.y * 2);
            return hairAt(l, 0.62F * light + strands + 0.06F);
        });
}

} // namespace semascope::core::face
