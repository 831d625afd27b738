#include "widgets/panels/GalleryView.h"

#include "widgets/Theme.h"
#include "widgets/panels/Controls.h"
#include "widgets/panels/GalleryGrid.h"
#include "widgets/panels/Numbers.h"
#include "widgets/panels/QueryCard.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>

namespace semascope::ui {
namespace {

constexpr int kLeastOrderWidth = 90;

} // namespace

GalleryView::GalleryView(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("galleryView"));
    setAccessibleName(tr("Gallery of the selection"));
    m_grid = new GalleryGrid(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(makeHeading());
    column->addWidget(makeTools());
    m_query = new QueryCard(this);
    column->addWidget(m_query);
    column->addWidget(m_grid, 1);
    connect(m_grid, &GalleryGrid::hovered, this, &GalleryView::hovered);
    connect(m_grid, &GalleryGrid::activated, this, &GalleryView::activated);
    connect(m_grid, &GalleryGrid::cellWidthChanged, m_size, &QSlider::setValue);
    connect(m_size, &QSlider::valueChanged, m_grid, &GalleryGrid::setCellWidth);
    setItems({}, 0);
}

QWidget* GalleryView::makeHeading()
{
    auto* heading = new QWidget(this);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    m_title = makeSection(QString(), heading);
    m_title->setObjectName(QStringLiteral("galleryTitle"));
    m_attribute = makeButton({tr("new attribute"), QStringLiteral("galleryNewAttribute"),
                              tr("Keep this selection as a column of the dataset: in or out for every sample")},
                             ButtonRole::Link, heading);
    m_map = makeButton({tr("map these"), QStringLiteral("galleryMapThese"), tr("Make a new map of these samples only")},
                       ButtonRole::Link, heading);
    m_cluster = makeButton(
        {tr("cluster these"), QStringLiteral("galleryClusterThese"), tr("Find groups among these samples only")},
        ButtonRole::Link, heading);
    row->addWidget(m_title);
    row->addStretch(1);
    for (QPushButton* link : {m_attribute, m_map, m_cluster}) {
        if (link != m_attribute) {
            row->addWidget(makeSection(QStringLiteral("·"), heading));
        }
        row->addWidget(link);
    }
    connect(m_attribute, &QPushButton::clicked, this, &GalleryView::newAttribute);
    connect(m_map, &QPushButton::clicked, this, &GalleryView::mapThese);
    connect(m_cluster, &QPushButton::clicked, this, &GalleryView::clusterThese);
    return heading;
}

QWidget* GalleryView::makeTools()
{
    auto* tools = new QWidget(this);
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    m_order = new QComboBox(tools);
    m_order->setObjectName(QStringLiteral("galleryOrder"));
    m_order->setAccessibleName(tr("Order of the gallery"));
    m_order->setToolTip(tr("In which order the pictures stand"));
    m_order->setProperty("role", QStringLiteral("quiet"));
    m_order->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_order->setMinimumWidth(kLeastOrderWidth); // a long prompt must not widen the panel
    m_order->hide();
    m_size = new QSlider(Qt::Horizontal, tools);
    m_size->setObjectName(QStringLiteral("galleryCellSize"));
    m_size->setAccessibleName(tr("Size of the pictures"));
    m_size->setToolTip(tr("Size of the pictures (Ctrl + wheel)"));
    m_size->setProperty("role", QStringLiteral("quiet"));
    m_size->setRange(GalleryGrid::kMinCell, GalleryGrid::kMaxCell);
    m_size->setValue(m_grid->cellWidth());
    m_size->setFixedWidth(72);
    row->addWidget(m_order);
    row->addStretch(1);
    row->addWidget(m_size);
    connect(m_order, &QComboBox::activated, this, &GalleryView::orderChosen);
    return tools;
}

void GalleryView::setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails)
{
    m_grid->setSource(std::move(dataset), thumbnails);
}

void GalleryView::setItems(std::vector<std::uint32_t> samples, std::size_t of)
{
    const std::size_t shown = samples.size();
    const QString counts = tr("%1 of %2").arg(countText(shown), countText(of));
    m_title->setText(shown == of                ? tr("ALL · %1").arg(countText(of))
                     : m_attribute->isEnabled() ? tr("SELECTION · %1").arg(counts) // else the legend filters
                                                : tr("SHOWN · %1").arg(counts));
    m_grid->setEmptyText(of == 0 ? tr("Open a dataset to see its pictures here.")
                                 : tr("Nothing is selected. Draw a lasso on the map."));
    m_grid->setItems(std::move(samples));
}

void GalleryView::setCurrent(qint64 sample, bool reveal)
{
    m_grid->setCurrent(sample, reveal);
}

void GalleryView::setHovered(qint64 sample)
{
    m_grid->setHovered(sample);
}

void GalleryView::setOrders(const QStringList& orders, int current)
{
    const QSignalBlocker quiet(m_order);
    m_order->clear();
    m_order->addItems(orders);
    m_order->setCurrentIndex(current);
    m_order->setVisible(orders.size() > 1);
}

void GalleryView::setActionsEnabled(bool attribute, bool map, bool cluster)
{
    m_attribute->setEnabled(attribute);
    m_map->setEnabled(map);
    m_cluster->setEnabled(cluster);
}

} // namespace semascope::ui
