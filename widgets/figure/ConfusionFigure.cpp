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
constexpr TextStyle kAxisTitle{7.0, false, kMutedInk};

/// Where everything goes, in points.
struct ConfusionPlan
{
    QRectF grid, bar;
    double cell = 0;
    TextStyle name;
    qsizetype every = 1; ///< every so many names are written

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
    const QString title = figure.shares ? QStringLiteral("% of the label's row") : QStringLiteral("count");
    return {title, figure.ramp, 0.0, scaleEnd(figure), {}, {}};
}

PageFrame frameOf(const ConfusionFigure& figure)
{
    return {figure.title, figure.subtitle, figure.footer};
}

double widestName(const QStringList& names, const TextStyle& style)
{
    double widest = 0;
    for (const QString& name : names) {
        widest = std::max(widest, textWidth(name.simplified(), style));
    }
    return widest;
}

ConfusionPlan planOf(const ConfusionFigure& figure, const QRectF& page)
{
    QRectF area = pageFrameArea(page, frameOf(figure));
    const double bar = colourBarWidth(barOf(figure));
    const double axis = lineHeight(kAxisTitle) + 1.0;
    const double k = static_cast<double>(std::max<qsizetype>(1, figure.classes.size()));
    ConfusionPlan plan;
    double names = 0;
    for (plan.name.size = kMostName;; plan.name.size -= 0.5) { // smaller names leave larger cells
        names = std::min(widestName(figure.classes, plan.name), std::min(area.width(), area.height()) * 0.28) + kGap;
        const double width = area.width() - axis - names - kBarGap - bar, height = area.height() - axis - names;
        plan.cell = std::clamp(std::min(width, height) / k, 0.05, kMostCell);
        if (lineHeight(plan.name) <= plan.cell || plan.name.size <= kLeastName) {
            break;
        }
    }
    plan.every = std::max<qsizetype>(1, static_cast<qsizetype>(std::ceil(lineHeight(plan.name) / plan.cell)));
    const double side = plan.cell * k, whole = axis + names + side + kBarGap + bar;
    const QPointF corner(area.left() + std::max(0.0, (area.width() - whole) / 2) + axis + names,
                         area.top() + axis + names);
    plan.grid = QRectF(corner, QSizeF(side, side));
    plan.bar = QRectF(plan.grid.right() + kBarGap, plan.grid.top(), bar, std::min(std::max(side, 60.0), 170.0));
    return plan;
}

void paintNames(QPainter& painter, const ConfusionFigure& figure, const ConfusionPlan& plan, const QRectF& page)
{
    const QRectF area = pageFrameArea(page, frameOf(figure));
    const double axis = lineHeight(kAxisTitle) + 1.0;
    const double room = plan.grid.top() - area.top() - axis - kGap;
    const double half = textAscent(plan.name) / 2;
    for (qsizetype c = 0; c < figure.classes.size(); c += plan.every) {
        const QString name = elided(figure.classes[c].simplified(), plan.name, room);
        const QPointF row(plan.grid.left() - kGap, plan.at(c, 0).center().y() + half);
        drawText(painter, row, name, plan.name, Anchor::Right);
        drawTextUpwards(painter, {plan.at(0, c).center().x() + half, plan.grid.top() - kGap + 1.0}, name, plan.name);
    }
    const double left = plan.grid.left() - room - kGap - axis;
    const QString columns = plan.every == 1 ? QStringLiteral("prediction")
                                            : QStringLiteral("prediction (one name in %1 is written)").arg(plan.every);
    drawText(painter, {plan.grid.center().x(), area.top() + textAscent(kAxisTitle)}, columns, kAxisTitle,
             Anchor::Centre);
    drawTextUpwards(painter, {left + textAscent(kAxisTitle), plan.grid.center().y()}, QStringLiteral("label"),
                    kAxisTitle, Anchor::Centre);
}

double rowSum(const ConfusionFigure& figure, qsizetype label)
{
    double sum = 0;
    for (qsizetype other = 0; other < figure.classes.size(); ++other) {
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
        for (qsizetype prediction = 0; prediction < figure.classes.size(); ++prediction) {
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
    const auto k = static_cast<std::size_t>(figure.classes.size());
    if (figure.counts.size() != k * k) {
        throw core::Error(core::Code::Mismatch, "The confusion table has " + std::to_string(figure.counts.size()) +
                                                    " counts for " + std::to_string(k) +
                                                    " classes: it needs one for each pair.");
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
        paintColourBar(painter, plan.bar, barOf(figure));
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
            {QStringLiteral("rows"), QStringLiteral("label")},
            {QStringLiteral("columns"), QStringLiteral("prediction")},
            {QStringLiteral("values"), figure.shares ? QStringLiteral("percent of row") : QStringLiteral("counts")},
            {QStringLiteral("lo"), 0.0},
            {QStringLiteral("hi"), scaleEnd(figure)}};
}

} // namespace semascope::ui
