#include "MapFixture.h"

#include "widgets/figure/Legend.h"
#include "widgets/vtk/MapLegend.h"

#include <QApplication>
#include <QToolButton>
#include <QWheelEvent>

#include <cmath>

using Samples = std::vector<std::uint32_t>;

/// What mouse, keyboard and controls do on the map, and what it tells.
class TestMapInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lassoWithTheMouse();
    void modifiersCombine();
    void escapeCancels();
    void clickAndHover();
    void hoverFromAnotherView();
    void toolbarTells();
    void legendTells();
    void settersStaySilent();
    void wheelMovesTheCamera();
    void describesItself();
};

void TestMapInput::lassoWithTheMouse()
{
    MapFixture f;
    QVERIFY(f.show());
    f.map.setTool(ui::MapTool::Lasso);
    QSignalSpy lassoed(&f.map, &MapView::lassoed);
    const QPoint corner = f.pixelOf(0).toPoint() - QPoint(30, 30);
    QTest::mousePress(&f.map, Qt::LeftButton, {}, corner);
    for (const QPoint& step : {QPoint(60, 0), QPoint(60, 60), QPoint(0, 60)}) {
        QTest::mouseMove(&f.map, corner + step);
    }
    QTest::mouseRelease(&f.map, Qt::LeftButton, {}, corner + QPoint(0, 40));
    QCOMPARE(lassoed.count(), 1);
    QCOMPARE(lassoed[0][0].value<Samples>(), Samples{0});
    QCOMPARE(lassoed[0][1].value<core::Combine>(), core::Combine::Replace);
}

void TestMapInput::modifiersCombine()
{
    MapFixture f;
    QVERIFY(f.show());
    f.map.setTool(ui::MapTool::Box);
    QSignalSpy lassoed(&f.map, &MapView::lassoed);
    const auto box = [&](Qt::KeyboardModifiers modifiers) {
        QTest::mousePress(&f.map, Qt::LeftButton, modifiers, {5, 60});
        QTest::mouseMove(&f.map, {635, 475});
        QTest::mouseRelease(&f.map, Qt::LeftButton, modifiers, {635, 475});
        return lassoed.takeFirst()[1].value<core::Combine>();
    };
    QCOMPARE(box(Qt::ShiftModifier), core::Combine::Add);
    QCOMPARE(box(Qt::ControlModifier), core::Combine::Subtract);
    QCOMPARE(box(Qt::ShiftModifier | Qt::ControlModifier), core::Combine::Intersect);
    QTest::keyClick(&f.map, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(lassoed.count(), 1);
    QCOMPARE(lassoed[0][0].value<Samples>(), (Samples{0, 1, 2, 3, 4}));
}

void TestMapInput::escapeCancels()
{
    MapFixture f;
    QVERIFY(f.show());
    f.map.setTool(ui::MapTool::Brush);
    QSignalSpy lassoed(&f.map, &MapView::lassoed), clicked(&f.map, &MapView::clicked);
    QTest::mousePress(&f.map, Qt::LeftButton, {}, {100, 100});
    QTest::mouseMove(&f.map, {300, 300});
    QTest::keyClick(&f.map, Qt::Key_Escape);
    QTest::mouseRelease(&f.map, Qt::LeftButton, {}, {300, 300});
    QCOMPARE(lassoed.count() + clicked.count(), 0);
}

void TestMapInput::clickAndHover()
{
    MapFixture f;
    QVERIFY(f.show());
    QSignalSpy clicked(&f.map, &MapView::clicked), hovered(&f.map, &MapView::hovered);
    QTest::mouseMove(&f.map, f.pixelOf(3).toPoint() + QPoint(4, 2));
    QTRY_COMPARE(hovered.count(), 1);
    QCOMPARE(hovered[0][0].toLongLong(), 3);
    QTest::mouseMove(&f.map, {320, 120});
    QTRY_COMPARE(hovered.count(), 2);
    QCOMPARE(hovered[1][0].toLongLong(), -1);
    QTest::mouseClick(&f.map, Qt::LeftButton, Qt::ShiftModifier, f.pixelOf(2).toPoint());
    QCOMPARE(clicked[0][0].toLongLong(), 2);
    QCOMPARE(clicked[0][1].value<Qt::KeyboardModifiers>(), Qt::ShiftModifier);
    QTest::mouseClick(&f.map, Qt::LeftButton, {}, {320, 120});
    QCOMPARE(clicked[1][0].toLongLong(), -1);
}

void TestMapInput::hoverFromAnotherView()
{
    MapFixture f;
    QSignalSpy hovered(&f.map, &MapView::hovered);
    f.selection.hover(2);
    QCOMPARE(f.map.scene().hovered, f.map.scene().cloud.drawnOf(2));
    QCOMPARE(hovered.count(), 0); // it did not come from here
    f.selection.select({1});
    QCOMPARE(f.map.scene().hovered, f.map.scene().cloud.drawnOf(2));
}

void TestMapInput::toolbarTells()
{
    MapFixture f;
    QVERIFY(f.show());
    QSignalSpy flat(&f.map, &MapView::flatChanged), tool(&f.map, &MapView::toolChanged);
    f.map.findChild<QToolButton*>(QStringLiteral("mapDeep"))->click();
    QCOMPARE(flat.count(), 1);
    QVERIFY(!f.map.camera().flat);
    f.map.findChild<QToolButton*>(QStringLiteral("mapLasso"))->click();
    QCOMPARE(tool.count(), 1);
    QCOMPARE(f.map.tool(), ui::MapTool::Lasso);
    for (const auto* button : f.map.findChildren<QToolButton*>()) {
        QVERIFY(!button->accessibleName().isEmpty() && !button->toolTip().isEmpty());
    }
    core::Camera camera = f.map.camera();
    camera.pan(3, 3);
    f.map.setCamera(camera);
    QSignalSpy moved(&f.map, &MapView::cameraChanged);
    f.map.findChild<QToolButton*>(QStringLiteral("mapReset"))->click();
    QCOMPARE(moved.count(), 1);
    QCOMPARE(f.map.camera().target[0], 0.0);
}

void TestMapInput::legendTells()
{
    MapFixture f;
    ui::Legend legend;
    for (int i = 0; i < 60; ++i) {
        legend.entries.push_back({QStringLiteral("class %1").arg(i), kBlue, 1, i == 1});
    }
    f.map.setLegend(legend);
    QVERIFY(f.show());
    auto* widget = f.map.findChild<ui::MapLegend*>();
    QVERIFY(widget->isVisible() && f.map.rect().contains(widget->geometry()));
    QSignalSpy toggled(&f.map, &MapView::legendToggled);
    QTest::mouseClick(widget, Qt::LeftButton, {}, {20, 30}); // the second row
    QCOMPARE(toggled[0][0].toInt(), 1);
    for (int i = 0; i < 80; ++i) {
        QTest::keyClick(widget, Qt::Key_Down);
    }
    QTest::keyClick(widget, Qt::Key_Space); // the last one, scrolled to
    QCOMPARE(toggled[1][0].toInt(), 59);
    legend.continuous = true;
    legend.entries.clear();
    f.map.setLegend(legend);
    QTest::mouseClick(widget, Qt::LeftButton, {}, {20, 20});
    QCOMPARE(toggled.count(), 2);
    f.map.setLegend({});
    QVERIFY(!widget->isVisible());
}

void TestMapInput::settersStaySilent()
{
    MapFixture f;
    QVERIFY(f.show());
    QSignalSpy camera(&f.map, &MapView::cameraChanged), flat(&f.map, &MapView::flatChanged);
    QSignalSpy tool(&f.map, &MapView::toolChanged), lassoed(&f.map, &MapView::lassoed);
    core::Camera other = f.map.camera();
    other.pan(1, 1);
    f.map.setCamera(other);
    f.map.setTool(ui::MapTool::Brush);
    f.selection.selectAll();
    QCOMPARE(camera.count() + flat.count() + tool.count() + lassoed.count(), 0);
}

void TestMapInput::wheelMovesTheCamera()
{
    MapFixture f;
    QVERIFY(f.show());
    QSignalSpy moved(&f.map, &MapView::cameraChanged);
    const QPointF before = f.pixelOf(1), global = f.map.mapToGlobal(before);
    QWheelEvent wheel(before, global, {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&f.map, &wheel);
    QCOMPARE(moved.count(), 1);
    const QPointF off = f.pixelOf(1) - before;
    QVERIFY2(std::hypot(off.x(), off.y()) < 0.1, "what is under the mouse must stay there");
}

void TestMapInput::describesItself()
{
    MapFixture f;
    f.selection.select({1, 2});
    f.selection.filter(QStringLiteral("x"), {0, 1, 1, 1, 1});
    QCOMPARE(f.map.accessibleDescription(), QStringLiteral("5 points, 4 shown, 2 selected"));
    QVERIFY(!f.map.accessibleName().isEmpty());
}

int main(int argc, char** argv)
{
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts); // as the program does, and before the application
    QApplication app(argc, argv);
    TestMapInput test;
    return QTest::qExec(&test, argc, argv);
}

#include "TestMapInput.moc"
