#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/ClusterCardGrid.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace semascope::ui {

void ClusterCardGrid::setHover(const Hit& hit)
{
    if (hit == m_hover) {
        return;
    }
    m_hover = hit;
    viewport()->setCursor(live(hit) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    Q_EMIT sampleHovered(sampleOf(hit));
    viewport()->update();
}

void ClusterCardGrid::mouseMoveEvent(QMouseEvent* event)
{
    setHover(hitAt(event->position().toPoint()));
}

void ClusterCardGrid::mousePressEvent(QMouseEvent* event)
{
    endRename(true);
    m_pressed = event->button() == Qt::LeftButton ? hitAt(event->position().toPoint()) : Hit{};
}

void ClusterCardGrid::mouseReleaseEvent(QMouseEvent* event)
{
    const Hit hit = hitAt(event->position().toPoint());
    const bool clicked = event->button() == Qt::LeftButton && hit == m_pressed && hit.place >= 0;
    m_pressed = {};
    if (!clicked) {
        return;
    }
    m_cursor = hit.place;
    const int cluster = m_order[static_cast<std::size_t>(hit.place)];
    if (hit.part.kind == CardPart::Head) {
        Q_EMIT headClicked(cluster, event->modifiers());
    } else if (hit.part.kind == CardPart::Word && live(hit)) {
        Q_EMIT wordClicked(cluster, hit.part.index);
    } else if (const qint64 sample = sampleOf(hit); sample >= 0) {
        Q_EMIT sampleClicked(static_cast<std::uint32_t>(sample));
    }
    viewport()->update();
}

void ClusterCardGrid::mouseDoubleClickEvent(QMouseEvent* event)
{
    const Hit hit = hitAt(event->position().toPoint());
    if (hit.place >= 0 && hit.part.kind == CardPart::Head) {
        rename(m_order[static_cast<std::size_t>(hit.place)]);
    }
}

void ClusterCardGrid::contextMenuEvent(QContextMenuEvent* event)
{
    const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const qsizetype place = keyboard ? (count() > 0 ? m_cursor : -1) : hitAt(event->pos()).place;
    if (place >= 0) {
        m_cursor = place;
        const QPoint at =
            keyboard ? viewport()->mapToGlobal(cardRect(place).topLeft() + QPoint(20, 20)) : event->globalPos();
        Q_EMIT menuWanted(m_order[static_cast<std::size_t>(place)], at);
    }
}

void ClusterCardGrid::moveCursor(qsizetype place)
{
    if (count() == 0) {
        return;
    }
    m_cursor = std::clamp<qsizetype>(place, 0, count() - 1);
    reveal(m_order[static_cast<std::size_t>(m_cursor)]);
    setAccessibleDescription(cardAt(m_cursor).name);
}

void ClusterCardGrid::keyPressEvent(QKeyEvent* event)
{
    if (count() == 0) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const qsizetype page = std::max(1, viewport()->height() / (m_layout.height() + 1)) * m_columns;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(m_cursor - 1);
    case Qt::Key_Right:
        return moveCursor(m_cursor + 1);
    case Qt::Key_Up:
        return moveCursor(m_cursor - m_columns);
    case Qt::Key_Down:
        return moveCursor(m_cursor + m_columns);
    case Qt::Key_PageUp:
        return moveCursor(m_cursor - page);
    case Qt::Key_PageDown:
        return moveCursor(m_cursor + page);
    case Qt::Key_Home:
        return moveCursor(0);
    case Qt::Key_End:
        return moveCursor(count() - 1);
    case Qt::Key_F2:
        return rename(m_order[static_cast<std::size_t>(m_cursor)]);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        Q_EMIT headClicked(m_order[static_cast<std::size_t>(m_cursor)], event->modifiers());
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

/// The editor: Escape gives up, leaving it keeps what was typed.
bool ClusterCardGrid::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_editor && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        endRename(false);
        return true;
    }
    if (watched == m_editor && event->type() == QEvent::FocusOut) {
        endRename(true);
    }
    return QAbstractScrollArea::eventFilter(watched, event);
}

bool ClusterCardGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Hit hit = hitAt(help->pos());
        const QString text = tip(hit);
        const QRect area =
            hit.place < 0 ? QRect() : m_layout.rectOf(hit.part).translated(cardRect(hit.place).topLeft());
        QToolTip::showText(help->globalPos(), text, viewport(), area);
        return true;
    }
    if (event->type() == QEvent::Leave) {
        setHover({});
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void ClusterCardGrid::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    endRename(true);
    relayout();
}

void ClusterCardGrid::scrollContentsBy(int, int)
{
    endRename(true);
    askThumbnails();
    viewport()->update();
}

void ClusterCardGrid::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void ClusterCardGrid::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void ClusterCardGrid::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_cells.clear();
        m_small.clear();
        askThumbnails();
    }
}

void ClusterCardGrid::showEvent(QShowEvent* event)
{
    QAbstractScrollArea::showEvent(event);
    relayout();
}

void ClusterCardGrid::hideEvent(QHideEvent* event)
{
    QAbstractScrollArea::hideEvent(event);
    if (m_cells.thumbnails()) {
        m_cells.thumbnails()->setVisible(this, {});
    }
}

} // namespace semascope::ui
