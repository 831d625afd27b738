#pragma once
#include <QAbstractListModel>
#include <QColor>

#include <cstdint>
#include <vector>

namespace semascope::ui {

/// One cluster as people see it.
struct ClusterItem
{
    QString name;
    QColor colour;
    std::size_t size = 0;
    std::vector<std::uint32_t> prototypes; ///< samples nearest its centre, best first
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
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void renamed(int cluster, const QString& name);

private:
    std::vector<ClusterItem> m_items;
};

} // namespace semascope::ui
