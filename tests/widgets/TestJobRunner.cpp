#include "widgets/JobRunner.h"

#include <QSignalSpy>
#include <QtTest>

#include <chrono>
#include <thread>

using namespace semascope;
using ui::JobReport;
using ui::JobRunner;

namespace {

void waitFor(core::JobContext& job)
{
    while (true) {
        job.checkpoint();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

} // namespace

/// What the GUI thread may rely on: delivery on it, to the living only, and nothing after a cancel.
class TestJobRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversOnTheGuiThread()
    {
        JobRunner runner;
        int got = 0;
        const QThread* where = nullptr;
        runner.start(
            core::Lane::Work, QStringLiteral("answer"), this, [](core::JobContext&) { return 42; },
            [&](int value) {
                got = value;
                where = QThread::currentThread();
            });
        QTRY_COMPARE(got, 42);
        QCOMPARE(where, QThread::currentThread());
    }

    void failuresAreSaidOnce()
    {
        JobRunner runner;
        QSignalSpy failed(&runner, &JobRunner::jobFailed);
        bool delivered = false;
        runner.start(
            core::Lane::Work, QStringLiteral("bad"), this,
            [](core::JobContext&) -> int { throw core::Error(core::Code::BadFormat, "x.npy is no array."); },
            [&](int) { delivered = true; });
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().at(1).toString(), QStringLiteral("x.npy is no array."));
        QVERIFY(!delivered);
    }

    void nothingAfterCancel()
    {
        JobRunner runner;
        bool delivered = false;
        QList<JobReport::State> states;
        connect(&runner, &JobRunner::jobChanged, this, [&](const JobReport& r) { states << r.state; });
        const quint64 id = runner.start(
            core::Lane::Work, QStringLiteral("long"), this,
            [](core::JobContext& job) {
                waitFor(job);
                return 1;
            },
            [&](int) { delivered = true; });
        runner.cancel(id);
        QTRY_VERIFY(!runner.busy());
        QVERIFY(!delivered);
        QCOMPARE(states.last(), JobReport::Cancelled);
    }

    void deadOwnersGetNothing()
    {
        JobRunner runner;
        auto owner = std::make_unique<QObject>();
        bool delivered = false;
        runner.start(
            core::Lane::Work, QStringLiteral("late"), owner.get(),
            [](core::JobContext&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                return 1;
            },
            [&](int) { delivered = true; });
        owner.reset();
        QTRY_VERIFY(!runner.busy());
        QVERIFY(!delivered);
    }

    void newestPreviewWins()
    {
        JobRunner runner;
        QList<int> delivered;
        for (int i = 0; i < 20; ++i) {
            runner.start(
                core::Lane::Preview, QStringLiteral("slider"), this,
                [i](core::JobContext&) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                    return i;
                },
                [&](int value) { delivered << value; });
        }
        QTRY_VERIFY(!runner.busy());
        QCOMPARE(delivered.last(), 19);
        QVERIFY(delivered.size() < 20);
    }

    void endsSoonWhileWorking()
    {
        QElapsedTimer timer;
        {
            JobRunner runner;
            runner.start(
                core::Lane::Work, QStringLiteral("long"), this,
                [](core::JobContext& job) {
                    waitFor(job);
                    return 1;
                },
                [](int) {});
            QTest::qWait(20);
            timer.start();
        }
        QVERIFY(timer.elapsed() < 3000);
    }

    void partialResultsArrive()
    {
        JobRunner runner;
        int last = 0;
        bool done = false;
        runner.start(
            core::Lane::Work, QStringLiteral("iterates"), this,
            [](core::JobContext& job) {
                for (int i = 1; i <= 30; ++i) {
                    if (job.wantsPartial()) {
                        job.publish<int>(std::make_shared<const int>(i));
                    }
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
                }
                return 0;
            },
            [&](int) { done = true; },
            [&](std::shared_ptr<const void> partial) { last = *std::static_pointer_cast<const int>(partial); });
        QTRY_VERIFY(done);
        QVERIFY(last > 1);
    }
};

QTEST_MAIN(TestJobRunner)
#include "TestJobRunner.moc"
