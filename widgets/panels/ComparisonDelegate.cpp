#include "widgets/Theme.h"
#include "widgets/panels/ComparisonTable.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr int kPad = 8, kSpreadGap = 4, kRowHeight = 28;
constexpr int kTextShare = 74; // pixels for "12–345" beside the bars

QFont meanFont(const QStyleOptionViewItem& option, bool best)
{
    QFont font = option.font;
    font.setBold(best);
    return font;
}

bool leftAligned(const QModelIndex& index)
{
    return index.column() == int(ComparedColumn::Method);
}

} // namespace

/// One bar a cluster, as high as the cluster is large.
void ComparisonDelegate::paintSizes(QPainter* painter, const QRect& rect, const QVariantList& sizes,
                                    const QString& text) const
{
    const Tokens t = tokens();
    const int room = std::max(10, rect.width() - kTextShare - kSpreadGap);
    double most = 1;
    for (const QVariant& size : sizes) {
        most = std::max(most, size.toDouble());
    }
    const double step = std::min(8.0, static_cast<double>(room) / std::max<qsizetype>(1, sizes.size()));
    painter->setRenderHint(QPainter::Antialiasing, step < 2);
    for (qsizetype i = 0; i < sizes.size(); ++i) {
        const double height = std::max(1.0, sizes[i].toDouble() / most * (rect.height() - 10));
        painter->fillRect(QRectF(rect.left() + static_cast<double>(i) * step, rect.bottom() - 4 - height,
                                 std::max(0.5, step - 1.0), height),
                          t.muted);
    }
    painter->setFont(captionFont());
    painter->setPen(t.muted);
    painter->drawText(rect.adjusted(int(step * static_cast<double>(sizes.size())) + kSpreadGap + 2, 0, 0, 0),
                      Qt::AlignVCenter | Qt::AlignLeft, text);
}

void ComparisonDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem plain = option;
    initStyleOption(&plain, index);
    const QString text = plain.text;
    plain.text.clear();
    const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &plain, painter, option.widget); // selection and pointer
    const Tokens t = tokens();
    const bool best = index.data(ComparisonTableModel::BestRole).toBool();
    const bool problem = index.data(ComparisonTableModel::ProblemRole).toBool();
    const QRect rect = option.rect.adjusted(kPad / 2, 0, -kPad / 2, 0);
    painter->save();
    if (index.column() == int(ComparedColumn::Sizes)) {
        paintSizes(painter, rect, index.data(ComparisonTableModel::SizesRole).toList(), text);
        painter->restore();
        return;
    }
    const QString spread = m_spreads ? index.data(ComparisonTableModel::SpreadRole).toString() : QString();
    const QFontMetrics small(captionFont());
    const int spreadWidth = spread.isEmpty() ? 0 : small.horizontalAdvance(spread) + kSpreadGap;
    painter->setFont(captionFont());
    painter->setPen(t.muted);
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignRight, spread);
    painter->setFont(meanFont(option, best));
    painter->setPen(problem ? t.error : best ? t.accent : t.text);
    const QRect main = rect.adjusted(0, 0, -spreadWidth, 0);
    const QString shown = painter->fontMetrics().elidedText(text, Qt::ElideRight, main.width() + 1);
    painter->drawText(main, Qt::AlignVCenter | (leftAligned(index) ? Qt::AlignLeft : Qt::AlignRight), shown);
    painter->restore();
}

QSize ComparisonDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QFontMetrics mean(meanFont(option, true)), small(captionFont());
    const QString spread = m_spreads ? index.data(ComparisonTableModel::SpreadRole).toString() : QString();
    int width = mean.horizontalAdvance(index.data().toString()) + kPad + 2;
    width += spread.isEmpty() ? 0 : small.horizontalAdvance(spread) + kSpreadGap;
    return {width, kRowHeight};
}

} // namespace semascope::ui
