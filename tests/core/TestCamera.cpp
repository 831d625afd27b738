#include "Shared.h"

#include "core/session/Camera.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using semascope::core::Camera;
using semascope::core::projectPoints;
using semascope::core::UnitBox;
using semascope::core::unitBox;

namespace {

constexpr int kWidth = 800, kHeight = 500;
constexpr double kAspect = static_cast<double>(kWidth) / kHeight;

struct Pixel
{
    float x = 0, y = 0, depth = 0;
};

Pixel projected(const Camera& camera, std::array<float, 3> p)
{
    Pixel pixel;
    float xy[2];
    projectPoints(p.data(), 1, 3, {}, camera, kWidth, kHeight, xy, &pixel.depth);
    pixel.x = xy[0];
    pixel.y = xy[1];
    return pixel;
}

bool near(double a, double b, double tolerance = 1e-3)
{
    return std::abs(a - b) <= tolerance;
}

Camera deepCamera()
{
    Camera camera;
    camera.flat = false;
    camera.target = {0.1, -0.2, 0.3};
    camera.orbit(0.7, -0.4);
    return camera;
}

} // namespace

class TestCamera : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flatPutsTheTargetInTheMiddle();
    void yGoesUp();
    void matrixAndPixelsAgree_data();
    void matrixAndPixelsAgree();
    void panMovesTheMap();
    void zoomKeepsWhatIsUnderTheMouse_data();
    void zoomKeepsWhatIsUnderTheMouse();
    void zoomHasLimits();
    void orbitTurnsAboutTheTarget();
    void orbitToTheRightShowsTheRightSide();
    void behindTheCameraIsNaN();
    void nearerIsLessDeep();
    void boxMapsToTheUnitBox();
    void boxForgivesOutliersAndNaN();
    void boxOfNothing();
    void boxIsAppliedBeforeTheCamera();
};

void TestCamera::flatPutsTheTargetInTheMiddle()
{
    Camera camera;
    camera.target = {0.25, -0.5, 0};
    const Pixel middle = projected(camera, {0.25F, -0.5F, 0});
    QVERIFY(near(middle.x, kWidth / 2.0) && near(middle.y, kHeight / 2.0));
    const Pixel top = projected(camera, {0.25F, static_cast<float>(-0.5 + camera.halfHeight), 0});
    QVERIFY(near(top.y, 0));
}

void TestCamera::yGoesUp()
{
    QVERIFY(projected(Camera(), {0, 0.5F, 0}).y < kHeight / 2.0);
    QVERIFY(projected(Camera(), {0.5F, 0, 0}).x > kWidth / 2.0);
}

void TestCamera::matrixAndPixelsAgree_data()
{
    QTest::addColumn<bool>("flat");
    QTest::newRow("2D") << true;
    QTest::newRow("3D") << false;
}

void TestCamera::matrixAndPixelsAgree()
{
    QFETCH(bool, flat);
    Camera camera = deepCamera();
    camera.flat = flat;
    const auto m = camera.matrix(kAspect);
    std::mt19937 random(1);
    std::uniform_real_distribution<float> unit(-1, 1);
    for (int i = 0; i < 200; ++i) {
        const std::array<float, 3> p{unit(random), unit(random), unit(random)};
        std::array<double, 4> clip{};
        for (std::size_t r = 0; r < 4; ++r) {
            clip[r] = m[4 * r] * p[0] + m[4 * r + 1] * p[1] + m[4 * r + 2] * p[2] + m[4 * r + 3];
        }
        const Pixel pixel = projected(camera, p);
        QVERIFY(near(pixel.x, (clip[0] / clip[3] + 1) / 2 * kWidth, 0.01));
        QVERIFY(near(pixel.y, (1 - clip[1] / clip[3]) / 2 * kHeight, 0.01));
        QVERIFY(near(pixel.depth, (clip[2] / clip[3] + 1) / 2, 1e-5));
        QVERIFY(pixel.depth > 0 && pixel.depth < 1);
    }
}

void TestCamera::panMovesTheMap()
{
    for (Camera camera : {Camera(), deepCamera()}) {
        const auto& t = camera.target;
        const std::array<float, 3> old{static_cast<float>(t[0]), static_cast<float>(t[1]), static_cast<float>(t[2])};
        const double pixels = 60, units = pixels * 2 * camera.halfHeight / kHeight;
        camera.pan(units, 0);
        QVERIFY(near(projected(camera, old).x, kWidth / 2.0 - pixels, 0.01));
        camera.pan(-units, units);
        QVERIFY(near(projected(camera, old).y, kHeight / 2.0 + pixels, 0.01));
    }
}

void TestCamera::zoomKeepsWhatIsUnderTheMouse_data()
{
    matrixAndPixelsAgree_data();
}

void TestCamera::zoomKeepsWhatIsUnderTheMouse()
{
    QFETCH(bool, flat);
    Camera camera;
    camera.flat = flat;
    const std::array<float, 3> spot{0.6F, -0.4F, 0}; // on the target's plane
    const Pixel before = projected(camera, spot);
    const double x = 2 * before.x / kWidth - 1, y = 1 - 2 * before.y / kHeight, old = camera.halfHeight;
    camera.zoomAt(2, x, y, kAspect);
    const Pixel after = projected(camera, spot);
    QVERIFY(near(before.x, after.x, 0.01) && near(before.y, after.y, 0.01));
    QVERIFY(near(camera.halfHeight, old / 2, 1e-12));
    camera.zoomAt(0.5, x, y, kAspect);
    QVERIFY(near(camera.target[0], 0, 1e-12) && near(camera.target[1], 0, 1e-12));
}

void TestCamera::zoomHasLimits()
{
    Camera camera;
    camera.zoomAt(1e30, 0, 0, 1);
    QVERIFY(camera.halfHeight > 0);
    camera.zoomAt(1e-30, 0, 0, 1);
    QVERIFY(std::isfinite(camera.halfHeight));
    const Camera before = camera;
    camera.zoomAt(0, 0.5, 0.5, 1);
    camera.zoomAt(std::numeric_limits<double>::quiet_NaN(), 0.5, 0.5, 1);
    QVERIFY(camera == before);
}

void TestCamera::orbitTurnsAboutTheTarget()
{
    Camera camera = deepCamera();
    const std::array<float, 3> target{0.1F, -0.2F, 0.3F};
    for (int i = 0; i < 1000; ++i) {
        camera.orbit(0.013, 0.007);
        const Pixel middle = projected(camera, target);
        QVERIFY(near(middle.x, kWidth / 2.0, 0.01) && near(middle.y, kHeight / 2.0, 0.01));
    }
    double length = 0;
    for (const double q : camera.rotation) {
        length += q * q;
    }
    QVERIFY(near(length, 1, 1e-9));
}

void TestCamera::orbitToTheRightShowsTheRightSide()
{
    Camera camera;
    camera.flat = false;
    const float before = projected(camera, {1, 0, 0}).depth;
    camera.orbit(0.5, 0);
    QVERIFY(projected(camera, {1, 0, 0}).depth < before);
    QVERIFY(projected(camera, {0, 0, 1}).x < kWidth / 2.0); // what was in front goes left
    camera.orbit(-0.5, 0);
    camera.orbit(0, 0.5); // from below
    QVERIFY(projected(camera, {0, -1, 0}).depth < projected(camera, {0, 1, 0}).depth);
}

void TestCamera::behindTheCameraIsNaN()
{
    Camera camera;
    camera.flat = false;
    const Pixel behind = projected(camera, {0, 0, static_cast<float>(camera.targetDistance() + 1)});
    QVERIFY(std::isnan(behind.x) && std::isnan(behind.y) && std::isnan(behind.depth));
    QVERIFY(!std::isnan(projected(camera, {0, 0, -1000}).x)); // there is no far plane
    camera.flat = true;
    QVERIFY(!std::isnan(projected(camera, {0, 0, 50}).x));
    QVERIFY(std::isnan(projected(camera, {std::numeric_limits<float>::quiet_NaN(), 0, 0}).x));
}

void TestCamera::nearerIsLessDeep()
{
    const Camera camera = deepCamera();
    Camera front = camera;
    front.flat = false;
    front.rotation = {1, 0, 0, 0};
    QVERIFY(projected(front, {0, 0, 0.5F}).depth < projected(front, {0, 0, -0.5F}).depth);
    QVERIFY(projected(Camera(), {0, 0, 0.5F}).depth < projected(Camera(), {0, 0, -0.5F}).depth);
}

void TestCamera::boxMapsToTheUnitBox()
{
    const std::vector<float> points{10, 100, 30, 110, 20, 104};
    const UnitBox box = unitBox(points.data(), 3, 2);
    QVERIFY(near(box.centre[0], 20) && near(box.centre[1], 105));
    QVERIFY(near(box.scale, 0.1)); // the longer side becomes 2
}

void TestCamera::boxForgivesOutliersAndNaN()
{
    std::mt19937 random(5);
    std::uniform_real_distribution<float> unit(-1, 1);
    std::vector<float> points(2 * 10'000);
    for (float& p : points) {
        p = unit(random);
    }
    const UnitBox clean = unitBox(points.data(), 10'000, 2);
    points[10] = 1e6F;
    points[21] = std::numeric_limits<float>::quiet_NaN();
    points[30] = std::numeric_limits<float>::infinity();
    const UnitBox dirty = unitBox(points.data(), 10'000, 2);
    QVERIFY(near(clean.scale, 1, 0.01));
    QVERIFY2(dirty.scale > 0.7 && dirty.scale < 1.3, qPrintable(QString::number(dirty.scale)));
    QVERIFY(near(dirty.centre[0], 0, 0.3));
}

void TestCamera::boxOfNothing()
{
    const UnitBox nothing = unitBox(nullptr, 0, 3);
    QCOMPARE(nothing.scale, 1.0);
    const std::vector<float> same{3, 4, 5, 3, 4, 5};
    const UnitBox point = unitBox(same.data(), 2, 3);
    QCOMPARE(point.scale, 1.0);
    QCOMPARE(point.centre[2], 5.0);
    const float bad = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(unitBox(&bad, 1, 1).scale, 1.0);
}

void TestCamera::boxIsAppliedBeforeTheCamera()
{
    const std::vector<float> raw{100, 7, -3, 101, 8, -2};
    const UnitBox box = unitBox(raw.data(), 2, 3);
    const Camera camera = deepCamera();
    std::vector<float> xy(4), depth(2);
    projectPoints(raw.data(), 2, 3, box, camera, kWidth, kHeight, xy.data(), depth.data());
    for (std::size_t i = 0; i < 2; ++i) {
        std::array<float, 3> scaled{};
        for (std::size_t c = 0; c < 3; ++c) {
            scaled[c] = static_cast<float>((raw[3 * i + c] - box.centre[c]) * box.scale);
        }
        const Pixel pixel = projected(camera, scaled);
        QVERIFY(near(pixel.x, xy[2 * i], 0.01) && near(pixel.y, xy[2 * i + 1], 0.01) &&
                near(pixel.depth, depth[i], 1e-5));
    }
}

QTEST_GUILESS_MAIN(TestCamera)
#include "TestCamera.moc"
