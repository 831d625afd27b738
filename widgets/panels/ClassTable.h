#pragma once
#include "widgets/panels/ZeroShotText.h"

#include <QAbstractTableModel>
#include <QTreeView>

class QSortFilterProxyModel;

namespace semascope::ui {

/// The classes of a zero-shot result as rows.
class ClassTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Labelled, Recall, Precision, Confused, Predicted, Confidence, Columns };
    static constexpr int kSortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;
    void setResult(const core::ZeroShotResult* result);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const ClassReport& report, int row, int column) const;
    QVariant number(const ClassReport& report, int row, int column) const;

    QStringList m_names;
    std::vector<ClassReport> m_reports;
};

/// Sortable; a click on a class asks for its samples.
class ClassTable : public QTreeView
{
    Q_OBJECT

public:
    explicit ClassTable(QWidget* parent = nullptr);
    /// Null clears it. Columns about labels are hidden where there are none.
    void setResult(const core::ZeroShotResult* result);

Q_SIGNALS:
    void classChosen(int index, Qt::KeyboardModifiers modifiers);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitNames();

    ClassTableModel* m_model = nullptr;
    QSortFilterProxyModel* m_sorted = nullptr;
};

} // namespace semascope::ui
