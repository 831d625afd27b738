#include "widgets/panels/ClusterCardGrid.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QLineEdit>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <climits>

namespace semascope::ui {
namespace {

constexpr int kGap = 10;

} // namespace

ClusterCardGrid::ClusterCardGrid(QWidget* parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("clusterCardGrid"));
    setAccessibleName(tr("Cluster cards; arrow keys move, Enter selects, F2 renames"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // cards keep their width when their number changes
    viewport()->setMouseTracking(true);
    m_editor = new QLineEdit(viewport());
    m_editor->setObjectName(QStringLiteral("clusterCardName"));
    m_editor->setAccessibleName(tr("Name of the cluster"));
    m_editor->hide();
    m_editor->installEventFilter(this);
    connect(m_editor, &QLineEdit::returnPressed, this, [this] { endRename(true); });
}

void ClusterCardGrid::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_cells.setSource(dataset, thumbnails);
    m_small.setSource(std::move(dataset), thumbnails);
    if (thumbnails) {
        m_ready = connect(thumbnails, &ThumbnailCache::ready, viewport(), [this] { viewport()->update(); });
    }
    setCards({});
}

void ClusterCardGrid::setRows(const std::function<QImage(std::uint32_t)>& rows)
{
    m_cells.setRows(rows);
    m_small.setRows(rows);
    viewport()->update();
}

void ClusterCardGrid::setCards(std::vector<ClusterCard> cards)
{
    endRename(false);
    const bool others = cards.size() != m_cards.size();
    m_cards = std::move(cards);
    m_bestScore = 0;
    for (const ClusterCard& card : m_cards) {
        for (const CardWord& word : card.words) {
            m_bestScore = std::max(m_bestScore, word.score);
        }
    }
    if (others) {
        m_chosen.clear();
        m_order.clear();
        for (int i = 0; i < static_cast<int>(m_cards.size()); ++i) {
            m_order.push_back(i);
        }
        m_cursor = 0;
        m_hover = m_pressed = {};
        verticalScrollBar()->setValue(0);
    }
    setAccessibleDescription(tr("%1 clusters").arg(m_cards.size()));
    relayout();
}

void ClusterCardGrid::setOrder(std::vector<int> order)
{
    endRename(false);
    std::erase_if(order, [this](int c) { return c < 0 || c >= static_cast<int>(m_cards.size()); });
    m_order = std::move(order);
    m_cursor = std::clamp<qsizetype>(m_cursor, 0, std::max<qsizetype>(0, count() - 1));
    relayout();
}

void ClusterCardGrid::setChosen(const std::set<int>& chosen)
{
    if (chosen != m_chosen) {
        m_chosen = chosen;
        viewport()->update();
    }
}

void ClusterCardGrid::setSelected(const std::vector<std::size_t>& selected)
{
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        m_cards[i].selected = i < selected.size() ? selected[i] : 0;
    }
    viewport()->update();
}

const ClusterCard& ClusterCardGrid::cardAt(qsizetype place) const
{
    return m_cards[static_cast<std::size_t>(m_order[static_cast<std::size_t>(place)])];
}

void ClusterCardGrid::relayout()
{
    const int width = std::max(1, viewport()->width() - kGap);
    m_columns = std::max(1, width / (CardLayout::kLeast + kGap));
    const int card = std::max(CardLayout::kLeast / 2, width / m_columns - kGap);
    m_layout = CardLayout(card, blocksOf(m_cards));
    const qsizetype rows = (count() + m_columns - 1) / m_columns;
    const qsizetype height = rows * (m_layout.height() + kGap) + kGap;
    QScrollBar* bar = verticalScrollBar();
    bar->setRange(0, static_cast<int>(std::clamp<qsizetype>(height - viewport()->height(), 0, INT_MAX / 2)));
    bar->setPageStep(viewport()->height());
    bar->setSingleStep(m_layout.height() / 6);
    askThumbnails();
    viewport()->update();
}

QRect ClusterCardGrid::cardRect(qsizetype place) const
{
    const qsizetype top = kGap + place / m_columns * (m_layout.height() + kGap) - verticalScrollBar()->value();
    return {static_cast<int>(kGap + place % m_columns * (m_layout.width() + kGap)), static_cast<int>(top),
            m_layout.width(), m_layout.height()};
}

std::pair<qsizetype, qsizetype> ClusterCardGrid::visibleRange() const
{
    const qsizetype step = m_layout.height() + kGap, top = verticalScrollBar()->value();
    const qsizetype first = top / step * m_columns;
    const qsizetype last = ((top + viewport()->height()) / step + 1) * m_columns;
    return {std::min(first, count()), std::min(last, count())};
}

void ClusterCardGrid::askThumbnails()
{
    if (!m_cells.thumbnails() || !isVisible()) {
        return;
    }
    std::vector<std::uint32_t> samples;
    const auto [first, last] = visibleRange();
    for (qsizetype i = first; i < last; ++i) {
        const ClusterCard& card = cardAt(i);
        samples.insert(samples.end(), card.prototypes.begin(), card.prototypes.end());
        samples.insert(samples.end(), card.outliers.begin(), card.outliers.end());
        if (card.centreSample >= 0) {
            samples.push_back(static_cast<std::uint32_t>(card.centreSample));
        }
    }
    m_cells.thumbnails()->setVisible(this, samples, CellPainter::sideFor(m_layout.cell(), devicePixelRatioF()));
}

ClusterCardGrid::Hit ClusterCardGrid::hitAt(const QPoint& point) const
{
    const auto [first, last] = visibleRange();
    for (qsizetype i = first; i < last; ++i) {
        const QRect card = cardRect(i);
        if (card.contains(point)) {
            return {i, m_layout.partAt(point - card.topLeft())};
        }
    }
    return {};
}

qint64 ClusterCardGrid::sampleOf(const Hit& hit) const
{
    if (hit.place < 0) {
        return -1;
    }
    const ClusterCard& card = cardAt(hit.place);
    const auto at = static_cast<std::size_t>(hit.part.index);
    if (hit.part.kind == CardPart::Prototype && at < card.prototypes.size()) {
        return card.prototypes[at];
    }
    if (hit.part.kind == CardPart::Outlier && at < card.outliers.size()) {
        return card.outliers[at];
    }
    return hit.part.kind == CardPart::Centre ? card.centreSample : -1;
}

bool ClusterCardGrid::live(const Hit& hit) const
{
    const bool word = hit.place >= 0 && hit.part.kind == CardPart::Word &&
                      static_cast<std::size_t>(hit.part.index) < cardAt(hit.place).words.size();
    return hit.place >= 0 && (hit.part.kind == CardPart::Head || word || sampleOf(hit) >= 0);
}

QString ClusterCardGrid::tip(const Hit& hit) const
{
    if (hit.place < 0) {
        return {};
    }
    const ClusterCard& card = cardAt(hit.place);
    const auto at = static_cast<std::size_t>(hit.part.index);
    QString text;
    if (hit.part.kind == CardPart::Word && at < card.words.size()) {
        text = card.words[at].tip;
    } else if (hit.part.kind == CardPart::Fact && at < card.facts.size()) {
        text = card.facts[at].tip;
    } else if (hit.part.kind == CardPart::Centre) {
        text = card.centreTip;
    } else if (hit.part.kind == CardPart::Head) {
        text = tr("%1: %2 samples\nClick to select them on the map (Shift adds, Ctrl takes away), F2 or a double click "
                  "to rename.")
                   .arg(card.name, countText(card.size));
        text += card.confidenceTip.isEmpty() ? QString() : QLatin1Char('\n') + card.confidenceTip;
    } else if (const qint64 sample = sampleOf(hit); sample >= 0 && m_cells.dataset()) {
        const core::Sample& row = m_cells.dataset()->samples[static_cast<std::size_t>(sample)];
        text = shortName(row.id);
        text += row.captions.empty() ? QString() : QLatin1Char('\n') + pathText(row.captions.front()).left(200);
    }
    return text.isEmpty() ? QString() : tipText(text);
}

void ClusterCardGrid::rename(int cluster)
{
    const auto found = std::find(m_order.begin(), m_order.end(), cluster);
    if (found == m_order.end()) {
        return;
    }
    reveal(cluster);
    m_renaming = cluster;
    m_editor->setText(m_cards[static_cast<std::size_t>(cluster)].name);
    const QRect name = m_layout.name().translated(cardRect(found - m_order.begin()).topLeft());
    m_editor->setGeometry(name.adjusted(-6, -2, 0, 2));
    m_editor->show();
    m_editor->selectAll();
    m_editor->setFocus();
}

/// May be entered again: hiding takes the focus, and that ends it, too.
void ClusterCardGrid::endRename(bool keep)
{
    const int cluster = std::exchange(m_renaming, -1);
    if (cluster < 0) {
        return;
    }
    const QString name = m_editor->text().simplified();
    const bool focused = m_editor->hasFocus();
    m_editor->hide();
    if (focused) {
        setFocus();
    }
    if (keep && !name.isEmpty() && name != m_cards[static_cast<std::size_t>(cluster)].name) {
        Q_EMIT renamed(cluster, name);
    }
}

void ClusterCardGrid::reveal(int cluster)
{
    const auto found = std::find(m_order.begin(), m_order.end(), cluster);
    if (found == m_order.end()) {
        return;
    }
    m_cursor = found - m_order.begin();
    const QRect card = cardRect(m_cursor);
    QScrollBar* bar = verticalScrollBar();
    if (card.top() < 0 || card.height() > viewport()->height()) {
        bar->setValue(bar->value() + card.top() - kGap);
    } else if (card.bottom() > viewport()->height()) {
        bar->setValue(bar->value() + card.bottom() + kGap - viewport()->height());
    }
    viewport()->update();
}

} // namespace semascope::ui
