#pragma once
#include "core/data/Dataset.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QSlider;

namespace semascope::ui {

class GalleryGrid;
class QueryCard;
class ThumbnailCache;

/// The gallery of a selection: a heading with what can be done with it, the order, the size of the cells, and the grid.
class GalleryView : public QWidget
{
    Q_OBJECT

public:
    explicit GalleryView(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// Samples in the order to show them; `of` is how many there are in all. All of them means that nothing is
    /// selected.
    void setItems(std::vector<std::uint32_t> samples, std::size_t of);
    void setCurrent(qint64 sample, bool reveal = false);
    void setHovered(qint64 sample);
    /// The orders on offer, such as "dataset order" and "by similarity to a bicycle".
    void setOrders(const QStringList& orders, int current);
    /// What the actions need: without a model or vectors neither mapping nor clustering is offered.
    void setActionsEnabled(bool attribute, bool map, bool cluster);
    GalleryGrid* grid() const { return m_grid; }
    /// What the gallery is ordered by, on top of it; hidden until it is told something.
    QueryCard* query() const { return m_query; }

Q_SIGNALS:
    void hovered(qint64 sample);
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void newAttribute();
    void mapThese();
    void clusterThese();
    void orderChosen(int order);

private:
    QWidget* makeHeading();
    QWidget* makeTools();

    GalleryGrid* m_grid = nullptr;
    QueryCard* m_query = nullptr;
    QLabel* m_title = nullptr;
    QPushButton *m_attribute = nullptr, *m_map = nullptr, *m_cluster = nullptr;
    QComboBox* m_order = nullptr;
    QSlider* m_size = nullptr;
};

} // namespace semascope::ui
