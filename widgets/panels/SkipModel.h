#pragma once
#include "core/data/Dataset.h"

#include <QAbstractTableModel>

#include <memory>

namespace semascope::ui {

/// What was found and not loaded: path and reason. Reads the dataset's own list, so that 100,000 rows cost nothing.
class SkipModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setDataset(std::shared_ptr<const core::Dataset> dataset);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const core::Dataset> m_dataset;
};

} // namespace semascope::ui
