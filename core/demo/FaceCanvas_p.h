#pragma once
#include "core/data/Picture.h"
#include "core/demo/FaceShapes_p.h"

#include <vector>

namespace semascope::core::face {

/// A rectangle in the units of a frame.
struct Box
{
    float left, top, right, bottom;
};
inline Box around(Vec centre, Vec half)
{
    return {centre.x - half.x, centre.y - half.y, centre.x + half.x, centre.y + half.y};
}

/// Coordinates that are turned about a pivot. The canvas itself goes from −1 to 1, y down.
struct Frame
{
    Vec pivot;
    float cosine = 1, sine = 0;

    Vec toLocal(Vec p) const
    {
        const Vec d = p - pivot;
        return {pivot.x + cosine * d.x + sine * d.y, pivot.y - sine * d.x + cosine * d.y};
    }
    Vec toCanvas(Vec p) const
    {
        const Vec d = p - pivot;
        return {pivot.x + cosine * d.x - sine * d.y, pivot.y + sine * d.x + cosine * d.y};
    }
    Box toCanvas(const Box& box) const
    {
        Box all{1e9F, 1e9F, -1e9F, -1e9F};
        for (const Vec corner :
             {Vec{box.left, box.top}, Vec{box.right, box.top}, Vec{box.left, box.bottom}, Vec{box.right, box.bottom}}) {
            const Vec q = toCanvas(corner);
            all = {std::min(all.left, q.x), std::min(all.top, q.y), std::max(all.right, q.x),
                   std::max(all.bottom, q.y)};
        }
        return all;
    }
};

/// Where faces are drawn: larger than wanted, reduced at the end.
class Canvas
{
public:
    explicit Canvas(int side) : m_side(side), m_pixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side))
    {}
    /// Half of a soft border that looks sharp.
    float edge() const { return 1.1F / static_cast<float>(m_side); }

    /// Lays `shade(p)` over the canvas with the strength `cover(p)`, where p is in the units of `frame`, within `box`.
    template<class Cover, class Shade> void paint(const Frame& frame, const Box& box, Cover cover, Shade shade)
    {
        const Box on = frame.toCanvas(box);
        const int left = column(on.left), right = column(on.right) + 1, bottom = column(on.bottom) + 1;
        const float step = 2.0F / static_cast<float>(m_side);
        for (int row = column(on.top); row < bottom; ++row) {
            Colour* pixel = m_pixels.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(m_side);
            const float y = (static_cast<float>(row) + 0.5F) * step - 1;
            for (int i = left; i < right; ++i) {
                const Vec p = frame.toLocal({(static_cast<float>(i) + 0.5F) * step - 1, y});
                const float strength = cover(p);
                if (strength > 0) {
                    pixel[i] = mix(pixel[i], shade(p), std::min(strength, 1.0F));
                }
            }
        }
    }

    /// RGB bytes of the size `side`/`factor`, every pixel the mean of factor×factor.
    Picture reduced(int factor) const;

private:
    int column(float v) const
    {
        return std::clamp(static_cast<int>((v + 1) * 0.5F * static_cast<float>(m_side)), 0, m_side - 1);
    }
    int m_side;
    std::vector<Colour> m_pixels;
};

} // namespace semascope::core::face
