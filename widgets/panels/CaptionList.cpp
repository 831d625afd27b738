#include "widgets/panels/CaptionList.h"

#include "widgets/Theme.h"
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

constexpr int kNumberWidth = 42;

} // namespace

CaptionList::CaptionList(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("captionList"));
    setAccessibleName(tr("Nearest captions of the current sample"));
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void CaptionList::setItems(std::vector<CaptionItem> items)
{
    m_items = std::move(items);
    m_cursor = 0;
    m_hover = -1;
    QStringList spoken;
    for (int i = 0; i < shown(); ++i) {
        const CaptionItem& item = m_items[std::size_t(i)];
        spoken << tr("%1, cosine %2").arg(item.text, cosineText(item.cosine));
    }
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void CaptionList::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

QSize CaptionList::sizeHint() const
{
    return {200, kRow * std::max(shown(), 2)};
}

int CaptionList::indexAt(const QPoint& point) const
{
    const int index = point.y() / kRow;
    return point.y() >= 0 && rect().contains(point) && index < shown() ? index : -1;
}

void CaptionList::setHover(int index)
{
    if (index == m_hover) {
        return;
    }
    m_hover = index;
    setCursor(index >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
    Q_EMIT hovered(index >= 0 ? qint64(m_items[std::size_t(index)].sample) : -1);
}

bool CaptionList::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = indexAt(help->pos());
        QToolTip::showText(help->globalPos(), index >= 0 ? tipText(m_items[std::size_t(index)].text) : QString(), this);
        return true;
    }
    return QWidget::event(event);
}

void CaptionList::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens t = tokens();
    painter.setFont(captionFont());
    if (m_items.empty()) {
        painter.setPen(t.muted);
        painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
        return;
    }
    for (int i = 0; i < shown(); ++i) {
        const CaptionItem& item = m_items[std::size_t(i)];
        const QRect row(0, i * kRow, width(), kRow);
        const bool focused = hasFocus() && i == m_cursor;
        if (focused || i == m_hover) {
            painter.setPen(focused ? QPen(t.accent) : QPen(Qt::NoPen));
            painter.setBrush(t.background);
            painter.drawRoundedRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        QFont font = captionFont();
        font.setBold(item.own);
        painter.setFont(font);
        painter.setPen(t.text);
        painter.drawText(row.adjusted(3, 0, -kNumberWidth, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(item.text, Qt::ElideRight, width() - kNumberWidth - 6));
        painter.setFont(captionFont());
        painter.setPen(t.muted);
        painter.drawText(row.adjusted(0, 0, -3, 0), Qt::AlignVCenter | Qt::AlignRight, cosineText(item.cosine));
    }
}

void CaptionList::mouseMoveEvent(QMouseEvent* event)
{
    setHover(indexAt(event->pos()));
}

void CaptionList::leaveEvent(QEvent* event)
{
    QWidget::leaveEvent(event);
    setHover(-1);
}

void CaptionList::mouseReleaseEvent(QMouseEvent* event)
{
    const int index = indexAt(event->pos());
    if (event->button() == Qt::LeftButton && index >= 0) {
        Q_EMIT activated(m_items[std::size_t(index)].sample, event->modifiers());
    }
}

void CaptionList::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (shown() > 0 && (key == Qt::Key_Up || key == Qt::Key_Down)) {
        m_cursor = std::clamp(m_cursor + (key == Qt::Key_Up ? -1 : 1), 0, shown() - 1);
        update();
    } else if (shown() > 0 && (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space)) {
        Q_EMIT activated(m_items[std::size_t(m_cursor)].sample, event->modifiers());
    } else {
        QWidget::keyPressEvent(event);
    }
}

void CaptionList::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void CaptionList::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace semascope::ui
