#include "widgets/panels/DataDrawer.h"
#include "widgets/panels/EmbedBlock.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

using namespace semascope::ui;

/// The Data drawer's block that says how long embedding takes and offers a part of it.
class TestEmbedBlock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatIsMissing()
    {
        DataDrawer drawer;
        drawer.setEmbedReady(false, QStringLiteral("open a model first"));
        QVERIFY(!button(drawer, "dataEmbed")->isEnabled());
        QCOMPARE(drawer.findChild<QLabel*>(QStringLiteral("dataEmbedState"))->text(),
                 QStringLiteral("open a model first"));
        QVERIFY(drawer.findChild<QComboBox*>(QStringLiteral("dataDevice"))->isHidden());
        QVERIFY(button(drawer, "dataEmbedSample")->parentWidget()->isHidden());
    }

    void offersASampleOfALargeFolder()
    {
        EmbedBlock block;
        block.setReady(true, QString(), false);
        EmbedExtent extent;
        extent.pictures = 12'000;
        extent.secondsEach = 0.035;
        block.setExtent(extent);
        QLabel* all = label(block, "dataEmbedTime");
        QVERIFY(!all->isHidden() && all->text().contains(QLatin1String("about 7 min")));
        QVERIFY(button(block, "dataEmbedSample")->parentWidget()->isHidden()); // nobody asked for a part
        extent.offerSample = true;
        block.setExtent(extent);
        QVERIFY(!button(block, "dataEmbedSample")->parentWidget()->isHidden());
        QCOMPARE(block.sampleSize(), EmbedBlock::kSample);
        QVERIFY(label(block, "dataSampleTime")->text().contains(QLatin1String("about 70 s")));

        QSignalSpy wanted(&block, &EmbedBlock::sampleWanted), size(&block, &EmbedBlock::sampleSizeChanged);
        block.findChild<QSpinBox*>(QStringLiteral("dataSampleSize"))->setValue(4000);
        QCOMPARE(size.last().first().toInt(), 4000);
        QVERIFY(label(block, "dataSampleTime")->text().contains(QLatin1String("about 2 min")));
        button(block, "dataEmbedSample")->click();
        QCOMPARE(wanted.last().first().toInt(), 4000);
        block.findChild<QSpinBox*>(QStringLiteral("dataSampleSize"))->setValue(1'000'000);
        QCOMPARE(block.sampleSize(), 12'000); // never more than there are
    }

    void theRestCanFollow()
    {
        EmbedBlock block;
        QSignalSpy wanted(&block, &EmbedBlock::embedWanted);
        EmbedExtent extent;
        extent.pictures = 12'000;
        extent.embedded = 2000;
        extent.secondsEach = 0.035;
        extent.offerSample = true;
        block.setExtent(extent);
        block.setReady(true, QStringLiteral("2000 of 12 000 embedded"), true);
        QPushButton* embed = button(block, "dataEmbed");
        QCOMPARE(embed->text(), QStringLiteral("Embed the rest"));
        QCOMPARE(embed->property("role").toString(), QStringLiteral("primary"));
        QVERIFY(label(block, "dataEmbedTime")->text().contains(QLatin1String("about 6 min")));
        QVERIFY(button(block, "dataEmbedSample")->parentWidget()->isHidden());
        embed->click();
        QCOMPARE(wanted.count(), 1);
        extent.embedded = 12'000;
        block.setExtent(extent);
        QCOMPARE(embed->text(), QStringLiteral("Embed again"));
        QVERIFY(label(block, "dataEmbedTime")->isHidden());
    }

    void storedRowsAreNotCounted()
    {
        EmbedBlock block;
        block.setReady(true, QString(), false);
        EmbedExtent extent;
        extent.pictures = 12'000;
        extent.stored = 10'000;
        extent.secondsEach = 0.035;
        block.setExtent(extent);
        QVERIFY(label(block, "dataEmbedTime")->text().contains(QLatin1String("about 70 s")));
    }

    void deviceAndPrecisionAreChosen()
    {
        EmbedBlock block;
        block.setReady(true, QString(), true);
        block.setCompute({QStringLiteral("cpu"), QStringLiteral("cuda:0")}, QStringLiteral("cpu"),
                         {QStringLiteral("fp32"), QStringLiteral("bf16")}, QStringLiteral("fp32"));
        auto* device = block.findChild<QComboBox*>(QStringLiteral("dataDevice"));
        auto* precision = block.findChild<QComboBox*>(QStringLiteral("dataPrecision"));
        QCOMPARE(device->currentText(), QStringLiteral("CPU"));
        QSignalSpy devices(&block, &EmbedBlock::deviceChosen), precisions(&block, &EmbedBlock::precisionChosen);
        block.show();
        device->setFocus();
        QTest::keyClick(device, Qt::Key_Down);
        QCOMPARE(devices.last().first().toString(), QStringLiteral("cuda:0"));
        precision->setFocus();
        QTest::keyClick(precision, Qt::Key_Down);
        QCOMPARE(precisions.last().first().toString(), QStringLiteral("bf16"));
        // what came of it is shown, and nothing is chosen by showing it
        block.setCompute({QStringLiteral("cpu"), QStringLiteral("cuda:0")}, QStringLiteral("cpu"),
                         {QStringLiteral("fp32"), QStringLiteral("bf16")}, QStringLiteral("bf16"));
        QCOMPARE(device->currentData().toString(), QStringLiteral("cpu"));
        QCOMPARE(devices.count(), 1);
        QCOMPARE(precisions.count(), 1);
    }

    void comparisonStandsBesideTheChoice()
    {
        EmbedBlock block;
        block.setReady(true, QString(), true);
        block.setCompute({QStringLiteral("cpu")}, QStringLiteral("cpu"), {QStringLiteral("fp32")},
                         QStringLiteral("fp32"));
        QSignalSpy wanted(&block, &EmbedBlock::compareWanted);
        button(block, "dataCompare")->click();
        QCOMPARE(wanted.count(), 1);
        block.setComparing(true);
        QVERIFY(!button(block, "dataCompare")->isEnabled());
        block.setComparing(false);
        const PrecisionRow full{QStringLiteral("cpu"), QStringLiteral("fp32"), QStringLiteral("33"),
                                QStringLiteral("the reference")};
        const PrecisionRow half{QStringLiteral("cpu"), QStringLiteral("bf16"), QStringLiteral("60 (1.8×)"),
                                QStringLiteral("0.99961, 0.99912")};
        block.setComparison({full, half}, QStringLiteral("On 64 of the pictures."));
        QStringList texts;
        for (const QLabel* cell : block.findChildren<QLabel*>(QStringLiteral("dataCompareCell"))) {
            texts << cell->text();
        }
        QVERIFY(texts.contains(half.speed) && texts.contains(half.cosine) && texts.contains(half.precision));
        block.setComparison({}, QString());
        QVERIFY(block.findChildren<QLabel*>(QStringLiteral("dataCompareCell")).isEmpty());
    }

private:
    static QPushButton* button(const QWidget& in, const char* name)
    {
        return in.findChild<QPushButton*>(QLatin1String(name));
    }
    static QLabel* label(const QWidget& in, const char* name) { return in.findChild<QLabel*>(QLatin1String(name)); }
};

QTEST_MAIN(TestEmbedBlock)
#include "TestEmbedBlock.moc"
