#include "ClusterFixture.h"
#include "app/ClusterCards.h"
#include "app/ClusterEditor.h"
#include "app/ClusterFiles.h"
#include "app/ClusterLabels.h"
#include "app/RowPictures.h"
#include "app/Search.h"
#include "app/Settings.h"
#include "app/Undo.h"
#include "core/session/Sample.h"

#include <QAction>
#include <QSignalSpy>

#include <cmath>
#include <numeric>

using namespace semascope;
using app::Session;
using test::ClusterFixture;

/// Clusters worked out, edited, undone, saved and exported; without a window.
class TestClusterCards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainAndUniqueNames()
    {
        QVERIFY(app::isPlainName("cluster 12"));
        QVERIFY(!app::isPlainName("cluster of cats"));
        QVERIFY(!app::isPlainName("cat"));
        const std::vector<std::string> names{"cat", "dog", "cat (2)"};
        QCOMPARE(app::uniqueName(names, -1, "pear"), std::string("pear"));
        QCOMPARE(app::uniqueName(names, 0, "cat"), std::string("cat"));
        QCOMPARE(app::uniqueName(names, 1, "cat"), std::string("cat (3)"));
    }

    void namesFollowEdits()
    {
        core::Clustering before, after;
        before.assignment = {0, 0, 1, 1, 2, 2};
        before.sizes = {2, 2, 2};
        after = before;
        after.assignment = {0, 0, 0, 0, 1, 1};
        after.sizes = {4, 2};
        const std::vector<std::string> names{"cat", "dog", "cluster 3"};
        QCOMPARE(app::namesAfter({before, names, after}), (std::vector<std::string>{"cat + dog", "cluster 3"}));
        after.assignment = {0, 1, 2, 2, 3, 3};
        after.sizes = {1, 1, 2, 2};
        QCOMPARE(app::namesAfter({before, names, after}),
                 (std::vector<std::string>{"cat (1)", "cat (2)", "dog", "cluster 3"}));
        after.assignment = {0, 3, 1, 3, 2, 2};
        after.sizes = {1, 1, 2, 2};
        QCOMPARE(app::namesAfterPick({before, names, after}, 3),
                 (std::vector<std::string>{"cat", "dog", "cluster 3", "selection"}));
    }

    void facts()
    {
        Session session;
        app::ClusterCards cards(&session, nullptr);
        openAndCluster(session, 3);
        QTRY_VERIFY_WITH_TIMEOUT(cards.facts() != nullptr, 10000);
        const auto shown = cards.cards(nullptr);
        QCOMPARE(shown.size(), std::size_t(3));
        double share = 0;
        for (const ui::ClusterCard& card : shown) {
            share += card.share;
            QCOMPARE(card.size, ClusterFixture::kEach);
            QCOMPARE(card.prototypes.size(), app::FactsSpec::kPrototypes);
            QVERIFY(!card.outliers.empty());
            const std::uint32_t kind = card.prototypes.front() / ClusterFixture::kEach;
            for (const std::uint32_t s : card.prototypes) {
                QCOMPARE(s / std::uint32_t(ClusterFixture::kEach), kind);
            }
            QVERIFY(!card.facts.empty()); // each cluster is one kind
            QVERIFY2(card.facts.front().text.contains(QLatin1String("kind = ")), qPrintable(card.facts.front().text));
            QVERIFY(card.facts.front().tip.contains(QLatin1String("Bonferroni")));
        }
        QVERIFY(std::abs(share - 1) < 1e-9);
        QVERIFY(cards.facts()->problem.isEmpty());
        session.select({0, 1, 2}, core::Combine::Replace);
        const auto& selected = cards.selected();
        QCOMPARE(std::accumulate(selected.begin(), selected.end(), std::size_t(0)), std::size_t(3));
    }

    void mergeSplitPickAndBack()
    {
        Session session;
        app::Undo undo(&session);
        app::ClusterEditor editor(&session, &undo, nullptr);
        openAndCluster(session, 3);
        const auto first = session.document().clustering;
        app::ClusterCards cards(&session, nullptr);
        const QString byHand = QStringLiteral(" · changed by hand"), inertia = QStringLiteral("inertia");
        QVERIFY(!app::changedByHand(*first) && app::clusteringLine(*first).contains(inertia));
        QVERIFY(!cards.summary().contains(byHand));
        editor.rename(0, QStringLiteral("cat"));
        editor.rename(1, QStringLiteral("dog"));
        editor.merge({0, 1});
        QTRY_COMPARE_WITH_TIMEOUT(session.document().clustering->sizes.size(), std::size_t(2), 10000);
        QCOMPARE(session.document().clusterNames[0], std::string("cat + dog"));
        QCOMPARE(session.document().clustering->spec.k, 2);
        QCOMPARE(session.document().clustering->sizes[0], 2 * ClusterFixture::kEach);
        const QString line = app::clusteringLine(*session.document().clustering);
        QVERIFY2(line.endsWith(byHand) && !line.contains(inertia), qPrintable(line));
        QVERIFY2(cards.summary().endsWith(byHand), qPrintable(cards.summary()));
        QCOMPARE(undo.undoAction()->text(), QStringLiteral("Undo merging cat and dog"));
        QCOMPARE(session.colouring().legend.entries.size(), 2);
        undo.undoAction()->trigger();
        QCOMPARE(session.document().clustering, first);
        QCOMPARE(session.document().clusterNames[1], std::string("dog"));
        undo.redoAction()->trigger();
        QCOMPARE(session.document().clusterNames.size(), std::size_t(2));
        editor.split(0, 2);
        QTRY_COMPARE_WITH_TIMEOUT(session.document().clustering->sizes.size(), std::size_t(3), 10000);
        QCOMPARE(session.document().clusterNames[0], std::string("cat + dog (1)"));
        QVERIFY(app::clusteringLine(*session.document().clustering).endsWith(byHand));
        QCOMPARE(session.document().clustering->sizes[0], ClusterFixture::kEach); // the clouds are found again
        session.select({3, 50, 100}, core::Combine::Replace);
        editor.pick();
        QTRY_COMPARE_WITH_TIMEOUT(session.document().clustering->sizes.size(), std::size_t(4), 10000);
        const auto& names = session.document().clusterNames;
        const auto picked = std::find(names.begin(), names.end(), "selection");
        QVERIFY(picked != names.end());
        QCOMPARE(session.document().clustering->sizes[std::size_t(picked - names.begin())], std::size_t(3));
        QVERIFY(app::clusteringLine(*session.document().clustering).endsWith(byHand));
        while (undo.undoAction()->isEnabled()) {
            undo.undoAction()->trigger();
        }
        QVERIFY(!session.document().clustering); // as before the first clustering
        QCOMPARE(session.selection()->selectedCount(), std::size_t(0));
        while (undo.redoAction()->isEnabled()) {
            undo.redoAction()->trigger();
        }
        QCOMPARE(session.document().clustering->sizes.size(), std::size_t(4));
        QCOMPARE(session.selection()->selectedCount(), std::size_t(3));
    }

    void allInOne()
    {
        Session session;
        app::Undo undo(&session);
        app::ClusterCards cards(&session, nullptr);
        app::ClusterEditor editor(&session, &undo, nullptr);
        openAndCluster(session, 3);
        editor.merge({0, 1, 2});
        QTRY_COMPARE_WITH_TIMEOUT(session.document().clustering->sizes.size(), std::size_t(1), 10000);
        QTRY_VERIFY_WITH_TIMEOUT(cards.facts() != nullptr, 10000);
        QVERIFY2(cards.facts()->problem.isEmpty(), qPrintable(cards.facts()->problem));
        QSignalSpy notices(&session, &Session::notice);
        editor.split(0, 100000); // more than there are rows: a sentence, and nothing changes
        QTRY_COMPARE_WITH_TIMEOUT(notices.count(), 1, 10000);
        QVERIFY(notices[0][1].toBool());
        QCOMPARE(session.document().clustering->sizes.size(), std::size_t(1));
    }

    void neverTwoOfOneName()
    {
        Session session;
        app::Undo undo(&session);
        app::ClusterEditor editor(&session, &undo, nullptr);
        openAndCluster(session, 3);
        editor.rename(0, QStringLiteral("cat"));
        QSignalSpy notices(&session, &Session::notice);
        editor.rename(2, QStringLiteral("cat"));
        QCOMPARE(session.document().clusterNames[2], std::string("cat (2)"));
        QCOMPARE(notices.count(), 1);
    }

    void wordsLeaveNamesOfPeople()
    {
        Session session;
        app::Undo undo(&session);
        app::ClusterEditor editor(&session, &undo, nullptr);
        openAndCluster(session, 3);
        editor.rename(1, QStringLiteral("animal"));
        app::ClusterWordsFound found;
        found.of = session.document().clustering;
        found.words = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"pear", "animal", "x"});
        found.naming.name = {1, 2, 0};
        QCOMPARE(editor.takeWords(found, false), 1);
        QCOMPARE(session.document().clusterNames, (std::vector<std::string>{"animal (2)", "animal", "pear"}));
        QVERIFY(editor.named(1) && !editor.named(0) && !editor.named(2));
        QCOMPARE(editor.takeWords(found, true), 0);
        QCOMPARE(session.document().clusterNames, (std::vector<std::string>{"animal", "x", "pear"}));
        undo.stack()->undo();
        QCOMPARE(session.document().clusterNames[1], std::string("animal"));
    }

    void editsSurviveAFile()
    {
        Session session;
        app::Undo undo(&session);
        app::ClusterEditor editor(&session, &undo, nullptr);
        openAndCluster(session, 4);
        editor.merge({1, 3});
        QTRY_COMPARE_WITH_TIMEOUT(session.document().clustering->sizes.size(), std::size_t(3), 10000);
        editor.rename(1, QStringLiteral("two in one, “quoted”"));
        const QString file = m_data.folder.filePath(QStringLiteral("c.semascope"));
        QSignalSpy saved(&session, &Session::documentSaved);
        session.save(file);
        QTRY_COMPARE(saved.count(), 1);
        Session again;
        app::Undo fresh(&again);
        app::ClusterCards cards(&again, nullptr);
        again.open(file.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(again.document().clustering && !again.jobs()->busy(), 20000);
        QCOMPARE(again.document().clusterNames, session.document().clusterNames);
        QCOMPARE(again.document().clustering->assignment, session.document().clustering->assignment);
        QCOMPARE(again.document().clustering->spec.k, 3);
        QTRY_VERIFY_WITH_TIMEOUT(cards.facts() != nullptr, 10000);
        QVERIFY2(cards.facts()->problem.isEmpty(), qPrintable(cards.facts()->problem));
        QVERIFY(!cards.cards(nullptr)[1].prototypes.empty());
        QVERIFY(!fresh.undoAction()->isEnabled()); // what a file brings is no step
    }

    void undoOfSelectionAndPrompts()
    {
        Session session;
        app::Undo undo(&session);
        openAndCluster(session, 2);
        const int before = undo.stack()->count();
        session.select({1, 2, 3}, core::Combine::Replace);
        QTest::qWait(800); // another gesture
        session.select({9}, core::Combine::Add);
        session.select({10}, core::Combine::Add); // the same one
        QCOMPARE(undo.stack()->count(), before + 2);
        undo.undoAction()->trigger();
        QCOMPARE(session.selection()->selected(), (std::vector<std::uint32_t>{1, 2, 3}));
        session.addPrompt(QStringLiteral("a cat"), {});
        session.addPrompt(QStringLiteral("a dog"), {});
        session.removePrompt(0);
        QCOMPARE(session.document().prompts.size(), std::size_t(1));
        QCOMPARE(undo.undoAction()->text(), QStringLiteral("Undo removing a prompt"));
        undo.undoAction()->trigger();
        QCOMPARE(session.document().prompts.size(), std::size_t(2));
        QCOMPARE(session.document().prompts[0].text, std::string("a cat"));
        undo.undoAction()->trigger();
        undo.undoAction()->trigger();
        QVERIFY(session.document().prompts.empty());
        QCOMPARE(session.selection()->selectedCount(), std::size_t(3));
        m_data.open(session); // other data forget it
        QTRY_VERIFY_WITH_TIMEOUT(!undo.undoAction()->isEnabled(), 10000);
    }

    void tables()
    {
        Session session;
        app::ClusterCards cards(&session, nullptr);
        openAndCluster(session, 3);
        QTRY_VERIFY_WITH_TIMEOUT(cards.facts() != nullptr, 10000);
        const core::Document& doc = session.document();
        std::vector<std::string> names = doc.clusterNames;
        names[0] = "cats, \"tabby\"";
        const app::ClusterFile file{session.data(), doc.clustering, doc.clusterSample, names, cards.facts(), nullptr};
        const QStringList rows = QString::fromStdString(app::clusterRowsCsv(file)).split(QLatin1Char('\n'));
        QCOMPARE(rows.size(), qsizetype(3 * ClusterFixture::kEach + 2)); // a head, and the end
        QVERIFY(rows[0].startsWith(QLatin1String("id,cluster,name")));
        const QString text = QString::fromStdString(app::clusterRowsCsv(file));
        QVERIFY(text.contains(QLatin1String("\"cats, \"\"tabby\"\"\"")));
        const QString table = QString::fromStdString(app::clusterTableCsv(file));
        QCOMPARE(table.count(QLatin1Char('\n')), 4);
        QVERIFY(table.contains(QLatin1String("kind = ")));
        const QString path = m_data.folder.filePath(QStringLiteral("clusters.csv"));
        QSignalSpy said(&session, &Session::remark);
        app::writeClusterCsv(session, file, true, path);
        QTRY_COMPARE(said.count(), 1);
        QFile written(path);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(written.readAll()), text);
    }

    void namedByWords()
    {
        const QTemporaryDir home; // settings and the sample stay away from the person's own
        qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
        core::JobContext job;
        const core::SampleFiles files = core::builtInSample(home.filePath(QStringLiteral("sample")).toStdString(), job);
        Session session;
        app::Settings settings;
        app::Search search(&session);
        app::Undo undo(&session);
        app::ClusterEditor editor(&session, &undo, nullptr);
        app::ClusterNamer namer(&session, &settings, search.captions(), nullptr);
        core::OpenSpec data;
        data.path = files.pictures;
        session.openData(data);
        QTRY_VERIFY_WITH_TIMEOUT(session.data() && !session.jobs()->busy(), 20000);
        const QString shapes = QStringLiteral("attribute:shape");
        QVERIFY(namer.problem(shapes).contains(QLatin1String("no clusters")));
        core::ModelSpec model;
        model.path = files.model;
        session.openModel(model);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 90000);
        test::adopt(session, 4);
        QCOMPARE(namer.problem(shapes), QString());
        QVERIFY(namer.words(QStringLiteral("general")).size() > 100);
        const auto listed = namer.vocabularies();
        QVERIFY(std::any_of(listed.begin(), listed.end(), [&](const auto& v) { return v.key == shapes; }));
        QSignalSpy named(&namer, &app::ClusterNamer::named);
        namer.run(shapes);
        QVERIFY(namer.running());
        QTRY_COMPARE_WITH_TIMEOUT(named.count(), 1, 60000);
        const auto found = namer.found();
        QVERIFY(found && found->naming.top.size() == 4 && !found->naming.top[0].empty());
        QCOMPARE(editor.takeWords(*found, false), 0);
        const auto& names = session.document().clusterNames;
        QCOMPARE(std::set<std::string>(names.begin(), names.end()).size(), std::size_t(4));
        const auto words = namer.words(shapes);
        for (const std::string& name : names) {
            QVERIFY(std::find(words.begin(), words.end(), name) != words.end());
        }
        test::adopt(session, 3); // other clusters: the words are of no use
        QVERIFY(!namer.found());
        namer.run(shapes);
        namer.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!namer.running() && !session.jobs()->busy(), 10000);
    }

    void vectorsOfAnotherModel()
    {
        const QTemporaryDir home;
        core::JobContext job;
        const core::SampleFiles files = core::builtInSample(home.filePath(QStringLiteral("sample")).toStdString(), job);
        Session session;
        app::Settings settings;
        app::Search search(&session);
        app::ClusterNamer namer(&session, &settings, search.captions(), nullptr);
        openAndCluster(session, 3);
        QVERIFY(namer.problem(QStringLiteral("general")).contains(QLatin1String("needs the CLIP")));
        core::ModelSpec model;
        model.path = files.model;
        session.openModel(model);
        QTRY_VERIFY_WITH_TIMEOUT(session.model() && !session.jobs()->busy(), 30000);
        const QString said = namer.problem(QStringLiteral("general"));
        QVERIFY2(said.contains(QString::number(ClusterFixture::kDim)), qPrintable(said)); // the widths differ
    }

    void picturesOfRows()
    {
        std::vector<float> grey(16, 0.0F);
        grey[5] = 2;
        const QImage one = app::pictureOf(grey, 0, 2);
        QCOMPARE(one.size(), QSize(4, 4));
        QCOMPARE(one.pixel(1, 1), qRgb(255, 255, 255));
        std::vector<float> planes(48, 0.0F);
        planes[16 + 3] = 1;
        QCOMPARE(app::pictureOf(planes, 0, 1).pixel(3, 0), qRgb(0, 255, 0));
        QVERIFY(app::pictureOf(std::vector<float>(15), 0, 1).isNull());
        QVERIFY(app::looksLikePixels(core::Matrix::from(std::vector<float>(32, 0.5F), 2, 16)));
        QVERIFY(!app::looksLikePixels(core::Matrix::from(std::vector<float>(32, -0.5F), 2, 16)));
        auto data = std::make_shared<core::Dataset>();
        data->samples.resize(2);
        data->vectors = core::Matrix::from(std::vector<float>(32, 0.5F), 2, 16);
        data->vectorSample = {1, 0};
        QCOMPARE(app::rowPictures(data)(1).pixel(0, 0), qRgb(255, 255, 255));
        QVERIFY(app::rowPictures(data)(5).isNull());
        data->vectors = core::Matrix::from(std::vector<float>(32, -0.5F), 2, 16);
        QVERIFY(!app::rowPictures(data));
    }

private:
    void openAndCluster(Session& session, int k)
    {
        m_data.open(session);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 20000);
        test::adopt(session, k);
        session.colourBy("cluster");
        QVERIFY(session.document().clustering);
    }

    ClusterFixture m_data;
};

QTEST_MAIN(TestClusterCards)
#include "TestClusterCards.moc"
