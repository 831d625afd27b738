#include "widgets/figure/ConfusionFigure.h"

#include "core/job/Error.h"
#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/PageFrame_p.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::ui {
namespace {

constexpr double kGap = 4.0;
constexpr double kBarGap = 12.0;
constexpr double kMostCell = 46.0;
constexpr double kLeastNumber = 4.5;
constexpr double kLeastName = 4.0;
constexpr double kMostName = 7.5;
constexpr TextStyle kAxisTitle{7.0, false, kMutedInk}; // its size; the colour is the figure's

/// Where everything goes, in points.
struct ConfusionPlan
{
    QRectF grid, bar;
    double cell = 0;
    TextStyle name;
    qsizetype everyRow = 1, everyColumn = 1; ///< every so many names are written

    QRectF at(qsizetype label, qsizetype prediction) const
    {
        return {grid.left() + static_cast<double>(prediction) * cell, grid.top() + static_cast<double>(label) * cell,
                cell, cell};
    }
    double gap() const { return cell >= 6.0 ? 0.6 : 0.0; }
};

std::uint32_t most(const ConfusionFigure& figure)
{
    return figure.counts.empty() ? 0 : *std::max_element(figure.counts.begin(), figure.counts.end());
}

double scaleEnd(const ConfusionFigure& figure)
{
    return figure.shares ? 100.0 : std::max(1.0, static_cast<double>(most(figure)));
}

ColourBar barOf(const ConfusionFigure& figure)
{
    const QString title =
        figure.shares ? QStringLiteral("% of the %1's row").arg(figure.rowTitle) : QStringLiteral("count");
    return {title, figure.ramp, 0.0, scaleEnd(figure), {}, {}};
}

PageFrame frameOf(const ConfusionFigure& figure)
{
    return {figure.title, figure.subtitle, figure.footer, figure.columns.isEmpty() ? 2 : 4};
}

double widestName(const QStringList& names, const TextStyle& style)
{
    double widest = 0;
    for (const QString& name : names) {
        widest = std::max(widest, textWidth(name.simplified(), style));
    }
    return widest;
}

/// The names of the columns, as the figure has them.
QStringList columnNames(const ConfusionFigure& figure)
{
    return figure.columns.isEmpty() ? figure.classes : figure.columns;
}

/// Names of columns as short as numbers need not be turned.
bool shortColumns(const ConfusionFigure& figure)
{
    return std::all_of(figure.columns.begin(), figure.columns.end(), [](const QString& n) { return n.size() <= 2; }) &&
           !figure.columns.isEmpty();
}

/// Room for the names of rows (width) and columns (height).
QSizeF nameRoom(const ConfusionFigure& figure, const QRectF& area, const TextStyle& style)
{
    const double most = std::min(area.width(), area.height()) * 0.28;
    const double above = shortColumns(figure) ? lineHeight(style) : widestName(columnNames(figure), style);
    return {std::min(widestName(figure.classes, style), most) + kGap, std::min(above, most) + kGap};
}

ConfusionPlan planOf(const ConfusionFigure& figure, const QRectF& page)
{
    const QRectF area = pageFrameArea(page, frameOf(figure));
    const double bar = figure.bar ? kBarGap + colourBarWidth(barOf(figure)) : 0.0;
    const double axis = lineHeight(kAxisTitle) + 1.0;
    const double rows = static_cast<double>(std::max<qsizetype>(1, figure.classes.size()));
    const double columns = static_cast<double>(std::max<qsizetype>(1, figure.columnCount()));
    ConfusionPlan plan;
    QSizeF names;
    for (plan.name.size = kMostName;; plan.name.size -= 0.5) { // smaller names leave larger cells
        names = nameRoom(figure, area, plan.name);
        const double width = area.width() - axis - names.width() - bar, height = area.height() - axis - names.height();
        plan.cell = std::clamp(std::min(width / columns, height / rows), 0.05, kMostCell);
        if (lineHeight(plan.name) <= plan.cell || plan.name.size <= kLeastName) {
            break;
        }
    }
    plan.everyRow = plan.everyColumn =
        std::max<qsizetype>(1, static_cast<qsizetype>(std::ceil(lineHeight(plan.name) / plan.cell)));
    const double whole = axis + names.width() + plan.cell * columns + bar;
    const QPointF corner(area.left() + std::max(0.0, (area.width() - whole) / 2) + axis + names.width(),
                         area.top() + axis + names.height());
    plan.grid = QRectF(corner, QSizeF(plan.cell * columns, plan.cell * rows));
    plan.bar = QRectF(plan.grid.right() + kBarGap, plan.grid.top(), bar - kBarGap,
                      std::min(std::max(plan.grid.height(), 60.0), 170.0));
    return plan;
}

void paintNames(QPainter& painter, const ConfusionFigure& figure, const ConfusionPlan& plan, const QRectF& page)
{
    const QRectF area = pageFrameArea(page, frameOf(figure));
    const double axis = lineHeight(kAxisTitle) + 1.0;
    const QSizeF room = nameRoom(figure, area, plan.name) - QSizeF(kGap, kGap);
    const double half = textAscent(plan.name) / 2;
    const TextStyle name{plan.name.size, false, figure.inks.ink}, title{kAxisTitle.size, false, figure.inks.muted};
    for (qsizetype c = 0; c < figure.classes.size(); c += plan.everyRow) {
        const QPointF at(plan.grid.left() - kGap, plan.at(c, 0).center().y() + half);
        drawText(painter, at, elided(figure.classes[c].simplified(), name, room.width()), name, Anchor::Right);
    }
    for (qsizetype c = 0; c < figure.columnCount(); c += plan.everyColumn) {
        if (shortColumns(figure)) {
            drawText(painter, {plan.at(0, c).center().x(), plan.grid.top() - kGap}, figure.columns[c], name,
                     Anchor::Centre);
            continue;
        }
        const QPointF at(plan.at(0, c).center().x() + half, plan.grid.top() - kGap + 1.0);
        drawTextUpwards(painter, at, elided(figure.columnName(c).simplified(), name, room.height()), name);
    }
    const double left = plan.grid.left() - room.width() - kGap - axis;
    const QString columns =
        plan.everyColumn == 1
            ? figure.columnTitle
            : QStringLiteral("%1 (one name in %2 is written)").arg(figure.columnTitle).arg(plan.everyColumn);
    drawText(painter, {plan.grid.center().x(), area.top() + textAscent(title)}, columns, title, Anchor::Centre);
    drawTextUpwards(painter, {left + textAscent(title), plan.grid.center().y()}, figure.rowTitle, title,
                    Anchor::Centre);
}

double rowSum(const ConfusionFigure& figure, qsizetype label)
{
    double sum = 0;
    for (qsizetype other = 0; other < figure.columnCount(); ++other) {
        sum += figure.count(label, other);
    }
    return sum;
}

double valueOf(const ConfusionFigure& figure, std::uint32_t count, double row)
{
    return !figure.shares ? count : row > 0 ? 100 * count / row : std::numeric_limits<double>::quiet_NaN();
}

/// The size in which every number fits its cell; 0 when that is too small to read.
double numberSize(const ConfusionFigure& figure, const ConfusionPlan& plan)
{
    const QString widest = figure.shares ? QStringLiteral("100") : formatCount(most(figure));
    const TextStyle style{7.0, false, kInk};
    const double size = std::min({7.0, (plan.cell - 2.0) / textWidth(widest, style) * style.size, plan.cell * 0.6});
    return size >= kLeastNumber ? size : 0.0;
}

void paintCells(QPainter& painter, const ConfusionFigure& figure, const ConfusionPlan& plan)
{
    const double size = numberSize(figure, plan);
    const double trim = plan.gap() > 0.0 ? plan.gap() / 2 : -0.125; // without gaps cells overlap: no paper between them
    const double end = scaleEnd(figure);
    for (qsizetype label = 0; label < figure.classes.size(); ++label) {
        const double row = rowSum(figure, label);
        for (qsizetype prediction = 0; prediction < figure.columnCount(); ++prediction) {
            const std::uint32_t n = figure.count(label, prediction);
            const double value = valueOf(figure, n, row);
            const QRgb colour = valueColour(figure.ramp, value, 0.0, end);
            const QRectF cell = plan.at(label, prediction);
            painter.fillRect(cell.adjusted(trim, trim, -trim, -trim), QColor::fromRgb(colour));
            if (size > 0.0 && n > 0) { // an empty cell says it by its colour
                const TextStyle style{size, false, contrastingText(colour)};
                const QString number = figure.shares ? formatNumber(value, 0) : formatCount(n);
                drawText(painter, cell.center() + QPointF(0.0, textAscent(style) / 2), number, style, Anchor::Centre);
            }
        }
    }
}

void checkShape(const ConfusionFigure& figure)
{
    const auto rows = static_cast<std::size_t>(figure.classes.size());
    const auto columns = static_cast<std::size_t>(figure.columnCount());
    if (figure.counts.size() != rows * columns) {
        throw core::Error(core::Code::Mismatch, "The confusion table has " + std::to_string(figure.counts.size()) +
                                                    " counts for " + std::to_string(rows) + " rows and " +
                                                    std::to_string(columns) + " columns: it needs one for each pair.");
    }
}

} // namespace

void paintConfusion(QPainter& painter, const QRectF& page, const ConfusionFigure& figure)
{
    checkShape(figure);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintPageFrame(painter, page, frameOf(figure));
    if (!figure.classes.isEmpty()) {
        const ConfusionPlan plan = planOf(figure, page);
        paintCells(painter, figure, plan);
        paintNames(painter, figure, plan, page);
        if (figure.bar) {
            paintColourBar(painter, plan.bar, barOf(figure));
        }
    }
    painter.restore();
}

QRectF confusionCell(const ConfusionFigure& figure, const QRectF& page, qsizetype label, qsizetype prediction)
{
    checkShape(figure);
    return planOf(figure, page).at(label, prediction);
}

double confusionValue(const ConfusionFigure& figure, qsizetype label, qsizetype prediction)
{
    return valueOf(figure, figure.count(label, prediction), rowSum(figure, label));
}

QRgb confusionColour(const ConfusionFigure& figure, qsizetype label, qsizetype prediction)
{
    return valueColour(figure.ramp, confusionValue(figure, label, prediction), 0.0, scaleEnd(figure));
}

QJsonObject confusionRecipe(const ConfusionFigure& figure)
{
    return {{QStringLiteral("figure"), QStringLiteral("confusion")},
            {QStringLiteral("classes"), static_cast<qint64>(figure.classes.size())},
            {QStringLiteral("rows"), figure.rowTitle},
            {QStringLiteral("columns"), figure.columnTitle},
            {QStringLiteral("column_count"), static_cast<qint64>(figure.columnCount())},
            {QStringLiteral("values"), figure.shares ? QStringLiteral("percent of row") : QStringLiteral("counts")},
            {QStringLiteral("lo"), 0.0},
            {QStringLiteral("hi"), scaleEnd(figure)}};
}

} // namespace semascope::ui
