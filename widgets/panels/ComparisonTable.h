#pragma once
#include "widgets/ComparisonValues.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QTreeView>

class QSortFilterProxyModel;

namespace semascope::ui {

/// The methods of a comparison as rows.
class ComparisonTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role { SortRole = Qt::UserRole, SpreadRole, BestRole, SizesRole, ProblemRole };

    using QAbstractTableModel::QAbstractTableModel;
    void setComparison(std::shared_ptr<const core::ClusterComparison> comparison);
    const core::ClusterComparison* comparison() const { return m_comparison.get(); }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant text(std::size_t method, ComparedColumn column) const;
    QVariant sortValue(std::size_t method, ComparedColumn column) const;
    QString tip(std::size_t method, ComparedColumn column) const;

    std::shared_ptr<const core::ClusterComparison> m_comparison;
    std::vector<std::string> m_titles;
};

/// Draws mean and deviation in two strengths, the sizes as bars, the best of a column in the accent.
class ComparisonDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setSpreads(bool shown) { m_spreads = shown; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintSizes(QPainter* painter, const QRect& rect, const QVariantList& sizes, const QString& text) const;

    bool m_spreads = true;
};

/// Sortable; a click chooses a method, Ctrl+C copies the table.
class ComparisonTable : public QTreeView
{
    Q_OBJECT

public:
    explicit ComparisonTable(QWidget* parent = nullptr);
    /// Null clears it. Columns about labels are hidden where there are none.
    void setComparison(std::shared_ptr<const core::ClusterComparison> comparison);
    /// −1: none.
    int chosen() const { return m_chosen; }
    void choose(int method);
    /// With tabs between the columns, as it is sorted.
    QString plainText() const;
    void copy() const;

Q_SIGNALS:
    void methodChosen(int method);
    void methodActivated(int method);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void fit();
    void span();
    int methodAt(const QModelIndex& index) const;

    ComparisonTableModel* m_model = nullptr;
    ComparisonDelegate* m_delegate = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
    int m_chosen = -1;
};

} // namespace semascope::ui
