#include "widgets/figure/LegendPainter.h"

#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"

#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

/// Sizes of a legend's parts.
struct Setting
{
    TextStyle title{7.5, true, kInk};
    TextStyle label{7.0, false, kInk};
    TextStyle count{6.5, false, kMutedInk};
    double swatch = 5.0;
    double swatchGap = 4.0;
    double countGap = 6.0;
    double row = 10.5;
    bool counts = true;
};

constexpr double kBarLength = 170.0;
constexpr double kFlowGap = 9.0;
constexpr double kNarrowTitle = 50.0;
constexpr int kBottomRows = 6;

Setting settingOf(LegendSetting setting, bool counts)
{
    if (setting == LegendSetting::Loose) {
        return {};
    }
    return {{7.0, true, kInk}, {6.5, false, kInk}, {6.0, false, kMutedInk}, 4.5, 2.5, 3.0, 9.0, counts};
}

ColourBar barOf(const Legend& legend)
{
    return {legend.title, legend.ramp, legend.lo, legend.hi, {}, {}};
}

QString countText(const Legend::Entry& entry, const Setting& s)
{
    return s.counts && entry.count > 0 ? formatCount(entry.count) : QString();
}

double entryWidth(const Legend::Entry& entry, const Setting& s)
{
    const QString count = countText(entry, s);
    return s.swatch + s.swatchGap + textWidth(entry.label, s.label) +
           (count.isEmpty() ? 0.0 : s.countGap + textWidth(count, s.count));
}

QString moreText(qsizetype entries)
{
    return QStringLiteral("and %1 more").arg(formatCount(entries));
}

/// A filled disc, or a ring for a class that is switched off, so that the difference is not one of colour alone.
void paintEntry(QPainter& painter, const QRectF& row, const Legend::Entry& entry, const Setting& s)
{
    const QColor colour = QColor::fromRgb(entry.colour);
    const QRectF disc(row.left(), row.center().y() - s.swatch / 2, s.swatch, s.swatch);
    painter.setPen(entry.hidden ? QPen(colour, 0.8) : QPen(Qt::NoPen));
    painter.setBrush(entry.hidden ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawEllipse(disc);
    painter.setBrush(Qt::NoBrush);

    const QString count = countText(entry, s);
    const double countRoom = count.isEmpty() ? 0.0 : s.countGap + textWidth(count, s.count);
    const double left = disc.right() + s.swatchGap;
    TextStyle style = s.label;
    style.colour = entry.hidden ? kMutedInk : kInk;
    const double baseline = row.center().y() + textAscent(s.label) / 2;
    // The hundredth is for widths that were made by adding the same numbers in another order.
    drawText(painter, {left, baseline}, elided(entry.label, style, row.right() - left - countRoom + 0.01), style);
    drawText(painter, {row.right(), baseline}, count, s.count, Anchor::Right);
}

void paintColumn(QPainter& painter, const QRectF& area, const QVector<Legend::Entry>& entries, const Setting& s)
{
    const qsizetype room = std::max<qsizetype>(1, static_cast<qsizetype>(area.height() / s.row + 0.01));
    const qsizetype shown = entries.size() <= room ? entries.size() : room - 1;
    for (qsizetype i = 0; i < shown; ++i) {
        const double top = area.top() + static_cast<double>(i) * s.row;
        paintEntry(painter, QRectF(area.left(), top, area.width(), s.row), entries[i], s);
    }
    if (shown < entries.size()) {
        const double baseline = area.top() + (static_cast<double>(shown) + 0.5) * s.row + textAscent(s.label) / 2;
        drawText(painter, {area.left() + s.swatch + s.swatchGap, baseline}, moreText(entries.size() - shown), s.count);
    }
}

QStringList titleLines(const Legend& legend, double width, const Setting& s)
{
    return legend.continuous ? QStringList() : wrapped(legend.title, s.title, width, 2);
}

double titleHeight(const QStringList& lines, const Setting& s)
{
    return lines.isEmpty() ? 0.0 : static_cast<double>(lines.size()) * lineHeight(s.title) + 3.0;
}

/// Entries in lines, like the words of a text.
struct Flow
{
    QVector<QRectF> places; // of the first entries, from (0, 0)
    QPointF more;           // where the number of the others goes
    int rows = 0;
};

Flow flowOf(const Legend& legend, double width, int rows, const Setting& s)
{
    Flow flow;
    double left = legend.continuous || legend.title.isEmpty() ? 0.0 : textWidth(legend.title, s.title) + kFlowGap;
    int row = 0;
    for (const Legend::Entry& entry : legend.entries) {
        const double wanted = std::min(entryWidth(entry, s), width);
        if (left > 0.0 && left + wanted > width) {
            left = 0.0;
            ++row;
        }
        flow.places.append(QRectF(left, row * s.row, wanted, s.row));
        left += wanted + kFlowGap;
    }
    flow.rows = std::min(row + 1, rows);
    if (row < rows) {
        return flow;
    }
    const double lastRow = (rows - 1) * s.row;
    const double moreRoom = kFlowGap + textWidth(moreText(legend.entries.size()), s.count);
    const auto inTheWay = [&](const QRectF& place) {
        return place.top() > lastRow + 0.01 || (place.top() > lastRow - 0.01 && place.right() + moreRoom > width);
    };
    while (!flow.places.isEmpty() && inTheWay(flow.places.last())) {
        flow.places.removeLast();
    }
    const bool shares = !flow.places.isEmpty() && flow.places.last().top() > lastRow - 0.01;
    flow.more = {shares ? flow.places.last().right() + kFlowGap : 0.0, lastRow + s.row / 2};
    return flow;
}

/// Counts where they need no further line.
Setting flowSetting(const Legend& legend, double width)
{
    const Setting with = settingOf(LegendSetting::Tight, true);
    const Setting without = settingOf(LegendSetting::Tight, false);
    const int rows = flowOf(legend, width, kBottomRows, without).rows;
    const Flow counted = flowOf(legend, width, kBottomRows, with);
    return counted.rows <= rows && counted.places.size() == legend.entries.size() ? with : without;
}

} // namespace

double sideLegendWidth(const Legend& legend, double limit, LegendSetting setting)
{
    if (legend.isEmpty()) {
        return 0.0;
    }
    const Setting s = settingOf(setting, false);
    double width = 0.0;
    for (const Legend::Entry& entry : legend.entries) {
        width = std::max(width, entryWidth(entry, s));
    }
    if (legend.continuous) {
        width = std::max(width, colourBarWidth(barOf(legend)));
    } else {
        const double title = textWidth(legend.title, s.title) + 0.01;
        width = std::max(width, setting == LegendSetting::Tight ? std::min(title, kNarrowTitle) : title);
    }
    return std::min(width, limit);
}

double sideLegendHeight(const Legend& legend, double width, LegendSetting setting)
{
    const Setting s = settingOf(setting, false);
    const double bar = legend.continuous ? 70.0 : 0.0;
    return bar + titleHeight(titleLines(legend, width, s), s) + static_cast<double>(legend.entries.size()) * s.row;
}

double bottomLegendHeight(const Legend& legend, double width)
{
    if (legend.isEmpty()) {
        return 0.0;
    }
    const Setting s = flowSetting(legend, width);
    const double bar = legend.continuous ? colourBarHeight() + 3.0 : 0.0;
    return bar + (legend.entries.isEmpty() ? 0.0 : flowOf(legend, width, kBottomRows, s).rows * s.row);
}

void paintSideLegend(QPainter& painter, const QRectF& area, const Legend& legend, LegendSetting setting)
{
    const Setting s = settingOf(setting, false);
    QRectF rest = area;
    if (legend.continuous) {
        const double below = legend.entries.isEmpty() ? 0.0 : 8.0 + static_cast<double>(legend.entries.size()) * s.row;
        const double length = std::min(kBarLength, std::max(40.0, area.height() - below));
        paintColourBar(painter, QRectF(area.left(), area.top() + 3.0, area.width(), length - 6.0), barOf(legend));
        rest.setTop(area.top() + length + 6.0);
    }
    const QStringList lines = titleLines(legend, area.width(), s);
    for (qsizetype k = 0; k < lines.size(); ++k) {
        const double baseline = area.top() + textAscent(s.title) + static_cast<double>(k) * lineHeight(s.title);
        drawText(painter, {area.left(), baseline}, lines[k], s.title);
    }
    rest.setTop(rest.top() + titleHeight(lines, s));
    if (!legend.entries.isEmpty() && rest.height() >= s.row) {
        paintColumn(painter, rest, legend.entries, s);
    }
}

void paintBottomLegend(QPainter& painter, const QRectF& area, const Legend& legend)
{
    QRectF rest = area;
    if (legend.continuous) {
        const double length = std::min(kBarLength, area.width());
        paintFlatColourBar(painter, QRectF(area.left(), area.top(), length, colourBarHeight()), barOf(legend));
        rest.setTop(area.top() + colourBarHeight() + 3.0);
    }
    if (legend.entries.isEmpty()) {
        return;
    }
    const Setting s = flowSetting(legend, area.width());
    const int rows = std::max(1, static_cast<int>(rest.height() / s.row + 0.01));
    const Flow flow = flowOf(legend, area.width(), rows, s);
    const double middle = textAscent(s.label) / 2;
    if (!legend.continuous) {
        drawText(painter, rest.topLeft() + QPointF(0.0, s.row / 2 + middle),
                 elided(legend.title, s.title, area.width()), s.title);
    }
    for (qsizetype i = 0; i < flow.places.size(); ++i) {
        paintEntry(painter, flow.places[i].translated(rest.topLeft()), legend.entries[i], s);
    }
    if (flow.places.size() < legend.entries.size()) {
        drawText(painter, rest.topLeft() + flow.more + QPointF(0.0, middle),
                 moreText(legend.entries.size() - flow.places.size()), s.count);
    }
}

} // namespace semascope::ui
