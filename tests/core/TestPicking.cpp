#include "Shared.h"

#include "core/session/Picking.h"

#include <cmath>
#include <limits>
#include <random>

using namespace semascope::core;

class TestPicking : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rectangle();
    void rectangleInAnyDirection();
    void polygonIsEvenOdd();
    void polygonMayLeaveTheView();
    void disc();
    void outsideAndNaN();
    void pickSkipsTheInvisible();
    void gridFindsWhatAScanFinds();
    void gridPrefersWhatIsInFront();
    void gridPrefersWhatWasDrawnLast();
    void emptyGrid();
};

void TestPicking::rectangle()
{
    PickMask mask(100, 50);
    mask.addRectangle(10, 5, 20, 15);
    QVERIFY(mask.at(10, 5) && mask.at(19.9F, 14.9F));
    QVERIFY(!mask.at(9.9F, 5) && !mask.at(20, 10) && !mask.at(15, 15));
}

void TestPicking::rectangleInAnyDirection()
{
    PickMask mask(100, 50);
    mask.addRectangle(200, 60, 90, 40);
    QVERIFY(mask.at(99.5F, 49.5F) && mask.at(90.5F, 40.5F));
    QVERIFY(!mask.at(89, 45));
}

void TestPicking::polygonIsEvenOdd()
{
    PickMask mask(100, 100);
    mask.addPolygon(
        {{10, 10}, {90, 10}, {90, 90}, {10, 90}, {10, 10}, {30, 30}, {70, 30}, {70, 70}, {30, 70}, {30, 30}});
    QVERIFY(mask.at(20, 50));
    QVERIFY(!mask.at(50, 50)); // the hole
    QVERIFY(mask.at(80, 80));
    QVERIFY(!mask.at(95, 50));
}

void TestPicking::polygonMayLeaveTheView()
{
    PickMask mask(100, 100);
    mask.addPolygon({{-500, -500}, {500, -500}, {500, 50}, {-500, 50}});
    QVERIFY(mask.at(0, 0) && mask.at(99.5F, 49.4F));
    QVERIFY(!mask.at(50, 51));
    mask.addPolygon({}); // harmless
    mask.addPolygon({{1, 90}});
    QVERIFY(!mask.at(1, 90));
}

void TestPicking::disc()
{
    PickMask mask(100, 100);
    mask.addDisc(50, 50, 10);
    int covered = 0;
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 100; ++x) {
            covered += mask.at(static_cast<float>(x), static_cast<float>(y)) ? 1 : 0;
        }
    }
    QVERIFY(std::abs(covered - 3.14159 * 100) < 8);
    QVERIFY(mask.at(50, 41) && !mask.at(50, 61) && !mask.at(42, 42));
    mask.addDisc(-3, -3, 2);
    QVERIFY(!mask.at(0, 0));
}

void TestPicking::outsideAndNaN()
{
    PickMask mask(10, 10);
    mask.addRectangle(-5, -5, 50, 50);
    QVERIFY(mask.at(0, 0) && mask.at(9.99F, 9.99F));
    QVERIFY(!mask.at(-0.1F, 5) && !mask.at(10, 5) && !mask.at(5, 1e20F));
    QVERIFY(!mask.at(std::numeric_limits<float>::quiet_NaN(), 5));
    const PickMask none(0, -3);
    QVERIFY(!none.at(0, 0));
}

void TestPicking::pickSkipsTheInvisible()
{
    PickMask mask(10, 10);
    mask.addRectangle(0, 0, 5, 5);
    const std::vector<float> xy{1, 1, 8, 8, 2, 2, 3, 3, std::numeric_limits<float>::quiet_NaN(), 1};
    const std::vector<std::uint8_t> visible{1, 1, 0, 1, 1};
    QCOMPARE(pick(mask, xy.data(), 5, visible.data()), (std::vector<std::uint32_t>{0, 3}));
    QCOMPARE(pick(mask, xy.data(), 5, nullptr), (std::vector<std::uint32_t>{0, 2, 3}));
}

void TestPicking::gridFindsWhatAScanFinds()
{
    constexpr int n = 2000, width = 333, height = 217;
    std::mt19937 random(2);
    std::uniform_real_distribution<float> x(-20, width + 20), y(-20, height + 20);
    std::vector<float> xy;
    std::vector<std::uint8_t> visible;
    for (int i = 0; i < n; ++i) {
        xy.insert(xy.end(), {x(random), y(random)});
        visible.push_back(i % 5 != 0);
    }
    const ScreenGrid grid(xy.data(), nullptr, n, width, height, visible.data());
    for (int trial = 0; trial < 500; ++trial) {
        const float px = x(random), py = y(random), radius = 1 + static_cast<float>(trial % 40);
        float least = std::numeric_limits<float>::infinity();
        std::int64_t expected = -1;
        for (int i = 0; i < n; ++i) {
            const float* p = xy.data() + 2 * i;
            const float distance = std::hypot(p[0] - px, p[1] - py);
            const bool inside = p[0] >= 0 && p[1] >= 0 && p[0] < width && p[1] < height;
            if (inside && visible[static_cast<std::size_t>(i)] && distance <= radius && distance < least) {
                least = distance;
                expected = i;
            }
        }
        QCOMPARE(grid.nearest(px, py, radius), expected);
    }
}

void TestPicking::gridPrefersWhatIsInFront()
{
    const std::vector<float> xy{50, 50, 50.4F, 50, 53, 50};
    const std::vector<float> depth{0.9F, 0.2F, 0.1F};
    const ScreenGrid grid(xy.data(), depth.data(), 3, 100, 100, nullptr);
    QCOMPARE(grid.nearest(50, 50, 8), 1); // as near as makes no difference, and in front
    QCOMPARE(grid.nearest(53, 50, 8), 2);
    QCOMPARE(grid.nearest(70, 50, 8), -1);
}

void TestPicking::gridPrefersWhatWasDrawnLast()
{
    const std::vector<float> xy{50, 50, 50, 50, 50, 50};
    const ScreenGrid grid(xy.data(), nullptr, 3, 100, 100, nullptr);
    QCOMPARE(grid.nearest(49, 50, 5), 2);
}

void TestPicking::emptyGrid()
{
    QCOMPARE(ScreenGrid().nearest(1, 1, 10), -1);
    QCOMPARE(ScreenGrid(nullptr, nullptr, 0, 10, 10, nullptr).nearest(1, 1, 10), -1);
}

QTEST_GUILESS_MAIN(TestPicking)
#include "TestPicking.moc"
