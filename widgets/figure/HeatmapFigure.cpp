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
        for (qsizetype p = 0; p < figure.pictures.size(); p += plan.perBlock) {
            double y = plan.cell(t, p).center().y() - block / 2 + textAscent(plan.label) / 2;
            for (const QString& part : parts) {
                drawText(painter, {plan.grid.left() - kHeatmapLabelGap, y}, part, plan.label, Anchor::Right);
                y += line;
            }
        }
    }
}

/// Beside each row what its colours span, where every row has its own scale.
void paintRowScales(QPainter& painter, const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const std::vector<HeatmapRange> ranges = heatmapRanges(figure);
    const qsizetype n = figure.pictures.size();
    for (qsizetype t = 0; t < figure.texts.size(); ++t) {
        const QString text = heatmapRangeText(figure.value, ranges[static_cast<std::size_t>(t)]);
        for (qsizetype p = 0; p < n; p += plan.perBlock) {
            const QRectF last = plan.cell(t, std::min(n, p + plan.perBlock) - 1);
            drawText(painter, {last.right() + 3.0, last.center().y() + textAscent(kHeatmapRowScale) / 2}, text,
                     kHeatmapRowScale);
        }
    }
}

/// The headings of the groups, each over its columns; again where a group goes on in the next block.
void paintHeadings(QPainter& painter, const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const double above = plan.grid.top() - (plan.thumbnail > 0.0 ? plan.thumbnail + 2.0 : 0.0) - plan.idHeight;
    const double line = lineHeight(kHeatmapHeading);
    const int lines = plan.headingHeight > 2 * line ? 2 : 1;
    qsizetype first = 0;
    for (const HeatmapFigure::Group& group : figure.groups) {
        const qsizetype end = std::min(figure.pictures.size(), first + group.count);
        for (qsizetype p = first; p < end;) {
            const qsizetype next = std::min(end, (plan.block(p) + 1) * plan.perBlock);
            const QRectF cell = plan.cell(0, p);
            const double y = cell.top() - plan.grid.top() + above - 2.0;
            const double right = plan.cell(0, next - 1).right() - plan.gap();
            painter.setPen(QPen(QColor::fromRgb(kAxisInk), 0.5));
            painter.drawLine(QPointF(cell.left(), y), QPointF(right, y));
            const QStringList parts = wrapped(group.heading, kHeatmapHeading, right - cell.left(), lines);
            for (qsizetype k = 0; k < parts.size(); ++k) {
                const double up = static_cast<double>(parts.size() - 1 - k) * line;
                drawText(painter, {(cell.left() + right) / 2, y - 2.0 - up}, parts[k], kHeatmapHeading, Anchor::Centre);
            }
            p = next;
        }
        first = end;
    }
}

void paintColumns(QPainter& painter, const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const bool flatIds = plan.idHeight > 0.0 && plan.idHeight < 2 * lineHeight(kHeatmapId);
    for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
        const QRectF cell = plan.cell(0, p);
        const double middle = cell.center().x();
        double bottom = cell.top() - 2.0;
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
    const HeatmapNumbers& numbers = plan.numbers;
    // Without a gap cells overlap a little, or viewers show the paper between them.
    const double trim = plan.gap() > 0.0 ? -plan.gap() / 2 : 0.0;
    const double overlap = plan.gap() > 0.0 ? -plan.gap() / 2 : 0.25;
    const std::vector<HeatmapRange> ranges = heatmapRanges(figure);
    for (qsizetype t = 0; t < figure.texts.size(); ++t) {
        const HeatmapRange& range = ranges[static_cast<std::size_t>(t)];
        for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
            const double value = figure.at(t, p);
            const QRgb colour = valueColour(figure.ramp, value, range.lo, range.hi);
            const QRectF cell = plan.cell(t, p);
            painter.fillRect(cell.adjusted(-trim, -trim, overlap, overlap), QColor::fromRgb(colour));
            if (figure.isOwn(t, p) && plan.gap() > 0.0) {
                painter.setPen(QPen(QColor::fromRgb(contrastingText(colour)), 0.9));
                painter.drawRect(cell.adjusted(1.0, 1.0, -1.0, -1.0));
            }
            if (numbers.decimals >= 0) {
                TextStyle style = numbers.style;
                style.colour = contrastingText(colour);
                paintNumber(painter, cell.center(), heatmapNumber(figure.value, value, numbers.decimals),
                            numbers.upwards, style);
            }
        }
    }
}

} // namespace

void checkHeatmapShape(const HeatmapFigure& figure)
{
    const auto cells = static_cast<std::size_t>(figure.texts.size() * figure.pictures.size());
    if (figure.values.size() != cells) {
        throw core::Error(core::Code::Mismatch, "The heatmap has " + std::to_string(figure.values.size()) +
                                                    " values for " + std::to_string(figure.texts.size()) +
                                                    " texts and " + std::to_string(figure.pictures.size()) +
                                                    " pictures: it needs one for each pair.");
    }
    qsizetype grouped = 0;
    for (const HeatmapFigure::Group& group : figure.groups) {
        grouped += group.count;
    }
    if (!figure.groups.isEmpty() && grouped != figure.pictures.size()) {
        throw core::Error(core::Code::Mismatch, "The heatmap's groups hold " + std::to_string(grouped) + " of its " +
                                                    std::to_string(figure.pictures.size()) +
                                                    " pictures: every picture belongs to one.");
    }
}

void paintHeatmap(QPainter& painter, const QRectF& page, const HeatmapFigure& figure)
{
    checkHeatmapShape(figure);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    const HeatmapPlan plan = heatmapPlan(figure, page);
    paintPageFrame(painter, plan.page, plan.frame);
    if (!figure.values.empty()) {
        paintCells(painter, figure, plan);
        paintColumns(painter, figure, plan);
        if (plan.headingHeight > 0.0) {
            paintHeadings(painter, figure, plan);
        }
        if (plan.labelled()) {
            paintLabels(painter, figure, plan);
        }
        if (plan.labelled() && plan.rowScaleWidth > 0.0) {
            paintRowScales(painter, figure, plan);
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
    checkHeatmapShape(figure);
    return heatmapPlan(figure, page).cell(text, picture);
}

QJsonObject heatmapRecipe(const HeatmapFigure& figure)
{
    static const QString scales[] = {QStringLiteral("shared"), QStringLiteral("per-row"), QStringLiteral("fixed")};
    QJsonArray ids;
    for (const HeatmapFigure::Column& column : figure.pictures) {
        ids.append(column.id);
    }
    QJsonObject recipe{{QStringLiteral("figure"), QStringLiteral("heatmap")},
                       {QStringLiteral("orientation"), QStringLiteral("a row a text, a column a picture")},
                       {QStringLiteral("texts"), static_cast<qint64>(figure.texts.size())},
                       {QStringLiteral("rows"), QJsonArray::fromStringList(figure.texts)},
                       {QStringLiteral("pictures"), static_cast<qint64>(figure.pictures.size())},
                       {QStringLiteral("ids"), ids},
                       {QStringLiteral("value"), QString::fromLatin1(scoreWord(figure.value))},
                       {QStringLiteral("scale"), scales[static_cast<int>(figure.scale)]},
                       {QStringLiteral("ramp"),
                        figure.ramp == Ramp::Diverging ? QStringLiteral("diverging") : QStringLiteral("viridis")},
                       {QStringLiteral("numbers"), figure.numbers}};
    const std::vector<HeatmapRange> ranges = heatmapRanges(figure);
    if (figure.scale == HeatmapFigure::Scale::PerRow) {
        QJsonArray rows;
        for (const HeatmapRange& range : ranges) {
            rows.append(QJsonArray{range.lo, range.hi});
        }
        recipe.insert(QStringLiteral("row_ranges"), rows);
    } else if (!ranges.empty()) {
        recipe.insert(QStringLiteral("lo"), ranges.front().lo);
        recipe.insert(QStringLiteral("hi"), ranges.front().hi);
    }
    if (!figure.groups.isEmpty()) {
        QJsonArray groups;
        for (const HeatmapFigure::Group& group : figure.groups) {
            groups.append(QJsonObject{{QStringLiteral("heading"), group.heading},
                                      {QStringLiteral("pictures"), static_cast<qint64>(group.count)}});
        }
        recipe.insert(QStringLiteral("groups"), groups);
    }
    if (!figure.choice.isEmpty()) {
        recipe.insert(QStringLiteral("choice"), figure.choice);
    }
    return recipe;
}

} // namespace semascope::ui
