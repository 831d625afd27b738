#include "core/session/Camera.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace semascope::core {
namespace {

using Vec3 = std::array<double, 3>;
using Quat = std::array<double, 4>;

constexpr double kHalfAngle = 15.0 * std::numbers::pi / 180.0; // half of the 30° vertical field of view
constexpr double kNearShare = 0.01;                            // near plane, as a share of the distance to the target
constexpr double kFlatDepth = 1e-3; // so far apart may flat points lie in z without being clipped
constexpr double kMinHalfHeight = 1e-4, kMaxHalfHeight = 1e4;
constexpr std::size_t kGrain = 1 << 16;

Quat multiply(const Quat& a, const Quat& b)
{
    return {
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3], a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1], a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]};
}

Quat normalised(const Quat& q)
{
    const double length = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    if (!(length > 0)) {
        return {1, 0, 0, 0};
    }
    return {q[0] / length, q[1] / length, q[2] / length, q[3] / length};
}

/// The view's right, up and backward axes in world coordinates.
std::array<Vec3, 3> axes(const Camera& camera)
{
    if (camera.flat) {
        return {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    }
    const auto [w, x, y, z] = normalised(camera.rotation);
    return {{{1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)},
             {2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)},
             {2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)}}};
}

/// Layout point → clip: the unit box folded into the camera's matrix.
std::array<double, 16> layoutToClip(const UnitBox& box, const Camera& camera, double aspect)
{
    std::array<double, 16> m = camera.matrix(aspect);
    for (int r = 0; r < 4; ++r) {
        double* row = m.data() + 4 * r;
        for (int c = 0; c < 3; ++c) {
            row[c] *= box.scale;
            row[3] -= row[c] * box.centre[c];
        }
    }
    return m;
}

bool isFinitePoint(const float* p, int dim)
{
    return std::all_of(p, p + dim, [](float v) { return std::isfinite(v); });
}

/// The 0.1–99.9 % range of one coordinate, widened by a quarter on both sides but not beyond what is there.
std::pair<double, double> robustRange(std::vector<float>& values)
{
    const auto last = static_cast<double>(values.size() - 1);
    const auto low = values.begin() + static_cast<std::ptrdiff_t>(std::floor(0.001 * last));
    const auto high = values.begin() + static_cast<std::ptrdiff_t>(std::ceil(0.999 * last));
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const double min = *least, max = *most;
    std::nth_element(values.begin(), low, values.end());
    const double lo = *low;
    std::nth_element(values.begin(), high, values.end());
    const double hi = *high;
    const double margin = 0.25 * (hi - lo);
    return {std::max(min, lo - margin), std::min(max, hi + margin)};
}

} // namespace

std::array<double, 16> Camera::matrix(double aspect) const
{
    const auto [right, up, back] = axes(*this);
    const auto along = [this](const Vec3& axis) {
        return axis[0] * target[0] + axis[1] * target[1] + axis[2] * target[2];
    };
    if (flat) {
        const double sx = 1 / (halfHeight * aspect), sy = 1 / halfHeight;
        return {sx, 0, 0,           -sx * target[0],        0, sy, 0, -sy * target[1],
                0,  0, -kFlatDepth, kFlatDepth * target[2], 0, 0,  0, 1};
    }
    // Infinite far plane: outliers stay visible, and depth is 1 − near/distance.
    const double distance = targetDistance(), near = kNearShare * distance;
    const double sy = 1 / std::tan(kHalfAngle), sx = sy / aspect;
    const double depthOffset = along(back) + distance; // distance before the camera = depthOffset − back·p
    return {sx * right[0], sx * right[1],   sx * right[2], -sx * along(right), sy * up[0], sy * up[1],
            sy * up[2],    -sy * along(up), -back[0],      -back[1],           -back[2],   depthOffset - 2 * near,
            -back[0],      -back[1],        -back[2],      depthOffset};
}

double Camera::targetDistance() const
{
    return flat ? 0 : halfHeight / std::tan(kHalfAngle);
}

void Camera::orbit(double dx, double dy)
{
    const Quat aboutUp{std::cos(dx / 2), 0, std::sin(dx / 2), 0};
    const Quat aboutRight{std::cos(dy / 2), std::sin(dy / 2), 0, 0};
    rotation = normalised(multiply(multiply(rotation, aboutUp), aboutRight));
}

void Camera::pan(double dx, double dy)
{
    const auto [right, up, back] = axes(*this);
    for (int i = 0; i < 3; ++i) {
        target[i] += dx * right[i] + dy * up[i];
    }
}

void Camera::zoomAt(double factor, double x, double y, double aspect)
{
    if (!(factor > 0)) {
        return;
    }
    const double next = std::clamp(halfHeight / factor, kMinHalfHeight, kMaxHalfHeight);
    pan(x * aspect * (halfHeight - next), y * (halfHeight - next));
    halfHeight = next;
}

UnitBox unitBox(const float* points, std::size_t n, int dim)
{
    UnitBox box;
    const int used = std::min(dim, 3);
    double extent = 0;
    std::vector<float> values;
    for (int c = 0; c < used; ++c) {
        values.clear();
        values.reserve(n);
        for (std::size_t i = 0; i < n; ++i) {
            const float* p = points + i * static_cast<std::size_t>(dim);
            if (isFinitePoint(p, used)) {
                values.push_back(p[c]);
            }
        }
        if (values.empty()) {
            return {};
        }
        const auto [lo, hi] = robustRange(values);
        box.centre[c] = (lo + hi) / 2;
        extent = std::max(extent, hi - lo);
    }
    box.scale = extent > 0 ? 2 / extent : 1;
    return box;
}

void projectPoints(const float* points, std::size_t n, int dim, const UnitBox& box, const Camera& camera, int width,
                   int height, float* xy, float* depth)
{
    const auto m = layoutToClip(box, camera, static_cast<double>(width) / std::max(1, height));
    const double near = kNearShare * camera.targetDistance();
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const auto projectRange = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const float* p = points + i * static_cast<std::size_t>(dim);
            const double x = dim > 0 ? p[0] : 0, y = dim > 1 ? p[1] : 0, z = dim > 2 ? p[2] : 0;
            const double w = m[12] * x + m[13] * y + m[14] * z + m[15];
            const bool inFront = w > near;
            const double inverse = 1 / w;
            const double cx = (m[0] * x + m[1] * y + m[2] * z + m[3]) * inverse;
            const double cy = (m[4] * x + m[5] * y + m[6] * z + m[7]) * inverse;
            xy[2 * i] = inFront ? static_cast<float>((cx + 1) / 2 * width) : nan;
            xy[2 * i + 1] = inFront ? static_cast<float>((1 - cy) / 2 * height) : nan;
            if (depth) {
                const double cz = (m[8] * x + m[9] * y + m[10] * z + m[11]) * inverse;
                depth[i] = inFront ? static_cast<float>(std::clamp((cz + 1) / 2, 0.0, 1.0)) : nan;
            }
        }
    };
    parallelFor(n, kGrain, projectRange);
}

} // namespace semascope::core
