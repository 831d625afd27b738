#include "widgets/figure/HeatmapPlan_p.h"

#include "widgets/figure/FigureSize.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr qsizetype kMostNumbers = 120; // columns; beyond that a person looks at colours
constexpr qsizetype kMostBlocks = 8;
constexpr double kMaxCellWidth = 110.0;
constexpr double kMaxCellHeight = 40.0; // or a picture's, where that is higher
constexpr double kMaxThumbnail = 96.0;
constexpr double kMinThumbnail = 3.0;
constexpr double kBarGap = 12.0;
constexpr double kBlockGap = 8.0;
constexpr double kGroupGap = 5.0;
constexpr double kFooterGap = 4.0;
constexpr double kTitledBar = 110.0;
constexpr double kSideBarFrom = 240.0;
constexpr double kLeastNumber = 5.0; // points

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

bool cutsTexts(const HeatmapFigure& figure, const HeatmapPlan& plan)
{
    const double width = plan.grid.left() - kHeatmapLabelGap - plan.labelLeft;
    const int lines = heatmapLabelLines(plan.cellHeight, plan.label);
    return std::any_of(figure.texts.begin(), figure.texts.end(),
                       [&](const QString& text) { return wrapped(text, plan.label, width, 1000).size() > lines; });
}

/// Room for the headings of groups: two lines where one does not do.
double headingHeight(const HeatmapFigure& figure, double cellWidth)
{
    if (figure.groups.isEmpty()) {
        return 0.0;
    }
    const bool wraps = std::any_of(figure.groups.begin(), figure.groups.end(), [&](const HeatmapFigure::Group& g) {
        return textWidth(g.heading, kHeatmapHeading) > static_cast<double>(g.count) * cellWidth - 1.0;
    });
    return (wraps ? 2 : 1) * lineHeight(kHeatmapHeading) + 3.0;
}

double rowScaleWidth(const HeatmapFigure& figure)
{
    if (figure.scale != HeatmapFigure::Scale::PerRow) {
        return 0.0;
    }
    double widest = 0.0;
    for (const HeatmapRange& range : heatmapRanges(figure)) {
        widest = std::max(widest, textWidth(heatmapRangeText(figure.value, range), kHeatmapRowScale));
    }
    return widest + 4.0;
}

/// Of the numbers written with so many decimals.
double widestNumber(const HeatmapFigure& figure, int decimals, const TextStyle& style)
{
    const HeatmapRange range = heatmapValueRange(figure);
    return range.empty() ? 1.0
                         : std::max({1.0, textWidth(heatmapNumber(figure.value, range.lo, decimals), style),
                                     textWidth(heatmapNumber(figure.value, range.hi, decimals), style)});
}

/// How numbers can be written into the cells of this plan, upright or turned.
HeatmapNumbers fittingNumbers(const HeatmapFigure& figure, const HeatmapPlan& plan, bool upwards)
{
    struct Way
    {
        int decimals;
        double least;
    };
    // Four decimals only where they are easy to read; then fewer. A percentile has none.
    static constexpr Way ways[] = {{4, 5.5}, {3, kLeastNumber}, {2, kLeastNumber}};
    static constexpr Way whole[] = {{0, kLeastNumber}};
    const auto fit = [&](const Way& way) -> HeatmapNumbers {
        TextStyle style{7.0, false, kInk};
        const double along = upwards ? plan.cellHeight : plan.cellWidth;
        const double across = upwards ? plan.cellWidth : plan.cellHeight;
        const double room = along - (along < 30.0 ? 3.0 : 5.0);
        const double size = std::min(room / widestNumber(figure, way.decimals, style) * style.size, across * 0.7);
        if (size < way.least) {
            return {};
        }
        style.size = std::min(style.size, size);
        return {way.decimals, upwards, style};
    };
    HeatmapNumbers numbers;
    if (figure.value == ScoreKind::Percentile) {
        return fit(whole[0]);
    }
    for (const Way& way : ways) {
        const bool fine = figure.value == ScoreKind::Probability && way.decimals > 3;
        numbers = numbers.decimals < 0 && !fine ? fit(way) : numbers;
    }
    return numbers;
}

/// Columns from left to right within their blocks, groups set apart. Returns the width that the widest block takes.
double placeColumns(const HeatmapFigure& figure, HeatmapPlan& plan, double left, double width)
{
    const qsizetype n = figure.pictures.size();
    std::vector<int> gaps(static_cast<std::size_t>(n), 0); // before each column, counted within its block
    qsizetype end = 0;
    int most = 0;
    for (const HeatmapFigure::Group& group : figure.groups) {
        for (qsizetype p = end; p < std::min(n, end + group.count); ++p) {
            const bool starts = p % plan.perBlock == 0;
            const auto at = static_cast<std::size_t>(p);
            gaps[at] = starts ? 0 : gaps[at - 1] + (p == end ? 1 : 0);
            most = std::max(most, gaps[at]);
        }
        end += group.count;
    }
    const double room = width - most * kGroupGap;
    plan.cellWidth = std::clamp(room / static_cast<double>(std::max<qsizetype>(1, plan.perBlock)), 0.01, kMaxCellWidth);
    plan.left.clear();
    for (qsizetype p = 0; p < n; ++p) {
        plan.left.push_back(left + static_cast<double>(p % plan.perBlock) * plan.cellWidth +
                            gaps[static_cast<std::size_t>(p)] * kGroupGap);
    }
    return static_cast<double>(plan.perBlock) * plan.cellWidth + most * kGroupGap;
}

/// The rows of every block from `top` to at most `bottom`.
void placeRows(const HeatmapFigure& figure, HeatmapPlan& plan, double top, double bottom)
{
    const auto blocks = std::max<qsizetype>(1, (figure.pictures.size() + plan.perBlock - 1) / plan.perBlock);
    const double share = 0.3 / static_cast<double>(blocks);
    plan.thumbnail = std::min({plan.cellWidth - 1.0, kMaxThumbnail, (bottom - top) * share});
    plan.thumbnail = plan.thumbnail < kMinThumbnail ? 0.0 : plan.thumbnail;
    plan.idHeight = idHeight(figure, plan.cellWidth);
    plan.headingHeight = headingHeight(figure, plan.cellWidth);
    const double head = plan.headingHeight + plan.idHeight + (plan.thumbnail > 0.0 ? plan.thumbnail + 2.0 : 0.0);
    const auto rows = static_cast<double>(std::max<qsizetype>(1, figure.texts.size()));
    const double room = (bottom - top - static_cast<double>(blocks - 1) * kBlockGap) / static_cast<double>(blocks);
    plan.cellHeight = std::clamp((room - head) / rows, 0.01, std::max(kMaxCellHeight, plan.thumbnail));
    plan.top.clear();
    for (qsizetype b = 0; b < blocks; ++b) {
        plan.top.push_back(top + head + static_cast<double>(b) * (head + rows * plan.cellHeight + kBlockGap));
    }
}

/// Halves what is blank below the plan, down to `bottom`, between above and below.
void moveToMiddle(HeatmapPlan& plan, const QRectF& page, double bottom)
{
    const double used = std::max(plan.grid.bottom(), plan.bar.bottom()) + kFooterGap;
    const double shift = std::max(0.0, (bottom - used) / 2);
    plan.page = page.adjusted(0.0, shift, 0.0, -shift);
    plan.grid.translate(0.0, shift);
    plan.bar.translate(0.0, shift);
    for (double& top : plan.top) {
        top += shift;
    }
}

HeatmapPlan planInBlocks(const HeatmapFigure& figure, const QRectF& page, qsizetype blocks, bool unreadable)
{
    HeatmapPlan plan;
    plan.frame = heatmapFrame(figure, unreadable);
    plan.perBlock = std::max<qsizetype>(1, (figure.pictures.size() + blocks - 1) / blocks);
    QRectF area = pageFrameArea(page, plan.frame);
    plan.sideBar = area.width() >= kSideBarFrom;
    const double barRoom = plan.sideBar ? colourBarWidth(heatmapBar(figure)) + kBarGap : colourBarHeight() + kBarGap;
    area.adjust(0.0, 0.0, plan.sideBar ? -barRoom : 0.0, plan.sideBar ? -kFooterGap : -barRoom);

    const double share = area.width() < 400.0 ? 0.38 : 0.3;
    const double labels = std::min(widestLabel(figure.texts, plan.label), area.width() * share) + kHeatmapLabelGap;
    plan.labelLeft = area.left();
    plan.rowScaleWidth = rowScaleWidth(figure);
    const double width = placeColumns(figure, plan, area.left() + labels, area.width() - labels - plan.rowScaleWidth);
    placeRows(figure, plan, area.top(), area.bottom());
    plan.label.size = labelSize(figure.texts, labels - kHeatmapLabelGap, plan.cellHeight);
    const double rows = static_cast<double>(std::max<qsizetype>(1, figure.texts.size())) * plan.cellHeight;
    plan.grid = QRectF(area.left() + labels, plan.top.front(), width, plan.top.back() + rows - plan.top.front());
    const bool low = plan.grid.height() < kTitledBar; // then beside the pictures, too, or its title has no room
    const double top = low ? area.top() : plan.grid.top();
    const double height = std::clamp(plan.grid.bottom() - top, std::min(60.0, area.bottom() - top), 170.0);
    plan.bar = plan.sideBar ? QRectF(plan.grid.right() + plan.rowScaleWidth + kBarGap, top, barRoom - kBarGap, height)
                            : QRectF(plan.grid.left(), plan.grid.bottom() + kBarGap,
                                     std::min(170.0, area.right() - plan.grid.left()), barRoom - kBarGap);
    moveToMiddle(plan, page, area.bottom() + (plan.sideBar ? 0.0 : barRoom));
    return plan;
}

} // namespace

int heatmapLabelLines(double cellHeight, const TextStyle& style)
{
    return std::clamp(static_cast<int>(cellHeight / lineHeight(style)), 1, 5);
}

HeatmapPlan heatmapPlan(const HeatmapFigure& figure, const QRectF& page)
{
    const qsizetype n = figure.pictures.size();
    const bool wanted = figure.numbers && !figure.values.empty();
    const qsizetype most = wanted && n <= kMostNumbers ? std::clamp<qsizetype>(n, 1, kMostBlocks) : 0;
    for (const bool upwards : {false, true}) { // upright in more blocks before turned in few
        for (qsizetype blocks = 1; blocks <= most; ++blocks) {
            HeatmapPlan plan = planInBlocks(figure, page, blocks, false);
            plan.numbers = fittingNumbers(figure, plan, upwards);
            if (plan.numbers.decimals >= 0) {
                return plan;
            }
        }
    }
    return planInBlocks(figure, page, 1, wanted);
}

int heatmapDecimals(const HeatmapFigure& figure, const QRectF& page)
{
    checkHeatmapShape(figure);
    return heatmapPlan(figure, page).numbers.decimals;
}

int heatmapBlocks(const HeatmapFigure& figure, const QRectF& page)
{
    checkHeatmapShape(figure);
    return static_cast<int>(heatmapPlan(figure, page).top.size());
}

double heatmapHeightMm(const HeatmapFigure& figure, double widthMm)
{
    checkHeatmapShape(figure);
    constexpr double least = 40.0, most = 280.0, step = 5.0;
    constexpr double easy = 10.0; // points that a cell should be high
    constexpr double longer = 1.4;
    double readable = 0.0;
    for (double height = least; height <= (readable > 0.0 ? longer * readable : most); height += step) {
        const HeatmapPlan plan = heatmapPlan(figure, FigureSize{widthMm, height}.page());
        const bool numbers = !figure.numbers || (plan.numbers.decimals >= 0 && !plan.numbers.upwards);
        if (numbers && plan.cellHeight >= easy) {
            readable = readable > 0.0 ? readable : height;
            if (!cutsTexts(figure, plan)) { // some more height may be worth whole texts
                return height;
            }
        }
    }
    return readable > 0.0 ? readable : std::max(least, widthMm * 2 / 3);
}

} // namespace semascope::ui
