#include "widgets/panels/GalleryGrid.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"

#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <unordered_set>

namespace semascope::ui {
namespace {

constexpr int kGap = 5, kLabel = 15;
constexpr double kCellAspect = 0.81;

} // namespace

GalleryGrid::GalleryGrid(QWidget* parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("galleryGrid"));
    setAccessibleName(tr("Gallery"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // cells keep their size when the number of items changes
    viewport()->setMouseTracking(true);
    m_emptyText = tr("Nothing is selected.");
}

void GalleryGrid::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_cells.setSource(std::move(dataset), thumbnails);
    if (thumbnails) {
        m_ready = connect(thumbnails, &ThumbnailCache::ready, this, &GalleryGrid::takeReady);
    }
    setItems({});
}

void GalleryGrid::setRows(const std::function<QImage(std::uint32_t)>& rows)
{
    m_cells.setRows(rows);
    viewport()->update();
}

void GalleryGrid::setItems(std::vector<std::uint32_t> items)
{
    if (items == m_items && !items.empty()) {
        return; // keep the place
    }
    m_items = std::move(items);
    m_cursor = m_hover = m_pressed = -1;
    m_asked = {-1, -1};
    verticalScrollBar()->setValue(0);
    setAccessibleDescription(tr("items: %1").arg(m_items.size()));
    relayout();
}

void GalleryGrid::setCurrent(qint64 sample, bool show)
{
    m_current = sample;
    if (show && sample >= 0) {
        const auto it = std::find(m_items.begin(), m_items.end(), std::uint32_t(sample));
        if (it != m_items.end()) {
            m_cursor = it - m_items.begin();
            reveal(m_cursor);
        }
    }
    viewport()->update();
}

void GalleryGrid::setHovered(qint64 sample)
{
    // Only what is in sight can show it.
    const auto [first, last] = visibleRange();
    m_hover = -1;
    for (qsizetype i = first; i < last && sample >= 0; ++i) {
        if (m_items[std::size_t(i)] == std::uint32_t(sample)) {
            m_hover = i;
            break;
        }
    }
    viewport()->update();
}

void GalleryGrid::setCellWidth(int width)
{
    const int wanted = std::clamp(width, kMinCell, kMaxCell);
    if (wanted == m_wantedCell) {
        return;
    }
    const auto [first, last] = visibleRange();
    m_wantedCell = wanted;
    relayout();
    if (first < last) { // keep looking at the same items
        verticalScrollBar()->setValue(int(first / m_columns) * step());
    }
    Q_EMIT cellWidthChanged(wanted);
}

void GalleryGrid::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

void GalleryGrid::setLabels(std::function<QString(std::uint32_t)> labels)
{
    const bool taller = bool(labels) != bool(m_labels);
    m_labels = std::move(labels);
    if (taller) {
        relayout();
    }
    viewport()->update();
}

int GalleryGrid::step() const
{
    return m_cell.height() + kGap + (m_labels ? kLabel : 0);
}

void GalleryGrid::relayout()
{
    const int width = std::max(1, viewport()->width());
    m_columns = std::max(1, (width + kGap) / (m_wantedCell + kGap));
    const int cell = std::max(8, (width - (m_columns - 1) * kGap) / m_columns);
    m_cell = QSize(cell, int(cell * kCellAspect));
    const qsizetype rows = (count() + m_columns - 1) / m_columns;
    const qsizetype height = rows * step();
    QScrollBar* bar = verticalScrollBar();
    bar->setRange(0, int(std::clamp<qsizetype>(height - kGap - viewport()->height(), 0, INT_MAX / 2)));
    bar->setPageStep(viewport()->height());
    bar->setSingleStep(step() / 2);
    m_asked = {-1, -1};
    viewport()->update();
}

QRect GalleryGrid::cellRect(qsizetype index) const
{
    const qsizetype top = index / m_columns * step() - verticalScrollBar()->value();
    return {QPoint(int(index % m_columns) * (m_cell.width() + kGap), int(top)), m_cell};
}

qsizetype GalleryGrid::indexAt(const QPoint& point) const
{
    const int column = point.x() / (m_cell.width() + kGap);
    const qsizetype row = (qsizetype(point.y()) + verticalScrollBar()->value()) / step();
    if (point.x() < 0 || point.y() < 0 || column >= m_columns) {
        return -1;
    }
    const qsizetype index = row * m_columns + column;
    return index < count() && cellRect(index).contains(point) ? index : -1;
}

std::pair<qsizetype, qsizetype> GalleryGrid::visibleRange() const
{
    const qsizetype top = verticalScrollBar()->value();
    const qsizetype first = top / step() * m_columns;
    const qsizetype last = ((top + viewport()->height()) / step() + 1) * m_columns;
    return {std::min(first, count()), std::min(last, count())};
}

void GalleryGrid::askThumbnails()
{
    const auto range = visibleRange();
    if (range == m_asked || !m_cells.thumbnails()) {
        return;
    }
    m_asked = range;
    const std::vector<std::uint32_t> samples(m_items.begin() + range.first, m_items.begin() + range.second);
    m_cells.thumbnails()->setVisible(this, samples, CellPainter::sideFor(m_cell, devicePixelRatioF()));
}

void GalleryGrid::takeReady(const std::vector<std::uint32_t>& samples)
{
    const std::unordered_set<std::uint32_t> fresh(samples.begin(), samples.end());
    const auto [first, last] = visibleRange();
    QRegion changed;
    for (qsizetype i = first; i < last; ++i) {
        if (fresh.contains(m_items[std::size_t(i)])) {
            changed += cellRect(i);
        }
    }
    if (!changed.isEmpty()) {
        viewport()->update(changed);
    }
}

void GalleryGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const Tokens t = tokens();
    painter.fillRect(event->rect(), t.panel);
    if (m_items.empty()) {
        painter.setPen(t.muted);
        painter.setFont(captionFont());
        painter.drawText(viewport()->rect().adjusted(0, 2 * Tokens::kGrid, 0, 0),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
        return;
    }
    askThumbnails();
    const auto [first, last] = visibleRange();
    for (qsizetype i = first; i < last; ++i) {
        const QRect cell = cellRect(i);
        const QRect label(cell.left(), cell.bottom() + 1, cell.width(), m_labels ? kLabel : 0);
        if (event->region().intersects(cell)) {
            m_cells.paint(painter, cell, m_items[std::size_t(i)]);
            paintMarks(painter, i, cell);
        }
        if (m_labels && event->region().intersects(label)) {
            painter.setPen(t.muted);
            painter.setFont(captionFont());
            painter.drawText(label, Qt::AlignCenter, m_labels(m_items[std::size_t(i)]));
        }
    }
}

void GalleryGrid::paintMarks(QPainter& painter, qsizetype index, const QRect& cell) const
{
    const bool current = m_current >= 0 && m_items[std::size_t(index)] == std::uint32_t(m_current);
    const bool cursor = index == m_cursor && hasFocus();
    if (!current && !cursor && index != m_hover) {
        return;
    }
    const Tokens t = tokens();
    const QRectF ring = QRectF(cell).adjusted(1, 1, -1, -1);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    if (current || cursor) {
        painter.setPen(QPen(t.accent, current ? 3 : 2, cursor && !current ? Qt::DashLine : Qt::SolidLine));
        painter.drawRoundedRect(ring, 4, 4);
    }
    if (current) { // keeps the ring apart from a picture of its colour
        painter.setPen(QPen(t.panel, 1));
        painter.drawRoundedRect(ring.adjusted(2, 2, -2, -2), 3, 3);
    } else if (index == m_hover) {
        painter.setPen(QPen(t.text, 1.5));
        painter.drawRoundedRect(ring, 4, 4);
    }
    painter.restore();
}

QString GalleryGrid::tip(qsizetype index) const
{
    const std::uint32_t sample = m_items[std::size_t(index)];
    const auto& dataset = m_cells.dataset();
    if (!dataset || sample >= dataset->samples.size()) {
        return {};
    }
    const core::Sample& row = dataset->samples[sample];
    QStringList lines{shortName(row.id)};
    if (!row.captions.empty()) {
        lines << pathText(row.captions.front()).left(200);
    }
    const QString problem = m_cells.thumbnails() ? m_cells.thumbnails()->problem(sample) : QString();
    if (!problem.isEmpty()) {
        lines << problem;
    }
    return tipText(lines.join(QLatin1Char('\n')));
}

bool GalleryGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const qsizetype index = indexAt(help->pos());
        QToolTip::showText(help->globalPos(), index >= 0 ? tip(index) : QString(), viewport(),
                           index >= 0 ? cellRect(index) : QRect());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        setHover(-1);
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace semascope::ui
