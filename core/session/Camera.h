#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace semascope::core {

/// Where the map is looked at from. Coordinates are those of the point mapper: the layout scaled uniformly to the unit
/// box around its centre. One matrix of it serves GL, picking and the figure painter.
struct Camera
{
    bool flat = true; ///< 2D: orthographic, looking down −z
    std::array<double, 3> target{0, 0, 0};
    double halfHeight = 1.1;                    ///< half the visible height at the target
    std::array<double, 4> rotation{1, 0, 0, 0}; ///< unit quaternion (w, x, y, z), 3D only
    bool operator==(const Camera&) const = default;

    /// World → clip, row-major 4×4, for a viewport of this width/height ratio. Perspective (30° vertical) in 3D.
    std::array<double, 16> matrix(double aspect) const;
    /// From the camera to its target in 3D; 0 in 2D, where there is no distance.
    double targetDistance() const;
    void orbit(double dx, double dy); ///< radians about the view's up and right axes
    void pan(double dx, double dy);   ///< in world units at the target, right and up
    void zoomAt(double factor, double x, double y,
                double aspect); ///< >1 comes closer; keeps what is under normalised device (x, y) in place
};

/// The uniform scaling that the point mapper uses: p' = (p − centre)·scale.
struct UnitBox
{
    std::array<double, 3> centre{0, 0, 0};
    double scale = 1;
};
/// From finite points only; robust against far outliers (bounds of the 0.1–99.9 % range, widened).
UnitBox unitBox(const float* points, std::size_t n, int dim);

/// Projects n×dim raw layout points to pixels of a width×height viewport (y down), as x,y pairs; depth in [0,1] where
/// asked. Points behind the camera get NaN.
void projectPoints(const float* points, std::size_t n, int dim, const UnitBox& box, const Camera& camera, int width,
                   int height, float* xy, float* depth = nullptr);

} // namespace semascope::core
