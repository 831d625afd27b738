#pragma once

#include "widgets/figure/ComparisonFigure.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/PageFrame_p.h"

namespace semascope::ui {

/// How the table is set: one line a row, or the spreads below the means where the page is narrow.
struct ComparisonTablePlan
{
    TextStyle text, head;
    bool twoLines = false;
    double rowHeight = 0, height = 0;
    std::vector<double> right; ///< right edge of each column from the left of the table; the first is left-aligned
};

/// Where everything goes, in points.
struct ComparisonPlan
{
    int columns = 1, rows = 1;
    double side = 0; ///< of a map, which is square
    double caption = 0;
    QRectF maps;
    QRectF table;
    ComparisonTablePlan lines;

    QRectF map(std::size_t index) const;
};

/// What the figures are of must not be cut off: it may take several lines.
inline PageFrame comparisonFrame(const ComparisonFigure& figure)
{
    return {figure.title, figure.subtitle, figure.footer, 6};
}
ComparisonPlan planComparison(const ComparisonFigure& figure, const QRectF& page);
void paintComparisonTable(QPainter& painter, const ComparisonFigure& figure, const ComparisonPlan& plan);

} // namespace semascope::ui
