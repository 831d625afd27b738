#include "widgets/panels/ClusterModel.h"

#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <algorithm>
#include <numeric>

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
    m_order.resize(m_items.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    endResetModel();
}

void ClusterModel::setOrder(std::vector<int> order)
{
    if (order == m_order || order.size() != m_items.size()) {
        return;
    }
    beginResetModel();
    m_order = std::move(order);
    endResetModel();
}

int ClusterModel::rowOf(int cluster) const
{
    const auto found = std::find(m_order.begin(), m_order.end(), cluster);
    return found == m_order.end() ? -1 : int(found - m_order.begin());
}

void ClusterModel::setSelected(const std::vector<std::size_t>& selected)
{
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        m_items[i].selected = i < selected.size() ? selected[i] : 0;
    }
    if (!m_items.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
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
    const ClusterItem& item = itemAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return item.name;
    case Qt::AccessibleTextRole:
        return item.selected > 0 ? tr("%1, %2 samples, %3 of them selected")
                                       .arg(item.name, countText(item.size), countText(item.selected))
                                 : tr("%1, %2 samples").arg(item.name, countText(item.size));
    case Qt::ToolTipRole:
        return tipText(
            tr("%1: %2 samples\nClick to select them (Shift adds, Ctrl takes away), F2 or a double click to rename, "
               "right click to merge and split.")
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
    if (!index.isValid() || role != Qt::EditRole || name.isEmpty() || name == itemAt(index.row()).name) {
        return false;
    }
    Q_EMIT renamed(clusterAt(index.row()), name);
    return true;
}

Qt::ItemFlags ClusterModel::flags(const QModelIndex& index) const
{
    return QAbstractListModel::flags(index) | (index.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

} // namespace semascope::ui
