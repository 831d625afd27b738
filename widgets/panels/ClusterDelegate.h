#pragma once
#include "widgets/panels/CellPainter.h"

#include <QStyledItemDelegate>

namespace semascope::ui {

/// Paints a cluster: swatch, name, size, and under them its most typical samples.
class ClusterDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    static constexpr int kLine = 26, kCell = 40, kGap = 4;

    CellPainter& cells() { return m_cells; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

private:
    mutable CellPainter m_cells; ///< a cache: painting keeps finished cells
};

} // namespace semascope::ui
