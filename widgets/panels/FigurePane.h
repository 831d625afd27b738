#pragma once
#include "widgets/figure/FigureInks.h"

#include <QWidget>

#include <functional>

namespace semascope::ui {

/// Shows what a figure's painter draws, in the window's colours and as large as there is room.
class FigurePane : public QWidget
{
    Q_OBJECT

public:
    using Paint = std::function<void(QPainter&, const QRectF&, const FigureInks&)>;
    /// Pixels a point: figures are made for paper, where type is smaller.
    static constexpr double kScale = 1.55;

    explicit FigurePane(const QString& name, QWidget* parent = nullptr);
    void setFigure(Paint paint);
    /// Points that the figure needs in height; the pane gets at least that.
    void setLeastHeight(double points);
    /// The page in points, as painters get it.
    QRectF page() const;
    /// Of a place in the pane.
    QPointF pageAt(const QPointF& at) const { return at / kScale; }
    static FigureInks inks();

Q_SIGNALS:
    /// In points of the page; (−1, −1) when the pointer leaves.
    void pointed(const QPointF& at);
    void clicked(const QPointF& at, Qt::KeyboardModifiers modifiers);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    Paint m_paint;
};

} // namespace semascope::ui
