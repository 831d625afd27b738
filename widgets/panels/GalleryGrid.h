#pragma once
#include "widgets/panels/CellPainter.h"

#include <QAbstractScrollArea>

#include <functional>
#include <vector>

namespace semascope::ui {

/// A grid of samples that paints only what is in sight: a change of the items costs O(1) layout, whatever their number.
/// Arrow keys, Page Up and Down, Home and End move a cursor (which hovers), Enter and Space activate; Ctrl + wheel
/// resizes.
class GalleryGrid : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int kMinCell = 48, kMaxCell = 320, kDefaultCell = 74;

    explicit GalleryGrid(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// See CellPainter::setRows.
    void setRows(const std::function<QImage(std::uint32_t)>& rows);
    /// Sample indices in the order to show them.
    void setItems(std::vector<std::uint32_t> items);
    const std::vector<std::uint32_t>& items() const { return m_items; }
    /// The sample with the ring; −1 for none. Scrolls it into sight when `reveal`.
    void setCurrent(qint64 sample, bool reveal = false);
    void setHovered(qint64 sample);
    /// The least width of a cell; cells grow to fill the row.
    void setCellWidth(int width);
    int cellWidth() const { return m_wantedCell; }
    void setEmptyText(const QString& text);
    /// What stands under each picture, such as ".284 · p97"; null: nothing. Asked for what is in sight only.
    void setLabels(std::function<QString(std::uint32_t)> labels);

    qsizetype indexAt(const QPoint& point) const; ///< −1 between cells
    QRect cellRect(qsizetype index) const;        ///< in the viewport
    int columns() const { return m_columns; }
    qsizetype cursor() const { return m_cursor; }
    /// First and one past the last item in sight.
    std::pair<qsizetype, qsizetype> visibleRange() const;

Q_SIGNALS:
    void hovered(qint64 sample); ///< −1: none
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void cellWidthChanged(int width);
    void menuWanted(std::uint32_t sample, const QPoint& globalPos);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    void relayout();
    void askThumbnails();
    void takeReady(const std::vector<std::uint32_t>& samples);
    void setHover(qsizetype index);
    void moveCursor(qsizetype index);
    void reveal(qsizetype index);
    void paintMarks(QPainter& painter, qsizetype index, const QRect& cell) const;
    qsizetype count() const { return qsizetype(m_items.size()); }
    int step() const; ///< from row to row
    qsizetype steppedCursor(int key) const;
    QString tip(qsizetype index) const;

    CellPainter m_cells;
    QMetaObject::Connection m_ready;
    std::vector<std::uint32_t> m_items;
    qsizetype m_cursor = -1, m_hover = -1, m_pressed = -1;
    qint64 m_current = -1;
    int m_wantedCell = kDefaultCell, m_columns = 1;
    QSize m_cell{kDefaultCell, 60};
    int m_wheelRest = 0;
    std::pair<qsizetype, qsizetype> m_asked{-1, -1};
    QString m_emptyText;
    std::function<QString(std::uint32_t)> m_labels;
};

} // namespace semascope::ui
