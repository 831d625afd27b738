#pragma once
#include "core/cluster/Clustering.h"
#include "core/data/Dataset.h"
#include "widgets/panels/ClusterCard.h"
#include "widgets/panels/ClusterModel.h"
#include "widgets/panels/Drawer.h"

#include <memory>
#include <set>

class QComboBox;
class QLabel;
class QListView;
class QPushButton;

namespace semascope::ui {

class ClusterDelegate;
class ClusterSetup;
class ThumbnailCache;

/// How to find groups, and the groups that were found.
class ClustersDrawer : public Drawer
{
    Q_OBJECT

public:
    explicit ClustersDrawer(QWidget* parent = nullptr);

    ClusterSetup* setup() const { return m_setup; }
    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// See CellPainter::setRows.
    void setRows(const std::function<QImage(std::uint32_t)>& rows);
    void setSpec(const core::ClusterSpec& spec);
    core::ClusterSpec spec() const;
    /// `reason` says what is missing.
    void setReady(bool ready, const QString& reason = {});
    /// `scores` is what to say of the whole, such as "silhouette .21 · 14 iterations".
    void setClusters(std::vector<ClusterItem> clusters, const QString& scores = {});
    /// Whether the map is coloured by cluster.
    void setColoured(bool coloured);
    /// How many of the samples of each cluster are selected on the map.
    void setSelected(const std::vector<std::size_t>& selected);
    void setSort(ClusterSort sort);
    /// Clusters that were chosen for merging and the like.
    void setChosen(const std::set<int>& chosen);
    std::set<int> chosen() const;
    /// Lets the name be typed anew.
    void rename(int cluster);

Q_SIGNALS:
    void clusterWanted(const semascope::core::ClusterSpec& spec);
    void clusterActivated(int cluster, Qt::KeyboardModifiers modifiers);
    void renamed(int cluster, const QString& name);
    void colourByClusters(bool on);
    void chosenChanged(const std::set<int>& chosen);
    void cardsWanted();
    void menuWanted(int cluster, const QPoint& globalPos);
    void sortChanged(semascope::ui::ClusterSort sort);

protected:
    void changeEvent(QEvent* event) override;

private:
    void makeControls();
    void makeList();
    QWidget* makeListBar();
    void connectList();
    void order();
    void askThumbnails();

    ClusterSetup* m_setup = nullptr;
    QPushButton *m_colour = nullptr, *m_cards = nullptr;
    QComboBox* m_sorts = nullptr;
    QWidget* m_bar = nullptr;
    ClusterSort m_sort = ClusterSort::Number;
    bool m_choosing = false;
    QLabel *m_title = nullptr, *m_scores = nullptr, *m_none = nullptr;
    QListView* m_list = nullptr;
    ClusterModel* m_model = nullptr;
    ClusterDelegate* m_delegate = nullptr;
    QMetaObject::Connection m_ready;
};

} // namespace semascope::ui
