#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Fixtures.h"

#include <QSignalSpy>
#include <QtTest>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace semascope;
using ui::ThumbnailCache;

namespace {

/// A decoder that waits at a gate and keeps the order in which samples were asked for.
class Gate
{
public:
    core::Picture operator()(std::size_t sample, int side)
    {
        std::unique_lock lock(m_mutex);
        m_order.push_back(sample);
        m_changed.notify_all();
        m_changed.wait(lock, [this] { return m_open; });
        return test::plainPicture(sample, side);
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_open = true;
        m_changed.notify_all();
    }
    void waitForBusy(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_order.size() >= count; });
    }
    std::vector<std::size_t> order()
    {
        const std::lock_guard lock(m_mutex);
        return m_order;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::size_t> m_order;
    bool m_open = false;
};

ThumbnailCache::Decode through(Gate& gate)
{
    return [&gate](const core::Dataset&, std::size_t sample, int side) { return gate(sample, side); };
}

core::Picture plain(const core::Dataset&, std::size_t sample, int side)
{
    return test::plainPicture(sample, side);
}

} // namespace

class TestThumbnails : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodesAndFinds()
    {
        ThumbnailCache cache(nullptr, plain);
        cache.setDataset(test::makeDataset(10));
        QSignalSpy ready(&cache, &ThumbnailCache::ready);
        QVERIFY(cache.find(3).isNull());
        cache.request(3);
        QVERIFY(ready.wait());
        QCOMPARE(cache.find(3).pixelColor(0, 0), QColor(3, 3, 3));
        QCOMPARE(cache.find(3).width(), 128);
        QVERIFY(cache.find(3, 300).isNull());
        QCOMPARE(cache.findAny(3, 300).width(), 128);
        QCOMPARE(cache.state(3), ThumbnailCache::State::Ready);
    }

    void ignoresWhatIsNotThere()
    {
        ThumbnailCache cache(nullptr, plain);
        cache.request(0);
        cache.setDataset(test::makeDataset(2));
        cache.request(2);
        QCOMPARE(cache.waiting(), std::size_t(0));
    }

    void keepsFailures()
    {
        std::atomic<int> calls = 0;
        ThumbnailCache cache(nullptr, [&](const core::Dataset&, std::size_t, int) -> core::Picture {
            ++calls;
            throw core::Error(core::Code::BadFormat, "x.png ends too early.");
        });
        cache.setDataset(test::makeDataset(1));
        QSignalSpy ready(&cache, &ThumbnailCache::ready);
        cache.request(0);
        QVERIFY(ready.wait());
        QCOMPARE(cache.state(0), ThumbnailCache::State::Broken);
        QCOMPARE(cache.problem(0), QStringLiteral("x.png ends too early."));
        cache.request(0);
        QTest::qWait(80);
        QCOMPARE(calls.load(), 1);
    }

    void picturesWithoutPixelsAreBroken()
    {
        ThumbnailCache cache(nullptr, [](const core::Dataset&, std::size_t, int) {
            core::Picture wrong;
            wrong.width = 100;
            wrong.height = 100;
            wrong.pixels.resize(5);
            return wrong;
        });
        cache.setDataset(test::makeDataset(1));
        QSignalSpy ready(&cache, &ThumbnailCache::ready);
        cache.request(0);
        QVERIFY(ready.wait());
        QCOMPARE(cache.state(0), ThumbnailCache::State::Broken);
    }

    void laysTransparencyOnTheBackground()
    {
        ThumbnailCache cache(nullptr, [](const core::Dataset&, std::size_t, int) {
            core::Picture clear;
            clear.width = clear.height = 4;
            clear.channels = 4;
            clear.pixels.assign(64, 0);
            return clear;
        });
        cache.setBackground(Qt::red);
        cache.setDataset(test::makeDataset(1));
        QSignalSpy ready(&cache, &ThumbnailCache::ready);
        cache.request(0);
        QVERIFY(ready.wait());
        QCOMPARE(cache.find(0).pixelColor(1, 1), QColor(Qt::red));
        cache.setBackground(Qt::green);
        QCOMPARE(cache.state(0), ThumbnailCache::State::Unknown);
    }

    void servesTheNewestViewFirstAndDropsWhatLeftIt()
    {
        Gate gate;
        QObject viewer;
        ThumbnailCache cache(nullptr, through(gate));
        cache.setDataset(test::makeDataset(100));
        cache.setVisible(&viewer, {0, 1});
        gate.waitForBusy(std::size_t(ThumbnailCache::kThreads));
        cache.setVisible(&viewer, {10, 11, 12, 13});
        cache.setVisible(&viewer, {20, 21});
        QCOMPARE(cache.waiting(), std::size_t(ThumbnailCache::kThreads + 2));
        gate.open();
        QTRY_COMPARE(cache.state(21), ThumbnailCache::State::Ready);
        QTRY_COMPARE(cache.state(20), ThumbnailCache::State::Ready);
        QCOMPARE(cache.waiting(), std::size_t(0));
        QCOMPARE(gate.order().size(), std::size_t(4));
        QCOMPARE(cache.state(10), ThumbnailCache::State::Unknown);
    }

    void forgetsTheWishesOfADeadViewer()
    {
        Gate gate;
        ThumbnailCache cache(nullptr, through(gate));
        cache.setDataset(test::makeDataset(100));
        {
            QObject viewer;
            cache.setVisible(&viewer, {0, 1, 2, 3, 4, 5});
            gate.waitForBusy(std::size_t(ThumbnailCache::kThreads));
        }
        QCOMPARE(cache.waiting(), std::size_t(ThumbnailCache::kThreads));
        gate.open();
    }

    void staysWithinItsLimitAndDropsTheLongestUnused()
    {
        ThumbnailCache cache(nullptr, plain);
        cache.setDataset(test::makeDataset(100));
        const std::size_t one = 128 * 128 * 4 + 256;
        cache.setLimit(3 * one);
        for (std::uint32_t i = 0; i < 3; ++i) {
            cache.request(i);
            QTRY_COMPARE(cache.state(i), ThumbnailCache::State::Ready);
        }
        QVERIFY(!cache.find(0).isNull()); // used again: 1 is the oldest now
        cache.request(3);
        QTRY_COMPARE(cache.state(3), ThumbnailCache::State::Ready);
        QVERIFY(cache.bytes() <= 3 * one);
        QCOMPARE(cache.state(1), ThumbnailCache::State::Unknown);
        QCOMPARE(cache.state(0), ThumbnailCache::State::Ready);
        cache.setLimit(0);
        QCOMPARE(cache.bytes(), std::size_t(0));
    }

    void dropsPicturesOfTheFormerDataset()
    {
        Gate gate;
        ThumbnailCache cache(nullptr, through(gate));
        cache.setDataset(test::makeDataset(5));
        QSignalSpy ready(&cache, &ThumbnailCache::ready);
        cache.request(0);
        gate.waitForBusy(1);
        cache.setDataset(test::makeDataset(6));
        gate.open();
        QTest::qWait(120);
        QCOMPARE(ready.count(), 0);
        QCOMPARE(cache.state(0), ThumbnailCache::State::Unknown);
    }

    void deliversInBatches()
    {
        ThumbnailCache cache(nullptr, plain);
        cache.setDataset(test::makeDataset(400));
        QSignalSpy ready(&cache, &ThumbnailCache::ready);
        QElapsedTimer time;
        time.start();
        for (std::uint32_t i = 0; i < 400; ++i) {
            cache.request(i);
        }
        QTRY_COMPARE(cache.waiting(), std::size_t(0));
        QVERIFY2(ready.count() <= time.elapsed() / 50 + 1, qPrintable(QString::number(ready.count())));
    }

    void endsWhileDecoding()
    {
        for (int round = 0; round < 20; ++round) {
            std::atomic<int> busy = 0;
            auto cache =
                std::make_unique<ThumbnailCache>(nullptr, [&](const core::Dataset&, std::size_t sample, int side) {
                    ++busy;
                    QThread::msleep(10);
                    return test::plainPicture(sample, side);
                });
            cache->setDataset(test::makeDataset(1000));
            for (std::uint32_t i = 0; i < 1000; ++i) {
                cache->request(i);
            }
            while (busy == 0) {
                QThread::yieldCurrentThread();
            }
            QElapsedTimer time;
            time.start();
            cache.reset();
            QVERIFY2(time.elapsed() < 500, "waits for the pictures in hand only");
        }
    }
};

QTEST_MAIN(TestThumbnails)
#include "TestThumbnails.moc"
