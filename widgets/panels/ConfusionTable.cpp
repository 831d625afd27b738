#include "widgets/panels/ConfusionTable.h"

#include "widgets/Theme.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/ZeroShotText.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kMostHeight = 48, kMostWidth = 96;
constexpr int kNamePad = 8; ///< beside a name

} // namespace

ConfusionTable::ConfusionTable(QWidget* parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("confusionTable"));
    setAccessibleName(tr("Confusion table: rows are labels, columns are predictions"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(120);
    viewport()->setMouseTracking(true);
    setCornerWidget(new QWidget(this)); // else the style draws a frame between the scroll bars
}

int ConfusionTable::classes() const
{
    return static_cast<int>(m_names.size());
}

void ConfusionTable::setResult(std::shared_ptr<const core::ZeroShotResult> result)
{
    m_result = result && !result->confusion.empty() ? std::move(result) : nullptr;
    m_names.clear();
    m_rowSum.clear();
    m_most = 0;
    m_at = {};
    if (m_result) {
        const std::size_t k = m_result->spec.classes.size();
        m_rowSum.resize(k, 0);
        for (std::size_t i = 0; i < m_result->confusion.size(); ++i) {
            m_rowSum[i / k] += m_result->confusion[i];
            m_most = std::max(m_most, m_result->confusion[i]);
        }
        for (const std::string& name : m_result->spec.classes) {
            m_names << QString::fromStdString(name);
        }
    }
    Q_EMIT pointed({});
    arrange();
}

void ConfusionTable::setShares(bool shares)
{
    m_shares = shares;
    viewport()->update();
}

/// Cells as large as there is room for, within limits; what does not fit is scrolled.
void ConfusionTable::arrange()
{
    QFont bold = captionFont(); // as the pointed one is written
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    int widest = metrics.horizontalAdvance(tr("label ↓"));
    for (const QString& name : m_names) {
        widest = std::max(widest, metrics.horizontalAdvance(name));
    }
    const QSize room = maximumViewportSize();
    const int k = std::max(1, classes());
    m_head.setWidth(std::min(widest + kNamePad, std::max(60, room.width() * 3 / 10)));
    const auto cellOf = [k](int space, int most) { return std::clamp(space / k, kLeastCell, most); };
    m_cell.setWidth(cellOf(room.width() - m_head.width() - 1, kMostWidth));
    m_upwards = widest + kNamePad > m_cell.width();
    const int above =
        m_upwards ? std::min(widest + kNamePad, std::max(44, room.height() * 3 / 10)) : metrics.height() + 4;
    m_head.setHeight(kAxisLine + above);
    m_cell.setHeight(cellOf(room.height() - m_head.height() - 1, kMostHeight));
    m_cell.setWidth(
        std::min(m_cell.width(), std::max(m_cell.height() * 5 / 2, m_upwards ? kLeastCell : widest + kNamePad)));
    const int width = m_cell.width() * classes(), height = m_cell.height() * classes();
    const QSize seen = room - m_head;
    const auto prepare = [](QScrollBar* bar, int whole, int part, int step) {
        bar->setRange(0, std::max(0, whole - part));
        bar->setPageStep(std::max(1, part));
        bar->setSingleStep(step);
    };
    const bool down = height > seen.height(), across = width > seen.width();
    const int bar = verticalScrollBar()->sizeHint().width();
    prepare(horizontalScrollBar(), width, seen.width() - (down ? bar : 0), m_cell.width());
    prepare(verticalScrollBar(), height, seen.height() - (across ? bar : 0), m_cell.height());
    viewport()->update();
}

QRect ConfusionTable::cellRect(int label, int prediction) const
{
    return {m_head.width() + prediction * m_cell.width() - horizontalScrollBar()->value(),
            m_head.height() + label * m_cell.height() - verticalScrollBar()->value(), m_cell.width(), m_cell.height()};
}

ConfusionTable::Place ConfusionTable::placeAt(const QPoint& at) const
{
    if (!m_result) {
        return {};
    }
    const auto index = [this](int offset, int cell) { return offset / cell < classes() ? offset / cell : -2; };
    Place place{-1, -1};
    if (at.y() >= m_head.height()) {
        place.label = index(at.y() - m_head.height() + verticalScrollBar()->value(), m_cell.height());
    }
    if (at.x() >= m_head.width()) {
        place.prediction = index(at.x() - m_head.width() + horizontalScrollBar()->value(), m_cell.width());
    }
    return place.there() ? place : Place{};
}

void ConfusionTable::point(const Place& place)
{
    if (place == m_at) {
        return;
    }
    m_at = place;
    viewport()->setCursor(place.there() ? Qt::PointingHandCursor : Qt::ArrowCursor);
    const QString sentence = place.there() ? cellSentence(*m_result, place.label, place.prediction) : QString();
    setAccessibleDescription(sentence);
    Q_EMIT pointed(sentence);
    viewport()->update();
}

void ConfusionTable::reveal(const Place& place)
{
    const QRect cell = cellRect(place.label, place.prediction);
    const QRect seen(QPoint(m_head.width(), m_head.height()), viewport()->size() - m_head);
    const auto follow = [](QScrollBar* bar, int before, int after) {
        bar->setValue(bar->value() - std::max(0, before) + std::max(0, after));
    };
    follow(horizontalScrollBar(), seen.left() - cell.left(), cell.right() - seen.right());
    follow(verticalScrollBar(), seen.top() - cell.top(), cell.bottom() - seen.bottom());
}

double ConfusionTable::value(int label, int prediction) const
{
    const auto row = static_cast<std::size_t>(label);
    const std::uint32_t n = m_result->confusion[row * m_rowSum.size() + static_cast<std::size_t>(prediction)];
    const std::uint32_t whole = m_shares ? m_rowSum[row] : m_most;
    return whole > 0 ? static_cast<double>(n) / whole : 0.0;
}

/// Nothing for an empty cell: the eye is to find the others.
QString ConfusionTable::number(int label, int prediction) const
{
    const auto row = static_cast<std::size_t>(label);
    const std::uint32_t n = m_result->confusion[row * m_rowSum.size() + static_cast<std::size_t>(prediction)];
    if (n == 0) {
        return {};
    }
    return m_shares ? QString::number(std::lround(100 * value(label, prediction))) : countText(n);
}

void ConfusionTable::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    arrange();
}

void ConfusionTable::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        arrange();
    }
}

void ConfusionTable::mouseMoveEvent(QMouseEvent* event)
{
    point(placeAt(event->pos()));
}

void ConfusionTable::mousePressEvent(QMouseEvent* event)
{
    m_pressed = placeAt(event->pos());
    event->accept();
}

void ConfusionTable::mouseReleaseEvent(QMouseEvent* event)
{
    const Place place = placeAt(event->pos());
    if (event->button() == Qt::LeftButton && place.there() && place == m_pressed) {
        Q_EMIT cellChosen(place.label, place.prediction, event->modifiers());
    }
}

bool ConfusionTable::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave && !hasFocus()) {
        point({});
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void ConfusionTable::keyPressEvent(QKeyEvent* event)
{
    Place to = m_at.there() ? Place{std::max(0, m_at.label), std::max(0, m_at.prediction)} : Place{0, 0};
    switch (event->key()) {
    case Qt::Key_Left:
        --to.prediction;
        break;
    case Qt::Key_Right:
        ++to.prediction;
        break;
    case Qt::Key_Up:
        --to.label;
        break;
    case Qt::Key_Down:
        ++to.label;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_at.there()) {
            Q_EMIT cellChosen(m_at.label, m_at.prediction, event->modifiers());
        }
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    if (m_result) {
        to.label = std::clamp(to.label, 0, classes() - 1);
        to.prediction = std::clamp(to.prediction, 0, classes() - 1);
        point(to);
        reveal(to);
    }
}

void ConfusionTable::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    if (m_result && !m_at.there() && event->reason() != Qt::MouseFocusReason) {
        point({0, 0});
    }
    viewport()->update();
}

void ConfusionTable::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    if (!viewport()->underMouse()) {
        point({});
    }
    viewport()->update();
}

} // namespace semascope::ui
