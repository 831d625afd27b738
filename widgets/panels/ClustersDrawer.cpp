#include "widgets/panels/ClustersDrawer.h"

#include "widgets/Theme.h"
#include "widgets/ThumbnailCache.h"
#include "widgets/panels/ClusterCardsView.h"
#include "widgets/panels/ClusterDelegate.h"
#include "widgets/panels/ClusterSetup.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/Numbers.h"

#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QListView>
#include <QMouseEvent>
#include <QShortcut>

#include <algorithm>

namespace semascope::ui {
namespace {

/// Clicks choose rows as they change the map's selection: alone, with Shift added, with Ctrl taken away.
class ClusterList : public QListView
{
public:
    using QListView::QListView;

protected:
    QItemSelectionModel::SelectionFlags selectionCommand(const QModelIndex& index, const QEvent* event) const override
    {
        const bool mouse = event != nullptr && event->type() == QEvent::MouseButtonPress;
        if (mouse && static_cast<const QMouseEvent*>(event)->button() != Qt::LeftButton) {
            return QItemSelectionModel::NoUpdate;
        }
        if (mouse && index.isValid()) {
            const Qt::KeyboardModifiers keys = static_cast<const QMouseEvent*>(event)->modifiers();
            return keys.testFlag(Qt::ShiftModifier)     ? QItemSelectionModel::Select
                   : keys.testFlag(Qt::ControlModifier) ? QItemSelectionModel::Deselect
                                                        : QItemSelectionModel::ClearAndSelect;
        }
        const bool moved = event != nullptr && event->type() == QEvent::KeyPress;
        return moved ? QItemSelectionModel::ClearAndSelect : QItemSelectionModel::NoUpdate;
    }
};

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
    m_setup = new ClusterSetup(content());
    column()->addWidget(m_setup);
    connect(m_setup, &ClusterSetup::clusterWanted, this, &ClustersDrawer::clusterWanted);
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
    m_list = new ClusterList(content());
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
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
    column()->addWidget(makeListBar());
    column()->addWidget(m_list, 1000);
    column()->addStretch(1); // keeps the rest at the top while there is no list
    connectList();
}

QWidget* ClustersDrawer::makeListBar()
{
    m_bar = new QWidget(content());
    m_cards = makeButton({tr("show as cards"), QStringLiteral("clusterShowCards"),
                          tipText(tr("Samples, words and attributes of every cluster, beside the map"))},
                         ButtonRole::Link, m_bar);
    m_sorts = new QComboBox(m_bar);
    m_sorts->setObjectName(QStringLiteral("clusterSort"));
    m_sorts->setAccessibleName(tr("Order of the clusters"));
    m_sorts->setProperty("role", QStringLiteral("quiet"));
    for (const ClusterSort sort :
         {ClusterSort::Number, ClusterSort::Size, ClusterSort::Name, ClusterSort::Confidence}) {
        m_sorts->addItem(sortTitle(sort), int(sort));
    }
    auto* row = new QHBoxLayout(m_bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_cards);
    row->addStretch(1);
    row->addWidget(m_sorts);
    connect(m_cards, &QPushButton::clicked, this, &ClustersDrawer::cardsWanted);
    connect(m_sorts, &QComboBox::activated, this, [this] {
        setSort(ClusterSort(m_sorts->currentData().toInt()));
        Q_EMIT sortChanged(m_sort);
    });
    return m_bar;
}

void ClustersDrawer::connectList()
{
    const auto activate = [this](const QModelIndex& index) {
        if (index.isValid()) {
            Q_EMIT clusterActivated(m_model->clusterAt(index.row()), QGuiApplication::keyboardModifiers());
        }
    };
    connect(m_list, &QListView::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_list->indexAt(at);
        if (index.isValid()) {
            Q_EMIT menuWanted(m_model->clusterAt(index.row()), m_list->viewport()->mapToGlobal(at));
        }
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_choosing) {
            Q_EMIT chosenChanged(chosen());
        }
    });
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

void ClustersDrawer::setRows(const std::function<QImage(std::uint32_t)>& rows)
{
    m_delegate->cells().setRows(rows);
    m_list->viewport()->update();
}

void ClustersDrawer::setSpec(const core::ClusterSpec& spec)
{
    m_setup->setSpec(spec);
}

core::ClusterSpec ClustersDrawer::spec() const
{
    return m_setup->spec();
}

void ClustersDrawer::setReady(bool ready, const QString& reason)
{
    m_setup->setReady(ready, reason);
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
    m_bar->setVisible(any);
    m_model->setItems(std::move(clusters));
    order();
    askThumbnails();
}

void ClustersDrawer::setSelected(const std::vector<std::size_t>& selected)
{
    m_model->setSelected(selected);
}

void ClustersDrawer::setSort(ClusterSort sort)
{
    m_sort = sort;
    m_sorts->setCurrentIndex(m_sorts->findData(int(sort)));
    order();
}

void ClustersDrawer::order()
{
    std::vector<ClusterCard> keys;
    for (const ClusterItem& item : m_model->items()) {
        ClusterCard key;
        key.name = item.name;
        key.size = item.size;
        key.confidence = item.confidence;
        keys.push_back(std::move(key));
    }
    const std::set<int> before = chosen();
    m_model->setOrder(sortedClusters(keys, m_sort));
    setChosen(before);
}

std::set<int> ClustersDrawer::chosen() const
{
    std::set<int> clusters;
    for (const QModelIndex& index : m_list->selectionModel()->selectedIndexes()) {
        clusters.insert(m_model->clusterAt(index.row()));
    }
    return clusters;
}

void ClustersDrawer::setChosen(const std::set<int>& chosen)
{
    if (chosen == this->chosen()) {
        return;
    }
    QItemSelection rows;
    for (const int cluster : chosen) {
        const int row = m_model->rowOf(cluster);
        if (row >= 0) {
            rows.select(m_model->index(row), m_model->index(row));
        }
    }
    m_choosing = true;
    m_list->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    m_choosing = false;
}

void ClustersDrawer::rename(int cluster)
{
    const int row = m_model->rowOf(cluster);
    if (row >= 0) {
        m_list->setCurrentIndex(m_model->index(row));
        m_list->edit(m_model->index(row));
    }
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
