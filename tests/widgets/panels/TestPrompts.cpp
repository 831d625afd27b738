#include "widgets/panels/PromptBar.h"
#include "widgets/panels/PromptChip.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

using namespace semascope::ui;

namespace {

QString text(const char* utf8)
{
    return QString::fromUtf8(utf8);
}

} // namespace

class TestPrompts : public QObject
{
    Q_OBJECT

    std::unique_ptr<PromptBar> m_bar;

    QLineEdit* field() const { return m_bar->findChild<QLineEdit*>(QStringLiteral("promptField")); }
    QLineEdit* editor() const { return m_bar->findChild<QLineEdit*>(QStringLiteral("promptEditor")); }
    PromptChip* chip(int i) const
    {
        for (PromptChip* c : m_bar->findChildren<PromptChip*>()) {
            if (c->prompt().text == QString(QLatin1Char(char('a' + i)))) {
                return c;
            }
        }
        return nullptr;
    }

private Q_SLOTS:
    void init()
    {
        m_bar = std::make_unique<PromptBar>();
        m_bar->resize(700, 50);
        m_bar->setPrompts({{text("a"), {}}, {text("b"), text("not b")}, {text("c"), {}}});
        m_bar->show();
        QVERIFY(QTest::qWaitForWindowActive(m_bar.get()));
    }

    void parses_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("opposite");
        QTest::newRow("plain") << text("  a   bicycle ") << text("a bicycle") << QString();
        QTest::newRow("plus minus") << text("glasses ± no glasses") << text("glasses") << text("no glasses");
        QTest::newRow("tight") << text("glasses±no glasses") << text("glasses") << text("no glasses");
        QTest::newRow("bar") << text("day | night") << text("day") << text("night");
        QTest::newRow("ascii") << text("day +- night") << text("day") << text("night");
        QTest::newRow("ascii slash") << text("day +/- night") << text("day") << text("night");
        QTest::newRow("hyphen stays") << text("black-and-white photo - old") << text("black-and-white photo - old")
                                      << QString();
        QTest::newRow("inside a word") << text("C+-code") << text("C+-code") << QString();
        QTest::newRow("no opposite") << text("glasses ±") << text("glasses") << QString();
        QTest::newRow("only opposite") << text("± glasses") << QString() << QString();
        QTest::newRow("empty") << text("   ") << QString() << QString();
        QTest::newRow("hyphen minus is no sign") << text("day - night") << text("day - night") << QString();
        QTest::newRow("second sign stays") << text("a ± b ± c") << text("a") << text("b ± c");
    }
    void parses()
    {
        QFETCH(QString, typed);
        QFETCH(QString, prompt);
        QFETCH(QString, opposite);
        QCOMPARE(parsePrompt(typed), (PromptText{prompt, opposite}));
    }

    void enterAdds()
    {
        QSignalSpy added(m_bar.get(), &PromptBar::added);
        QTest::keyClicks(field(), QStringLiteral("day +- night"));
        QTest::keyClick(field(), Qt::Key_Return);
        QCOMPARE(added.count(), 1);
        QCOMPARE(added[0][0].toString(), text("day"));
        QCOMPARE(added[0][1].toString(), text("night"));
        QVERIFY(field()->text().isEmpty());
        QTest::keyClick(field(), Qt::Key_Return);
        QCOMPARE(added.count(), 1);
    }

    void aKnownPromptIsShownNotAdded()
    {
        QSignalSpy added(m_bar.get(), &PromptBar::added);
        QSignalSpy colour(m_bar.get(), &PromptBar::colourBy);
        field()->setText(text("b | not b"));
        QTest::keyClick(field(), Qt::Key_Return);
        QCOMPARE(added.count(), 0);
        QCOMPARE(colour.value(0).value(0).toInt(), 1);
    }

    void clickTogglesColour()
    {
        QSignalSpy colour(m_bar.get(), &PromptBar::colourBy);
        QTest::mouseClick(chip(1), Qt::LeftButton);
        QCOMPARE(colour.last()[0].toInt(), 1);
        QVERIFY(chip(1)->isChecked());
        QTest::keyClick(chip(2), Qt::Key_Space);
        QCOMPARE(colour.last()[0].toInt(), 2);
        QVERIFY(!chip(1)->isChecked());
        QTest::mouseClick(chip(2), Qt::LeftButton);
        QCOMPARE(colour.last()[0].toInt(), -1);
    }

    void deleteAndCrossRemove()
    {
        QSignalSpy removed(m_bar.get(), &PromptBar::removed);
        QTest::keyClick(chip(1), Qt::Key_Delete);
        QCOMPARE(removed.last()[0].toInt(), 1);
        QTest::mouseClick(chip(2), Qt::LeftButton, {}, QPoint(chip(2)->width() - 8, chip(2)->height() / 2));
        QCOMPARE(removed.last()[0].toInt(), 2);
        m_bar->setPrompts({{text("a"), {}}});
        QCOMPARE(m_bar->count(), 1);
    }

    void doubleClickEditsAndLeavesTheColourAlone()
    {
        QSignalSpy colour(m_bar.get(), &PromptBar::colourBy);
        QSignalSpy edited(m_bar.get(), &PromptBar::edited);
        m_bar->setActive(0);
        QTest::mouseClick(chip(1), Qt::LeftButton);
        QTest::mouseDClick(chip(1), Qt::LeftButton);
        QCOMPARE(colour.last()[0].toInt(), 0);
        QVERIFY(editor()->isVisible());
        QCOMPARE(editor()->text(), text("b ± not b"));
        editor()->setText(text("bee ± wasp"));
        QTest::keyClick(editor(), Qt::Key_Return);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(edited[0][0].toInt(), 1);
        QCOMPARE(edited[0][1].toString(), text("bee"));
        QCOMPARE(edited[0][2].toString(), text("wasp"));
        QVERIFY(!editor()->isVisible());
    }

    void escapeGivesUpAnEdit()
    {
        QSignalSpy edited(m_bar.get(), &PromptBar::edited);
        QTest::keyClick(chip(0), Qt::Key_F2);
        QVERIFY(editor()->isVisible());
        editor()->setText(text("other"));
        QTest::keyClick(editor(), Qt::Key_Escape);
        QVERIFY(!editor()->isVisible());
        QVERIFY(chip(0)->isVisible());
        QCOMPARE(edited.count(), 0);
    }

    void tabGoesFromChipToChip()
    {
        chip(0)->setFocus();
        QTest::keyClick(chip(0), Qt::Key_Tab);
        QVERIFY(chip(1)->hasFocus());
        QTest::keyClick(chip(1), Qt::Key_Tab);
        QTest::keyClick(chip(2), Qt::Key_Tab);
        QVERIFY(field()->hasFocus());
    }

    void saysWhyItIsOff()
    {
        m_bar->setAvailable(false, text("Put vocab.json beside the checkpoint."));
        QVERIFY(!field()->isEnabled());
        QVERIFY(!chip(0)->isEnabled());
        QVERIFY(field()->toolTip().contains(text("vocab.json")));
        m_bar->setAvailable(true);
        QVERIFY(field()->isEnabled());
        QVERIFY(chip(0)->isEnabled());
    }

    void manyPromptsWrapThenScroll()
    {
        std::vector<PromptText> many;
        for (int i = 0; i < 200; ++i) {
            many.push_back({QStringLiteral("prompt number %1").arg(i), {}});
        }
        const int before = m_bar->height();
        m_bar->setPrompts(many);
        QVERIFY(m_bar->height() > before);
        QVERIFY(m_bar->height() < 140);
        m_bar->setPrompts({});
        QCOMPARE(m_bar->height(), before);
    }
};

QTEST_MAIN(TestPrompts)
#include "TestPrompts.moc"
