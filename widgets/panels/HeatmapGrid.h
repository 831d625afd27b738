#pragma once
#include "widgets/HeatmapTable.h"
#include "widgets/panels/CellPainter.h"

#include <QAbstractScrollArea>

namespace semascope::ui {

/// A heatmap to look into: texts at the left and pictures above stay in sight while the cells are scrolled. Paints only
/// what is visible; pictures come from the thumbnails as they are ready. Arrow keys, Home, End and Page keys move a
/// cursor (which hovers), Enter and Space activate its picture, Ctrl + wheel resizes.
class HeatmapGrid : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int kMinCell = 14, kMaxCell = 140, kFirstCell = 64;

    enum class Part { None, Cell, Text, Picture };
    struct Place
    {
        Part part = Part::None;
        int text = -1, picture = -1;
        bool operator==(const Place&) const = default;
    };

    explicit HeatmapGrid(QWidget* parent = nullptr);

    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    /// `sortedBy` is the text with the mark, −1 for none. Keeps the place when texts and pictures stay in their order.
    void setFigure(const HeatmapFigure& figure, int sortedBy, bool lowFirst);
    const HeatmapFigure& figure() const { return m_figure; }
    /// The picture with the ring; −1 for none.
    void setCurrent(qint64 sample);
    void setHovered(qint64 sample);
    /// Until somebody asks for a width, cells are as wide as lets all columns be seen, within limits.
    void setCellWidth(int width);
    int cellWidth() const { return m_cell.width(); }
    /// Decimals of the numbers in the cells; −1 for none.
    int decimals() const { return m_decimals; }

    QRect cellRect(int text, int picture) const; ///< in the viewport; scrolled ones lie outside of it
    QRect textRect(int text) const;
    QRect pictureRect(int picture) const;
    Place placeAt(const QPoint& point) const;
    /// First and one past the last in sight.
    std::pair<int, int> visiblePictures() const;
    std::pair<int, int> visibleTexts() const;

Q_SIGNALS:
    void hovered(qint64 sample); ///< −1: none
    /// The cell that the pointer or the cursor is at; texts and pictures are −1 for none.
    void looked(int text, int picture);
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void textClicked(int text);
    void cellWidthChanged(int width);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    // HeatmapGrid.cpp
    int texts() const { return int(m_figure.texts.size()); }
    int pictures() const { return int(m_figure.pictures.size()); }
    int contentX(int picture) const;
    void relayout();
    int widthFor(int decimals) const;
    int fittingDecimals() const;
    int groupAt(const QPoint& point) const;
    void askThumbnails();
    void takeReady(const std::vector<std::uint32_t>& samples);
    // HeatmapGridPaint.cpp
    void paintCells(QPainter& painter) const;
    void paintTexts(QPainter& painter) const;
    void paintHeads(QPainter& painter);
    void paintHeadings(QPainter& painter) const;
    void paintEdges(QPainter& painter) const;
    // HeatmapGridInput.cpp
    void setHover(const Place& place);
    void moveCursor(int text, int picture);
    void activateCursor(Qt::KeyboardModifiers modifiers);
    void reveal(int text, int picture);
    QString tip(const Place& place) const;

    CellPainter m_cells;
    QMetaObject::Connection m_ready;
    HeatmapFigure m_figure;
    std::vector<HeatmapRange> m_ranges; ///< of each row
    std::vector<int> m_gaps;            ///< before each column
    QSize m_cell{kFirstCell, 30}, m_thumbnail{kFirstCell, 48};
    int m_wantedCell = 0; ///< 0: nobody asked
    int m_labelWidth = 120, m_headHeight = 60, m_headingHeight = 0, m_decimals = -1, m_wheelRest = 0;
    int m_sortedBy = -1;
    bool m_lowFirst = false;
    Place m_hover, m_pressed, m_cursor;
    qint64 m_current = -1, m_hovered = -1;
    std::pair<int, int> m_asked{-1, -1};
};

} // namespace semascope::ui
