#pragma once

#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/HeatmapFigure.h"
#include "widgets/figure/PageFrame_p.h"

namespace semascope::ui {

inline constexpr double kHeatmapLabelGap = 5.0;
inline constexpr double kHeatmapMaxIdLength = 70.0;
inline constexpr TextStyle kHeatmapId{6.0, false, kMutedInk};
inline constexpr TextStyle kHeatmapHeading{6.5, false, kInk};
inline constexpr TextStyle kHeatmapRowScale{5.5, false, kMutedInk};

/// How numbers are written into cells: -1 decimals for not at all, `upwards` for a quarter turn to the left.
struct HeatmapNumbers
{
    int decimals = -1;
    bool upwards = false;
    TextStyle style;
};

/// Where everything goes, in points.
struct HeatmapPlan
{
    /// The page without what stays blank above and below: title, grid and footer stand together in its middle.
    QRectF page;
    PageFrame frame;
    /// All cells, and what is between their blocks.
    QRectF grid;
    QRectF bar;
    bool sideBar = true;
    double cellWidth = 0.0;
    double cellHeight = 0.0;
    double thumbnail = 0.0;
    double idHeight = 0.0;
    double headingHeight = 0.0;
    double labelLeft = 0.0;
    double rowScaleWidth = 0.0;
    /// Columns are wrapped into blocks of so many, one below the other.
    qsizetype perBlock = 1;
    std::vector<double> left; ///< of each column
    std::vector<double> top;  ///< of each block's cells
    TextStyle label;
    HeatmapNumbers numbers;

    qsizetype block(qsizetype picture) const { return picture / perBlock; }
    QRectF cell(qsizetype text, qsizetype picture) const
    {
        return {left[static_cast<std::size_t>(picture)],
                top[static_cast<std::size_t>(block(picture))] + static_cast<double>(text) * cellHeight, cellWidth,
                cellHeight};
    }
    bool labelled() const { return cellHeight >= 4.5; }
    double gap() const { return std::min(cellWidth, cellHeight) >= 6.0 ? 0.75 : 0.0; }
};

/// Throws core::Error(Mismatch) when values, groups or own pictures do not go with texts and pictures.
void checkHeatmapShape(const HeatmapFigure& figure);
/// Of all values, whatever the scale.
HeatmapRange heatmapValueRange(const HeatmapFigure& figure);
/// What stands around the grid; `unreadable` says that numbers were wanted but had no room.
PageFrame heatmapFrame(const HeatmapFigure& figure, bool unreadable);
HeatmapPlan heatmapPlan(const HeatmapFigure& figure, const QRectF& page);
/// Lines of a label that fit beside a cell of this height.
int heatmapLabelLines(double cellHeight, const TextStyle& style);

} // namespace semascope::ui
