#include "core/cluster/ClusterOptions.h"
#include "widgets/panels/ClusterSetup.h"
#include "widgets/panels/FrameScrubber.h"
#include "widgets/panels/OptionForm.h"
#include "widgets/panels/TrainingCurves.h"
#include "widgets/panels/TrainingView.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>

using namespace semascope;

namespace {

core::ClusterSpec small(const std::string& method)
{
    core::ClusterSpec spec;
    spec.method = method;
    spec.k = 4;
    spec.options = {{"hidden", "32-16"}, {"epochs", "8"}, {"code", "4"}, {"max_updates", "6"}};
    return spec;
}

} // namespace

/// What a person chooses before clusters are found, and sees of a training.
class TestTraining : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMethodAndOptionIsOffered()
    {
        ui::ClusterSetup setup;
        setup.setReady(true);
        auto* method = setup.findChild<QComboBox*>(QStringLiteral("clusterMethod"));
        QCOMPARE(method->count(), int(core::clusterMethods().size()));
        for (int i = 0; i < method->count(); ++i) {
            method->setCurrentIndex(i);
            const std::string word = method->itemData(i).toString().toStdString();
            QVERIFY(!method->itemData(i, Qt::ToolTipRole).toString().isEmpty());
            QCOMPARE(setup.spec().method, word);
            QVERIFY(setup.spec().options.empty()); // the usual ones are not sent
            for (const core::ClusterOption& o : core::clusterOptions(word)) {
                auto* control =
                    setup.findChild<QWidget*>(QStringLiteral("clusterOption_") + QString::fromStdString(o.key));
                QVERIFY2(control, o.key.c_str());
                QVERIFY(!control->toolTip().isEmpty() && !control->accessibleName().isEmpty());
            }
            QCOMPARE(setup.findChild<QCheckBox*>(QStringLiteral("clusterLive"))->isHidden(), !core::isDeepMethod(word));
        }
    }

    void specsGoRound()
    {
        ui::ClusterSetup setup;
        core::ClusterSpec spec = small("idec");
        spec.seed = 9;
        spec.options["recipe"] = "sgd";
        spec.options["gamma"] = "0.5";
        setup.setSpec(spec);
        QVERIFY(setup.spec() == spec);
        spec.options.clear();
        setup.setSpec(spec); // usual again
        QVERIFY(setup.spec() == spec);
        setup.setSpec(small("dec"));
        auto* method = setup.findChild<QComboBox*>(QStringLiteral("clusterMethod"));
        method->setCurrentIndex(method->findData(QStringLiteral("idec")));
        QCOMPARE(setup.spec().options, small("dec").options); // what both have is kept
        method->setCurrentIndex(method->findData(QStringLiteral("kmeans")));
        QVERIFY(setup.spec().options.empty());
    }

    void oneButtonStartsAndStops()
    {
        ui::ClusterSetup setup;
        auto* run = setup.findChild<QAbstractButton*>(QStringLiteral("clusterRun"));
        setup.setReady(false, QStringLiteral("no data"));
        QVERIFY(!run->isEnabled());
        setup.setReady(true);
        QSignalSpy wanted(&setup, &ui::ClusterSetup::clusterWanted), stop(&setup, &ui::ClusterSetup::stopWanted);
        run->click();
        QCOMPARE(wanted.count(), 1);
        setup.setRunning(true, QStringLiteral("refining, update 3"));
        run->click();
        QCOMPARE(stop.count(), 1);
        QCOMPARE(wanted.count(), 1);
        setup.setRunning(false);
        auto* samples = setup.findChild<QComboBox*>(QStringLiteral("clusterSamples"));
        samples->setCurrentIndex(1);
        QVERIFY(setup.selectionOnly() && !run->isEnabled()); // nothing is selected
        setup.setSelected(12);
        QVERIFY(run->isEnabled());
    }

    void barGoesThroughTheMoments()
    {
        ui::FrameScrubber bar;
        QVERIFY(bar.isHidden());
        bar.showRunning(QStringLiteral("IDEC · pre-training"));
        QVERIFY(!bar.isHidden());
        bar.showFrames({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
        QCOMPARE(bar.frame(), 2); // the result
        QSignalSpy chosen(&bar, &ui::FrameScrubber::frameChosen), done(&bar, &ui::FrameScrubber::doneWanted);
        bar.show();
        bar.setPlaying(true);
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, 5000);
        QVERIFY(!bar.playing());
        QCOMPARE(chosen.front().front().toInt(), 0);
        QCOMPARE(chosen.back().front().toInt(), 2);
        bar.setFrame(1);
        QTest::keyClick(&bar, Qt::Key_Escape);
        QCOMPARE(done.count(), 2);
    }

    void curvesTellAndChoose()
    {
        ui::TrainingView view;
        view.resize(700, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("trainingHint"))->isVisible());
        ui::TrainingShown shown;
        for (int e = 1; e <= 5; ++e) {
            shown.figure.curve.push_back({core::TrainingPoint::Stage::Pretraining, e, 1.0 / e, NAN, NAN});
        }
        shown.warnings << QStringLiteral("one cluster is empty: use fewer");
        view.setShown(shown);
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("trainingWarning"))->text().contains(shown.warnings.front()));
        auto* curves = view.findChild<ui::TrainingCurves*>();
        QSignalSpy chosen(&view, &ui::TrainingView::pointChosen);
        QTest::keyClick(curves, Qt::Key_Left);
        QCOMPARE(chosen.back().front().toLongLong(), 3LL);
        view.setMarked(1);
        QVERIFY(view.findChild<QLabel*>(QStringLiteral("trainingReadout"))
                    ->text()
                    .startsWith(QStringLiteral("pre-training, epoch 2")));
        QTest::mouseClick(curves, Qt::LeftButton, {}, curves->rect().center());
        QCOMPARE(chosen.count(), 2);
    }
};

QTEST_MAIN(TestTraining)
#include "TestTraining.moc"
