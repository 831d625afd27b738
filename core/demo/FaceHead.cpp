#include "core/demo/FaceParts_p.h"

#include <array>

namespace semascope::core::face {

namespace {

struct Pair
{
    Colour light, dark;
};
constexpr std::array kBackdrops = {
    Pair{bytes(158, 186, 212), bytes(94, 128, 166)},  Pair{bytes(168, 198, 168), bytes(104, 142, 112)},
    Pair{bytes(232, 194, 196), bytes(190, 138, 148)}, Pair{bytes(232, 216, 184), bytes(190, 164, 124)},
    Pair{bytes(200, 202, 206), bytes(132, 136, 144)}, Pair{bytes(194, 182, 220), bytes(134, 120, 170)}};
constexpr Box kAll = {-1, -1, 1, 1};

float shoulders(const Layout& l, Vec p)
{
    const float wide = mix(0.66F, 0.80F, l.male);
    return joined(ellipse(p, {0, 1.16F}, {wide, 0.44F}), stroke(p, {0, 0.76F}, {0, 0.95F}, 0.5F * wide - 0.14F, 0.30F),
                  0.28F);
}

float neckHalf(const Layout& l)
{
    return mix(0.155F, 0.215F, l.male);
}

float scoop(const Layout& l, Vec p)
{
    return ellipse(p, {0, 0.70F}, {neckHalf(l) + 0.055F, 0.115F});
}

} // namespace

void paintBackdrop(Canvas& canvas, const Layout& l)
{
    const Pair& pair = kBackdrops[static_cast<std::size_t>(l.face.backdrop)];
    const float side = (l.face.light - 0.5F) * 0.5F;
    canvas.paint(
        l.body, kAll, [](Vec) { return 1.0F; },
        [&](Vec p) {
            const float glow = 1 - length({p.x - side, p.y + 0.25F}) * 0.62F;
            return mix(pair.dark, pair.light, ramp(-0.25F, 1.0F, glow));
        });
}

void paintClothes(Canvas& canvas, const Layout& l)
{
    const float edge = canvas.edge();
    canvas.paint(
        l.body, {-1, 0.5F, 1, 1}, [&](Vec p) { return inside(shoulders(l, p), edge); },
        [&](Vec p) {
            const float light = l.lit(p, {0, 1.1F}, {0.9F, 0.55F});
            const float fold = 0.04F * wave(p.x * 2.2F + p.y * 1.4F + 0.2F);
            return mix(l.colours.clothShade, l.colours.cloth * 1.04F, clamped(light + fold));
        });
    // the collar: a rim around the neckline
    canvas.paint(
        l.body, {-0.4F, 0.55F, 0.4F, 1}, [&](Vec p) { return inside(scoop(l, p) - 0.045F, edge); },
        [&](Vec p) {
            return mix(l.colours.clothShade, l.colours.cloth, 0.55F + 0.35F * ramp(-0.4F, 0.4F, p.x * l.lightX * 4));
        });
}

void paintNeck(Canvas& canvas, const Layout& l)
{
    const float edge = canvas.edge(), half = neckHalf(l);
    const auto neck = [&](Vec p) {
        const float column = roundBox(p, {0.03F * l.face.turn, 0.45F}, {half, 0.30F}, 0.05F);
        return joined(column, scoop(l, p), 0.06F);
    };
    const auto cover = [&](Vec p) { return inside(neck(p), edge); };
    const Box box = {-0.4F, 0.2F, 0.4F, 0.9F};
    canvas.paint(l.body, box, cover, [&](Vec p) {
        const float light = l.lit(p, {0, 0.6F}, {half * 1.3F, 0.5F});
        return mix(l.colours.skinShade, l.colours.skin, 0.15F + 0.7F * light);
    });
    // the shadow that the chin throws
    canvas.paint(
        l.head, {-0.5F, 0.2F, 0.5F, 0.9F},
        [&](Vec p) {
            const Vec from = p - Vec{-0.05F * l.lightX, 0.085F};
            return 0.75F * inside(l.skull.distance(from), 0.075F) * cover(l.body.toLocal(l.head.toCanvas(p)));
        },
        [&](Vec) { return l.colours.skinShade * 0.86F; });
}

void paintHead(Canvas& canvas, const Layout& l)
{
    const float edge = canvas.edge();
    const auto cover = [&](Vec p) { return inside(l.skull.distance(p), edge); };
    canvas.paint(l.head, {-0.6F, -0.65F, 0.6F, 0.6F}, cover, [&](Vec p) { return l.skinAt(p); });
    for (const float side : {-1.0F, 1.0F}) {
        const Spot cheek = l.at(side * 0.23F), socket = l.at(side * kEyeU);
        const Vec blush = {cheek.x, 0.155F - 0.02F * l.face.smile};
        canvas.paint(
            l.head, around(blush, {0.16F, 0.12F}),
            [&](Vec p) {
                return 0.62F * bell(length((p - blush) / Vec{0.15F * cheek.squeeze, 0.11F})) * cover(p);
            },
            [&](Vec) { return l.colours.blush; });
        const Vec shadow = {socket.x, kEyeY - 0.045F};
        canvas.paint(
            l.head, around(shadow, {0.17F, 0.11F}),
            [&](Vec p) {
                return 0.36F * bell(length((p - shadow) / Vec{0.16F * socket.squeeze, 0.10F}));
            },
            [&](Vec) { return l.colours.skinShade; });
    }
}

void paintEars(Canvas& canvas, const Layout& l, bool front)
{
    const float edge = canvas.edge();
    if (hairCoversEars(l.face.hairShape)) {
        return;
    }
    for (const float side : {-1.0F, 1.0F}) {
        const float shown = ramp(0.05F, 0.4F, -side * l.face.turn);
        if (front && shown <= 0) {
            continue;
        }
        const Vec centre = {side * (l.halfWidth + 0.015F) * l.cosine - 0.10F * std::abs(l.sine) * side + 0.10F * l.sine,
                            0.035F};
        const Vec radii = {0.062F, 0.105F};
        const float strength = front ? shown : 1.0F;
        canvas.paint(
            l.head, around(centre, {0.1F, 0.13F}),
            [&](Vec p) { return strength * inside(ellipse(p, centre, radii), edge); },
            [&](Vec p) {
                const float hollow = bell(length((p - centre - Vec{0.008F * side, -0.01F}) / Vec{0.042F, 0.078F}));
                const float light = l.lit(p, centre, {0.11F, 0.18F});
                return mix(mix(l.colours.skinShade, l.colours.skin, 0.35F + 0.6F * light), l.colours.skinShade,
                           0.65F * hollow);
            });
    }
}

} // namespace semascope::core::face
