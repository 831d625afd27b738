#include "MapFixture.h"

#include "widgets/vtk/MapBenchmark.h"

#include <QApplication>
#include <QDockWidget>
#include <QMainWindow>

#include <cmath>

namespace {

/// The middle, in device-independent pixels, of what is not background within 14 pixels of `around`.
QPointF centreOfInk(const QImage& image, const QPointF& around, const QColor& background)
{
    const double ratio = image.devicePixelRatio();
    const int reach = qRound(14 * ratio);
    QPointF sum;
    double weight = 0;
    for (int dy = -reach; dy <= reach; ++dy) {
        for (int dx = -reach; dx <= reach; ++dx) {
            const QPoint at = (around * ratio).toPoint() + QPoint(dx, dy);
            if (image.rect().contains(at)) {
                const double ink = std::abs(image.pixelColor(at).green() - background.green());
                sum += ink * (QPointF(at) + QPointF(0.5, 0.5));
                weight += ink;
            }
        }
    }
    return weight > 0 ? sum / (weight * ratio) : QPointF(-1, -1);
}

} // namespace

/// What the map shows, by OpenGL and by QPainter.
class TestMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void drawsWhereCoreProjects_data();
    void drawsWhereCoreProjects();
    void selectionGreysTheRest_data();
    void selectionGreysTheRest();
    void hiddenIsNotDrawn_data();
    void hiddenIsNotDrawn();
    void nearerPointsCoverFarther_data();
    void nearerPointsCoverFarther();
    void themeIsTheBackground_data();
    void themeIsTheBackground();
    void floatingKeepsThePicture();
    void drawsAllSoonAfterMoving();
    void glides();
    void benchmarkMeasures();

private:
    void forBothSurfaces();
    bool chooseSurface(); ///< false: this machine has no OpenGL
    bool m_hasGl = false;
};

void TestMap::initTestCase()
{
    m_hasGl = MapView().usesOpenGl();
    qInfo() << (m_hasGl ? "OpenGL and QPainter" : "no OpenGL here: QPainter only");
}

void TestMap::cleanup()
{
    qunsetenv("SEMASCOPE_NO_GL");
}

void TestMap::forBothSurfaces()
{
    QTest::addColumn<bool>("gl");
    QTest::newRow("OpenGL") << true;
    QTest::newRow("QPainter") << false;
}

bool TestMap::chooseSurface()
{
    QFETCH(bool, gl);
    if (!gl) {
        qputenv("SEMASCOPE_NO_GL", "1");
    }
    return !gl || m_hasGl;
}

#define CHOOSE_SURFACE()                                                                                               \
    if (!chooseSurface()) {                                                                                            \
        QSKIP("no OpenGL on this display");                                                                            \
    }

void TestMap::drawsWhereCoreProjects_data()
{
    QTest::addColumn<bool>("gl");
    QTest::addColumn<bool>("flat");
    QTest::newRow("OpenGL 2D") << true << true;
    QTest::newRow("OpenGL 3D") << true << false;
    QTest::newRow("QPainter 2D") << false << true;
    QTest::newRow("QPainter 3D") << false << false;
}

void TestMap::drawsWhereCoreProjects()
{
    CHOOSE_SURFACE();
    QFETCH(bool, gl);
    QFETCH(bool, flat);
    MapFixture f;
    QVERIFY(f.show());
    QCOMPARE(f.map.usesOpenGl(), gl);
    f.map.setFlat(flat);
    core::Camera camera = f.map.camera();
    camera.pan(0.013, 0.027);
    f.map.setCamera(camera);
    const QImage image = f.map.grabPoints();
    const double tolerance = gl ? 0.5 : 1.0; // QPainter puts points on whole pixels
    for (int sample = 0; sample < 5; ++sample) {
        const QPointF off = centreOfInk(image, f.pixelOf(sample), f.map.theme().background) - f.pixelOf(sample);
        QVERIFY2(std::hypot(off.x(), off.y()) < tolerance,
                 qPrintable(QStringLiteral("sample %1 is off by %2, %3").arg(sample).arg(off.x()).arg(off.y())));
    }
}

void TestMap::selectionGreysTheRest_data()
{
    forBothSurfaces();
}

void TestMap::selectionGreysTheRest()
{
    CHOOSE_SURFACE();
    MapFixture f;
    QVERIFY(f.show());
    QVERIFY(f.looks(0, kRed) && f.looks(1, kBlue) && f.looks(4, kRed));
    f.selection.select({1});
    QVERIFY(f.looks(1, kBlue));
    const QColor pale = f.colourAt(0);
    QVERIFY(pale.green() > 180 && pale != f.map.theme().background); // stepped back, not gone
    f.selection.setCurrent(0);
    QVERIFY(f.looks(0, kRed));
    f.selection.clear();
    QVERIFY(f.looks(4, kRed));
}

void TestMap::hiddenIsNotDrawn_data()
{
    forBothSurfaces();
}

void TestMap::hiddenIsNotDrawn()
{
    CHOOSE_SURFACE();
    MapFixture f;
    QVERIFY(f.show());
    f.selection.filter(QStringLiteral("legend"), {1, 0, 1, 1, 1});
    QCOMPARE(f.colourAt(1), f.map.theme().background);
    QVERIFY(f.looks(0, kRed));
    f.selection.clearFilter(QStringLiteral("legend"));
    QVERIFY(f.looks(1, kBlue));
}

void TestMap::nearerPointsCoverFarther_data()
{
    forBothSurfaces();
}

void TestMap::nearerPointsCoverFarther()
{
    CHOOSE_SURFACE();
    MapFixture f;
    auto layout = std::make_shared<core::Layout>();
    layout->points = core::Matrix::from({0, 0, 1, 0, 0, -1}, 2, 3);
    f.map.setPoints(layout, {0, 1}, false);
    f.map.setColours({kRed, kBlue});
    core::Camera camera;
    camera.flat = false;
    f.map.setCamera(camera);
    QVERIFY(f.show());
    QVERIFY(f.looks(0, kRed));
    camera.orbit(3.14159265, 0); // from behind
    f.map.setCamera(camera);
    QVERIFY(f.looks(0, kBlue));
    f.selection.select({0}); // what is selected is never covered by what is not
    QVERIFY(f.looks(0, kRed));
}

void TestMap::themeIsTheBackground_data()
{
    forBothSurfaces();
}

void TestMap::themeIsTheBackground()
{
    CHOOSE_SURFACE();
    MapFixture f;
    QVERIFY(f.show());
    QCOMPARE(f.map.grabPoints().pixelColor(320, 20), ui::MapTheme::light().background);
    f.map.setDark(true);
    const QImage dark = f.map.grabPoints();
    QCOMPARE(dark.pixelColor(320, 20), ui::MapTheme::dark().background);
    QCOMPARE(dark.pixelColor(320, 20).alpha(), 255);
}

void TestMap::floatingKeepsThePicture()
{
    if (!m_hasGl) {
        QSKIP("no OpenGL on this display");
    }
    MapFixture f;
    QMainWindow window;
    window.resize(700, 560);
    QDockWidget dock;
    dock.setWidget(&f.map);
    window.addDockWidget(Qt::LeftDockWidgetArea, &dock);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QVERIFY(f.looks(0, kRed));
    for (const bool floating : {true, false, true, false}) {
        dock.setFloating(floating);
        QTest::qWait(100);
        QVERIFY(f.looks(0, kRed) && f.looks(1, kBlue));
    }
    QWidget other; // a window of its own, which never shared anything
    f.map.setParent(&other);
    other.show();
    f.map.show();
    QVERIFY(QTest::qWaitForWindowExposed(&other));
    QVERIFY(f.looks(0, kRed) && f.looks(1, kBlue));
    f.selection.filter(QStringLiteral("x"), {0, 1, 1, 1, 1}); // and uploads still arrive
    QCOMPARE(f.colourAt(0), f.map.theme().background);
    f.map.setParent(nullptr);
}

void TestMap::drawsAllSoonAfterMoving()
{
    MapFixture f;
    QVERIFY(f.show());
    QTest::keyClick(&f.map, Qt::Key_Left);
    QVERIFY(f.map.scene().moving);
    QTRY_VERIFY_WITH_TIMEOUT(!f.map.scene().moving, 400);
}

void TestMap::glides()
{
    MapFixture f;
    QVERIFY(f.show());
    auto layout = std::make_shared<core::Layout>();
    layout->points = core::Matrix::from({4, 3, -4, -3, 4, -3, -4, 3, 0, 1}, 5, 2);
    f.map.setPoints(layout, {0, 1, 2, 3, 4}, true);
    QVERIFY(f.map.scene().transition < 0.5F && f.map.scene().moving);
    QTRY_COMPARE(f.map.scene().transition, 1.0F);
    QTRY_VERIFY(!f.map.scene().moving);
    QVERIFY(f.looks(0, kRed));
}

void TestMap::benchmarkMeasures()
{
    const ui::MapBenchmark result = ui::benchmarkMap(2000, 5, {300, 200});
    QCOMPARE(result.points, 2000);
    QCOMPARE(result.pointsMoving, 2000);
    QVERIFY(result.movingFps > 1 && result.movingFps < 5000 && result.fullRedrawMs > 0 && result.firstFrameMs > 0);
    QVERIFY(!result.renderer.isEmpty());
}

int main(int argc, char** argv)
{
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts); // as the program does, and before the application
    QApplication app(argc, argv);
    TestMap test;
    return QTest::qExec(&test, argc, argv);
}

#include "TestMap.moc"
