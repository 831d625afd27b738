#include "Shared.h"
#include "cli/Program.h"
#include "core/CheckpointModels.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

namespace {

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

/// Checkpoints on the command line: the card, the activation that must be chosen, and what is written of it.
class TestCliModels : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_model;

    QString at(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase()
    {
        m_model =
            QString::fromStdString(fixture::saveModel(at("mystery.safetensors").toStdString(), fixture::openAi()));
        QFile tokens(at("tokens.npy"));
        QByteArray header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 3), }";
        header += QByteArray(117 - header.size(), ' ') + "\n";
        QVERIFY(tokens.open(QIODevice::WriteOnly));
        tokens.write(QByteArray("\x93NUMPY\x01\x00\x76\x00", 10) + header + fixture::little<qint32>(1) +
                     fixture::little<qint32>(7) + fixture::little<qint32>(49));
    }

    void cardOfACheckpoint()
    {
        const ProgramRun run = runJson(words({"inspect"}) << m_model);
        REQUIRE_EXIT(run, 0);
        const QJsonObject item = run.json[QLatin1String("items")].toArray()[0].toObject();
        for (const char* key : {"family", "parameters", "embed_dim", "image_size", "vision", "text", "activation",
                                "preprocessing", "assumed", "vocabulary", "warnings", "hash", "card", "files"}) {
            QVERIFY2(item.contains(QLatin1String(key)), key);
        }
        QCOMPARE(item[QLatin1String("activation")].toString(), QStringLiteral("unknown"));
        QCOMPARE(item[QLatin1String("hash")].toString().size(), qsizetype(32));
        const QJsonObject card = item[QLatin1String("card")].toObject();
        QVERIFY(card[QLatin1String("activation")].toString().contains(QLatin1String("has to be chosen")));
        const ProgramRun text = runProgram(words({"inspect"}) << m_model << words({"--activation", "gelu"}));
        REQUIRE_EXIT(text, 0);
        QVERIFY(text.out.contains("chosen by you") && text.out.contains("kind: checkpoint"));
    }

    void unknownActivationIsDemanded()
    {
        const QStringList embed = words({"embed", "--what", "text", "--tokens"})
                                  << at("tokens.npy") << words({"--out"}) << at("e.npy") << words({"--model"})
                                  << m_model;
        const ProgramRun refused = runJson(embed);
        REQUIRE_EXIT(refused, 2);
        const QString message = refused.json[QLatin1String("error")].toObject()[QLatin1String("message")].toString();
        QVERIFY2(message.contains(QLatin1String("--activation")), qPrintable(message));
        const ProgramRun run = runJson(embed + words({"--activation", "quick_gelu"}));
        REQUIRE_EXIT(run, 0);
        QFile side(at("e.json"));
        QVERIFY(side.open(QIODevice::ReadOnly));
        const QJsonObject model = QJsonDocument::fromJson(side.readAll()).object()[QLatin1String("model")].toObject();
        QCOMPARE(model[QLatin1String("activation")].toString(), QStringLiteral("quick_gelu"));
        QCOMPARE(model[QLatin1String("activation_from")].toString(), QStringLiteral("chosen by you"));
        QVERIFY(model[QLatin1String("hash")].toString().endsWith(QLatin1String("+quick_gelu")));
    }

    void anotherPictureSize()
    {
        const ProgramRun run = runJson(words({"inspect"}) << m_model << words({"--image-size", "48"}));
        REQUIRE_EXIT(run, 0);
        const QJsonObject item = run.json[QLatin1String("items")].toArray()[0].toObject();
        QCOMPARE(item[QLatin1String("image_size")].toInt(), 48);
        QVERIFY(item[QLatin1String("described")].toString().contains(QLatin1String("positions=32")));
        const ProgramRun odd =
            runJson(words({"embed", "--activation", "gelu", "--image-size", "50", "--tokens"})
                    << at("tokens.npy") << words({"--out"}) << at("f.npy") << words({"--model"}) << m_model);
        REQUIRE_EXIT(odd, 2);
        QVERIFY(!QFileInfo::exists(at("f.npy")));
    }

    void modelsToGet()
    {
        const ProgramRun run = runJson(words({"inspect", "--get-a-clip"}));
        REQUIRE_EXIT(run, 0);
        QVERIFY(run.json[QLatin1String("models")].toArray().size() >= 5);
        const ProgramRun text = runProgram(words({"inspect", "--get-a-clip"}));
        REQUIRE_EXIT(text, 0);
        QVERIFY(text.out.contains("openai/clip-vit-base-patch32") && text.out.contains("Where to put them"));
    }

    void formatsThatAreNotRead()
    {
        QFile file(at("clip.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("GGUF" + QByteArray(60, '\3'));
        file.close();
        const ProgramRun run = runJson(words({"inspect"}) << file.fileName());
        REQUIRE_EXIT(run, 1);
        const QString message = run.json[QLatin1String("items")]
                                    .toArray()[0]
                                    .toObject()[QLatin1String("error")]
                                    .toObject()[QLatin1String("message")]
                                    .toString();
        QVERIFY2(message.contains(QLatin1String("GGUF")), qPrintable(message));
    }
};

QTEST_GUILESS_MAIN(TestCliModels)
#include "TestCliModels.moc"
