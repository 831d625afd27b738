#include "app/Captions.h"
#include "app/ExplorePage.h"
#include "app/Search.h"
#include "core/clip/ScoreMeaning.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/DetailsPanel.h"
#include "widgets/panels/GalleryGrid.h"
#include "widgets/panels/GalleryView.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/QueryCard.h"
#include "widgets/vtk/MapView.h"

#include <QMenu>

#include <algorithm>
#include <cmath>

namespace semascope::app {

namespace {

constexpr int kCardSide = 128;

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// A prompt's value in front, with where it stands beside a bare cosine.
QString labelOf(const ui::PromptValues& values, ui::ScoreKind kind, std::uint32_t sample)
{
    const auto at = [sample](const std::vector<float>& v) {
        return sample < v.size() ? static_cast<double>(v[sample]) : std::nan("");
    };
    switch (kind) {
    case ui::ScoreKind::Contrast:
        return ui::contrastText(at(values.contrast));
    case ui::ScoreKind::Probability:
        return ui::probabilityText(at(values.probability));
    case ui::ScoreKind::Percentile:
        return ui::percentileText(at(values.percentile));
    case ui::ScoreKind::Cosine:
        break;
    }
    const QString rank = ui::percentileText(at(values.percentile));
    return rank.isEmpty() ? QString() : ui::cosineText(at(values.cosine)) + QStringLiteral(" · ") + rank;
}

/// `samples` as they stand in `order`, then those that do not.
std::vector<std::uint32_t> inOrder(const std::vector<std::uint32_t>& samples, const std::vector<std::uint32_t>& order,
                                   std::size_t count)
{
    std::vector<std::uint8_t> wanted(count, 0);
    for (const std::uint32_t s : samples) {
        wanted[s] = 1;
    }
    std::vector<std::uint32_t> ordered;
    ordered.reserve(samples.size());
    for (const std::uint32_t s : order) {
        if (wanted[s] != 0) {
            ordered.push_back(s);
            wanted[s] = 0;
        }
    }
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(ordered),
                 [&wanted](std::uint32_t s) { return wanted[s] != 0; });
    return ordered;
}

QString rangeText(ui::ScoreKind kind, const ui::PromptValues::Range& range)
{
    if (kind == ui::ScoreKind::Percentile || range.n == 0) {
        return {};
    }
    const auto number = [kind](double v) {
        return kind == ui::ScoreKind::Contrast      ? ui::contrastText(v)
               : kind == ui::ScoreKind::Probability ? ui::probabilityText(v)
                                                    : ui::cosineText(v);
    };
    return ExplorePage::tr(" · %1 to %2, median %3").arg(number(range.lo), number(range.hi), number(range.median));
}

} // namespace

void ExplorePage::connectGallery()
{
    connect(m_gallery, &ui::GalleryView::newAttribute, this, &ExplorePage::newAttributeWanted);
    connect(m_gallery, &ui::GalleryView::mapThese, this, &ExplorePage::mapSelectionWanted);
    connect(m_gallery, &ui::GalleryView::clusterThese, this, &ExplorePage::clusterSelectionWanted);
    connect(m_gallery, &ui::GalleryView::orderChosen, this, [this](int order) {
        m_order = order > static_cast<int>(m_session->document().prompts.size()) ? kBySearch : order;
        showSelection();
    });
    connect(m_gallery->grid(), &ui::GalleryGrid::menuWanted, this, &ExplorePage::showMenu);
    connect(m_gallery->query(), &ui::QueryCard::clearWanted, this, [this] {
        m_order = 0;
        m_search->result() ? m_search->clear() : showSelection();
    });
    connect(m_map, &ui::MapView::menuWanted, this, &ExplorePage::showMenu);
    connect(m_search, &Search::changed, this, &ExplorePage::showSearch);
    connect(m_search, &Search::placeChanged, this, &ExplorePage::showPlace);
}

/// A new search comes to the front; one that ended leaves the order of the dataset.
void ExplorePage::showSearch()
{
    if (m_search->result()) {
        m_searchAll = true;
        m_order = kBySearch;
    } else if (m_order == kBySearch) {
        m_order = 0;
    }
    showSelection();
}

int ExplorePage::orderedPrompt() const
{
    const int prompt = m_order - 1;
    return prompt < static_cast<int>(m_session->document().prompts.size()) ? std::max(prompt, -1) : -1;
}

bool ExplorePage::orderedBySearch() const
{
    return m_search->result() && m_order == kBySearch;
}

/// What the gallery is ordered by, largest first; null: the dataset's own order.
const std::vector<float>* ExplorePage::orderValues() const
{
    if (orderedBySearch()) {
        return m_search->result()->cosine.empty() ? nullptr : &m_search->result()->cosine;
    }
    const int prompt = orderedPrompt();
    const auto at = static_cast<std::size_t>(prompt);
    if (prompt < 0 || !m_session->hasScores(at)) {
        return nullptr;
    }
    const core::Document& doc = m_session->document();
    const std::vector<float>& values = m_session->scores(at).of(ui::shownKind(doc.view, doc.prompts[at]));
    return values.empty() ? nullptr : &values;
}

std::vector<std::uint32_t> ExplorePage::galleryOrder(std::vector<std::uint32_t> samples) const
{
    if (orderedBySearch() && orderValues()) { // sorted already, by the job that searched
        return inOrder(samples, m_search->result()->order, m_session->selection()->size());
    }
    if (const std::vector<float>* value = orderValues()) {
        std::stable_sort(samples.begin(), samples.end(), [value](std::uint32_t a, std::uint32_t b) {
            const float x = (*value)[a], y = (*value)[b];
            return std::isfinite(x) && (!std::isfinite(y) || x > y);
        });
    }
    return samples;
}

std::function<QString(std::uint32_t)> ExplorePage::galleryLabels() const
{
    if (orderValues() == nullptr) {
        return {};
    }
    if (orderedBySearch()) {
        return [this](std::uint32_t sample) {
            const SearchResult* found = m_search->result();
            const bool known = found && sample < found->cosine.size() && std::isfinite(found->cosine[sample]);
            return known ? ui::cosineText(static_cast<double>(found->cosine[sample])) + QStringLiteral(" · ") +
                               ui::percentileText(static_cast<double>(found->percentile[sample]))
                         : QString();
        };
    }
    return [this](std::uint32_t sample) {
        const int prompt = orderedPrompt();
        const auto at = static_cast<std::size_t>(prompt);
        const core::Document& doc = m_session->document();
        return prompt >= 0 && m_session->hasScores(at)
                   ? labelOf(m_session->scores(at), ui::shownKind(doc.view, doc.prompts[at]), sample)
                   : QString();
    };
}

void ExplorePage::showSelection()
{
    const ui::SelectionModel* selection = m_session->selection();
    const core::Document& doc = m_session->document();
    QStringList orders{tr("dataset order")};
    for (const core::Prompt& p : doc.prompts) {
        const ui::ScoreKind kind = ui::shownKind(doc.view, p);
        const QString title = kind == ui::ScoreKind::Contrast ? ui::promptTitle(p) : text(p.text);
        orders << tr("by %1: %2").arg(QLatin1String(ui::scoreWord(kind)), title);
    }
    if (m_search->result()) {
        orders << tr("by likeness to %1").arg(m_search->result()->title);
    }
    m_order = m_order < orders.size() ? m_order : 0;
    m_gallery->setOrders(orders, m_order == kBySearch ? static_cast<int>(orders.size()) - 1 : m_order);
    const bool all = selection->selectedCount() == 0 || (orderedBySearch() && m_searchAll);
    std::vector<std::uint32_t> samples = all ? m_session->selectedOrAll(false) : selection->selected();
    std::erase_if(samples, [selection](std::uint32_t s) { return !selection->isVisible(s); });
    const bool any = selection->selectedCount() > 0, mapped = doc.embedding != nullptr;
    m_gallery->setActionsEnabled(any, any && mapped, any && mapped);
    m_gallery->grid()->setLabels(galleryLabels());
    showQuery(samples.size());
    m_gallery->setItems(galleryOrder(std::move(samples)), selection->size());
}

/// The card that says what stands first and why.
void ExplorePage::showQuery(std::size_t shown)
{
    ui::QueryCard* card = m_gallery->query();
    const QString n = ui::countText(shown);
    const int prompt = orderedPrompt();
    if (orderedBySearch()) {
        const SearchResult& found = *m_search->result();
        const QString line = found.cosine.empty()         ? tr("looking…")
                             : found.acrossModalities     ? tr("best of %1 by cosine, picture to captions").arg(n)
                             : m_session->data()->vectors ? tr("best of %1 vectors by cosine").arg(n)
                                                          : tr("best of %1 by cosine, within pictures").arg(n);
        const std::string why = found.acrossModalities ? core::cosineMeaning() : core::neighbourMeaning(false);
        const QImage own = found.sample < 0 ? QImage() : m_thumbnails->findAny(std::uint32_t(found.sample), kCardSide);
        card->setQuery({found.sample < 0 ? found.picture : own, tr("like %1").arg(found.title), line, text(why)});
    } else if (prompt >= 0 && m_session->hasScores(static_cast<std::size_t>(prompt))) {
        const core::Document& doc = m_session->document();
        const auto at = static_cast<std::size_t>(prompt);
        const ui::ScoreKind kind = ui::shownKind(doc.view, doc.prompts[at]);
        const bool contrast = kind == ui::ScoreKind::Contrast;
        const QString with = contrast ? ui::promptTitle(doc.prompts[at]) : text(doc.prompts[at].text);
        const QString line = orderValues() ? tr("best of %1 by %2").arg(n, QLatin1String(ui::scoreWord(kind))) +
                                                 rangeText(kind, m_session->scores(at).rangeOf(kind))
                             : contrast ? tr("not ordered: there is nothing to contrast it with yet")
                                        : tr("not ordered: a probability needs two prompts or more");
        card->setQuery({{}, tr("“%1”").arg(with), line, text(core::cosineMeaning())});
    } else {
        card->clear();
    }
}

void ExplorePage::showMenu(qint64 sample, const QPoint& globalPos)
{
    if (sample < 0) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("sampleMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction* like = menu->addAction(tr("More like this"), this, [this, sample] { m_search->likeSample(sample); });
    like->setEnabled(m_session->document().embedding != nullptr);
    menu->addAction(tr("Show in detail"), this, [this, sample] { m_session->showSample(sample); });
    menu->addSeparator();
    const auto one = std::vector{static_cast<std::uint32_t>(sample)};
    const bool in = m_session->selection()->isSelected(one.front());
    menu->addAction(in ? tr("Take out of the selection") : tr("Add to the selection"), this,
                    [this, one, in] { m_session->select(one, in ? core::Combine::Subtract : core::Combine::Add); });
    menu->popup(globalPos);
}

} // namespace semascope::app
