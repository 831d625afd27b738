#include "widgets/panels/ClusterDelegate.h"

#include "widgets/Theme.h"
#include "widgets/panels/ClusterModel.h"
#include "widgets/panels/Numbers.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr int kSwatch = 10, kLeft = 4, kNameLeft = 22, kSizeLeft = 6;

const ClusterItem& itemOf(const QModelIndex& index)
{
    return static_cast<const ClusterModel*>(index.model())->itemAt(index.row());
}

QString sizeText(const ClusterItem& item)
{
    if (item.selected > 0) {
        return ClusterDelegate::tr("%1 of %2 selected").arg(countText(item.selected), countText(item.size));
    }
    return std::isfinite(item.share)
               ? ClusterDelegate::tr("%1 · %2").arg(countText(item.size), probabilityText(item.share))
               : countText(item.size);
}

} // namespace

void ClusterDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Tokens t = tokens();
    const ClusterItem& item = itemOf(index);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (selected || focused || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(focused ? QPen(t.accent, 1) : QPen(Qt::NoPen));
        painter->setBrush(selected ? t.soft : t.background);
        painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
    const QRect line(option.rect.left(), option.rect.top(), option.rect.width(), kLine);
    painter->setPen(Qt::NoPen);
    painter->setBrush(item.colour);
    painter->drawEllipse(QRect(line.left() + kLeft, line.center().y() - kSwatch / 2, kSwatch, kSwatch));
    const QString size = sizeText(item);
    const int sizeWidth = option.fontMetrics.horizontalAdvance(size) + 2 * kSizeLeft;
    painter->setPen(t.text);
    const QRect name = line.adjusted(kNameLeft, 0, -sizeWidth, 0);
    painter->drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(item.name, Qt::ElideRight, name.width()));
    painter->setPen(item.selected > 0 ? t.accent : t.muted);
    painter->drawText(line.adjusted(0, 0, -kSizeLeft, 0), Qt::AlignVCenter | Qt::AlignRight, size);
    const int room = (line.width() - kNameLeft + kGap) / (kCell + kGap);
    const int shown = std::min(room, int(item.prototypes.size()));
    for (int i = 0; i < shown; ++i) {
        m_cells.paint(*painter, QRect(line.left() + kNameLeft + i * (kCell + kGap), line.bottom() + 1, kCell, kCell),
                      item.prototypes[std::size_t(i)]);
    }
    painter->restore();
}

QSize ClusterDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {option.rect.width(), itemOf(index).prototypes.empty() ? kLine : kLine + kCell + 6};
}

void ClusterDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                           const QModelIndex&) const
{
    editor->setGeometry(
        QRect(option.rect.left() + kNameLeft - 8, option.rect.top(), option.rect.width() - kNameLeft + 8, kLine + 2));
}

} // namespace semascope::ui
