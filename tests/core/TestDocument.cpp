#include "Shared.h"
#include "core/job/Error.h"
#include "core/session/Document.h"

#include <cmath>
#include <csignal>
#include <limits>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace semascope::core;

namespace {

Matrix ramp(std::size_t rows, std::size_t cols)
{
    std::vector<float> values(rows * cols);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>(i) * 0.37F - 3;
    }
    return Matrix::from(std::move(values), rows, cols);
}

bool equal(const Matrix& a, const Matrix& b)
{
    return a.rows() == b.rows() && a.cols() == b.cols() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.rows() * a.cols() * sizeof(float)) == 0);
}

std::shared_ptr<const Embedding> someEmbedding()
{
    auto e = std::make_shared<Embedding>();
    e->rows = ramp(3, 5);
    e->sampleIndex = {0, 2, 3};
    e->spec = {"00ff", Modality::Text, "hf", "bf16", false};
    e->modelName = "a model";
    e->skipped = {{"odd\xE9.png", "cut short"}};
    e->seconds = 1.25;
    e->device = "cpu";
    return e;
}

std::shared_ptr<const Layout> someLayout()
{
    auto l = std::make_shared<Layout>();
    l->points = ramp(3, 2);
    l->inputRow = {0, 1, 2};
    l->spec = {"pca", 2, 18'446'744'073'709'551'615ULL, {{"whiten", "no"}}};
    l->excluded = 1;
    l->rawStress = 0.1;
    l->stress1 = std::numeric_limits<double>::quiet_NaN();
    l->iterations = 17;
    l->explained = {0.75F, 0.125F};
    l->notes = {"one row left out"};
    return l;
}

std::shared_ptr<const Clustering> someClustering()
{
    auto c = std::make_shared<Clustering>();
    c->assignment = {1, 0, 1};
    c->inputRow = {0, 1, 2};
    c->centroids = ramp(2, 5);
    c->sizes = {1, 2};
    c->inertia = 1e300;
    c->iterations = 4;
    c->spec = {"kmeans", 2, 7, {{"n_init", "3"}}};
    c->confidence = {0.5F, 0.25F, 1.0F};
    c->warnings = {"one cluster is empty: use fewer"};
    c->criterion = "silhouette";
    c->criterionValue = 0.125;
    const double none = std::nan("");
    c->curve = {{TrainingPoint::Stage::Pretraining, 4, 0.5, none, none},
                {TrainingPoint::Stage::Refining, 1, none, 0.75, 0.001}};
    return c;
}

Document someDocument()
{
    Document d;
    d.dataset.path = "/pictures/caf\xE9 \xF0\x9F\x98\x80";
    d.dataset.metadata = "table.csv";
    d.dataset.subset = 4;
    d.dataset.seed = 9;
    d.dataset.checkPictures = false;
    d.dataset.limits.maxPixels = 12345;
    d.datasetHash = "abc";
    d.sampleIds = {"a.png", std::string("b\0c", 3), "\xFF\xFE", ""};
    d.modelPath = "/models/x\xE9";
    d.modelName = "X";
    d.modelHash = "00ff";
    d.vocabulary = "/vocab";
    d.embedding = someEmbedding();
    d.layout = someLayout();
    d.layoutSample = {0, 2, 3};
    d.clustering = someClustering();
    d.clusterSample = {0, 2, 3};
    d.clusterNames = {"cats", "d\xC3\xB6gs"};
    d.prompts = {{"glasses", "no glasses", {1, 0}, {0, 1}}, {"not encoded yet", "", {}, {}}};
    d.userAttributes.resize(2);
    d.userAttributes[0].name = "picked";
    d.userAttributes[0].categories = {0, -1, 1, 1};
    d.userAttributes[0].labels = {"yes", "no"};
    d.userAttributes[1].name = "weight";
    d.userAttributes[1].numbers = {0.1, std::nan(""), -1e308, 0};
    d.selected = {1, 0, 0, 1};
    d.current = 3;
    d.view.camera.flat = false;
    d.view.camera.orbit(0.3, -0.2);
    d.view.colourBy = "attribute:picked";
    d.view.pointSize = 4.1;
    d.view.hidden = {"yes"};
    return d;
}

std::string bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string("unreadable");
}

void writeBytes(const QString& path, const std::string& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes.data(), static_cast<qint64>(bytes.size())), static_cast<qint64>(bytes.size()));
}

/// The sentence with which `path` is refused; empty when it opens.
QString refusal(const QString& path, Code expected = Code::BadFormat)
{
    try {
        (void)openDocument(path.toStdString());
    } catch (const Error& e) {
        return e.code() == expected ? QString::fromUtf8(e.what())
                                    : QStringLiteral("another code: ") + QString::fromUtf8(e.what());
    }
    return {};
}

void runSql(const QString& path, const char* sql)
{
    sqlite3* db = nullptr;
    QCOMPARE(sqlite3_open(path.toUtf8().constData(), &db), SQLITE_OK);
    char* message = nullptr;
    sqlite3_exec(db, sql, nullptr, nullptr, &message);
    sqlite3_close(db);
    QVERIFY2(message == nullptr, message);
}

} // namespace

class TestDocument : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QString::fromUtf8(name)); }
    QString saved(const char* name) const
    {
        saveDocument(someDocument(), path(name).toStdString());
        return path(name);
    }

private Q_SLOTS:
    void everythingComesBack()
    {
        const Document d = someDocument();
        const std::string file = path("all.semascope").toStdString();
        saveDocument(d, file);
        const Document r = openDocument(file);
        QVERIFY(r.dataset == d.dataset);
        QCOMPARE(r.dataset.limits.maxPixels, d.dataset.limits.maxPixels);
        QCOMPARE(r.datasetHash, d.datasetHash);
        QVERIFY(r.sampleIds == d.sampleIds);
        QCOMPARE(r.modelPath, d.modelPath);
        QCOMPARE(r.modelName + r.modelHash + r.vocabulary, d.modelName + d.modelHash + d.vocabulary);
        QVERIFY(r.clusterNames == d.clusterNames);
        QVERIFY(r.selected == d.selected);
        QCOMPARE(r.current, d.current);
        QVERIFY(r.view.camera == d.view.camera);
        QCOMPARE(r.view.colourBy, d.view.colourBy);
        QCOMPARE(r.view.pointSize, d.view.pointSize);
        QVERIFY(r.view.hidden == d.view.hidden);
    }

    void resultsComeBack()
    {
        const Document d = someDocument();
        const Document r = openDocument(saved("results.semascope").toStdString());
        QVERIFY(equal(r.embedding->rows, d.embedding->rows));
        QVERIFY(r.embedding->sampleIndex == d.embedding->sampleIndex);
        QVERIFY(r.embedding->spec == d.embedding->spec);
        QCOMPARE(r.embedding->skipped.at(0).path, d.embedding->skipped.at(0).path);
        QVERIFY(equal(r.layout->points, d.layout->points));
        QVERIFY(r.layout->spec == d.layout->spec);
        QVERIFY(r.layout->explained == d.layout->explained);
        QVERIFY(std::isnan(r.layout->stress1));
        QCOMPARE(r.layout->rawStress, d.layout->rawStress);
        QVERIFY(r.layoutSample == d.layoutSample);
        QVERIFY(r.clustering->assignment == d.clustering->assignment);
        QVERIFY(equal(r.clustering->centroids, d.clustering->centroids));
        QVERIFY(r.clustering->sizes == d.clustering->sizes);
        QVERIFY(r.clustering->spec == d.clustering->spec);
        QCOMPARE(r.clustering->inertia, d.clustering->inertia);
        QVERIFY(r.clustering->confidence == d.clustering->confidence);
        QVERIFY(r.clustering->warnings == d.clustering->warnings);
        QCOMPARE(r.clustering->criterion, d.clustering->criterion);
        QCOMPARE(r.clustering->criterionValue, d.clustering->criterionValue);
        QCOMPARE(r.clustering->curve.size(), std::size_t(2));
        QVERIFY(r.clustering->curve[0].stage == TrainingPoint::Stage::Pretraining && r.clustering->curve[0].step == 4);
        QVERIFY(std::isnan(r.clustering->curve[0].changed) && std::isnan(r.clustering->curve[1].reconstruction));
        QCOMPARE(r.clustering->curve[1].changed, 0.001);
    }

    void promptsAndAttributesComeBack()
    {
        const Document d = someDocument();
        const Document r = openDocument(saved("prompts.semascope").toStdString());
        QCOMPARE(r.prompts.size(), d.prompts.size());
        for (std::size_t i = 0; i < d.prompts.size(); ++i) {
            QCOMPARE(r.prompts[i].text + r.prompts[i].opposite, d.prompts[i].text + d.prompts[i].opposite);
            QVERIFY(r.prompts[i].vector == d.prompts[i].vector);
            QVERIFY(r.prompts[i].oppositeVector == d.prompts[i].oppositeVector);
        }
        QCOMPARE(r.userAttributes.size(), std::size_t{2});
        QVERIFY(r.userAttributes[0].categories == d.userAttributes[0].categories);
        QVERIFY(r.userAttributes[0].labels == d.userAttributes[0].labels);
        QVERIFY(r.userAttributes[1].numeric());
        QVERIFY(std::isnan(r.userAttributes[1].numbers[1]));
        QCOMPARE(r.userAttributes[1].numbers[2], d.userAttributes[1].numbers[2]);
    }

    void emptyDocument()
    {
        const std::string file = path("empty.semascope").toStdString();
        saveDocument({}, file);
        const Document r = openDocument(file);
        QVERIFY(r.sampleIds.empty() && !r.embedding && !r.layout && !r.clustering && r.current == -1);
    }

    void largeMatrixIsCutIntoParts()
    {
        Document d;
        auto e = std::make_shared<Embedding>();
        e->rows = ramp(17'000, 1024); // 70 MB, over one part
        e->sampleIndex.assign(17'000, 0);
        d.embedding = e;
        d.sampleIds = {"only"};
        const std::string file = path("large.semascope").toStdString();
        saveDocument(d, file);
        QVERIFY(equal(openDocument(file).embedding->rows, d.embedding->rows));
    }

    void oddFileNames()
    {
        const QString file = saved("a ?#%20\xC3\xA9 'b'.semascope");
        QVERIFY(isDocument(file.toStdString()));
        QCOMPARE(refusal(file), QString());
        const std::string notUtf8 = m_folder.path().toStdString() + "/\xE9\xFF.semascope";
        saveDocument(someDocument(), notUtf8);
        QCOMPARE(openDocument(notUtf8).current, 3);
        ::unlink(notUtf8.c_str()); // Qt cannot name it
    }

    void savesOverALinkAndKeepsTheMode()
    {
        const QString real = saved("real.semascope");
        const QString link = path("link.semascope");
        QVERIFY(QFile::link(real, link));
        QVERIFY(QFile::setPermissions(real, QFile::ReadOwner | QFile::WriteOwner));
        saveDocument({}, link.toStdString());
        QVERIFY(QFileInfo(link).isSymLink());
        QVERIFY(openDocument(real.toStdString()).sampleIds.empty());
        QCOMPARE(QFileInfo(real).permission(QFile::ReadGroup), false);
    }

    void openingChangesNothing()
    {
        const QString file = saved("quiet.semascope");
        const std::string before = bytesOf(file);
        const auto names = QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden);
        (void)openDocument(file.toStdString());
        QVERIFY(bytesOf(file) == before);
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden), names);
    }

    void failedSaveKeepsTheOldFile()
    {
        const QString file = saved("kept.semascope");
        const std::string before = bytesOf(file);
        const auto names = QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden);
        Document d = someDocument();
        auto e = std::make_shared<Embedding>(*d.embedding);
        e->rows = ramp(3, 1'000'000);
        d.embedding = e;

        rlimit old = {};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &old), 0);
        const rlimit small{1u << 20, old.rlim_max};
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        QString message;
        try {
            saveDocument(d, file.toStdString());
        } catch (const Error& error) {
            message = error.code() == Code::Io ? QString::fromUtf8(error.what()) : QStringLiteral("another code");
        }
        ::setrlimit(RLIMIT_FSIZE, &old);
        std::signal(SIGXFSZ, handler);

        QVERIFY2(message.contains(QLatin1String("kept.semascope")) &&
                     message.contains(QLatin1String("cannot be written")),
                 qPrintable(message));
        QVERIFY(bytesOf(file) == before);
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden), names);
    }

    void saveWhereNothingCanBeSaved()
    {
        for (const char* target : {"no/such/folder/x.semascope", "."}) {
            try {
                saveDocument({}, path(target).toStdString());
                QFAIL("saved all the same");
            } catch (const Error& e) {
                QCOMPARE(e.code(), Code::Io);
            }
        }
    }

    void neverReplacesAPipe()
    {
        const std::string pipe = path("pipe.semascope").toStdString();
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QCOMPARE(::symlink(pipe.c_str(), path("to_pipe.semascope").toStdString().c_str()), 0);
        for (const char* name : {"pipe.semascope", "to_pipe.semascope"}) {
            QString message;
            try {
                saveDocument({}, path(name).toStdString());
            } catch (const Error& e) {
                QCOMPARE(e.code(), Code::Io);
                message = QString::fromUtf8(e.what());
            }
            QVERIFY2(message.contains(QStringLiteral("is not a regular file")), qPrintable(message));
        }
        struct stat s = {};
        QCOMPARE(::stat(pipe.c_str(), &s), 0);
        QVERIFY(S_ISFIFO(s.st_mode));
    }

    void refusesWhatDoesNotFitTogether()
    {
        Document d = someDocument();
        d.layoutSample.pop_back();
        QVERIFY_THROWS_EXCEPTION(Error, saveDocument(d, path("bad.semascope").toStdString()));
        d = someDocument();
        d.current = 4;
        QVERIFY_THROWS_EXCEPTION(Error, saveDocument(d, path("bad.semascope").toStdString()));
        QVERIFY(!QFileInfo::exists(path("bad.semascope")));
    }

    void refusesANewerVersion()
    {
        const QString file = saved("newer.semascope");
        runSql(file, "PRAGMA user_version=3");
        const std::string before = bytesOf(file);
        const QString message = refusal(file);
        QVERIFY2(message.contains(QLatin1String("version 3")) && message.contains(QLatin1String("version 1")),
                 qPrintable(message));
        QVERIFY(bytesOf(file) == before);
        QVERIFY(isDocument(file.toStdString()));
    }

    void refusesOtherFiles()
    {
        QVERIFY(!refusal(path("absent.semascope"), Code::NotFound).isEmpty());
        QVERIFY(!refusal(m_folder.path()).isEmpty());
        writeBytes(path("garbage.semascope"), std::string(5000, 'x'));
        writeBytes(path("nothing.semascope"), {});
        for (const char* name : {"garbage.semascope", "nothing.semascope"}) {
            QVERIFY2(refusal(path(name)).contains(QLatin1String("not a Semascope session")), name);
            QVERIFY(!isDocument(path(name).toStdString()));
        }
        runSql(path("foreign.db"), "CREATE TABLE t (x)");
        QVERIFY(refusal(path("foreign.db")).contains(QLatin1String("another program")));
        QVERIFY(!isDocument(path("foreign.db").toStdString()));
    }

    void refusesEveryTruncation()
    {
        const std::string whole = bytesOf(saved("whole.semascope"));
        for (std::size_t size = 0; size < whole.size(); size += 1021) {
            writeBytes(path("cut.semascope"), whole.substr(0, size));
            QVERIFY2(!refusal(path("cut.semascope")).isEmpty(), qPrintable(QString::number(size)));
        }
    }

    void changedBytesAreNoticedOrHarmless()
    {
        const std::string whole = bytesOf(saved("flip.semascope"));
        const Document d = someDocument();
        for (std::size_t at = 100; at < whole.size(); at += 97) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 0x41);
            writeBytes(path("flip.semascope"), changed);
            try {
                const Document r = openDocument(path("flip.semascope").toStdString());
                QVERIFY(r.sampleIds == d.sampleIds && equal(r.embedding->rows, d.embedding->rows));
            } catch (const Error& e) {
                QCOMPARE(e.code(), Code::BadFormat);
            }
        }
    }

    void refusesForgery_data()
    {
        QTest::addColumn<QString>("sql");
        const auto add = [](const char* name, const char* sql) { QTest::newRow(name) << QString::fromUtf8(sql); };
        add("rows that are not there",
            "UPDATE results SET spec = replace(spec, '\"rows\":3', '\"rows\":4000000000000')");
        add("array of another length", "UPDATE arrays SET bytes = zeroblob(8) WHERE name = 'embedding'");
        add("array changed", "UPDATE arrays SET bytes = zeroblob(length(bytes)) WHERE name = 'layout'");
        add("array as text", "UPDATE arrays SET bytes = 'caf\xC3\xA9' WHERE name = 'selection'");
        add("array moved", "UPDATE arrays SET part = 1 WHERE name = 'layout'");
        add("array gone", "DELETE FROM arrays WHERE name = 'clustering'");
        add("sample gone", "DELETE FROM samples WHERE i = 1");
        add("sample changed", "UPDATE samples SET id = x'00' WHERE i = 1");
        add("label changed", "UPDATE attribute_labels SET label = x'41'");
        add("prompt changed", "UPDATE prompts SET text = x'41'");
        add("view gone", "DELETE FROM view");
        add("table gone", "DROP TABLE prompts");
        add("view in place of a table", "DROP TABLE samples; CREATE VIEW samples AS WITH RECURSIVE n(i) AS "
                                        "(SELECT 0 UNION ALL SELECT i+1 FROM n) SELECT i, x'00' AS id FROM n");
        add("selection of another size", "UPDATE selection SET size = 3000000000");
    }
    void refusesForgery()
    {
        QFETCH(QString, sql);
        const QString file = saved("forged.semascope");
        runSql(file, sql.toUtf8().constData());
        const QString message = refusal(file);
        QVERIFY2(message.contains(QLatin1String("is damaged")), qPrintable(message));
    }
};

QTEST_GUILESS_MAIN(TestDocument)
#include "TestDocument.moc"
