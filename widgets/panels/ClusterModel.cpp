#include "widgets/panels/ClusterModel.h"

#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

namespace semascope::ui {

void ClusterModel::setItems(std::vector<ClusterItem> items)
{
    if (items.size() == m_items.size() && !items.empty()) { // keeps selection and place while names or colours change
        m_items = std::move(items);
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_items = std::move(items);
    endResetModel();
}

int ClusterModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_items.size());
}

QVariant ClusterModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const ClusterItem& item = m_items[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return item.name;
    case Qt::AccessibleTextRole:
        return tr("%1, %2 samples").arg(item.name, countText(item.size));
    case Qt::ToolTipRole:
        return tipText(
            tr("%1: %2 samples\nClick to select them (Shift adds, Ctrl takes away), F2 or a double click to rename.")
                .arg(item.name, countText(item.size)));
    case ColourRole:
        return item.colour;
    case SizeRole:
        return qulonglong(item.size);
    default:
        return {};
    }
}

bool ClusterModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const QString name = value.toString().simplified();
    if (!index.isValid() || role != Qt::EditRole || name.isEmpty() || name == m_items[std::size_t(index.row())].name) {
        return false;
    }
    Q_EMIT renamed(index.row(), name);
    return true;
}

Qt::ItemFlags ClusterModel::flags(const QModelIndex& index) const
{
    return QAbstractListModel::flags(index) | (index.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

} // namespace semascope::ui
