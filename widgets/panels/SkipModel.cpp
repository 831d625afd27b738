#include "widgets/panels/SkipModel.h"

#include "widgets/panels/Controls.h"

namespace semascope::ui {

void SkipModel::setDataset(std::shared_ptr<const core::Dataset> dataset)
{
    beginResetModel();
    m_dataset = std::move(dataset);
    endResetModel();
}

int SkipModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_dataset ? 0 : int(m_dataset->skipped.size());
}

int SkipModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 2;
}

QVariant SkipModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || !m_dataset || index.row() >= rowCount()) {
        return {};
    }
    const core::Skip& skip = m_dataset->skipped[std::size_t(index.row())];
    if (role == Qt::ToolTipRole) {
        return tipText(pathText(skip.path) + QLatin1Char('\n') + pathText(skip.reason));
    }
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
        return index.column() == 0 ? shortName(skip.path) : pathText(skip.reason);
    }
    return {};
}

QVariant SkipModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == 0 ? tr("skipped") : tr("reason");
}

} // namespace semascope::ui
