#include "widgets/figure/HeatmapFigure.h"

#include "core/job/Error.h"
#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/PageFrame_p.h"
#include "widgets/figure/Thumbnail.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::ui
{
namespace
{

constexpr qsizetype kMostNumbers = 60;
constexpr double kMaxCellWidth = 64.0;
constexpr double kMaxCellHeight = 34.0;
constexpr double kMaxThumbnail = 56.0;
constexpr double kMinThumbnail = 3.0;
constexpr double kMinLabelCell = 4.5;
constexpr double kLabelGap = 5.0;
constexpr double kBarGap = 12.0;
constexpr double kSideBarFrom = 200.0;
constexpr double kMaxIdLength = 70.0;
constexpr TextStyle kId{6.0, false, kMutedInk};

struct Range {
    double lo = std::numeric_limits<double>::infinity();
    double hi = -std::numeric_limits<double>::infinity();

    void take(double value)
    {
        if (std::isfinite(value)) {
            lo = std::min(lo, value);
            hi = std::max(hi, value);
        }
    }
    bool empty() const { return !(lo <= hi); }
};

Range rowRange(const HeatmapFigure& figure, qsizetype text)
{
    Range range;
    for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
        range.take(figure.value(text, p));
    }
    return range;
}

Range sharedRange(const HeatmapFigure& figure)
{
    Range range;
    for (const float value : figure.values) {
        range.take(value);
    }
    return range;
}

Range scaleRange(const HeatmapFigure& figure, qsizetype text)
{
    Range range{figure.lo, figure.hi};
    if (figure.scale == HeatmapFigure::Scale::Shared) {
        range = sharedRange(figure);
    } else if (figure.scale == HeatmapFigure::Scale::PerRow) {
        range = rowRange(figure, text);
    }
    return range.empty() ? Range{0.0, 1.0} : range;
}

ColourBar barOf(const HeatmapFigure& figure)
{
    ColourBar bar{figure.barTitle, figure.ramp, 0.0, 1.0, {}, {}};
    if (figure.scale == HeatmapFigure::Scale::PerRow) {
        bar.loText = QStringLiteral("row min.");
        bar.hiText = QStringLiteral("row max.");
    } else {
        const Range range = scaleRange(figure, 0);
        bar.lo = range.lo;
        bar.hi = range.hi;
    }
    return bar;
}

PageFrame frameOf(const HeatmapFigure& figure)
{
    const auto missing =
        std::count_if(figure.values.begin(), figure.values.end(), [](float v) { return std::isnan(v); });
    QStringList parts;
    if (!figure.subtitle.isEmpty()) {
        parts << figure.subtitle;
    }
    parts << QStringLiteral("%1 %2 \u00d7 %3 %4")
                 .arg(formatCount(figure.texts.size()),
                      figure.texts.size() == 1 ? QStringLiteral("text") : QStringLiteral("texts"),
                      formatCount(figure.pictures.size()),
                      figure.pictures.size() == 1 ? QStringLiteral("picture") : QStringLiteral("pictures"));
    if (missing > 0) {
        parts << QStringLiteral("%1 missing").arg(formatCount(missing));
    }
    return {figure.title, parts.join(QStringLiteral(", ")), figure.footer};
}

/// Where everything goes.
struct Plan {
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
    bool labelled() const { return cellHeight >= kMinLabelCell; }
    double gap() const { return std::min(cellWidth, cellHeight) >= 6.0 ? 0.75 : 0.0; }
};

double widestLabel(const QStringList& texts, const TextStyle& style)
{
    double widest = 0.0;
    for (const QString& text : texts) {
        widest = std::max(widest, textWidth(text.simplified(), style));
    }
    return widest;
}

int labelLines(double cellHeight, const TextStyle& style)
{
    return std::clamp(static_cast<int>(cellHeight / lineHeight(style)), 1, 5);
}

/// The largest type, down to 5.5 points, in which no text is cut off.
double labelSize(const QStringList& texts, double width, double cellHeight)
{
    TextStyle style;
    style.size = std::clamp(cellHeight * 0.72, 3.5, 7.5);
    const auto isCut = [&](const QString& text) {
        const QStringList lines = wrapped(text, style, width, 1000);
        return lines.size() > labelLines(cellHeight, style);
    };
    while (style.size > 5.5 && std::any_of(texts.begin(), texts.end(), isCut)) {
        style.size -= 0.5;
    }
    return style.size;
}

double idHeight(const HeatmapFigure& figure, double cellWidth)
{
    if (!figure.ids || cellWidth < lineHeight(kId)) {
        return 0.0;
    }
    double longest = 0.0;
    for (const HeatmapFigure::Column& column : figure.pictures) {
        longest = std::max(longest, textWidth(column.id, kId));
    }
    return longest <= cellWidth - 2.0 ? lineHeight(kId) + 1.0 : std::min(longest, kMaxIdLength) + 3.0;
}

Plan planFor(const HeatmapFigure& figure, const QRectF& page)
{
    Plan plan;
    QRectF area = pageFrameArea(page, frameOf(figure));
    plan.sideBar = area.width() >= kSideBarFrom;
    const double barRoom = plan.sideBar ? colourBarWidth(barOf(figure)) + kBarGap : colourBarHeight() + kBarGap;
    area.adjust(0.0, 0.0, plan.sideBar ? -barRoom : 0.0, plan.sideBar ? 0.0 : -barRoom);

    const double share = plan.sideBar && area.width() < 2 * kSideBarFrom ? 0.38 : 0.3;
    const double labels = std::min(widestLabel(figure.texts, plan.label), area.width() * share) + kLabelGap;
    const auto columns = static_cast<double>(std::max<qsizetype>(1, figure.pictures.size()));
    const auto rows = static_cast<double>(std::max<qsizetype>(1, figure.texts.size()));
    plan.labelLeft = area.left();
    plan.cellWidth = std::clamp((area.width() - labels) / columns, 0.01, kMaxCellWidth);
    plan.thumbnail = std::min({plan.cellWidth - 1.0, kMaxThumbnail, area.height() * 0.3});
    plan.thumbnail = plan.thumbnail < kMinThumbnail ? 0.0 : plan.thumbnail;
    plan.idHeight = idHeight(figure, plan.cellWidth);
    const double top = area.top() + plan.idHeight + (plan.thumbnail > 0.0 ? plan.thumbnail + 2.0 : 0.0);
    plan.cellHeight = std::clamp((area.bottom() - top) / rows, 0.01, kMaxCellHeight);
    plan.label.size = labelSize(figure.texts, labels - kLabelGap, plan.cellHeight);
    plan.grid = QRectF(area.left() + labels, top, plan.cellWidth * columns, plan.cellHeight * rows);
    plan.bar = plan.sideBar ? QRectF(plan.grid.right() + kBarGap, top, barRoom - kBarGap,
                                     std::clamp(plan.grid.height(), std::min(60.0, area.bottom() - top), 170.0))
                            : QRectF(plan.grid.left(), plan.grid.bottom() + kBarGap,
                                     std::min(170.0, area.right() - plan.grid.left()), barRoom - kBarGap);
    return plan;
}

struct Numbers {
    int decimals = -1;
    TextStyle style;
};

/// The largest type and the most decimals with which every number fits into its cell.
Numbers numbersFor(const HeatmapFigure& figure, const Plan& plan)
{
    if (figure.pictures.size() > kMostNumbers || figure.values.empty()) {
        return {};
    }
    const Range range = sharedRange(figure);
    for (const int decimals : {4, 3}) {
        TextStyle style{7.0, false, kInk};
        const double widest = range.empty() ? 0.0
                                            : std::max(textWidth(formatNumber(range.lo, decimals), style),
                                                       textWidth(formatNumber(range.hi, decimals), style));
        const double fit = std::min((plan.cellWidth - 5.0) / std::max(widest, 1.0) * style.size, plan.cellHeight * 0.7);
        const double least = decimals == 4 ? 5.5 : 4.0;
        if (fit >= least) {
            style.size = std::min(style.size, fit);
            return {decimals, style};
        }
    }
    return {};
}

void paintLabels(QPainter& painter, const HeatmapFigure& figure, const Plan& plan)
{
    const double width = plan.grid.left() - kLabelGap - plan.labelLeft;
    const double line = lineHeight(plan.label);
    const int lines = labelLines(plan.cellHeight, plan.label);
    for (qsizetype t = 0; t < figure.texts.size(); ++t) {
        const QStringList parts = wrappedEvenly(figure.texts[t], plan.label, width, lines);
        const double block = static_cast<double>(parts.size() - 1) * line;
        double y = plan.cell(t, 0).center().y() - block / 2 + textAscent(plan.label) / 2;
        for (const QString& part : parts) {
            drawText(painter, {plan.grid.left() - kLabelGap, y}, part, plan.label, Anchor::Right);
            y += line;
        }
    }
}

void paintColumns(QPainter& painter, const HeatmapFigure& figure, const Plan& plan)
{
    const bool flatIds = plan.idHeight > 0.0 && plan.idHeight < 2 * lineHeight(kId);
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
            drawText(painter, {middle, bottom}, id, kId, Anchor::Centre);
        } else if (plan.idHeight > 0.0) {
            drawTextUpwards(painter, {middle + textAscent(kId) / 2, bottom}, elided(id, kId, kMaxIdLength), kId);
        }
    }
}

void paintCells(QPainter& painter, const HeatmapFigure& figure, const Plan& plan)
{
    const Numbers numbers = numbersFor(figure, plan);
    // Without a gap cells overlap a little, or viewers show the paper between them.
    const double trim = plan.gap() > 0.0 ? -plan.gap() / 2 : 0.0;
    const double overlap = plan.gap() > 0.0 ? -plan.gap() / 2 : 0.25;
    const Range fixed = scaleRange(figure, 0);
    for (qsizetype t = 0; t < figure.texts.size(); ++t) {
        const Range range = figure.scale == HeatmapFigure::Scale::PerRow ? scaleRange(figure, t) : fixed;
        for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
            const double value = figure.value(t, p);
            const QRgb colour = valueColour(figure.ramp, value, range.lo, range.hi);
            const QRectF cell = plan.cell(t, p);
            painter.fillRect(cell.adjusted(-trim, -trim, overlap, overlap), QColor::fromRgb(colour));
            if (numbers.decimals >= 0) {
                TextStyle style = numbers.style;
                style.colour = contrastingText(colour);
                drawText(painter, {cell.center().x(), cell.center().y() + textAscent(style) / 2},
                         formatNumber(value, numbers.decimals), style, Anchor::Centre);
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
    paintPageFrame(painter, page, frameOf(figure));
    if (!figure.values.empty()) {
        const Plan plan = planFor(figure, page);
        paintCells(painter, figure, plan);
        paintColumns(painter, figure, plan);
        if (plan.labelled()) {
            paintLabels(painter, figure, plan);
        }
        if (plan.sideBar) {
            paintColourBar(painter, plan.bar, barOf(figure));
        } else {
            paintFlatColourBar(painter, plan.bar, barOf(figure));
        }
    }
    painter.restore();
}

QRectF heatmapCell(const HeatmapFigure& figure, const QRectF& page, qsizetype text, qsizetype picture)
{
    checkShape(figure);
    return planFor(figure, page).cell(text, picture);
}

QRgb heatmapColour(const HeatmapFigure& figure, qsizetype text, qsizetype picture)
{
    checkShape(figure);
    const Range range = scaleRange(figure, text);
    return valueColour(figure.ramp, figure.value(text, picture), range.lo, range.hi);
}

int heatmapDecimals(const HeatmapFigure& figure, const QRectF& page)
{
    checkShape(figure);
    return numbersFor(figure, planFor(figure, page)).decimals;
}

QJsonObject heatmapRecipe(const HeatmapFigure& figure)
{
    static const QString names[] = {QStringLiteral("shared"), QStringLiteral("row"), QStringLiteral("fixed")};
    QJsonObject recipe{{QStringLiteral("figure"), QStringLiteral("heatmap")},
                       {QStringLiteral("texts"), static_cast<qint64>(figure.texts.size())},
                       {QStringLiteral("pictures"), static_cast<qint64>(figure.pictures.size())},
                       {QStringLiteral("scale"), names[static_cast<int>(figure.scale)]}};
    if (figure.scale != HeatmapFigure::Scale::PerRow) {
        const Range range = scaleRange(figure, 0);
        recipe.insert(QStringLiteral("lo"), range.lo);
        recipe.insert(QStringLiteral("hi"), range.hi);
    }
    return recipe;
}

} // namespace semascope::ui
