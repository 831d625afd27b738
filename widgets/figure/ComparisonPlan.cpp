#include "widgets/figure/ComparisonPlan_p.h"

#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr double kGap = 8.0;       // between maps
constexpr double kColumnGap = 9.0; // between columns of the table
constexpr double kLeastType = 5.0, kMostType = 7.0;

double captionHeight(const ComparisonFigure& figure)
{
    qsizetype lines = 0;
    for (const ComparisonFigure::Panel& panel : figure.panels) {
        lines = std::max(lines, panel.caption.size());
    }
    return 3.0 + lineHeight({7.5, true, kInk}) + static_cast<double>(lines) * lineHeight({6.5, false, kInk});
}

QString whole(const ComparisonFigure::Cell& cell, bool twoLines)
{
    return twoLines || cell.spread.isEmpty() ? cell.text : cell.text + QLatin1Char(' ') + cell.spread;
}

double columnWidth(const ComparisonFigure& figure, qsizetype column, const ComparisonTablePlan& plan)
{
    double width = textWidth(figure.head[column], plan.head);
    const TextStyle bold{plan.text.size, true, kInk}, small{plan.text.size - 1.0, false, kInk};
    for (const auto& row : figure.rows) {
        const ComparisonFigure::Cell& cell = row[static_cast<std::size_t>(column)];
        width = std::max(width, textWidth(whole(cell, plan.twoLines), cell.best ? bold : plan.text));
        width = std::max(width, plan.twoLines ? textWidth(cell.spread, small) : 0.0);
    }
    return width;
}

/// The columns as wide as they must be; returns the whole width.
double setColumns(const ComparisonFigure& figure, ComparisonTablePlan& plan, double gap)
{
    plan.right.clear();
    double x = 0;
    for (qsizetype c = 0; c < figure.head.size(); ++c) {
        x += columnWidth(figure, c, plan) + (c == 0 ? 0.0 : gap);
        plan.right.push_back(x);
    }
    return x;
}

ComparisonTablePlan planTable(const ComparisonFigure& figure, double width)
{
    ComparisonTablePlan plan;
    if (figure.head.isEmpty()) {
        return plan;
    }
    for (const bool twoLines : {false, true}) {
        plan.twoLines = twoLines;
        bool fits = false;
        for (double size = kMostType; size >= (twoLines ? kLeastType : 6.5) && !fits; size -= 0.25) {
            plan.text = {size, false, kInk};
            plan.head = {size - 0.5, false, kMutedInk};
            fits = setColumns(figure, plan, twoLines ? 5.0 : kColumnGap) <= width;
        }
        if (fits) {
            break;
        }
    }
    const double used = plan.right.back(), columns = static_cast<double>(plan.right.size()) - 1;
    const double spare = columns > 0 ? std::clamp((width - used) / columns, 0.0, 14.0) : 0.0;
    for (std::size_t c = 1; c < plan.right.size(); ++c) {
        plan.right[c] += spare * static_cast<double>(c);
    }
    plan.rowHeight = lineHeight(plan.text) + (plan.twoLines ? lineHeight(plan.text) - 1.0 : 3.0);
    plan.height = lineHeight(plan.head) + 6.0 + plan.rowHeight * static_cast<double>(figure.rows.size()) + 4.0;
    return plan;
}

} // namespace

QRectF ComparisonPlan::map(std::size_t index) const
{
    const double across = static_cast<double>(index % static_cast<std::size_t>(columns));
    const double down = static_cast<double>(index / static_cast<std::size_t>(columns));
    const double step = columns > 1 ? (maps.width() - side) / (columns - 1) : 0.0;
    return {maps.left() + across * step, maps.top() + down * (side + caption + kGap), side, side};
}

ComparisonPlan planComparison(const ComparisonFigure& figure, const QRectF& page)
{
    const QRectF area = pageFrameArea(page, comparisonFrame(figure));
    ComparisonPlan plan;
    plan.lines = planTable(figure, area.width());
    plan.caption = captionHeight(figure);
    plan.table = QRectF(area.left(), area.bottom() - plan.lines.height, area.width(), plan.lines.height);
    plan.maps = area.adjusted(0, 0, 0, -plan.lines.height - (figure.head.isEmpty() ? 0.0 : kGap));
    const int count = static_cast<int>(figure.panels.size());
    for (int columns = 1; columns <= count; ++columns) { // the division with the largest maps
        const int rows = (count + columns - 1) / columns;
        const double wide = (plan.maps.width() - (columns - 1) * kGap) / columns;
        const double high = (plan.maps.height() - (rows - 1) * kGap) / rows - plan.caption;
        const double side = std::min(wide, high);
        if (side > plan.side + 0.01) {
            plan.side = side;
            plan.columns = columns;
            plan.rows = rows;
        }
    }
    return plan;
}

void paintComparisonTable(QPainter& painter, const ComparisonFigure& figure, const ComparisonPlan& plan)
{
    const ComparisonTablePlan& t = plan.lines;
    const double left = plan.table.left(), right = left + t.right.back();
    const TextStyle bold{t.text.size, true, kInk}, small{t.text.size - 1.0, false, kMutedInk};
    const auto place = [&](std::size_t c) { return c == 0 ? left : left + t.right[c]; };
    const auto anchor = [](std::size_t c) { return c == 0 ? Anchor::Left : Anchor::Right; };
    double y = plan.table.top() + textAscent(t.head);
    for (qsizetype c = 0; c < figure.head.size(); ++c) {
        const auto at = static_cast<std::size_t>(c);
        drawText(painter, {place(at), y}, figure.head[c], t.head, anchor(at));
    }
    y = plan.table.top() + lineHeight(t.head) + 2.0;
    painter.setPen(QPen(QColor::fromRgb(kAxisInk), 0.5));
    painter.drawLine(QPointF(left, y), QPointF(right, y));
    y += 4.0;
    for (const auto& row : figure.rows) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            const ComparisonFigure::Cell& cell = row[c];
            const double baseline = y + textAscent(t.text);
            drawText(painter, {place(c), baseline}, whole(cell, t.twoLines), cell.best ? bold : t.text, anchor(c));
            if (t.twoLines) {
                drawText(painter, {place(c), baseline + lineHeight(small)}, cell.spread, small, anchor(c));
            }
        }
        y += t.rowHeight;
    }
    painter.drawLine(QPointF(left, y), QPointF(right, y));
}

} // namespace semascope::ui
