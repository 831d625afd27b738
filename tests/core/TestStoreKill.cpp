#include "Shared.h"
#include "StoreFixtures.h"

#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

constexpr std::size_t kRows = 6000;
constexpr int kDim = 64;

/// Counters that outlive a killed child.
struct Shared
{
    std::atomic<std::int64_t> encoded{0};
    std::atomic<std::int64_t> cached{-1};
};

class SharedMemory
{
public:
    SharedMemory()
        : m_shared(new (::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                       Shared)
    {}
    ~SharedMemory() { ::munmap(m_shared, sizeof(Shared)); }
    Shared* operator->() const { return m_shared; }

private:
    Shared* m_shared;
};

/// Embeds in a process of its own.
pid_t embedInChild(const Dataset& data, const QString& folder, double secondsEach, const SharedMemory& shared)
{
    const pid_t child = ::fork();
    if (child == 0) {
        CountingClip model(kDim);
        model.secondsEach = secondsEach;
        model.encoded = &shared->encoded;
        int status = 1;
        try {
            shared->cached = static_cast<std::int64_t>(embedPictures(data, model, storeIn(folder)).cached);
            status = 0;
        } catch (const std::exception& e) {
            qWarning("%s", e.what());
        }
        ::_exit(status);
    }
    return child;
}

int waitFor(pid_t child)
{
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::int64_t rowsStored(const QString& folder)
{
    JobContext job;
    std::int64_t rows = 0;
    for (const StoreModel& m : storeSummary(*storeIn(folder).store, job).models) {
        rows += static_cast<std::int64_t>(m.rows);
    }
    return rows;
}

} // namespace

/// Processes that die, and processes that work side by side.
class TestStoreKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!kCanFork) {
            QSKIP("processes of their own are not possible in this build");
        }
        m_data = arrayOf(kRows);
        m_expected = embedPictures(m_data, CountingClip(kDim), {true, std::nullopt}).rows;
    }

    void killedAtAnyInstant_data()
    {
        QTest::addColumn<double>("each");
        QTest::addColumn<int>("most");
        QTest::newRow("fast model") << 0.0 << 2000;
        QTest::newRow("a picture a millisecond") << 0.001 << 400;
        QTest::newRow("a picture in 15 ms") << 0.015 << 100;
    }
    void killedAtAnyInstant()
    {
        QFETCH(double, each);
        QFETCH(int, most);
        QTemporaryDir folder;
        const SharedMemory shared;
        std::mt19937 random(11);
        std::int64_t worst = 0, before = 0;
        for (int kill = 0; kill < 15 && before < std::int64_t(kRows) - 300; ++kill) {
            shared->encoded = 0;
            const pid_t child = embedInChild(m_data, folder.path(), each, shared);
            const std::int64_t until = 1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(most));
            while (shared->encoded < until && ::waitpid(child, nullptr, WNOHANG) == 0) {
                ::usleep(50);
            }
            ::usleep(random() % 3000);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            const std::int64_t after = rowsStored(folder.path());
            worst = std::max(worst, before + shared->encoded - after);
            QVERIFY(after >= before);
            before = after;
        }
        QVERIFY2(worst <= 256, qPrintable(QString::number(worst)));
        qInfo("at most %lld pictures lost by a kill", static_cast<long long>(worst));
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(folder.path()));
        QCOMPARE(static_cast<std::int64_t>(e.cached), before);
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY(e.notes.empty());
        QCOMPARE(rowsStored(folder.path()), std::int64_t(kRows));
    }

    void killedWhileItStarts()
    {
        QTemporaryDir folder;
        std::mt19937 random(5);
        for (int kill = 0; kill < 20; ++kill) {
            const SharedMemory shared;
            const pid_t child = embedInChild(m_data, folder.path(), 0, shared);
            ::usleep(random() % 12'000);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            if (kill % 5 == 4) {
                std::filesystem::remove_all(folder.path().toStdString() + "/");
                QVERIFY(QDir().mkpath(folder.path()));
            }
        }
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY(e.notes.empty());
        QVERIFY(!QFileInfo::exists(folder.filePath(QStringLiteral("embeddings-new.sqlite"))) ||
                QFileInfo::exists(folder.filePath(QStringLiteral("embeddings-1.sqlite"))));
    }

    void killedWhileItRepairs()
    {
        QTemporaryDir folder;
        (void)embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        const std::string file = storeFile(folder.path());
        std::filesystem::resize_file(file, std::filesystem::file_size(file) * 9 / 10);
        std::mt19937 random(9);
        for (int kill = 0; kill < 12; ++kill) {
            const SharedMemory shared;
            const pid_t child = embedInChild(m_data, folder.path(), 0.02, shared);
            ::usleep(2000 + random() % 15'000);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY2(e.cached > kRows / 2, qPrintable(QString::number(e.cached)));
        QCOMPARE(embedPictures(m_data, CountingClip(kDim), storeIn(folder.path())).cached, kRows);
    }

    void twoProcessesEndInTheUnion()
    {
        QTemporaryDir folder;
        const SharedMemory one, two;
        std::vector<std::uint32_t> first, second;
        for (std::uint32_t i = 0; i < kRows; ++i) {
            (i < kRows * 2 / 3 ? first : second).push_back(i);
            if (i >= kRows / 3 && i < kRows * 2 / 3) {
                second.push_back(i);
            }
        }
        const pid_t a = embedInChild(picturesOf(first), folder.path(), 0.0002, one);
        const pid_t b = embedInChild(picturesOf(second), folder.path(), 0.0002, two);
        QCOMPARE(waitFor(a), 0);
        QCOMPARE(waitFor(b), 0);
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QCOMPARE(e.cached, kRows);
        QVERIFY(e.notes.empty());
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(rowsStored(folder.path()), std::int64_t(kRows)); // none twice
    }

    void manyProcessesAtOnce()
    {
        QTemporaryDir folder;
        const SharedMemory shared;
        std::vector<pid_t> children;
        for (int i = 0; i < 6; ++i) {
            children.push_back(embedInChild(m_data, folder.path(), 0, shared));
        }
        for (const pid_t child : children) {
            QCOMPARE(waitFor(child), 0);
        }
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QCOMPARE(e.cached, kRows);
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(rowsStored(folder.path()), std::int64_t(kRows));
    }

    void lockOfADeadProcessIsNone()
    {
        QTemporaryDir folder;
        const pid_t child = ::fork();
        if (child == 0) {
            (void)::creat((folder.path().toStdString() + "/embeddings.lock").c_str(), 0600);
            ::_exit(0);
        }
        waitFor(child);
        QElapsedTimer timer;
        timer.start();
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QVERIFY(e.notes.empty());
        QVERIFY(timer.elapsed() < 10'000);
    }

private:
    Dataset picturesOf(const std::vector<std::uint32_t>& which) const { return takeSamples(m_data, which, "part"); }

    Dataset m_data;
    Matrix m_expected;
};

QTEST_GUILESS_MAIN(TestStoreKill)
#include "TestStoreKill.moc"
