#include "Shared.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"
#include "core/job/Parallel.h"

#include <chrono>
#include <new>
#include <set>
#include <thread>

using namespace semascope::core;

namespace {

void pause(int milliseconds)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

Error caught(const std::function<void()>& body)
{
    try {
        body();
    } catch (...) {
        return errorFromCurrentException("The test");
    }
    return Error(Code::Misuse, "nothing was thrown");
}

} // namespace

class TestJob : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setThreadCount(0); }

    void checkpointThrowsOnceStopped()
    {
        std::stop_source stop;
        JobContext job(stop.get_token());
        job.checkpoint();
        QVERIFY(!job.stopRequested());
        stop.request_stop();
        QCOMPARE(caught([&] { job.checkpoint(); }).code(), Code::Cancelled);
        JobContext never;
        never.checkpoint();
    }

    void progressIsLimited()
    {
        JobContext job;
        std::vector<Progress> reports;
        job.onProgress = [&](const Progress& p) { reports.push_back(p); };
        for (std::size_t i = 0; i < 10'000; ++i) {
            job.progress("counting", "things", i, 10'000);
        }
        job.progress("counting", "things", 10'000, 10'000);
        QVERIFY(reports.size() >= 2 && reports.size() < 100);
        QCOMPARE(reports.front().done, std::size_t{0});
        QCOMPARE(reports.back().done, std::size_t{10'000});
        job.progress("writing", "files", 1, 0);
        QCOMPARE(reports.back().stage, std::string("writing"));
        QVERIFY(reports.back().secondsLeft < 0);
    }

    void progressTellsRateAndTimeLeft()
    {
        JobContext job;
        Progress last;
        job.onProgress = [&](const Progress& p) { last = p; };
        job.progress("counting", "things", 100, 1000);
        QCOMPARE(last.perSecond, 0.0);
        pause(600);
        job.progress("counting", "things", 400, 1000);
        // 300 things took 0.6 s or a little longer; what was done before does not count.
        QVERIFY2(last.perSecond > 100 && last.perSecond <= 500, qPrintable(QString::number(last.perSecond)));
        QVERIFY(last.secondsLeft >= 1.2 && last.secondsLeft < 6);
        QVERIFY(std::abs(last.secondsLeft * last.perSecond - 600) < 1e-6);
    }

    void progressFromManyThreads()
    {
        JobContext job;
        std::atomic<int> reports = 0;
        job.onProgress = [&](const Progress&) { ++reports; };
        setThreadCount(4);
        std::atomic<std::size_t> done = 0;
        parallelFor(10'000, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                job.progress("counting", "things", ++done, 10'000);
            }
        });
        QVERIFY(reports >= 1 && reports < 100);
    }

    void partialsAreLimitedAndOnlyForListeners()
    {
        JobContext job;
        QVERIFY(!job.wantsPartial());
        std::shared_ptr<const void> received;
        job.onPartial = [&](std::shared_ptr<const void> p) { received = std::move(p); };
        QVERIFY(job.wantsPartial());
        QVERIFY(!job.wantsPartial());
        pause(130);
        QVERIFY(job.wantsPartial());
        job.publish(std::make_shared<const int>(7));
        QCOMPARE(*std::static_pointer_cast<const int>(received), 7);
        JobContext deaf;
        deaf.publish(std::make_shared<const int>(7));
    }

    void foreignExceptionsBecomeErrors()
    {
        QCOMPARE(caught([] { throw std::bad_alloc(); }).code(), Code::OutOfMemory);
        QCOMPARE(caught([] { throw 3; }).code(), Code::ModelFailed);
        QCOMPARE(caught([] { throw Error(Code::Io, "disk"); }).code(), Code::Io);
        const Error e = caught([] { throw std::runtime_error("first\nsecond\nthird"); });
        QVERIFY(QByteArray(e.what()).contains("The test") && QByteArray(e.what()).contains("first"));
        QVERIFY2(!QByteArray(e.what()).contains("second"), "a backtrace is not for people");
        QCOMPARE(codeName(Code::BadFormat), "bad_format");
        QCOMPARE(codeName(Code::Cancelled), "cancelled");
    }

    void parallelForCoversEveryIndexOnce_data()
    {
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("grain");
        for (const int threads : {1, 2, 5}) {
            for (const int n : {0, 1, 2, 7, 1000, 4097}) {
                for (const int grain : {0, 1, 16, 5000}) {
                    QTest::addRow("%d threads, %d of grain %d", threads, n, grain) << threads << n << grain;
                }
            }
        }
    }
    void parallelForCoversEveryIndexOnce()
    {
        QFETCH(int, threads);
        QFETCH(int, n);
        QFETCH(int, grain);
        setThreadCount(threads);
        std::vector<std::atomic<int>> seen(static_cast<std::size_t>(n));
        std::atomic<bool> small = false;
        parallelFor(seen.size(), static_cast<std::size_t>(grain), [&](std::size_t begin, std::size_t end) {
            small = small || (end - begin < static_cast<std::size_t>(grain) && end != seen.size());
            for (std::size_t i = begin; i < end; ++i) {
                ++seen[i];
            }
        });
        QVERIFY(std::all_of(seen.begin(), seen.end(), [](const std::atomic<int>& s) { return s == 1; }));
        QVERIFY2(!small, "a chunk was smaller than the grain");
    }

    void chunkBordersDoNotVary()
    {
        setThreadCount(3);
        const auto borders = [] {
            std::set<std::size_t> begins;
            std::mutex mutex;
            parallelFor(5000, 10, [&](std::size_t begin, std::size_t) {
                const std::lock_guard lock(mutex);
                begins.insert(begin);
            });
            return begins;
        };
        QVERIFY(borders() == borders());
    }

    void parallelForRethrowsAfterAllHaveEnded()
    {
        setThreadCount(4);
        std::atomic<int> running = 0;
        const Error e = caught([&] {
            parallelFor(1000, 1, [&](std::size_t begin, std::size_t) {
                ++running;
                pause(1);
                --running;
                if (begin == 0) {
                    throw Error(Code::BadFormat, "row 0");
                }
            });
        });
        QCOMPARE(e.code(), Code::BadFormat);
        QCOMPARE(running.load(), 0);
    }

    void threadCountHasADefault()
    {
        QVERIFY(threadCount() >= 1);
        setThreadCount(3);
        QCOMPARE(threadCount(), 3);
    }
};

QTEST_GUILESS_MAIN(TestJob)
#include "TestJob.moc"
