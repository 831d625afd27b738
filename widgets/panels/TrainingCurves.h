#pragma once
#include "widgets/figure/TrainingFigure.h"

#include <QWidget>

namespace semascope::ui {

/// The curves of a training on the screen, in the window's colours.
class TrainingCurves : public QWidget
{
    Q_OBJECT

public:
    explicit TrainingCurves(QWidget* parent = nullptr);
    /// Titles, footer and colours of the figure are not used here.
    void setFigure(TrainingFigure figure);
    void setMarked(qsizetype point);
    const TrainingFigure& figure() const { return m_figure; }
    QSize sizeHint() const override { return {640, 420}; }

Q_SIGNALS:
    void hovered(qsizetype point); ///< −1: none
    void chosen(qsizetype point);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF page() const;
    qsizetype pointAt(const QPointF& at) const;

    TrainingFigure m_figure;
    qsizetype m_hovered = -1;
};

} // namespace semascope::ui
