#include "widgets/figure/ColourBar.h"

#include "widgets/figure/FigureText.h"
#include "widgets/figure/Ticks.h"

#include <QLinearGradient>
#include <QPainter>

#include <algorithm>

namespace semascope::ui {
namespace {

constexpr double kThick = 7.0;
constexpr double kTickLength = 2.0;
constexpr TextStyle kNumbers{6.5, false, kAxisInk};
constexpr TextStyle kTitle{7.5, false, kInk};

struct Mark
{
    double at; // 0 at lo, 1 at hi
    QString text;
};

QVector<Mark> marks(const ColourBar& bar, int wanted)
{
    if (!bar.loText.isEmpty() || !bar.hiText.isEmpty()) {
        return {{0.0, bar.loText}, {1.0, bar.hiText}};
    }
    const Ticks ticks = niceTicks(bar.lo, bar.hi, wanted);
    if (ticks.values.isEmpty()) {
        return {{0.5, formatNumber(bar.lo, 3)}};
    }
    QVector<Mark> all;
    for (const double value : ticks.values) {
        all.append({(value - bar.lo) / (bar.hi - bar.lo), ticks.label(value)});
    }
    return all;
}

void paintRamp(QPainter& painter, const QRectF& rect, Ramp ramp, const QLineF& axis)
{
    QLinearGradient gradient(axis.p1(), axis.p2());
    for (int k = 0; k <= 32; ++k) {
        gradient.setColorAt(k / 32.0, QColor::fromRgb(rampColour(ramp, k / 32.0)));
    }
    painter.setPen(QPen(QColor::fromRgb(kAxisInk), 0.4));
    painter.setBrush(gradient);
    painter.drawRect(rect);
    painter.setBrush(Qt::NoBrush);
}

double widestMark(const ColourBar& bar)
{
    double widest = 0.0;
    for (const Mark& mark : marks(bar, 5)) {
        widest = std::max(widest, textWidth(mark.text, kNumbers));
    }
    return widest;
}

} // namespace

double colourBarWidth(const ColourBar& bar)
{
    const double title = bar.title.isEmpty() ? 0.0 : lineHeight(kTitle) + 3.0;
    return kThick + kTickLength + 2.0 + widestMark(bar) + title;
}

double colourBarHeight()
{
    return lineHeight(kTitle) + 2.0 + kThick + kTickLength + 2.0 + lineHeight(kNumbers);
}

void paintColourBar(QPainter& painter, const QRectF& area, const ColourBar& bar)
{
    const QRectF rect(area.left(), area.top(), kThick, area.height());
    paintRamp(painter, rect, bar.ramp, QLineF(rect.bottomLeft(), rect.topLeft()));
    const double textLeft = rect.right() + kTickLength + 2.0;
    for (const Mark& mark : marks(bar, 5)) {
        const double y = rect.bottom() - mark.at * rect.height();
        painter.setPen(QPen(QColor::fromRgb(kAxisInk), 0.4));
        painter.drawLine(QPointF(rect.right(), y), QPointF(rect.right() + kTickLength, y));
        drawText(painter, {textLeft, y + textAscent(kNumbers) / 2}, mark.text, kNumbers);
    }
    const double x = textLeft + widestMark(bar) + 3.0 + textAscent(kTitle);
    drawTextUpwards(painter, {x, area.center().y()}, elided(bar.title, kTitle, area.height()), kTitle, Anchor::Centre);
}

void paintFlatColourBar(QPainter& painter, const QRectF& area, const ColourBar& bar)
{
    drawText(painter, {area.left(), area.top() + textAscent(kTitle) + 1.0}, elided(bar.title, kTitle, area.width()),
             kTitle);
    const QRectF rect(area.left(), area.top() + lineHeight(kTitle) + 2.0, area.width(), kThick);
    paintRamp(painter, rect, bar.ramp, QLineF(rect.topLeft(), rect.topRight()));
    const double baseline = rect.bottom() + kTickLength + 2.0 + textAscent(kNumbers);
    double free = area.left(); // where the next number may begin
    for (const Mark& mark : marks(bar, 5)) {
        const double x = rect.left() + mark.at * rect.width();
        painter.setPen(QPen(QColor::fromRgb(kAxisInk), 0.4));
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x, rect.bottom() + kTickLength));
        const double half = textWidth(mark.text, kNumbers) / 2;
        const double centre = std::clamp(x, area.left() + half, std::max(area.left() + half, area.right() - half));
        if (centre - half >= free - 0.01) {
            drawText(painter, {centre, baseline}, mark.text, kNumbers, Anchor::Centre);
            free = centre + half + 3.0;
        }
    }
}

} // namespace semascope::ui
