#include "widgets/vtk/MapBenchmark.h"

#include "widgets/Palette.h"
#include "widgets/vtk/MapView.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QOpenGLWidget>
#include <QTimer>
#include <QWindow>

#include <algorithm>
#include <numeric>
#include <random>

namespace semascope::ui {
namespace {

std::shared_ptr<const core::Layout> randomLayout(std::size_t n)
{
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    std::vector<float> values(3 * n);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    auto layout = std::make_shared<core::Layout>();
    layout->points = core::Matrix::from(std::move(values), n, 3);
    return layout;
}

/// Runs the event loop until the window is on the screen: before, repaint() does nothing.
void waitUntilExposed(const QWidget& widget)
{
    constexpr int pollMs = 10, patienceMs = 5000;
    QEventLoop loop;
    QTimer poll;
    QElapsedTimer waited;
    waited.start();
    QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
        const QWindow* window = widget.windowHandle();
        if ((window && window->isExposed()) || waited.elapsed() > patienceMs) {
            loop.quit();
        }
    });
    poll.start(pollMs);
    loop.exec();
}

/// Paints and returns when the picture is on the screen. repaint() would not do: Qt puts it off for widgets with GL.
void drawNow(PointSurface& surface)
{
    auto* gl = qobject_cast<QOpenGLWidget*>(surface.widget());
    surface.refresh();
    if (!gl) {
        surface.widget()->repaint();
        return;
    }
    constexpr int patienceMs = 10'000;
    QEventLoop loop;
    QObject::connect(gl, &QOpenGLWidget::frameSwapped, &loop, &QEventLoop::quit);
    QTimer::singleShot(patienceMs, &loop, &QEventLoop::quit);
    loop.exec();
}

double medianMs(MapView& map, int frames, double turn)
{
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        core::Camera camera = map.camera();
        camera.orbit(turn, 0);
        map.setCamera(camera);
        QElapsedTimer timer;
        timer.start();
        drawNow(map.surface());
        times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::nth_element(times.begin(), times.begin() + frames / 2, times.end());
    return times[static_cast<std::size_t>(frames / 2)];
}

} // namespace

MapBenchmark benchmarkMap(int points, int frames, const QSize& size)
{
    const auto n = static_cast<std::size_t>(std::max(1, points));
    std::vector<std::uint32_t> samples(n), colours(n);
    std::iota(samples.begin(), samples.end(), 0U);
    std::transform(samples.begin(), samples.end(), colours.begin(),
                   [](std::uint32_t i) { return categoryColour(static_cast<int>(i % 8)); });
    const auto layout = randomLayout(n);
    MapView map;
    map.resize(size);
    map.setAttribute(Qt::WA_ShowWithoutActivating);
    map.show();
    map.setFlat(false);
    waitUntilExposed(map);
    drawNow(map.surface());

    MapBenchmark result;
    QElapsedTimer timer;
    timer.start();
    map.setPoints(layout, std::move(samples), false);
    map.setColours(colours);
    drawNow(map.surface());
    result.firstFrameMs = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    result.points = static_cast<int>(n);
    result.renderer = map.surface().renderer();
    result.fullRedrawMs = medianMs(map, std::max(3, frames / 10), 0.01);
    map.setMoving(true);
    result.pointsMoving = static_cast<int>(map.surface().pointsToDraw(map.scene()));
    timer.start();
    for (int i = 0; i < frames; ++i) {
        medianMs(map, 1, 0.02);
    }
    result.movingFps = frames * 1000.0 / std::max<double>(1, static_cast<double>(timer.elapsed()));
    return result;
}

} // namespace semascope::ui
