#include "Shared.h"
#include "core/checkpoint/Checkpoint.h"
#include "core/job/Error.h"
#include "core/session/Sample.h"

#include <QElapsedTimer>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>

using namespace semascope::core;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<QByteArray> tableRows(const SampleFiles& files)
{
    QList<QByteArray> rows = contentOf(QString::fromStdString(files.pictures)).split('\n');
    rows.removeAll(QByteArray());
    return rows;
}

} // namespace

class TestSample : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    SampleFiles m_files;
    JobContext m_job;

private Q_SLOTS:
    void initTestCase()
    {
        QElapsedTimer timer;
        timer.start();
        m_files = builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), m_job);
        qInfo("written in %lld ms", timer.elapsed());
    }

    void tableAndPictures()
    {
        const QList<QByteArray> rows = tableRows(m_files);
        QCOMPARE(rows.size(), 241);
        QCOMPARE(rows.first(), QByteArray("file,caption,shape,colour,background,size"));
        const QDir folder = QFileInfo(QString::fromStdString(m_files.pictures)).dir();
        QMap<QByteArray, int> combinations;
        for (int i = 1; i < rows.size(); ++i) {
            const QList<QByteArray> facts = rows[i].mid(rows[i].lastIndexOf('"') + 2).split(',');
            QCOMPARE(facts.size(), 4);
            ++combinations[facts[0] + ' ' + facts[1]];
            QVERIFY2(rows[i].contains(facts[0]) && rows[i].count(facts[1]) >= 2, rows[i].constData());
            const QImage picture(folder.filePath(QString::fromUtf8(rows[i].left(rows[i].indexOf(',')))));
            QCOMPARE(picture.size(), QSize(96, 96));
        }
        QCOMPARE(combinations.size(), 48);
        for (const int count : combinations) {
            QCOMPARE(count, 5);
        }
    }

    void coloursAreWhatTheTableSays()
    {
        const QDir folder = QFileInfo(QString::fromStdString(m_files.pictures)).dir();
        const QList<QByteArray> rows = tableRows(m_files);
        int seen = 0;
        for (const QByteArray& row : rows) {
            if (!row.contains(",square,red,") && !row.contains(",square,blue,")) {
                continue;
            }
            // The middle of the picture lies in the square unless it is small and far off.
            const QImage picture(folder.filePath(QString::fromUtf8(row.left(row.indexOf(',')))));
            const QColor middle = picture.pixelColor(48, 48);
            if (!row.endsWith(",small")) {
                QVERIFY2(row.contains(",red,") ? middle.red() > middle.blue() : middle.blue() > middle.red(),
                         row.constData());
                ++seen;
            }
        }
        QVERIFY(seen > 0);
    }

    void modelIsComplete()
    {
        const QString folder = QString::fromStdString(m_files.model);
        const QJsonObject config = QJsonDocument::fromJson(contentOf(folder + QLatin1String("/config.json"))).object();
        const QJsonObject text = config[QLatin1String("text_config")].toObject();
        const QJsonObject vocabulary =
            QJsonDocument::fromJson(contentOf(folder + QLatin1String("/vocab.json"))).object();
        const int tokens = text[QLatin1String("vocab_size")].toInt();
        QCOMPARE(vocabulary.size(), tokens);
        QCOMPARE(vocabulary[QStringLiteral("<|endoftext|>")].toInt(), tokens - 1);
        QCOMPARE(vocabulary[QStringLiteral("!")].toInt(), 0);
        QCOMPARE(vocabulary[QStringLiteral("!</w>")].toInt(), 256);
        for (const char* word : {"circle</w>", "purple</w>", "background</w>"}) {
            QVERIFY2(vocabulary.contains(QLatin1String(word)), word);
        }

        const StateDict state = readSafetensors(m_files.model + "/model.safetensors");
        QCOMPARE(state.find("text_model.embeddings.token_embedding.weight")->shape.at(0), tokens);
        for (const auto& [name, tensor] : state.tensors) {
            for (const float v : toFloats(tensor)) {
                QVERIFY2(std::isfinite(v) && std::abs(v) < 8, name.c_str());
            }
        }
    }

    void readmeSaysThatScoresMeanNothing()
    {
        const QByteArray text = contentOf(m_folder.filePath(QStringLiteral("sample/README.txt")));
        QVERIFY(text.contains("RANDOM") && text.contains("mean nothing"));
    }

    void secondTimeWritesNothing()
    {
        const QString weights = QString::fromStdString(m_files.model) + QLatin1String("/model.safetensors");
        const QDateTime before = QFileInfo(weights).lastModified();
        const SampleFiles again = builtInSample(m_folder.filePath(QStringLiteral("sample/")).toStdString(), m_job);
        QCOMPARE(again.model, m_files.model);
        QCOMPARE(QFileInfo(weights).lastModified(), before);
    }

    void damageIsRepaired()
    {
        const QString weights = QString::fromStdString(m_files.model) + QLatin1String("/model.safetensors");
        const QByteArray before = contentOf(weights);
        QVERIFY(QFile::resize(weights, 0));
        (void)builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), m_job);
        QVERIFY2(contentOf(weights) == before, "the same seed must give the same weights");
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("sample")});
    }

    void cancelLeavesNothing()
    {
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        QVERIFY_THROWS_EXCEPTION(Error, builtInSample(m_folder.filePath(QStringLiteral("other")).toStdString(), job));
        QVERIFY(!QFileInfo::exists(m_folder.filePath(QStringLiteral("other"))));
    }

    void folderThatCannotBe()
    {
        QFile file(m_folder.filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        try {
            (void)builtInSample(m_folder.filePath(QStringLiteral("file/sample")).toStdString(), m_job);
            QFAIL("written all the same");
        } catch (const Error& e) {
            QCOMPARE(e.code(), Code::Io);
        }
    }

    void defaultFolderFollowsTheEnvironment()
    {
        const QByteArray cache = qgetenv("XDG_CACHE_HOME"), home = qgetenv("HOME");
        qputenv("XDG_CACHE_HOME", "/some/cache");
        QCOMPARE(builtInSampleFolder(), std::string("/some/cache/semascope/sample-1"));
        qunsetenv("XDG_CACHE_HOME");
        qputenv("HOME", "/home/someone");
        QCOMPARE(builtInSampleFolder(), std::string("/home/someone/.cache/semascope/sample-1"));
        qunsetenv("HOME");
        QVERIFY(builtInSampleFolder().ends_with("/semascope/sample-1"));
        qputenv("HOME", home);
        if (!cache.isEmpty()) {
            qputenv("XDG_CACHE_HOME", cache);
        }
    }
};

QTEST_GUILESS_MAIN(TestSample)
#include "TestSample.moc"
