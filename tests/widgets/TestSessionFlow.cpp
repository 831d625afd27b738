#include "Shared.h"
#include "app/ClusterDesk.h"
#include "core/session/Sample.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include <cmath>

using namespace semascope;
using app::Session;

/// The whole path without a window: pictures and a model in, map, clusters, prompts, a session file and back.
class TestSessionFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        core::JobContext job;
        m_files = core::builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
    }

    void picturesToSessionFile()
    {
        Session session;
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
        const std::size_t n = session.data()->samples.size();
        QCOMPARE(session.document().embedding->rows.rows(), n);
        QCOMPARE(session.document().layoutSample.size(), n);
        QCOMPARE(session.colouring().colour.size(), n);

        session.addPrompt(QStringLiteral("a red circle"), {});
        session.addPrompt(QStringLiteral("a star"), QStringLiteral("a square"));
        session.editPrompt(0, QStringLiteral("a red circle"), QStringLiteral("a circle"), true);
        session.showPromptValue(ui::ScoreKind::Percentile);
        QTRY_VERIFY_WITH_TIMEOUT(session.hasScores(0) && session.hasScores(1), 20000);
        QVERIFY(std::isfinite(session.scores(1).contrast[n - 1]));
        QTRY_VERIFY(session.colouring().legend.continuous);

        core::ClusterSpec clusters;
        clusters.k = 5;
        app::ClusterDesk desk(&session);
        desk.run(clusters, false);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().clustering != nullptr, 20000);
        session.renameCluster(1, QStringLiteral("pale things"));
        session.selectCluster(1, core::Combine::Replace);
        QVERIFY(session.selection()->selectedCount() > 0);
        session.makeAttribute(QStringLiteral("mine"));
        QCOMPARE(session.document().userAttributes.size(), std::size_t(1));

        const QString file = m_folder.filePath(QStringLiteral("s.semascope"));
        QSignalSpy saved(&session, &Session::documentSaved);
        session.save(file);
        QTRY_COMPARE(saved.count(), 1);

        Session again;
        again.open(file.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(again.document().layout && again.model() && !again.jobs()->busy(), 60000);
        QCOMPARE(again.document().clusterNames[1], std::string("pale things"));
        QCOMPARE(again.selection()->selectedCount(), session.selection()->selectedCount());
        QCOMPARE(again.document().prompts.size(), std::size_t(2));
        QVERIFY(again.document().prompts[0].neutral);
        QVERIFY(!again.document().prompts[1].neutral);
        QCOMPARE(again.document().view.promptValue, std::string("percentile"));
        QCOMPARE(again.document().view.logitScale, session.model()->logitScale());
        QTRY_VERIFY(again.hasScores(0));
        QCOMPARE(again.document().layout->points.at(3, 1), session.document().layout->points.at(3, 1));
        QCOMPARE(again.document().userAttributes.front().categories,
                 session.document().userAttributes.front().categories);
    }

    void embeddingCancelledAndStartedAgain()
    {
        Session session;
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(session.embedding() || session.document().embedding, 30000);
        session.jobs()->cancelAll();
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy(), 3000);
        session.embedPictures();
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
        QCOMPARE(session.document().embedding->rows.rows(), session.data()->samples.size());
    }

    void selectionIsMappedAlone()
    {
        Session session;
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
        std::vector<std::uint32_t> some;
        for (std::uint32_t i = 10; i < 40; ++i) {
            some.push_back(i);
        }
        session.select(some, core::Combine::Replace);
        core::LayoutSpec spec;
        spec.method = "pca";
        session.reduce(spec, true);
        QTRY_COMPARE_WITH_TIMEOUT(session.document().layout->points.rows(), std::size_t(30), 20000);
        QCOMPARE(session.document().layoutSample, some);
    }

    void badPathsAreSaid()
    {
        Session session;
        QSignalSpy notices(&session, &Session::notice);
        session.open("/nonexistent/pictures");
        QTRY_VERIFY_WITH_TIMEOUT(!notices.isEmpty(), 5000);
        QVERIFY(notices.last().at(1).toBool());
        QVERIFY(notices.last().first().toString().contains(QLatin1String("nonexistent")));
    }

    void randomStartsAndCancels()
    {
        Session session;
        openSample(session);
        for (int i = 0; i < 40; ++i) {
            switch (i % 5) {
            case 0:
                session.embedPictures();
                break;
            case 1:
                session.reduce({}, false);
                break;
            case 2:
                session.addPrompt(QStringLiteral("text %1").arg(i), {});
                break;
            case 3:
                openSample(session);
                break;
            default:
                session.jobs()->cancelAll();
            }
            QTest::qWait(i % 7);
        }
        openSample(session);
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy() && session.document().layout, 120000);
        QCOMPARE(session.document().embedding->rows.rows(), session.data()->samples.size());
    }

private:
    void openSample(Session& session)
    {
        core::ModelSpec model;
        model.path = m_files.model;
        session.openModel(model);
        core::OpenSpec data;
        data.path = m_files.pictures;
        session.openData(data);
    }

    QTemporaryDir m_folder;
    core::SampleFiles m_files;
};

QTEST_MAIN(TestSessionFlow)
#include "TestSessionFlow.moc"
