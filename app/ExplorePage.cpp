#include "app/ExplorePage.h"

#include "app/Actions.h"
#include "app/RowPictures.h"
#include "app/Search.h"
#include "widgets/DocumentFigures.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/DetailsPanel.h"
#include "widgets/panels/GalleryGrid.h"
#include "widgets/panels/GalleryView.h"
#include "widgets/vtk/MapView.h"

#include <QDockWidget>
#include <QEvent>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace semascope::app {

namespace {

constexpr int kSideWidth = 420;
constexpr int kMapThumbnailSide = 64;
constexpr std::size_t kMapThumbnails = 60;

/// Lets a panel be lower than it would like, never narrower.
class LowArea : public QScrollArea
{
public:
    explicit LowArea(QWidget* panel)
    {
        setFrameShape(QFrame::NoFrame);
        setFocusPolicy(Qt::NoFocus);
        setWidgetResizable(true);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setWidget(panel);
    }
    QSize sizeHint() const override { return widget()->sizeHint(); }
    QSize minimumSizeHint() const override
    {
        constexpr int lowest = 280;
        const QSize least = widget()->minimumSizeHint();
        return {least.width(), std::min(least.height(), lowest)};
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::LayoutRequest) {
            updateGeometry();
        }
        return QScrollArea::eventFilter(watched, event);
    }
};

} // namespace

ExplorePage::ExplorePage(const Parts& parts, QWidget* parent)
    : QMainWindow(parent),
      m_session(parts.session),
      m_search(parts.search),
      m_actions(parts.actions),
      m_thumbnails(parts.thumbnails),
      m_views(new QTabWidget(this)),
      m_mapTab(new QWidget(this)),
      m_map(new ui::MapView(this)),
      m_details(new ui::DetailsPanel(this)),
      m_gallery(new ui::GalleryView(this))
{
    setObjectName(QStringLiteral("explore"));
    setWindowFlags(Qt::Widget);
    setDockNestingEnabled(true);
    m_views->setObjectName(QStringLiteral("views"));
    m_views->setAccessibleName(tr("Views"));
    m_views->setDocumentMode(true);
    m_views->setTabsClosable(true);
    m_views->setTabBarAutoHide(true); // one view needs no tabs
    auto* mapColumn = new QVBoxLayout(m_mapTab);
    mapColumn->setContentsMargins(0, 0, 0, 0);
    mapColumn->setSpacing(0);
    mapColumn->addWidget(m_map, 1);
    m_views->addTab(m_mapTab, tr("Map"));
    for (const auto side : {QTabBar::LeftSide, QTabBar::RightSide}) {
        m_views->tabBar()->setTabButton(0, side, nullptr); // the map stays
    }
    connect(m_views, &QTabWidget::tabCloseRequested, m_views, &QTabWidget::removeTab);
    setCentralWidget(m_views);
    QDockWidget* details = addPanel(tr("Picture"), QStringLiteral("pictureDock"), new LowArea(m_details));
    QDockWidget* gallery = addPanel(tr("Selection"), QStringLiteral("selectionDock"), m_gallery);
    splitDockWidget(details, gallery, Qt::Vertical);
    m_sideDocks = {details, gallery};
    m_map->setSelection(m_session->selection());
    connectMap();
    connectThumbnails();
    connectPanels();
    connectDetails();
    connectGallery();
}

QDockWidget* ExplorePage::addPanel(const QString& title, const QString& name, QWidget* widget)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    auto* frame = new QWidget(dock); // the panels draw to their edges
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(ui::Tokens::kGrid + 4, 4, ui::Tokens::kGrid, ui::Tokens::kGrid);
    column->addWidget(widget);
    dock->setWidget(frame);
    addDockWidget(Qt::RightDockWidgetArea, dock);
    return dock;
}

QList<QAction*> ExplorePage::panelActions() const
{
    QList<QAction*> actions;
    for (const QDockWidget* dock : m_sideDocks) {
        QAction* action = dock->toggleViewAction();
        action->setStatusTip(tr("Show or hide the panel “%1”").arg(dock->windowTitle()));
        actions << action;
    }
    return actions;
}

void ExplorePage::arrangePanels()
{
    resizeDocks(m_sideDocks, {kSideWidth, kSideWidth}, Qt::Horizontal);
    resizeDocks(m_sideDocks, {detailsHeight(), height() - detailsHeight()}, Qt::Vertical);
}

/// What the details would like, while the gallery keeps its share.
int ExplorePage::detailsHeight() const
{
    constexpr int title = 40;
    return m_details->sample() < 0 ? 110 : std::min(m_details->sizeHint().height() + title, height() * 11 / 20);
}

/// The details of the first sample need more room than the hint that there is none.
void ExplorePage::makeRoom()
{
    const int now = m_sideDocks.front()->height();
    if (now < detailsHeight() && !m_sideDocks.front()->isFloating()) {
        resizeDocks(m_sideDocks, {detailsHeight(), height() - detailsHeight()}, Qt::Vertical);
    }
}

void ExplorePage::connectMap()
{
    ui::SelectionModel* selection = m_session->selection();
    connect(m_map, &ui::MapView::lassoed, m_session, &Session::select);
    connect(m_map, &ui::MapView::hovered, selection, &ui::SelectionModel::hover);
    connect(m_map, &ui::MapView::clicked, this, [this](qint64 sample, Qt::KeyboardModifiers modifiers) {
        if (sample < 0) {
            return;
        }
        const auto one = std::vector<std::uint32_t>{static_cast<std::uint32_t>(sample)};
        if (modifiers & Qt::ShiftModifier) {
            m_session->select(one, core::Combine::Add);
        } else if (modifiers & Qt::ControlModifier) {
            m_session->select(one, core::Combine::Subtract);
        }
        m_session->showSample(sample);
    });
    connect(m_map, &ui::MapView::cameraChanged, m_session, &Session::setCamera);
    connect(m_map, &ui::MapView::lookChanged, m_session, &Session::setPointLook);
    connect(m_map, &ui::MapView::legendToggled, m_session, &Session::toggleLegendEntry);
    connect(m_map, &ui::MapView::flatChanged, this, [this](bool flat) { Q_EMIT dimensionWanted(flat ? 2 : 3); });
    connect(m_session, &Session::layoutChanged, this, &ExplorePage::showLayout);
    connect(m_session, &Session::viewReset, this, [this] {
        const core::Camera& camera = m_session->document().view.camera;
        const bool plain = camera == core::Camera{} || (!camera.flat && camera.rotation == core::Camera{}.rotation);
        m_map->setFlat(camera.flat);
        if (plain) {
            m_map->resetView();
        } else {
            m_map->setCamera(camera);
        }
    });
    connect(m_session, &Session::coloursChanged, this, [this] {
        showColours();
        const std::string& by = m_session->document().view.colourBy;
        if (by != m_ordered) { // a prompt that colours the map also brings its best pictures to the front
            m_ordered = by;
            m_order = by.rfind("prompt:", 0) == 0 ? std::stoi(by.substr(7)) + 1 : 0;
            showSelection();
        }
    });
}

void ExplorePage::connectThumbnails()
{
    connect(m_session->selection(), &ui::SelectionModel::hoverChanged, this, &ExplorePage::showHover);
    connect(m_thumbnails, &ui::ThumbnailCache::ready, this, [this](const std::vector<std::uint32_t>& samples) {
        const auto has = [&](std::uint32_t s) { return std::find(samples.begin(), samples.end(), s) != samples.end(); };
        if (m_hovered >= 0 && has(static_cast<std::uint32_t>(m_hovered))) {
            showHover(m_hovered);
        }
        if (m_actions->thumbnails->isChecked() && std::any_of(m_spread.begin(), m_spread.end(), has)) {
            showThumbnails();
        }
    });
    connect(m_actions->thumbnails, &QAction::toggled, this, [this](bool on) {
        m_session->setThumbnails(on);
        showThumbnails();
    });
}

void ExplorePage::connectPanels()
{
    ui::SelectionModel* selection = m_session->selection();
    connect(m_session, &Session::dataChanged, this, [this] {
        m_gallery->setSource(m_session->data(), m_thumbnails);
        m_gallery->grid()->setRows(rowPictures(m_session->data()));
        m_details->setSource(m_session->data(), m_thumbnails);
        m_order = 0;
        showSelection();
        showCurrent(m_session->selection()->current());
    });
    connect(selection, &ui::SelectionModel::selectionChanged, this, [this] {
        m_searchAll = false;
        showSelection();
    });
    connect(selection, &ui::SelectionModel::filterChanged, this, &ExplorePage::showSelection);
    connect(selection, &ui::SelectionModel::currentChanged, this, &ExplorePage::showCurrent);
    connect(m_session, &Session::promptsChanged, this, [this] {
        showScores();
        showSelection();
    });
    connect(m_session, &Session::clusteringChanged, this, [this] { showCurrent(m_session->selection()->current()); });
    const auto show = [this](std::uint32_t sample) { m_session->showSample(sample); };
    connect(m_gallery, &ui::GalleryView::activated, this, show);
    connect(m_details, &ui::DetailsPanel::activated, this, show);
    connect(m_gallery, &ui::GalleryView::hovered, selection, &ui::SelectionModel::hover);
    connect(m_details, &ui::DetailsPanel::hovered, selection, &ui::SelectionModel::hover);
}

void ExplorePage::setTheme(const ui::Tokens& tokens)
{
    m_map->setDark(tokens.dark);
    m_thumbnails->setBackground(tokens.panel);
}

void ExplorePage::showView(QWidget* view, const QString& title)
{
    if (view == m_map) {
        view = m_mapTab;
    }
    if (m_views->indexOf(view) < 0) {
        m_views->addTab(view, title);
    }
    m_views->setCurrentWidget(view);
}

void ExplorePage::setMapBar(QWidget* bar)
{
    static_cast<QVBoxLayout*>(m_mapTab->layout())->addWidget(bar);
}

void ExplorePage::resetMap()
{
    m_map->resetView();
}

void ExplorePage::showLayout(bool animate)
{
    const core::Document& doc = m_session->shown();
    m_map->setPoints(doc.layout, doc.layoutSample, animate);
    const bool there = doc.layout && m_session->data();
    m_map->setFooter(there ? ui::layoutCaption(*m_session->data(), *doc.layout) : QString());
    m_map->setPointSize(doc.view.pointSize);
    m_map->setOpacity(doc.view.opacity);
    showColours();
    if (!m_actions->thumbnails->isChecked()) {
        m_spread.clear();
    } else if (!m_session->passing() || m_spread.empty()) { // the same pictures travel with what passes
        m_spread = ui::spreadSamples(doc, kMapThumbnails);
    }
    showThumbnails();
}

void ExplorePage::showColours()
{
    const core::Document& doc = m_session->shown();
    const ui::Colouring& colouring = m_session->colouring();
    std::vector<std::uint32_t> colours;
    colours.reserve(doc.layoutSample.size());
    for (const std::uint32_t s : doc.layoutSample) {
        colours.push_back(s < colouring.colour.size() ? colouring.colour[s] : ui::kMissingColour);
    }
    m_map->setColours(colours);
    m_map->setLegend(doc.layout ? colouring.legend : ui::Legend{});
}

void ExplorePage::showThumbnails()
{
    const core::Document& doc = m_session->shown();
    std::vector<ui::MapThumbnail> shown;
    if (m_actions->thumbnails->isChecked() && doc.layout && m_session->data()) {
        if (m_spread.empty()) {
            m_spread = ui::spreadSamples(doc, kMapThumbnails);
        }
        for (const std::uint32_t s : m_spread) {
            const auto point = std::find(doc.layoutSample.begin(), doc.layoutSample.end(), s);
            if (point == doc.layoutSample.end() || !m_session->data()->hasPicture(s)) {
                continue;
            }
            const QImage picture = m_thumbnails->findAny(s, kMapThumbnailSide);
            if (picture.isNull()) {
                m_thumbnails->request(s, kMapThumbnailSide);
            } else {
                shown.push_back({static_cast<std::uint32_t>(point - doc.layoutSample.begin()), picture});
            }
        }
    }
    m_map->setThumbnails(std::move(shown));
}

/// Where the picture that is searched with lies on the map.
void ExplorePage::showPlace()
{
    std::vector<ui::MapMarker> markers;
    if (m_search->result() && m_search->place()) {
        const auto& at = *m_search->place();
        markers.push_back({at[0], at[1], at[2], m_search->result()->title, m_map->theme().accent});
    }
    m_map->setMarkers(std::move(markers));
}

} // namespace semascope::app
