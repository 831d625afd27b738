#include "Shared.h"

#include "core/job/Error.h"
#include "widgets/SelectionModel.h"

#include <QSignalSpy>

using namespace semascope;
using core::Combine;
using ui::SelectionModel;
using Samples = std::vector<std::uint32_t>;
using Bytes = std::vector<std::uint8_t>;

class TestSelectionModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void combines_data();
    void combines();
    void nothingChangedNothingSaid();
    void unknownSamplesAreIgnored();
    void filtersStack();
    void visibleOnly();
    void bytesRoundTrip();
    void tooManyFilters();
    void hoverAndCurrent();
    void resetTells();
};

void TestSelectionModel::combines_data()
{
    QTest::addColumn<Combine>("mode");
    QTest::addColumn<Samples>("expected");
    QTest::newRow("replace") << Combine::Replace << Samples{2, 5};
    QTest::newRow("add") << Combine::Add << Samples{1, 2, 3, 5};
    QTest::newRow("subtract") << Combine::Subtract << Samples{1, 3};
    QTest::newRow("intersect") << Combine::Intersect << Samples{2};
}

void TestSelectionModel::combines()
{
    QFETCH(Combine, mode);
    QFETCH(Samples, expected);
    SelectionModel model;
    model.reset(8);
    model.select({1, 2, 3});
    QSignalSpy changed(&model, &SelectionModel::selectionChanged);
    model.select({5, 2, 5}, mode);
    QCOMPARE(model.selected(), expected);
    QCOMPARE(model.selectedCount(), expected.size());
    QCOMPARE(changed.count(), 1);
}

void TestSelectionModel::nothingChangedNothingSaid()
{
    SelectionModel model;
    model.reset(4);
    model.select({1});
    model.filter(QStringLiteral("legend"), {1, 0, 1, 1});
    model.hover(2);
    model.setCurrent(3);
    QSignalSpy selection(&model, &SelectionModel::selectionChanged), filter(&model, &SelectionModel::filterChanged);
    QSignalSpy hover(&model, &SelectionModel::hoverChanged), current(&model, &SelectionModel::currentChanged);
    model.select({1});
    model.select({1}, Combine::Add);
    model.select({2}, Combine::Subtract);
    model.filter(QStringLiteral("legend"), {1, 0, 1, 1});
    model.filter(QStringLiteral("other"), {1, 0, 1, 1}); // hides nothing more
    model.clearFilter(QStringLiteral("other"));
    model.clearFilter(QStringLiteral("unknown"));
    model.hover(2);
    model.setCurrent(3);
    QCOMPARE(selection.count() + filter.count() + hover.count() + current.count(), 0);
}

void TestSelectionModel::unknownSamplesAreIgnored()
{
    SelectionModel model;
    model.reset(3);
    model.select({0, 3, 4'000'000'000U});
    QCOMPARE(model.selected(), Samples{0});
}

void TestSelectionModel::filtersStack()
{
    SelectionModel model;
    model.reset(4);
    QSignalSpy changed(&model, &SelectionModel::filterChanged);
    model.filter(QStringLiteral("legend"), {0, 1, 1, 1});
    model.filter(QStringLiteral("search"), {0, 0, 1, 1});
    QCOMPARE(model.visibleCount(), std::size_t{2});
    QVERIFY(!model.isVisible(0) && !model.isVisible(1) && model.isVisible(2));
    model.clearFilter(QStringLiteral("search"));
    QVERIFY(!model.isVisible(0) && model.isVisible(1));
    model.filter(QStringLiteral("legend"), {1, 1, 1, 0});
    QVERIFY(model.isVisible(0) && !model.isVisible(3));
    model.clearFilters();
    QCOMPARE(model.visibleCount(), std::size_t{4});
    QCOMPARE(changed.count(), 5);
    try {
        model.filter(QStringLiteral("legend"), {1});
        QFAIL("a filter of the wrong length was taken");
    } catch (const core::Error& error) {
        QCOMPARE(error.code(), core::Code::Mismatch);
    }
}

void TestSelectionModel::visibleOnly()
{
    SelectionModel model;
    model.reset(4);
    model.select({0});
    model.filter(QStringLiteral("legend"), {0, 1, 1, 1});
    QVERIFY(model.isSelected(0)); // filtering does not unselect
    model.selectAll();
    QCOMPARE(model.selected(), (Samples{1, 2, 3}));
    model.select({1});
    model.invert();
    QCOMPARE(model.selected(), (Samples{2, 3}));
    model.clear();
    QCOMPARE(model.selectedCount(), std::size_t{0});
}

void TestSelectionModel::bytesRoundTrip()
{
    SelectionModel model;
    model.reset(4);
    model.filter(QStringLiteral("legend"), {0, 1, 1, 1});
    model.setSelectedBytes({1, 0, 7});
    QCOMPARE(model.selectedBytes(), (Bytes{1, 0, 1, 0}));
    QVERIFY(!model.isVisible(0));
}

void TestSelectionModel::tooManyFilters()
{
    SelectionModel model;
    model.reset(1);
    for (int i = 0; i < SelectionModel::kMaxFilters; ++i) {
        model.filter(QString::number(i), {0});
    }
    QVERIFY_THROWS_EXCEPTION(core::Error, model.filter(QStringLiteral("one more"), {0}));
    for (int i = 0; i < SelectionModel::kMaxFilters; ++i) {
        QVERIFY(!model.isVisible(0));
        model.clearFilter(QString::number(i));
    }
    QVERIFY(model.isVisible(0));
}

void TestSelectionModel::hoverAndCurrent()
{
    SelectionModel model;
    model.reset(3);
    QSignalSpy hover(&model, &SelectionModel::hoverChanged);
    model.hover(2);
    model.hover(7); // there is no such sample
    QCOMPARE(hover.count(), 2);
    QCOMPARE(model.hovered(), -1);
    model.setCurrent(1);
    QCOMPARE(model.current(), 1);
}

void TestSelectionModel::resetTells()
{
    SelectionModel model;
    model.reset(3);
    model.select({1});
    model.filter(QStringLiteral("legend"), {1, 1, 0});
    model.setCurrent(2);
    QSignalSpy selection(&model, &SelectionModel::selectionChanged), filter(&model, &SelectionModel::filterChanged);
    QSignalSpy current(&model, &SelectionModel::currentChanged);
    model.reset(3);
    QCOMPARE(selection.count(), 1);
    QCOMPARE(filter.count(), 1);
    QCOMPARE(current.count(), 1);
    QCOMPARE(model.visibleCount(), std::size_t{3});
    model.reset(3);
    QCOMPARE(selection.count() + filter.count(), 2);
}

QTEST_GUILESS_MAIN(TestSelectionModel)
#include "TestSelectionModel.moc"
