#include "core/demo/FaceParts_p.h"

namespace semascope::core::face {

namespace {

/// One eye: q.x goes from −1 at the inner corner to 1 at the outer, q.y in the units of the face.
struct Eye
{
    Vec centre;
    float half, upper, lower, slant, side;

    Vec local(Vec p) const { return {(p.x - centre.x) / half * side, p.y - centre.y}; }
    float lid(float s) const { return -upper * clamped(1 - s * s) * (1 + 0.12F * s) - slant * s; }
    float bottom(float s) const { return lower * clamped(1 - s * s) - slant * s; }
    /// Distance to the opening between the lids.
    float opening(Vec q) const { return std::max(lid(q.x) - q.y, q.y - bottom(q.x)); }
};

Eye eyeOf(const Layout& l, float side)
{
    const Spot spot = l.at(side * kEyeU);
    const float size = 0.9F + 0.25F * l.face.eyeSize, narrowed = 1 - 0.30F * ramp(0.5F, 1.0F, l.face.smile);
    const float open = mix(1.08F, 0.90F, l.male);
    return {{spot.x, kEyeY},          0.098F * size * spot.squeeze, 0.064F * size * open * narrowed,
            0.040F * size * narrowed, mix(0.012F, 0.004F, l.male),  side};
}

void paintBall(Canvas& canvas, const Layout& l, const Eye& eye)
{
    const float edge = canvas.edge(), radius = 0.058F * (0.9F + 0.25F * l.face.eyeSize);
    const Vec iris = {eye.centre.x + 0.022F * l.face.turn, eye.centre.y - 0.010F};
    const float squeeze = mix(1.0F, std::min(1.0F, eye.half / 0.1F), 0.6F);
    const auto across = [&](Vec p) { return length((p - iris) / Vec{squeeze, 1}); };
    canvas.paint(
        l.head, around(eye.centre, {eye.half, 0.09F}), [&](Vec p) { return inside(eye.opening(eye.local(p)), edge); },
        [&](Vec p) {
            const Vec q = eye.local(p);
            const float shaded = ramp(0.05F, 0.0F, q.y - eye.lid(q.x));
            Colour c = mix(bytes(246, 243, 238), bytes(176, 164, 164), 0.75F * shaded + 0.2F * q.x * q.x);
            const float r = across(p);
            const Colour lens = mix(l.colours.iris * 0.62F, l.colours.iris * 1.35F, ramp(-0.04F, 0.05F, p.y - iris.y));
            c = mix(c, mix(lens, l.colours.iris * 0.35F, ramp(radius * 0.7F, radius, r)), inside(r - radius, edge));
            c = mix(c, bytes(22, 18, 20), inside(r - radius * 0.5F, edge));
            return c;
        });
    const Vec glint = iris + Vec{0.024F * (l.lightX > 0 ? 1.0F : -1.0F), -0.022F};
    canvas.paint(
        l.head, around(glint, {0.03F, 0.03F}), [&](Vec p) { return 0.95F * inside(circle(p, glint, 0.013F), edge); },
        [](Vec) {
            return Colour{1, 1, 1};
        });
}

void paintLids(Canvas& canvas, const Layout& l, const Eye& eye)
{
    const float edge = canvas.edge(), lash = mix(0.0175F, 0.0085F, l.male);
    const Colour line = mix(bytes(30, 22, 24), l.colours.skinShade * 0.5F, mix(0.0F, 0.35F, l.male));
    canvas.paint(
        l.head, around(eye.centre, {eye.half * 1.4F, 0.12F}),
        [&](Vec p) {
            const Vec q = eye.local(p);
            // women's lashes sweep out beyond the corner
            const float end = mix(1.36F, 1.04F, l.male), s = std::min(q.x, 1.0F);
            const float sweep = mix(0.34F, 0.05F, l.male) * std::max(0.0F, q.x - 0.85F) * 0.5F;
            const float thick = lash * (0.55F + 0.45F * ramp(-1, 0.6F, q.x)) * ramp(end, 0.9F, q.x);
            const float d = std::abs(q.y - eye.lid(s) + sweep) - thick;
            return q.x < -1.05F || thick <= 0 ? 0 : inside(d, edge * 1.2F);
        },
        [&](Vec) { return line; });
    canvas.paint(
        l.head, around(eye.centre, {eye.half * 1.1F, 0.16F}),
        [&](Vec p) {
            const Vec q = eye.local(p);
            const float crease = std::abs(q.y - eye.lid(q.x * 0.9F) + 0.030F) - 0.004F;
            const float below = std::abs(q.y - eye.bottom(q.x)) - 0.003F;
            return 0.5F * bell(q.x) * (inside(crease, 0.010F) + inside(below, 0.008F));
        },
        [&](Vec) { return l.colours.skinShade * 0.8F; });
}

} // namespace

void paintEyes(Canvas& canvas, const Layout& l)
{
    for (const float side : {-1.0F, 1.0F}) {
        const Eye eye = eyeOf(l, side);
        paintBall(canvas, l, eye);
        paintLids(canvas, l, eye);
    }
}

void paintBrows(Canvas& canvas, const Layout& l)
{
    const float edge = canvas.edge();
    const float thick = mix(0.0125F, 0.030F, l.male) * (0.8F + 0.4F * l.face.brow);
    const float height = mix(-0.150F, -0.122F, l.male) - 0.02F * l.face.brow - 0.012F * l.face.smile;
    const float arch = mix(0.042F, 0.016F, l.male);
    const Colour colour = mix(l.colours.hairShade, l.colours.hair, 0.25F) * 0.92F;
    for (const float side : {-1.0F, 1.0F}) {
        const Spot spot = l.at(side * (kEyeU + 0.008F));
        const float half = mix(0.115F, 0.128F, l.male) * spot.squeeze;
        canvas.paint(
            l.head, around({spot.x, height}, {half * 1.15F, 0.12F}),
            [&](Vec p) {
                const float s = (p.x - spot.x) / half * side;
                const float middle = height - arch * (1 - 0.7F * (s - 0.2F) * (s - 0.2F)) + 0.02F * ramp(0.3F, 1.1F, s);
                const float width = thick * ramp(1.1F, 0.1F, s) * ramp(-1.1F, -0.8F, s) + 0.001F;
                return s < -1.1F || s > 1.1F ? 0 : 0.92F * inside(std::abs(p.y - middle) - width, edge * 1.6F);
            },
            [&](Vec) { return colour; });
    }
}

} // namespace semascope::core::face
