#pragma once
#include "core/cluster/Clustering.h"
#include "core/data/Dataset.h"
#include "widgets/panels/ClusterModel.h"
#include "widgets/panels/Drawer.h"

#include <memory>

class QComboBox;
class QLabel;
class QListView;
class QPushButton;
class QSpinBox;

namespace semascope::ui {

class ClusterDelegate;
class ThumbnailCache;

/// How to find groups, and the groups that were found.
class ClustersDrawer : public Drawer
{
    Q_OBJECT

public:
    explicit ClustersDrawer(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    void setSpec(const core::ClusterSpec& spec);
    core::ClusterSpec spec() const;
    /// `reason` says what is missing.
    void setReady(bool ready, const QString& reason = {});
    /// `scores` is what to say of the whole, such as "silhouette .21 · 14 iterations".
    void setClusters(std::vector<ClusterItem> clusters, const QString& scores = {});
    /// Whether the map is coloured by cluster.
    void setColoured(bool coloured);

Q_SIGNALS:
    void clusterWanted(const semascope::core::ClusterSpec& spec);
    void clusterActivated(int cluster, Qt::KeyboardModifiers modifiers);
    void renamed(int cluster, const QString& name);
    void colourByClusters(bool on);

protected:
    void changeEvent(QEvent* event) override;

private:
    void makeControls();
    void makeList();
    void connectList();
    void askThumbnails();

    QComboBox* m_method = nullptr;
    QSpinBox *m_count = nullptr, *m_seed = nullptr;
    QPushButton *m_run = nullptr, *m_colour = nullptr;
    QLabel *m_title = nullptr, *m_scores = nullptr, *m_none = nullptr;
    QListView* m_list = nullptr;
    ClusterModel* m_model = nullptr;
    ClusterDelegate* m_delegate = nullptr;
    QMetaObject::Connection m_ready;
};

} // namespace semascope::ui
