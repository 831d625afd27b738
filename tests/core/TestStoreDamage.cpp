#include "Shared.h"
#include "StoreFixtures.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

using namespace semascope::core;
using namespace fixtures;

namespace {

constexpr std::size_t kRows = 1500;
constexpr int kDim = 192;

std::string contents(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void replaceContents(const std::string& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Runs SQL on a store behind its back.
void tamper(const std::string& path, const char* sql)
{
    sqlite3* db = nullptr;
    const bool done =
        sqlite3_open(path.c_str(), &db) == SQLITE_OK && sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    const std::string why = sqlite3_errmsg(db);
    sqlite3_close(db);
    if (!done) {
        throw std::runtime_error(why);
    }
}

std::int64_t valueOf(const std::string& path, const char* sql)
{
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_prepare_v2(db, sql, -1, &statement, nullptr);
    const std::int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

} // namespace

/// Whatever happens to the store's file: never a wrong vector, and what can be read is not computed again.
class TestStoreDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_data = arrayOf(kRows);
        const CountingClip model(kDim);
        m_expected = embedPictures(m_data, model, {true, std::nullopt}).rows;
        QTemporaryDir folder;
        (void)embedPictures(m_data, model, storeIn(folder.path()));
        QCOMPARE(std::filesystem::path(storeFile(folder.path())).filename().string(),
                 std::string("embeddings-1.sqlite"));
        m_sound = contents(storeFile(folder.path()));
        QVERIFY(m_sound.size() > 1'000'000);
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_file = m_folder->path().toStdString() + "/embeddings-1.sqlite";
        replaceContents(m_file, m_sound);
    }

    void oneByteFlippedAnywhere()
    {
        const CountingClip model(kDim);
        std::size_t least = kRows;
        int salvaged = 0;
        std::mt19937 random(3);
        const std::size_t step = m_sound.size() / 60;
        for (std::size_t at = 0; at < m_sound.size(); at += at < 100 ? 5 : step / 2 + random() % step) {
            init();
            std::string bytes = m_sound;
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
            replaceContents(m_file, bytes);
            const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
            QVERIFY2(difference(e.rows, m_expected) == 0.0, qPrintable(QStringLiteral("byte %1").arg(at)));
            least = at < 16384 ? least : std::min(least, e.cached); // without the first page there are no tables
            salvaged += mentions(e.notes, "rows were saved") ? 1 : 0;
            if (mentions(e.notes, "newer Semascope")) {
                continue; // the version is what was hit: such a file is left alone
            }
            const Embedding again = embedPictures(m_data, model, storeIn(m_folder->path()));
            QVERIFY2(again.cached == kRows && again.notes.empty(),
                     qPrintable(QStringLiteral("byte %1: %2 cached, %3")
                                    .arg(at)
                                    .arg(again.cached)
                                    .arg(QString::fromStdString(again.notes.empty() ? "" : again.notes[0]))));
        }
        QVERIFY(salvaged > 0);
        QVERIFY2(least >= kRows / 2, qPrintable(QString::number(least)));
    }

    void oneByteFlippedInEveryChunk()
    {
        const auto chunks = valueOf(m_file, "SELECT count(*) FROM vectors");
        QVERIFY(chunks > 10);
        tamper(m_file, "UPDATE vectors SET rows = CAST(substr(rows, 1, 100) || char(7) || substr(rows, 102) AS BLOB) "
                       "WHERE id % 2 = 1");
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY2(e.cached > kRows / 3 && e.cached < 2 * kRows / 3, qPrintable(QString::number(e.cached)));
        QCOMPARE(e.notes.size(), std::size_t(1));
        QVERIFY(mentions(e.notes, "were damaged; they were computed again"));
        QCOMPARE(embedPictures(m_data, model, storeIn(m_folder->path())).cached, kRows);
        QCOMPARE(valueOf(m_file, "SELECT sum(length(keys)) / 16 FROM vectors"), std::int64_t(kRows));
    }

    void cutShort()
    {
        const CountingClip model(kDim);
        for (int percent = 0; percent < 100; percent += 7) {
            init();
            const std::size_t left = m_sound.size() * static_cast<std::size_t>(percent) / 100;
            replaceContents(m_file, m_sound.substr(0, left));
            const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
            QCOMPARE(difference(e.rows, m_expected), 0.0);
            QCOMPARE(e.notes.size(), std::size_t(1));
            if (percent >= 50) {
                QVERIFY2(e.cached > kRows / 5, qPrintable(QStringLiteral("%1 %: %2").arg(percent).arg(e.cached)));
            }
            QCOMPARE(embedPictures(m_data, model, storeIn(m_folder->path())).cached, kRows);
        }
    }

    void overwrittenInTheMiddle()
    {
        std::string bytes = m_sound;
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), 200'000, '\xff');
        replaceContents(m_file, bytes);
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY2(e.cached > kRows / 3, qPrintable(QString::number(e.cached)));
    }

    void filesOfOthersAreLeftAlone_data()
    {
        QTest::addColumn<bool>("database");
        QTest::newRow("text") << false;
        QTest::newRow("another program's database") << true;
    }
    void filesOfOthersAreLeftAlone()
    {
        QFETCH(bool, database);
        std::filesystem::remove(m_file);
        if (database) {
            tamper(m_file, "PRAGMA application_id=77; CREATE TABLE chunks (a); INSERT INTO chunks VALUES (1)");
        } else {
            replaceContents(m_file, "dear diary");
        }
        replaceContents(m_folder->path().toStdString() + "/notes.txt", "mine");
        const std::string before = contents(m_file);
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY(mentions(e.notes, "left alone"));
        const Embedding again = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(again.cached, kRows);
        QVERIFY(again.notes.empty());
        QCOMPARE(contents(m_file), before);
        QCOMPARE(contents(m_folder->path().toStdString() + "/notes.txt"), std::string("mine"));
    }

    void otherTables()
    {
        tamper(m_file, "ALTER TABLE vectors RENAME COLUMN rows TO values_");
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(e.cached, std::size_t(0));
        QCOMPARE(embedPictures(m_data, model, storeIn(m_folder->path())).cached, kRows);
    }

    void newerVersionIsNotTouched()
    {
        tamper(m_file, "PRAGMA user_version=99");
        const std::string before = contents(m_file);
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(e.cached, std::size_t(0));
        QVERIFY(mentions(e.notes, "newer Semascope"));
        QCOMPARE(contents(m_file), before);
    }

    void rowsUnderAnotherModelsNameAreFound()
    {
        CountingClip other(kDim);
        other.hash = "weights-2";
        (void)embedPictures(arrayOf(10), other, storeIn(m_folder->path())); // its name is in `spaces` now
        tamper(m_file, "UPDATE chunks SET space=(SELECT space FROM chunks ORDER BY id DESC LIMIT 1)");
        const Embedding e = embedPictures(m_data, other, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(e.cached, std::size_t(10));
        tamper(m_file, "UPDATE vectors SET space=(SELECT space FROM chunks ORDER BY id DESC LIMIT 1)");
        QCOMPARE(difference(embedPictures(m_data, other, storeIn(m_folder->path())).rows, m_expected), 0.0);
    }

    void swappedKeysAreFound()
    {
        // the index says that every row is the next one
        tamper(m_file, "UPDATE chunks SET keys = CAST(substr(keys, 17) || substr(keys, 1, 16) AS BLOB)");
        const CountingClip model(kDim);
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QCOMPARE(e.cached, std::size_t(0));
    }

    void interruptedRepairGoesOn()
    {
        // a kill after the new file was made: the old one is still there
        const CountingClip model(kDim);
        {
            QTemporaryDir elsewhere;
            (void)embedPictures(arrayOf(100), model, storeIn(elsewhere.path()));
            std::filesystem::copy(storeFile(elsewhere.path()), m_folder->path().toStdString() + "/embeddings-2.sqlite");
        }
        const Embedding e = embedPictures(m_data, model, storeIn(m_folder->path()));
        QCOMPARE(e.cached, kRows);
        QCOMPARE(difference(e.rows, m_expected), 0.0);
        QVERIFY(!std::filesystem::exists(m_file));
    }

    void verifyRemovesWhatIsDamaged()
    {
        tamper(m_file, "UPDATE vectors SET checksum=zeroblob(16) WHERE id=(SELECT min(id) FROM vectors)");
        JobContext job;
        const StoreSpec spec = *storeIn(m_folder->path()).store;
        const StoreCheck check = verifyStore(spec, job);
        QVERIFY(check.damagedRows > 0 && check.damagedRows < 200);
        QCOMPARE(check.rows + check.damagedRows, kRows);
        QVERIFY(!check.rebuilt);
        QCOMPARE(verifyStore(spec, job).damagedRows, std::size_t(0));
        replaceContents(m_file, m_sound.substr(0, m_sound.size() - 100'000));
        const StoreCheck cut = verifyStore(spec, job);
        QVERIFY(cut.rows > 0 && cut.rows < kRows);
        QVERIFY(!cut.notes.empty());
    }

    void damagedWhileItIsUsed()
    {
        const CountingClip whole(kDim);
        CountingClip model(kDim);
        const Dataset more = arrayOf(4000);
        bool done = false;
        model.before = [&] {
            if (!done && *model.encoded > 1200) {
                done = true;
                const int fd = ::open(m_file.c_str(), O_RDWR);
                const std::string noise(static_cast<std::size_t>(std::filesystem::file_size(m_file)) - 100, '\x5a');
                QCOMPARE(::pwrite(fd, noise.data(), noise.size(), 100), static_cast<ssize_t>(noise.size()));
                ::close(fd);
            }
        };
        const Embedding e = embedPictures(more, model, storeIn(m_folder->path()));
        const Matrix expected = embedPictures(more, whole, {true, std::nullopt}).rows;
        QCOMPARE(difference(e.rows, expected), 0.0);
        QCOMPARE(difference(embedPictures(more, whole, storeIn(m_folder->path())).rows, expected), 0.0);
        QCOMPARE(embedPictures(more, whole, storeIn(m_folder->path())).cached, std::size_t(4000));
    }

private:
    Dataset m_data;
    Matrix m_expected;
    std::string m_sound, m_file;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestStoreDamage)
#include "TestStoreDamage.moc"
