#pragma once
#include "widgets/figure/Legend.h"
#include "widgets/vtk/MapTypes.h"

#include <QWidget>

namespace semascope::ui {

/// The legend on the map: classes that a click (or Up, Down and Space) switches off and on, or a colour bar. Longer
/// lists scroll with the wheel. Shows what it is told and emits what is asked for.
class MapLegend : public QWidget
{
    Q_OBJECT

public:
    explicit MapLegend(QWidget* parent = nullptr);

    void setLegend(const Legend& legend);
    const Legend& legend() const noexcept { return m_legend; }
    void setTheme(const MapTheme& theme);
    /// Takes the size it wants, within `limit`.
    void fit(const QSize& limit);

    QSize sizeHint() const override;

Q_SIGNALS:
    void toggled(int entry);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    void paintEntries(QPainter& painter) const;
    void paintBar(QPainter& painter) const;
    int titleHeight() const;
    int shownRows() const; ///< rows that fit, the "more" line not counted
    int entryAt(const QPoint& at) const;
    void scrollTo(int entry);
    void updateAccessibility();

    Legend m_legend;
    MapTheme m_theme = MapTheme::light();
    int m_first = 0, m_focused = 0, m_hovered = -1;
};

} // namespace semascope::ui
