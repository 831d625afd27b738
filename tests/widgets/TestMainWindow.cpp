#include "app/ExplorePage.h"
#include "app/MainWindow.h"
#include "app/Window.h"
#include "core/session/Sample.h"
#include "resources/Resources.h"
#include "widgets/panels/DetailsPanel.h"
#include "widgets/panels/GalleryGrid.h"
#include "widgets/panels/PromptBar.h"
#include "widgets/vtk/MapView.h"

#include <QLineEdit>
#include <QTemporaryDir>
#include <QtTest>

using namespace semascope;
using app::MainWindow;

/// A person's way through the window: sample, lasso, prompt, third dimension, and closing at a bad moment.
class TestMainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wholeVisit()
    {
        MainWindow window(core::BlasReport{});
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        window.openAtStart({});
        app::Session* session = window.session();
        QTRY_VERIFY_WITH_TIMEOUT(session->document().layout && !session->jobs()->busy(), 90000);
        auto* map = window.findChild<ui::MapView*>();
        auto* gallery = window.findChild<ui::GalleryGrid*>();
        QVERIFY(map && gallery);
        const std::size_t n = session->data()->samples.size();
        QCOMPARE(gallery->items().size(), n);

        map->setTool(ui::MapTool::Box);
        const QRect area = map->rect().adjusted(map->width() / 2, 2, -2, -2);
        QTest::mousePress(map, Qt::LeftButton, {}, area.topLeft());
        QTest::mouseMove(map, area.center());
        QTest::mouseMove(map, area.bottomRight());
        QTest::mouseRelease(map, Qt::LeftButton, {}, area.bottomRight());
        QTRY_VERIFY(session->selection()->selectedCount() > 0);
        QVERIFY(session->selection()->selectedCount() < n);
        QCOMPARE(gallery->items().size(), session->selection()->selectedCount());

        auto* bar = window.findChild<ui::PromptBar*>();
        bar->focusField();
        auto* field = bar->findChild<QLineEdit*>();
        QVERIFY(field && field->isEnabled());
        QTest::keyClicks(field, QStringLiteral("a red circle"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(session->hasScores(0) && session->colouring().legend.continuous, 20000);

        session->showSample(5);
        auto* details = window.findChild<ui::DetailsPanel*>();
        QCOMPARE(details->sample(), qint64(5));

        QAction* deep = actionNamed(window, QStringLiteral("3D map"));
        QVERIFY(deep);
        deep->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(session->document().layout->points.cols(), std::size_t(3), 60000);
        QVERIFY(!map->camera().flat);
        QTRY_VERIFY_WITH_TIMEOUT(!session->jobs()->busy(), 60000);
    }

    void closesWhileWorking()
    {
        QElapsedTimer timer;
        {
            MainWindow window(core::BlasReport{});
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            window.openAtStart({});
            QTRY_VERIFY_WITH_TIMEOUT(window.session()->jobs()->busy(), 10000);
            QTest::qWait(150);
            timer.start();
            window.close();
        }
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    }

    void everyActionHasATip()
    {
        MainWindow window(core::BlasReport{});
        QSet<QString> keys;
        for (const QAction* action : window.actions()) {
            QVERIFY2(!action->statusTip().isEmpty(), qPrintable(action->text()));
            const QString key = action->shortcut().toString();
            QVERIFY2(key.isEmpty() || !keys.contains(key), qPrintable(key));
            keys.insert(key);
        }
    }

private:
    static QAction* actionNamed(const MainWindow& window, const QString& text)
    {
        for (QAction* action : window.actions()) {
            if (action->text() == text) {
                return action;
            }
        }
        return nullptr;
    }
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
    TestMainWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "TestMainWindow.moc"
