#include "ComparisonFixture.h"
#include "Shared.h"
#include "app/Actions.h"
#include "app/Comparison.h"
#include "app/KSweep.h"
#include "app/MainWindow.h"
#include "core/cluster/Renumber.h"
#include "core/data/Arrays.h"
#include "core/job/Error.h"
#include "resources/Resources.h"
#include "widgets/figure/Recipe.h"
#include "widgets/panels/ComparisonMaps.h"
#include "widgets/panels/ComparisonTable.h"
#include "widgets/panels/FigurePane.h"

#include <QComboBox>
#include <QFile>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTreeWidget>

using namespace semascope;
using namespace semascope::ui;
using test::ComparisonWorld;

namespace {

const std::vector<std::string> kFive{"kmeans", "spherical-kmeans", "ae-kmeans", "dec", "idec"};

std::shared_ptr<const core::ClusterComparison> shared(const core::ClusterComparison& comparison)
{
    return std::make_shared<const core::ClusterComparison>(comparison);
}

} // namespace

/// Comparison and choice of k in the window.
class TestComparison : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { initResources(); }

    void tableSortsAndCopies()
    {
        ComparisonWorld world(600, 6, kFive);
        world.comparison.methods[3].runs.clear();
        world.comparison.methods[3].problem = "DEC failed.";
        world.comparison.methods[3].meanScores = {};
        world.comparison.methods[3].stability.reset();
        ComparisonTable table;
        table.resize(1000, 220);
        table.setComparison(shared(world.comparison));
        QCOMPARE(table.model()->rowCount(), 5);
        QVERIFY(!table.isColumnHidden(int(ComparedColumn::Ami)));
        QVERIFY(table.isFirstColumnSpanned(3, {}));
        QVERIFY(table.model()->index(3, 0).data().toString().contains(QStringLiteral("DEC failed.")));
        const QStringList lines = table.plainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 6);
        QCOMPARE(lines[1].split(QLatin1Char('\t'))[1], QStringLiteral("1.00 ± .011"));
        table.sortByColumn(int(ComparedColumn::Silhouette), Qt::AscendingOrder);
        QCOMPARE(table.model()->index(4, 0).data().toString(), QStringLiteral("k-means")); // the highest last
        QSignalSpy chosen(&table, &ComparisonTable::methodChosen);
        table.setCurrentIndex(table.model()->index(4, 0));
        QCOMPARE(chosen.takeLast()[0].toInt(), 0); // a method, not a row
        world.comparison.labelled = 0;
        table.setComparison(shared(world.comparison));
        QVERIFY(table.isColumnHidden(int(ComparedColumn::Ami)));
        QVERIFY(!table.isColumnHidden(int(ComparedColumn::Silhouette)));
    }

    void viewFollowsTheChosenMethod()
    {
        const ComparisonWorld world(600, 6, kFive);
        ComparisonView view;
        view.resize(960, 760);
        view.show();
        view.setAttributes({QStringLiteral("group")}, {});
        view.setAgainst({QStringLiteral("group"), world.groups, world.comparison.labelNames});
        view.setComparison(shared(world.comparison));
        view.setMap(world.map());
        QCOMPARE(view.method(), 0);
        QTest::mouseClick(view.maps(), Qt::LeftButton, {}, view.maps()->mapRect(4).center()); // labels come first
        QCOMPARE(view.method(), 3);
        view.showPage(1);
        QCOMPARE(view.confusion().figure.columnTitle, QStringLiteral("clusters of DEC"));
        QSignalSpy cell(&view, &ComparisonView::cellChosen);
        auto* pane = view.findChild<FigurePane*>(QStringLiteral("comparisonConfusion"));
        ConfusionFigure figure = view.confusion().figure;
        figure.footer.clear();
        const QPointF at = confusionCell(figure, pane->page(), 2, 2).center() * FigurePane::kScale;
        QTest::mouseMove(pane, at.toPoint());
        QTest::mouseClick(pane, Qt::LeftButton, Qt::ShiftModifier, at.toPoint());
        QCOMPARE(cell.size(), 1);
        QCOMPARE(cell[0][0].toInt(), 3);
        QCOMPARE(cell[0][1].toInt(), 2);
        QCOMPARE(cell[0][2].toInt(), (2 + 3) % 6); // method 3 calls group 2 so
        QSignalSpy use(&view, &ComparisonView::useWanted);
        view.findChild<QPushButton*>(QStringLiteral("comparisonUse"))->click();
        QCOMPARE(use.takeFirst()[0].toInt(), 3);
        view.showPage(2);
        QVERIFY(!view.grab().isNull());
    }

    void setupSaysWhatIsWanted()
    {
        ComparisonSetup setup;
        setup.setAttributes({QStringLiteral("digit"), QStringLiteral("other")}, true);
        auto* run = setup.findChild<QPushButton*>(QStringLiteral("compareRun"));
        QVERIFY(!run->isEnabled());
        setup.setReady(true, {});
        QVERIFY(run->isEnabled());
        QSignalSpy wanted(&setup, &ComparisonSetup::runWanted), stop(&setup, &ComparisonSetup::stopWanted);
        run->click();
        const ComparisonChoice choice = setup.choice();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(choice.methods, kFive);
        QCOMPARE(choice.seeds, 3);
        QCOMPARE(choice.labels, QStringLiteral("digit"));
        QVERIFY(!choice.selectionOnly);
        setup.setRunning(true);
        run->click();
        QCOMPARE(stop.size(), 1);
        setup.setAttributes({QStringLiteral("other")}, false); // what is gone is not chosen any more
        QVERIFY(setup.choice().labels.isEmpty());
    }

    void numbersOfClusters()
    {
        QCOMPARE(*parseKs(QStringLiteral("2–5")), (std::vector<int>{2, 3, 4, 5}));
        QCOMPARE(*parseKs(QStringLiteral("8, 4,4 ,2-3")), (std::vector<int>{2, 3, 4, 8}));
        for (const char* wrong : {"", "1-4", "5-2", "two", "2-", "2-1001", "3,,x"}) {
            QVERIFY2(!parseKs(QString::fromUtf8(wrong)), wrong);
        }
        QVERIFY(!parseKs(QStringLiteral("2-500"))); // too many
    }

    void sweepProposesAndIsOverruled()
    {
        auto sweep = std::make_shared<core::KSweep>();
        sweep->n = 100;
        for (int k = 2; k < 9; ++k) {
            core::KSweepPoint point;
            point.k = k;
            point.silhouette = k == 5 ? 0.5 : 0.3;
            sweep->points.push_back(point);
        }
        sweep->bySilhouette = 5;
        KSweepView view;
        view.resize(900, 700);
        view.show();
        view.setSweep(sweep);
        QCOMPARE(view.chosen(), 5);
        auto* table = view.findChild<QTreeWidget*>(QStringLiteral("kSweepTable"));
        table->setCurrentItem(table->topLevelItem(1));
        QCOMPARE(view.chosen(), 3);
        view.setSweep(sweep); // another partial result does not move it
        QCOMPARE(view.chosen(), 3);
        QSignalSpy use(&view, &KSweepView::useWanted);
        view.findChild<QPushButton*>(QStringLiteral("kSweepUse"))->click();
        QCOMPARE(use.takeFirst()[0].toInt(), 3);
    }

    /// A network goes with its clusters under their new numbers, into a file and back.
    void renumberedNetwork()
    {
        const ComparisonWorld world(120, 4, {});
        core::JobContext job;
        core::ClusterSpec spec;
        spec.method = "ae-kmeans";
        spec.k = 4;
        spec.options = {{"epochs", "3"}, {"hidden", "8"}, {"code", "2"}};
        const core::Clustering found = core::cluster(world.rows, spec, job);
        const std::vector<int> to{2, 0, 3, 1};
        const core::Clustering moved = core::renumbered(found, to);
        QVERIFY(moved.model);
        const std::string folder = m_folder.filePath(QStringLiteral("network")).toStdString();
        moved.model->save(folder);
        const auto opened = core::openDeepModel(folder);
        const core::Matrix before = found.model->assign(world.rows, job);
        for (const auto& model : {moved.model, opened}) {
            const core::Matrix now = model->assign(world.rows, job);
            for (std::size_t r = 0; r < now.rows(); ++r) {
                for (std::size_t c = 0; c < 4; ++c) {
                    QVERIFY(std::abs(now.at(r, std::size_t(to[c])) - before.at(r, c)) < 1e-5F);
                }
            }
            QCOMPARE(model->decodedCentroids().at(2, 0), found.model->decodedCentroids().at(0, 0));
        }
        QVERIFY_THROWS_EXCEPTION(core::Error, core::renumbered(found, {0, 1, 2}));
        QVERIFY_THROWS_EXCEPTION(core::Error, core::renumbered(found, {0, 1, 2, 2}));
    }

    /// Vectors with labels through the whole window.
    void comparesInTheWindow()
    {
        openWorld();
        app::Comparison* comparison = m_window->findChild<app::Comparison*>();
        trigger(QStringLiteral("Compare clusterings…"));
        ComparisonChoice choice;
        choice.methods = {"kmeans", "spherical-kmeans"};
        choice.k = 4;
        choice.seeds = 2;
        choice.labels = QStringLiteral("digit");
        choice.cosine = false;
        comparison->run(choice);
        QVERIFY(comparison->running());
        QTRY_VERIFY_WITH_TIMEOUT(!comparison->running() && comparison->result(), 60000);
        const auto result = comparison->result();
        QCOMPARE(result->done, std::size_t(4));
        QCOMPARE(result->labelled, std::size_t(400));
        QVERIFY(*result->methods[0].meanScores.ami > 0.99);
        comparison->judgeBy({}); // nothing is run again
        QTRY_VERIFY_WITH_TIMEOUT(comparison->result() != result, 20000);
        QVERIFY(!comparison->result()->methods[0].meanScores.ami);
        QCOMPARE(comparison->result()->methods[0].runs, result->methods[0].runs);
        comparison->judgeBy(QStringLiteral("digit"));
        QTRY_VERIFY_WITH_TIMEOUT(comparison->result()->labelled == 400, 20000);
        for (std::size_t m = 0; m < 2; ++m) {
            QVERIFY(std::abs(*comparison->result()->methods[m].meanScores.ari - *result->methods[m].meanScores.ari) <
                    1e-12);
            QVERIFY(std::abs(*comparison->result()->methods[m].sdScores.acc - *result->methods[m].sdScores.acc) <
                    1e-12);
        }
        comparison->use(1);
        Session* session = m_window->session();
        QTRY_VERIFY_WITH_TIMEOUT(session->document().clustering, 20000);
        QCOMPARE(session->document().clustering->spec.method, std::string("spherical-kmeans"));
        QCOMPARE(session->document().view.colourBy, std::string("cluster"));
        const auto numbers = matchedClusters(*result).numbers[1];
        const auto run = shownRun(result->methods[1]);
        for (std::size_t r = 0; r < 400; ++r) { // the colours of the comparison
            QCOMPARE(session->document().clustering->assignment[r], numbers[std::size_t(run->assignment[r])]);
        }
        QCOMPARE(session->prototypes().size(), std::size_t(4));
    }

    void codeIsNoGroundToCompareOn()
    {
        openWorld();
        app::Comparison* comparison = m_window->findChild<app::Comparison*>();
        ComparisonChoice choice;
        choice.methods = {"kmeans"};
        choice.k = 4;
        comparison->open();
        comparison->run(choice);
        QTRY_VERIFY_WITH_TIMEOUT(!comparison->running() && comparison->result(), 60000);
        const ComparisonMaps* maps = comparison->view()->maps();
        const QString plain = maps->about();
        QVERIFY2(plain.startsWith(QStringLiteral("on ")) && plain.contains(QStringLiteral("n 400")), qPrintable(plain));
        auto code = std::make_shared<core::Layout>(*m_window->session()->document().layout);
        code->spec.method = kCodeMap;
        code->spec.options = {{"of", "idec"}};
        m_window->session()->restoreLayout({code, m_window->session()->document().layoutSample, {}, {}}, {});
        QVERIFY2(maps->about().startsWith(plain) && maps->about().contains(QStringLiteral("before the code")),
                 qPrintable(maps->about()));
        ComparedMap map = ComparisonWorld(400, 4, {}).map();
        map.about = favouredText(*code);
        QVERIFY(map.about.contains(QStringLiteral("code of IDEC: this favours")));
        QVERIFY(comparisonFigure(*comparison->result(), map, {}).footer.contains(map.about));
    }

    void exportsInTheWindow()
    {
        openWorld();
        app::Comparison* comparison = m_window->findChild<app::Comparison*>();
        ComparisonChoice choice;
        choice.methods = {"kmeans"};
        choice.k = 4;
        choice.seeds = 2;
        choice.labels = QStringLiteral("digit");
        comparison->open();
        comparison->run(choice);
        QTRY_VERIFY_WITH_TIMEOUT(!comparison->running() && comparison->result(), 60000);
        const std::pair<ComparisonExport, const char*> all[] = {
            {ComparisonExport::Figure, "a.pdf"},    {ComparisonExport::Confusion, "b.svg"},
            {ComparisonExport::Published, "c.png"}, {ComparisonExport::Csv, "d.csv"},
            {ComparisonExport::Latex, "e.tex"},     {ComparisonExport::ConfusionCsv, "f.csv"}};
        for (const auto& [what, name] : all) {
            app::ExportDialog::Choice to;
            to.path = m_folder.filePath(QLatin1String(name));
            to.size = {180, 120, 100};
            to.fitHeight = true;
            comparison->exportTo(what, to);
            QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(to.path).size() > 40 && !m_window->session()->jobs()->busy(), 20000);
        }
        const QJsonObject recipe =
            QJsonDocument::fromJson(readRecipe(m_folder.filePath(QStringLiteral("a.pdf")))).object();
        QCOMPARE(recipe[QStringLiteral("comparison")].toObject()[QStringLiteral("n")].toInt(), 400);
        QFile csv(m_folder.filePath(QStringLiteral("d.csv")));
        QVERIFY(csv.open(QIODevice::ReadOnly) && csv.readAll().startsWith("method,"));
    }

    void sweepsInTheWindow()
    {
        openWorld();
        app::KSweep* sweep = m_window->findChild<app::KSweep*>();
        trigger(QStringLiteral("Choose k…"));
        sweep->view()->findChild<QLineEdit*>(QStringLiteral("kSweepKs"))->setText(QStringLiteral("2-6"));
        sweep->view()->findChild<QPushButton*>(QStringLiteral("kSweepRun"))->click();
        QVERIFY(sweep->running());
        QTRY_VERIFY_WITH_TIMEOUT(!sweep->running() && sweep->result(), 60000);
        QCOMPARE(sweep->result()->points.size(), std::size_t(5));
        QCOMPARE(sweep->result()->bySilhouette, 4);
        QCOMPARE(sweep->view()->chosen(), proposedK(*sweep->result()));
        app::ExportDialog::Choice to;
        to.path = m_folder.filePath(QStringLiteral("k.pdf"));
        to.size = {180, 60, 100};
        sweep->exportTo(KSweepExport::Figure, to);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(to.path).size() > 100, 20000);
        sweep->view()->choose(4);
        sweep->view()->findChild<QPushButton*>(QStringLiteral("kSweepUse"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session()->document().clustering, 60000);
        QCOMPARE(m_window->session()->document().clustering->spec.k, 4);
    }

    void stopKeepsWhatIsDone()
    {
        openWorld();
        app::Comparison* comparison = m_window->findChild<app::Comparison*>();
        comparison->open();
        ComparisonChoice choice;
        choice.methods = {"kmeans", "idec"}; // the second takes long
        choice.k = 4;
        comparison->run(choice);
        auto* run = comparison->view()->setup()->findChild<QPushButton*>(QStringLiteral("compareRun"));
        QTRY_VERIFY_WITH_TIMEOUT(comparison->result(), 60000);
        QVERIFY(comparison->running());
        run->click();
        QVERIFY(!comparison->running());
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->session()->jobs()->busy(), 60000);
        QCOMPARE(comparison->result()->methods[0].runs.size(), std::size_t(1));
        QVERIFY(comparison->result()->methods[1].runs.empty());
        QCOMPARE(run->text(), QStringLiteral("Run"));
    }

    void otherDataForgetTheResult()
    {
        openWorld();
        app::Comparison* comparison = m_window->findChild<app::Comparison*>();
        ComparisonChoice choice;
        choice.methods = {"kmeans"};
        choice.k = 3;
        comparison->run(choice);
        QTRY_VERIFY_WITH_TIMEOUT(!comparison->running() && comparison->result(), 60000);
        m_window->session()->openSample();
        QTRY_VERIFY_WITH_TIMEOUT(!comparison->result(), 60000);
    }

    void cleanup() { m_window.reset(); }

private:
    using Session = app::Session;

    /// 400 rows in four groups, with the group as a whole number in a table beside.
    void openWorld()
    {
        const ComparisonWorld world(400, 4, {});
        const QString vectors = m_folder.filePath(QStringLiteral("v.npy")),
                      table = m_folder.filePath(QStringLiteral("v.csv"));
        core::writeNpy(vectors.toStdString(), world.rows);
        QFile csv(table);
        QVERIFY(csv.open(QIODevice::WriteOnly));
        csv.write("digit\n");
        for (const std::int64_t g : world.groups) {
            csv.write(QByteArray::number(qint64(g)) + '\n');
        }
        csv.close();
        m_window = std::make_unique<app::MainWindow>(core::BlasReport{});
        m_window->show();
        core::OpenSpec spec;
        spec.path = vectors.toStdString();
        spec.metadata = table.toStdString();
        m_window->session()->openData(spec);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session()->document().layout && !m_window->session()->jobs()->busy(), 60000);
    }

    void trigger(const QString& text)
    {
        for (QAction* action : m_window->actions()) {
            if (action->text() == text) {
                QVERIFY(action->isEnabled());
                action->trigger();
            }
        }
    }

    QTemporaryDir m_folder;
    std::unique_ptr<app::MainWindow> m_window;
};

QTEST_MAIN(TestComparison)
#include "TestComparison.moc"
