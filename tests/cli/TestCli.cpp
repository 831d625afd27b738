#include "Shared.h"
#include "cli/Program.h"
#include "core/data/Arrays.h"

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <cmath>

namespace {

QStringList words(const char* text)
{
    return QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Keys of `expected` that `json` lacks.
QString missingKeys(const QJsonObject& json, const char* expected)
{
    QStringList missing;
    for (const QString& key : words(expected)) {
        if (!json.contains(key)) {
            missing << key;
        }
    }
    return missing.join(QLatin1Char(' '));
}

} // namespace

#define REQUIRE_EXIT(run, code) QVERIFY2((run).exitCode == (code), (run).report().constData())
#define REQUIRE_KEYS(run, keys)                                                                                        \
    QVERIFY2(missingKeys((run).json, keys).isEmpty(), qPrintable(missingKeys((run).json, keys)))

/// The real executable, without a display.
class TestCli : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    /// Words split at blanks; @name is a scratch file.
    QStringList arguments(const char* text) const
    {
        QStringList all = words(text);
        for (QString& word : all) {
            if (word.startsWith(QLatin1Char('@'))) {
                word = m_folder.filePath(word.mid(1));
            }
        }
        return all;
    }
    void writeBlobs(const char* name, std::size_t n, std::size_t d) const
    {
        std::vector<float> values(n * d);
        std::uint32_t state = 7;
        for (std::size_t i = 0; i < values.size(); ++i) {
            state = state * 1'664'525u + 1'013'904'223u;
            const double group = static_cast<double>((i / d) % 3);
            values[i] = static_cast<float>(4 * group * static_cast<double>(i % d % 2) + (state >> 8) * 0x1p-24);
        }
        semascope::core::writeNpy(path(name).toStdString(), values.data(), {n, d});
    }

private Q_SLOTS:
    void helpAndVersion()
    {
        const ProgramRun help = runProgram({QStringLiteral("--help")});
        REQUIRE_EXIT(help, 0);
        for (const char* command : {"inspect", "check-blas", "tokenize", "preprocess", "embed", "score", "reduce",
                                    "cluster", "metrics", "figure", "demo", "bench"}) {
            QVERIFY2(help.out.contains(command), command);
            const ProgramRun one = runProgram({QString::fromLatin1(command), QStringLiteral("--help")});
            REQUIRE_EXIT(one, 0);
            QVERIFY2(one.out.contains(command) && one.out.contains("--json"), command);
        }
        const ProgramRun version = runProgram({QStringLiteral("--version")});
        REQUIRE_EXIT(version, 0);
        QVERIFY(version.out.startsWith("semascope "));
    }

    void misuse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        for (const char* text :
             {"reduce", "reduce --method pca", "metrics --labels", "embed --nonsense", "inspect",
              "cluster --method kmeans --k many --in @x.npy --out @c.npy",
              "reduce --method nosuch --in @x.npy --out @y.npy", "reduce --method pca --dim 0 --in @x.npy --out @y.npy",
              "reduce --method pca --set nosuch=1 --in @x.npy --out @y.npy", "bench nothing"}) {
            QTest::newRow(text) << arguments(text);
        }
    }
    void misuse()
    {
        QFETCH(QStringList, arguments);
        writeBlobs("x.npy", 30, 4);
        const ProgramRun run = runJson(arguments);
        REQUIRE_EXIT(run, 2);
        QCOMPARE(run.errorCode(), QStringLiteral("misuse"));
        QVERIFY(!run.json[QLatin1String("error")].toObject()[QLatin1String("message")].toString().isEmpty());
        QVERIFY2(run.err.contains("semascope"), run.err.constData());
    }

    void failures_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("code");
        const auto add = [this](const char* text, const char* code) {
            QTest::newRow(text) << arguments(text) << QString::fromLatin1(code);
        };
        add("reduce --method pca --in @absent.npy --out @y.npy", "not_found");
        add("reduce --method pca --in @garbage.npy --out @y.npy", "bad_format");
        add("cluster --method kmeans --k 3 --in @x.npy --labels @short.npy --out @c.npy", "mismatch");
        add("metrics --labels @x1.npy --clusters @short.npy", "mismatch");
        add("embed --model @absent --data demo --out @e.npy", "not_found");
        add("figure --session @garbage.npy --out @f.png", "bad_format");
        add("reduce --method pca --in @x.npy --out @no/such/folder/y.npy", "io");
    }
    void failures()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, code);
        writeBlobs("x.npy", 30, 4);
        writeBlobs("x1.npy", 30, 1);
        writeBlobs("short.npy", 12, 1);
        const float whole[] = {0, 1, 2};
        semascope::core::writeNpy(path("short.npy").toStdString(), whole, {3});
        const std::vector<std::int32_t> labels(30, 1);
        semascope::core::writeNpy(path("x1.npy").toStdString(), labels);
        QFile garbage(path("garbage.npy"));
        QVERIFY(garbage.open(QIODevice::WriteOnly) && garbage.write("no array at all") > 0);
        garbage.close();
        const ProgramRun run = runJson(arguments);
        REQUIRE_EXIT(run, 1);
        QVERIFY2(run.errorCode() == code, run.report().constData());
        const QList<QByteArray> lines = run.err.trimmed().split('\n');
        QVERIFY2(lines.last().startsWith("semascope: "), run.err.constData());
    }

    void checkBlas()
    {
        const ProgramRun run = runJson({QStringLiteral("check-blas")});
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("consistent")].toBool(), true);
        QVERIFY(!run.json[QLatin1String("libraries")].toArray().isEmpty());
    }

    void inspectTellsWhatThingsAre()
    {
        writeBlobs("x.npy", 30, 4);
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("pictures")));
        QImage picture(20, 10, QImage::Format_RGB32);
        picture.fill(Qt::darkGreen);
        QVERIFY(picture.save(path("pictures/good.png")));
        QFile bad(path("pictures/bad.png"));
        QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write("GARBAGE") > 0);
        bad.close();
        const ProgramRun run = runJson(arguments("inspect @x.npy @pictures"));
        REQUIRE_EXIT(run, 0);
        const QJsonArray items = run.json[QLatin1String("items")].toArray();
        QCOMPARE(items.size(), 2);
        for (const QJsonValue& item : items) {
            QVERIFY2(missingKeys(item.toObject(), "path kind family loaded").isEmpty(), run.out.constData());
        }
        const QJsonObject folder = items[1].toObject();
        QCOMPARE(folder[QLatin1String("loaded")].toInt(), 1);
        const QJsonArray skipped = folder[QLatin1String("skipped")].toArray();
        QCOMPARE(skipped.size(), 1);
        QVERIFY(skipped[0].toObject()[QLatin1String("path")].toString().contains(QLatin1String("bad.png")));
        QVERIFY(!skipped[0].toObject()[QLatin1String("reason")].toString().isEmpty());
    }

    void inspectReportsWhatCannotBeOpened()
    {
        writeBlobs("x.npy", 30, 4);
        const ProgramRun run = runJson(arguments("inspect @absent @x.npy"));
        REQUIRE_EXIT(run, 1);
        const QJsonArray items = run.json[QLatin1String("items")].toArray();
        QCOMPARE(items.size(), 2);
        QVERIFY(items[0].toObject().contains(QLatin1String("error")));
        QVERIFY(!items[1].toObject().contains(QLatin1String("error")));
    }

    void tokenizeTheDemo()
    {
        const ProgramRun run = runJson({QStringLiteral("tokenize"), QStringLiteral("--model"), QStringLiteral("demo"),
                                        QStringLiteral("a red circle"), QStringLiteral("A  RED circle!")});
        REQUIRE_EXIT(run, 0);
        const QJsonArray ids = run.json[QLatin1String("ids")].toArray();
        QCOMPARE(ids.size(), 2);
        const QJsonArray first = ids[0].toArray(), second = ids[1].toArray();
        QCOMPARE(first.size(), 5); // the sample's vocabulary has every word of its captions as one token
        QCOMPARE(second.size(), 6);
        QCOMPARE(first[0], second[0]);
        QCOMPARE(first[3], second[3]);
        QCOMPARE(first[4].toInt(), first[0].toInt() + 1);
    }

    void preprocessAPicture()
    {
        QImage picture(100, 80, QImage::Format_RGB32);
        picture.fill(Qt::black);
        QVERIFY(picture.save(path("black.png")));
        const ProgramRun run = runJson(arguments("preprocess --model demo @black.png @black.png --out @p.npy"));
        REQUIRE_EXIT(run, 0);
        const auto array = semascope::core::readNpy(path("p.npy").toStdString());
        QVERIFY((array.shape == std::vector<std::size_t>{2, 3, 64, 64}));
        const auto* values = static_cast<const float*>(array.data);
        QVERIFY(std::abs(values[0] + 0.48145466F / 0.26862954F) < 1e-5F);
    }

    void embedScoreReduceClusterTheDemo()
    {
        const ProgramRun embed = runJson(arguments("embed --model demo --data demo --out @e.npy"));
        REQUIRE_EXIT(embed, 0);
        REQUIRE_KEYS(embed, "rows dim skipped seconds per_second device precision cached");
        QCOMPARE(embed.json[QLatin1String("rows")].toInt(), 240);
        const auto rows = readMatrix(path("e.npy"));
        QCOMPARE(rows.rows(), std::size_t{240});
        QCOMPARE(rows.cols(), std::size_t{64});
        double square = 0;
        for (std::size_t j = 0; j < rows.cols(); ++j) {
            square += static_cast<double>(rows.at(5, j)) * static_cast<double>(rows.at(5, j));
        }
        QVERIFY(std::abs(square - 1) < 1e-5);
        const QJsonObject side = QJsonDocument::fromJson(contentOf(path("e.json"))).object();
        QCOMPARE(side[QLatin1String("ids")].toArray().size(), 240);

        const ProgramRun reduce = runJson(arguments("reduce --method mds --dim 2 --in @e.npy --out @y.npy"));
        REQUIRE_EXIT(reduce, 0);
        REQUIRE_KEYS(reduce, "method dim n seconds raw_stress stress1 trustworthiness continuity recall iterations");
        QCOMPARE(readMatrix(path("y.npy")).cols(), std::size_t{2});

        const ProgramRun cluster = runJson(arguments("cluster --method kmeans --k 6 --in @e.npy --out @c.npy"));
        REQUIRE_EXIT(cluster, 0);
        REQUIRE_KEYS(cluster, "k sizes seconds silhouette inertia");
        QCOMPARE(cluster.json[QLatin1String("sizes")].toArray().size(), 6);
        const ProgramRun metrics = runJson(arguments("metrics --labels @c.npy --clusters @c.npy"));
        REQUIRE_EXIT(metrics, 0);
        REQUIRE_KEYS(metrics, "k sizes ami ari fmi nmi acc");
        QVERIFY(std::abs(metrics.json[QLatin1String("ari")].toDouble() - 1) < 1e-12);
    }

    void scoreTheDemo()
    {
        const ProgramRun run = runJson(
            {QStringLiteral("score"), QStringLiteral("--model"), QStringLiteral("demo"), QStringLiteral("--data"),
             QStringLiteral("demo"), QStringLiteral("--out"), path("s.csv"), QStringLiteral("--figure"), path("s.pdf"),
             QStringLiteral("--text"), QStringLiteral("a red circle"), QStringLiteral("a star, small")});
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("prompts")].toArray().size(), 2);
        const QJsonArray rows = run.json[QLatin1String("rows")].toArray();
        QCOMPARE(rows.size(), 240);
        for (const QJsonValue& row : rows) {
            const QJsonArray scores = row.toObject()[QLatin1String("scores")].toArray();
            QVERIFY(scores.size() == 2 && std::abs(scores[0].toDouble()) <= 1.00001);
        }
        QCOMPARE(contentOf(path("s.csv")).trimmed().count('\n'), 240);
        QVERIFY(contentOf(path("s.csv")).startsWith("id,a red circle,\"a star, small\"\n"));
        QVERIFY(contentOf(path("s.pdf")).startsWith("%PDF-"));
    }

    void captionsAsText()
    {
        const ProgramRun run = runJson(arguments("embed --model demo --data demo --what text --raw --out @t.npy"));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("rows")].toInt(), 240);
    }

    void demoAndFigureWithoutADisplay()
    {
        const ProgramRun demo = runProgram(arguments("demo --headless --out @demo"));
        REQUIRE_EXIT(demo, 0);
        const QString session = path("demo/demo.semascope");
        QVERIFY(contentOf(session).mid(68, 4) == "SEMA");
        const ProgramRun inspect = runJson({QStringLiteral("inspect"), session});
        REQUIRE_EXIT(inspect, 0);
        const QJsonObject item = inspect.json[QLatin1String("items")].toArray()[0].toObject();
        QCOMPARE(item[QLatin1String("kind")].toString(), QStringLiteral("session"));

        for (const char* name : {"f.png", "g.png", "f.svg", "f.pdf"}) {
            const ProgramRun figure =
                runJson(QStringList{QStringLiteral("figure"), QStringLiteral("--session"), session} +
                        arguments("--view map --size 127x76.2mm --dpi 100 --out") +
                        QStringList{m_folder.filePath(QString::fromLatin1(name))});
            REQUIRE_EXIT(figure, 0);
        }
        const QImage first(path("f.png")), second(path("g.png"));
        QCOMPARE(first.size(), QSize(500, 300));
        QVERIFY2(first == second, "two exports of one view differ");
        QVERIFY(contentOf(path("f.svg")).contains("<svg"));
        QVERIFY(contentOf(path("f.pdf")).startsWith("%PDF-"));
    }

    void sameSeedSameResult()
    {
        writeBlobs("x.npy", 200, 8);
        for (const char* method : {"pca", "classical", "mds"}) {
            for (const char* out : {"1.npy", "2.npy"}) {
                const ProgramRun run = runJson(arguments("reduce --in @x.npy --seed 5 --no-quality") +
                                               QStringList{QStringLiteral("--method"), QString::fromLatin1(method),
                                                           QStringLiteral("--out"), path(out)});
                REQUIRE_EXIT(run, 0);
            }
            QVERIFY2(contentOf(path("1.npy")) == contentOf(path("2.npy")), method);
        }
    }

    void interruptEndsSoon()
    {
        writeBlobs("long.npy", 2500, 32);
        QElapsedTimer timer;
        timer.start();
        const ProgramRun run = interruptProgram(
            arguments("reduce --method mds --in @long.npy --out @long_y.npy --no-quality --set max_iter=100000 eps=0"),
            2500);
        REQUIRE_EXIT(run, 130);
        QVERIFY2(timer.elapsed() < 10'000, "it took too long to stop");
        QVERIFY(!QFileInfo::exists(path("long_y.npy")));
    }

    void jsonIsAllThatIsOnStandardOutput()
    {
        writeBlobs("x.npy", 60, 4);
        const ProgramRun run = runJson(arguments("reduce --method pca --in @x.npy --out @y.npy --log-level info"));
        REQUIRE_EXIT(run, 0);
        QVERIFY(!run.json.isEmpty());
        QCOMPARE(run.out.trimmed().count('\n'), 0);
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "TestCli.moc"
