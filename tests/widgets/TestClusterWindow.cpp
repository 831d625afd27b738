#include "app/ClusterDesk.h"
#include "app/MainWindow.h"
#include "app/TrainingPage.h"
#include "app/Window.h"
#include "resources/Resources.h"
#include "widgets/figure/Recipe.h"
#include "widgets/panels/ClusterSetup.h"
#include "widgets/panels/FrameScrubber.h"
#include "widgets/panels/NoticeBar.h"
#include "widgets/panels/TrainingCurves.h"
#include "widgets/vtk/MapView.h"

#include <QAbstractButton>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSlider>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QtTest>

using namespace semascope;
using app::MainWindow;

/// A person finds learned groups in the built-in sample: sees them form, stops, goes through the training, exports.
class TestClusterWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<MainWindow>(core::BlasReport{});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->openAtStart({});
        QTRY_VERIFY_WITH_TIMEOUT(session()->document().layout && !session()->jobs()->busy(), 90000);
    }
    void cleanup() { m_window.reset(); }

    void groupsFormOnTheMap()
    {
        auto* bar = part<ui::FrameScrubber>();
        auto* map = part<ui::MapView>();
        QVERIFY(bar->isHidden());
        find(spec("20"));
        QVERIFY(desk()->running());
        QCOMPARE(button(QStringLiteral("clusterRun"))->text(), QStringLiteral("Stop"));
        QTRY_VERIFY_WITH_TIMEOUT(!desk()->running() && session()->document().clustering, 60000);
        QCOMPARE(button(QStringLiteral("clusterRun"))->text(), QStringLiteral("Find clusters"));
        QVERIFY(bar->isVisible() && bar->frameCount() > 1);
        QCOMPARE(map->scene().cloud.size(), session()->data()->samples.size());

        auto* slider = m_window->findChild<QSlider*>(QStringLiteral("scrubberSlider"));
        const auto result = session()->shown().layout;
        slider->setValue(0);
        QCOMPARE(desk()->frame(), 0);
        QVERIFY(session()->shown().layout != result);
        map->setFocus();
        QTest::keyClick(map, Qt::Key_Escape);
        QCOMPARE(session()->shown().layout, result);
        QCOMPARE(slider->value(), slider->maximum());

        QVERIFY(desk()->showsCode());
        button(QStringLiteral("scrubberMap"))->click();
        QVERIFY(!desk()->showsCode());
        button(QStringLiteral("scrubberMap"))->click();
        QVERIFY(desk()->showsCode());
    }

    void curvesStandInATab()
    {
        find(spec("20"));
        action(QStringLiteral("Training of the clusters"))->trigger();
        auto* view = part<ui::TrainingView>();
        auto* tabs = m_window->findChild<QTabWidget*>(QStringLiteral("views"));
        QCOMPARE(tabs->currentWidget(), view);
        QTRY_VERIFY_WITH_TIMEOUT(!desk()->running() && session()->document().clustering, 60000);
        QCOMPARE(view->figure().curve.size(), session()->document().clustering->curve.size());
        Q_EMIT view->pointChosen(0); // the moment nearest to it goes on the map
        QVERIFY(desk()->frame() >= 0);
        QVERIFY(view->figure().marked >= 0);
        QTest::mouseMove(part<ui::TrainingCurves>());
        desk()->leaveFrames();
        QCOMPARE(view->figure().marked, qsizetype(-1));

        const QTemporaryDir folder;
        app::ExportDialog::Choice choice;
        choice.path = folder.filePath(QStringLiteral("training.pdf"));
        choice.size = {120, 100, 100};
        QSignalSpy notices(session(), &app::Session::notice);
        m_window->findChild<app::TrainingPage*>()->exportTo(choice);
        QTRY_VERIFY_WITH_TIMEOUT(!notices.isEmpty(), 20000);
        QVERIFY2(!notices.last().at(1).toBool(), qPrintable(notices.last().first().toString()));
        const QJsonObject recipe = QJsonDocument::fromJson(ui::readRecipe(choice.path)).object();
        QCOMPARE(recipe[QStringLiteral("view")].toString(), QStringLiteral("training"));
        QCOMPARE(recipe[QStringLiteral("clustering")][QStringLiteral("method")].toString(), QStringLiteral("idec"));
        QCOMPARE(recipe[QStringLiteral("drawing")][QStringLiteral("epochs")].toInt(), 20);
    }

    void stopLeavesEverything()
    {
        const auto before = session()->document().layout;
        const std::string colours = session()->document().view.colourBy;
        QSignalSpy progressed(desk(), &app::ClusterDesk::progressed);
        find(spec("100000"));
        QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 0, 60000);
        button(QStringLiteral("clusterRun"))->click();
        QVERIFY(!desk()->running());
        QCOMPARE(session()->shown().layout, before);
        QCOMPARE(session()->document().view.colourBy, colours);
        QVERIFY(part<ui::FrameScrubber>()->isHidden());
        QVERIFY(part<ui::NoticeBar>()->count() > 0);
    }

    void closesWhileTraining()
    {
        QSignalSpy progressed(desk(), &app::ClusterDesk::progressed);
        find(spec("100000"));
        QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 0, 60000);
        QElapsedTimer timer;
        timer.start();
        m_window->close();
        m_window.reset();
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    }

private:
    app::Session* session() { return m_window->session(); }
    app::ClusterDesk* desk() { return m_window->findChild<app::ClusterDesk*>(); }
    template<class T> T* part() { return m_window->findChild<T*>(); }
    QAbstractButton* button(const QString& name) { return m_window->findChild<QAbstractButton*>(name); }
    QAction* action(const QString& text)
    {
        for (QAction* action : m_window->actions()) {
            if (action->text() == text) {
                return action;
            }
        }
        return nullptr;
    }
    void find(const core::ClusterSpec& spec)
    {
        part<ui::ClusterSetup>()->setSpec(spec);
        button(QStringLiteral("clusterRun"))->click();
    }
    static core::ClusterSpec spec(const std::string& epochs)
    {
        core::ClusterSpec spec;
        spec.method = "idec";
        spec.k = 5;
        spec.options = {{"hidden", "64-32"}, {"epochs", epochs}, {"max_updates", "8"}};
        return spec;
    }

    std::unique_ptr<MainWindow> m_window;
};

int main(int argc, char** argv)
{
    const QTemporaryDir home; // settings and the sample stay away from the person's own
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
        qputenv(name, home.path().toLocal8Bit());
    }
    app::prepareGraphics();
    QApplication application(argc, argv);
    ui::initResources();
    TestClusterWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "TestClusterWindow.moc"
