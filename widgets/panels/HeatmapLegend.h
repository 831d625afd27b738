#pragma once
#include "widgets/figure/HeatmapFigure.h"

#include <QWidget>

namespace semascope::ui {

/// What the colours of a heatmap mean: a bar with numbers, what is shown, and whose scale it is.
class HeatmapLegend : public QWidget
{
    Q_OBJECT

public:
    explicit HeatmapLegend(QWidget* parent = nullptr);
    /// Its values are not kept.
    void setFigure(const HeatmapFigure& figure);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_lo, m_middle, m_hi, m_title, m_scale;
    Ramp m_ramp = Ramp::Viridis;
    bool m_empty = true;
};

} // namespace semascope::ui
