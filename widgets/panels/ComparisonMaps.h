#pragma once
#include "widgets/figure/ComparisonFigure.h"

#include <QWidget>

namespace semascope::ui {

/// The maps of a comparison side by side, as many beside one another as make them largest.
class ComparisonMaps : public QWidget
{
    Q_OBJECT

public:
    explicit ComparisonMaps(QWidget* parent = nullptr);
    /// Its panels are shown; the first `others` of them are no methods (labels).
    void setFigure(ComparisonFigure figure, int others);
    /// A line beneath that names the map; `warning`: it must be known to read the maps.
    void setAbout(const QString& text, bool warning);
    const QString& about() const { return m_about; }
    /// A method; −1: none.
    void setChosen(int method);
    /// Where the map of panel `index` is.
    QRect mapRect(int index) const;
    QSize minimumSizeHint() const override { return {200, 160}; }

Q_SIGNALS:
    void methodChosen(int method);
    void methodActivated(int method);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void arrange();
    void project();
    int panelAt(const QPoint& at) const;
    int captionHeight() const;
    int aboutHeight() const;
    void paintAbout(QPainter& painter) const;
    QImage draw(const ComparisonFigure::Panel& panel) const;
    void paintPanel(QPainter& painter, int index) const;

    ComparisonFigure m_figure;
    QString m_about;
    bool m_warning = false;
    int m_others = 0, m_chosen = -1;
    int m_columns = 1, m_side = 0;
    std::vector<float> m_xy;                ///< of every point, in pixels of a map of m_side
    mutable std::vector<QImage> m_pictures; ///< of the panels; made when they are first painted
};

} // namespace semascope::ui
