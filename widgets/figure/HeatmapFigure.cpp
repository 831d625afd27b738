#include "widgets/figure/HeatmapFigure.h"

#include "core/job/Error.h"
#include "widgets/figure/HeatmapPlan_p.h"
#include "widgets/figure/Thumbnail.h"

#include <QJsonArray>
#include <QPainter>

namespace semascope::ui {
namespace {

void paintLabels(QPainter& painter, const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const double width = plan.grid.left() - kHeatmapLabelGap - plan.labelLeft;
    const double line = lineHeight(plan.label);
    const int lines = heatmapLabelLines(plan.cellHeight, plan.label);
    for (qsizetype t = 0; t < figure.texts.size(); ++t) {
        const QStringList parts = wrappedEvenly(figure.texts[t], plan.label, width, lines);
        const double block = static_cast<double>(parts.size() - 1) * line;
        double y = plan.cell(t, 0).center().y() - block / 2 + textAscent(plan.label) / 2;
        for (const QString& part : parts) {
            drawText(painter, {plan.grid.left() - kHeatmapLabelGap, y}, part, plan.label, Anchor::Right);
            y += line;
        }
    }
}

void paintColumns(QPainter& painter, const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const bool flatIds = plan.idHeight > 0.0 && plan.idHeight < 2 * lineHeight(kHeatmapId);
    for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
        const double middle = plan.cell(0, p).center().x();
        double bottom = plan.grid.top() - 2.0;
        if (plan.thumbnail > 0.0) {
            const QRectF square(middle - plan.thumbnail / 2, bottom - plan.thumbnail, plan.thumbnail, plan.thumbnail);
            drawThumbnail(painter, square, figure.pictures[p].picture, figure.rasterDpi, kFaintInk);
            bottom = square.top() - 2.0;
        }
        const QString& id = figure.pictures[p].id;
        if (flatIds) {
            drawText(painter, {middle, bottom}, id, kHeatmapId, Anchor::Centre);
        } else if (plan.idHeight > 0.0) {
            drawTextUpwards(painter, {middle + textAscent(kHeatmapId) / 2, bottom},
                            elided(id, kHeatmapId, kHeatmapMaxIdLength), kHeatmapId);
        }
    }
}

void paintNumber(QPainter& painter, const QPointF& centre, const QString& number, bool upwards, const TextStyle& style)
{
    const double half = textAscent(style) / 2;
    if (upwards) {
        drawTextUpwards(painter, centre + QPointF(half, 0.0), number, style, Anchor::Centre);
    } else {
        drawText(painter, centre + QPointF(0.0, half), number, style, Anchor::Centre);
    }
}

void paintCells(QPainter& painter, const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const HeatmapNumbers numbers = heatmapNumbers(figure, plan);
    // Without a gap cells overlap a little, or viewers show the paper between them.
    const double trim = plan.gap() > 0.0 ? -plan.gap() / 2 : 0.0;
    const double overlap = plan.gap() > 0.0 ? -plan.gap() / 2 : 0.25;
    const HeatmapRange fixed = heatmapScaleRange(figure, 0);
    for (qsizetype t = 0; t < figure.texts.size(); ++t) {
        const HeatmapRange range = figure.scale == HeatmapFigure::Scale::PerRow ? heatmapScaleRange(figure, t) : fixed;
        for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
            const double value = figure.value(t, p);
            const QRgb colour = valueColour(figure.ramp, value, range.lo, range.hi);
            const QRectF cell = plan.cell(t, p);
            painter.fillRect(cell.adjusted(-trim, -trim, overlap, overlap), QColor::fromRgb(colour));
            if (numbers.decimals >= 0) {
                TextStyle style = numbers.style;
                style.colour = contrastingText(colour);
                paintNumber(painter, cell.center(), formatNumber(value, numbers.decimals), numbers.upwards, style);
            }
        }
    }
}

void checkShape(const HeatmapFigure& figure)
{
    if (figure.values.size() != static_cast<std::size_t>(figure.texts.size() * figure.pictures.size())) {
        throw core::Error(core::Code::Mismatch, "The heatmap has " + std::to_string(figure.values.size()) +
                                                    " values for " + std::to_string(figure.texts.size()) +
                                                    " texts and " + std::to_string(figure.pictures.size()) +
                                                    " pictures: it needs one for each pair.");
    }
}

} // namespace

void paintHeatmap(QPainter& painter, const QRectF& page, const HeatmapFigure& figure)
{
    checkShape(figure);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const HeatmapPlan plan = heatmapPlan(figure, page);
    paintPageFrame(painter, plan.page, heatmapFrame(figure));
    if (!figure.values.empty()) {
        paintCells(painter, figure, plan);
        paintColumns(painter, figure, plan);
        if (plan.labelled()) {
            paintLabels(painter, figure, plan);
        }
        if (plan.sideBar) {
            paintColourBar(painter, plan.bar, heatmapBar(figure));
        } else {
            paintFlatColourBar(painter, plan.bar, heatmapBar(figure));
        }
    }
    painter.restore();
}

QRectF heatmapCell(const HeatmapFigure& figure, const QRectF& page, qsizetype text, qsizetype picture)
{
    checkShape(figure);
    return heatmapPlan(figure, page).cell(text, picture);
}

QRgb heatmapColour(const HeatmapFigure& figure, qsizetype text, qsizetype picture)
{
    checkShape(figure);
    const HeatmapRange range = heatmapScaleRange(figure, text);
    return valueColour(figure.ramp, figure.value(text, picture), range.lo, range.hi);
}

int heatmapDecimals(const HeatmapFigure& figure, const QRectF& page)
{
    checkShape(figure);
    return heatmapNumbers(figure, heatmapPlan(figure, page)).decimals;
}

QJsonObject heatmapRecipe(const HeatmapFigure& figure)
{
    static const QString names[] = {QStringLiteral("shared"), QStringLiteral("row"), QStringLiteral("fixed")};
    QJsonArray ids;
    for (const HeatmapFigure::Column& column : figure.pictures) {
        ids.append(column.id);
    }
    QJsonObject recipe{{QStringLiteral("figure"), QStringLiteral("heatmap")},
                       {QStringLiteral("texts"), static_cast<qint64>(figure.texts.size())},
                       {QStringLiteral("pictures"), static_cast<qint64>(figure.pictures.size())},
                       {QStringLiteral("ids"), ids},
                       {QStringLiteral("scale"), names[static_cast<int>(figure.scale)]}};
    if (figure.scale != HeatmapFigure::Scale::PerRow) {
        const HeatmapRange range = heatmapScaleRange(figure, 0);
        recipe.insert(QStringLiteral("lo"), range.lo);
        recipe.insert(QStringLiteral("hi"), range.hi);
    }
    return recipe;
}

} // namespace semascope::ui
