#include "app/ExplorePage.h"

#include "app/Actions.h"
#include "widgets/DocumentFigures.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/DetailsPanel.h"
#include "widgets/panels/GalleryView.h"
#include "widgets/vtk/MapView.h"

#include <QDockWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

constexpr int kSideWidth = 420;
constexpr int kHoverSide = 128;
constexpr int kMapThumbnailSide = 64;
constexpr std::size_t kMapThumbnails = 60;
constexpr std::size_t kNeighbours = 12;

QString attributeText(const core::Attribute& a, std::size_t sample)
{
    if (a.numeric()) {
        const double value = a.numbers[sample];
        const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
        return !std::isfinite(value) ? QString()
               : whole               ? QString::number(static_cast<qint64>(value))
                                     : QString::number(value, 'g', 5);
    }
    const std::int32_t c = a.categories[sample];
    return c < 0 ? QString() : QString::fromStdString(a.labels[static_cast<std::size_t>(c)]);
}

/// Where `value` stands among the finite `values`: its percentile, their extremes and median.
void rank(const std::vector<float>& values, ui::PromptScore& score)
{
    std::vector<float> finite;
    finite.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](float v) { return std::isfinite(v); });
    if (finite.empty()) {
        return;
    }
    const auto [lo, hi] = std::minmax_element(finite.begin(), finite.end());
    score.lo = *lo;
    score.hi = *hi;
    const auto below =
        std::count_if(finite.begin(), finite.end(), [&](float v) { return v < static_cast<float>(score.cosine); });
    const auto middle = finite.begin() + static_cast<std::ptrdiff_t>(finite.size() / 2);
    score.percentile = 100.0 * static_cast<double>(below) / static_cast<double>(finite.size());
    std::nth_element(finite.begin(), middle, finite.end());
    score.median = *middle;
}

} // namespace

ExplorePage::ExplorePage(Session* session, Actions* actions, ui::ThumbnailCache* thumbnails, QWidget* parent)
    : QMainWindow(parent),
      m_session(session),
      m_actions(actions),
      m_thumbnails(thumbnails),
      m_map(new ui::MapView(this)),
      m_details(new ui::DetailsPanel(this)),
      m_gallery(new ui::GalleryView(this))
{
    setObjectName(QStringLiteral("explore"));
    setWindowFlags(Qt::Widget);
    setDockNestingEnabled(true);
    setCentralWidget(m_map);
    QDockWidget* details = addPanel(tr("Picture"), QStringLiteral("pictureDock"), m_details);
    QDockWidget* gallery = addPanel(tr("Selection"), QStringLiteral("selectionDock"), m_gallery);
    splitDockWidget(details, gallery, Qt::Vertical);
    m_sideDocks = {details, gallery};
    m_map->setSelection(session->selection());
    connectMap();
    connectPanels();
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
    resizeDocks(m_sideDocks, {m_details->sample() < 0 ? 110 : 360, 900}, Qt::Vertical);
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
    connect(selection, &ui::SelectionModel::hoverChanged, this, &ExplorePage::showHover);
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
        m_details->setSource(m_session->data(), m_thumbnails);
        m_order = 0;
        showSelection();
        showCurrent(m_session->selection()->current());
    });
    connect(selection, &ui::SelectionModel::selectionChanged, this, &ExplorePage::showSelection);
    connect(selection, &ui::SelectionModel::filterChanged, this, &ExplorePage::showSelection);
    connect(selection, &ui::SelectionModel::currentChanged, this, &ExplorePage::showCurrent);
    connect(m_session, &Session::promptsChanged, this, [this] {
        showScores();
        showSelection();
    });
    connect(m_session, &Session::embeddingChanged, this,
            [this] { m_session->findNeighbours(m_details->sample(), kNeighbours); });
    connect(m_session, &Session::clusteringChanged, this, [this] { showCurrent(m_session->selection()->current()); });
    connect(m_session, &Session::neighboursFound, this,
            [this](qint64 sample, const std::vector<core::Neighbour>& neighbours) {
                if (sample != m_details->sample()) {
                    return;
                }
                std::vector<ui::NeighbourItem> items;
                for (const core::Neighbour& n : neighbours) {
                    items.push_back({n.row, static_cast<double>(n.cosine)});
                }
                m_details->setNeighbours(std::move(items));
            });
    const auto show = [this](std::uint32_t sample) { m_session->showSample(sample); };
    connect(m_gallery, &ui::GalleryView::activated, this, show);
    connect(m_details, &ui::DetailsPanel::activated, this, show);
    connect(m_gallery, &ui::GalleryView::hovered, selection, &ui::SelectionModel::hover);
    connect(m_details, &ui::DetailsPanel::hovered, selection, &ui::SelectionModel::hover);
    connect(m_details, &ui::DetailsPanel::promptChosen, this,
            [this](int prompt) { m_session->colourBy("prompt:" + std::to_string(prompt)); });
    connect(m_gallery, &ui::GalleryView::newAttribute, this, &ExplorePage::newAttributeWanted);
    connect(m_gallery, &ui::GalleryView::mapThese, this, &ExplorePage::mapSelectionWanted);
    connect(m_gallery, &ui::GalleryView::clusterThese, this, &ExplorePage::clusterSelectionWanted);
    connect(m_gallery, &ui::GalleryView::orderChosen, this, [this](int order) {
        m_order = order;
        showSelection();
    });
}

void ExplorePage::setTheme(const ui::Tokens& tokens)
{
    m_map->setDark(tokens.dark);
    m_thumbnails->setBackground(tokens.panel);
}

void ExplorePage::resetMap()
{
    m_map->resetView();
}

void ExplorePage::showLayout(bool animate)
{
    const core::Document& doc = m_session->document();
    m_map->setPoints(doc.layout, doc.layoutSample, animate);
    const bool there = doc.layout && m_session->data();
    m_map->setFooter(there ? ui::layoutCaption(*m_session->data(), *doc.layout) : QString());
    m_map->setPointSize(doc.view.pointSize);
    m_map->setOpacity(doc.view.opacity);
    showColours();
    m_spread =
        m_actions->thumbnails->isChecked() ? ui::spreadSamples(doc, kMapThumbnails) : std::vector<std::uint32_t>{};
    showThumbnails();
}

void ExplorePage::showColours()
{
    const core::Document& doc = m_session->document();
    const ui::Colouring& colouring = m_session->colouring();
    std::vector<std::uint32_t> colours;
    colours.reserve(doc.layoutSample.size());
    for (const std::uint32_t s : doc.layoutSample) {
        colours.push_back(s < colouring.colour.size() ? colouring.colour[s] : ui::kMissingColour);
    }
    m_map->setColours(colours);
    m_map->setLegend(doc.layout ? colouring.legend : ui::Legend{});
}

std::vector<std::uint32_t> ExplorePage::galleryOrder(std::vector<std::uint32_t> samples) const
{
    const auto prompt = static_cast<std::size_t>(m_order - 1);
    if (m_order < 1 || !m_session->hasScores(prompt)) {
        return samples;
    }
    const std::vector<float>& value = m_session->scores(prompt).shown();
    std::stable_sort(samples.begin(), samples.end(), [&value](std::uint32_t a, std::uint32_t b) {
        const float x = std::isfinite(value[a]) ? value[a] : -9.0f, y = std::isfinite(value[b]) ? value[b] : -9.0f;
        return x > y;
    });
    return samples;
}

void ExplorePage::showSelection()
{
    const ui::SelectionModel* selection = m_session->selection();
    std::vector<std::uint32_t> samples = selection->selected();
    if (samples.empty()) {
        samples = m_session->selectedOrAll(false);
    }
    std::erase_if(samples, [selection](std::uint32_t s) { return !selection->isVisible(s); });
    QStringList orders{tr("dataset order")};
    for (std::size_t i = 0; i < m_session->document().prompts.size(); ++i) {
        orders << tr("by similarity to %1").arg(ui::promptTitle(m_session->document().prompts[i]));
    }
    m_order = m_order < orders.size() ? m_order : 0;
    m_gallery->setOrders(orders, m_order);
    const bool any = selection->selectedCount() > 0, mapped = m_session->document().embedding != nullptr;
    m_gallery->setActionsEnabled(any, any && mapped, any && mapped);
    m_gallery->setItems(galleryOrder(std::move(samples)), selection->size());
}

void ExplorePage::showCurrent(qint64 sample)
{
    ui::SampleFacts facts;
    const auto samples = m_session->data();
    const core::Document& doc = m_session->document();
    if (samples && sample >= 0) {
        const auto at = static_cast<std::size_t>(sample);
        for (const core::Attribute* a : ui::allAttributes(*samples, doc)) {
            const QString text = attributeText(*a, at);
            if (!text.isEmpty()) {
                facts.attributes.emplace_back(QString::fromStdString(a->name), text);
            }
        }
        const auto found =
            std::find(doc.clusterSample.begin(), doc.clusterSample.end(), static_cast<std::uint32_t>(sample));
        if (doc.clustering && found != doc.clusterSample.end()) {
            const auto cluster =
                doc.clustering->assignment[static_cast<std::size_t>(found - doc.clusterSample.begin())];
            facts.cluster = QString::fromStdString(doc.clusterNames[static_cast<std::size_t>(cluster)]);
        }
        if (samples->samples[at].transparent) {
            facts.notes << tr("The model sees the colours under the transparency.");
        }
    }
    m_details->setSample(sample, facts);
    m_gallery->setCurrent(sample, false);
    showScores();
    m_session->findNeighbours(sample, kNeighbours);
}

void ExplorePage::showScores()
{
    const core::Document& doc = m_session->document();
    const qint64 sample = m_details->sample();
    std::vector<ui::PromptScore> scores;
    for (std::size_t i = 0; i < doc.prompts.size(); ++i) {
        ui::PromptScore score;
        score.text = QString::fromStdString(doc.prompts[i].text);
        score.opposite = QString::fromStdString(doc.prompts[i].opposite);
        if (sample >= 0 && m_session->hasScores(i)) {
            const ui::PromptValues& values = m_session->scores(i);
            score.cosine = static_cast<double>(values.cosine[static_cast<std::size_t>(sample)]);
            if (!values.contrast.empty()) {
                score.contrast = static_cast<double>(values.contrast[static_cast<std::size_t>(sample)]);
            }
            rank(values.cosine, score);
        }
        scores.push_back(score);
    }
    const std::string& by = doc.view.colourBy;
    m_details->setScores(scores, by.rfind("prompt:", 0) == 0 ? std::stoi(by.substr(7)) : -1);
}

void ExplorePage::showHover(qint64 sample)
{
    m_hovered = sample;
    m_gallery->setHovered(sample);
    const auto samples = m_session->data();
    if (!samples || sample < 0) {
        m_map->setHoverCard({}, {});
        return;
    }
    const auto at = static_cast<std::size_t>(sample);
    QStringList lines{ui::sampleName(*samples, at)};
    if (!samples->samples[at].captions.empty()) {
        lines << QString::fromStdString(samples->samples[at].captions.front());
    }
    for (const core::Attribute* a : ui::allAttributes(*samples, m_session->document())) {
        const QString text = attributeText(*a, at);
        if (!text.isEmpty() && lines.size() < 6) {
            lines << QString::fromStdString(a->name) + QStringLiteral(": ") + text;
        }
    }
    QImage picture;
    if (samples->hasPicture(at)) {
        picture = m_thumbnails->findAny(static_cast<std::uint32_t>(sample), kHoverSide);
        m_thumbnails->request(static_cast<std::uint32_t>(sample), kHoverSide);
    }
    m_map->setHoverCard(picture, lines.join(QLatin1Char('\n')));
}

void ExplorePage::showThumbnails()
{
    const core::Document& doc = m_session->document();
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

} // namespace semascope::app
