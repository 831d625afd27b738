#include "Shared.h"
#include "app/ClusterDesk.h"
#include "app/ClusterMoments.h"
#include "app/TrainingText.h"
#include "app/Undo.h"
#include "core/data/Arrays.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <random>

using namespace semascope;
using app::ClusterDesk;
using app::Session;

namespace {

constexpr std::size_t kGroups = 4, kWide = 12;

/// Clear groups of vectors in turn: row r belongs to group r mod 4.
std::vector<float> groups(std::size_t n)
{
    std::mt19937 random(5);
    std::normal_distribution<float> noise(0, 0.3F);
    std::vector<float> x(n * kWide);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = noise(random) + ((i % kWide) % kGroups == (i / kWide) % kGroups ? 2.0F : 0.0F);
    }
    return x;
}

core::ClusterSpec small(const std::string& method, const std::string& epochs = "8")
{
    core::ClusterSpec spec;
    spec.method = method;
    spec.k = int(kGroups);
    spec.options = {{"hidden", "32-16"}, {"epochs", epochs}, {"code", "4"}};
    if (method != "ae-kmeans") {
        spec.options["max_updates"] = "6";
    }
    return spec;
}

} // namespace

/// Clusters without a window: training seen in passing, stop, scrubbing, the network and its files.
class TestClusterFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    void trainingPassesAndTheResultStays()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        const auto before = session.document().layout;
        bool shown = false, code = false, untouched = true;
        connect(&desk, &ClusterDesk::progressed, this, [&] {
            shown = true;
            code = code || session.shown().layout->spec.method == ui::kCodeMap;
            untouched = untouched && session.document().layout == before && !session.document().clustering &&
                        session.snapshot().layout == before;
        });
        desk.run(small("idec", "40"), false);
        QVERIFY(desk.running());
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        QVERIFY(shown && code && untouched);
        QVERIFY(!session.passing());
        const core::Document& doc = session.document();
        QCOMPARE(doc.layout->spec.method, std::string(ui::kCodeMap));
        QCOMPARE(doc.layout->points.rows(), std::size_t(600));
        QCOMPARE(doc.view.colourBy, std::string("cluster"));
        QCOMPARE(session.prototypes().size(), kGroups);
        QVERIFY(desk.network());
        const QString caption = ui::layoutCaption(*session.data(), *doc.layout);
        QVERIFY2(caption.startsWith(QStringLiteral("code of IDEC seen by PCA")) &&
                     caption.contains(QStringLiteral("n 600")),
                 qPrintable(caption));
        QCOMPARE(doc.clustering->frames.back()->assignment, doc.clustering->assignment); // the last frame is the result
        desk.toggleMap();
        QCOMPARE(session.document().layout, before);
        desk.toggleMap();
        QVERIFY(desk.showsCode());
    }

    void undoBringsTheMapOfItsClusters()
    {
        Session session;
        app::Undo undo(&session);
        ClusterDesk desk(&session);
        openGroups(session, 600);
        const auto plain = session.document().layout;
        std::vector<core::Document> after;
        for (const char* method : {"idec", "dec"}) {
            desk.run(small(method), false);
            QTRY_VERIFY_WITH_TIMEOUT(!desk.running(), 60000);
            QVERIFY(desk.showsCode() && desk.hasMapBefore());
            after.push_back(session.document());
        }
        const core::Document& doc = session.document();
        undo.stack()->undo();
        QVERIFY(doc.clustering == after[0].clustering && doc.layout == after[0].layout && desk.hasMapBefore());
        undo.stack()->undo();
        QVERIFY(!doc.clustering && doc.layout == plain);
        undo.stack()->setIndex(2); // both again
        QVERIFY(doc.clustering == after[1].clustering && doc.layout == after[1].layout && desk.showsCode());
        desk.toggleMap(); // a map that was chosen since stays
        undo.stack()->undo();
        QVERIFY(doc.clustering == after[0].clustering && doc.layout == plain);
    }

    void colourIsOneClusterFromFrameToFrame()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        desk.run(small("dec", "10"), false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        const auto& frames = desk.frames();
        for (std::size_t f = 1; f < frames.size(); ++f) {
            const auto &a = frames[f - 1]->assignment, &b = frames[f]->assignment;
            if (a.empty() || b.empty()) {
                continue;
            }
            std::size_t same = 0;
            for (std::size_t r = 0; r < a.size(); ++r) {
                same += a[r] == b[r] ? 1 : 0;
            }
            QVERIFY(same > a.size() / 2);
        }
    }

    void stopBringsEverythingBack()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 3000);
        core::ClusterSpec plain;
        plain.k = 3;
        desk.run(plain, false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        session.renameCluster(0, QStringLiteral("mine"));
        session.colourBy("");
        const auto layout = session.document().layout;
        const auto clustering = session.document().clustering;
        QSignalSpy notices(&session, &Session::notice), progressed(&desk, &ClusterDesk::progressed);
        desk.run(small("idec", "100000"), false);
        QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 1, 60000);
        QVERIFY(session.passing());
        desk.stop();
        QVERIFY(!desk.running() && !session.passing());
        QCOMPARE(session.document().layout, layout);
        QCOMPARE(session.document().clustering, clustering);
        QCOMPARE(session.document().clusterNames.front(), std::string("mine"));
        QCOMPARE(session.document().view.colourBy, std::string());
        QVERIFY(!notices.isEmpty());
        const auto count = progressed.count();
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy(), 5000);
        QCOMPARE(progressed.count(), count); // nothing comes after it was stopped
    }

    void withoutLiveOnlyColoursFollow()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        const auto before = session.document().layout;
        desk.setShowsTraining(false);
        bool still = true;
        connect(&desk, &ClusterDesk::progressed, this, [&] { still = still && session.shown().layout == before; });
        desk.run(small("dec"), false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        QVERIFY(still);
        QCOMPARE(session.document().layout, before);
        QVERIFY(desk.hasCode() && !desk.showsCode());
        desk.toggleMap();
        QVERIFY(desk.showsCode());
        QVERIFY(desk.hasMapBefore());
    }

    void framesPassAndAreNotSaved()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        desk.run(small("idec"), false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        QVERIFY(desk.frames().size() > 1);
        const auto result = session.document().layout;
        desk.showFrame(0);
        QVERIFY(session.passing());
        QCOMPARE(desk.frame(), 0);
        QVERIFY(session.shown().layout != result);
        QCOMPARE(session.snapshot().layout, result);                    // saved
        QCOMPARE(session.mapSnapshot().layout, session.shown().layout); // exported
        QVERIFY(ui::layoutCaption(*session.data(), *session.mapSnapshot().layout)
                    .contains(QString::fromStdString(desk.frames()[0]->stage)));
        desk.leaveFrames();
        QVERIFY(!session.passing() && desk.frame() < 0);
        QCOMPARE(session.shown().layout, result);
        desk.showFrame(0);
        session.reduce({}, false); // another map takes the place of what is shown in passing
        QTRY_VERIFY_WITH_TIMEOUT(!session.jobs()->busy(), 60000);
        QVERIFY(!session.passing());
        QCOMPARE(desk.frame(), -1);
    }

    void reopenedSessionShowsTheCurve()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        desk.run(small("idec"), false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        const QString file = m_folder.filePath(QStringLiteral("c.semascope"));
        QSignalSpy saved(&session, &Session::documentSaved);
        session.save(file);
        QTRY_COMPARE(saved.count(), 1);
        Session again;
        again.open(file.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(again.document().clustering && !again.jobs()->busy(), 60000);
        const core::Clustering &a = *session.document().clustering, &b = *again.document().clustering;
        QCOMPARE(b.confidence, a.confidence);
        QCOMPARE(b.warnings, a.warnings);
        QCOMPARE(b.criterion, a.criterion);
        QCOMPARE(b.curve.size(), a.curve.size());
        QCOMPARE(b.curve.back().step, a.curve.back().step);
        QVERIFY(b.curve.back().stage == a.curve.back().stage);
        QVERIFY(std::isnan(b.curve.front().changed));
        QVERIFY(b.frames.empty() && !b.model);
        const ui::TrainingShown shown = app::finishedTraining(b, 600);
        QCOMPARE(shown.figure.curve.size(), a.curve.size());
        QVERIFY(shown.figure.tolerance > 0);
        again.colourBy("confidence");
        QVERIFY(again.colouring().legend.continuous);
        QCOMPARE(again.colouring().legend.hi, 1.0);
        QVERIFY(again.colouring().legend.title.contains(QStringLiteral("n 600")));
    }

    void clustersOfAFileAlwaysHaveNames()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 300);
        core::ClusterSpec plain;
        plain.k = 3;
        desk.run(plain, false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        core::Document doc = session.snapshot();
        doc.clusterNames.clear(); // as a command writes it
        const QString file = m_folder.filePath(QStringLiteral("nameless.semascope"));
        core::saveDocument(doc, file.toStdString());
        Session again;
        again.open(file.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(again.document().clustering && !again.jobs()->busy(), 60000);
        QCOMPARE(again.document().clusterNames.size(), std::size_t(3));
    }

    void networkIsSavedAndAssignsTheRest()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        std::vector<std::uint32_t> half(400);
        for (std::uint32_t s = 0; s < half.size(); ++s) {
            half[s] = s + 100;
        }
        session.select(half, core::Combine::Replace);
        desk.run(small("idec", "30"), true);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        QCOMPARE(session.document().clusterSample.size(), half.size());
        const auto trained = session.document().clustering->assignment;
        const QString folder = m_folder.filePath(QStringLiteral("network"));
        QSignalSpy notices(&session, &Session::notice);
        desk.saveNetwork(folder);
        QTRY_VERIFY_WITH_TIMEOUT(core::isDeepModel(folder.toStdString()) && !session.jobs()->busy(), 20000);

        session.renameCluster(1, QStringLiteral("kept"));
        desk.assignRest();
        QTRY_COMPARE_WITH_TIMEOUT(session.document().clusterSample.size(), std::size_t(600), 60000);
        const core::Clustering& all = *session.document().clustering;
        QVERIFY2(QString::fromStdString(all.notes.back()).contains(QStringLiteral("400 trained on + 200 assigned")),
                 all.notes.back().c_str());
        QCOMPARE(session.document().clusterNames[1], std::string("kept"));
        for (std::size_t r = 0; r < half.size(); ++r) {
            QCOMPARE(all.assignment[half[r]], trained[r]);
        }
        std::size_t together = 0; // clear groups: the rest falls in with its own
        for (std::size_t r = 0; r < 100; ++r) {
            together += all.assignment[r] == all.assignment[r + 100] ? 1 : 0;
        }
        QVERIFY2(together > 80, qPrintable(QString::number(together)));

        Session other;
        ClusterDesk with(&other);
        openGroups(other, 600);
        other.open(folder.toStdString()); // as when it is dropped on the window
        QTRY_VERIFY_WITH_TIMEOUT(other.document().clustering != nullptr, 60000);
        QCOMPARE(other.document().clustering->assignment[0], all.assignment[0]);
        QVERIFY(with.network());
        QCOMPARE(other.prototypes().size(), kGroups);
    }

    void clustersFromElsewhereBringTheirMoments()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        core::JobContext job;
        const auto made = std::make_shared<const core::Clustering>(
            core::cluster(session.document().embedding->rows, small("dec"), job));
        QVERIFY(made->frames.size() > 1);
        session.adoptClustering(made, made->inputRow, {}); // as a comparison does
        QCOMPARE(desk.frames().size(), made->frames.size());
        QVERIFY(desk.network() && desk.hasCode() && !desk.showsCode());
        desk.showFrame(0);
        QCOMPARE(session.shown().layoutSample, made->inputRow);
        desk.leaveFrames();
        core::Clustering merged = *made; // by hand: of the same training
        merged.notes.emplace_back("merged");
        session.adoptClustering(std::make_shared<const core::Clustering>(merged), made->inputRow, {});
        QCOMPARE(desk.frames().size(), made->frames.size());
        QCOMPARE(desk.result(), made);
        core::ClusterSpec plain;
        plain.k = 3;
        desk.run(plain, false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering->spec == plain, 60000);
        QVERIFY(desk.frames().empty() && !desk.network());
    }

    void otherDataForgetTheTraining()
    {
        Session session;
        ClusterDesk desk(&session);
        openGroups(session, 600);
        desk.run(small("idec"), false);
        QTRY_VERIFY_WITH_TIMEOUT(!desk.running() && session.document().clustering, 60000);
        session.addAttribute({"a", std::vector<double>(600, 1.0), {}, {}}, false);
        QVERIFY(!desk.frames().empty()); // an attribute is no other data
        desk.run(small("idec", "100000"), false);
        openGroups(session, 300);
        QVERIFY(!desk.running() && desk.frames().empty() && !desk.network());
        QVERIFY(!session.passing() && !session.document().clustering);
    }

    void largeFramesAreCheapToShow()
    {
        constexpr std::size_t n = 50000;
        Session session;
        ClusterDesk desk(&session);
        core::DeepFrame frame;
        frame.points = core::Matrix::from(std::vector<float>(2 * n, 0.5F), n, 2);
        frame.assignment.assign(n, 1);
        auto rows = std::make_shared<std::vector<std::uint32_t>>(n);
        std::vector<std::uint32_t> sample(n);
        for (std::uint32_t r = 0; r < n; ++r) {
            (*rows)[r] = sample[r] = r;
        }
        frame.inputRow = rows;
        openGroups(session, n);
        session.colourBy("cluster");
        std::vector<double> ms;
        for (int i = 0; i < 9; ++i) {
            app::PassingView view = app::passingView(frame, sample, small("idec")); // on the worker's thread
            QElapsedTimer timer;
            timer.start();
            session.showPassing(std::move(view));
            ms.push_back(double(timer.nsecsElapsed()) / 1e6);
        }
        std::sort(ms.begin(), ms.end());
        qInfo("a frame of %zu rows: %.2f ms on the thread of the window, without drawing", n, ms[4]);
        QVERIFY2(ms[4] < 60, qPrintable(QString::number(ms[4])));
    }

private:
    void openGroups(Session& session, std::size_t n)
    {
        const QString path = m_folder.filePath(QStringLiteral("groups%1.npy").arg(n));
        if (!QFileInfo::exists(path)) {
            core::writeNpy(path.toStdString(), core::Matrix::from(groups(n), n, kWide));
        }
        core::OpenSpec data;
        data.path = path.toStdString();
        session.openData(data);
        QTRY_VERIFY_WITH_TIMEOUT(session.data() && session.data()->samples.size() == n && session.document().layout &&
                                     !session.jobs()->busy(),
                                 60000);
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(TestClusterFlow)
#include "TestClusterFlow.moc"
