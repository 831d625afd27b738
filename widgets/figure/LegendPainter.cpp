#include "widgets/figure/LegendPainter.h"

#include "widgets/figure/ColourBar.h"
#include "widgets/figure/FigureText.h"

#include <QPainter>

#include <algorithm>

namespace semascope::ui
{
namespace
{

constexpr TextStyle kTitle{7.5, true, kInk};
constexpr TextStyle kLabel{7.0, false, kInk};
constexpr TextStyle kCount{6.5, false, kMutedInk};
constexpr double kSwatch = 5.0;
constexpr double kSwatchGap = 4.0;
constexpr double kCountGap = 6.0;
constexpr double kRow = 10.5;
constexpr double kTitleRow = 13.0;
constexpr double kColumnGap = 14.0;
constexpr double kBarLength = 170.0;
constexpr int kBottomRows = 6;

ColourBar barOf(const Legend& legend)
{
    return {legend.title, legend.ramp, legend.lo, legend.hi, {}, {}};
}

QString countText(const Legend::Entry& entry)
{
    return entry.count > 0 ? formatCount(entry.count) : QString();
}

double entryWidth(const Legend::Entry& entry)
{
    const QString count = countText(entry);
    return kSwatch + kSwatchGap + textWidth(entry.label, kLabel) +
           (count.isEmpty() ? 0.0 : kCountGap + textWidth(count, kCount));
}

double widestEntry(const Legend& legend)
{
    double widest = 0.0;
    for (const Legend::Entry& entry : legend.entries) {
        widest = std::max(widest, entryWidth(entry));
    }
    return widest;
}

/// A filled disc, or a ring for a class that is switched off, so that the difference is not one of colour alone.
void paintEntry(QPainter& painter, const QRectF& row, const Legend::Entry& entry)
{
    const QColor colour = QColor::fromRgb(entry.colour);
    const QRectF disc(row.left(), row.center().y() - kSwatch / 2, kSwatch, kSwatch);
    painter.setPen(entry.hidden ? QPen(colour, 0.8) : QPen(Qt::NoPen));
    painter.setBrush(entry.hidden ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawEllipse(disc);
    painter.setBrush(Qt::NoBrush);

    const QString count = countText(entry);
    const double countRoom = count.isEmpty() ? 0.0 : kCountGap + textWidth(count, kCount);
    const double left = disc.right() + kSwatchGap;
    TextStyle style = kLabel;
    style.colour = entry.hidden ? kMutedInk : kInk;
    const double baseline = row.center().y() + textAscent(kLabel) / 2;
    drawText(painter, {left, baseline}, elided(entry.label, style, row.right() - left - countRoom), style);
    drawText(painter, {row.right(), baseline}, count, kCount, Anchor::Right);
}

void paintEntries(QPainter& painter, const QRectF& area, const QVector<Legend::Entry>& entries)
{
    const qsizetype room = std::max<qsizetype>(1, static_cast<qsizetype>(area.height() / kRow));
    const qsizetype shown = entries.size() <= room ? entries.size() : room - 1;
    for (qsizetype i = 0; i < shown; ++i) {
        const double top = area.top() + static_cast<double>(i) * kRow;
        paintEntry(painter, QRectF(area.left(), top, area.width(), kRow), entries[i]);
    }
    if (shown < entries.size()) {
        const double baseline = area.top() + static_cast<double>(shown) * kRow + kRow / 2 + textAscent(kLabel) / 2;
        drawText(painter, {area.left() + kSwatch + kSwatchGap, baseline},
                 QStringLiteral("and %1 more").arg(formatCount(entries.size() - shown)), kCount);
    }
}

struct Columns {
    int columns = 1;
    int rows = 1;
    double width = 0.0;
};

Columns columnsFor(const Legend& legend, double width)
{
    Columns c;
    const double widest = std::min(widestEntry(legend), width);
    c.columns = std::max(1, static_cast<int>((width + kColumnGap) / (widest + kColumnGap)));
    const int entries = static_cast<int>(legend.entries.size());
    c.columns = std::clamp(c.columns, 1, std::max(1, entries));
    c.rows = std::min(kBottomRows, (entries + c.columns - 1) / c.columns);
    c.width = widest;
    return c;
}

} // namespace

double sideLegendWidth(const Legend& legend, double limit)
{
    if (legend.isEmpty()) {
        return 0.0;
    }
    double width = legend.entries.isEmpty() ? 0.0 : widestEntry(legend);
    if (legend.continuous) {
        width = std::max(width, colourBarWidth(barOf(legend)));
    } else {
        width = std::max(width, textWidth(legend.title, kTitle));
    }
    return std::min(width, limit);
}

double bottomLegendHeight(const Legend& legend, double width)
{
    if (legend.isEmpty()) {
        return 0.0;
    }
    const double bar = legend.continuous ? colourBarHeight() + 3.0 : 0.0;
    const double title = legend.continuous || legend.title.isEmpty() ? 0.0 : kTitleRow;
    return bar + title + (legend.entries.isEmpty() ? 0.0 : columnsFor(legend, width).rows * kRow);
}

void paintSideLegend(QPainter& painter, const QRectF& area, const Legend& legend)
{
    QRectF rest = area;
    if (legend.continuous) {
        const double below = legend.entries.isEmpty() ? 0.0 : 8.0 + static_cast<double>(legend.entries.size()) * kRow;
        const double length = std::min(kBarLength, std::max(40.0, area.height() - below));
        paintColourBar(painter, QRectF(area.left(), area.top() + 3.0, area.width(), length - 6.0), barOf(legend));
        rest.setTop(area.top() + length + 6.0);
    } else if (!legend.title.isEmpty()) {
        drawText(painter, {area.left(), area.top() + textAscent(kTitle)}, elided(legend.title, kTitle, area.width()),
                 kTitle);
        rest.setTop(area.top() + kTitleRow);
    }
    if (!legend.entries.isEmpty() && rest.height() >= kRow) {
        paintEntries(painter, rest, legend.entries);
    }
}

void paintBottomLegend(QPainter& painter, const QRectF& area, const Legend& legend)
{
    QRectF rest = area;
    if (legend.continuous) {
        const double length = std::min(kBarLength, area.width());
        paintFlatColourBar(painter, QRectF(area.left(), area.top(), length, colourBarHeight()), barOf(legend));
        rest.setTop(area.top() + colourBarHeight() + 3.0);
    } else if (!legend.title.isEmpty()) {
        drawText(painter, {area.left(), area.top() + textAscent(kTitle)}, elided(legend.title, kTitle, area.width()),
                 kTitle);
        rest.setTop(area.top() + kTitleRow);
    }
    if (legend.entries.isEmpty()) {
        return;
    }
    const Columns c = columnsFor(legend, area.width());
    for (int column = 0; column < c.columns; ++column) {
        const double left = rest.left() + column * (c.width + kColumnGap);
        const bool last = column + 1 == c.columns;
        const qsizetype first = static_cast<qsizetype>(column) * c.rows;
        const QVector<Legend::Entry> some = legend.entries.mid(first, last ? -1 : c.rows);
        if (!some.isEmpty()) {
            paintEntries(painter, QRectF(left, rest.top(), c.width, c.rows * kRow + 0.01), some);
        }
    }
}

} // namespace semascope::ui
