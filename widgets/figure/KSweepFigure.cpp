#include "widgets/figure/KSweepFigure.h"

#include "widgets/figure/PageFrame_p.h"
#include "widgets/figure/Ticks.h"

#include <QJsonArray>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kSideBySideFrom = 380.0;
constexpr double kGap = 14.0;
constexpr double kHead = 22.0, kFoot = 22.0, kLeft = 30.0;

struct Series
{
    QString title, note;
    std::vector<double> k, value, sd; ///< known ones only
    int proposed = 0;
    double lo = 0, hi = 1;
};

void take(Series& series, const core::KSweepPoint& point, const std::optional<double>& value,
          const std::optional<double>& sd = {})
{
    if (value && std::isfinite(*value)) {
        series.k.push_back(point.k);
        series.value.push_back(*value);
        series.sd.push_back(sd.value_or(0));
    }
}

std::array<Series, 3> seriesOf(const core::KSweep& sweep)
{
    std::array<Series, 3> all;
    all[0].title = QStringLiteral("silhouette");
    all[0].note = QStringLiteral("higher is better");
    all[0].proposed = sweep.bySilhouette;
    all[1].title = QStringLiteral("coding length, bits a row");
    all[1].note = QStringLiteral("lower is better");
    all[1].proposed = sweep.byCodingLength;
    all[2].title = QStringLiteral("stability over seeds (ARI)");
    all[2].note = QStringLiteral("higher is better");
    all[2].proposed = sweep.byStability;
    for (const core::KSweepPoint& point : sweep.points) {
        take(all[0], point, point.silhouette);
        take(all[1], point, point.codingLength);
        take(all[2], point, point.stability, point.sdStability);
    }
    for (Series& s : all) {
        double lo = INFINITY, hi = -INFINITY;
        for (std::size_t i = 0; i < s.value.size(); ++i) {
            lo = std::min(lo, s.value[i] - s.sd[i]);
            hi = std::max(hi, s.value[i] + s.sd[i]);
        }
        const double pad = hi > lo ? (hi - lo) * 0.08 : std::max(1e-3, std::abs(hi) * 0.05);
        s.lo = lo <= hi ? lo - pad : 0;
        s.hi = lo <= hi ? hi + pad : 1;
    }
    return all;
}

struct Range
{
    double lo = 2, hi = 3;
};

Range rangeOf(const core::KSweep& sweep)
{
    Range range{INFINITY, -INFINITY};
    for (const core::KSweepPoint& point : sweep.points) {
        range.lo = std::min(range.lo, static_cast<double>(point.k));
        range.hi = std::max(range.hi, static_cast<double>(point.k));
    }
    if (!(range.lo <= range.hi)) {
        return {};
    }
    return {range.lo - 0.5, range.hi + 0.5};
}

PageFrame frameOf(const KSweepFigure& figure)
{
    return {figure.title, figure.subtitle, figure.footer, 4};
}

struct Axes
{
    QRectF plot;
    Range k;
    double lo = 0, hi = 1;

    double x(double at) const { return plot.left() + (at - k.lo) / (k.hi - k.lo) * plot.width(); }
    double y(double value) const { return plot.bottom() - (value - lo) / (hi - lo) * plot.height(); }
    QPointF at(double kk, double value) const { return {x(kk), y(value)}; }
};

void paintAxes(QPainter& painter, const Axes& axes, const FigureInks& inks)
{
    const TextStyle numbers{6.5, false, inks.axis};
    const Ticks down = niceTicks(axes.lo, axes.hi, std::max(2, static_cast<int>(axes.plot.height() / 24)));
    for (const double value : down.values) {
        painter.setPen(QPen(QColor::fromRgb(inks.faint), 0.5));
        painter.drawLine(axes.at(axes.k.lo, value), axes.at(axes.k.hi, value));
        drawText(painter, {axes.plot.left() - 3.0, axes.y(value) + textAscent(numbers) / 2}, down.label(value), numbers,
                 Anchor::Right);
    }
    painter.setPen(QPen(QColor::fromRgb(inks.axis), 0.6));
    painter.drawLine(axes.plot.bottomLeft(), axes.plot.bottomRight());
    const int wanted = std::max(2, static_cast<int>(axes.plot.width() / 20));
    Ticks across = niceTicks(axes.k.lo, axes.k.hi, wanted);
    if (across.step < 1) {
        across = ticksOfStep(axes.k.lo, axes.k.hi, 1);
    }
    for (const double k : across.values) {
        painter.drawLine(QPointF(axes.x(k), axes.plot.bottom()), QPointF(axes.x(k), axes.plot.bottom() + 2.0));
        drawText(painter, {axes.x(k), axes.plot.bottom() + 4.0 + textAscent(numbers)}, across.label(k), numbers,
                 Anchor::Centre);
    }
    const TextStyle name{6.5, false, inks.muted};
    drawText(painter, {axes.plot.right(), axes.plot.bottom() + 4.0 + lineHeight(numbers) + textAscent(name)},
             QStringLiteral("k"), name, Anchor::Right);
}

void paintCurve(QPainter& painter, const Axes& axes, const Series& series, const FigureInks& inks)
{
    const QColor accent = QColor::fromRgb(inks.accent);
    QPolygonF line;
    for (std::size_t i = 0; i < series.k.size(); ++i) {
        line << axes.at(series.k[i], series.value[i]);
    }
    painter.setPen(QPen(accent, 1.1));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
    for (std::size_t i = 0; i < series.k.size(); ++i) {
        if (series.sd[i] > 0) {
            painter.setPen(QPen(accent, 0.7));
            painter.drawLine(axes.at(series.k[i], series.value[i] - series.sd[i]),
                             axes.at(series.k[i], series.value[i] + series.sd[i]));
        }
        painter.setPen(Qt::NoPen);
        painter.setBrush(accent);
        painter.drawEllipse(line[static_cast<qsizetype>(i)], 1.7, 1.7);
    }
}

/// The k that these figures propose: a ring around its dot and a word above.
void paintProposal(QPainter& painter, const Axes& axes, const Series& series, const FigureInks& inks)
{
    const auto at = std::find(series.k.begin(), series.k.end(), static_cast<double>(series.proposed));
    if (series.proposed <= 0 || at == series.k.end()) {
        return;
    }
    const QPointF dot = axes.at(*at, series.value[static_cast<std::size_t>(at - series.k.begin())]);
    painter.setPen(QPen(QColor::fromRgb(inks.ink), 1.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(dot, 3.8, 3.8);
}

void paintPlot(QPainter& painter, const KSweepFigure& figure, const Axes& axes, const Series& series)
{
    const FigureInks& inks = figure.inks;
    const TextStyle title{7.5, true, inks.ink}, note{6.5, false, inks.muted};
    double y = axes.plot.top() - kHead + textAscent(title) + 1.0;
    const double left = axes.plot.left() - kLeft + 4.0;
    drawText(painter, {left, y}, series.title, title);
    y += lineHeight(title) - 1.0;
    const QString proposal =
        series.proposed > 0 ? QStringLiteral("%1; proposes k = %2").arg(series.note).arg(series.proposed) : series.note;
    drawText(painter, {left, y}, proposal, note);
    paintAxes(painter, axes, inks);
    if (figure.chosen > 0 && figure.chosen > axes.k.lo && figure.chosen < axes.k.hi) {
        painter.setPen(QPen(QColor::fromRgb(inks.muted), 0.8, Qt::DashLine));
        painter.drawLine(QPointF(axes.x(figure.chosen), axes.plot.top()),
                         QPointF(axes.x(figure.chosen), axes.plot.bottom()));
    }
    if (series.k.empty()) {
        drawText(painter, axes.plot.center(), QStringLiteral("not known"), note, Anchor::Centre);
        return;
    }
    paintCurve(painter, axes, series, inks);
    paintProposal(painter, axes, series, inks);
}

} // namespace

QRectF kSweepPlot(const KSweepFigure& figure, const QRectF& page, int plot)
{
    const QRectF area = pageFrameArea(page, frameOf(figure));
    QRectF cell = area;
    if (area.width() >= kSideBySideFrom) {
        const double width = (area.width() - 2 * kGap) / 3;
        cell = QRectF(area.left() + plot * (width + kGap), area.top(), width, area.height());
    } else {
        const double height = (area.height() - 2 * kGap / 2) / 3;
        cell = QRectF(area.left(), area.top() + plot * (height + kGap / 2), area.width(), height);
    }
    return cell.adjusted(kLeft, kHead + 4.0, -2.0, -kFoot);
}

int kSweepAt(const KSweepFigure& figure, const QRectF& page, const QPointF& at)
{
    const Range range = rangeOf(figure.sweep);
    for (int plot = 0; plot < 3; ++plot) {
        const QRectF rect = kSweepPlot(figure, page, plot);
        if (!rect.contains(at) || figure.sweep.points.empty()) {
            continue;
        }
        const double k = range.lo + (at.x() - rect.left()) / rect.width() * (range.hi - range.lo);
        const auto nearest =
            std::min_element(figure.sweep.points.begin(), figure.sweep.points.end(),
                             [k](const auto& a, const auto& b) { return std::abs(a.k - k) < std::abs(b.k - k); });
        return nearest->k;
    }
    return 0;
}

void paintKSweep(QPainter& painter, const QRectF& page, const KSweepFigure& figure)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintPageFrame(painter, page, frameOf(figure));
    const std::array<Series, 3> all = seriesOf(figure.sweep);
    for (int plot = 0; plot < 3; ++plot) {
        const Series& series = all[static_cast<std::size_t>(plot)];
        const QRectF rect = kSweepPlot(figure, page, plot);
        if (rect.width() > 20.0 && rect.height() > 15.0) {
            paintPlot(painter, figure, {rect, rangeOf(figure.sweep), series.lo, series.hi}, series);
        }
    }
    painter.restore();
}

Figure figureOf(KSweepFigure sweep)
{
    const auto held = std::make_shared<const KSweepFigure>(std::move(sweep));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintKSweep(painter, page, *held); },
            [held](FigureFormat) {
                QJsonArray ks;
                for (const core::KSweepPoint& point : held->sweep.points) {
                    ks.append(point.k);
                }
                return QJsonObject{{QStringLiteral("figure"), QStringLiteral("choice of k")},
                                   {QStringLiteral("k"), ks},
                                   {QStringLiteral("seeds"), held->sweep.seeds},
                                   {QStringLiteral("n"), static_cast<qint64>(held->sweep.n)},
                                   {QStringLiteral("by_silhouette"), held->sweep.bySilhouette},
                                   {QStringLiteral("by_coding_length"), held->sweep.byCodingLength},
                                   {QStringLiteral("by_stability"), held->sweep.byStability}};
            }};
}

} // namespace semascope::ui
