#include "Shared.h"
#include "widgets/panels/ClusterCardGrid.h"
#include "widgets/panels/ClusterCardsView.h"
#include "widgets/panels/ClusterWords.h"
#include "widgets/panels/ClustersDrawer.h"

#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>

using namespace semascope;
using ui::CardPart;
using ui::ClusterCardGrid;
using ui::ClusterCardsView;

/// The cards and the list by themselves: what is drawn where, and what clicks and keys wish for.
class TestClusterCardView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto data = std::make_shared<core::Dataset>();
        for (int i = 0; i < 400; ++i) {
            core::Sample s;
            s.id = "s" + std::to_string(i);
            data->samples.push_back(s);
        }
        m_data = data;
    }

    void partsDoNotOverlap()
    {
        for (const int width : {272, 330, 600}) {
            const ui::CardLayout layout(width, ui::blocksOf(someCards(3)));
            QVector<QRect> rects{layout.head(), layout.meta(), layout.centre()};
            for (int i = 0; i < layout.blocks().prototypes; ++i) {
                rects << layout.prototype(i);
            }
            for (int i = 0; i < 4; ++i) {
                rects << layout.outlier(i);
            }
            for (int i = 0; i < layout.blocks().words; ++i) {
                rects << layout.word(i);
            }
            for (int i = 0; i < layout.blocks().facts; ++i) {
                rects << layout.fact(i);
            }
            for (int a = 0; a < rects.size(); ++a) {
                QVERIFY(QRect(0, 0, width, layout.height()).contains(rects[a]));
                for (int b = a + 1; b < rects.size(); ++b) {
                    QVERIFY2(!rects[a].intersects(rects[b]), qPrintable(QStringLiteral("%1 %2").arg(a).arg(b)));
                }
            }
            QCOMPARE(layout.partAt(layout.prototype(2).center()), (CardPart{CardPart::Prototype, 2}));
            QCOMPARE(layout.partAt(layout.word(1).center()), (CardPart{CardPart::Word, 1}));
        }
    }

    void clicksAreWishes()
    {
        ClusterCardsView view;
        show(view, 5);
        ClusterCardGrid* grid = view.grid();
        QSignalSpy heads(&view, &ClusterCardsView::clusterActivated), samples(grid, &ClusterCardGrid::sampleClicked),
            words(grid, &ClusterCardGrid::wordClicked), merges(&view, &ClusterCardsView::mergeWanted);
        click(grid, 0, {CardPart::Head, 0});
        QCOMPARE(heads.count(), 1);
        QCOMPARE(view.chosen(), std::set<int>{0});
        auto* merge = view.findChild<QPushButton*>(QStringLiteral("clusterMerge"));
        auto* split = view.findChild<QPushButton*>(QStringLiteral("clusterSplit"));
        ui::ClusterAbility able;
        able.editable = true;
        view.setAbility(able);
        QVERIFY(!merge->isEnabled() && split->isEnabled());
        click(grid, 1, {CardPart::Head, 0}, Qt::ShiftModifier);
        QCOMPARE(view.chosen(), (std::set<int>{0, 1}));
        QVERIFY(merge->isEnabled() && !split->isEnabled());
        merge->click();
        QCOMPARE(merges.count(), 1);
        click(grid, 0, {CardPart::Head, 0}, Qt::ControlModifier);
        QCOMPARE(view.chosen(), std::set<int>{1});
        click(grid, 1, {CardPart::Prototype, 3});
        QCOMPARE(samples.count(), 1);
        QCOMPARE(samples[0][0].toUInt(), grid->cards()[1].prototypes[3]);
        click(grid, 0, {CardPart::Word, 1});
        QCOMPARE(words.count(), 1);
        QCOMPARE(words[0][1].toInt(), 1);
    }

    void renamedInPlace()
    {
        ClusterCardsView view;
        show(view, 3);
        ClusterCardGrid* grid = view.grid();
        QSignalSpy renamed(grid, &ClusterCardGrid::renamed);
        grid->rename(1);
        auto* editor = grid->findChild<QLineEdit*>(QStringLiteral("clusterCardName"));
        QVERIFY(editor->isVisible());
        editor->setText(QStringLiteral(" pale  things "));
        QTest::keyClick(editor, Qt::Key_Return);
        QVERIFY(!editor->isVisible());
        QCOMPARE(renamed.count(), 1);
        QCOMPARE(renamed[0][1].toString(), QStringLiteral("pale things"));
        grid->rename(2);
        editor->setText(QStringLiteral("nothing"));
        QTest::keyClick(editor, Qt::Key_Escape);
        QCOMPARE(renamed.count(), 1);
    }

    void sorted()
    {
        ClusterCardsView view;
        show(view, 4);
        view.setSort(ui::ClusterSort::Size);
        QCOMPARE(view.grid()->order(), (std::vector<int>{3, 2, 1, 0}));
        view.setSort(ui::ClusterSort::Number);
        QCOMPARE(view.grid()->order(), (std::vector<int>{0, 1, 2, 3}));
    }

    void aThousandAreQuick()
    {
        ClusterCardsView view;
        show(view, 4);
        QElapsedTimer timer;
        timer.start();
        view.setCards(someCards(1000), QStringLiteral("1000"));
        view.grid()->verticalScrollBar()->setValue(view.grid()->verticalScrollBar()->maximum());
        (void)view.grab();
        QVERIFY2(timer.elapsed() < 1500, qPrintable(QString::number(timer.elapsed())));
        const auto [first, last] = view.grid()->visibleRange();
        QVERIFY(last - first < 40);
    }

    void wordsAreCounted()
    {
        ui::ClusterWords dialog(QStringLiteral("t"), {QStringLiteral("cat"), QStringLiteral("dog")}, 3);
        auto* use = dialog.findChild<QPushButton*>(QStringLiteral("clusterWordsUse"));
        QVERIFY(!use->isEnabled()); // fewer than clusters
        auto* text = dialog.findChild<QPlainTextEdit*>();
        text->setPlainText(QStringLiteral("cat\n\n dog \ncat\n# no\npear # a fruit"));
        QCOMPARE(dialog.words(), (QStringList{QStringLiteral("cat"), QStringLiteral("dog"), QStringLiteral("pear")}));
        QVERIFY(use->isEnabled() && dialog.edited());
    }

    void listTellsOfTheSelection()
    {
        ui::ClustersDrawer drawer;
        drawer.resize(300, 700);
        std::vector<ui::ClusterItem> items;
        for (int i = 0; i < 3; ++i) {
            ui::ClusterItem item;
            item.name = QStringLiteral("c%1").arg(2 - i);
            item.size = std::size_t(10 * (i + 1));
            items.push_back(item);
        }
        drawer.setClusters(items);
        drawer.setSelected({4, 0, 0});
        auto* list = drawer.findChild<QListView*>(QStringLiteral("clusterList"));
        const auto spoken = list->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.contains(QLatin1String("4 of them selected")), qPrintable(spoken));
        drawer.setSort(ui::ClusterSort::Name);
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("c0"));
        QSignalSpy activated(&drawer, &ui::ClustersDrawer::clusterActivated);
        drawer.show();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(0, 0)).center());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][0].toInt(), 2); // the cluster, not the row
        QCOMPARE(drawer.chosen(), std::set<int>{2});
        QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::ShiftModifier,
                          list->visualRect(list->model()->index(2, 0)).center());
        QCOMPARE(drawer.chosen(), (std::set<int>{0, 2}));
    }

private:
    static std::vector<ui::ClusterCard> someCards(int count)
    {
        std::vector<ui::ClusterCard> cards;
        for (int i = 0; i < count; ++i) {
            ui::ClusterCard card;
            card.name = QStringLiteral("cluster %1").arg(i + 1);
            card.colour = Qt::darkCyan;
            card.size = std::size_t(10 + i);
            card.share = 0.1;
            card.confidence = 0.5;
            for (std::uint32_t s = 0; s < 8; ++s) {
                card.prototypes.push_back((std::uint32_t(i) * 8 + s) % 400);
            }
            card.outliers = {1, 2, 3, 4};
            card.centreSample = 7;
            for (int w = 0; w < 5; ++w) {
                card.words.push_back({QStringLiteral("word %1").arg(w), {}, 0.3 - 0.03 * w, 0.05 - 0.02 * w, w == 0});
            }
            card.facts.push_back({QStringLiteral("label = cat: 83 % of 120, elsewhere 2 %"), {}, true});
            cards.push_back(std::move(card));
        }
        return cards;
    }
    void show(ClusterCardsView& view, int count)
    {
        view.resize(900, 1000);
        view.setSource(m_data, nullptr);
        view.setCards(someCards(count), QStringLiteral("some"));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
    }
    static void click(ClusterCardGrid* grid, qsizetype place, const CardPart& part, Qt::KeyboardModifiers keys = {})
    {
        const QPoint at = grid->cardRect(place).topLeft() + grid->cardLayout().rectOf(part).center();
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, keys, at);
    }

    std::shared_ptr<const core::Dataset> m_data;
};

QTEST_MAIN(TestClusterCardView)
#include "TestClusterCardView.moc"
