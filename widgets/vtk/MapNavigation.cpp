#include "widgets/vtk/MapNavigation.h"

#include <QtGlobal>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace semascope::ui {
namespace {

double aspectOf(const QSize& size)
{
    return static_cast<double>(size.width()) / std::max(1, size.height());
}

/// The largest distance from the centre of the view, 1 being its edge.
double farthest(const std::vector<PointCloud::Position>& places, const core::Camera& camera, double aspect)
{
    constexpr int height = 1000; // any will do; large, because it is rounded
    const int width = static_cast<int>(height * aspect);
    std::vector<float> xy(2 * places.size());
    core::projectPoints(places.empty() ? nullptr : places.front().data(), places.size(), 3, {}, camera, width, height,
                        xy.data());
    double reach = 0;
    for (std::size_t i = 0; i < xy.size(); i += 2) {
        reach = std::max(reach, std::abs(2.0 * xy[i] / width - 1)); // max() leaves NaN out
        reach = std::max(reach, std::abs(2.0 * xy[i + 1] / height - 1));
    }
    return reach;
}

} // namespace

void dragCamera(core::Camera& camera, CameraDrag drag, const QPointF& delta, const QSize& size)
{
    const int height = std::max(1, size.height());
    if (drag == CameraDrag::Orbit && !camera.flat) {
        const double radiansPerPixel = std::numbers::pi / height;
        camera.orbit(-delta.x() * radiansPerPixel, -delta.y() * radiansPerPixel);
        return;
    }
    const double unitsPerPixel = 2 * camera.halfHeight / height;
    camera.pan(-delta.x() * unitsPerPixel, delta.y() * unitsPerPixel);
}

void wheelCamera(core::Camera& camera, double angle, const QPointF& at, const QSize& size)
{
    const double factor = std::exp(angle / 120.0 * 0.18); // a notch is 120
    const bool toMouse = camera.flat && !size.isEmpty();
    const double x = toMouse ? 2 * at.x() / size.width() - 1 : 0;
    const double y = toMouse ? 1 - 2 * at.y() / size.height() : 0;
    camera.zoomAt(factor, x, y, aspectOf(size));
}

bool keyCamera(core::Camera& camera, int key, bool shift, const QSize& size)
{
    constexpr double stepPx = 40, zoom = 1.25;
    const CameraDrag drag = camera.flat || shift ? CameraDrag::Pan : CameraDrag::Orbit;
    switch (key) {
    case Qt::Key_Left:
        dragCamera(camera, drag, {stepPx, 0}, size);
        return true;
    case Qt::Key_Right:
        dragCamera(camera, drag, {-stepPx, 0}, size);
        return true;
    case Qt::Key_Up:
        dragCamera(camera, drag, {0, stepPx}, size);
        return true;
    case Qt::Key_Down:
        dragCamera(camera, drag, {0, -stepPx}, size);
        return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        camera.zoomAt(zoom, 0, 0, aspectOf(size));
        return true;
    case Qt::Key_Minus:
        camera.zoomAt(1 / zoom, 0, 0, aspectOf(size));
        return true;
    default:
        return false;
    }
}

core::Camera fittingCamera(const core::Camera& camera, const PointCloud& cloud, const QSize& size,
                           const QMargins& covered)
{
    constexpr double margin = 1.07;
    constexpr float outlier = 1.3F; // the unit box itself leaves far outliers outside
    constexpr std::size_t enough = 100'000;
    const auto limit = [&](float v) { return std::clamp(v, -outlier, outlier); };
    std::vector<PointCloud::Position> places;
    for (std::size_t i = 0; i < std::min(cloud.size(), enough); ++i) {
        const auto& p = cloud.to()[i];
        places.push_back({limit(p[0]), limit(p[1]), limit(p[2])});
    }
    core::Camera fitted = camera;
    fitted.target = {0, 0, 0};
    fitted.halfHeight = core::Camera{}.halfHeight;
    const int hidden = covered.top() + covered.bottom();
    const bool roomy = size.height() > 4 * hidden;
    const QSize open = roomy ? size.shrunkBy({0, hidden, 0, 0}) : size;
    const double aspect = std::max(0.05, aspectOf(open));
    // Perspective makes the reach depend on the distance: a few rounds settle it.
    for (int round = 0; round < (camera.flat ? 1 : 4); ++round) {
        const double reach = farthest(places, fitted, aspect);
        fitted.halfHeight *= reach > 0 ? reach : 1;
    }
    fitted.halfHeight *= margin * size.height() / std::max(1, open.height());
    if (roomy && camera.flat) { // 3D goes on turning about its centre
        dragCamera(fitted, CameraDrag::Pan, {0, (covered.top() - covered.bottom()) / 2.0}, size);
    }
    return fitted;
}

void tilt(core::Camera& camera)
{
    camera.orbit(0.5, 0);
    camera.orbit(0, -0.4);
}

} // namespace semascope::ui
