#include "Shared.h"

#include "core/job/Error.h"
#include "widgets/SelectionModel.h"
#include "widgets/vtk/MapGesture.h"
#include "widgets/vtk/MapNavigation.h"
#include "widgets/vtk/MapPicker.h"

#include <QFile>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace semascope;
using ui::MapGesture;
using ui::PointCloud;
using ui::PointScene;

namespace {

std::shared_ptr<core::Layout> layoutOf(std::vector<float> values, std::size_t dim)
{
    auto layout = std::make_shared<core::Layout>();
    const std::size_t rows = values.size() / dim;
    layout->points = core::Matrix::from(std::move(values), rows, dim);
    return layout;
}

std::shared_ptr<core::Layout> randomLayout(std::size_t n, std::size_t dim)
{
    std::mt19937 random(11);
    std::normal_distribution<float> normal(3, 5);
    std::vector<float> values(n * dim);
    std::generate(values.begin(), values.end(), [&] { return normal(random); });
    return layoutOf(std::move(values), dim);
}

std::vector<std::uint32_t> firstSamples(std::size_t n)
{
    std::vector<std::uint32_t> samples(n);
    std::iota(samples.begin(), samples.end(), 0U);
    return samples;
}

} // namespace

/// What the map does without a display: order, states, projection, shapes, camera.
class TestMapParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void orderIsAShuffle();
    void positionsFillTheUnitBox();
    void coloursFollowTheOrder();
    void statesFollowTheSelection();
    void rowsAreNotSamples();
    void transitionStartsWhereThePointsWere();
    void wrongLengthIsRefused();
    void flatLayoutOfOneColumn();
    void revisionsOnlyGrowWithChanges();
    void fewerPointsWhileMoving();
    void shapes();
    void brushLeavesNoGaps();
    void lassoFindsSamples();
    void hiddenPointsAreNotPicked();
    void dragFollowsTheMouse();
    void wheelZoomsToTheMouse();
    void keysMoveTheCamera();
    void fittingShowsAll_data();
    void fittingShowsAll();
};

void TestMapParts::orderIsAShuffle()
{
    PointCloud cloud, again;
    cloud.setPoints(randomLayout(1000, 2), firstSamples(1000));
    again.setPoints(randomLayout(1000, 2), firstSamples(1000));
    std::vector<std::uint32_t> seen;
    double mean = 0;
    for (std::size_t i = 0; i < cloud.size(); ++i) {
        seen.push_back(cloud.sampleAt(i));
        QCOMPARE(cloud.drawnOf(seen.back()), static_cast<std::int64_t>(i));
        QCOMPARE(again.sampleAt(i), seen.back()); // the same every time
        mean += i < 100 ? seen.back() / 100.0 : 0;
    }
    QVERIFY2(std::abs(mean - 500) < 120, "the first points are no fair sample of all");
    std::sort(seen.begin(), seen.end());
    QCOMPARE(seen, firstSamples(1000));
    QCOMPARE(cloud.drawnOf(1000), -1);
    QCOMPARE(cloud.drawnOf(-1), -1);
}

void TestMapParts::positionsFillTheUnitBox()
{
    PointCloud cloud;
    cloud.setPoints(layoutOf({0, 0, 0, 10, 4, 2}, 3), firstSamples(2));
    const auto last = cloud.to()[static_cast<std::size_t>(cloud.drawnOf(1))];
    QCOMPARE(last[0], 1.0F);
    QCOMPARE(last[1], 0.4F);
    QCOMPARE(last[2], 0.2F);
    QCOMPARE(cloud.place(10, 4, 2), last);
}

void TestMapParts::coloursFollowTheOrder()
{
    PointCloud cloud;
    cloud.setPoints(randomLayout(3, 2), firstSamples(3));
    cloud.setColours({0x80102030U, 0xff0000ffU});
    const auto colourOf = [&](std::int64_t sample) {
        return cloud.colours()[static_cast<std::size_t>(cloud.drawnOf(sample))];
    };
    QCOMPARE(colourOf(0), (PointCloud::Colour{0x10, 0x20, 0x30, 0x80}));
    QCOMPARE(colourOf(1), (PointCloud::Colour{0, 0, 0xff, 0xff}));
    const auto grey = colourOf(2); // no colour was given for it
    QVERIFY(grey[0] == grey[1] && grey[1] == grey[2] && grey[3] == 0xff);
}

void TestMapParts::statesFollowTheSelection()
{
    ui::SelectionModel model;
    model.reset(5);
    model.select({1, 3});
    model.filter(QStringLiteral("legend"), {1, 1, 1, 0, 0});
    PointCloud cloud;
    cloud.setPoints(randomLayout(5, 3), firstSamples(5));
    cloud.setStates(model.bytes(), 2);
    const auto stateOf = [&](std::int64_t sample) {
        return cloud.states()[static_cast<std::size_t>(cloud.drawnOf(sample))];
    };
    QVERIFY(stateOf(1).selected && !stateOf(1).hidden);
    QVERIFY(stateOf(3).selected && stateOf(3).hidden);
    QVERIFY(!stateOf(4).selected && stateOf(4).hidden);
    QVERIFY(stateOf(2).current && !stateOf(1).current);
    QCOMPARE(cloud.selectedCount(), std::size_t{2});
    QCOMPARE(cloud.visibleCount(), std::size_t{3});
    cloud.setStates({}, -1); // no selection model
    QCOMPARE(cloud.visibleCount(), std::size_t{5});
}

void TestMapParts::rowsAreNotSamples()
{
    PointCloud cloud;
    cloud.setPoints(layoutOf({0, 0, 1, 1}, 2), {7, 2});
    QCOMPARE(cloud.drawnOf(0), -1);
    QCOMPARE(cloud.sampleAt(static_cast<std::size_t>(cloud.drawnOf(7))), 7U);
    QCOMPARE(cloud.to()[static_cast<std::size_t>(cloud.drawnOf(2))], cloud.placeOfRow(1));
    std::vector<std::uint8_t> flags(8);
    flags[2] = ui::SelectionModel::kSelected;
    cloud.setStates(flags, -1);
    QCOMPARE(cloud.selectedCount(), std::size_t{1});
    QVERIFY(cloud.states()[static_cast<std::size_t>(cloud.drawnOf(2))].selected);
}

void TestMapParts::transitionStartsWhereThePointsWere()
{
    PointCloud cloud;
    cloud.setPoints(layoutOf({-1, -1, 1, 1}, 2), {0, 1});
    QVERIFY(!cloud.canAnimate());
    cloud.setPoints(layoutOf({1, 1, -1, -1, 0, 0}, 2), {0, 1, 2});
    QVERIFY(cloud.canAnimate());
    const auto at = [&](const std::vector<PointCloud::Position>& places, std::int64_t sample) {
        return places[static_cast<std::size_t>(cloud.drawnOf(sample))];
    };
    QCOMPARE(at(cloud.from(), 0), (PointCloud::Position{-1, -1, 0}));
    QCOMPARE(at(cloud.to(), 0), (PointCloud::Position{1, 1, 0}));
    QCOMPARE(at(cloud.from(), 2), at(cloud.to(), 2)); // it was not there before
    QCOMPARE(at(cloud.placesShown(0.25F, 3), 0), (PointCloud::Position{-0.5F, -0.5F, 0}));
    cloud.setPoints(layoutOf({1, -1, -1, 1, 0, 0}, 2), {0, 1, 2}, 0.25F); // in the midst of it
    QCOMPARE(at(cloud.from(), 0), (PointCloud::Position{-0.5F, -0.5F, 0}));
}

void TestMapParts::wrongLengthIsRefused()
{
    PointCloud cloud;
    QVERIFY_THROWS_EXCEPTION(core::Error, cloud.setPoints(randomLayout(4, 2), {0, 1}));
    cloud.setPoints(nullptr, {});
    QCOMPARE(cloud.size(), std::size_t{0});
}

void TestMapParts::flatLayoutOfOneColumn()
{
    PointCloud cloud;
    cloud.setPoints(layoutOf({0, 1, 2}, 1), firstSamples(3));
    QCOMPARE(cloud.to()[static_cast<std::size_t>(cloud.drawnOf(2))], (PointCloud::Position{1, 0, 0}));
}

void TestMapParts::revisionsOnlyGrowWithChanges()
{
    PointCloud cloud;
    cloud.setPoints(randomLayout(4, 2), firstSamples(4));
    cloud.setColours({1, 2, 3, 4});
    const auto before = cloud.revisions();
    cloud.setColours({1, 2, 3, 4});
    cloud.setStates({}, -1);
    QCOMPARE(cloud.revisions().colours, before.colours);
    QCOMPARE(cloud.revisions().states, before.states);
    cloud.setStates({1}, -1);
    QCOMPARE(cloud.revisions().colours, before.colours);
    QCOMPARE(cloud.revisions().to, before.to);
    QVERIFY(cloud.revisions().states > before.states);
}

void TestMapParts::fewerPointsWhileMoving()
{
    struct Budgeted : ui::PointSurface
    {
        QWidget* widget() override { return nullptr; }
        void refresh() override {}
        QString renderer() const override { return {}; }
        std::size_t movingBudget() const override { return 10; }
    } surface;
    PointScene scene;
    scene.cloud.setPoints(randomLayout(25, 2), firstSamples(25));
    QCOMPARE(surface.pointsToDraw(scene), std::size_t{25});
    scene.moving = true;
    QCOMPARE(surface.pointsToDraw(scene), std::size_t{10});
}

void TestMapParts::shapes()
{
    MapGesture gesture;
    gesture.begin(MapGesture::Kind::Box, {10, 10});
    QVERIFY(!gesture.moved());
    gesture.extend({12, 11});
    QVERIFY(!gesture.moved()); // a click's tremble
    QCOMPARE(gesture.extend({40, 30}), QPointF(28, 19));
    QVERIFY(gesture.moved() && gesture.isShape());
    const auto box = gesture.mask({100, 100});
    QVERIFY(box.at(20, 20) && !box.at(50, 20));
    QCOMPARE(gesture.outline().boundingRect(), QRectF(10, 10, 30, 20));
    gesture.begin(MapGesture::Kind::Lasso, {0, 0});
    gesture.extend({80, 0});
    gesture.extend({0, 80});
    const auto lasso = gesture.mask({100, 100});
    QVERIFY(lasso.at(20, 20) && !lasso.at(60, 60));
    gesture.end();
    QVERIFY(!gesture.active() && gesture.outline().isEmpty());
    QCOMPARE(gesture.extend({1, 1}), QPointF());
}

void TestMapParts::brushLeavesNoGaps()
{
    MapGesture gesture;
    gesture.setBrushRadius(8);
    gesture.begin(MapGesture::Kind::Brush, {10, 50});
    gesture.extend({290, 50}); // one fast stroke
    const auto mask = gesture.mask({300, 100});
    for (int x = 4; x < 296; ++x) {
        QVERIFY(mask.at(static_cast<float>(x) + 0.5F, 50) && mask.at(static_cast<float>(x) + 0.5F, 45));
    }
    QVERIFY(!mask.at(150, 59));
    QVERIFY(gesture.outline().contains(QPointF(150, 57)) && !gesture.outline().contains(QPointF(150, 60)));
}

void TestMapParts::lassoFindsSamples()
{
    PointScene scene;
    scene.cloud.setPoints(layoutOf({-1, 0, 1, 0, 0, 1, 0, -1}, 2), {40, 30, 20, 10});
    scene.camera.halfHeight = 1.25;
    ui::MapPicker picker(scene);
    core::PickMask right(500, 500);
    right.addRectangle(240, 0, 500, 500);
    QCOMPARE(picker.samplesIn(right), (std::vector<std::uint32_t>{10, 20, 30}));
    QCOMPARE(scene.cloud.sampleAt(static_cast<std::size_t>(picker.pointAt({50, 250}, {500, 500}))), 40U);
    QCOMPARE(picker.pointAt({150, 150}, {500, 500}), -1);
    scene.camera.pan(1, 0);
    picker.invalidate();
    QCOMPARE(picker.pointAt({50, 250}, {500, 500}), -1);
}

void TestMapParts::hiddenPointsAreNotPicked()
{
    PointScene scene;
    scene.cloud.setPoints(layoutOf({-1, 0, 0, 1, 0, 0, 0, 1, -3}, 3), firstSamples(3));
    scene.camera.flat = false;
    scene.camera.halfHeight = 2;
    ui::MapPicker picker(scene);
    core::PickMask all(300, 200);
    all.addRectangle(0, 0, 300, 200);
    QCOMPARE(picker.samplesIn(all).size(), std::size_t{3});
    scene.cloud.setStates({0, 2, 0}, -1);
    picker.invalidate();
    QCOMPARE(picker.samplesIn(all), (std::vector<std::uint32_t>{0, 2}));
    QCOMPARE(picker.visibleSamples(), (std::vector<std::uint32_t>{0, 2}));
}

void TestMapParts::dragFollowsTheMouse()
{
    PointScene scene;
    scene.cloud.setPoints(layoutOf({-1, 0, 1, 0, 0, 1, 0, -1}, 2), firstSamples(4));
    const QSize size(640, 400);
    std::vector<float> before, after, depth;
    scene.cloud.project(scene.camera, size.width(), size.height(), before, depth);
    ui::dragCamera(scene.camera, ui::CameraDrag::Pan, {33, -21}, size);
    scene.cloud.project(scene.camera, size.width(), size.height(), after, depth);
    for (std::size_t i = 0; i < before.size(); i += 2) {
        QVERIFY(std::abs(after[i] - before[i] - 33) < 0.01 && std::abs(after[i + 1] - before[i + 1] + 21) < 0.01);
    }
}

void TestMapParts::wheelZoomsToTheMouse()
{
    core::Camera camera;
    const QSize size(640, 400);
    const QPointF mouse(500, 100);
    const std::array<float, 3> under{
        static_cast<float>((2 * mouse.x() / size.width() - 1) * camera.halfHeight * size.width() / size.height()),
        static_cast<float>((1 - 2 * mouse.y() / size.height()) * camera.halfHeight), 0};
    ui::wheelCamera(camera, 360, mouse, size);
    float xy[2];
    core::projectPoints(under.data(), 1, 3, {}, camera, size.width(), size.height(), xy);
    QVERIFY(std::abs(xy[0] - mouse.x()) < 0.01 && std::abs(xy[1] - mouse.y()) < 0.01);
    QVERIFY(camera.halfHeight < core::Camera{}.halfHeight);
    ui::wheelCamera(camera, -360, mouse, size);
    QVERIFY(std::abs(camera.halfHeight - core::Camera{}.halfHeight) < 1e-9);
}

void TestMapParts::keysMoveTheCamera()
{
    const QSize size(640, 400);
    core::Camera camera;
    QVERIFY(ui::keyCamera(camera, Qt::Key_Right, false, size));
    QVERIFY(camera.target[0] > 0);
    QVERIFY(ui::keyCamera(camera, Qt::Key_Plus, false, size));
    QVERIFY(camera.halfHeight < core::Camera{}.halfHeight);
    QVERIFY(!ui::keyCamera(camera, Qt::Key_A, false, size));
    core::Camera deep;
    deep.flat = false;
    QVERIFY(ui::keyCamera(deep, Qt::Key_Left, false, size));
    QVERIFY(deep.rotation != core::Camera{}.rotation && deep.target == core::Camera{}.target);
    QVERIFY(ui::keyCamera(deep, Qt::Key_Left, true, size));
    QVERIFY(deep.target != core::Camera{}.target);
}

void TestMapParts::fittingShowsAll_data()
{
    QTest::addColumn<bool>("flat");
    QTest::addColumn<QSize>("size");
    QTest::newRow("2D wide") << true << QSize(900, 300);
    QTest::newRow("2D tall") << true << QSize(300, 900);
    QTest::newRow("3D wide") << false << QSize(900, 300);
    QTest::newRow("3D tall") << false << QSize(300, 900);
}

void TestMapParts::fittingShowsAll()
{
    QFETCH(bool, flat);
    QFETCH(QSize, size);
    PointScene scene;
    scene.cloud.setPoints(layoutOf({-9, 0, 1, 9, 1, -1, 0, 3, 4, 2, -3, -4}, 3), firstSamples(4));
    scene.camera.flat = flat;
    ui::tilt(scene.camera);
    scene.camera.target = {5, 5, 5};
    const core::Camera fitted = ui::fittingCamera(scene.camera, scene.cloud, size);
    std::vector<float> xy, depth;
    scene.cloud.project(fitted, size.width(), size.height(), xy, depth);
    double reach = 0;
    for (std::size_t i = 0; i < xy.size(); i += 2) {
        reach =
            std::max({reach, std::abs(2.0 * xy[i] / size.width() - 1), std::abs(2.0 * xy[i + 1] / size.height() - 1)});
    }
    QVERIFY2(reach > 0.8 && reach < 0.97, qPrintable(QString::number(reach)));
    QCOMPARE(fitted.rotation, scene.camera.rotation);

    const QMargins covered(0, 46, 0, 20);
    scene.cloud.project(ui::fittingCamera(scene.camera, scene.cloud, size, covered), size.width(), size.height(), xy,
                        depth);
    for (std::size_t i = 1; flat && i < xy.size(); i += 2) {
        QVERIFY(xy[i] > covered.top() && xy[i] < size.height() - covered.bottom());
    }
    QCOMPARE(ui::automaticPointSize(100), ui::automaticPointSize(2000));
    QVERIFY(ui::automaticPointSize(20'000) < ui::automaticPointSize(2000));
    QVERIFY(ui::automaticPointSize(100'000'000) >= 2);
}

QTEST_GUILESS_MAIN(TestMapParts)
#include "TestMapParts.moc"
