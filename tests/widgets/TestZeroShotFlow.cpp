#include "Shared.h"
#include "app/ZeroShot.h"
#include "app/ZeroShotFiles.h"
#include "core/session/Sample.h"
#include "widgets/figure/Recipe.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <cmath>
#include <numeric>

using namespace semascope;
using app::Session;
using app::ZeroShot;

/// Zero-shot without a window: the sample's pictures, its model, its labels; then other data and other models.
class TestZeroShotFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        core::JobContext job;
        m_files = core::builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
    }

    void missingThings()
    {
        Session session;
        ZeroShot zeroShot(&session);
        QVERIFY(zeroShot.missing() == ZeroShot::Missing::Data);
        openData(session, m_files.pictures);
        QTRY_VERIFY_WITH_TIMEOUT(session.data() && !session.jobs()->busy(), 20000);
        QVERIFY(zeroShot.missing() == ZeroShot::Missing::Model);
        zeroShot.run(specOf(session), QStringLiteral("shape")); // does nothing
        QVERIFY(!zeroShot.running());
        QSignalSpy changed(&zeroShot, &ZeroShot::changed);
        openModel(session, m_files.model);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
        QVERIFY(zeroShot.missing() == ZeroShot::Missing::Nothing);
        QVERIFY(!changed.isEmpty());
    }

    void runsAndJudges()
    {
        Session session;
        ZeroShot zeroShot(&session);
        openBoth(session);
        const core::ZeroShotSpec spec = specOf(session);
        zeroShot.run(spec, QStringLiteral("shape"));
        QVERIFY(zeroShot.running());
        QTRY_VERIFY_WITH_TIMEOUT(zeroShot.result() && !zeroShot.running(), 60000);
        const core::ZeroShotResult& r = *zeroShot.result();
        const std::size_t n = session.data()->samples.size();
        QCOMPARE(r.spec, spec);
        QCOMPARE(r.logitScale, session.model()->logitScale());
        QCOMPARE(r.labelled, n);
        QCOMPARE(std::accumulate(r.confusion.begin(), r.confusion.end(), std::size_t(0)), n);
        const auto wrong = zeroShot.wrongSamples();
        QCOMPARE(wrong.size(), n - std::size_t(std::lround(r.top1 * double(n))));
        zeroShot.selectWrong(core::Combine::Replace);
        QCOMPARE(session.selection()->selectedCount(), wrong.size());
        const int k = int(spec.classes.size());
        std::size_t all = 0;
        for (int label = 0; label < k; ++label) {
            for (int prediction = 0; prediction < k; ++prediction) {
                const auto cell = zeroShot.samplesOf(label, prediction);
                QCOMPARE(cell.size(), std::size_t(r.confusion[std::size_t(label * k + prediction)]));
                all += cell.size();
            }
        }
        QCOMPARE(all, n);
        QCOMPARE(zeroShot.samplesOf(-1, -1).size(), n);
    }

    void attributesColourTheMap()
    {
        Session session;
        ZeroShot zeroShot(&session);
        openBoth(session);
        const core::ZeroShotSpec spec = specOf(session);
        zeroShot.run(spec, QStringLiteral("shape"));
        QTRY_VERIFY_WITH_TIMEOUT(zeroShot.result() != nullptr, 60000);
        const auto sources = zeroShot.labelAttributes().size();
        zeroShot.colourBy(ZeroShot::Column::Predicted);
        QCOMPARE(session.colouring().legend.entries.size(), qsizetype(spec.classes.size()));
        zeroShot.colourBy(ZeroShot::Column::Confidence);
        QVERIFY(session.colouring().legend.continuous);
        QVERIFY(session.colouring().legend.hi <= 1.0 && session.colouring().legend.lo > 0.0);
        zeroShot.colourBy(ZeroShot::Column::Correct);
        QCOMPARE(session.document().userAttributes.size(), std::size_t(3));
        QCOMPARE(session.colouring().legend.entries.size(), 2);
        QCOMPARE(std::size_t(session.colouring().legend.entries[1].count), zeroShot.wrongSamples().size());
        QVERIFY(zeroShot.result());                           // the data are the same
        QCOMPARE(zeroShot.labelAttributes().size(), sources); // its own columns are no labels
        // other labels judge the same result anew, and what was made of it follows
        const auto before = session.document().userAttributes.back().categories;
        zeroShot.compareWith(QString());
        QTRY_VERIFY(zeroShot.result()->confusion.empty());
        QCOMPARE(zeroShot.labelAttribute(), QString());
        const auto& after = session.document().userAttributes;
        QCOMPARE(after.size(), std::size_t(3));
        for (const core::Attribute& a : after) {
            if (a.name.rfind("correct", 0) == 0) {
                QVERIFY(a.categories != before);
            }
        }
    }

    void otherDataForgetTheResult()
    {
        Session session;
        ZeroShot zeroShot(&session);
        openBoth(session);
        zeroShot.run(specOf(session), QStringLiteral("shape"));
        QTRY_VERIFY_WITH_TIMEOUT(zeroShot.result() != nullptr, 60000);
        openModel(session, m_files.model); // another object, if the same weights
        QTRY_VERIFY_WITH_TIMEOUT(!zeroShot.result(), 30000);
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy(), 60000);
        core::ZeroShotSpec large = specOf(session);
        large.templates = core::templateSet("imagenet-80");
        zeroShot.run(large, QStringLiteral("shape"));
        QVERIFY(zeroShot.running());
        openData(session, m_files.pictures);
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy() && session.document().layout, 60000);
        QVERIFY(!zeroShot.running());
        QVERIFY(!zeroShot.result());
    }

    void cancelled()
    {
        Session session;
        ZeroShot zeroShot(&session);
        openBoth(session);
        core::ZeroShotSpec large = specOf(session);
        for (int i = 0; i < 400; ++i) {
            large.classes.push_back("thing " + std::to_string(i));
        }
        large.templates = core::templateSet("imagenet-80");
        zeroShot.run(large, {});
        QTest::qWait(100);
        zeroShot.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!zeroShot.running() && !session.jobs()->busy(), 3000);
        QVERIFY(!zeroShot.result());
        zeroShot.run(specOf(session), {});
        QTRY_VERIFY_WITH_TIMEOUT(zeroShot.result() != nullptr, 60000);
        QVERIFY(zeroShot.result()->confusion.empty());
    }

    void filesSayTheSame()
    {
        Session session;
        ZeroShot zeroShot(&session);
        openBoth(session);
        zeroShot.run(specOf(session), QStringLiteral("shape"));
        QTRY_VERIFY_WITH_TIMEOUT(zeroShot.result() != nullptr, 60000);
        app::ZeroShotFile file{session.data(), zeroShot.result(), {}, QStringLiteral("shape")};
        const auto n = qsizetype(file.data->samples.size());
        for (qsizetype s = 0; s < n; ++s) {
            file.labels.push_back(zeroShot.labelOf(s));
        }
        const QStringList rows =
            QString::fromStdString(app::predictionsCsv(file)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(rows.size(), n + 1);
        const auto columns = 3 + 3 * qsizetype(zeroShot.result()->top);
        qsizetype right = 0;
        for (const QString& row : rows) {
            const QStringList fields = row.split(QLatin1Char(','));
            QCOMPARE(fields.size(), columns);
            right += fields[2] == QLatin1String("1") ? 1 : 0;
            QCOMPARE(fields[2] == QLatin1String("1"), fields[1] == fields[3]);
        }
        QCOMPARE(right, qsizetype(std::lround(zeroShot.result()->top1 * double(n))));
        const QString confusion = QString::fromStdString(app::confusionCsv(file));
        QCOMPARE(confusion.count(QLatin1Char('\n')), qsizetype(file.result->spec.classes.size()) + 1);

        const QString path = m_folder.filePath(QStringLiteral("confusion.png"));
        app::ExportDialog::Choice choice;
        choice.path = path;
        choice.size = {120, 110, 100};
        QSignalSpy notices(&session, &Session::notice);
        app::exportConfusion(session, file, choice, true);
        QTRY_VERIFY_WITH_TIMEOUT(!notices.isEmpty(), 20000);
        QVERIFY2(!notices.last().at(1).toBool(), qPrintable(notices.last().first().toString()));
        const QJsonObject recipe = QJsonDocument::fromJson(ui::readRecipe(path)).object();
        QCOMPARE(recipe[QStringLiteral("zero_shot")][QStringLiteral("labelled")].toInteger(), qint64(n));
        QCOMPARE(recipe[QStringLiteral("drawing")][QStringLiteral("rows")].toString(), QStringLiteral("label"));
    }

    void realPicturesWithAGoldenModel()
    {
        NEEDS_SHARED("goldens/clip/vit_tiny/hf/vocab.json");
        NEEDS_SHARED("data/cifar10/labels.csv");
        Session session;
        ZeroShot zeroShot(&session);
        openModel(session, sharedPath("goldens/clip/vit_tiny/hf"));
        openData(session, sharedPath("data/cifar10/labels.csv"));
        QTRY_VERIFY_WITH_TIMEOUT(session.document().embedding && !session.embedding(), 120000);
        core::ZeroShotSpec spec;
        spec.classes = core::classesOf(*zeroShot.labelAttributes().front());
        spec.templates = core::templateSet("cifar-18");
        QCOMPARE(spec.classes.size(), std::size_t(10));
        zeroShot.run(spec, QString::fromStdString(zeroShot.labelAttributes().front()->name));
        QTRY_VERIFY_WITH_TIMEOUT(zeroShot.result() && !zeroShot.running(), 120000);
        QCOMPARE(zeroShot.result()->labelled, session.data()->samples.size());
        QVERIFY(zeroShot.result()->top1 < 0.35); // random weights: not far from a tenth
    }

private:
    void openData(Session& session, const std::string& path)
    {
        core::OpenSpec data;
        data.path = path;
        session.openData(data);
    }
    void openModel(Session& session, const std::string& path)
    {
        core::ModelSpec model;
        model.path = path;
        session.openModel(model);
    }
    void openBoth(Session& session)
    {
        openModel(session, m_files.model);
        openData(session, m_files.pictures);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
    }
    static core::ZeroShotSpec specOf(const Session& session)
    {
        core::ZeroShotSpec spec;
        for (const core::Attribute& a : session.data()->attributes) {
            if (a.name == "shape") {
                spec.classes = core::classesOf(a);
            }
        }
        spec.templates = core::templateSet("plain");
        return spec;
    }

    QTemporaryDir m_folder;
    core::SampleFiles m_files;
};

QTEST_MAIN(TestZeroShotFlow)
#include "TestZeroShotFlow.moc"
