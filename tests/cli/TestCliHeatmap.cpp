#include "Shared.h"
#include "cli/Program.h"
#include "widgets/figure/Recipe.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

/// `score --figure` with the choices that the window's heatmap has; what was drawn is told by the figure's recipe.
class TestCliHeatmap : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    ProgramRun score(const char* more)
    {
        QStringList words{QStringLiteral("score"),
                          QStringLiteral("--model"),
                          QStringLiteral("demo"),
                          QStringLiteral("--data"),
                          QStringLiteral("demo"),
                          QStringLiteral("--out"),
                          m_folder.filePath(QStringLiteral("s.csv")),
                          QStringLiteral("--figure"),
                          m_folder.filePath(QStringLiteral("f.svg")),
                          QStringLiteral("--text"),
                          QStringLiteral("a red circle"),
                          QStringLiteral("a star"),
                          QStringLiteral("a blue thing")};
        return runJson(words + QString::fromUtf8(more).split(QLatin1Char(' '), Qt::SkipEmptyParts));
    }
    QJsonObject drawing() const
    {
        const QByteArray recipe = semascope::ui::readRecipe(m_folder.filePath(QStringLiteral("f.svg")));
        return QJsonDocument::fromJson(recipe).object().value(QStringLiteral("drawing")).toObject();
    }

private Q_SLOTS:
    void drawsWhatIsAskedFor()
    {
        ProgramRun run = score("--scale fixed:.1:.3 --count 7 --sort 2");
        QVERIFY2(run.exitCode == 0, run.report().constData());
        QJsonObject d = drawing();
        QCOMPARE(d.value(QStringLiteral("pictures")).toInt(), 7);
        QCOMPARE(d.value(QStringLiteral("scale")).toString(), QStringLiteral("fixed"));
        QCOMPARE(d.value(QStringLiteral("lo")).toDouble(), 0.1);
        QCOMPARE(d.value(QStringLiteral("hi")).toDouble(), 0.3);
        const QJsonObject choice = d.value(QStringLiteral("choice")).toObject();
        QCOMPARE(choice.value(QStringLiteral("sort_text")).toString(), QStringLiteral("a star"));
        // The order of the columns is that of the scores of the second text.
        QHash<QString, double> star;
        for (const QJsonValue& row : run.json[QStringLiteral("rows")].toArray()) {
            star.insert(row[QStringLiteral("id")].toString(), row[QStringLiteral("scores")][1].toDouble());
        }
        const QJsonArray ids = d.value(QStringLiteral("ids")).toArray();
        for (qsizetype i = 1; i < ids.size(); ++i) {
            QVERIFY(star.value(ids[i - 1].toString()) >= star.value(ids[i].toString()));
        }
        run = score("--pick best --count 3 --group text --value percentile --scale per-row --sort mean");
        QVERIFY2(run.exitCode == 0, run.report().constData());
        d = drawing();
        QVERIFY(d.value(QStringLiteral("pictures")).toInt() <= 9);
        QVERIFY(!d.value(QStringLiteral("groups")).toArray().isEmpty());
        QCOMPARE(d.value(QStringLiteral("value")).toString(), QStringLiteral("percentile"));
        QCOMPARE(d.value(QStringLiteral("row_ranges")).toArray().size(), 3);
        run = score("--group cluster --clusters 4 --count 20 --size 85mm --seed 2");
        QVERIFY2(run.exitCode == 0, run.report().constData());
        d = drawing();
        QVERIFY(d.value(QStringLiteral("groups")).toArray().size() <= 4);
        QCOMPARE(d.value(QStringLiteral("widthMm")).toDouble(), 85.0);
        QFile svg(m_folder.filePath(QStringLiteral("f.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(!svg.readAll().contains("numbers left out"));
    }

    void wrongWordsAreMisuse_data()
    {
        QTest::addColumn<QByteArray>("words");
        for (const char* words : {"--scale .3", "--sort 4", "--sort nothing", "--group colours", "--pick some",
                                  "--value contrast", "--count 0", "--sort-texts 1"}) {
            QTest::newRow(words) << QByteArray(words);
        }
    }

    void wrongWordsAreMisuse()
    {
        QFETCH(const QByteArray, words);
        const ProgramRun run = score(words.constData());
        QVERIFY2(run.exitCode == 2, run.report().constData());
        QVERIFY(
            !run.json.value(QStringLiteral("error")).toObject().value(QStringLiteral("message")).toString().isEmpty());
    }

    void unknownAttributesAreNamed()
    {
        const ProgramRun run = score("--group attribute:nothing");
        QVERIFY2(run.exitCode == 1, run.report().constData());
        QVERIFY(run.report().contains("there are: "));
    }
};

QTEST_GUILESS_MAIN(TestCliHeatmap)
#include "TestCliHeatmap.moc"
