#pragma once
#include "widgets/panels/CellPainter.h"
#include "widgets/panels/ClusterCardLayout.h"

#include <QAbstractScrollArea>

#include <set>

class QLineEdit;

namespace semascope::ui {

/// Cards of clusters in a grid that paints only what is in sight, so that a thousand of them cost nothing. Clusters are
/// named by their number; the order is what the grid shows. A click on a card's head is a wish to select the cluster,
/// on a thumbnail to show the sample, on a word to take it as the name; F2 or a double click on the head renames.
/// Arrow keys move from card to card, Enter selects.
class ClusterCardGrid : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit ClusterCardGrid(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// See CellPainter::setRows.
    void setRows(const std::function<QImage(std::uint32_t)>& rows);
    void setCards(std::vector<ClusterCard> cards);
    const std::vector<ClusterCard>& cards() const { return m_cards; }
    /// Clusters in the order to show them; what is missing is not shown.
    void setOrder(std::vector<int> order);
    const std::vector<int>& order() const { return m_order; }
    /// Clusters that were chosen for merging, splitting, ….
    void setChosen(const std::set<int>& chosen);
    /// How many of the selected samples each cluster has.
    void setSelected(const std::vector<std::size_t>& selected);
    void rename(int cluster);
    void reveal(int cluster);

    QRect cardRect(qsizetype place) const; ///< in the viewport
    const CardLayout& cardLayout() const { return m_layout; }
    int columns() const { return m_columns; }
    std::pair<qsizetype, qsizetype> visibleRange() const;

Q_SIGNALS:
    void headClicked(int cluster, Qt::KeyboardModifiers modifiers);
    void sampleClicked(std::uint32_t sample);
    void sampleHovered(qint64 sample);
    void wordClicked(int cluster, int word);
    void renamed(int cluster, const QString& name);
    void menuWanted(int cluster, const QPoint& globalPos);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Hit
    {
        qsizetype place = -1;
        CardPart part;
        bool operator==(const Hit&) const = default;
    };
    void relayout();
    void askThumbnails();
    Hit hitAt(const QPoint& point) const;
    qint64 sampleOf(const Hit& hit) const; ///< −1: the part is no sample
    bool live(const Hit& hit) const;       ///< something happens on a click
    QString tip(const Hit& hit) const;
    void setHover(const Hit& hit);
    void moveCursor(qsizetype place);
    void endRename(bool keep);
    qsizetype count() const { return static_cast<qsizetype>(m_order.size()); }
    const ClusterCard& cardAt(qsizetype place) const;
    // ClusterCardPaint.cpp
    void paintCard(QPainter& painter, qsizetype place);
    void paintHead(QPainter& painter, const ClusterCard& card) const;
    void paintSamples(QPainter& painter, const ClusterCard& card);
    void paintWords(QPainter& painter, const ClusterCard& card) const;
    void paintFacts(QPainter& painter, const ClusterCard& card) const;

    std::vector<ClusterCard> m_cards;
    std::vector<int> m_order;
    std::set<int> m_chosen;
    CardLayout m_layout;
    int m_columns = 1;
    double m_bestScore = 0; ///< of all words: what bars are drawn against
    CellPainter m_cells, m_small;
    QMetaObject::Connection m_ready;
    Hit m_hover, m_pressed;
    qsizetype m_cursor = 0;
    QLineEdit* m_editor = nullptr;
    int m_renaming = -1;
};

} // namespace semascope::ui
