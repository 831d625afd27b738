#include "widgets/panels/NeighbourStrip.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kCell = 62, kGap = 5, kLabel = 15;

} // namespace

NeighbourStrip::NeighbourStrip(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("neighbourStrip"));
    setAccessibleName(tr("Nearest neighbours of the current sample"));
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void NeighbourStrip::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_cells.setSource(std::move(dataset), thumbnails);
    if (thumbnails) {
        m_ready = connect(thumbnails, &ThumbnailCache::ready, this, [this] { update(); });
    }
    setNeighbours({});
}

void NeighbourStrip::setNeighbours(std::vector<NeighbourItem> neighbours)
{
    m_items = std::move(neighbours);
    m_cursor = 0;
    m_hover = -1;
    ask();
    update();
}

QSize NeighbourStrip::sizeHint() const
{
    return {5 * (kCell + kGap) - kGap, kCell + kLabel};
}

int NeighbourStrip::shown() const
{
    return std::min(int(m_items.size()), std::max(1, (width() + kGap) / (kCell + kGap)));
}

QRect NeighbourStrip::cell(int index) const
{
    return {index * (kCell + kGap), 0, kCell, kCell};
}

int NeighbourStrip::indexAt(const QPoint& point) const
{
    const int index = point.x() / (kCell + kGap);
    return point.x() >= 0 && index < shown() && cell(index).contains(point) ? index : -1;
}

void NeighbourStrip::ask()
{
    if (!m_cells.thumbnails()) {
        return;
    }
    std::vector<std::uint32_t> samples;
    for (int i = 0; i < shown(); ++i) {
        samples.push_back(m_items[std::size_t(i)].sample);
    }
    m_cells.thumbnails()->setVisible(this, samples, CellPainter::sideFor({kCell, kCell}, devicePixelRatioF()));
}

void NeighbourStrip::setHover(int index)
{
    if (index == m_hover) {
        return;
    }
    m_hover = index;
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
    Q_EMIT hovered(index >= 0 ? qint64(m_items[std::size_t(index)].sample) : -1);
}

QString NeighbourStrip::tip(int index) const
{
    const NeighbourItem& item = m_items[std::size_t(index)];
    const auto& dataset = m_cells.dataset();
    if (!dataset || item.sample >= dataset->samples.size()) {
        return {};
    }
    return tipText(tr("%1\ncosine %2 to the current sample (1 = the same direction)")
                       .arg(shortName(dataset->samples[item.sample].id), cosineText(item.cosine)));
}

bool NeighbourStrip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = indexAt(help->pos());
        QToolTip::showText(help->globalPos(), index >= 0 ? tip(index) : QString(), this);
        return true;
    }
    return QWidget::event(event);
}

void NeighbourStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens t = tokens();
    if (m_items.empty()) {
        painter.setPen(t.muted);
        painter.setFont(captionFont());
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop, tr("None known: this sample has no embedding yet."));
        return;
    }
    for (int i = 0; i < shown(); ++i) {
        m_cells.paint(painter, cell(i), m_items[std::size_t(i)].sample);
        const bool focused = hasFocus() && i == m_cursor;
        if (focused || i == m_hover) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(focused ? t.accent : t.text, focused ? 2 : 1.5));
            painter.drawRoundedRect(QRectF(cell(i)).adjusted(1, 1, -1, -1), 4, 4);
        }
        painter.setPen(t.muted);
        painter.setFont(captionFont());
        painter.drawText(cell(i).translated(0, kCell).adjusted(0, 1, 0, kLabel - kCell), Qt::AlignCenter,
                         cosineText(m_items[std::size_t(i)].cosine));
    }
}

void NeighbourStrip::mouseMoveEvent(QMouseEvent* event)
{
    setHover(indexAt(event->pos()));
}

void NeighbourStrip::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    setHover(-1);
}

void NeighbourStrip::mouseReleaseEvent(QMouseEvent* event)
{
    const int index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index >= 0) {
        Q_EMIT activated(m_items[std::size_t(index)].sample, event->modifiers());
    }
}

void NeighbourStrip::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (m_items.empty() || (key != Qt::Key_Left && key != Qt::Key_Right && key != Qt::Key_Return &&
                            key != Qt::Key_Enter && key != Qt::Key_Space)) {
        QWidget::keyPressEvent(event);
        return;
    }
    if (key == Qt::Key_Left || key == Qt::Key_Right) {
        m_cursor = std::clamp(m_cursor + (key == Qt::Key_Left ? -1 : 1), 0, shown() - 1);
        setAccessibleDescription(tip(m_cursor));
        update();
        return;
    }
    Q_EMIT activated(m_items[std::size_t(m_cursor)].sample, event->modifiers());
}

void NeighbourStrip::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void NeighbourStrip::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

void NeighbourStrip::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_cells.clear();
        ask();
        update();
    }
}

void NeighbourStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    ask();
}

} // namespace semascope::ui
