#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/ClustersDrawer.h"
#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/DetailsPanel.h"
#include "widgets/panels/Fixtures.h"
#include "widgets/panels/GalleryGrid.h"
#include "widgets/panels/GalleryView.h"
#include "widgets/panels/LeftRail.h"
#include "widgets/panels/MapControls.h"
#include "widgets/panels/NoticeBar.h"
#include "widgets/panels/SkipModel.h"
#include "widgets/panels/TopBar.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include <algorithm>
#include <numeric>

using namespace semascope;
using namespace semascope::ui;

namespace {

std::vector<std::uint32_t> upTo(std::uint32_t n)
{
    std::vector<std::uint32_t> items(n);
    std::iota(items.begin(), items.end(), 0u);
    return items;
}

core::Picture plain(const core::Dataset&, std::size_t sample, int side)
{
    return test::plainPicture(sample, side);
}

double medianPaintMs(GalleryGrid& grid)
{
    std::vector<double> times;
    for (int i = 0; i < 25; ++i) {
        grid.verticalScrollBar()->setValue(int(qint64(grid.verticalScrollBar()->maximum()) * i / 25));
        QElapsedTimer time;
        time.start();
        grid.viewport()->repaint();
        times.push_back(double(time.nsecsElapsed()) / 1e6);
    }
    std::nth_element(times.begin(), times.begin() + 12, times.end());
    return times[12];
}

} // namespace

class TestPanels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void themeTokensSurviveThePalette()
    {
        Theme theme;
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setChoice(ThemeChoice::Dark);
        theme.apply(*qApp);
        QCOMPARE(tokens(), Tokens::darkness());
        QCOMPARE(QApplication::palette().color(QPalette::Highlight), Tokens::darkness().accent);
        theme.setChoice(ThemeChoice::Light);
        QCOMPARE(tokens(), Tokens::light());
        QCOMPARE(QApplication::font().pixelSize(), Tokens::kBodyPx);
        const auto announced = changed.count();
        theme.setChoice(ThemeChoice::Light);
        QCOMPARE(changed.count(), announced);
        theme.setChoice(ThemeChoice::System);
        const Tokens system = theme.current();
        theme.setChoice(ThemeChoice::Dark);
        theme.setChoice(ThemeChoice::System); // ours has not become the system's
        QCOMPARE(theme.current(), system);
        QCOMPARE(tokens(), system);
        QVERIFY(!Theme::styleSheetOf(Tokens::light()).contains(QLatin1Char('@')));
    }

    void galleryLayoutAndHitTest()
    {
        GalleryGrid grid;
        grid.setSource(test::makeDataset(0, 1000), nullptr);
        grid.resize(400, 300);
        grid.setItems(upTo(1000));
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        QVERIFY(grid.columns() > 2);
        for (const qsizetype i :
             {qsizetype(0), qsizetype(1), qsizetype(grid.columns()), qsizetype(2 * grid.columns() + 1)}) {
            QCOMPARE(grid.indexAt(grid.cellRect(i).center()), i);
        }
        QCOMPARE(grid.indexAt(QPoint(grid.cellRect(0).right() + 2, 5)), qsizetype(-1));
        QCOMPARE(grid.indexAt(QPoint(-3, -3)), qsizetype(-1));
        QVERIFY(grid.cellRect(grid.columns() - 1).right() < grid.viewport()->width());
        grid.verticalScrollBar()->setValue(grid.verticalScrollBar()->maximum());
        QVERIFY(grid.cellRect(999).bottom() <= grid.viewport()->height());
        QCOMPARE(grid.visibleRange().second, qsizetype(1000));
        QCOMPARE(grid.indexAt(grid.cellRect(999).center()), qsizetype(999));
    }

    void galleryPaintsOnlyWhatIsInSight()
    {
        ThumbnailCache cache(nullptr, plain);
        const auto data = test::makeDataset(300000);
        cache.setDataset(data);
        GalleryGrid grid;
        grid.resize(500, 400);
        grid.setSource(data, &cache);
        grid.show();
        grid.setItems(upTo(300));
        const double few = medianPaintMs(grid);
        QElapsedTimer time;
        time.start();
        grid.setItems(upTo(300000));
        QVERIFY2(time.elapsed() < 100, "a change of the items is cheap");
        const double many = medianPaintMs(grid);
        QVERIFY2(many < 33, qPrintable(QStringLiteral("%1 ms").arg(many)));
        QVERIFY2(many < 5 * few + 2, qPrintable(QStringLiteral("%1 ms against %2 ms").arg(many).arg(few)));
        QVERIFY2(cache.waiting() < 500, "only what is in sight is asked for");
    }

    void galleryKeyboard()
    {
        GalleryGrid grid;
        grid.setSource(test::makeDataset(0, 500), nullptr);
        grid.resize(400, 300);
        grid.setItems(upTo(500));
        grid.show();
        grid.setFocus();
        QVERIFY(QTest::qWaitForWindowActive(&grid));
        QSignalSpy hovered(&grid, &GalleryGrid::hovered);
        QSignalSpy activated(&grid, &GalleryGrid::activated);
        QTest::keyClick(&grid, Qt::Key_Home);
        QTest::keyClick(&grid, Qt::Key_Right);
        QCOMPARE(grid.cursor(), qsizetype(1));
        QCOMPARE(hovered.last()[0].toLongLong(), 1);
        QTest::keyClick(&grid, Qt::Key_Down);
        QCOMPARE(grid.cursor(), qsizetype(1 + grid.columns()));
        QTest::keyClick(&grid, Qt::Key_Up);
        QTest::keyClick(&grid, Qt::Key_Up);
        QCOMPARE(grid.cursor(), qsizetype(1));
        QTest::keyClick(&grid, Qt::Key_End);
        QCOMPARE(grid.cursor(), qsizetype(499));
        QVERIFY(grid.viewport()->rect().contains(grid.cellRect(499).center()));
        QTest::keyClick(&grid, Qt::Key_PageUp);
        QVERIFY(grid.cursor() < 499 - grid.columns());
        QTest::keyClick(&grid, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].value<std::uint32_t>(), std::uint32_t(grid.cursor()));
        QCOMPARE(activated[0][1].value<Qt::KeyboardModifiers>(), Qt::KeyboardModifiers(Qt::ShiftModifier));
    }

    void galleryMouseAndOrder()
    {
        GalleryGrid grid;
        grid.setSource(test::makeDataset(0, 50), nullptr);
        grid.resize(400, 300);
        grid.setItems({40, 7, 3});
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        QSignalSpy activated(&grid, &GalleryGrid::activated);
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.cellRect(1).center());
        QCOMPARE(activated.value(0).value(0).value<std::uint32_t>(), 7u);
        const int columns = grid.columns();
        grid.setCellWidth(120);
        QVERIFY(grid.columns() < columns);
        grid.setCellWidth(100000);
        QCOMPARE(grid.cellWidth(), GalleryGrid::kMaxCell);
    }

    void galleryHeading()
    {
        GalleryView view;
        view.setSource(test::makeDataset(0, 500), nullptr);
        view.setItems({1, 2, 3}, 500);
        auto* title = view.findChild<QLabel*>(QStringLiteral("galleryTitle"));
        QVERIFY(title->text().contains(QLatin1String("3 of 500")));
        view.setItems(upTo(500), 500);
        QVERIFY(!title->text().contains(QLatin1String(" of ")));
        view.setOrders({QStringLiteral("dataset order"), QStringLiteral("by similarity to x")}, 1);
        QCOMPARE(view.findChild<QComboBox*>(QStringLiteral("galleryOrder"))->currentIndex(), 1);
        view.setActionsEnabled(true, false, true);
        QVERIFY(!view.findChild<QAbstractButton*>(QStringLiteral("galleryMapThese"))->isEnabled());
        view.setItems({0, 1}, 500);
        QVERIFY(title->text().contains(QLatin1String("SELECTION")));
        view.setActionsEnabled(false, false, false);
        view.setItems({0, 1}, 500);
        QVERIFY(title->text().contains(QLatin1String("SHOWN")));
    }

    void detailsShowCaptionsAndPlainText()
    {
        const auto data = test::makeDataset(0, 2);
        data->samples[0].captions = {"<b>one</b>", "two", "three", "four", "five"};
        DetailsPanel panel;
        panel.setSource(data, nullptr);
        panel.setSample(0, {{{QStringLiteral("class"), QStringLiteral("cat")}}, QStringLiteral("cats"), {}});
        auto* captions = panel.findChild<QLabel*>(QStringLiteral("detailsCaptions"));
        QCOMPARE(captions->textFormat(), Qt::PlainText);
        QVERIFY(captions->text().contains(QLatin1String("<b>one</b>")));
        QVERIFY(captions->text().contains(QLatin1String("2 more")));
        QVERIFY(captions->toolTip().contains(QLatin1String("&lt;b&gt;")));
        panel.setSample(77, {});
        QCOMPARE(panel.sample(), -1);
        panel.setSample(1, {});
        QVERIFY(panel.findChild<QLabel*>(QStringLiteral("detailsCluster"))->isHidden());
        auto* neighbours = panel.findChild<QWidget*>(QStringLiteral("neighbourPanel"));
        panel.show();
        QCoreApplication::processEvents();
        const int whole = panel.minimumSizeHint().height();
        QVERIFY(!neighbours->isHidden());
        panel.setSample(-1, {});
        QVERIFY(neighbours->isHidden());
        QTRY_VERIFY(panel.minimumSizeHint().height() < whole / 2);
    }

    void scoreRowsSpeakAndAreReused()
    {
        ScoreBars bars;
        QSignalSpy chosen(&bars, &ScoreBars::chosen);
        PromptScore score;
        score.text = QStringLiteral("a bicycle");
        score.cosine = 0.284;
        score.percentile = 97;
        score.hi = 0.3;
        bars.setScores({score, score}, 0);
        const auto rows = bars.findChildren<ScoreRow*>();
        QCOMPARE(rows.size(), 2);
        QVERIFY(rows[0]->accessibleName().contains(QLatin1String(".284")));
        QVERIFY(rows[0]->accessibleName().contains(QLatin1String("97")));
        score.cosine = 0.1;
        bars.setScores({score, score}, 1);
        QCOMPARE(bars.findChildren<ScoreRow*>(), rows);
        QTest::keyClick(rows[1], Qt::Key_Space);
        QCOMPARE(chosen.value(0).value(0).toInt(), 1);
        bars.setScores({}, -1);
        QCOMPARE(bars.count(), 0);
    }

    void neighboursActivate()
    {
        NeighbourStrip strip;
        strip.setSource(test::makeDataset(0, 20), nullptr);
        strip.resize(340, 62);
        strip.setNeighbours({{4, 0.9}, {9, 0.8}, {11, 0.7}});
        strip.show();
        QSignalSpy activated(&strip, &NeighbourStrip::activated);
        QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(80, 30));
        QCOMPARE(activated.last()[0].value<std::uint32_t>(), 9u);
        QTest::keyClick(&strip, Qt::Key_Right);
        QTest::keyClick(&strip, Qt::Key_Right);
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(activated.last()[0].value<std::uint32_t>(), 11u);
    }

    void skipModelHoldsMany()
    {
        auto data = test::makeDataset(1);
        data->skipped.assign(100000, {"folder/\xff.gif", "GIF pictures are not read."});
        SkipModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setDataset(data);
        QCOMPARE(model.rowCount(), 100000);
        QVERIFY(model.index(5, 0).data().toString().endsWith(QLatin1String(".gif")));
        QCOMPARE(model.index(5, 1).data().toString(), QStringLiteral("GIF pictures are not read."));
        model.setDataset(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void dataDrawerCountsAndMaps()
    {
        auto data = test::makeDataset(3);
        data->skipped = {{"a.gif", "GIF"}};
        data->found = 4;
        DataDrawer drawer;
        drawer.setDataset(data);
        QVERIFY(drawer.findChild<QLabel*>(QStringLiteral("dataCounts"))
                    ->text()
                    .contains(QLatin1String("4 found = 3 loaded + 1 skipped")));
        QSignalSpy wanted(drawer.mapControls(), &MapControls::mapWanted);
        core::LayoutSpec spec;
        spec.method = "pca";
        spec.dim = 3;
        spec.seed = 12;
        drawer.mapControls()->setMethods({"pca", "mds", "brand-new"});
        drawer.mapControls()->setSpec(spec);
        drawer.mapControls()->setReady(true);
        drawer.findChild<QAbstractButton*>(QStringLiteral("mapButton"))->click();
        QCOMPARE(wanted.count(), 1);
        QVERIFY(drawer.mapControls()->spec() == spec);
        QCOMPARE(MapControls::methodText("brand-new"), QStringLiteral("brand-new"));
    }

    void clustersRenameByWish()
    {
        ClusterModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setItems({{QStringLiteral("one"), Qt::red, 3, {}}, {QStringLiteral("two"), Qt::blue, 4, {}}});
        QSignalSpy renamed(&model, &ClusterModel::renamed);
        QVERIFY(model.setData(model.index(1), QStringLiteral("  cats "), Qt::EditRole));
        QCOMPARE(renamed[0][0].toInt(), 1);
        QCOMPARE(renamed[0][1].toString(), QStringLiteral("cats"));
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("two"));
        QVERIFY(!model.setData(model.index(1), QString(), Qt::EditRole));
    }

    void clusterSpecRoundTrip()
    {
        ClustersDrawer drawer;
        core::ClusterSpec spec;
        spec.method = "spherical-kmeans";
        spec.k = 7;
        spec.seed = 3;
        drawer.setSpec(spec);
        QVERIFY(drawer.spec() == spec);
    }

    void noticesStack()
    {
        QWidget window;
        NoticeBar bar(&window);
        QVERIFY(bar.isHidden());
        Notice first{Notice::Severity::Error, QStringLiteral("first"), QStringLiteral("why"), {}};
        Notice second{Notice::Severity::Info, QStringLiteral("second"), {}, QStringLiteral("do it")};
        bar.show(first);
        bar.show(second);
        bar.show(second);
        QCOMPARE(bar.count(), 2);
        QSignalSpy action(&bar, &NoticeBar::actionTriggered);
        bar.findChild<QAbstractButton*>(QStringLiteral("noticeAction"))->click();
        QCOMPARE(action.value(0).value(0).toString(), QStringLiteral("do it"));
        bar.dismiss();
        QCOMPARE(bar.findChild<QLabel*>(QStringLiteral("noticeText"))->text(), QStringLiteral("first"));
        bar.dismiss();
        QVERIFY(bar.isHidden());
    }

    void railOpensOneDrawer()
    {
        LeftRail rail;
        QSignalSpy toggled(&rail, &LeftRail::toggled);
        auto* data = rail.findChild<QAbstractButton*>(QStringLiteral("railData"));
        auto* jobs = rail.findChild<QAbstractButton*>(QStringLiteral("railJobs"));
        data->click();
        QCOMPARE(rail.open(), DrawerKind::Data);
        jobs->click();
        QCOMPARE(rail.open(), DrawerKind::Jobs);
        QVERIFY(!data->isChecked());
        jobs->click();
        QCOMPARE(rail.open(), DrawerKind::None);
        QVERIFY(!jobs->isChecked());
        QCOMPARE(toggled.count(), 3);
    }

    void everyControlHasNames()
    {
        DataDrawer data;
        ClustersDrawer clusters;
        DetailsPanel details;
        GalleryView gallery;
        TopBar top;
        LeftRail rail;
        for (const QWidget* panel :
             {static_cast<QWidget*>(&data), static_cast<QWidget*>(&clusters), static_cast<QWidget*>(&details),
              static_cast<QWidget*>(&gallery), static_cast<QWidget*>(&top), static_cast<QWidget*>(&rail)}) {
            for (const QWidget* child : panel->findChildren<QWidget*>()) {
                const bool inside =
                    qobject_cast<const QAbstractSpinBox*>(child->parentWidget()) // the field within a spin box
                    || child->objectName().startsWith(QLatin1String("qt_"));
                const bool takesFocus =
                    (child->focusPolicy() & Qt::TabFocus) != 0 && !inside && !child->inherits("QScrollArea");
                if (!takesFocus || child->inherits("QLabel") || child->inherits("QAbstractItemView") ||
                    child->inherits("QScrollBar")) {
                    continue;
                }
                QVERIFY2(!child->objectName().isEmpty(), child->metaObject()->className());
                // The text of what is not known yet comes later.
                const bool empty = qobject_cast<const QAbstractButton*>(child) &&
                                   static_cast<const QAbstractButton*>(child)->text().isEmpty();
                QVERIFY2(empty || !child->accessibleName().isEmpty(), qPrintable(child->objectName()));
            }
        }
    }
};

QTEST_MAIN(TestPanels)
#include "TestPanels.moc"
