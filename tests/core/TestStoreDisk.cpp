#include "Shared.h"
#include "StoreFixtures.h"

#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

constexpr std::size_t kRows = 3000;
constexpr int kDim = 256; ///< 3 MB of rows

constexpr int kSkipped = 77;

/// Runs `body` in a process of its own; its return value is the exit status.
template<class Body> int inChild(Body body)
{
    const pid_t child = ::fork();
    if (child == 0) {
        int status = 99;
        try {
            status = body();
        } catch (const std::exception& e) {
            qWarning("%s", e.what());
        }
        ::_exit(status);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void writeText(const char* path, const std::string& text)
{
    const int fd = ::open(path, O_WRONLY);
    (void)!::write(fd, text.data(), text.size());
    ::close(fd);
}

/// Mounts of our own, without being root; false where that is not allowed.
bool ownMounts()
{
    const auto uid = ::getuid(), gid = ::getgid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
        return false;
    }
    writeText("/proc/self/setgroups", "deny");
    writeText("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
    writeText("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

} // namespace

/// Disks that are full, read-only, slow or gone: the job ends well and says it once.
class TestStoreDisk : public QObject
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

    void fileSizeLimit()
    {
        QTemporaryDir folder;
        const int status = inChild([&] {
            std::signal(SIGXFSZ, SIG_IGN); // as the program does
            const rlimit limit{1'000'000, 1'000'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            return oneNote(embedPictures(m_data, CountingClip(kDim), storeIn(folder.path())), "cannot be written");
        });
        QCOMPARE(status, 0);
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QVERIFY2(e.cached > 0 && e.cached < kRows, qPrintable(QString::number(e.cached)));
        QVERIFY(e.notes.empty());
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(embedPictures(m_data, CountingClip(kDim), storeIn(folder.path())).cached, kRows);
    }

    void fullDisk_data()
    {
        QTest::addColumn<QByteArray>("size");
        for (const char* size : {"4k", "40k", "200k", "1m", "2m"}) {
            QTest::newRow(size) << QByteArray("size=") + size;
        }
    }
    void fullDisk()
    {
        QFETCH(QByteArray, size);
        QTemporaryDir folder;
        const std::string mountPoint = folder.path().toStdString();
        const int status = inChild([&] {
            if (!ownMounts() || ::mount("tmpfs", mountPoint.c_str(), "tmpfs", 0, size.constData()) != 0) {
                return kSkipped;
            }
            EmbedOptions options = storeIn(folder.path());
            options.store->maxBytes = 1'000'000'000; // or the limit would come first
            const int first = oneNote(embedPictures(m_data, CountingClip(kDim), options), "cannot be ");
            // space comes back
            ::mount("tmpfs", mountPoint.c_str(), "tmpfs", MS_REMOUNT, "size=50m");
            const Embedding again = embedPictures(m_data, CountingClip(kDim), options);
            const Embedding third = embedPictures(m_data, CountingClip(kDim), options);
            const bool right = difference(again.rows, m_expected) == 0.0 && again.notes.empty() &&
                               difference(third.rows, m_expected) == 0.0 && third.cached == kRows;
            return first != 0 ? first : right ? 0 : 3;
        });
        if (status == kSkipped) {
            QSKIP("mounting is not permitted here");
        }
        QCOMPARE(status, 0);
    }

    void readOnlyFolder_data()
    {
        QTest::addColumn<bool>("filled");
        QTest::newRow("with rows") << true;
        QTest::newRow("empty") << false;
    }
    void readOnlyFolder()
    {
        QFETCH(bool, filled);
        QTemporaryDir folder;
        if (filled) {
            (void)embedPictures(arrayOf(1000), CountingClip(kDim), storeIn(folder.path()));
        }
        const std::string path = folder.path().toStdString();
        const int status = inChild([&] {
            if (!ownMounts() || ::mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
                ::mount(nullptr, path.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
                return kSkipped;
            }
            const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
            return e.cached == (filled ? 1000 : 0) ? oneNote(e, filled ? "can only be read" : "cannot be used") : 5;
        });
        if (status == kSkipped) {
            QSKIP("mounting is not permitted here");
        }
        QCOMPARE(status, 0);
    }

    void folderThatCannotBeMade()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("a file"));
        QFile(file).open(QIODevice::WriteOnly);
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(file + QStringLiteral("/cache")));
        QCOMPARE(oneNote(e, "cannot be used"), 0);
    }

    void oddNames()
    {
        QTemporaryDir folder;
        const QString odd = folder.filePath(QString::fromUtf8("ein Ordner/mit “Ümlaut”, 100% ?#"));
        (void)embedPictures(m_data, CountingClip(kDim), storeIn(odd));
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(odd));
        QCOMPARE(e.cached, kRows);
        QVERIFY(e.notes.empty());
    }

    void deletedWhileItIsUsed()
    {
        QTemporaryDir folder;
        CountingClip model(kDim);
        bool done = false;
        model.before = [&] {
            if (!done && *model.encoded > 1500) {
                done = true;
                std::filesystem::remove_all(folder.path().toStdString());
            }
        };
        const Embedding e = embedPictures(m_data, model, storeIn(folder.path()));
        QCOMPARE(oneNote(e, "was deleted while it was in use"), 0);
        const Embedding again = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QCOMPARE(difference(again.rows, m_expected), 0.0);
        QVERIFY(again.cached > 1000);
    }

    void clearedWhileItIsUsed()
    {
        QTemporaryDir folder;
        CountingClip model(kDim);
        bool done = false;
        model.before = [&] {
            if (!done && *model.encoded > 1500) {
                done = true;
                JobContext job;
                (void)clearStore(*storeIn(folder.path()).store, job);
            }
        };
        QCOMPARE(oneNote(embedPictures(m_data, model, storeIn(folder.path())), "was deleted"), 0);
    }

    void rollbackJournal()
    {
        QTemporaryDir folder;
        EmbedOptions options = storeIn(folder.path());
        options.store->journal = StoreSpec::Journal::Rollback;
        QVERIFY(embedPictures(m_data, CountingClip(kDim), options).notes.empty());
        QVERIFY(!QFileInfo::exists(folder.filePath(QStringLiteral("embeddings-1.sqlite-wal"))));
        QCOMPARE(embedPictures(m_data, CountingClip(kDim), options).cached, kRows);
        // a store that was carried from one kind of disk to the other
        options.store->journal = StoreSpec::Journal::WriteAhead;
        QCOMPARE(embedPictures(m_data, CountingClip(kDim), options).cached, kRows);
    }

    void logThatWasCut()
    {
        // a power cut: the newest of the log is missing
        QTemporaryDir folder;
        CountingClip model(kDim);
        const pid_t child = ::fork();
        if (child == 0) {
            model.before = [&] {
                if (*model.encoded > 2000) {
                    ::usleep(200'000);
                    ::kill(::getpid(), SIGKILL);
                }
            };
            (void)embedPictures(m_data, model, storeIn(folder.path()));
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        const std::string log = storeFile(folder.path()) + "-wal";
        QVERIFY(std::filesystem::file_size(log) > 100'000);
        std::filesystem::resize_file(log, std::filesystem::file_size(log) / 2);
        const Embedding e = embedPictures(m_data, CountingClip(kDim), storeIn(folder.path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY(e.notes.empty());
        QVERIFY(e.cached > 500);
    }

private:
    /// 0 when the rows are right and there is one note that says so.
    int oneNote(const Embedding& e, const std::string& text) const
    {
        if (difference(e.rows, m_expected) != 0.0) {
            return 1;
        }
        if (e.notes.size() == 1 && mentions(e.notes, text)) {
            return 0;
        }
        for (const std::string& note : e.notes) {
            qWarning("%s", note.c_str());
        }
        return 2;
    }

    Dataset m_data;
    Matrix m_expected;
};

QTEST_GUILESS_MAIN(TestStoreDisk)
#include "TestStoreDisk.moc"
