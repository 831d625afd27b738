#pragma once
#include <QSize>
#include <QString>

namespace semascope::ui {

/// How fast the map draws.
struct MapBenchmark
{
    int points = 0;
    int pointsMoving = 0;    ///< drawn per frame while the camera moves
    double movingFps = 0;    ///< frames a second while it moves
    double fullRedrawMs = 0; ///< one frame with all points (median)
    double firstFrameMs = 0; ///< from setPoints to the first picture, uploads included
    QString renderer;        ///< "OpenGL 4.5, llvmpipe", or "QPainter"
};

/// Shows a map of `points` seeded random points in 3D and turns it through `frames` frames. Needs a QApplication and a
/// display; GUI thread; takes a few seconds.
MapBenchmark benchmarkMap(int points, int frames, const QSize& size = {900, 700});

} // namespace semascope::ui
