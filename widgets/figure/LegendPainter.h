#pragma once

#include "widgets/figure/Legend.h"

#include <QRectF>

class QPainter;

namespace semascope::ui
{

/// Width in points that the legend takes at the side of a plot, at most `limit`.
double sideLegendWidth(const Legend& legend, double limit);
/// Height in points that it takes below a plot of this width.
double bottomLegendHeight(const Legend& legend, double width);

/// One entry a line; what does not fit is counted in a last line.
void paintSideLegend(QPainter& painter, const QRectF& area, const Legend& legend);
/// Entries in columns, or a horizontal colour bar.
void paintBottomLegend(QPainter& painter, const QRectF& area, const Legend& legend);

} // namespace semascope::ui
