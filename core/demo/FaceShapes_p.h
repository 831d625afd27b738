#pragma once
#include <algorithm>
#include <cmath>

/// Plain arithmetic and square roots only, so that a face has the same bytes on every machine.
namespace semascope::core::face {

struct Vec
{
    float x = 0, y = 0;
    Vec operator+(Vec o) const { return {x + o.x, y + o.y}; }
    Vec operator-(Vec o) const { return {x - o.x, y - o.y}; }
    Vec operator*(float s) const { return {x * s, y * s}; }
    Vec operator/(Vec o) const { return {x / o.x, y / o.y}; }
};
inline float dot(Vec a, Vec b)
{
    return a.x * b.x + a.y * b.y;
}
inline float length(Vec a)
{
    return std::sqrt(dot(a, a));
}

struct Colour
{
    float r = 0, g = 0, b = 0;
    Colour operator*(float s) const { return {r * s, g * s, b * s}; }
    Colour operator*(Colour o) const { return {r * o.r, g * o.g, b * o.b}; }
    Colour operator+(Colour o) const { return {r + o.r, g + o.g, b + o.b}; }
};
constexpr Colour bytes(int r, int g, int b)
{
    return {static_cast<float>(r) / 255.0F, static_cast<float>(g) / 255.0F, static_cast<float>(b) / 255.0F};
}
inline float mix(float a, float b, float t)
{
    return a + (b - a) * t;
}
inline Colour mix(Colour a, Colour b, float t)
{
    return {mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t)};
}

inline float clamped(float t)
{
    return std::clamp(t, 0.0F, 1.0F);
}
/// 0 at `from`, 1 at `to` (either may be the larger), smooth between.
inline float ramp(float from, float to, float v)
{
    const float t = clamped((v - from) / (to - from));
    return t * t * (3 - 2 * t);
}
/// 1 where the distance is −width, 0 where it is +width: a soft border, or a blurred shadow.
inline float inside(float distance, float width)
{
    return ramp(width, -width, distance);
}
/// A bell of height 1 at 0 that ends at ±1.
inline float bell(float t)
{
    const float s = std::max(0.0F, 1 - t * t);
    return s * s;
}
/// A sine of period 1, from parabolas.
inline float wave(float t)
{
    const float u = t - std::floor(t);
    const float v = u < 0.5F ? u : u - 0.5F;
    const float arch = 16 * v * (0.5F - v);
    return u < 0.5F ? arch : -arch;
}

// Signed distances: negative inside. Exact or nearly so close to the border, which is all that drawing needs.

inline float ellipse(Vec p, Vec centre, Vec radii)
{
    const Vec q = (p - centre) / radii;
    const float k = length(q), slope = length(q / radii);
    return slope > 0 ? k * (k - 1) / slope : -std::min(radii.x, radii.y);
}
inline float circle(Vec p, Vec centre, float radius)
{
    return length(p - centre) - radius;
}
inline float roundBox(Vec p, Vec centre, Vec half, float radius)
{
    const float dx = std::abs(p.x - centre.x) - half.x + radius, dy = std::abs(p.y - centre.y) - half.y + radius;
    return length({std::max(dx, 0.0F), std::max(dy, 0.0F)}) + std::min(std::max(dx, dy), 0.0F) - radius;
}
/// A line of thickness 2·radius with round ends; `endRadius` at b.
inline float stroke(Vec p, Vec a, Vec b, float radius, float endRadius)
{
    const Vec ab = b - a, ap = p - a;
    const float t = clamped(dot(ap, ab) / std::max(dot(ab, ab), 1e-9F));
    return length(ap - ab * t) - mix(radius, endRadius, t);
}
/// Union with a rounded joint of size k.
inline float joined(float a, float b, float k)
{
    const float h = std::max(k - std::abs(a - b), 0.0F) / k;
    return std::min(a, b) - h * h * k * 0.25F;
}
/// Intersection with a rounded edge of size k.
inline float common(float a, float b, float k)
{
    return -joined(-a, -b, k);
}

} // namespace semascope::core::face
