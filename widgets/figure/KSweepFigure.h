#pragma once

#include "core/cluster/ClusterStudy.h"
#include "widgets/figure/FigureExport.h"
#include "widgets/figure/FigureInks.h"

namespace semascope::ui {

/// Three figures against k, each with the k that it proposes: silhouette, coding length, stability.
struct KSweepFigure
{
    core::KSweep sweep;
    int chosen = 0; ///< marked in all three; 0: none
    QString title, subtitle, footer;
    FigureInks inks{};
};

/// Paints into `page`, in points (1/72 inch): side by side on wide pages, else one below the other.
void paintKSweep(QPainter& painter, const QRectF& page, const KSweepFigure& figure);
/// Plot 0, 1 or 2.
QRectF kSweepPlot(const KSweepFigure& figure, const QRectF& page, int plot);
/// The k of the sweep nearest to that place, 0 outside the plots.
int kSweepAt(const KSweepFigure& figure, const QRectF& page, const QPointF& at);

Figure figureOf(KSweepFigure sweep);

} // namespace semascope::ui
