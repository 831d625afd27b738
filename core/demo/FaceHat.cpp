#include "core/demo/FaceParts_p.h"

#include <array>

namespace semascope::core::face {

namespace {

constexpr std::array kHats = {bytes(172, 92, 72),  bytes(82, 108, 140),  bytes(120, 126, 84),
                              bytes(116, 80, 110), bytes(198, 174, 136), bytes(70, 72, 84)};

/// One piece of a hat: its distance, and the ball that it is lit like.
struct Piece
{
    Vec centre, radii;
    float ribs = 0, gain = 1;
};

class Hatter
{
public:
    Hatter(Canvas& canvas, const Layout& l) : m_canvas(canvas), m_l(l)
    {
        const float place = clamped(l.face.hatColour) * static_cast<float>(kHats.size() - 1);
        const auto i = std::min(static_cast<std::size_t>(place), kHats.size() - 2);
        m_colour = mix(kHats[i], kHats[i + 1], place - static_cast<float>(i));
        m_middle = {l.skull.cranium.x, 0};
        m_front = l.at(0, 0.1F).x;
    }
    void shadow(float depth) const
    {
        m_canvas.paint(
            m_l.head, {-0.6F, -0.5F, 0.6F, 0.2F},
            [&](Vec p) {
                const float below = p.y - rim(p.x) - depth * bell((p.x - m_front) / 0.75F);
                return 0.46F * inside(below, 0.05F) * inside(m_l.skull.distance(p), 0.01F);
            },
            [&](Vec) { return m_l.colours.skinShade * 0.72F; });
    }
    void beanie() const
    {
        shadow(0.03F);
        const float wide = m_l.halfWidth + 0.045F;
        const Vec centre = m_middle + Vec{0, -0.26F};
        draw({centre, {wide, 0.52F}, 10, 1}, [&](Vec p) {
            return std::max(ellipse(p, centre, {wide, 0.44F}), p.y - rim(p.x));
        });
        draw({m_middle + Vec{0, -0.3F}, {wide + 0.1F, 0.34F}, 7, 1.12F}, [&](Vec p) {
            const float y = p.y - rim(p.x);
            return roundBox({p.x - m_middle.x, y + 0.055F}, {}, {wide + 0.02F, 0.085F}, 0.05F);
        });
    }
    void cap() const
    {
        shadow(0.10F);
        const Vec centre = m_middle + Vec{0, -0.25F};
        const Vec radii = {m_l.halfWidth + 0.03F, 0.45F};
        draw({centre, radii + Vec{0.04F, 0.1F}, 0, 1},
             [&](Vec p) { return common(ellipse(p, centre, radii), p.y - rim(p.x) + 0.03F, 0.02F); });
        for (const float seam : {-0.55F, 0.0F, 0.55F}) {
            draw({centre, radii + Vec{0.04F, 0.1F}, 0, 0.8F}, [&](Vec p) {
                const float bow = seam * std::sqrt(std::max(0.0F, 1 - (p.y - centre.y) * (p.y - centre.y) * 4.6F));
                const float dome = std::max(ellipse(p, centre, radii), p.y - rim(p.x));
                return std::max(dome, std::abs(p.x - m_front * 0.6F - bow * radii.x) - 0.004F);
            });
        }
        draw({centre + Vec{0, -0.44F}, {0.06F, 0.04F}, 0, 0.8F}, [&](Vec p) {
            return ellipse(p, centre + Vec{0, -0.445F}, {0.04F, 0.022F});
        });
        const Vec peak = {m_front * 1.35F, kHatY - 0.015F};
        for (const float lower : {0.0F, -0.022F}) { // the edge, and its lighter top
            draw({peak + Vec{0, 0.10F}, {0.60F, 0.26F}, 0, lower == 0 ? 0.55F : 0.92F}, [&](Vec p) {
                const float bent = p.y - 0.30F * (p.x - peak.x) * (p.x - peak.x) - lower;
                return ellipse({p.x, bent}, peak, {0.42F + lower * 0.5F, 0.10F});
            });
        }
    }
    void brimmed() const
    {
        shadow(0.07F);
        const Vec crown = m_middle + Vec{0, -0.56F};
        const auto body = [&](Vec p) {
            const float narrow = 1 + 0.45F * (p.y + 0.30F);
            const float dent = 0.04F * bell((p.x - m_middle.x) / 0.2F);
            return roundBox({(p.x - m_middle.x) / narrow, p.y - dent * ramp(-0.5F, -0.8F, p.y)}, {0, -0.55F},
                            {0.42F, 0.29F}, 0.13F);
        };
        draw({crown, {0.52F, 0.50F}, 0, 1}, body);
        draw({crown, {0.6F, 0.5F}, 0, 0.45F},
             [&](Vec p) { return std::max(body(p), std::abs(p.y - rim(p.x) + 0.125F) - 0.045F); });
        const Vec brim = {m_middle.x + 0.04F * m_l.face.turn, kHatY - 0.045F};
        draw({brim + Vec{0, 0.15F}, {0.95F, 0.3F}, 0, 0.95F}, [&](Vec p) {
            const float dx = p.x - brim.x;
            return ellipse({p.x, p.y + 0.16F * dx * dx}, brim, {0.74F, 0.075F});
        });
    }
    void beret() const
    {
        shadow(0.03F);
        const float lean = 0.11F;
        const Vec centre = m_middle + Vec{lean, -0.50F};
        draw({centre + Vec{0, 0.08F}, {0.68F, 0.40F}, 0, 1}, [&](Vec p) {
            const Vec q = {p.x, p.y - 0.13F * (p.x - centre.x)};
            const float skull = ellipse(p, m_l.skull.cranium, m_l.skull.craniumRadii + Vec{0.02F, 0.02F});
            return joined(ellipse(q, centre, {0.57F, 0.23F}), std::max(skull, p.y - rim(p.x)), 0.10F);
        });
        draw({m_middle + Vec{0, -0.2F}, {0.6F, 0.3F}, 0, 0.72F}, [&](Vec p) {
            return roundBox({p.x - m_middle.x, p.y - rim(p.x) + 0.065F}, {}, {m_l.halfWidth + 0.012F, 0.045F}, 0.03F);
        });
        draw({centre + Vec{0, -0.25F}, {0.04F, 0.06F}, 0, 0.7F}, [&](Vec p) {
            return stroke(p, centre + Vec{-0.02F, -0.22F}, centre + Vec{0.01F, -0.275F}, 0.016F, 0.014F);
        });
    }

private:
    /// The lower border of the hat on the forehead, lower at the sides.
    float rim(float x) const
    {
        const float s = (x - m_front * 0.5F) / m_l.halfWidth;
        return kHatY - 0.015F + 0.07F * s * s;
    }
    template<class Distance> void draw(const Piece& piece, Distance distance) const
    {
        const float edge = m_canvas.edge();
        const Colour colour = m_colour * piece.gain, dark = colour * Colour{0.52F, 0.50F, 0.56F};
        m_canvas.paint(
            m_l.head, {-1, -1, 1, 0.1F}, [&](Vec p) { return inside(distance(p), edge); },
            [&](Vec p) {
                const float ribs = piece.ribs > 0 ? 0.09F * wave((p.x - m_middle.x) * piece.ribs) : 0;
                const float rounding = 0.22F * ramp(0.05F, 0.0F, -distance(p));
                const float light = m_l.lit(p, piece.centre, piece.radii) + ribs - rounding;
                return mix(mix(dark, colour, clamped(light)), {1, 0.96F, 0.9F}, 0.12F * ramp(0.8F, 1.1F, light));
            });
    }

    Canvas& m_canvas;
    const Layout& m_l;
    Colour m_colour;
    Vec m_middle;
    float m_front = 0;
};

} // namespace

void paintHat(Canvas& canvas, const Layout& l)
{
    const Hatter hatter(canvas, l);
    switch (l.face.hat) {
    case Hat::None:
        break;
    case Hat::Beanie:
        hatter.beanie();
        break;
    case Hat::Cap:
        hatter.cap();
        break;
    case Hat::Brimmed:
        hatter.brimmed();
        break;
    case Hat::Beret:
        hatter.beret();
        break;
    }
}

} // namespace semascope::core::face
