#pragma once

#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/HeatmapFigure.h"
#include "widgets/figure/PageFrame_p.h"

#include <limits>

namespace semascope::ui {

inline constexpr double kHeatmapLabelGap = 5.0;
inline constexpr double kHeatmapMaxIdLength = 70.0;
inline constexpr TextStyle kHeatmapId{6.0, false, kMutedInk};

/// Smallest and largest of what it took; NaN is passed over.
struct HeatmapRange
{
    double lo = std::numeric_limits<double>::infinity();
    double hi = -std::numeric_limits<double>::infinity();

    void take(double value);
    bool empty() const { return !(lo <= hi); }
};

/// Where everything goes, in points.
struct HeatmapPlan
{
    /// The page without what stays blank above and below: title, grid and footer stand together in its middle.
    QRectF page;
    QRectF grid;
    QRectF bar;
    bool sideBar = true;
    double cellWidth = 0.0;
    double cellHeight = 0.0;
    double thumbnail = 0.0;
    double idHeight = 0.0;
    double labelLeft = 0.0;
    TextStyle label;

    QRectF cell(qsizetype text, qsizetype picture) const
    {
        return {grid.left() + static_cast<double>(picture) * cellWidth,
                grid.top() + static_cast<double>(text) * cellHeight, cellWidth, cellHeight};
    }
    bool labelled() const { return cellHeight >= 4.5; }
    double gap() const { return std::min(cellWidth, cellHeight) >= 6.0 ? 0.75 : 0.0; }
};

/// How numbers are written into cells: -1 decimals for not at all, `upwards` for a quarter turn to the left.
struct HeatmapNumbers
{
    int decimals = -1;
    bool upwards = false;
    TextStyle style;
};

/// The range that the colours of this row span.
HeatmapRange heatmapScaleRange(const HeatmapFigure& figure, qsizetype text);
ColourBar heatmapBar(const HeatmapFigure& figure);
PageFrame heatmapFrame(const HeatmapFigure& figure);
HeatmapPlan heatmapPlan(const HeatmapFigure& figure, const QRectF& page);
/// Lines of a label that fit beside a cell of this height.
int heatmapLabelLines(double cellHeight, const TextStyle& style);
HeatmapNumbers heatmapNumbers(const HeatmapFigure& figure, const HeatmapPlan& plan);

} // namespace semascope::ui
