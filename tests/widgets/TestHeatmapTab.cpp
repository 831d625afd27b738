#include "app/Heatmap.h"
#include "app/MainWindow.h"
#include "app/Window.h"
#include "resources/Resources.h"
#include "widgets/figure/Recipe.h"
#include "widgets/panels/HeatmapGrid.h"
#include "widgets/panels/HeatmapView.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QTemporaryDir>
#include <QtTest>

using namespace semascope;
using app::Heatmap;
using app::MainWindow;
using ui::HeatmapChoice;
using ui::HeatmapLook;

/// The heatmap in the window: it follows the session, and its export is what it shows.
class TestHeatmapTab : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<MainWindow>(core::BlasReport{});
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->openAtStart({});
        m_session = m_window->session();
        QTRY_VERIFY_WITH_TIMEOUT(m_session->document().layout && !m_session->jobs()->busy(), 90000);
        m_heatmap = m_window->findChild<Heatmap*>();
        QVERIFY(m_heatmap);
        for (QAction* action : m_window->actions()) {
            if (action->text() == QLatin1String("Heatmap of texts and pictures")) {
                action->trigger();
            }
        }
        QTRY_VERIFY(m_heatmap->view()->isVisible());
    }

    void cleanup() { m_window.reset(); }

    void followsTheSession()
    {
        auto* message = m_heatmap->view()->findChild<QLabel*>(QStringLiteral("heatmapMessage"));
        QTRY_VERIFY(message->isVisible() && message->text().contains(QLatin1String("prompt")));
        addPrompts();
        QTRY_COMPARE_WITH_TIMEOUT(figure().texts.size(), 3, 20000);
        QCOMPARE(figure().pictures.size(), 24);
        m_session->select({5, 9, 11}, core::Combine::Replace);
        QTRY_COMPARE_WITH_TIMEOUT(figure().pictures.size(), 3, 20000);
        QCOMPARE(figure().pictures[1].sample, 9U);
        m_session->removePrompt(0);
        QTRY_COMPARE_WITH_TIMEOUT(figure().texts.size(), 2, 20000);
        const double seen = static_cast<double>(figure().at(0, 1));
        QTRY_VERIFY(m_session->hasScores(0));
        QVERIFY(std::abs(seen - static_cast<double>(m_session->scores(0).cosine[9])) < 1e-5);
        m_session->removePrompt(0);
        QTRY_VERIFY(message->isVisible());
    }

    void clickingShowsThePicture()
    {
        addPrompts();
        QTRY_COMPARE_WITH_TIMEOUT(figure().texts.size(), 3, 20000);
        ui::HeatmapGrid* grid = m_heatmap->view()->grid();
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->cellRect(1, 4).center());
        QCOMPARE(m_session->selection()->current(), std::int64_t(figure().pictures[4].sample));
        QTest::mouseMove(grid->viewport(), grid->pictureRect(2).center());
        QTRY_COMPARE(m_session->selection()->hovered(), std::int64_t(figure().pictures[2].sample));
    }

    void exportsWhatItShows_data()
    {
        QTest::addColumn<QString>("extension");
        for (const char* extension : {"png", "svg", "pdf"}) {
            QTest::newRow(extension) << QString::fromLatin1(extension);
        }
    }

    void exportsWhatItShows()
    {
        QFETCH(const QString, extension);
        addPrompts();
        ui::HeatmapSpec spec;
        spec.choice.pick = HeatmapChoice::Pick::Random;
        spec.choice.count = 10;
        spec.choice.seed = 4;
        spec.look.scale = ui::HeatmapFigure::Scale::PerRow;
        spec.look.order = HeatmapLook::Order::Text;
        spec.look.orderText = QStringLiteral("a star");
        m_heatmap->setSpec(spec);
        QTRY_VERIFY_WITH_TIMEOUT(figure().pictures.size() == 10 && figure().texts.size() == 3, 20000);
        const QTemporaryDir folder;
        app::ExportDialog::Choice choice;
        choice.path = folder.filePath(QStringLiteral("h.") + extension);
        choice.size = {85, 60, 100};
        choice.fitHeight = true;
        m_heatmap->exportTo(choice);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(choice.path) && !m_session->jobs()->busy(), 20000);
        const QJsonObject recipe = QJsonDocument::fromJson(ui::readRecipe(choice.path)).object();
        const QJsonObject drawing = recipe.value(QStringLiteral("drawing")).toObject();
        const QJsonObject seen = ui::heatmapRecipe(figure());
        for (const QString& key : seen.keys()) {
            QCOMPARE(drawing.value(key), seen.value(key));
        }
        QCOMPARE(drawing.value(QStringLiteral("rows")).toArray().size(), 3);
        const QJsonObject chosen = drawing.value(QStringLiteral("choice")).toObject();
        QCOMPARE(chosen.value(QStringLiteral("seed")).toInt(), 4);
        QCOMPARE(chosen.value(QStringLiteral("sort_text")).toString(), QStringLiteral("a star"));
    }

private:
    void addPrompts()
    {
        m_session->addPrompt(QStringLiteral("a red circle"), {});
        m_session->addPrompt(QStringLiteral("a star"), QStringLiteral("a square"));
    }
    const ui::HeatmapFigure& figure() const { return m_heatmap->view()->grid()->figure(); }

    std::unique_ptr<MainWindow> m_window;
    app::Session* m_session = nullptr;
    Heatmap* m_heatmap = nullptr;
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
    TestHeatmapTab test;
    return QTest::qExec(&test, argc, argv);
}
#include "TestHeatmapTab.moc"
