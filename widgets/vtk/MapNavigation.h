#pragma once
#include "core/session/Camera.h"
#include "widgets/vtk/PointCloud.h"

#include <QMargins>
#include <QPointF>
#include <QSize>

namespace semascope::ui {

/// What dragging does to the camera.
enum class CameraDrag { Pan, Orbit };

// How mouse, wheel and keys move the camera. Positions and distances in device-independent pixels of a view of `size`.

/// The map follows the mouse by `delta`.
void dragCamera(core::Camera& camera, CameraDrag drag, const QPointF& delta, const QSize& size);
/// `angle` as QWheelEvent::angleDelta().y(): 2D zooms to the mouse, 3D moves towards the target.
void wheelCamera(core::Camera& camera, double angle, const QPointF& at, const QSize& size);
/// Arrows pan (2D) or orbit (3D; with Shift they pan), + and − zoom. False for any other key.
bool keyCamera(core::Camera& camera, int key, bool shift, const QSize& size);
/// The camera that shows all of `cloud` (but far outliers) in a view of this size; a 3D one keeps its rotation. Top and
/// bottom of `covered` are pixels under which no point should lie.
core::Camera fittingCamera(const core::Camera& camera, const PointCloud& cloud, const QSize& size,
                           const QMargins& covered = {});
/// A tilted look, for a 3D view that has not been turned yet.
void tilt(core::Camera& camera);

} // namespace semascope::ui
