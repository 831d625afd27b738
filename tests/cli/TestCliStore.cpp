#include "Shared.h"
#include "cli/Program.h"

#include <QJsonArray>
#include <QTemporaryDir>

namespace {

double difference(const semascope::core::Matrix& a, const semascope::core::Matrix& b)
{
    double largest = a.rows() == b.rows() && a.cols() == b.cols() ? 0 : INFINITY;
    for (std::size_t i = 0; std::isfinite(largest) && i < a.rows() * a.cols(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(a.data()[i]) - b.data()[i]));
    }
    return largest;
}

} // namespace

/// The embedding store as the command line shows it.
class TestCliStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void secondRunIsCached()
    {
        const ProgramRun first = embed("a.npy");
        QVERIFY2(first.exitCode == 0, first.report().constData());
        QCOMPARE(number(first, "cached"), 0);
        const ProgramRun second = embed("b.npy");
        QCOMPARE(number(second, "cached"), 240);
        QCOMPARE(number(second, "rows"), 240);
        const ProgramRun none = embed("c.npy", {QStringLiteral("--no-cache")});
        QCOMPARE(number(none, "cached"), 0);
        const auto a = readMatrix(path("a.npy"));
        QCOMPARE(a.rows(), std::size_t(240));
        QCOMPARE(difference(a, readMatrix(path("b.npy"))), 0.0);
        QVERIFY(difference(a, readMatrix(path("c.npy"))) < 1e-5);
    }

    void captionsAreCached()
    {
        const QStringList text{QStringLiteral("--what"), QStringLiteral("text")};
        const ProgramRun first = embed("a.npy", text), second = embed("b.npy", text);
        QCOMPARE(number(first, "cached"), 0);
        QCOMPARE(number(second, "cached"), number(second, "rows"));
        QCOMPARE(difference(readMatrix(path("a.npy")), readMatrix(path("b.npy"))), 0.0);
    }

    void showVerifyClear()
    {
        const ProgramRun before = store({QStringLiteral("show")});
        QCOMPARE(before.exitCode, 0);
        QCOMPARE(number(before, "rows"), 0);
        QVERIFY(embed("a.npy").exitCode == 0);
        const ProgramRun show = store({QStringLiteral("show")});
        QCOMPARE(number(show, "rows"), 240);
        QCOMPARE(show.json[QLatin1String("models")].toArray().size(), 1);
        QVERIFY(number(show, "bytes") > 0 && show.json[QLatin1String("limit")].toDouble() > 0);
        const ProgramRun verify = store({QStringLiteral("verify")});
        QCOMPARE(number(verify, "rows"), 240);
        QCOMPARE(number(verify, "damaged"), 0);
        const ProgramRun clear = store({QStringLiteral("clear")});
        QCOMPARE(clear.exitCode, 0);
        QCOMPARE(number(clear, "rows"), 240);
        QCOMPARE(clear.json[QLatin1String("files")].toArray().size(), 1);
        QCOMPARE(number(embed("b.npy"), "cached"), 0);
    }

    void limit()
    {
        const ProgramRun set = store({QStringLiteral("show"), QStringLiteral("--max-size"), QStringLiteral("1.5 GB")});
        QVERIFY2(set.exitCode == 0, set.report().constData());
        QCOMPARE(set.json[QLatin1String("limit")].toDouble(), 1.5e9);
        QCOMPARE(set.json[QLatin1String("limit_chosen")].toBool(), true);
        for (const char* wrong : {"1", "much", "-3GB", "1e30 GB", ""}) {
            QCOMPARE(store({QStringLiteral("show"), QStringLiteral("--max-size"), QString::fromLatin1(wrong)}).exitCode,
                     2);
        }
        QCOMPARE(store({QStringLiteral("burn")}).exitCode, 2);
        QCOMPARE(store({}).exitCode, 2);
        const ProgramRun back =
            store({QStringLiteral("show"), QStringLiteral("--max-size"), QStringLiteral("default")});
        QCOMPARE(back.json[QLatin1String("limit_chosen")].toBool(), false);
    }

    void aDamagedStoreIsOneSentence()
    {
        QVERIFY(embed("a.npy").exitCode == 0);
        QFile file(path("cache/embeddings-1.sqlite"));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.resize(file.size() / 2));
        file.close();
        const ProgramRun run = embed("b.npy");
        QVERIFY2(run.exitCode == 0, run.report().constData());
        QCOMPARE(run.json[QLatin1String("notes")].toArray().size(), 1);
        QVERIFY2(run.err.contains("was damaged"), run.report().constData());
        QVERIFY(difference(readMatrix(path("a.npy")), readMatrix(path("b.npy"))) < 1e-5);
        QCOMPARE(number(embed("c.npy"), "cached"), 240);
    }

private:
    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    QStringList cache() const { return {QStringLiteral("--cache-dir"), path("cache")}; }
    ProgramRun embed(const char* out, const QStringList& more = {}) const
    {
        return runJson(QStringList{QStringLiteral("embed"), QStringLiteral("--model"), QStringLiteral("demo"),
                                   QStringLiteral("--data"), QStringLiteral("demo"), QStringLiteral("--out"),
                                   path(out)} +
                       cache() + more);
    }
    ProgramRun store(const QStringList& words) const
    {
        return runJson(QStringList{QStringLiteral("store")} + words + cache());
    }
    static int number(const ProgramRun& run, const char* key) { return run.json[QLatin1String(key)].toInt(-1); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestCliStore)
#include "TestCliStore.moc"
