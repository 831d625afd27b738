#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/GalleryGrid.h"

#include "widgets/panels/Controls.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kWheelNotch = 120;
constexpr int kCellStep = 8;

} // namespace

void GalleryGrid::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    relayout();
}

void GalleryGrid::scrollContentsBy(int, int)
{
    viewport()->update();
}

void GalleryGrid::showEvent(QShowEvent* event)
{
    QAbstractScrollArea::showEvent(event);
    m_asked = {-1, -1};
}

void GalleryGrid::hideEvent(QHideEvent* event)
{
    QAbstractScrollArea::hideEvent(event);
    if (m_cells.thumbnails()) {
        m_cells.thumbnails()->setVisible(this, {});
    }
}

void GalleryGrid::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_cells.clear();
        m_asked = {-1, -1};
        viewport()->update();
    }
}

void GalleryGrid::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    if (m_cursor < 0 && count() > 0 && event->reason() != Qt::MouseFocusReason) {
        m_cursor = visibleRange().first;
    }
    viewport()->update();
}

void GalleryGrid::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void GalleryGrid::setHover(qsizetype index)
{
    if (index == m_hover) {
        return;
    }
    m_hover = index;
    viewport()->update();
    Q_EMIT hovered(index >= 0 ? qint64(m_items[std::size_t(index)]) : -1);
}

void GalleryGrid::mouseMoveEvent(QMouseEvent* event)
{
    setHover(indexAt(event->pos()));
}

void GalleryGrid::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton ? indexAt(event->pos()) : -1;
}

void GalleryGrid::mouseReleaseEvent(QMouseEvent* event)
{
    const qsizetype index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index >= 0 && index == m_pressed) {
        m_cursor = index;
        viewport()->update();
        Q_EMIT activated(m_items[std::size_t(index)], event->modifiers());
    }
    m_pressed = -1;
}

void GalleryGrid::wheelEvent(QWheelEvent* event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QAbstractScrollArea::wheelEvent(event);
        return;
    }
    m_wheelRest += event->angleDelta().y(); // touchpads send small parts of a notch
    const int notches = m_wheelRest / kWheelNotch;
    m_wheelRest -= notches * kWheelNotch;
    setCellWidth(m_wantedCell + notches * kCellStep);
    event->accept();
}

void GalleryGrid::contextMenuEvent(QContextMenuEvent* event)
{
    const bool mouse = event->reason() == QContextMenuEvent::Mouse;
    const qsizetype index = mouse ? indexAt(event->pos()) : m_cursor;
    if (index >= 0 && index < count()) {
        Q_EMIT menuWanted(m_items[std::size_t(index)],
                          mouse ? event->globalPos() : viewport()->mapToGlobal(cellRect(index).center()));
    }
}

qsizetype GalleryGrid::steppedCursor(int key) const
{
    const qsizetype from = std::max<qsizetype>(m_cursor, 0);
    const qsizetype page = std::max<qsizetype>(1, viewport()->height() / std::max(1, step())) * m_columns;
    switch (key) {
    case Qt::Key_Left:
        return from - 1;
    case Qt::Key_Right:
        return from + 1;
    case Qt::Key_Up:
        return from - m_columns;
    case Qt::Key_Down:
        return from + m_columns;
    case Qt::Key_PageUp:
        return std::max(from % m_columns, from - page);
    case Qt::Key_PageDown:
        return from + page;
    case Qt::Key_Home:
        return 0;
    case Qt::Key_End:
        return count() - 1;
    default:
        return -1;
    }
}

void GalleryGrid::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (count() == 0) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space;
    if (enter && m_cursor >= 0) {
        Q_EMIT activated(m_items[std::size_t(m_cursor)], event->modifiers());
        return;
    }
    if (event->modifiers() & Qt::ControlModifier &&
        (key == Qt::Key_Plus || key == Qt::Key_Equal || key == Qt::Key_Minus)) {
        setCellWidth(m_wantedCell + (key == Qt::Key_Minus ? -kCellStep : kCellStep));
        return;
    }
    const bool moves = key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down ||
                       key == Qt::Key_PageUp || key == Qt::Key_PageDown || key == Qt::Key_Home || key == Qt::Key_End;
    if (!moves) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    moveCursor(m_cursor < 0 && key != Qt::Key_End ? visibleRange().first : steppedCursor(key));
}

void GalleryGrid::moveCursor(qsizetype index)
{
    if (index < 0 && m_cursor >= 0) {
        return; // up from the first row stays
    }
    m_cursor = std::clamp<qsizetype>(index, 0, count() - 1);
    reveal(m_cursor);
    viewport()->update();
    const std::uint32_t sample = m_items[std::size_t(m_cursor)];
    if (m_cells.dataset() && sample < m_cells.dataset()->samples.size()) {
        setAccessibleDescription(tr("%1, item %2 of %3")
                                     .arg(shortName(m_cells.dataset()->samples[sample].id))
                                     .arg(m_cursor + 1)
                                     .arg(count()));
    }
    m_hover = m_cursor;
    Q_EMIT hovered(sample);
}

void GalleryGrid::reveal(qsizetype index)
{
    const QRect cell = cellRect(index);
    QScrollBar* bar = verticalScrollBar();
    if (cell.top() < 0) {
        bar->setValue(bar->value() + cell.top());
    } else if (cell.bottom() > viewport()->height()) {
        bar->setValue(bar->value() + cell.bottom() - viewport()->height() + 1);
    }
}

} // namespace semascope::ui
