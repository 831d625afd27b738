#include "widgets/panels/ClassNames.h"
#include "widgets/panels/ClassTable.h"
#include "widgets/panels/ConfusionTable.h"
#include "widgets/panels/TemplateEditor.h"
#include "widgets/panels/ZeroShotSetup.h"
#include "widgets/panels/ZeroShotView.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

using namespace semascope;
using namespace semascope::ui;

namespace {

/// `k` classes; class c has c + 2 rows, all but one of them taken for it and one for the next class.
std::shared_ptr<core::ZeroShotResult> makeResult(int k, bool labelled = true)
{
    auto r = std::make_shared<core::ZeroShotResult>();
    r->spec.templates = {"custom", {"a {}.", "the {}."}};
    r->modelName = "model";
    r->top = std::size_t(std::min(k, 5));
    std::vector<std::int32_t> label;
    for (int c = 0; c < k; ++c) {
        r->spec.classes.push_back("class " + std::to_string(c));
        for (int i = 0; i < c + 2; ++i) {
            r->sampleIndex.push_back(std::uint32_t(label.size()));
            label.push_back(c);
            for (int t = 0; t < int(r->top); ++t) {
                r->best.push_back((c + t + (i == 0 ? 1 : 0)) % k);
                r->probability.push_back(t == 0 ? 0.8F : 0.05F);
                r->cosine.push_back(0.3F - 0.01F * float(t));
            }
        }
    }
    if (labelled) {
        label.back() = -1; // one is not judged
        core::judgeZeroShot(*r, label);
    }
    return r;
}

ZeroShotShown shownOf(std::shared_ptr<const core::ZeroShotResult> result)
{
    const bool judged = !result->confusion.empty();
    return {std::move(result),
            QStringLiteral("pictures"),
            judged ? QStringLiteral("shape") : QString(),
            {},
            judged ? std::size_t(3) : 0};
}

template<class T> T* part(const QWidget& parent, const char* name)
{
    return parent.findChild<T*>(QLatin1String(name));
}

} // namespace

class TestZeroShotView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void figuresOfClasses()
    {
        const auto result = makeResult(3);
        const auto reports = classReports(*result);
        QCOMPARE(reports.size(), std::size_t(3));
        QCOMPARE(reports[1].labelled, std::size_t(3));
        QCOMPARE(reports[1].recall, 2.0 / 3);
        QCOMPARE(reports[1].precision, 2.0 / 3); // two of its own and one of class 0
        QCOMPARE(reports[1].confusedWith, 2);
        QCOMPARE(reports[1].confused, std::size_t(1));
        QCOMPARE(reports[2].labelled, std::size_t(3));  // the fourth has no label
        QCOMPARE(reports[2].predicted, std::size_t(4)); // but a prediction
        const auto unjudged = classReports(*makeResult(3, false));
        QVERIFY(std::isnan(unjudged[0].recall));
        QCOMPARE(unjudged[0].confusedWith, -1);
        QVERIFY(std::abs(unjudged[0].confidence - 0.8) < 1e-6);
    }

    void headlineSaysWhatItIsOf()
    {
        const auto captions = [](int k) {
            QStringList all;
            for (const HeadlineFigure& f : headline(*makeResult(k))) {
                all << f.caption;
            }
            return all;
        };
        QCOMPARE(captions(5), (QStringList{QStringLiteral("top-1"), QStringLiteral("chance")}));
        QCOMPARE(captions(6),
                 (QStringList{QStringLiteral("top-1"), QStringLiteral("top-5"), QStringLiteral("chance")}));
        QCOMPARE(headline(*makeResult(10)).back().value, shareText(0.1));
        const QString of = provenance(*makeResult(3), QStringLiteral("pictures"));
        for (const char* wanted :
             {"8 labelled pictures", "1 without a label", "3 classes × 2 templates", "model", "nothing trained"}) {
            QVERIFY2(of.contains(QString::fromUtf8(wanted)), qPrintable(of));
        }
        QVERIFY(!headline(*makeResult(3, false)).front().caption.contains(QLatin1String("top")));
    }

    void textsOfShares()
    {
        QCOMPARE(shareText(1), QStringLiteral("100\u202f%"));
        QCOMPARE(shareText(0), QStringLiteral("0\u202f%"));
        QCOMPARE(shareText(0.7124), QStringLiteral("71.2\u202f%"));
        QCOMPARE(shareText(0.0001), QStringLiteral("< 0.1\u202f%"));
        QCOMPARE(shareText(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("–"));
    }

    void classNamesOneALine()
    {
        QCOMPARE(classLines(QStringLiteral(" cat \n\nfire  truck\nFire_Truck\ndog\r\n")),
                 (QStringList{QStringLiteral("cat"), QStringLiteral("fire truck"), QStringLiteral("dog")}));
        QCOMPARE(classNameOf(QStringLiteral("fire_truck")), QStringLiteral("fire truck"));
        ClassNames names;
        QSignalSpy changed(&names, &ClassNames::changed);
        QGuiApplication::clipboard()->setText(QStringLiteral("cat, dog,bird"));
        part<QPushButton>(names, "classesPaste")->click();
        QCOMPARE(names.names().size(), 3);
        QCOMPARE(changed.count(), 1);
        QVERIFY(!part<QPushButton>(names, "classesFromLabels")->isEnabled());
        names.setSources({{QStringLiteral("kind"), {QStringLiteral("sea_horse"), QStringLiteral("crab")}}});
        QSignalSpy taken(&names, &ClassNames::taken);
        part<QPushButton>(names, "classesFromLabels")->click();
        QCOMPARE(taken.value(0).value(0).toString(), QStringLiteral("kind"));
        QCOMPARE(names.names().front(), QStringLiteral("sea horse"));
    }

    void editedTemplatesAreOnesOwn()
    {
        TemplateEditor editor;
        QSignalSpy own(&editor, &TemplateEditor::ownEdited);
        auto* text = part<QPlainTextEdit>(editor, "templateText");
        auto* sets = part<QComboBox>(editor, "templateSets");
        for (const core::TemplateSet& set : core::templateSets()) {
            editor.setChosen(set.name);
            QCOMPARE(editor.set(), set);
            QVERIFY(editor.problem().isEmpty());
            QCOMPARE(sets->currentData().toString().toStdString(), set.name);
        }
        QCOMPARE(own.count(), 0);
        text->setPlainText(QStringLiteral("a drawing of a {}\n"));
        QCOMPARE(own.count(), 1);
        QCOMPARE(editor.set().name, std::string("custom"));
        QCOMPARE(sets->currentIndex(), sets->count() - 1);
        text->setPlainText(QStringLiteral("a drawing"));
        QVERIFY(editor.problem().contains(QLatin1String("{}")));
        QVERIFY(!part<QLabel>(editor, "templateProblem")->isHidden());
        editor.setChosen(core::templateSets().front().name);
        QVERIFY(editor.problem().isEmpty());
        editor.setChosen("custom"); // still there
        QCOMPARE(text->toPlainText(), QStringLiteral("a drawing"));
        text->clear();
        QVERIFY(!editor.problem().isEmpty());
    }

    void setupTakesClassesFromLabels()
    {
        ZeroShotSetup setup;
        auto* run = part<QPushButton>(setup, "zeroShotRun");
        auto* cost = part<QLabel>(setup, "zeroShotCost");
        setup.setReady(true);
        QVERIFY(!run->isEnabled()); // no classes
        const LabelSource shape{QStringLiteral("shape"), {QStringLiteral("disc"), QStringLiteral("box")}};
        const LabelSource size{QStringLiteral("size"), {QStringLiteral("s"), QStringLiteral("m"), QStringLiteral("l")}};
        setup.setSources({shape, size}, true);
        QCOMPARE(setup.spec().classes.size(), std::size_t(2));
        QCOMPARE(setup.labelAttribute(), shape.name);
        QVERIFY(run->isEnabled());
        setup.templates()->setChosen("imagenet-7");
        QVERIFY2(cost->text().contains(QString::fromUtf8("2 classes × 7 templates = 14")), qPrintable(cost->text()));
        setup.setReady(false, QStringLiteral("no model"));
        QVERIFY(!run->isEnabled());
        QVERIFY(run->toolTip().contains(QLatin1String("no model")));
        setup.setReady(true);
        setup.setSources({size}, true); // other data: names that came from labels are replaced
        QCOMPARE(setup.spec().classes.size(), std::size_t(3));
        setup.classNames()->setNames({QStringLiteral("mine"), QStringLiteral("yours")});
        setup.setSources({shape}, true); // those that were typed stay
        QCOMPARE(setup.spec().classes.front(), std::string("mine"));
        setup.setRunning(true);
        QVERIFY(run->isHidden());
        setup.setProgress(QStringLiteral("encoding"), 3, 14);
        QVERIFY(cost->text().contains(QLatin1String("3 of 14")));
        QSignalSpy cancelled(&setup, &ZeroShotSetup::cancelWanted);
        part<QPushButton>(setup, "zeroShotCancel")->click();
        QCOMPARE(cancelled.count(), 1);
        setup.setRunning(false);
        QVERIFY(!run->isHidden());
    }

    void confusionForFewAndMany_data()
    {
        QTest::addColumn<int>("classes");
        QTest::newRow("two") << 2;
        QTest::newRow("ten") << 10;
        QTest::newRow("hundred") << 100;
    }
    void confusionForFewAndMany()
    {
        QFETCH(int, classes);
        ConfusionTable table;
        table.resize(640, 360);
        table.setResult(makeResult(classes));
        table.show();
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        QVERIFY(table.cellSize().width() >= ConfusionTable::kLeastCell);
        QVERIFY(table.cellSize().height() >= ConfusionTable::kLeastCell);
        QCOMPARE(table.verticalScrollBar()->maximum() > 0, classes == 100);
        QCOMPARE(table.horizontalScrollBar()->maximum() > 0, classes == 100);

        QSignalSpy chosen(&table, &ConfusionTable::cellChosen);
        QSignalSpy pointed(&table, &ConfusionTable::pointed);
        const QPoint cell = table.cellRect(1, 0).center();
        QTest::mouseMove(table.viewport(), cell);
        QTRY_VERIFY(!pointed.isEmpty() && pointed.last().first().toString().contains(QLatin1String("class 1")));
        QTest::mouseClick(table.viewport(), Qt::LeftButton, Qt::ShiftModifier, cell);
        QCOMPARE(chosen.last().at(0).toInt(), 1);
        QCOMPARE(chosen.last().at(1).toInt(), 0);
        QCOMPARE(chosen.last().at(2).value<Qt::KeyboardModifiers>(), Qt::ShiftModifier);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(10, cell.y())); // the name of a row
        QCOMPARE(chosen.last().at(0).toInt(), 1);
        QCOMPARE(chosen.last().at(1).toInt(), -1);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(cell.x(), 30)); // of a column
        QCOMPARE(chosen.last().at(0).toInt(), -1);
        QCOMPARE(chosen.last().at(1).toInt(), 0);
        const auto clicks = chosen.count();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(3, 3)); // the corner is neither
        QCOMPARE(chosen.count(), clicks);
    }

    void confusionByKeyboard()
    {
        ConfusionTable table;
        table.resize(400, 300);
        table.setResult(makeResult(60));
        table.show();
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        QSignalSpy chosen(&table, &ConfusionTable::cellChosen);
        QSignalSpy pointed(&table, &ConfusionTable::pointed);
        table.setFocus(Qt::TabFocusReason);
        for (int i = 0; i < 80; ++i) {
            QTest::keyClick(&table, Qt::Key_Right);
        }
        QTest::keyClick(&table, Qt::Key_Down);
        QTest::keyClick(&table, Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.last().at(1).toInt(), 59);
        QVERIFY(table.viewport()->rect().contains(table.cellRect(chosen.last().at(0).toInt(), 59)));
        QVERIFY(pointed.last().first().toString().contains(QLatin1String("class 59")));
    }

    void confusionShowsCountsOrShares()
    {
        ConfusionTable table;
        table.resize(500, 300);
        table.setResult(makeResult(3));
        const QPoint right = table.cellRect(2, 2).center() - QPoint(table.cellSize().width() / 4, 0);
        const QImage shares = table.grab().toImage();
        table.setShares(false);
        const QImage counts = table.grab().toImage();
        QVERIFY(shares != counts);
        table.setResult(makeResult(3, false));
        QVERIFY(table.grab().toImage().pixelColor(right) != counts.pixelColor(right)); // nothing to show
    }

    void classTableSorts()
    {
        ClassTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        ClassTable table;
        const auto result = makeResult(12);
        model.setResult(result.get());
        table.setResult(result.get());
        QCOMPARE(table.model()->index(2, ClassTableModel::Name).data().toString(), QStringLiteral("class 2"));
        table.sortByColumn(ClassTableModel::Labelled, Qt::DescendingOrder);
        QSignalSpy chosen(&table, &ClassTable::classChosen);
        Q_EMIT table.clicked(table.model()->index(0, 0));
        QVERIFY(chosen.last().first().toInt() >= 10);
        QVERIFY(!table.isColumnHidden(ClassTableModel::Recall));
        const auto unjudged = makeResult(3, false);
        table.setResult(unjudged.get());
        QVERIFY(table.isColumnHidden(ClassTableModel::Recall));
        QVERIFY(!table.isColumnHidden(ClassTableModel::Confidence));
    }

    void wholeView()
    {
        ZeroShotView view;
        view.resize(860, 560);
        view.showHint({QStringLiteral("No model yet"), QStringLiteral("Open one."), QStringLiteral("Open…")});
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy hint(&view, &ZeroShotView::hintTaken);
        QVERIFY(part<QLabel>(view, "zeroShotHint")->isVisible());
        part<QPushButton>(view, "zeroShotHintButton")->click();
        QCOMPARE(hint.count(), 1);

        view.showResult(shownOf(makeResult(8)));
        view.setCurrent(QStringLiteral("a.png"),
                        {{QStringLiteral("class 1"), 0.8, 0.3, true}, {QStringLiteral("class 2"), 0.05, 0.29, false}});
        QVERIFY(!part<QLabel>(view, "zeroShotHint")->isVisible());
        QVERIFY(part<QLabel>(view, "zeroShotProvenance")->text().contains(QLatin1String("labels: shape")));
        QVERIFY(part<QLabel>(view, "zeroShotScale")->text().contains(QLatin1String("100")));
        QVERIFY(view.findChild<GuessBars*>()->accessibleName().contains(QLatin1String("its label")));
        QSignalSpy wrong(&view, &ZeroShotView::selectWrong);
        part<QPushButton>(view, "selectWrong")->click();
        QCOMPARE(wrong.count(), 1);
        QSignalSpy cell(&view, &ZeroShotView::selectCell);
        auto* table = view.findChild<ConfusionTable*>();
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->cellRect(2, 3).center());
        QCOMPARE(cell.last().at(0).toInt(), 2);
        QCOMPARE(cell.last().at(1).toInt(), 3);
        part<QPushButton>(view, "classesTab")->click();
        QVERIFY(view.findChild<ClassTable*>()->isVisible());
        QVERIFY(!table->isVisible());

        view.showResult(shownOf(makeResult(8, false)));
        part<QPushButton>(view, "confusionTab")->click();
        QVERIFY(!table->isVisible());
        QVERIFY(part<QLabel>(view, "zeroShotNoLabels")->isVisible());
        QVERIFY(!part<QPushButton>(view, "selectWrong")->isVisible());
    }

    void menusSayWhatTheyDo()
    {
        ZeroShotView view;
        view.showResult(shownOf(makeResult(3)));
        QSignalSpy colour(&view, &ZeroShotView::colourWanted);
        QSignalSpy write(&view, &ZeroShotView::exportWanted);
        for (QMenu* menu : view.findChildren<QMenu*>()) {
            for (QAction* action : menu->actions()) {
                QVERIFY(action->isEnabled());
                action->trigger();
            }
        }
        QCOMPARE(colour.count(), 3);
        QCOMPARE(write.count(), 3);
    }

    void everyControlHasAName()
    {
        ZeroShotView view;
        for (const QAbstractButton* button : view.findChildren<QAbstractButton*>()) {
            QVERIFY(!button->objectName().isEmpty());
            QVERIFY2(!button->accessibleName().isEmpty() || button->text().isEmpty(), qPrintable(button->objectName()));
        }
        for (const QComboBox* box : view.findChildren<QComboBox*>()) {
            QVERIFY(!box->accessibleName().isEmpty());
        }
    }
};

QTEST_MAIN(TestZeroShotView)
#include "TestZeroShotView.moc"
