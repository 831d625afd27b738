#include "widgets/panels/CaptionList.h"
#include "widgets/panels/DropOverlay.h"
#include "widgets/panels/NeighbourPanel.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/PromptBar.h"
#include "widgets/panels/PromptPopover.h"
#include "widgets/panels/QueryCard.h"
#include "widgets/panels/ScoreBars.h"
#include "widgets/panels/ScoreHeader.h"

#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QtTest>

using namespace semascope::ui;

namespace {

PromptScore fullScore(ScoreKind front)
{
    PromptScore score;
    score.text = QStringLiteral("a bicycle");
    score.opposite = QStringLiteral("a car");
    score.front = front;
    score.cosine = 0.284;
    score.percentile = 97;
    score.contrast = 0.041;
    score.probability = 0.82;
    score.cosineLo = 0.121;
    score.cosineMedian = 0.213;
    score.cosineHi = 0.342;
    score.n = 5000;
    score.prompts = 3;
    return score;
}

/// Sends what a drag over `target` at `at` sends, and says whether it was taken.
bool dropOn(QWidget& target, const QPoint& at, const QMimeData& data)
{
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &enter);
    QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &move);
    const bool taken = move.isAccepted();
    QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &drop);
    return taken;
}

} // namespace

class TestScores : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersAreShort()
    {
        QCOMPARE(probabilityText(0.824), QString(QStringLiteral("82") + QChar(0x202f) + QLatin1Char('%')));
        QVERIFY(probabilityText(0.004).startsWith(QLatin1String("<1")));
        QVERIFY(probabilityText(0.9951).startsWith(QLatin1String(">99")));
        QVERIFY(probabilityText(1).startsWith(QLatin1String("100")));
        QCOMPARE(probabilityText(std::nan("")), QString(QChar(0x2013)));
    }

    void everyValueIsExplainedWithItsScale()
    {
        for (const ScoreKind kind :
             {ScoreKind::Cosine, ScoreKind::Percentile, ScoreKind::Contrast, ScoreKind::Probability}) {
            ScoreRow row;
            row.setScore(fullScore(kind), false);
            const QString tip = row.toolTip();
            for (const char* part : {".284", ".121", ".342", ".213", "p97", "+.041", "82"}) {
                QVERIFY2(tip.contains(QLatin1String(part)), part);
            }
            QVERIFY(tip.contains(countText(5000)));
            QVERIFY(row.accessibleName().contains(QLatin1String("percentile 97 of 5000")));
            row.resize(380, row.sizeHint().height());
            QVERIFY(!row.grab().isNull());
        }
    }

    void missingContrastAsksForOne()
    {
        ScoreBars bars;
        PromptScore score = fullScore(ScoreKind::Contrast);
        score.opposite.clear();
        score.contrast = PromptScore::kNone;
        bars.setScores({score, fullScore(ScoreKind::Contrast)}, 0);
        QSignalSpy chosen(&bars, &ScoreBars::chosen), wanted(&bars, &ScoreBars::contrastWanted);
        const auto rows = bars.findChildren<ScoreRow*>();
        QTest::keyClick(rows[0], Qt::Key_Return);
        QCOMPARE(wanted.value(0).value(0).toInt(), 0);
        QTest::keyClick(rows[1], Qt::Key_Return);
        QCOMPARE(chosen.value(0).value(0).toInt(), 1);
    }

    void chooserSaysWhatIsInFront()
    {
        ScoreHeader header;
        header.setAnyScores(true);
        QSignalSpy chosen(&header, &ScoreHeader::chosen);
        auto* probability = header.findChild<QPushButton*>(QStringLiteral("scoreProbability"));
        auto* line = header.findChild<QLabel*>(QStringLiteral("scoreMeaning"));
        QSet<QString> lines;
        for (const ScoreKind kind :
             {ScoreKind::Cosine, ScoreKind::Percentile, ScoreKind::Contrast, ScoreKind::Probability}) {
            header.setFacts({kind, 5000, 4, 100});
            lines << line->text();
            QVERIFY(!line->toolTip().isEmpty());
            QCOMPARE(probability->isChecked(), kind == ScoreKind::Probability);
        }
        QCOMPARE(lines.size(), 4);
        probability->click();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].value<ScoreKind>(), ScoreKind::Probability);
    }

    void minusSignIsNeutral()
    {
        const PromptText prompt = parsePrompt(QString::fromUtf8("a face with glasses − a face"));
        QCOMPARE(prompt, (PromptText{QStringLiteral("a face with glasses"), QStringLiteral("a face"), true}));
        QCOMPARE(parsePrompt(promptText(prompt)), prompt);
        QVERIFY(!parsePrompt(QString::fromUtf8("a ± b")).neutral);
    }

    void popoverOffersANeutralPrompt()
    {
        PromptBar bar;
        bar.setPrompts({{QStringLiteral("a face"), {}}});
        bar.resize(600, 50);
        bar.show();
        QSignalSpy edited(&bar, &PromptBar::edited);
        bar.askContrast(0);
        auto* popover = bar.findChild<PromptPopover*>();
        QVERIFY(popover);
        QVERIFY(popover->findChild<QRadioButton*>(QStringLiteral("contrastNothing"))->isChecked());
        auto* text = popover->findChild<QLineEdit*>(QStringLiteral("contrastNeutralText"));
        QCOMPARE(text->text(), QStringLiteral("a photo"));
        popover->findChild<QRadioButton*>(QStringLiteral("contrastNeutral"))->click();
        popover->findChild<QPushButton*>(QStringLiteral("promptPopoverApply"))->click();
        QCOMPARE(edited.count(), 1);
        QCOMPARE(edited[0][2].toString(), QStringLiteral("a photo"));
        QVERIFY(edited[0][3].toBool());
    }

    void picturesAndCaptionsAreListsOfTheirOwn()
    {
        NeighbourPanel panel;
        panel.setCaptionsOffered(true);
        panel.resize(380, 160);
        panel.show();
        QSignalSpy wanted(&panel, &NeighbourPanel::captionsWanted), activated(&panel, &NeighbourPanel::activated);
        auto* line = panel.findChild<QLabel*>(QStringLiteral("neighbourMeaning"));
        panel.setNeighbours({{1, 0.9}}, QStringLiteral("cosine"), {});
        panel.setCaptions({{3, QStringLiteral("a dog"), 0.3, true}}, QStringLiteral("centred cosine"), {});
        QCOMPARE(line->text(), QStringLiteral("cosine"));
        panel.findChild<QPushButton*>(QStringLiteral("nearestCaptions"))->click();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(line->text(), QStringLiteral("centred cosine"));
        auto* list = panel.findChild<CaptionList*>();
        QVERIFY(list->isVisible());
        QVERIFY(!panel.findChild<NeighbourStrip*>()->isVisible());
        QTest::mouseClick(list, Qt::LeftButton, {}, QPoint(20, CaptionList::kRow / 2));
        QCOMPARE(activated.value(0).value(0).toUInt(), 3U);
        panel.setCaptionsOffered(true, QStringLiteral("no vocabulary"));
        QVERIFY(!panel.showsCaptions());
        QVERIFY(!panel.findChild<QPushButton*>(QStringLiteral("nearestCaptions"))->isEnabled());
    }

    void overlayHasAZoneForEachAnswer()
    {
        QWidget window;
        window.resize(900, 600);
        DropOverlay overlay(&window);
        window.show();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/x/a.jpg"))});
        std::vector<int> dropped;
        connect(&overlay, &DropOverlay::dropped, this, [&dropped](int zone) { dropped.push_back(zone); });
        overlay.offer({{QStringLiteral("search"), {}}, {QStringLiteral("open"), {}}});
        QVERIFY(overlay.isVisible());
        QVERIFY(dropOn(overlay, overlay.zoneRect(1).center(), data));
        QCOMPARE(dropped, std::vector<int>{1});
        QVERIFY(!overlay.isVisible());
        overlay.offer(
            {{QStringLiteral("search"), QStringLiteral("open a model first"), false}, {QStringLiteral("open"), {}}});
        QVERIFY(!dropOn(overlay, overlay.zoneRect(0).center(), data));
        QVERIFY(!dropOn(overlay, QPoint(2, 2), data));
        QCOMPARE(dropped.size(), std::size_t(1));
        overlay.offer({{QStringLiteral("open"), {}}});
        window.resize(1000, 700);
        QTRY_COMPARE(overlay.size(), window.size());
        QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&overlay, &enter);
        QDragLeaveEvent leave;
        QCoreApplication::sendEvent(&overlay, &leave);
        QVERIFY(!overlay.isVisible());
    }

    void queryCardSpeaksPlainText()
    {
        QueryCard card;
        QSignalSpy cleared(&card, &QueryCard::clearWanted);
        QVERIFY(card.isHidden());
        card.setQuery({{}, QStringLiteral("<b>x</b>.jpg"), QStringLiteral("best of 5 by cosine"), {}});
        QVERIFY(!card.isHidden());
        QCOMPARE(card.findChild<QLabel*>(QStringLiteral("queryTitle"))->textFormat(), Qt::PlainText);
        card.findChild<QPushButton*>(QStringLiteral("clearSearch"))->click();
        QCOMPARE(cleared.count(), 1);
        card.clear();
        QVERIFY(card.isHidden());
    }
};

QTEST_MAIN(TestScores)
#include "TestScores.moc"
