#pragma once
#include "widgets/panels/CellPainter.h"

#include <QWidget>

#include <vector>

namespace semascope::ui {

/// A sample and how alike it is.
struct NeighbourItem
{
    std::uint32_t sample = 0;
    double cosine = 0;
};

/// The nearest neighbours in one row, best first; as many as fit. Left and Right move, Enter activates.
class NeighbourStrip : public QWidget
{
    Q_OBJECT

public:
    explicit NeighbourStrip(QWidget* parent = nullptr);
    void setSource(std::shared_ptr<const core::Dataset> dataset, ThumbnailCache* thumbnails);
    void setNeighbours(std::vector<NeighbourItem> neighbours);
    int indexAt(const QPoint& point) const; ///< −1 beside the pictures
    QSize sizeHint() const override;

Q_SIGNALS:
    void activated(std::uint32_t sample, Qt::KeyboardModifiers modifiers);
    void hovered(qint64 sample);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QRect cell(int index) const;
    int shown() const;
    void ask();
    void setHover(int index);
    QString tip(int index) const;

    CellPainter m_cells;
    QMetaObject::Connection m_ready;
    std::vector<NeighbourItem> m_items;
    int m_cursor = 0, m_hover = -1;
};

} // namespace semascope::ui
