#include "Shared.h"
#include "app/Actions.h"
#include "app/Captions.h"
#include "app/ExplorePage.h"
#include "app/JointMapPage.h"
#include "app/MainWindow.h"
#include "app/Search.h"
#include "core/session/Sample.h"
#include "resources/Resources.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/panels/DropOverlay.h"
#include "widgets/panels/GalleryGrid.h"
#include "widgets/panels/NeighbourPanel.h"
#include "widgets/panels/QueryCard.h"
#include "widgets/vtk/MapView.h"

#include <QClipboard>
#include <QLabel>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace semascope;
using app::MainWindow;
using app::Search;
using app::Session;

/// Finding by text and by picture in the built-in sample, without and with the window.
class TestSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        core::JobContext job;
        m_files = core::builtInSample(m_folder.filePath(QStringLiteral("sample")).toStdString(), job);
        m_session = std::make_unique<Session>();
        m_search = std::make_unique<Search>(m_session.get());
        openSample(*m_session);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->document().layout && !m_session->jobs()->busy(), 90000);
    }

    void neighboursAreExactAndNeverTheSampleItself()
    {
        QSignalSpy found(m_search.get(), &Search::neighboursFound);
        std::vector<core::Neighbour> near;
        connect(m_search.get(), &Search::neighboursFound, this, [&near](qint64, const auto& n) { near = n; });
        m_search->findNeighbours(7, 5);
        QTRY_COMPARE(near.size(), std::size_t(5));
        const core::Matrix& rows = m_session->document().embedding->rows;
        const auto cosine = [&rows](std::size_t a, std::size_t b) {
            double dot = 0;
            for (std::size_t j = 0; j < rows.cols(); ++j) {
                dot += static_cast<double>(rows.at(a, j)) * static_cast<double>(rows.at(b, j));
            }
            return dot;
        };
        for (const core::Neighbour& n : near) {
            QVERIFY(n.row != 7);
            QVERIFY(std::abs(cosine(7, n.row) - static_cast<double>(n.cosine)) < 1e-4);
        }
        std::size_t better = 0;
        for (std::size_t r = 0; r < rows.rows(); ++r) {
            better += r != 7 && cosine(7, r) > static_cast<double>(near.back().cosine) + 1e-5 ? 1 : 0;
        }
        QVERIFY(better < 5);
    }

    void likeASample()
    {
        m_search->likeSample(3);
        QVERIFY(m_search->result());
        QVERIFY(m_search->result()->cosine.empty()); // it says at once what it looks for
        QTRY_VERIFY(!m_search->result()->cosine.empty());
        const app::SearchResult& found = *m_search->result();
        QCOMPARE(found.n, m_session->data()->samples.size());
        QVERIFY(found.cosine[3] > 0.9999f);
        QVERIFY(found.percentile[3] > 99);
        QVERIFY(!m_search->place()); // it has its point already
        m_search->clear();
        QVERIFY(!m_search->result());
    }

    void likeAPictureFromOutside()
    {
        const core::Sample& sample = m_session->data()->samples[11];
        const QString copy = m_folder.filePath(QStringLiteral("outside.png"));
        QVERIFY(QImage(QString::fromStdString(sample.path)).save(copy));
        m_search->likeFile(copy);
        QTRY_VERIFY_WITH_TIMEOUT(m_search->result() && !m_search->result()->cosine.empty(), 20000);
        QVERIFY(m_search->result()->cosine[11] > 0.999f);
        QVERIFY(!m_search->result()->picture.isNull());
        QCOMPARE(m_search->result()->title, QStringLiteral("outside.png"));
        QTRY_VERIFY(m_search->place());
        const core::Document& doc = m_session->document();
        const auto point = std::find(doc.layoutSample.begin(), doc.layoutSample.end(), 11U) - doc.layoutSample.begin();
        const auto at = static_cast<std::size_t>(point);
        const double dx = (*m_search->place())[0] - static_cast<double>(doc.layout->points.at(at, 0));
        const double dy = (*m_search->place())[1] - static_cast<double>(doc.layout->points.at(at, 1));
        QVERIFY2(std::hypot(dx, dy) < 0.15, qPrintable(QString::number(std::hypot(dx, dy))));

        m_search->likeImage(QImage(copy), QStringLiteral("copied picture"));
        QTRY_VERIFY_WITH_TIMEOUT(m_search->result() && !m_search->result()->cosine.empty(), 20000);
        QVERIFY(m_search->result()->cosine[11] > 0.999f);
    }

    void badPicturesAreSaid()
    {
        QSignalSpy notices(m_session.get(), &Session::notice);
        QFile broken(m_folder.filePath(QStringLiteral("broken.jpg")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("no picture at all");
        broken.close();
        m_search->likeFile(broken.fileName());
        QTRY_VERIFY_WITH_TIMEOUT(!notices.isEmpty(), 10000);
        QVERIFY(notices.last().at(1).toBool());
        QVERIFY(notices.last().first().toString().contains(QLatin1String("broken.jpg")));
        QTRY_VERIFY(!m_search->result()); // nothing is left half searched
        Session empty;
        Search search(&empty);
        QVERIFY(!search.pictureProblem().isEmpty());
        search.likeFile(broken.fileName());
        QVERIFY(!search.result());
    }

    void captionsAreEmbeddedOnDemandAndCentred()
    {
        app::Captions* captions = m_search->captions();
        QVERIFY(captions->inDataset());
        QVERIFY(captions->problem().isEmpty());
        QVERIFY(!captions->embedding());
        std::vector<ui::CaptionItem> items;
        double gap = 0;
        connect(captions, &app::Captions::found, this, [&](qint64, const auto& found, double distance) {
            items = found;
            gap = distance;
        });
        captions->findNearest(5, 4);
        QTRY_COMPARE_WITH_TIMEOUT(items.size(), std::size_t(4), 30000);
        QVERIFY(gap > 0);
        QVERIFY(captions->embedding()->spec.modality == core::Modality::Text);
        QVERIFY(!items[0].text.isEmpty());
        QVERIFY(items[0].cosine >= items[1].cosine);
        QVERIFY(std::abs(items[0].cosine) <= 1.0001);
        const auto cached = captions->embedding();
        captions->findNearest(6, 4);
        QTRY_VERIFY(!m_session->jobs()->busy());
        QCOMPARE(captions->embedding(), cached);
    }

    void promptValuesOrderWhatTheySay()
    {
        m_session->addPrompt(QStringLiteral("a red circle"), QStringLiteral("a circle"), true);
        m_session->addPrompt(QStringLiteral("a star"), {});
        QTRY_VERIFY_WITH_TIMEOUT(m_session->hasScores(0) && m_session->hasScores(1), 20000);
        const ui::PromptValues& first = m_session->scores(0);
        const ui::PromptValues& second = m_session->scores(1);
        QVERIFY(second.contrast.empty());
        for (std::size_t s = 0; s < first.cosine.size(); ++s) {
            QVERIFY(std::abs(first.probability[s] + second.probability[s] - 1) < 1e-4f);
            QVERIFY(first.percentile[s] >= 0 && first.percentile[s] <= 100);
        }
        QCOMPARE(ui::shownKind(m_session->document().view, m_session->document().prompts[0]), ui::ScoreKind::Contrast);
        QCOMPARE(ui::shownKind(m_session->document().view, m_session->document().prompts[1]), ui::ScoreKind::Cosine);
        m_session->colourBy("prompt:0");
        QVERIFY(m_session->colouring().legend.title.endsWith(QLatin1String("contrast")));
        m_session->showPromptValue(ui::ScoreKind::Probability);
        QVERIFY(m_session->colouring().legend.title.endsWith(QLatin1String("probability")));
        QCOMPARE(m_session->colouring().legend.hi, 1.0);
        m_session->showPromptValue(ui::ScoreKind::Percentile);
        QCOMPARE(m_session->colouring().legend.hi, 100.0);
        m_session->colourBy("prompt:1");
        m_session->showPromptValue(ui::ScoreKind::Contrast);
        QVERIFY(!m_session->colouring().legend.continuous); // it says that there is nothing to contrast with
        QCOMPARE(m_session->colouring().legend.entries.size(), 1);
    }

    void onePictureIsADataset()
    {
        Session session;
        core::OpenSpec spec;
        spec.path = m_session->data()->samples[0].path;
        core::ModelSpec model;
        model.path = m_files.model;
        session.openModel(model);
        session.openData(spec);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().layout && !session.jobs()->busy(), 60000);
        QCOMPARE(session.data()->samples.size(), std::size_t(1));
        QCOMPARE(session.document().layout->points.rows(), std::size_t(1));
    }

    void windowDropsPastesAndMapsTogether()
    {
        MainWindow window(core::BlasReport{});
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        Session* session = window.session();
        openSample(*session);
        QTRY_VERIFY_WITH_TIMEOUT(session->document().layout && !session->jobs()->busy(), 90000);
        auto* gallery = window.findChild<ui::GalleryGrid*>();
        auto* overlay = window.findChild<ui::DropOverlay*>();
        auto* card = window.findChild<ui::QueryCard*>();
        QVERIFY(gallery && overlay && card);

        QMimeData file;
        file.setUrls({QUrl::fromLocalFile(QString::fromStdString(session->data()->samples[20].path))});
        drag(window, file);
        QVERIFY(overlay->isVisible());
        drop(*overlay, overlay->zoneRect(0).center(), file);
        auto* search = window.findChild<Search*>();
        QVERIFY(search->result());
        QTRY_VERIFY_WITH_TIMEOUT(!search->result()->cosine.empty(), 20000);
        QVERIFY(search->result()->cosine[20] > 0.999f);
        QVERIFY(isOrderedBy(gallery->items(), search->result()->cosine));
        QVERIFY(card->isVisible());
        QVERIFY(card->findChild<QLabel*>(QStringLiteral("queryLine"))->text().contains(QLatin1String("cosine")));
        QTRY_VERIFY(search->place());
        search->clear();
        QCOMPARE(gallery->items()[0], 0U);
        QVERIFY(!card->isVisible());

        QApplication::clipboard()->setImage(QImage(QString::fromStdString(session->data()->samples[33].path)));
        trigger(window, "Search with the copied picture");
        QTRY_VERIFY_WITH_TIMEOUT(search->result() && !search->result()->cosine.empty(), 20000);
        QVERIFY(search->result()->cosine[33] > 0.999f);
        QVERIFY(isOrderedBy(gallery->items(), search->result()->cosine));
        trigger(window, "Clear the search");
        QVERIFY(!search->result());

        trigger(window, "Map pictures, captions and prompts together");
        auto* joint = window.findChild<app::JointMapPage*>();
        QTRY_VERIFY_WITH_TIMEOUT(joint->hasMap(), 60000);
        QVERIFY(joint->isVisible());
        const std::size_t n = session->data()->samples.size();
        QCOMPARE(joint->view()->scene().cloud.size(), 2 * n);
        QCOMPARE(joint->joint().pairs.size(), n);
        QVERIFY(joint->joint().gap > 0);
        const core::Camera camera = joint->view()->camera();
        session->select({1, 2, 3}, core::Combine::Replace);
        QCOMPARE(joint->view()->scene().cloud.selectedCount(), std::size_t(6)); // a picture and a caption each
        QCOMPARE(joint->figure().links.size(), 3);
        QVERIFY(joint->view()->camera() == camera);
        QVERIFY(!ui::renderFigure(ui::figureOf(joint->figure(), 100), {120, 90, 100}).isNull());
        QCOMPARE(session->document().layoutSample.size(), n); // the document's own map is as it was
    }

    void aDropOpensOnePictureAsDataset()
    {
        MainWindow window(core::BlasReport{});
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto* overlay = window.findChild<ui::DropOverlay*>();
        QMimeData file;
        file.setUrls({QUrl::fromLocalFile(QString::fromStdString(m_session->data()->samples[0].path))});
        drag(window, file);
        QCOMPARE(overlay->zoneAt(overlay->zoneRect(0).center()), -1); // there is nothing to search yet
        drop(*overlay, overlay->zoneRect(1).center(), file);
        QTRY_VERIFY_WITH_TIMEOUT(window.session()->data(), 20000);
        QCOMPARE(window.session()->data()->samples.size(), std::size_t(1));
    }

    void realCaptionsAndPicturesLieApart()
    {
        NEEDS_SHARED("data/coco-clip");
        Session session;
        Search search(&session);
        core::OpenSpec spec;
        spec.path = sharedPath("data/coco-clip/image.npy");
        session.openData(spec);
        QTRY_VERIFY_WITH_TIMEOUT(session.document().embedding, 30000);
        app::Captions* captions = search.captions();
        QVERIFY(captions->inDataset());
        QVERIFY(captions->problem().isEmpty()); // text.npy is beside it
        std::size_t own = 0;
        double gap = 0;
        int answers = 0;
        connect(captions, &app::Captions::found, this, [&](qint64, const auto& items, double distance) {
            own += !items.empty() && items.front().own ? 1 : 0;
            gap = distance;
            ++answers;
        });
        for (int sample = 0; sample < 100; ++sample) {
            captions->findNearest(sample, 5);
            QTRY_COMPARE_WITH_TIMEOUT(answers, sample + 1, 10000);
        }
        QVERIFY2(gap > 0.5 && gap < 1.5, qPrintable(QString::number(gap)));
        QVERIFY2(own > 30, qPrintable(QString::number(own))); // chance would be none
    }

private:
    void openSample(Session& session)
    {
        core::ModelSpec model;
        model.path = m_files.model;
        session.openModel(model);
        core::OpenSpec data;
        data.path = m_files.pictures;
        session.openData(data);
    }

    static bool isOrderedBy(const std::vector<std::uint32_t>& items, const std::vector<float>& values)
    {
        return std::is_sorted(items.begin(), items.end(),
                              [&values](std::uint32_t a, std::uint32_t b) { return values[a] > values[b]; });
    }
    static void drag(QWidget& target, const QMimeData& data)
    {
        QDragEnterEvent enter(QPoint(40, 40), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&target, &enter);
    }
    static void drop(QWidget& target, const QPoint& at, const QMimeData& data)
    {
        drag(target, data); // as the window system does once the overlay is there
        QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&target, &drop);
    }
    static void trigger(const MainWindow& window, const char* text)
    {
        for (QAction* action : window.actions()) {
            if (action->text() == QLatin1String(text)) {
                QVERIFY(action->isEnabled());
                action->trigger();
                return;
            }
        }
        QFAIL(text);
    }

    QTemporaryDir m_folder;
    core::SampleFiles m_files;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<Search> m_search;
};

int main(int argc, char** argv)
{
    const QTemporaryDir home; // settings and the sample stay away from the person's own
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"}) {
        qputenv(name, home.path().toLocal8Bit());
    }
    QApplication application(argc, argv);
    ui::initResources();
    TestSearch test;
    return QTest::qExec(&test, argc, argv);
}
#include "TestSearch.moc"
