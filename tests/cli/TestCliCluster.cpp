#include "Shared.h"
#include "cli/Program.h"
#include "core/data/Arrays.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>
#include <random>

using semascope::core::Matrix;

namespace {

constexpr std::size_t kRows = 240, kColumns = 12, kGroups = 4;

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Keys of `expected` that `json` lacks.
QString missingKeys(const QJsonObject& json, const char* expected)
{
    QStringList missing;
    for (const QString& key : QString::fromUtf8(expected).split(QLatin1Char(' '))) {
        if (!json.contains(key)) {
            missing << key;
        }
    }
    return missing.join(QLatin1Char(' '));
}

double number(const QJsonObject& json, const char* key)
{
    return json[QLatin1String(key)].toDouble(NAN);
}

} // namespace

#define REQUIRE_EXIT(run, code) QVERIFY2((run).exitCode == (code), (run).report().constData())
#define REQUIRE_KEYS(json, keys) QVERIFY2(missingKeys(json, keys).isEmpty(), qPrintable(missingKeys(json, keys)))

/// semascope cluster and its kin, with the real executable.
class TestCliCluster : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    /// Words split at blanks; @name is a scratch file.
    QStringList words(const char* text) const
    {
        QStringList all = QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (QString& word : all) {
            if (word.startsWith(QLatin1Char('@'))) {
                word = m_folder.filePath(word.mid(1));
            }
        }
        return all;
    }
    ProgramRun cluster(const char* text) const { return runJson(QStringList{QStringLiteral("cluster")} + words(text)); }
    void writeBlobs(const char* name, unsigned seed, bool broken) const
    {
        std::mt19937 fixed(7), random(seed);
        std::normal_distribution<float> normal;
        std::vector<float> centres(kGroups * kColumns), values(kRows * kColumns);
        std::generate(centres.begin(), centres.end(), [&] { return 3 * normal(fixed); });
        for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] = centres[i / kColumns % kGroups * kColumns + i % kColumns] + 0.5F * normal(random);
        }
        values[5 * kColumns] = broken ? NAN : values[5 * kColumns];
        semascope::core::writeNpy(path(name).toStdString(), values.data(), {kRows, kColumns});
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        writeBlobs("x.npy", 1, false);
        writeBlobs("new.npy", 2, true);
        std::vector<std::int32_t> labels(kRows);
        for (std::size_t i = 0; i < kRows; ++i) {
            labels[i] = i < 3 ? -1 : static_cast<std::int32_t>(i % kGroups);
        }
        semascope::core::writeNpy(path("y.npy").toStdString(), labels);
    }

    void kmeans()
    {
        const ProgramRun run = cluster("--method kmeans --k 4 --in @x.npy --labels @y.npy --out @c.npy "
                                       "--out-centroids @m.npy --out-confidence @f.npy --set n_init=3");
        REQUIRE_EXIT(run, 0);
        REQUIRE_KEYS(run.json, "k sizes seconds ami ari fmi nmi acc silhouette inertia rows labelled warnings notes "
                               "confidence silhouette_distance");
        QCOMPARE(number(run.json, "ari"), 1.0);
        QCOMPARE(number(run.json, "labelled"), double(kRows - 3));
        QCOMPARE(run.json[QLatin1String("rows")].toString(), QStringLiteral("clustered"));
        QCOMPARE(readMatrix(path("m.npy")).rows(), kGroups);
        const Matrix confidence = readMatrix(path("f.npy"));
        QCOMPARE(confidence.rows(), kRows);
        for (std::size_t i = 0; i < kRows; ++i) {
            QVERIFY(confidence.at(i, 0) > 0.2F && confidence.at(i, 0) <= 1);
        }
    }

    void sweep()
    {
        const ProgramRun run = cluster("--method kmeans --sweep 2-5,7 --seeds 2 --in @x.npy --csv @s.csv");
        REQUIRE_EXIT(run, 0);
        REQUIRE_KEYS(run.json, "points n seeds rows k_by_silhouette k_by_coding_length k_by_stability epsilon");
        QCOMPARE(run.json[QLatin1String("points")].toArray().size(), 5);
        QCOMPARE(number(run.json, "k_by_silhouette"), 4.0);
        QCOMPARE(contentOf(path("s.csv")).count('\n'), 6);
        const ProgramRun text = runProgram(words("cluster --method kmeans --sweep 2,4 --in @x.npy"));
        REQUIRE_EXIT(text, 0);
        QVERIFY(text.out.contains("bits a row") && text.out.contains("240 rows clustered"));
    }

    void compare()
    {
        const ProgramRun run = cluster("--compare kmeans,spherical-kmeans --k 4 --seeds 2 --in @x.npy --labels @y.npy "
                                       "--csv @t.csv --latex @t.tex --set n_init=2");
        REQUIRE_EXIT(run, 0);
        const QJsonArray methods = run.json[QLatin1String("methods")].toArray();
        QCOMPARE(methods.size(), 2);
        for (const auto& method : methods) {
            REQUIRE_KEYS(method.toObject(),
                         "method ami ari fmi nmi acc silhouette stability seconds runs sizes problem");
            QCOMPARE(method.toObject()[QLatin1String("runs")].toArray().size(), 2);
            QVERIFY(number(method.toObject()[QLatin1String("ari")].toObject(), "mean") > 0.9);
        }
        QCOMPARE(contentOf(path("t.csv")).count('\n'), 3);
        QVERIFY(contentOf(path("t.tex")).contains("\\toprule"));
        // one that fails leaves the other standing, and the exit status tells
        const ProgramRun half = cluster("--compare kmeans,spherical-kmeans --in @x.npy --k 4 --seeds 1 "
                                        "--set spherical-kmeans:tol=none");
        REQUIRE_EXIT(half, 1);
        const QJsonArray both = half.json[QLatin1String("methods")].toArray();
        QVERIFY(both[0].toObject()[QLatin1String("problem")].isNull());
        QVERIFY(both[1].toObject()[QLatin1String("problem")].toString().contains(QLatin1String("tol")));
    }

    void trainsAndAssigns()
    {
        const ProgramRun run = cluster("--method dec --k 4 --in @x.npy --labels @y.npy --out @c.npy --out-soft @q.npy "
                                       "--out-code @z.npy --save @model --device cpu --seed 2 "
                                       "--set epochs=8 hidden=32-32 max_updates=4");
        REQUIRE_EXIT(run, 0);
        REQUIRE_KEYS(run.json, "curve warnings confidence code_dim sizes inertia silhouette");
        QVERIFY(run.json[QLatin1String("curve")].toArray().size() >= 10);
        const Matrix soft = readMatrix(path("q.npy")), code = readMatrix(path("z.npy"));
        QCOMPARE(soft.cols(), kGroups);
        QCOMPARE(code.rows(), kRows);
        const Matrix trained = readMatrix(path("c.npy"));

        const ProgramRun again = cluster("--assign @model --in @x.npy --out @c2.npy --out-soft @q2.npy");
        REQUIRE_EXIT(again, 0);
        const Matrix same = readMatrix(path("c2.npy")), softAgain = readMatrix(path("q2.npy"));
        for (std::size_t i = 0; i < kRows; ++i) {
            QCOMPARE(same.at(i, 0), trained.at(i, 0));
            for (std::size_t c = 0; c < kGroups; ++c) {
                QVERIFY(std::abs(soft.at(i, c) - softAgain.at(i, c)) < 1e-4F);
            }
        }

        const ProgramRun other = cluster("--assign @model --in @new.npy --labels @y.npy --out @c3.npy");
        REQUIRE_EXIT(other, 0);
        REQUIRE_KEYS(other.json, "method k sizes ami ari fmi nmi acc rows notes");
        QVERIFY(other.json[QLatin1String("rows")].toString().contains(QLatin1String("not trained on")));
        QCOMPARE(number(other.json, "excluded"), 1.0);
        QCOMPARE(readMatrix(path("c3.npy")).at(5, 0), -1.0F);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        const auto add = [](const char* text, int code) { QTest::newRow(text) << QString::fromUtf8(text) << code; };
        add("--in @x.npy --out @c.npy", 2);
        add("--method nosuch --in @x.npy --out @c.npy", 2);
        add("--method kmeans --in @x.npy", 2);
        add("--method kmeans --in @x.npy --out @c.npy --out-soft @q.npy", 2);
        add("--method kmeans --in @x.npy --out @c.npy --set nosuch=1", 2);
        add("--method kmeans --in @x.npy --out @c.npy --set dec:epochs=1", 2);
        add("--method kmeans --in @x.npy --out @c.npy --csv @t.csv", 2);
        add("--method kmeans --in @x.npy --out @no/such/c.npy", 1);
        add("--method kmeans --k 1000 --in @x.npy --out @c.npy", 1);
        add("--method kmeans --sweep 5-2 --in @x.npy", 2);
        add("--method kmeans --sweep two --in @x.npy", 2);
        add("--method kmeans --sweep 2-3 --in @x.npy --out @c.npy", 2);
        add("--compare kmeans,nosuch --in @x.npy", 2);
        add("--compare kmeans --sweep 2-3 --in @x.npy", 2);
        add("--compare kmeans --in @x.npy --set epochs=3", 2);
        add("--assign @absent --in @x.npy --out @c.npy", 1);
    }
    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(int, code);
        const ProgramRun run = cluster(text.toUtf8().constData());
        REQUIRE_EXIT(run, code);
        QVERIFY2(run.err.trimmed().endsWith('.') && run.err.count('\n') == 1, run.report().constData());
    }

    void helpNamesTheOptionsOfTheMethods()
    {
        const ProgramRun run = runProgram(words("cluster --help"));
        REQUIRE_EXIT(run, 0);
        for (const char* word : {"--sweep", "--compare", "n_init", "gamma", "max_updates", "recipe"}) {
            QVERIFY2(run.out.contains(word), word);
        }
    }
};

QTEST_GUILESS_MAIN(TestCliCluster)
#include "TestCliCluster.moc"
