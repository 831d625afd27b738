#include "widgets/figure/HeatmapPlan_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr qsizetype kMostNumbers = 60;
constexpr double kMaxCellWidth = 110.0;
constexpr double kMaxCellHeight = 40.0; // or a picture's, where that is higher
constexpr double kMaxThumbnail = 96.0;
constexpr double kMinThumbnail = 3.0;
constexpr double kBarGap = 12.0;
constexpr double kFooterGap = 4.0;
constexpr double kSideBarFrom = 200.0;
constexpr double kLeastNumber = 5.0; // points

HeatmapRange rowRange(const HeatmapFigure& figure, qsizetype text)
{
    HeatmapRange range;
    for (qsizetype p = 0; p < figure.pictures.size(); ++p) {
        range.take(figure.value(text, p));
    }
    return range;
}

HeatmapRange sharedRange(const HeatmapFigure& figure)
{
    HeatmapRange range;
    for (const float value : figure.values) {
        range.take(value);
    }
    return range;
}

double widestLabel(const QStringList& texts, const TextStyle& style)
{
    double widest = 0.0;
    for (const QString& text : texts) {
        widest = std::max(widest, textWidth(text.simplified(), style));
    }
    return widest;
}

/// The largest type, down to 5.5 points, in which no text is cut off.
double labelSize(const QStringList& texts, double width, double cellHeight)
{
    TextStyle style;
    style.size = std::clamp(cellHeight * 0.72, 3.5, 7.5);
    const auto isCut = [&](const QString& text) {
        const QStringList lines = wrapped(text, style, width, 1000);
        return lines.size() > heatmapLabelLines(cellHeight, style);
    };
    while (style.size > 5.5 && std::any_of(texts.begin(), texts.end(), isCut)) {
        style.size -= 0.5;
    }
    return style.size;
}

double idHeight(const HeatmapFigure& figure, double cellWidth)
{
    if (!figure.ids || cellWidth < lineHeight(kHeatmapId)) {
        return 0.0;
    }
    double longest = 0.0;
    for (const HeatmapFigure::Column& column : figure.pictures) {
        longest = std::max(longest, textWidth(column.id, kHeatmapId));
    }
    return longest <= cellWidth - 2.0 ? lineHeight(kHeatmapId) + 1.0 : std::min(longest, kHeatmapMaxIdLength) + 3.0;
}

/// Of the numbers written with so many decimals.
double widestNumber(const HeatmapFigure& figure, int decimals, const TextStyle& style)
{
    const HeatmapRange range = sharedRange(figure);
    return range.empty() ? 1.0
                         : std::max({1.0, textWidth(formatNumber(range.lo, decimals), style),
                                     textWidth(formatNumber(range.hi, decimals), style)});
}

/// Halves what is blank below the plan, down to `bottom`, between above and below.
void moveToMiddle(HeatmapPlan& plan, const QRectF& page, double bottom)
{
    const double used = std::max(plan.grid.bottom(), plan.bar.bottom()) + kFooterGap;
    const double shift = std::max(0.0, (bottom - used) / 2);
    plan.page = page.adjusted(0.0, shift, 0.0, -shift);
    plan.grid.translate(0.0, shift);
    plan.bar.translate(0.0, shift);
}

} // namespace

void HeatmapRange::take(double value)
{
    if (std::isfinite(value)) {
        lo = std::min(lo, value);
        hi = std::max(hi, value);
    }
}

HeatmapRange heatmapScaleRange(const HeatmapFigure& figure, qsizetype text)
{
    HeatmapRange range{figure.lo, figure.hi};
    if (figure.scale == HeatmapFigure::Scale::Shared) {
        range = sharedRange(figure);
    } else if (figure.scale == HeatmapFigure::Scale::PerRow) {
        range = rowRange(figure, text);
    }
    return range.empty() ? HeatmapRange{0.0, 1.0} : range;
}

ColourBar heatmapBar(const HeatmapFigure& figure)
{
    ColourBar bar{figure.barTitle, figure.ramp, 0.0, 1.0, {}, {}};
    if (figure.scale == HeatmapFigure::Scale::PerRow) {
        bar.loText = QStringLiteral("row min.");
        bar.hiText = QStringLiteral("row max.");
    } else {
        const HeatmapRange range = heatmapScaleRange(figure, 0);
        bar.lo = range.lo;
        bar.hi = range.hi;
    }
    return bar;
}

PageFrame heatmapFrame(const HeatmapFigure& figure)
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

int heatmapLabelLines(double cellHeight, const TextStyle& style)
{
    return std::clamp(static_cast<int>(cellHeight / lineHeight(style)), 1, 5);
}

HeatmapPlan heatmapPlan(const HeatmapFigure& figure, const QRectF& page)
{
    HeatmapPlan plan;
    QRectF area = pageFrameArea(page, heatmapFrame(figure));
    plan.sideBar = area.width() >= kSideBarFrom;
    const double barRoom = plan.sideBar ? colourBarWidth(heatmapBar(figure)) + kBarGap : colourBarHeight() + kBarGap;
    area.adjust(0.0, 0.0, plan.sideBar ? -barRoom : 0.0, plan.sideBar ? 0.0 : -barRoom);

    const double share = plan.sideBar && area.width() < 2 * kSideBarFrom ? 0.38 : 0.3;
    const double labels = std::min(widestLabel(figure.texts, plan.label), area.width() * share) + kHeatmapLabelGap;
    const auto columns = static_cast<double>(std::max<qsizetype>(1, figure.pictures.size()));
    const auto rows = static_cast<double>(std::max<qsizetype>(1, figure.texts.size()));
    plan.labelLeft = area.left();
    plan.cellWidth = std::clamp((area.width() - labels) / columns, 0.01, kMaxCellWidth);
    plan.thumbnail = std::min({plan.cellWidth - 1.0, kMaxThumbnail, area.height() * 0.3});
    plan.thumbnail = plan.thumbnail < kMinThumbnail ? 0.0 : plan.thumbnail;
    plan.idHeight = idHeight(figure, plan.cellWidth);
    const double top = area.top() + plan.idHeight + (plan.thumbnail > 0.0 ? plan.thumbnail + 2.0 : 0.0);
    plan.cellHeight = std::clamp((area.bottom() - top) / rows, 0.01, std::max(kMaxCellHeight, plan.thumbnail));
    plan.label.size = labelSize(figure.texts, labels - kHeatmapLabelGap, plan.cellHeight);
    plan.grid = QRectF(area.left() + labels, top, plan.cellWidth * columns, plan.cellHeight * rows);
    plan.bar = plan.sideBar ? QRectF(plan.grid.right() + kBarGap, top, barRoom - kBarGap,
                                     std::clamp(plan.grid.height(), std::min(60.0, area.bottom() - top), 170.0))
                            : QRectF(plan.grid.left(), plan.grid.bottom() + kBarGap,
                                     std::min(170.0, area.right() - plan.grid.left()), barRoom - kBarGap);
    moveToMiddle(plan, page, area.bottom() + (plan.sideBar ? 0.0 : barRoom));
    return plan;
}

HeatmapNumbers heatmapNumbers(const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    if (figure.pictures.size() > kMostNumbers || figure.values.empty()) {
        return {};
    }
    struct Way
    {
        int decimals;
        bool upwards;
        double least;
    };
    // Four decimals only where they are easy to read; then fewer, upright before turned.
    for (const Way& way : {Way{4, false, 5.5}, Way{3, false, kLeastNumber}, Way{3, true, kLeastNumber},
                           Way{2, false, kLeastNumber}, Way{2, true, kLeastNumber}}) {
        TextStyle style{7.0, false, kInk};
        const double along = way.upwards ? plan.cellHeight : plan.cellWidth;
        const double across = way.upwards ? plan.cellWidth : plan.cellHeight;
        const double room = along - (along < 30.0 ? 3.0 : 5.0);
        const double fit = std::min(room / widestNumber(figure, way.decimals, style) * style.size, across * 0.7);
        if (fit >= way.least) {
            style.size = std::min(style.size, fit);
            return {way.decimals, way.upwards, style};
        }
    }
    return {};
}

} // namespace semascope::ui
