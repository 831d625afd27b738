#include "widgets/HeatmapFixture.h"
#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Fixtures.h"
#include "widgets/panels/HeatmapCard.h"
#include "widgets/panels/HeatmapControls.h"
#include "widgets/panels/HeatmapGrid.h"
#include "widgets/panels/HeatmapView.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

using namespace semascope;
using namespace semascope::ui;
using test::HeatmapWorld;

namespace {

core::Picture plain(const core::Dataset&, std::size_t sample, int side)
{
    return test::plainPicture(sample, side);
}

/// A world whose samples claim to have pictures, and a view of it.
struct Stage
{
    HeatmapWorld world;
    ThumbnailCache thumbnails{nullptr, plain};
    HeatmapView view;

    explicit Stage(std::uint32_t n, const QSize& size = {900, 500}) : world(n)
    {
        for (core::Sample& sample : world.data->samples) {
            sample.path = "/nowhere/" + sample.id;
        }
        thumbnails.setDataset(world.data);
        view.setSource(world.data, &thumbnails);
        view.resize(size);
        view.show();
        (void)QTest::qWaitForWindowExposed(&view);
        HeatmapOffer offer;
        offer.captions = offer.clusters = offer.contrast = offer.probability = true;
        offer.attributes = QStringList{QStringLiteral("colour"), QStringLiteral("number")};
        offer.texts = QStringList{QStringLiteral("start"), QStringLiteral("end"), QStringLiteral("middle")};
        view.setOffer(offer);
        QObject::connect(&view, &HeatmapView::specChanged, &view, [this](const HeatmapSpec& spec) { show(spec); });
    }
    void show(const HeatmapSpec& spec)
    {
        view.setSpec(spec);
        auto scores = std::make_shared<const HeatmapScores>(world.scores(spec.choice));
        view.setTable(arrangeHeatmap(*scores, spec.look, *world.data, world.doc), scores);
    }
    HeatmapSpec first(int count) const
    {
        HeatmapSpec spec;
        spec.choice.pick = HeatmapChoice::Pick::First;
        spec.choice.count = count;
        return spec;
    }
    template<class Widget> Widget* part(const char* name) const { return view.findChild<Widget*>(QLatin1String(name)); }
    void pick(const char* name, const QString& text)
    {
        auto* box = part<QComboBox>(name);
        const int at = box->findText(text);
        QVERIFY2(at >= 0, qPrintable(text));
        box->setCurrentIndex(at);
        Q_EMIT box->activated(at);
    }
};

} // namespace

class TestHeatmapView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.apply(*qApp); }

    void cellsHaveTheFiguresColours()
    {
        Stage stage(12);
        for (const auto scale :
             {HeatmapFigure::Scale::Shared, HeatmapFigure::Scale::PerRow, HeatmapFigure::Scale::Fixed}) {
            HeatmapSpec spec = stage.first(8);
            spec.look.scale = scale;
            spec.look.numbers = false;
            stage.show(spec);
            HeatmapGrid* grid = stage.view.grid();
            const QImage image = grid->viewport()->grab().toImage();
            for (int t = 0; t < 3; ++t) {
                for (int p = 0; p < 8; ++p) {
                    const QPoint at = grid->cellRect(t, p).center() * image.devicePixelRatio();
                    QCOMPARE(image.pixelColor(at), QColor::fromRgb(heatmapColour(grid->figure(), t, p)));
                }
            }
        }
    }

    void rowsAreTextsAndColumnsPictures()
    {
        Stage stage(12);
        stage.show(stage.first(8));
        HeatmapGrid* grid = stage.view.grid();
        QVERIFY(grid->cellRect(1, 0).top() > grid->cellRect(0, 0).top());
        QVERIFY(grid->cellRect(0, 1).left() > grid->cellRect(0, 0).left());
        QVERIFY(grid->pictureRect(0).bottom() < grid->cellRect(0, 0).top());
        QVERIFY(grid->textRect(0).right() < grid->cellRect(0, 0).left());
        using Part = HeatmapGrid::Part;
        QCOMPARE(grid->placeAt(grid->cellRect(2, 5).center()), (HeatmapGrid::Place{Part::Cell, 2, 5}));
        QCOMPARE(grid->placeAt(grid->textRect(1).center()), (HeatmapGrid::Place{Part::Text, 1, -1}));
        QCOMPARE(grid->placeAt(grid->pictureRect(3).center()), (HeatmapGrid::Place{Part::Picture, -1, 3}));
        QVERIFY(grid->placeAt({grid->viewport()->width() - 1, grid->viewport()->height() - 1}).part == Part::None);
    }

    void numbersWhereThereIsRoom()
    {
        Stage stage(40);
        stage.show(stage.first(40));
        HeatmapGrid* grid = stage.view.grid();
        grid->setCellWidth(64);
        QCOMPARE(grid->decimals(), 3);
        grid->setCellWidth(30);
        QCOMPARE(grid->decimals(), 2);
        grid->setCellWidth(HeatmapGrid::kMinCell);
        QCOMPARE(grid->decimals(), -1);
    }

    void aLabelOrdersThePictures()
    {
        Stage stage(12);
        stage.show(stage.first(8));
        HeatmapGrid* grid = stage.view.grid();
        const auto firstShown = [&] { return grid->figure().pictures.first().sample; };
        const auto click = [&] { QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->textRect(1).center()); };
        click();
        QCOMPARE(stage.view.spec().look.orderText, QStringLiteral("end"));
        QCOMPARE(firstShown(), 7U);
        QVERIFY(stage.part<QComboBox>("heatmapOrder")->currentText().contains(QLatin1String("end")));
        click();
        QVERIFY(stage.view.spec().look.lowFirst);
        QCOMPARE(firstShown(), 0U);
        click();
        QVERIFY(stage.view.spec().look.order == HeatmapLook::Order::Chosen);
    }

    void clicksAndKeysReachThePicture()
    {
        Stage stage(12);
        stage.show(stage.first(8));
        HeatmapGrid* grid = stage.view.grid();
        QSignalSpy activated(&stage.view, &HeatmapView::activated), hovered(&stage.view, &HeatmapView::hovered);
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, Qt::ShiftModifier, grid->cellRect(1, 5).center());
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->pictureRect(2).center());
        QCOMPARE(activated.size(), 2);
        QCOMPARE(activated[0][0].toUInt(), 5U);
        QCOMPARE(activated[0][1].value<Qt::KeyboardModifiers>(), Qt::ShiftModifier);
        QCOMPARE(activated[1][0].toUInt(), 2U);
        grid->setFocus();
        QTest::keyClick(grid, Qt::Key_End);
        QTest::keyClick(grid, Qt::Key_Down);
        QTest::keyClick(grid, Qt::Key_Return);
        QCOMPARE(activated.last()[0].toUInt(), 7U);
        QCOMPARE(hovered.last()[0].toLongLong(), 7);
        QVERIFY(grid->accessibleDescription().startsWith(QLatin1String("end, s7")));
    }

    void theCardSaysWhatACosineMeans()
    {
        Stage stage(12);
        stage.show(stage.first(8));
        HeatmapGrid* grid = stage.view.grid();
        QTest::mouseMove(grid->viewport(), grid->cellRect(0, 3).center());
        QTRY_VERIFY(stage.view.card()->isVisible());
        const HeatmapCard::Content& content = stage.view.card()->content();
        QCOMPARE(content.text, QStringLiteral("start"));
        QCOMPARE(content.name, QStringLiteral("s3"));
        QStringList what;
        for (const HeatmapCard::Line& line : content.lines) {
            what << line.what;
            QVERIFY(!line.value.isEmpty());
        }
        QCOMPARE(what, (QStringList{QStringLiteral("cosine"), QStringLiteral("percentile"), QStringLiteral("contrast"),
                                    QStringLiteral("probability")}));
        QVERIFY(stage.view.rect().contains(stage.view.card()->geometry()));
        QTest::mouseMove(grid->viewport(), grid->textRect(0).center());
        QTRY_VERIFY(!stage.view.card()->isVisible());
    }

    void hundredsOfColumnsScroll()
    {
        Stage stage(800);
        HeatmapSpec spec = stage.first(700);
        spec.look.group = HeatmapLook::Group::Attribute;
        spec.look.attribute = QStringLiteral("colour");
        stage.show(spec);
        HeatmapGrid* grid = stage.view.grid();
        QScrollBar* bar = grid->horizontalScrollBar();
        QVERIFY(bar->maximum() > 5000);
        for (const int value : {0, 777, bar->maximum() / 2, bar->maximum()}) {
            bar->setValue(value);
            (void)grid->viewport()->grab();
            const auto [first, last] = grid->visiblePictures();
            QVERIFY2(last - first < 40, qPrintable(QString::number(last - first)));
            QTRY_COMPARE(stage.thumbnails.waiting(), std::size_t(0));
            const QRect cells = grid->viewport()->rect().adjusted(grid->textRect(0).width(), 0, 0, 0);
            QVERIFY(first == 0 || grid->cellRect(0, first - 1).right() < cells.left());
            QVERIFY(last == 700 || grid->cellRect(0, last).left() >= cells.right());
        }
        const int side = CellPainter::sideFor(grid->pictureRect(0).size(), grid->devicePixelRatioF());
        int ready = 0;
        for (std::uint32_t s = 0; s < 800; ++s) {
            ready += stage.thumbnails.state(s, side) == ThumbnailCache::State::Ready ? 1 : 0;
        }
        QVERIFY2(ready > 40 && ready < 160, qPrintable(QString::number(ready))); // those in sight, and no others
        QElapsedTimer timer;
        timer.start();
        constexpr int steps = 60;
        for (int i = 0; i < steps; ++i) {
            bar->setValue(bar->maximum() * i / steps);
            (void)grid->viewport()->grab();
        }
        const double each = static_cast<double>(timer.elapsed()) / steps;
        qInfo("%.1f ms a frame", each);
        QVERIFY2(each < 60, qPrintable(QString::number(each)));
        QTest::keyClick(grid, Qt::Key_End);
        QCOMPARE(grid->visiblePictures().second, 700);
    }

    void controlsSayTheSpec()
    {
        Stage stage(30);
        stage.show(stage.first(8));
        QSignalSpy changed(&stage.view, &HeatmapView::specChanged);
        auto* count = stage.part<QSpinBox>("heatmapCount");
        count->setValue(10);
        QCOMPARE(stage.view.grid()->figure().pictures.size(), 10);
        stage.pick("heatmapPick", QStringLiteral("best of each"));
        QCOMPARE(count->value(), HeatmapChoice{}.each);
        QCOMPARE(stage.view.spec().choice.count, 10);
        stage.pick("heatmapPick", QStringLiteral("random"));
        QVERIFY(stage.part<QSpinBox>("heatmapSeed")->isVisible());
        stage.part<QSpinBox>("heatmapSeed")->setValue(5);
        QCOMPARE(stage.view.spec().choice.seed, std::uint64_t(5));
        stage.pick("heatmapScale", QStringLiteral("fixed"));
        auto* low = stage.part<QDoubleSpinBox>("heatmapLow");
        QVERIFY(low->isVisible());
        low->setValue(0.25);
        QCOMPARE(stage.view.spec().look.lo, 0.25);
        stage.pick("heatmapScale", QStringLiteral(".1–.3 as in 2021"));
        QCOMPARE(stage.view.spec().look.lo, 0.1);
        QCOMPARE(stage.part<QComboBox>("heatmapScale")->currentText(), QStringLiteral("fixed"));
        stage.pick("heatmapValue", QStringLiteral("percentile"));
        QCOMPARE(stage.view.spec().look.hi, 100.0);
        stage.pick("heatmapGroup", QStringLiteral("by colour"));
        QCOMPARE(stage.view.grid()->figure().groups.size(), 3);
        stage.pick("heatmapRows", QStringLiteral("own captions"));
        QVERIFY(stage.part<QLabel>("heatmapNotes")->accessibleName().contains(QLatin1String("own caption")));
        QVERIFY(!changed.isEmpty());
    }

    void everythingHasAName()
    {
        Stage stage(5);
        stage.show(stage.first(5));
        for (const QComboBox* box : stage.view.findChildren<QComboBox*>()) {
            QVERIFY2(!box->accessibleName().isEmpty() && !box->toolTip().isEmpty(), qPrintable(box->objectName()));
        }
        for (const QAbstractSpinBox* box : stage.view.findChildren<QAbstractSpinBox*>()) {
            QVERIFY2(!box->accessibleName().isEmpty(), qPrintable(box->objectName()));
        }
    }

    void messagesTakeItsPlace()
    {
        Stage stage(5);
        stage.show(stage.first(5));
        stage.view.setMessage(QStringLiteral("Add a prompt."));
        QVERIFY(stage.part<QLabel>("heatmapMessage")->isVisible());
        QVERIFY(!stage.view.grid()->isVisible());
        stage.show(stage.first(5));
        QVERIFY(stage.view.grid()->isVisible());
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestHeatmapView)
#include "TestHeatmapView.moc"
