#include "widgets/panels/FlowLayout.h"

#include <QWidget>

#include <algorithm>

namespace semascope::ui {

FlowLayout::FlowLayout(QWidget* parent, int gap) : QLayout(parent), m_gap(gap) {}

FlowLayout::~FlowLayout()
{
    for (QLayoutItem* item : m_items) {
        delete item;
    }
}

void FlowLayout::insertWidget(int index, QWidget* widget)
{
    addChildWidget(widget);
    m_items.insert(m_items.begin() + std::clamp(index, 0, count()), new QWidgetItem(widget));
    invalidate();
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.push_back(item);
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[std::size_t(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    QLayoutItem* item = itemAt(index);
    if (item) {
        m_items.erase(m_items.begin() + index);
    }
    return item;
}

int FlowLayout::heightForWidth(int width) const
{
    return place(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (!item->isEmpty()) {
            size.rwidth() += item->sizeHint().width() + m_gap;
            size.setHeight(std::max(size.height(), item->sizeHint().height()));
        }
    }
    const QMargins m = contentsMargins();
    return size + QSize(m.left() + m.right(), m.top() + m.bottom());
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        size = size.expandedTo(item->minimumSize());
    }
    const QMargins m = contentsMargins();
    return size + QSize(m.left() + m.right(), m.top() + m.bottom());
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    place(rect, true);
}

int FlowLayout::place(const QRect& rect, bool apply) const
{
    const QMargins m = contentsMargins();
    const QRect inside = rect.marginsRemoved(m);
    QPoint at = inside.topLeft();
    int rowHeight = 0;
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) {
            continue;
        }
        const QSize wanted = item->sizeHint();
        const int width = std::min(wanted.width(), std::max(inside.width(), 1));
        if (at.x() > inside.left() && at.x() + width > inside.right() + 1) {
            at = QPoint(inside.left(), at.y() + rowHeight + m_gap);
            rowHeight = 0;
        }
        if (apply) {
            item->setGeometry(QRect(at, QSize(width, wanted.height())));
        }
        at.rx() += width + m_gap;
        rowHeight = std::max(rowHeight, wanted.height());
    }
    return at.y() + rowHeight - rect.top() + m.bottom();
}

} // namespace semascope::ui
