#include "widgets/ThumbnailCache.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/HeatmapGrid.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kWheelNotch = 120;
constexpr int kCellStep = 6;
constexpr int kColumnsANotch = 3;

} // namespace

void HeatmapGrid::setHover(const Place& place)
{
    if (place == m_hover) {
        return;
    }
    const int before = m_hover.picture;
    m_hover = place;
    viewport()->setCursor(place.part == Part::None ? Qt::ArrowCursor : Qt::PointingHandCursor);
    viewport()->update();
    if (place.picture != before) {
        Q_EMIT hovered(place.picture >= 0 ? qint64(m_figure.pictures[place.picture].sample) : -1);
    }
    const bool cell = place.part == Part::Cell;
    Q_EMIT looked(cell ? place.text : -1, cell ? place.picture : -1);
}

void HeatmapGrid::mouseMoveEvent(QMouseEvent* event)
{
    setHover(placeAt(event->pos()));
}

void HeatmapGrid::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton ? placeAt(event->pos()) : Place{};
}

void HeatmapGrid::mouseReleaseEvent(QMouseEvent* event)
{
    const Place place = placeAt(event->pos());
    if (event->button() == Qt::LeftButton && place.part != Part::None && place == m_pressed) {
        if (place.part == Part::Text) {
            Q_EMIT textClicked(place.text);
        } else {
            m_cursor = {Part::Cell, std::max(0, place.text), place.picture};
            Q_EMIT activated(m_figure.pictures[place.picture].sample, event->modifiers());
        }
        viewport()->update();
    }
    m_pressed = {};
}

void HeatmapGrid::wheelEvent(QWheelEvent* event)
{
    const QPoint turn = event->angleDelta();
    const bool sideways = std::abs(turn.x()) > std::abs(turn.y());
    if (event->modifiers() & Qt::ControlModifier) {
        m_wheelRest += turn.y(); // touchpads send small parts of a notch
        const int notches = m_wheelRest / kWheelNotch;
        m_wheelRest -= notches * kWheelNotch;
        if (notches != 0) {
            setCellWidth(m_cell.width() + notches * kCellStep);
        }
        event->accept();
    } else if (!sideways && ((event->modifiers() & Qt::ShiftModifier) || verticalScrollBar()->maximum() == 0)) {
        const int step =
            event->hasPixelDelta() ? event->pixelDelta().y() : turn.y() * kColumnsANotch * m_cell.width() / kWheelNotch;
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - step);
        event->accept();
    } else {
        QAbstractScrollArea::wheelEvent(event);
    }
    setHover(placeAt(event->position().toPoint()));
}

void HeatmapGrid::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (texts() == 0 || pictures() == 0) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    if ((event->modifiers() & Qt::ControlModifier) &&
        (key == Qt::Key_Plus || key == Qt::Key_Equal || key == Qt::Key_Minus)) {
        setCellWidth(m_cell.width() + (key == Qt::Key_Minus ? -kCellStep : kCellStep));
        return;
    }
    const Place at =
        m_cursor.part == Part::Cell ? m_cursor : Place{Part::Cell, visibleTexts().first, visiblePictures().first};
    const auto [first, last] = visiblePictures();
    const int page = std::max(1, last - first - 1);
    switch (key) {
    case Qt::Key_Left:
        return moveCursor(at.text, at.picture - 1);
    case Qt::Key_Right:
        return moveCursor(at.text, at.picture + 1);
    case Qt::Key_Up:
        return moveCursor(at.text - 1, at.picture);
    case Qt::Key_Down:
        return moveCursor(at.text + 1, at.picture);
    case Qt::Key_PageUp:
        return moveCursor(at.text, at.picture - page);
    case Qt::Key_PageDown:
        return moveCursor(at.text, at.picture + page);
    case Qt::Key_Home:
        return moveCursor(at.text, 0);
    case Qt::Key_End:
        return moveCursor(at.text, pictures() - 1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        return activateCursor(event->modifiers());
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void HeatmapGrid::activateCursor(Qt::KeyboardModifiers modifiers)
{
    if (m_cursor.part == Part::Cell) {
        Q_EMIT activated(m_figure.pictures[m_cursor.picture].sample, modifiers);
    }
}

void HeatmapGrid::moveCursor(int text, int picture)
{
    m_cursor = {Part::Cell, std::clamp(text, 0, texts() - 1), std::clamp(picture, 0, pictures() - 1)};
    reveal(m_cursor.text, m_cursor.picture);
    setAccessibleDescription(
        tr("%1, %2: %3")
            .arg(m_figure.texts[m_cursor.text], m_figure.pictures[m_cursor.picture].id,
                 heatmapNumber(m_figure.value, double(m_figure.at(m_cursor.text, m_cursor.picture)), 3)));
    m_hover = m_cursor;
    viewport()->update();
    Q_EMIT hovered(m_figure.pictures[m_cursor.picture].sample);
    Q_EMIT looked(m_cursor.text, m_cursor.picture);
}

void HeatmapGrid::reveal(int text, int picture)
{
    const QRect cell = cellRect(text, picture);
    QScrollBar *across = horizontalScrollBar(), *down = verticalScrollBar();
    if (cell.left() < m_labelWidth) {
        across->setValue(across->value() - (m_labelWidth - cell.left()));
    } else if (cell.right() > viewport()->width()) {
        across->setValue(across->value() + cell.right() - viewport()->width() + 1);
    }
    if (cell.top() < m_headHeight) {
        down->setValue(down->value() - (m_headHeight - cell.top()));
    } else if (cell.bottom() > viewport()->height()) {
        down->setValue(down->value() + cell.bottom() - viewport()->height() + 1);
    }
}

void HeatmapGrid::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void HeatmapGrid::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QString HeatmapGrid::tip(const Place& place) const
{
    if (place.part == Part::Text) {
        return tipText(m_figure.texts[place.text] + QLatin1Char('\n') +
                       tr("Colours from %1. Click to order the pictures by it.")
                           .arg(heatmapRangeText(m_figure.value, m_ranges[std::size_t(place.text)])));
    }
    if (place.part != Part::Picture || !m_cells.dataset()) {
        return {}; // a cell has its card
    }
    const std::uint32_t sample = m_figure.pictures[place.picture].sample;
    QStringList lines{m_figure.pictures[place.picture].id};
    if (sample < m_cells.dataset()->samples.size() && !m_cells.dataset()->samples[sample].captions.empty()) {
        lines << pathText(m_cells.dataset()->samples[sample].captions.front()).left(200);
    }
    const QString problem = m_cells.thumbnails() ? m_cells.thumbnails()->problem(sample) : QString();
    if (!problem.isEmpty()) {
        lines << problem;
    }
    return tipText(lines.join(QLatin1Char('\n')));
}

bool HeatmapGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Place place = placeAt(help->pos());
        const int group = groupAt(help->pos());
        const QString heading =
            group < 0 ? QString()
                      : tr("%1: %2 pictures").arg(m_figure.groups[group].heading).arg(m_figure.groups[group].count);
        QToolTip::showText(help->globalPos(), group < 0 ? tip(place) : tipText(heading), viewport());
        return true;
    }
    if (event->type() == QEvent::Leave) {
        setHover({});
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace semascope::ui
