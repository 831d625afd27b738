#include "Shared.h"
#include "core/job/Scheduler.h"

#include <chrono>
#include <latch>
#include <map>
#include <semaphore>

using namespace semascope::core;

namespace {

/// What the scheduler reports, collected from any thread.
class Log
{
public:
    void add(const Scheduler::Outcome& outcome)
    {
        const std::lock_guard lock(m_mutex);
        m_outcomes.push_back(outcome);
    }
    std::vector<Scheduler::Outcome> all() const
    {
        const std::lock_guard lock(m_mutex);
        return m_outcomes;
    }
    std::size_t size() const { return all().size(); }
    std::size_t dropped() const
    {
        const auto outcomes = all();
        return static_cast<std::size_t>(
            std::count_if(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.dropped; }));
    }
    bool eachOnce() const
    {
        std::map<Scheduler::JobId, int> counts;
        for (const auto& o : all()) {
            ++counts[o.id];
        }
        return std::all_of(counts.begin(), counts.end(), [](const auto& c) { return c.second == 1; });
    }

private:
    mutable std::mutex m_mutex;
    std::vector<Scheduler::Outcome> m_outcomes;
};

/// Holds a lane until it is opened.
class Gate
{
public:
    Scheduler::Request request(Log& log)
    {
        return {[this](JobContext&) {
                    m_entered.release();
                    m_open.acquire();
                },
                [&log](const Scheduler::Outcome& o) { log.add(o); },
                {},
                {},
                {}};
    }
    void waitUntilEntered() { m_entered.acquire(); }
    void open() { m_open.release(); }

private:
    std::binary_semaphore m_entered{0}, m_open{0};
};

Scheduler::Request job(
    Log& log, std::function<void(JobContext&)> run = [](JobContext&) {})
{
    return {std::move(run), [&log](const Scheduler::Outcome& o) { log.add(o); }, {}, {}, {}};
}

void untilStopped(JobContext& context)
{
    while (true) {
        context.checkpoint();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

} // namespace

class TestScheduler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workRunsInOrder()
    {
        Log log;
        std::vector<int> order;
        Scheduler scheduler;
        std::vector<Scheduler::JobId> ids;
        for (int i = 0; i < 20; ++i) {
            ids.push_back(scheduler.start(Lane::Work, job(log, [&order, i](JobContext&) { order.push_back(i); })));
        }
        QTRY_COMPARE(log.size(), std::size_t{20});
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(order[static_cast<std::size_t>(i)], i);
            QCOMPARE(log.all()[static_cast<std::size_t>(i)].id, ids[static_cast<std::size_t>(i)]);
        }
        QTRY_VERIFY(!scheduler.busy(Lane::Work));
    }

    void newestPreviewWins()
    {
        Log log;
        Gate gate;
        std::vector<int> ran;
        Scheduler scheduler;
        scheduler.start(Lane::Preview, gate.request(log));
        gate.waitUntilEntered();
        Scheduler::JobId last = 0;
        for (int i = 0; i < 10; ++i) {
            last = scheduler.start(Lane::Preview, job(log, [&ran, i](JobContext&) { ran.push_back(i); }));
            QCOMPARE(scheduler.waiting(Lane::Preview), std::size_t{1});
        }
        QCOMPARE(log.dropped(), std::size_t{9});
        gate.open();
        QTRY_COMPARE(log.size(), std::size_t{11});
        QVERIFY(ran == std::vector<int>{9});
        QCOMPARE(log.all().back().id, last);
        QVERIFY(log.eachOnce());
    }

    void lanesDoNotWaitForEachOther()
    {
        Log log;
        Gate gate;
        Scheduler scheduler;
        scheduler.start(Lane::Work, gate.request(log));
        gate.waitUntilEntered();
        scheduler.start(Lane::Preview, job(log));
        QTRY_COMPARE(log.size(), std::size_t{1});
        QVERIFY(scheduler.busy(Lane::Work));
        gate.open();
        QTRY_COMPARE(log.size(), std::size_t{2});
    }

    void cancelWaiting()
    {
        Log log;
        Gate gate;
        bool ran = false;
        Scheduler scheduler;
        scheduler.start(Lane::Work, gate.request(log));
        gate.waitUntilEntered();
        const auto id = scheduler.start(Lane::Work, job(log, [&ran](JobContext&) { ran = true; }));
        scheduler.cancel(id);
        QCOMPARE(log.size(), std::size_t{1});
        QVERIFY(log.all().front().dropped && log.all().front().id == id);
        scheduler.cancel(id);
        scheduler.cancel(987'654);
        gate.open();
        QTRY_COMPARE(log.size(), std::size_t{2});
        QVERIFY(!ran && log.eachOnce());
    }

    void cancelRunning()
    {
        Log log;
        std::latch started(1);
        Scheduler scheduler;
        const auto id = scheduler.start(Lane::Work, job(log, [&started](JobContext& context) {
                                            started.count_down();
                                            untilStopped(context);
                                        }));
        started.wait();
        scheduler.cancel(id);
        QTRY_COMPARE(log.size(), std::size_t{1});
        const Scheduler::Outcome outcome = log.all().front();
        QVERIFY(!outcome.dropped && outcome.error && outcome.error->code() == Code::Cancelled);
        scheduler.start(Lane::Work, job(log, [](JobContext& context) { context.checkpoint(); }));
        QTRY_COMPARE(log.size(), std::size_t{2});
        QVERIFY2(!log.all().back().error, "the next job inherited the stop");
    }

    void destructionStopsAndDrops()
    {
        Log log;
        {
            Scheduler scheduler;
            for (const Lane lane : {Lane::Work, Lane::Preview}) {
                std::latch started(1);
                scheduler.start(lane, job(log, [&started](JobContext& context) {
                                    started.count_down();
                                    untilStopped(context);
                                }));
                started.wait();
            }
            for (int i = 0; i < 5; ++i) {
                scheduler.start(Lane::Work, job(log));
            }
        }
        QCOMPARE(log.size(), std::size_t{7});
        QCOMPARE(log.dropped(), std::size_t{5});
        QVERIFY(log.eachOnce());
    }

    void exceptionsBecomeErrors()
    {
        Log log;
        Scheduler scheduler;
        scheduler.start(Lane::Work, job(log, [](JobContext&) { throw std::bad_alloc(); }));
        scheduler.start(Lane::Work, job(log, [](JobContext&) { throw Error(Code::Mismatch, "rows"); }));
        scheduler.start(Lane::Work, job(log, [](JobContext&) { throw std::string("odd"); }));
        scheduler.start(Lane::Work, job(log));
        QTRY_COMPARE(log.size(), std::size_t{4});
        QCOMPARE(log.all()[0].error->code(), Code::OutOfMemory);
        QCOMPARE(log.all()[1].error->code(), Code::Mismatch);
        QCOMPARE(log.all()[1].error->what(), "rows");
        QCOMPARE(log.all()[2].error->code(), Code::ModelFailed);
        QVERIFY(!log.all()[3].error);
    }

    void progressAndPartialsArrive()
    {
        Log log;
        std::atomic<int> reports = 0, partials = 0;
        Scheduler scheduler;
        Scheduler::Request request = job(log, [](JobContext& context) {
            context.progress("counting", "things", 1, 1);
            context.publish(std::make_shared<const int>(5));
        });
        request.progress = [&](const Progress& p) { reports += static_cast<int>(p.done); };
        request.partial = [&](const std::shared_ptr<const void>& p) {
            partials += *std::static_pointer_cast<const int>(p);
        };
        scheduler.start(Lane::Work, std::move(request));
        QTRY_COMPARE(log.size(), std::size_t{1});
        QCOMPARE(reports.load(), 1);
        QCOMPARE(partials.load(), 5);
    }

    void manyStartsAndCancels()
    {
        Log log;
        std::size_t started = 0;
        {
            Scheduler scheduler;
            std::uint32_t state = 1;
            Scheduler::JobId last = 0;
            for (; started < 2000; ++started) {
                state = state * 1'664'525u + 1'013'904'223u;
                const Lane lane = (state >> 16) % 2 == 0 ? Lane::Work : Lane::Preview;
                const Scheduler::JobId id = scheduler.start(lane, job(log));
                if ((state >> 20) % 3 == 0) {
                    scheduler.cancel((state >> 24) % 2 == 0 ? id : last);
                }
                if (started % 500 == 499) {
                    scheduler.cancelAll();
                }
                last = id;
            }
        }
        QCOMPARE(log.size(), started);
        QVERIFY(log.eachOnce());
    }
};

QTEST_GUILESS_MAIN(TestScheduler)
#include "TestScheduler.moc"
