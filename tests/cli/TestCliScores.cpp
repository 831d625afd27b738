#include "Shared.h"
#include "cli/Program.h"
#include "core/data/Arrays.h"

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

#include <cmath>
#include <map>

using semascope::core::Matrix;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<QByteArray> linesOf(const QString& path)
{
    return contentOf(path).trimmed().split('\n');
}

double numberAt(const QJsonValue& row, const char* key, int i)
{
    return row.toObject()[QLatin1String(key)].toArray()[i].toDouble(NAN);
}

QStringList words(std::initializer_list<const char*> list)
{
    QStringList all;
    for (const char* word : list) {
        all << QString::fromUtf8(word);
    }
    return all;
}

} // namespace

#define REQUIRE_EXIT(run, code) QVERIFY2((run).exitCode == (code), (run).report().constData())

/// The commands that score, classify, search and join, with the real executable.
class TestCliScores : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    void write(const char* name, const QByteArray& text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    /// `command` on the built-in sample.
    ProgramRun demo(const char* command, const QStringList& more) const
    {
        return runJson(words({command, "--model", "demo", "--data", "demo"}) + more);
    }
    QStringList to(const char* option, const char* name) const { return {QString::fromLatin1(option), path(name)}; }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid() && QDir(m_folder.path()).mkpath(QStringLiteral("pictures")));
        for (int i = 0; i < 24; ++i) {
            QImage picture(40, 40, QImage::Format_RGB32);
            picture.fill(QColor::fromHsv(i * 15, 200, 220));
            for (int x = 0; x < 20; ++x) {
                picture.setPixelColor(x, (x * i) % 40, Qt::white);
            }
            QVERIFY(picture.save(path("pictures/%1.png").arg(i, 2, 10, QLatin1Char('0'))));
        }
        const ProgramRun run = demo("embed", to("--out", "e.npy"));
        REQUIRE_EXIT(run, 0);
    }

    void scoresWithMeaning()
    {
        const ProgramRun run =
            demo("score", to("--out", "s.csv") + words({"--text", "a red circle", "a star, small", "a blue square",
                                                        "--percentile", "--probability", "--contrast", "a shape"}));
        REQUIRE_EXIT(run, 0);
        const QJsonArray rows = run.json[QLatin1String("rows")].toArray();
        QCOMPARE(rows.size(), 240);
        const double scale = run.json[QLatin1String("logit_scale")].toDouble();
        QVERIFY(scale > 1);
        QCOMPARE(run.json[QLatin1String("percentile_of")].toArray()[2].toInt(), 240);
        QCOMPARE(run.json[QLatin1String("contrast_with")].toArray().size(), 3);
        for (const char* what : {"cosine", "percentile", "contrast", "probability"}) {
            QVERIFY(!run.json[QLatin1String("meaning")].toObject()[QLatin1String(what)].isUndefined());
        }
        const double neutral = numberAt(rows[0], "scores", 0) - numberAt(rows[0], "contrasts", 0);
        for (const QJsonValue& row : rows) {
            double sum = 0, shares = 0, below = 0;
            for (int t = 0; t < 3; ++t) {
                sum += std::exp(scale * numberAt(row, "scores", t));
                shares += numberAt(row, "probabilities", t);
            }
            for (const QJsonValue& other : rows) {
                const double gap = numberAt(row, "scores", 1) - numberAt(other, "scores", 1);
                below += gap > 0 ? 1.0 : gap == 0 ? 0.5 : 0.0;
            }
            QVERIFY(std::abs(shares - 1) < 1e-5);
            QVERIFY(std::abs(numberAt(row, "probabilities", 0) - std::exp(scale * numberAt(row, "scores", 0)) / sum) <
                    1e-4);
            QVERIFY(std::abs(numberAt(row, "percentiles", 1) - 100 * below / 240) < 1e-3);
            // all three are contrasted with one text
            const double a = numberAt(row, "scores", 0) - numberAt(row, "contrasts", 0);
            const double b = numberAt(row, "scores", 2) - numberAt(row, "contrasts", 2);
            QVERIFY(std::abs(a - b) < 1e-5 && std::abs(a - neutral) < 1);
        }
        const QList<QByteArray> lines = linesOf(path("s.csv"));
        QCOMPARE(lines.size(), 241);
        QVERIFY2(
            lines[0].startsWith("id,a red circle,\"a star, small\",a blue square,percentile of 240: a red circle,"),
            lines[0].constData());
        QVERIFY(lines[0].contains("contrast: a blue square minus a shape"));
        QVERIFY(lines[0].endsWith("probability among 3: a blue square"));
    }

    void plainScoresAreAsTheyWere()
    {
        const ProgramRun run = demo("score", to("--out", "p.csv") + words({"--text", "a red circle"}));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(linesOf(path("p.csv"))[0], QByteArray("id,a red circle"));
        const QJsonObject row = run.json[QLatin1String("rows")].toArray()[0].toObject();
        QCOMPARE(row.keys(), (QStringList{QStringLiteral("id"), QStringLiteral("scores")}));
    }

    void misuse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        const QStringList model = words({"--model", "demo"}), data = words({"--data", "demo"});
        QTest::newRow("one probability") << words({"score", "--text", "x", "--probability"}) + model + data +
                                                to("--out", "m.csv");
        QTest::newRow("contrasts") << words({"score", "--text", "a", "b", "c", "--contrast", "d", "e"}) + model + data +
                                          to("--out", "m.csv");
        QTest::newRow("no classes") << words({"zeroshot"}) + model + data + to("--out", "m.csv");
        QTest::newRow("one class") << words({"zeroshot", "--classes", "circle"}) + model + data + to("--out", "m.csv");
        QTest::newRow("no vectors") << words({"zeroshot", "--classes", "a,b"}) + model + to("--out", "m.csv");
        QTest::newRow("no question") << words({"search"}) + model + data;
        QTest::newRow("two questions") << words({"search", "--text", "x", "--id", "1"}) + model + data;
        QTest::newRow("no model") << words({"search", "--text", "x"}) + to("--in", "e.npy");
        QTest::newRow("mixed vectors") << words({"search", "--id", "1", "--what", "both"}) + to("--in", "e.npy");
        QTest::newRow("no rows") << words({"joint", "--method", "pca"}) + to("--out", "j.npy");
        QTest::newRow("no texts") << words({"joint", "--method", "pca"}) + to("--in", "e.npy") + to("--out", "j.npy");
    }
    void misuse()
    {
        QFETCH(QStringList, arguments);
        const ProgramRun run = runJson(arguments);
        REQUIRE_EXIT(run, 2);
        QCOMPARE(run.errorCode(), QStringLiteral("misuse"));
    }

    void zeroShotOfTheDemo()
    {
        const ProgramRun run = demo("zeroshot", to("--out", "z.csv") + to("--confusion", "c.csv") +
                                                    words({"--classes", "attribute:shape", "--templates", "cifar-18"}));
        REQUIRE_EXIT(run, 0);
        const QJsonObject& json = run.json;
        const int k = static_cast<int>(json[QLatin1String("classes")].toArray().size());
        QVERIFY(k >= 3);
        QCOMPARE(json[QLatin1String("templates")].toObject()[QLatin1String("count")].toInt(), 18);
        QCOMPARE(json[QLatin1String("n")].toInt(), 240);
        QCOMPARE(json[QLatin1String("labelled")].toInt(), 240);
        QCOMPARE(json[QLatin1String("labels")].toString(), QStringLiteral("attribute:shape"));
        int right = 0, all = 0;
        const QJsonArray confusion = json[QLatin1String("confusion")].toArray();
        for (int i = 0; i < k; ++i) {
            right += confusion[i].toArray()[i].toInt();
            for (const QJsonValue& count : confusion[i].toArray()) {
                all += count.toInt();
            }
        }
        QCOMPARE(all, 240);
        QVERIFY(std::abs(json[QLatin1String("top1")].toDouble() - right / 240.0) < 1e-12);
        QVERIFY(json[QLatin1String("top5")].toDouble() >= json[QLatin1String("top1")].toDouble());
        QCOMPARE(json[QLatin1String("per_class")].toArray().size(), k);
        QCOMPARE(linesOf(path("z.csv")).size(), 241);
        QVERIFY(linesOf(path("z.csv"))[0].startsWith("id,label,correct,class_1,probability_1,cosine_1,class_2,"));
        QCOMPARE(linesOf(path("c.csv")).size(), k + 1);

        const ProgramRun again =
            demo("zeroshot", to("--in", "e.npy") + to("--out", "z2.csv") +
                                 words({"--classes", "attribute:shape", "--templates", "cifar-18"}));
        REQUIRE_EXIT(again, 0);
        QCOMPARE(contentOf(path("z2.csv")), contentOf(path("z.csv")));
    }

    void ownClassesAndTemplates()
    {
        write("classes.txt", "Circle\nstar\n\nno such thing\n");
        write("templates.txt", "# mine\na {} on grey\na big {}\n");
        const ProgramRun run =
            demo("zeroshot", to("--in", "e.npy") + to("--out", "o.csv") + to("--classes", "classes.txt") +
                                 to("--templates", "templates.txt") + words({"--labels", "attribute:shape"}));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("classes")].toArray().size(), 3);
        QCOMPARE(run.json[QLatin1String("templates")].toObject()[QLatin1String("count")].toInt(), 2);
        const int labelled = run.json[QLatin1String("labelled")].toInt();
        QVERIFY(labelled > 0 && labelled < 240); // squares are no class here
        QCOMPARE(labelled + run.json[QLatin1String("unlabelled")].toInt(), 240);
        const ProgramRun inlined =
            demo("zeroshot",
                 to("--in", "e.npy") + to("--out", "i.csv") +
                     words({"--classes", "Circle,star, no such thing", "--templates", "a {} on grey", "a big {}"}));
        REQUIRE_EXIT(inlined, 0);
        const QByteArray first = linesOf(path("o.csv"))[5], second = linesOf(path("i.csv"))[5];
        QCOMPARE(second.split(',').last(), first.split(',').last()); // the same cosine
        const ProgramRun unknown =
            demo("zeroshot", to("--out", "u.csv") + words({"--classes", "a,b", "--templates", "imagenet-8"}));
        REQUIRE_EXIT(unknown, 1);
        QVERIFY(unknown.err.contains("imagenet-80"));
    }

    void zeroShotOfRealPictures()
    {
        NEEDS_SHARED("data/cifar10/airplane");
        NEEDS_SHARED("goldens/clip/vit_tiny/hf");
        const auto shared = [](const char* name) { return QString::fromStdString(sharedPath(name)); };
        const ProgramRun run =
            runJson(words({"zeroshot", "--templates", "cifar-18", "--model"}) +
                    QStringList{shared("goldens/clip/vit_tiny/hf"), QStringLiteral("--data"), shared("data/cifar10")} +
                    to("--out", "cifar.csv"));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("classes")].toArray().size(), 10);
        QCOMPARE(run.json[QLatin1String("labelled")].toInt(), 1000);
        QVERIFY(run.json[QLatin1String("top1")].toDouble() < 0.25); // random weights: about chance
        for (const QJsonValue& row : run.json[QLatin1String("confusion")].toArray()) {
            int sum = 0;
            for (const QJsonValue& count : row.toArray()) {
                sum += count.toInt();
            }
            QCOMPARE(sum, 100);
        }
    }

    void searchByText()
    {
        const ProgramRun scores = demo("score", to("--out", "t.csv") + words({"--text", "a green star"}));
        const ProgramRun run = demo("search", words({"--text", "a green star", "--count", "7"}));
        REQUIRE_EXIT(run, 0);
        std::map<QString, double> cosine;
        double best = -1;
        for (const QJsonValue& row : scores.json[QLatin1String("rows")].toArray()) {
            cosine[row.toObject()[QLatin1String("id")].toString()] = numberAt(row, "scores", 0);
            best = std::max(best, numberAt(row, "scores", 0));
        }
        const QJsonArray found = run.json[QLatin1String("neighbours")].toArray();
        QCOMPARE(found.size(), 7);
        QCOMPARE(run.json[QLatin1String("measure")].toString(), QStringLiteral("cosine"));
        QVERIFY(std::abs(found[0].toObject()[QLatin1String("cosine")].toDouble() - best) < 1e-5);
        double last = 2;
        for (const QJsonValue& one : found) {
            const QJsonObject row = one.toObject();
            const double value = row[QLatin1String("cosine")].toDouble();
            QVERIFY(value <= last && std::abs(value - cosine.at(row[QLatin1String("id")].toString())) < 1e-5);
            last = value;
        }
        const ProgramRun centred = demo("search", words({"--text", "a green star", "--centred"}));
        REQUIRE_EXIT(centred, 0);
        QCOMPARE(centred.json[QLatin1String("measure")].toString(), QStringLiteral("centred cosine"));
        QVERIFY(centred.json[QLatin1String("text_mean_of")].toString().contains(QLatin1String("neutral")));
    }

    void searchByPictureAndId()
    {
        const QStringList data =
            words({"search", "--model", "demo", "--data"}) + QStringList{path("pictures")} + words({"--count", "30"});
        const ProgramRun picture = runJson(data + to("--picture", "pictures/07.png"));
        REQUIRE_EXIT(picture, 0);
        const QJsonArray found = picture.json[QLatin1String("neighbours")].toArray();
        QCOMPARE(found.size(), 24);
        QCOMPARE(found[0].toObject()[QLatin1String("id")].toString(), QStringLiteral("07.png"));
        QVERIFY(found[0].toObject()[QLatin1String("cosine")].toDouble() > 0.9999);
        const ProgramRun id = runJson(data + words({"--id", "07.png"}));
        REQUIRE_EXIT(id, 0);
        const QJsonArray others = id.json[QLatin1String("neighbours")].toArray();
        QCOMPARE(others.size(), 23);
        for (int i = 0; i < 23; ++i) {
            const double off = others[i].toObject()[QLatin1String("cosine")].toDouble() -
                               found[i + 1].toObject()[QLatin1String("cosine")].toDouble();
            QVERIFY(std::abs(off) < 1e-4);
        }
    }

    void searchInAFile()
    {
        const ProgramRun named = runJson(words({"search", "--count", "3", "--id"}) +
                                         QStringList{QJsonDocument::fromJson(contentOf(path("e.json")))
                                                         .object()[QLatin1String("ids")]
                                                         .toArray()[4]
                                                         .toString()} +
                                         to("--in", "e.npy"));
        REQUIRE_EXIT(named, 0);
        QVERIFY(QFile::copy(path("e.npy"), path("bare.npy")));
        const ProgramRun numbered = runJson(words({"search", "--count", "3", "--id", "4"}) + to("--in", "bare.npy"));
        REQUIRE_EXIT(numbered, 0);
        for (int i = 0; i < 3; ++i) {
            const auto row = [i](const ProgramRun& run) {
                return run.json[QLatin1String("neighbours")].toArray()[i].toObject()[QLatin1String("row")].toInt();
            };
            QVERIFY(row(named) == row(numbered) && row(named) != 4);
        }
        const ProgramRun absent = runJson(words({"search", "--id", "240"}) + to("--in", "bare.npy"));
        REQUIRE_EXIT(absent, 1);
        QCOMPARE(absent.errorCode(), QStringLiteral("not_found"));
    }

    void mixedListsAreCentred()
    {
        const ProgramRun run = demo("search", words({"--text", "a red circle", "--what", "both", "--count", "480"}));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("centred")].toBool(), true);
        int pictures = 0, captions = 0;
        for (const QJsonValue& one : run.json[QLatin1String("neighbours")].toArray()) {
            const QString kind = one.toObject()[QLatin1String("kind")].toString();
            pictures += kind == QLatin1String("picture") ? 1 : 0;
            captions += kind == QLatin1String("caption") ? 1 : 0;
        }
        QCOMPARE(pictures, 240);
        QCOMPARE(captions, 240);
    }

    void jointMapOfTheDemo()
    {
        const ProgramRun run = demo("joint", to("--out", "j.npy") + to("--vectors", "v.npy") +
                                                 words({"--text", "a red circle", "a star", "--method", "pca"}));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(run.json[QLatin1String("pictures")].toInt(), 240);
        QCOMPARE(run.json[QLatin1String("captions")].toInt(), 240);
        QCOMPARE(run.json[QLatin1String("prompts")].toInt(), 2);
        QCOMPARE(run.json[QLatin1String("pairs")].toInt(), 240);
        QVERIFY(run.json[QLatin1String("gap")].toDouble() > 0);
        QVERIFY(run.json[QLatin1String("own_nearest")].toObject()[QLatin1String("picture_to_caption")].isDouble());
        QCOMPARE(readMatrix(path("j.npy")).rows(), std::size_t{482});
        QCOMPARE(readMatrix(path("v.npy")).cols(), std::size_t{64});
        const QJsonArray rows =
            QJsonDocument::fromJson(contentOf(path("j.json"))).object()[QLatin1String("rows")].toArray();
        QCOMPARE(rows.size(), 482);
        QCOMPARE(rows[0].toObject()[QLatin1String("kind")].toString(), QStringLiteral("picture"));
        QCOMPARE(rows[243].toObject()[QLatin1String("picture_row")].toInt(), 3);
        QCOMPARE(rows[481].toObject()[QLatin1String("text")].toString(), QStringLiteral("a star"));
        const ProgramRun few =
            demo("joint", to("--out", "f.npy") + words({"--captions", "0", "--text", "a star", "--method", "pca"}));
        REQUIRE_EXIT(few, 0);
        QCOMPARE(readMatrix(path("f.npy")).rows(), std::size_t{241});
        QVERIFY(few.json[QLatin1String("text_mean_of")].toString().contains(QLatin1String("neutral")));
    }

    void jointMapOfRealVectors()
    {
        NEEDS_SHARED("data/coco-clip/image.npy");
        const auto shared = [](const char* name) { return QString::fromStdString(sharedPath(name)); };
        const ProgramRun run =
            runJson(words({"joint", "--method", "pca", "--in"}) + QStringList{shared("data/coco-clip/image.npy")} +
                    words({"--pairs"}) + QStringList{shared("data/coco-clip/text.npy")} + to("--out", "r.npy"));
        REQUIRE_EXIT(run, 0);
        QCOMPARE(readMatrix(path("r.npy")).rows(), std::size_t{1000});
        QVERIFY(run.json[QLatin1String("gap")].toDouble() > 0.8); // Liang et al. 2022
        const QJsonObject own = run.json[QLatin1String("own_nearest")].toObject();
        QVERIFY(own[QLatin1String("picture_to_caption")].toDouble() > 0.5);
    }

    void benchSearchSpeaks()
    {
        const ProgramRun run = runJson(words({"bench", "search", "--n", "5000", "--d", "32"}));
        REQUIRE_EXIT(run, 0);
        QStringList names;
        for (const QJsonValue& figure : run.json[QLatin1String("figures")].toArray()) {
            names << figure.toObject()[QLatin1String("name")].toString();
        }
        QVERIFY(names.contains(QStringLiteral("one query, best of 15")));
        QVERIFY(names.contains(QStringLiteral("peak memory")));
    }
};

QTEST_GUILESS_MAIN(TestCliScores)
#include "TestCliScores.moc"
