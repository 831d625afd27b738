#pragma once

#include "widgets/figure/Legend.h"

#include <QRectF>

class QPainter;

namespace semascope::ui {

/// Tight legends have smaller type and gaps, and counts only where they cost no room.
enum class LegendSetting { Loose, Tight };

/// Width in points that the legend takes at the side of a plot, at most `limit`.
double sideLegendWidth(const Legend& legend, double limit, LegendSetting setting = LegendSetting::Loose);
/// Height that it needs there to show every entry.
double sideLegendHeight(const Legend& legend, double width, LegendSetting setting = LegendSetting::Loose);
/// Height in points that it takes below a plot of this width; always tight.
double bottomLegendHeight(const Legend& legend, double width);

/// One entry a line; what does not fit is counted in a last line.
void paintSideLegend(QPainter& painter, const QRectF& area, const Legend& legend,
                     LegendSetting setting = LegendSetting::Loose);
/// Entries one after the other, in lines like text, or a horizontal colour bar.
void paintBottomLegend(QPainter& painter, const QRectF& area, const Legend& legend);

} // namespace semascope::ui
