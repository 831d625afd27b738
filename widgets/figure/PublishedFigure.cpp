#include "widgets/figure/PublishedFigure.h"

#include "widgets/figure/PageFrame_p.h"
#include "widgets/figure/Ticks.h"

#include <QJsonArray>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kLine = 13.0;  // points a row
constexpr double kHead = 22.0;  // a heading of one line, with the gap above it
constexpr double kAxis = 30.0;  // numbers, name and key below
constexpr double kFrame = 50.0; // title and footer of a page
constexpr double kDot = 2.6;
constexpr double kGap = 8.0;
constexpr double kSourceFrom = 330.0; // narrower pages do without the column of sources

struct Row
{
    QString name, detail, source;
    double nmi = 0, sd = 0;
    bool own = false, hollow = false;
};

std::vector<Row> rowsOf(const PublishedFigure& figure)
{
    std::vector<Row> rows;
    for (const PublishedFigure::Own& own : figure.own) {
        rows.push_back({own.method, own.encoder, {}, own.nmi, own.sd, true, !own.comparable});
    }
    std::vector<Row> published;
    for (const PublishedResult& r : figure.published) {
        if (r.nmi) {
            const QString source = r.quoted ? r.source + QStringLiteral(", as quoted") : r.source;
            published.push_back({r.method, r.encoder, source, *r.nmi, 0, false, r.quoted});
        }
    }
    std::stable_sort(published.begin(), published.end(), [](const Row& a, const Row& b) { return a.nmi > b.nmi; });
    rows.insert(rows.end(), published.begin(), published.end());
    return rows;
}

constexpr TextStyle kHeading{7.0, true, kMutedInk};

/// "Measured here on …"; two lines at most.
QStringList ownHeading(const PublishedFigure& figure, double width)
{
    const bool all = std::all_of(figure.own.begin(), figure.own.end(), [](const auto& o) { return o.comparable; });
    const QString text = QStringLiteral("Measured here on %1").arg(figure.ownOf);
    return wrapped(all ? text : text + QStringLiteral(": not CIFAR-10, not comparable (hollow)"), kHeading, width, 3);
}

struct Plan
{
    QStringList heading;
    std::vector<Row> rows;
    std::vector<double> y; ///< middle of each row
    QRectF names, plot, sources;
    double lo = 0.5, hi = 1.0;
    double firstHead = 0, secondHead = 0;
    std::vector<QRectF> blocks; ///< of rows under one heading

    double x(double nmi) const { return plot.left() + (nmi - lo) / (hi - lo) * plot.width(); }
};

Plan planOf(const PublishedFigure& figure, const QRectF& page)
{
    const QRectF area = pageFrameArea(page, {figure.title, figure.subtitle, figure.footer, 4});
    Plan plan;
    plan.rows = rowsOf(figure);
    plan.heading = figure.own.empty() ? QStringList() : ownHeading(figure, area.width());
    const double more = figure.own.empty() ? 0 : static_cast<double>(plan.heading.size()) * lineHeight(kHeading) + 12.0;
    const double heads = kHead + more;
    const double count = std::max<double>(1, static_cast<double>(plan.rows.size()));
    const double line = std::clamp((area.height() - heads - kAxis) / count, 7.0, 18.0);
    double y = area.top();
    plan.firstHead = y;
    for (std::size_t i = 0; i < plan.rows.size(); ++i) {
        if (i == 0 && !figure.own.empty()) {
            y += more;
        }
        if (i == figure.own.size()) {
            plan.secondHead = y;
            y += kHead;
        }
        if (i == 0 || i == figure.own.size()) {
            plan.blocks.emplace_back(area.left(), y, area.width(), 0);
        }
        plan.y.push_back(y + line / 2);
        y += line;
        plan.blocks.back().setBottom(y + (i + 1 == plan.rows.size() ? 3.0 : 0.0));
        plan.lo = std::min(plan.lo, std::floor((plan.rows[i].nmi - plan.rows[i].sd) * 10) / 10);
    }
    plan.lo = std::max(-0.1, plan.lo);
    const bool sources = area.width() >= kSourceFrom;
    const double names = area.width() * (sources ? 0.34 : 0.48), right = sources ? area.width() * 0.26 : 0;
    plan.names = QRectF(area.left(), area.top(), names, y - area.top());
    plan.plot = QRectF(area.left() + names + kGap, area.top(),
                       area.width() - names - right - (sources ? 2 : 1) * kGap - 4.0, y - area.top());
    plan.sources = QRectF(plan.plot.right() + kGap, area.top(), right, y - area.top());
    return plan;
}

void paintAxis(QPainter& painter, const Plan& plan, const FigureInks& inks)
{
    const TextStyle numbers{6.5, false, inks.axis};
    const double bottom = plan.plot.bottom() + 3.0;
    const Ticks ticks = ticksOfStep(plan.lo, plan.hi, plan.hi - plan.lo > 0.7 ? 0.2 : 0.1);
    for (const double value : ticks.values) {
        const double x = plan.x(value);
        painter.setPen(QPen(QColor::fromRgb(inks.faint), 0.5));
        for (const QRectF& block : plan.blocks) {
            painter.drawLine(QPointF(x, block.top()), QPointF(x, block.bottom()));
        }
        drawText(painter, {x, bottom + 2.0 + textAscent(numbers)}, ticks.label(value), numbers, Anchor::Centre);
    }
    const TextStyle name{7.0, false, inks.muted};
    drawText(painter, {plan.plot.center().x(), bottom + 3.0 + lineHeight(numbers) + textAscent(name)},
             QStringLiteral("NMI with the classes"), name, Anchor::Centre);
}

void paintDot(QPainter& painter, const QPointF& at, const Row& row, const FigureInks& inks)
{
    const QColor colour = QColor::fromRgb(row.own ? inks.accent : inks.ink);
    const double radius = row.own ? kDot * 1.3 : kDot;
    painter.setPen(QPen(colour, 1.0));
    painter.setBrush(row.hollow ? QColor::fromRgb(inks.paper) : colour);
    if (!row.own) {
        painter.drawEllipse(at, radius, radius);
        return;
    }
    const QPolygonF diamond{{at - QPointF(0, radius + 1), at + QPointF(radius + 1, 0), at + QPointF(0, radius + 1),
                             at - QPointF(radius + 1, 0)}};
    painter.drawPolygon(diamond); // another shape too: colour is not the only sign
}

/// With as many digits as were published; ours with three.
QString valueText(const Row& row)
{
    const double percent = row.nmi * 100;
    return formatNumber(row.nmi, row.own || std::abs(percent - std::round(percent)) > 1e-6 ? 3 : 2);
}

void paintRow(QPainter& painter, const Plan& plan, std::size_t index, const FigureInks& inks)
{
    const Row& row = plan.rows[index];
    const double y = plan.y[index];
    const TextStyle name{7.0, row.own, row.own ? inks.accent : inks.ink}, small{6.5, false, inks.muted};
    const double baseline = y + textAscent(name) / 2;
    const QString shown = elided(row.name, name, plan.names.width());
    drawText(painter, {plan.names.left(), baseline}, shown, name);
    const double used = textWidth(shown, name) + 5.0;
    if (plan.names.width() - used > 24.0) {
        drawText(painter, {plan.names.left() + used, baseline}, elided(row.detail, small, plan.names.width() - used),
                 small);
    }
    painter.setPen(QPen(QColor::fromRgb(inks.faint), 0.5, Qt::DotLine));
    painter.drawLine(QPointF(plan.plot.left(), y), QPointF(plan.x(row.nmi), y));
    if (row.sd > 0) {
        painter.setPen(QPen(QColor::fromRgb(inks.accent), 1.0));
        painter.drawLine(QPointF(plan.x(row.nmi - row.sd), y), QPointF(plan.x(std::min(plan.hi, row.nmi + row.sd)), y));
    }
    paintDot(painter, {plan.x(row.nmi), y}, row, inks);
    const bool right = plan.x(row.nmi) > plan.plot.right() - 30.0;
    const double away = 6.0 + (row.sd > 0 ? row.sd / (plan.hi - plan.lo) * plan.plot.width() : 0);
    drawText(painter, {plan.x(row.nmi) + (right ? -away : away), baseline}, valueText(row), small,
             right ? Anchor::Right : Anchor::Left);
    if (plan.sources.width() > 0) {
        drawText(painter, {plan.sources.left(), baseline}, elided(row.source, small, plan.sources.width()), small);
    }
}

} // namespace

void paintPublished(QPainter& painter, const QRectF& page, const PublishedFigure& figure)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintPageFrame(painter, page, {figure.title, figure.subtitle, figure.footer, 4});
    const Plan plan = planOf(figure, page);
    const TextStyle head{kHeading.size, true, figure.inks.muted};
    double y = plan.firstHead + 6.0 + textAscent(head);
    for (const QString& line : plan.heading) {
        drawText(painter, {plan.names.left(), y}, line, head);
        y += lineHeight(head);
    }
    drawText(painter, {plan.names.left(), plan.secondHead + kHead - 6.0},
             QStringLiteral("Published for CIFAR-10 (hollow: as quoted, not checked)"), head);
    paintAxis(painter, plan, figure.inks);
    for (std::size_t i = 0; i < plan.rows.size(); ++i) {
        paintRow(painter, plan, i, figure.inks);
    }
    painter.restore();
}

QPointF publishedOwnDot(const PublishedFigure& figure, const QRectF& page, std::size_t index)
{
    const Plan plan = planOf(figure, page);
    return {plan.x(plan.rows[index].nmi), plan.y[index]};
}

double publishedHeight(const PublishedFigure& figure)
{
    const double rows = static_cast<double>(rowsOf(figure).size());
    return rows * kLine + kHead + (figure.own.empty() ? 0 : 2 * kHead) + kAxis + kFrame;
}

double publishedHeightMm(const PublishedFigure& figure)
{
    return std::ceil(publishedHeight(figure) * 25.4 / 72 / 5) * 5;
}

Figure figureOf(PublishedFigure published)
{
    const auto held = std::make_shared<const PublishedFigure>(std::move(published));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintPublished(painter, page, *held); },
            [held](FigureFormat) {
                QJsonArray own;
                for (const PublishedFigure::Own& o : held->own) {
                    own.append(QJsonObject{{QStringLiteral("method"), o.method},
                                           {QStringLiteral("encoder"), o.encoder},
                                           {QStringLiteral("nmi"), o.nmi},
                                           {QStringLiteral("sd"), o.sd},
                                           {QStringLiteral("comparable"), o.comparable}});
                }
                return QJsonObject{{QStringLiteral("figure"), QStringLiteral("published NMI on CIFAR-10")},
                                   {QStringLiteral("published"), static_cast<qint64>(held->published.size())},
                                   {QStringLiteral("own"), own},
                                   {QStringLiteral("own_of"), held->ownOf}};
            }};
}

} // namespace semascope::ui
