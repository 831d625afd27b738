#pragma once
#include <QAbstractListModel>
#include <QColor>

#include <cstdint>
#include <limits>
#include <vector>

namespace semascope::ui {

/// One cluster as people see it.
struct ClusterItem
{
    QString name;
    QColor colour;
    std::size_t size = 0;
    std::vector<std::uint32_t> prototypes;                        ///< samples nearest its centre, best first
    double share = std::numeric_limits<double>::quiet_NaN();      ///< of all that were clustered; NaN: not said
    double confidence = std::numeric_limits<double>::quiet_NaN(); ///< mean; NaN: not known
    std::size_t selected = 0;                                     ///< how many of it the map's selection has
};

/// The clusters as a list whose names can be edited; an edit is a wish (renamed), the owner sets the items anew.
class ClusterModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role { ColourRole = Qt::UserRole, SizeRole };

    using QAbstractListModel::QAbstractListModel;

    void setItems(std::vector<ClusterItem> items);
    const std::vector<ClusterItem>& items() const { return m_items; }
    /// Clusters in the order to list them.
    void setOrder(std::vector<int> order);
    int clusterAt(int row) const { return m_order[std::size_t(row)]; }
    int rowOf(int cluster) const; ///< −1: none
    const ClusterItem& itemAt(int row) const { return m_items[std::size_t(clusterAt(row))]; }
    void setSelected(const std::vector<std::size_t>& selected);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void renamed(int cluster, const QString& name);

private:
    std::vector<ClusterItem> m_items;
    std::vector<int> m_order;
};

} // namespace semascope::ui
