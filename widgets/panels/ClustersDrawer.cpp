#include "widgets/panels/ClustersDrawer.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/ClusterDelegate.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QComboBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QListView>
#include <QShortcut>
#include <QSpinBox>

#include <algorithm>
#include <climits>

namespace semascope::ui {
namespace {

constexpr int kMostClusters = 1000, kUsualClusters = 10;

} // namespace

ClustersDrawer::ClustersDrawer(QWidget* parent) : Drawer(tr("Clusters"), QStringLiteral("clustersDrawer"), parent)
{
    makeControls();
    makeList();
    setReady(false, tr("Embed the pictures first."));
    setClusters({});
}

void ClustersDrawer::makeControls()
{
    m_method = new QComboBox(content());
    m_method->setObjectName(QStringLiteral("clusterMethod"));
    m_method->setAccessibleName(tr("Method of clustering"));
    m_method->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_method->setMinimumContentsLength(12);
    m_method->addItem(tr("round groups (k-means)"), QStringLiteral("kmeans"));
    m_method->setItemData(
        0, tipText(tr("Each sample goes to the nearest of k centres; the centres are the means of their samples.")),
        Qt::ToolTipRole);
    m_method->addItem(tr("groups by direction (spherical k-means)"), QStringLiteral("spherical-kmeans"));
    m_method->setItemData(
        1, tipText(tr("As k-means, but by cosine: only the direction of an embedding counts, as it does for CLIP.")),
        Qt::ToolTipRole);
    widenPopup(m_method);
    m_count = new QSpinBox(content());
    m_count->setObjectName(QStringLiteral("clusterCount"));
    m_count->setAccessibleName(tr("Number of clusters"));
    m_count->setToolTip(tr("How many groups to find (k)"));
    m_count->setRange(2, kMostClusters);
    m_count->setValue(kUsualClusters);
    m_seed = new QSpinBox(content());
    m_seed->setObjectName(QStringLiteral("clusterSeed"));
    m_seed->setAccessibleName(tr("Seed of the clustering"));
    m_seed->setToolTip(tipText(tr("Where chance begins: the same seed finds the same groups again")));
    m_seed->setRange(0, INT_MAX);
    m_run = makeButton({tr("Find clusters"), QStringLiteral("clusterRun"), QString()}, ButtonRole::Primary, content());
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft);
    form->addRow(m_method);
    form->addRow(tr("Groups"), m_count);
    form->addRow(tr("Seed"), m_seed);
    form->addRow(QString(), m_run);
    column()->addLayout(form);
    connect(m_run, &QPushButton::clicked, this, [this] { Q_EMIT clusterWanted(spec()); });
    const auto tip = [this] { m_method->setToolTip(m_method->currentData(Qt::ToolTipRole).toString()); };
    connect(m_method, &QComboBox::currentIndexChanged, this, tip);
    tip();
}

void ClustersDrawer::makeList()
{
    m_title = makeSection(tr("CLUSTERS"), content());
    m_colour = makeButton({tr("colour by cluster"), QStringLiteral("clusterColour"), tr("Colour the map by cluster")},
                          ButtonRole::Link, content());
    m_colour->setCheckable(true);
    m_scores = makeCaption(QString(), QStringLiteral("clusterScores"), content());
    m_scores->setToolTip(
        tipText(tr("Silhouette: 1 = every sample is far nearer to its own group than to the next, 0 = in between. "
                   "AMI, ARI: agreement with labels, 1 = the same groups, 0 = as by chance.")));
    m_none = makeCaption(tr("No clusters yet."), QStringLiteral("clusterNone"), content());
    m_model = new ClusterModel(this);
    m_list = new QListView(content());
    m_list->setObjectName(QStringLiteral("clusterList"));
    m_list->setAccessibleName(tr("Clusters; Enter selects, F2 renames"));
    m_list->setModel(m_model);
    m_delegate = new ClusterDelegate(m_list);
    m_list->setItemDelegate(m_delegate);
    m_list->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_list->setSpacing(1);
    m_list->setMouseTracking(true);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMinimumHeight(160);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addStretch(1);
    head->addWidget(m_colour);
    column()->addSpacing(Tokens::kGrid);
    column()->addLayout(head);
    column()->addWidget(m_none);
    column()->addWidget(m_scores);
    column()->addWidget(m_list, 1000);
    column()->addStretch(1); // keeps the rest at the top while there is no list
    connectList();
}

void ClustersDrawer::connectList()
{
    const auto activate = [this](const QModelIndex& index) {
        if (index.isValid()) {
            Q_EMIT clusterActivated(index.row(), QGuiApplication::keyboardModifiers());
        }
    };
    connect(m_list, &QListView::clicked, this, activate);
    for (const int key : {int(Qt::Key_Return), int(Qt::Key_Enter), int(Qt::SHIFT) | int(Qt::Key_Return),
                          int(Qt::CTRL) | int(Qt::Key_Return)}) {
        auto* shortcut = new QShortcut(QKeySequence(key), m_list);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, activate] { activate(m_list->currentIndex()); });
    }
    connect(m_model, &ClusterModel::renamed, this, &ClustersDrawer::renamed);
    connect(m_colour, &QPushButton::clicked, this, &ClustersDrawer::colourByClusters);
}

void ClustersDrawer::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    disconnect(m_ready);
    m_delegate->cells().setSource(std::move(dataset), thumbnails);
    if (thumbnails) {
        m_ready =
            connect(thumbnails, &ThumbnailCache::ready, m_list->viewport(), [this] { m_list->viewport()->update(); });
    }
    setClusters({});
}

void ClustersDrawer::setSpec(const core::ClusterSpec& spec)
{
    m_method->setCurrentIndex(std::max(0, m_method->findData(pathText(spec.method))));
    m_count->setValue(spec.k);
    m_seed->setValue(int(std::min<std::uint64_t>(spec.seed, INT_MAX)));
}

core::ClusterSpec ClustersDrawer::spec() const
{
    core::ClusterSpec spec;
    spec.method = m_method->currentData().toString().toStdString();
    spec.k = m_count->value();
    spec.seed = std::uint64_t(m_seed->value());
    return spec;
}

void ClustersDrawer::setReady(bool ready, const QString& reason)
{
    m_run->setEnabled(ready);
    m_run->setToolTip(tipText(ready ? tr("Find groups among all samples") : reason));
}

void ClustersDrawer::setClusters(std::vector<ClusterItem> clusters, const QString& scores)
{
    const bool any = !clusters.empty();
    m_title->setText(any ? tr("CLUSTERS · %1").arg(clusters.size()) : tr("CLUSTERS"));
    m_scores->setText(scores);
    m_scores->setVisible(!scores.isEmpty());
    m_none->setVisible(!any);
    m_list->setVisible(any);
    m_colour->setVisible(any);
    m_model->setItems(std::move(clusters));
    askThumbnails();
}

void ClustersDrawer::askThumbnails()
{
    ThumbnailCache* thumbnails = m_delegate->cells().thumbnails();
    if (!thumbnails) {
        return;
    }
    std::vector<std::uint32_t> samples;
    for (const ClusterItem& item : m_model->items()) {
        samples.insert(samples.end(), item.prototypes.begin(), item.prototypes.end());
    }
    const int side = CellPainter::sideFor({ClusterDelegate::kCell, ClusterDelegate::kCell}, devicePixelRatioF());
    thumbnails->setVisible(m_list, samples, side);
}

void ClustersDrawer::setColoured(bool coloured)
{
    m_colour->setChecked(coloured);
    m_colour->setText(coloured ? tr("coloured by cluster ✓") : tr("colour by cluster"));
}

void ClustersDrawer::changeEvent(QEvent* event)
{
    Drawer::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_delegate) {
        m_delegate->cells().clear();
        askThumbnails();
    }
}

} // namespace semascope::ui
