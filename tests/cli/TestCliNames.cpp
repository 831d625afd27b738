#include "Shared.h"
#include "cli/Program.h"
#include "core/data/Arrays.h"

#include <QJsonArray>

#include <random>
#include <set>

using semascope::core::Matrix;

namespace {

constexpr std::size_t kTopics = 3, kRows = 60, kDim = 12;

QStringList words(std::initializer_list<const char*> list)
{
    QStringList all;
    for (const char* word : list) {
        all << QString::fromUtf8(word);
    }
    return all;
}

std::set<QString> namesIn(const QJsonArray& clusters)
{
    std::set<QString> names;
    for (const QJsonValue& c : clusters) {
        names.insert(c[QLatin1String("name")].toString());
    }
    return names;
}

} // namespace

#define REQUIRE_EXIT(run, code) QVERIFY2((run).exitCode == (code), (run).report().constData())

/// semascope name, with the real executable.
class TestCliNames : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    void write(const char* name, const QByteArray& text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    QByteArray contentOf(const char* name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// name on the vectors made below.
    ProgramRun name(const QStringList& more) const
    {
        return runJson(QStringList{QStringLiteral("name"), QStringLiteral("--in"), path("x.npy"),
                                   QStringLiteral("--clusters"), path("c.npy"), QStringLiteral("--out"),
                                   path("names.csv")} +
                       more);
    }
    QStringList given(const char* list) const
    {
        return {QStringLiteral("--words"), path(list), QStringLiteral("--word-vectors"), path("t.npy")};
    }

private Q_SLOTS:
    /// Three topics: pictures and words around the same directions.
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        std::mt19937 random(4);
        std::normal_distribution<float> normal;
        std::vector<float> topics(kTopics * kDim), rows, texts;
        std::generate(topics.begin(), topics.end(), [&] { return 3 * normal(random); });
        QByteArray table = "kind,weight,note\n";
        std::vector<std::int32_t> clusters;
        for (std::size_t i = 0; i < kRows; ++i) {
            const std::size_t t = i % kTopics;
            for (std::size_t j = 0; j < kDim; ++j) {
                rows.push_back(topics[t * kDim + j] + 0.4F * normal(random));
            }
            clusters.push_back(i == 59 ? -1 : static_cast<std::int32_t>(t));
            table += (t == 0 ? "plant," : "animal,") + QByteArray::number(t == 1 ? 50 + static_cast<int>(i) : 5) +
                     ",n" + QByteArray::number(static_cast<int>(i)) + "\n";
        }
        for (std::size_t w = 0; w < 7; ++w) {
            for (std::size_t j = 0; j < kDim; ++j) {
                texts.push_back(w < kTopics ? topics[w * kDim + j] : w == 6 ? topics[j] : 3 * normal(random));
            }
        }
        semascope::core::writeNpy(path("x.npy").toStdString(), Matrix::from(rows, kRows, kDim));
        semascope::core::writeNpy(path("t.npy").toStdString(), Matrix::from(texts, 7, kDim));
        semascope::core::writeNpy(path("c.npy").toStdString(), clusters);
        write("words.txt", "tree\nelephant\nmouse, \"grey\"\nchair\ncloud\nspoon\ntree\n");
        write("table.csv", table);
    }

    void namesWithGivenVectors()
    {
        const ProgramRun run = name(given("words.txt") + words({"--prototypes", "2", "--outliers", "1"}));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("n")].toInt(), 59);
        QCOMPARE(run.json[QLatin1String("excluded")].toInt(), 1);
        QCOMPARE(run.json[QLatin1String("vocabulary")][QLatin1String("words")].toInt(), 6); // "tree" is there twice
        const QJsonArray clusters = run.json[QLatin1String("clusters")].toArray();
        const QStringList expected = words({"tree", "elephant", "mouse, \"grey\""});
        for (int g = 0; g < 3; ++g) {
            const QJsonValue c = clusters[g];
            QCOMPARE(c[QLatin1String("name")].toString(), expected[g]);
            QCOMPARE(c[QLatin1String("size")].toInt(), g == 2 ? 19 : 20);
            QVERIFY(c[QLatin1String("score")].toDouble() > 0.5 && c[QLatin1String("margin")].toDouble() > 0.2);
            QCOMPARE(c[QLatin1String("top")].toArray().size(), 5);
            QCOMPARE(c[QLatin1String("prototypes")].toArray().size(), 2);
            QCOMPARE(c[QLatin1String("outliers")].toArray().size(), 1);
            QCOMPARE(c[QLatin1String("prototypes")][0][QLatin1String("row")].toInt() % 3, g);
            QVERIFY(c[QLatin1String("enrichment")].toArray().isEmpty());
        }
        const QList<QByteArray> lines = contentOf("names.csv").trimmed().split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines[1].startsWith("0,20,tree,"));
        QVERIFY(lines[3].startsWith("2,19,\"mouse, \"\"grey\"\"\","));
    }

    void tellsWhatIsEnriched()
    {
        const ProgramRun run = name(given("words.txt") + QStringList{QStringLiteral("--metadata"), path("table.csv")});
        REQUIRE_EXIT(run, 0);
        const QJsonArray clusters = run.json[QLatin1String("clusters")].toArray();
        const QJsonValue plant = clusters[0][QLatin1String("enrichment")][0];
        QCOMPARE(plant[QLatin1String("attribute")].toString(), QStringLiteral("kind"));
        QCOMPARE(plant[QLatin1String("value")].toString(), QStringLiteral("plant"));
        QCOMPARE(plant[QLatin1String("inside")].toInt(), 20);
        QCOMPARE(plant[QLatin1String("outside")].toInt(), 0);
        QVERIFY(plant[QLatin1String("p")].toDouble() < 1e-12);
        bool weighed = false;
        for (const QJsonValue& e : clusters[1][QLatin1String("enrichment")].toArray()) {
            weighed = weighed || (e[QLatin1String("attribute")].toString() == QLatin1String("weight") &&
                                  e[QLatin1String("effect")].toDouble() > 2);
        }
        QVERIFY(weighed);
    }

    /// The built-in sample and its model.
    void namesTheSample()
    {
        const ProgramRun embedded =
            runJson(words({"embed", "--model", "demo", "--data", "demo", "--out"}) + QStringList{path("e.npy")});
        REQUIRE_EXIT(embedded, 0);
        const ProgramRun grouped = runJson(words({"cluster", "--method", "spherical-kmeans", "--k", "6", "--in"}) +
                                           QStringList{path("e.npy"), QStringLiteral("--out"), path("g.npy")});
        REQUIRE_EXIT(grouped, 0);
        write("own.txt", "# shapes\nred circle\nblue square\ngreen triangle\nyellow star\nred square\nblue circle\n"
                         "green star\ncross\n");
        const QStringList on = words({"name", "--model", "demo", "--data", "demo", "--in"}) +
                               QStringList{path("e.npy"), QStringLiteral("--clusters"), path("g.npy"),
                                           QStringLiteral("--out"), path("names.csv")};
        const ProgramRun own = runJson(on + QStringList{QStringLiteral("--vocabulary"), path("own.txt")} +
                                       words({"--template", "a {}", "the {} on paper"}));
        REQUIRE_EXIT(own, 0);
        QCOMPARE(own.json[QLatin1String("vocabulary")][QLatin1String("templates")].toArray().size(), 2);
        QCOMPARE(namesIn(own.json[QLatin1String("clusters")].toArray()).size(), std::size_t(6));
        const ProgramRun general = runJson(on + words({"--template", "a photo of a {}"}));
        REQUIRE_EXIT(general, 0);
        QVERIFY(general.json[QLatin1String("vocabulary")][QLatin1String("words")].toInt() >= 500);
        QCOMPARE(namesIn(general.json[QLatin1String("clusters")].toArray()).size(), std::size_t(6));
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("says");
        write("few.txt", "tree\nmouse\n");
        const QString model = QStringLiteral("--model"), demo = QStringLiteral("demo");
        QTest::newRow("no words at all") << QStringList{} << QStringLiteral("--model");
        QTest::newRow("words only") << QStringList{QStringLiteral("--words"), path("words.txt")}
                                    << QStringLiteral("--word-vectors");
        QTest::newRow("both") << QStringList{given("words.txt") + QStringList{model, demo}} << QStringLiteral("both");
        QTest::newRow("not as many") << given("few.txt") << QStringLiteral("2 words");
        QTest::newRow("other width") << QStringList{model, demo} << QStringLiteral("dimensions");
        QTest::newRow("no vocabulary") << QStringList{model, demo, QStringLiteral("--vocabulary"), path("absent.txt")}
                                       << QStringLiteral("absent.txt");
        QTest::newRow("no place for the word")
            << QStringList{model, demo, QStringLiteral("--template"), QStringLiteral("a {}"), QStringLiteral("a photo")}
            << QStringLiteral("a photo");
    }
    void refusals()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, says);
        const ProgramRun run = name(options);
        QVERIFY(run.exitCode == 1 || run.exitCode == 2);
        const QString message = run.json[QLatin1String("error")][QLatin1String("message")].toString();
        QVERIFY2(message.contains(says), qPrintable(message));
    }
};

QTEST_GUILESS_MAIN(TestCliNames)
#include "TestCliNames.moc"
