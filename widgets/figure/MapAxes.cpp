#include "widgets/figure/FigureText.h"
#include "widgets/figure/ProjectedMap_p.h"

#include <QLineF>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::ui {
namespace {

constexpr TextStyle kNumbers{6.5, false, kAxisInk};
constexpr TextStyle kTitle{7.5, false, kInk};
constexpr double kTickLength = 2.5;
constexpr double kTickGap = 2.0;
constexpr double kTickSpacing = 62.0;
constexpr double kNumberGap = 5.0;
constexpr double kTitleGap = 4.0;
constexpr qsizetype kLeastTicks = 3;

QPen axisPen()
{
    return QPen(QColor::fromRgb(kAxisInk), 0.5, Qt::SolidLine, Qt::FlatCap);
}

QString axisTitle(const core::Layout& layout, std::size_t axis)
{
    const QString number = QString::number(axis + 1);
    if (axis < layout.explained.size()) {
        const QString share = formatNumber(100.0 * static_cast<double>(layout.explained[axis]), 1);
        return QStringLiteral("PC %1 (%2\u202f%)").arg(number, share);
    }
    return QStringLiteral("dimension %1").arg(number);
}

FlatAxis axisThrough(double layoutA, double pageA, double layoutB, double pageB)
{
    FlatAxis axis;
    axis.slope = (pageB - pageA) / (layoutB - layoutA);
    axis.offset = pageA - axis.slope * layoutA;
    return axis;
}

double widestLabel(const Ticks& ticks)
{
    double widest = 0.0;
    for (const double value : ticks.values) {
        widest = std::max(widest, textWidth(ticks.label(value), kNumbers));
    }
    return widest;
}

/// At least three where the range holds so many round numbers.
Ticks enoughTicks(double lo, double hi)
{
    Ticks ticks;
    for (int wanted = static_cast<int>(kLeastTicks); wanted <= 12 && ticks.values.size() < kLeastTicks; ++wanted) {
        ticks = niceTicks(lo, hi, wanted);
    }
    return ticks;
}

/// Lengths are equal on both axes, and equal steps let the eye see it: steps become finer until both axes have enough
/// of them, unless the numbers below the horizontal one would meet.
void setTicks(FlatAxes& axes, const QRectF& plot)
{
    const auto range = [](const FlatAxis& axis, double from, double to) {
        return std::pair((from - axis.offset) / axis.slope, (to - axis.offset) / axis.slope);
    };
    const auto [x0, x1] = range(axes.x, plot.left(), plot.right());
    const int wanted = std::max(2, static_cast<int>(plot.width() / kTickSpacing));
    axes.x.ticks = niceTicks(x0, x1, wanted);
    if (!axes.hasY) {
        axes.x.ticks = axes.x.ticks.values.size() < kLeastTicks ? enoughTicks(x0, x1) : axes.x.ticks;
        return;
    }
    const auto [y0, y1] = range(axes.y, plot.bottom(), plot.top());
    axes.y.ticks = ticksOfStep(y0, y1, axes.x.ticks.step);
    for (int more = wanted + 1; more <= 5 * wanted; ++more) {
        if (std::min(axes.x.ticks.values.size(), axes.y.ticks.values.size()) >= kLeastTicks) {
            return;
        }
        const Ticks finer = niceTicks(x0, x1, more);
        if (widestLabel(finer) + kNumberGap > finer.step * axes.x.slope) {
            break;
        }
        axes.x.ticks = finer;
        axes.y.ticks = ticksOfStep(y0, y1, finer.step);
    }
    axes.y.ticks = axes.y.ticks.values.size() < kLeastTicks ? enoughTicks(y0, y1) : axes.y.ticks;
}

/// The part of `line` inside `area`, or a null line (Liang and Barsky 1984).
QLineF clipped(const QLineF& line, const QRectF& area)
{
    double from = 0.0;
    double to = 1.0;
    const double slopes[4] = {-line.dx(), line.dx(), -line.dy(), line.dy()};
    const double rooms[4] = {line.x1() - area.left(), area.right() - line.x1(), line.y1() - area.top(),
                             area.bottom() - line.y1()};
    for (int side = 0; side < 4; ++side) {
        if (slopes[side] < 0.0) {
            from = std::max(from, rooms[side] / slopes[side]);
        } else if (slopes[side] > 0.0) {
            to = std::min(to, rooms[side] / slopes[side]);
        } else if (!(rooms[side] >= 0.0)) {
            return {}; // parallel and outside, or behind the camera (NaN)
        }
    }
    return from < to ? QLineF(line.pointAt(from), line.pointAt(to)) : QLineF();
}

/// Of the four parallel edges the one lowest on the page, or for a steep one the leftmost: there its title is free.
QLineF titledEdge(const std::array<QPointF, 8>& corners, unsigned axis, const QPointF& centre)
{
    QLineF best;
    double bestScore = -std::numeric_limits<double>::infinity();
    for (unsigned bits = 0; bits < 8; ++bits) {
        if ((bits >> axis & 1U) != 0) {
            continue;
        }
        const QLineF edge(corners[bits], corners[bits | 1U << axis]);
        const bool steep = std::abs(edge.dy()) > 1.5 * std::abs(edge.dx());
        const QPointF middle = edge.center() - centre;
        const double score = steep ? -middle.x() + 0.1 * middle.y() : middle.y() - 0.1 * std::abs(middle.x());
        if (score > bestScore) {
            bestScore = score;
            best = edge;
        }
    }
    return best;
}

void paintEdgeTitle(QPainter& painter, const QLineF& edge, const QPointF& centre, const QString& title)
{
    QLineF normal = edge.normalVector();
    normal.translate(edge.center() - normal.p1());
    normal.setLength(8.0);
    QPointF away = normal.p2() - normal.p1();
    if (QPointF::dotProduct(away, edge.center() - centre) < 0.0) {
        away = -away;
    }
    double angle = -edge.angle();
    // Steep titles read from below, as that of a vertical axis does.
    while (angle > 60.0) {
        angle -= 180.0;
    }
    while (angle <= -120.0) {
        angle += 180.0;
    }
    painter.save();
    painter.translate(edge.center() + away);
    painter.rotate(angle);
    drawText(painter, {0.0, textAscent(kTitle) / 2}, title, kTitle, Anchor::Centre);
    painter.restore();
}

} // namespace

FlatAxes flatAxes(const MapFigure& figure, const ProjectedMap& map)
{
    const int dim = static_cast<int>(figure.layout->points.cols());
    const double unit = 1.0 / map.box.scale;
    const auto& c = map.box.centre;
    const QPointF origin = projectPlace(map, c, dim);
    const QPointF right = projectPlace(map, {c[0] + unit, c[1], c[2]}, dim);
    const QPointF up = projectPlace(map, {c[0], c[1] + unit, c[2]}, dim);

    FlatAxes axes;
    axes.hasY = dim > 1;
    axes.x = axisThrough(c[0], origin.x(), c[0] + unit, right.x());
    if (axes.hasY) {
        axes.y = axisThrough(c[1], origin.y(), c[1] + unit, up.y());
    }
    setTicks(axes, map.plot);
    return axes;
}

double leftAxisWidth(const FlatAxes& axes)
{
    const double title = textAscent(kTitle) + kTitleGap;
    return axes.hasY ? title + widestLabel(axes.y.ticks) + kTickLength + kTickGap : 4.0;
}

double bottomAxisHeight()
{
    return kTickLength + kTickGap + textAscent(kNumbers) + kTitleGap + lineHeight(kTitle);
}

void paintFlatAxes(QPainter& painter, const MapFigure& figure, const ProjectedMap& map, const FlatAxes& axes)
{
    const QRectF& plot = map.plot;
    painter.setPen(axisPen());
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    const double numbersBelow = plot.bottom() + kTickLength + kTickGap + textAscent(kNumbers);
    for (const double value : axes.x.ticks.values) {
        const double x = axes.x.offset + axes.x.slope * value;
        painter.setPen(axisPen());
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + kTickLength));
        drawText(painter, {x, numbersBelow}, axes.x.ticks.label(value), kNumbers, Anchor::Centre);
    }
    drawText(painter, {plot.center().x(), numbersBelow + kTitleGap + textAscent(kTitle)}, axisTitle(*figure.layout, 0),
             kTitle, Anchor::Centre);
    if (!axes.hasY) {
        return;
    }
    painter.setPen(axisPen());
    painter.drawLine(plot.topLeft(), plot.bottomLeft());
    const double numbersRight = plot.left() - kTickLength - kTickGap;
    for (const double value : axes.y.ticks.values) {
        const double y = axes.y.offset + axes.y.slope * value;
        painter.setPen(axisPen());
        painter.drawLine(QPointF(plot.left() - kTickLength, y), QPointF(plot.left(), y));
        drawText(painter, {numbersRight, y + textAscent(kNumbers) / 2}, axes.y.ticks.label(value), kNumbers,
                 Anchor::Right);
    }
    drawTextUpwards(painter, {numbersRight - widestLabel(axes.y.ticks) - kTitleGap, plot.center().y()},
                    axisTitle(*figure.layout, 1), kTitle, Anchor::Centre);
}

void paintBox(QPainter& painter, const MapFigure& figure, const ProjectedMap& map)
{
    const int dim = static_cast<int>(figure.layout->points.cols());
    const LayoutBounds bounds = layoutBounds(figure.layout->points, map.box);
    std::array<QPointF, 8> corners;
    for (unsigned bits = 0; bits < 8; ++bits) {
        corners[bits] = projectPlace(map, layoutCorner(bounds, bits), dim);
    }
    painter.setPen(QPen(QColor::fromRgb(kFaintInk), 0.5, Qt::SolidLine, Qt::RoundCap));
    QPointF centre;
    for (unsigned bits = 0; bits < 8; ++bits) {
        centre += corners[bits] / 8.0;
        for (unsigned axis = 0; axis < 3; ++axis) {
            const QLineF edge(corners[bits], corners[bits | 1U << axis]);
            const QLineF seen = (bits >> axis & 1U) == 0 ? clipped(edge, map.plot) : QLineF();
            if (!seen.isNull()) {
                painter.drawLine(seen);
            }
        }
    }
    for (unsigned axis = 0; axis < 3; ++axis) {
        const QLineF edge = clipped(titledEdge(corners, axis, centre), map.plot);
        if (edge.length() > 30.0) {
            painter.setPen(axisPen());
            painter.drawLine(edge);
            paintEdgeTitle(painter, edge, centre, axisTitle(*figure.layout, axis));
        }
    }
}

} // namespace semascope::ui
