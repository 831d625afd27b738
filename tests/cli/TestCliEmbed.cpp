#include "Program.h"
#include "Shared.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>

/// A sample with its estimate, precisions compared, and devices that are not here.
class TestCliEmbed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void sampleIsTheSameForASeed()
    {
        const ProgramRun first = sample("5", "a.npy"), again = sample("5", "b.npy"), other = sample("6", "c.npy");
        QVERIFY2(first.exitCode == 0 && again.exitCode == 0 && other.exitCode == 0, first.report().constData());
        QCOMPARE(first.json[QLatin1String("rows")].toInt(), 40);
        QVERIFY(first.err.contains("for 240 pictures on cpu fp32; a sample of 40 takes"));
        const QJsonObject estimate = first.json[QLatin1String("estimate")].toObject();
        QCOMPARE(estimate[QLatin1String("pictures")].toInt(), 240);
        QCOMPARE(estimate[QLatin1String("sample")].toInt(), 40);
        QVERIFY(estimate[QLatin1String("seconds")].toDouble() > 0);
        QCOMPARE(bytes("a.npy"), bytes("b.npy"));
        QVERIFY(bytes("a.npy") != bytes("c.npy"));
    }

    void precisionsAreCompared()
    {
        const ProgramRun run = embed({"--compare-precision"});
        QVERIFY2(run.exitCode == 0, run.report().constData());
        const QJsonArray lines = run.json[QLatin1String("precisions")].toArray();
        QVERIFY(lines.size() >= 3);
        QCOMPARE(lines[0].toObject()[QLatin1String("precision")].toString(), QStringLiteral("fp32"));
        QVERIFY(lines[0].toObject()[QLatin1String("per_second")].toDouble() > 0);
        QVERIFY(lines[1].toObject()[QLatin1String("cosine_min")].toDouble() > 0.99);
    }

    void misuseIsSaid_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* words, const char* code) {
            QTest::newRow(words) << QString::fromLatin1(words).split(QLatin1Char(' ')) << QString::fromLatin1(code);
        };
        row("--out x.npy --sample 0", "misuse");
        row("--out x.npy --sample 5 --what text", "misuse");
        row("--sample 5", "misuse"); // nowhere to write
        row("--out x.npy --device cuda:77", "not_found");
        row("--out x.npy --device gpu", "misuse");
        row("--out x.npy --precision int8", "misuse");
    }

    void misuseIsSaid()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, code);
        QCOMPARE(embed(words).errorCode(), code);
    }

private:
    ProgramRun embed(const QStringList& more) const
    {
        return runJson(QStringList{QStringLiteral("embed"), QStringLiteral("--model"), QStringLiteral("demo"),
                                   QStringLiteral("--data"), QStringLiteral("demo")} +
                       more);
    }
    ProgramRun embed(std::initializer_list<const char*> more) const
    {
        QStringList words;
        for (const char* word : more) {
            words << QString::fromLatin1(word);
        }
        return embed(words);
    }
    ProgramRun sample(const char* seed, const char* out) const
    {
        return embed(QStringList{QStringLiteral("--sample"), QStringLiteral("40"), QStringLiteral("--seed"),
                                 QString::fromLatin1(seed), QStringLiteral("--no-cache"), QStringLiteral("--device"),
                                 QStringLiteral("cpu"), QStringLiteral("--out"),
                                 m_folder.filePath(QString::fromLatin1(out))});
    }
    QByteArray bytes(const char* name) const
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCliEmbed)
#include "TestCliEmbed.moc"
