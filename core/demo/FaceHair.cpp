#include "core/demo/FaceParts_p.h"

#include <array>

namespace semascope::core::face {

namespace {

/// A hair shape in numbers. `top` and `side`: how far it stands off the skull. `line`, `sweep`, `arch`: height of the
/// hairline in the middle, its slope, and how it bends down (arch > 0) to the sides. `locks`: how far it comes down
/// before the ears; `nape`: behind them. `fall`: where hair that hangs behind ends, and `width` and `flare` of it.
struct Style
{
    float top, side, line, sweep, arch, locks, nape;
    float fall = 0, width = 0, flare = 0, ripple = 0, curl = 0;
    bool ears = true;
};

constexpr std::array<Style, 11> kStyles = {{
    {},                                                                                          // bald
    {0.018F, 0.012F, -0.37F, 0, 0.02F, -0.10F, 0.10F},                                           // buzz cut
    {0.105F, 0.040F, -0.35F, 0.13F, 0.02F, 0.00F, 0.14F},                                        // side part
    {0.150F, 0.030F, -0.38F, -0.02F, 0.04F, -0.04F, 0.12F, 0, 0, 0, 0.030F, 0},                  // quiff
    {0.085F, 0.085F, -0.17F, 0.01F, 0.02F, 0.36F, 0.40F, 0.46F, 0.53F, 0.03F, 0, 0, false},      // bob
    {0.070F, 0.055F, -0.42F, 0, 0.26F, 0.62F, 0.70F, 0.92F, 0.53F, 0.02F, 0, 0, false},          // long
    {0.090F, 0.085F, -0.37F, 0.10F, 0.18F, 0.56F, 0.70F, 0.80F, 0.58F, 0.06F, 0.045F, 0, false}, // wavy
    {0.140F, 0.130F, -0.28F, 0, 0.02F, 0.16F, 0.30F, 0.36F, 0.60F, 0.00F, 0, 0.034F, false},     // curly
    {0.300F, 0.270F, -0.33F, 0, 0.04F, 0.02F, 0.12F, 0.22F, 0.60F, -0.1F, 0, 0.016F, false},     // afro
    {0.050F, 0.022F, -0.39F, 0, 0.10F, -0.06F, 0.12F},                                           // ponytail
    {0.050F, 0.022F, -0.37F, 0.03F, 0.10F, -0.06F, 0.12F},                                       // bun
}};

const Style& styleOf(const Layout& l)
{
    return kStyles[static_cast<std::size_t>(l.face.hairShape)];
}

/// The volume of hair with everything behind the face, hat or not.
class Hair
{
public:
    explicit Hair(const Layout& l) : m_l(l), m_style(styleOf(l)), m_middle(l.at(0).x)
    {
        m_centre = l.skull.cranium + Vec{-0.05F * l.face.turn, -0.5F * m_style.top};
        m_radii = l.skull.craniumRadii + Vec{m_style.side, 0.5F * m_style.top};
        m_left = m_middle - l.at(-0.42F).x;
        m_right = l.at(0.42F).x - m_middle;
    }
    Vec centre() const { return m_centre; }
    Vec radii() const { return m_radii; }
    const Style& style() const { return m_style; }

    float curls(Vec p) const
    {
        return m_style.curl == 0
                   ? 0
                   : m_style.curl * wave((p.x + 0.4F * p.y) * 3.6F) * wave((p.y - 0.4F * p.x) * 3.6F + 0.3F);
    }
    /// The cap of hair on the skull.
    float cap(Vec p) const
    {
        float d = ellipse(p, m_centre, m_radii);
        if (m_l.face.hairShape == HairShape::Quiff) { // tufts on top
            d += m_style.ripple * wave((p.x - m_middle) * 4.2F - 0.9F * p.y) * ramp(-0.3F, -0.6F, p.y);
            d = joined(d, ellipse(p, {m_middle + 0.10F, -0.60F}, {0.27F, 0.15F}), 0.08F);
        }
        return d;
    }
    /// Hair that hangs down behind the face.
    float fall(Vec p) const
    {
        if (m_style.fall == 0) {
            return 1;
        }
        // it falls straight down, however the head is tilted
        const float lean = m_l.head.sine / m_l.head.cosine, below = std::max(0.0F, p.y - 0.1F);
        p = {p.x - lean * below, p.y + lean * (p.x - m_centre.x) * ramp(0.1F, 0.5F, p.y)};
        const float down = ramp(-0.2F, m_style.fall, p.y);
        const float x = p.x - m_centre.x + m_style.ripple * wave(p.y * 2.4F) * (p.x > m_centre.x ? 1.0F : -1.0F);
        const float half = m_style.width + m_style.flare * down;
        return roundBox({x, p.y}, {0, 0.5F * (m_style.fall - 0.2F)}, {half, 0.5F * (m_style.fall + 0.2F)},
                        std::min(0.26F, 0.5F * (m_style.fall + 0.2F)));
    }
    /// All that front() and volume() can reach.
    Box box() const
    {
        const float half = std::max(m_radii.x, m_style.width + std::max(0.0F, m_style.flare)) + 0.12F;
        const float below = 0.3F * half * std::abs(m_l.head.sine) + 0.1F;
        return {m_centre.x - half - below, m_centre.y - m_radii.y - 0.1F, m_centre.x + half + below,
                std::max(0.36F, m_style.fall) + below};
    }
    float volume(Vec p) const { return underHat(joined(cap(p), fall(p), 0.12F) + curls(p), p); }
    /// The part before the face and the skull: above the hairline.
    float front(Vec p) const
    {
        const float whole = m_style.fall == 0 ? cap(p) + curls(p) : joined(cap(p), fall(p), 0.12F) + curls(p);
        return underHat(common(whole, (p.y - line(p.x)) * 0.8F, 0.03F), p);
    }
    /// A hat presses the hair flat, and hides what is above its rim.
    float underHat(float d, Vec p) const
    {
        if (!m_l.hasHat()) {
            return d;
        }
        const float rim = kHatY - 0.05F - p.y;
        const float spread = std::abs(p.x - m_centre.x) - m_l.halfWidth - 0.06F - 0.9F * std::max(0.0F, p.y - kHatY);
        return common(std::max(d, rim), spread, 0.16F);
    }
    float strands(Vec p) const
    {
        const float x = (p.x - m_middle) * (1 - 0.35F * (p.y - m_centre.y));
        return 0.05F * wave(x * 11 + 0.6F * p.y) + 0.03F * wave(x * 5.3F + 0.4F) + 4.5F * curls(p);
    }

private:
    float line(float x) const
    {
        const float s = x < m_middle ? (x - m_middle) / m_left : (x - m_middle) / m_right;
        const float out = std::abs(s);
        const float forehead = m_style.line + m_style.sweep * s + m_style.arch * s * s;
        const float sides = mix(forehead, m_style.locks, ramp(0.74F, 1.0F, out));
        return mix(sides, m_style.nape, ramp(1.04F, 1.14F, out));
    }

    const Layout& m_l;
    const Style& m_style;
    float m_middle, m_left, m_right;
    Vec m_centre, m_radii;
};

Colour shaded(const Layout& l, const Hair& hair, Vec p, float depth)
{
    const Vec radii = hair.radii() + Vec{0.06F, 0.25F};
    const float below = std::max(0.0F, p.y - hair.centre().y); // hair that hangs down faces the light like the sides
    const float light = l.lit({p.x, p.y - 0.55F * below}, hair.centre() + Vec{0, 0.15F}, radii);
    const Vec n = (p - hair.centre()) / hair.radii();
    // the sheen runs around the crown like a band
    const float band = bell((n.y + 0.62F - 0.30F * n.x * n.x - 0.1F * n.x * l.lightX) / 0.26F);
    return hairAt(l, depth * (0.75F * light + hair.strands(p)) + 0.34F * depth * band * light);
}

void paintTail(Canvas& canvas, const Layout& l, const Hair& hair)
{
    const float edge = canvas.edge();
    const Vec root = {-0.36F - 0.10F * l.face.turn, -0.38F}, bend = {-0.66F - 0.08F * l.face.turn, -0.16F};
    const Vec end = {-0.62F - 0.06F * l.face.turn, 0.46F};
    const auto tail = [&](Vec p) {
        const Vec q = {p.x + 0.03F * wave(p.y * 1.3F), p.y};
        const float upper = stroke(q, root, bend, 0.07F, 0.14F);
        return joined(upper, stroke(q, bend, end, 0.15F, 0.035F), 0.08F);
    };
    canvas.paint(
        l.head, {-0.98F, -0.6F, 0, 0.6F}, [&](Vec p) { return inside(tail(p), edge); },
        [&](Vec p) {
            const float across = clamped(-tail(p) / 0.13F);
            return hairAt(l, 0.30F + 0.45F * across + hair.strands({p.x * 1.2F, p.y}));
        });
    const Vec tie = {mix(root.x, bend.x, 0.42F), mix(root.y, bend.y, 0.42F)};
    canvas.paint(
        l.head, around(tie, {0.12F, 0.14F}),
        [&](Vec p) {
            return inside(roundBox({p.x - tie.x, p.y - tie.y}, {}, {0.034F, 0.10F}, 0.03F), edge);
        },
        [](Vec) { return bytes(168, 88, 96); });
}

void paintBun(Canvas& canvas, const Layout& l, const Hair& hair)
{
    const float edge = canvas.edge();
    const Vec centre = {l.skull.cranium.x - 0.10F * l.face.turn, -0.74F};
    canvas.paint(
        l.head, around(centre, {0.22F, 0.2F}),
        [&](Vec p) {
            return inside(ellipse(p, centre, {0.195F, 0.165F}), edge);
        },
        [&](Vec p) {
            const float r = length((p - centre) / Vec{0.195F, 0.165F});
            const float swirl = 0.08F * wave(r * 2.1F + 0.8F * (p.x - centre.x));
            return hairAt(l, 0.12F + 0.72F * l.lit(p, centre, {0.23F, 0.2F}) + swirl + 0.3F * hair.strands(p));
        });
}

} // namespace

bool hairCoversEars(HairShape shape)
{
    return !kStyles[static_cast<std::size_t>(shape)].ears;
}

void paintHairBehind(Canvas& canvas, const Layout& l)
{
    if (l.face.hairShape == HairShape::Bald) {
        return;
    }
    const Hair hair(l);
    if (l.face.hairShape == HairShape::Ponytail) {
        paintTail(canvas, l, hair);
    } else if (l.face.hairShape == HairShape::Bun && !l.hasHat()) {
        paintBun(canvas, l, hair);
    }
    if (hair.style().fall == 0) {
        return;
    }
    const float edge = canvas.edge();
    canvas.paint(
        l.head, hair.box(), [&](Vec p) { return inside(hair.volume(p), edge); },
        [&](Vec p) {
            // darker behind the neck
            const float hollow = bell((p.x - hair.centre().x) / 0.42F) * ramp(0.2F, 0.5F, p.y);
            return shaded(l, hair, p, 0.86F - 0.40F * hollow);
        });
}

void paintHairFront(Canvas& canvas, const Layout& l)
{
    if (l.face.hairShape == HairShape::Bald) {
        return;
    }
    const Hair hair(l);
    const bool cropped = l.face.hairShape == HairShape::Buzz;
    const float edge = cropped ? 0.022F : canvas.edge() * 1.3F, strength = cropped ? 0.86F : 1.0F;
    if (!cropped) {
        canvas.paint(
            l.head, {-0.6F, -0.5F, 0.6F, 0.6F},
            [&](Vec p) {
                const float shadow = inside(hair.front(p - Vec{-0.03F * l.lightX, 0.042F}), 0.045F);
                return shadow <= 0 ? 0 : 0.42F * shadow * inside(l.skull.distance(p), 0.01F);
            },
            [&](Vec) { return l.colours.skinShade * 0.8F; });
    }
    float distance = 0;
    canvas.paint(
        l.head, hair.box(),
        [&](Vec p) {
            distance = hair.front(p);
            return strength * inside(distance, edge) * (cropped ? inside(hair.cap(p), canvas.edge()) : 1.0F);
        },
        [&](Vec p) {
            const float rim = ramp(0.10F, 0.0F, -distance);
            return shaded(l, hair, p, 1.0F - 0.16F * rim);
        });
}

} // namespace semascope::core::face
