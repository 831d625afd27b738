#include "widgets/figure/TrainingFigure.h"

#include "widgets/figure/PageFrame_p.h"
#include "widgets/figure/TrainingPlan_p.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kDotsBelow = 14.0; // points of the curve are dotted when they are at least this far apart on average
constexpr double kLeastTickGap = 30.0;

TextStyle in(TextStyle style, QRgb colour)
{
    style.colour = colour;
    return style;
}

QPen pen(QRgb colour, double width, Qt::PenStyle style = Qt::SolidLine)
{
    QPen p(QColor::fromRgb(colour), width, style, Qt::RoundCap, Qt::RoundJoin);
    return p;
}

QRgb colourOf(const TrainingInk& ink, TrainingQuantity quantity)
{
    return quantity == TrainingQuantity::Reconstruction ? ink.reconstruction
           : quantity == TrainingQuantity::Clustering   ? ink.clustering
                                                        : ink.changed;
}

QString titleOf(TrainingQuantity quantity)
{
    return quantity == TrainingQuantity::Reconstruction
               ? QStringLiteral("Reconstruction error (mean square, a number of the prepared input)")
           : quantity == TrainingQuantity::Clustering
               ? QStringLiteral("Cluster loss KL(P‖Q) (nats a row)")
               : QStringLiteral("Rows that changed cluster since the update before (% of rows, log scale)");
}

/// "0.1 %" of 0.001.
QString percent(double share)
{
    QString text = QString::number(100 * share, 'g', 2);
    if (text.contains(QLatin1Char('e'))) {
        text = QString::number(100 * share, 'f', 0);
    }
    return text + QStringLiteral(" %");
}

QString significant(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', 4) : QStringLiteral("–");
}

bool hasCurve(const TrainingFigure& figure, Stage stage, TrainingQuantity quantity)
{
    return std::any_of(figure.curve.begin(), figure.curve.end(), [=](const core::TrainingPoint& p) {
        return p.stage == stage && std::isfinite(trainingValue(p, quantity));
    });
}

void paintScale(QPainter& painter, const TrainingPlan& plan, const TrainingRow& row, const TrainingFigure& figure)
{
    const TrainingInk& ink = figure.ink;
    const TextStyle style = in(kTrainingTick, ink.muted);
    const double left = plan.columns.front().left;
    for (const double value : row.ticks.values) {
        const double y = row.y(value);
        painter.setPen(pen(ink.faint, 0.4));
        for (const TrainingColumn& c : plan.columns) {
            if (hasCurve(figure, c.stage, row.quantity)) {
                painter.drawLine(QPointF(c.left, y), QPointF(c.right, y));
            }
        }
        drawText(painter, {left - 4, y + textAscent(style) * 0.36},
                 row.logarithmic ? percent(value) : row.ticks.label(value), style, Anchor::Right);
    }
    drawText(painter, {plan.columns.front().left, row.top - 4},
             elided(titleOf(row.quantity), kTrainingTitle, plan.area.right() - left),
             in(kTrainingTitle, colourOf(ink, row.quantity)));
}

/// Says why there is no curve here.
void paintAbsence(QPainter& painter, const TrainingColumn& column, const TrainingRow& row, const TrainingInk& ink)
{
    const QString text = column.stage == Stage::Pretraining ? QStringLiteral("no clusters yet")
                                                            : QStringLiteral("not part of this loss");
    const TextStyle style = in(kTrainingTick, ink.muted);
    drawText(painter, {(column.left + column.right) / 2, (row.top + row.bottom) / 2},
             elided(text, style, column.right - column.left), style, Anchor::Centre);
}

void paintCurve(QPainter& painter, const TrainingFigure& figure, const TrainingColumn& column, const TrainingRow& row)
{
    QPainterPath path;
    std::vector<QPointF> dots, zeros;
    bool broken = true;
    for (const core::TrainingPoint& p : figure.curve) {
        const double value = trainingValue(p, row.quantity);
        if (p.stage != column.stage) {
            continue;
        }
        if (!std::isfinite(value)) {
            broken = true;
            continue;
        }
        const QPointF at(column.x(p.step), row.y(value));
        broken ? path.moveTo(at) : path.lineTo(at);
        broken = false;
        (row.logarithmic && value <= 0 ? zeros : dots).push_back(at);
    }
    const QRgb colour = colourOf(figure.ink, row.quantity);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(pen(colour, 1.1));
    painter.drawPath(path);
    const auto all = dots.size() + zeros.size();
    const bool few = (column.right - column.left) >= kDotsBelow * double(all) || all == 1;
    for (const QPointF& at : zeros) { // hollow: lower than the scale can say
        painter.drawEllipse(at, 1.8, 1.8);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor::fromRgb(colour));
    for (const QPointF& at : dots) {
        if (few) {
            painter.drawEllipse(at, 1.6, 1.6);
        }
    }
}

void paintTolerance(QPainter& painter, const TrainingPlan& plan, const TrainingFigure& figure)
{
    const TrainingColumn* column = plan.column(Stage::Refining);
    const TrainingRow& row = plan.rows.back();
    if (!column || row.quantity != TrainingQuantity::Changed || figure.tolerance <= 0) {
        return;
    }
    const double y = row.y(figure.tolerance);
    painter.setPen(pen(figure.ink.muted, 0.7, Qt::DashLine));
    painter.drawLine(QPointF(column->left, y), QPointF(column->right, y));
    const TextStyle style = in(kTrainingTick, figure.ink.muted);
    drawText(painter, {column->left + 4, y - 2}, // where the share is still high
             QStringLiteral("tolerance %1").arg(percent(figure.tolerance)), style);
}

void paintSteps(QPainter& painter, const TrainingPlan& plan, const TrainingColumn& column, const TrainingInk& ink)
{
    const bool before = column.stage == Stage::Pretraining;
    const double bottom = plan.rows.back().bottom, centre = (column.left + column.right) / 2;
    const TextStyle tick = in(kTrainingTick, ink.muted);
    const int wanted = std::max(2, int((column.right - column.left) / kLeastTickGap));
    for (const double step : niceTicks(column.first, column.last, wanted).values) {
        if (step == std::floor(step)) {
            drawText(painter, {column.x(step), bottom + lineHeight(tick)}, QString::number(step, 'f', 0), tick,
                     Anchor::Centre);
        }
    }
    drawText(painter, {centre, bottom + 2 * lineHeight(tick) + 1},
             before ? QStringLiteral("epoch")
                    : elided(QStringLiteral("update of the target distribution"), tick, column.right - column.left),
             tick, Anchor::Centre);
    drawText(painter, {column.left, plan.area.top() + textAscent(kTrainingStage)},
             before ? QStringLiteral("Pre-training") : QStringLiteral("Refining"), in(kTrainingStage, ink.text));
    for (const TrainingRow& row : plan.rows) {
        painter.setPen(pen(ink.axis, 0.6));
        painter.drawLine(QPointF(column.left, row.bottom), QPointF(column.right, row.bottom));
        painter.drawLine(QPointF(column.left, row.top), QPointF(column.left, row.bottom));
    }
}

void paintMark(QPainter& painter, const TrainingPlan& plan, const TrainingFigure& figure)
{
    if (figure.marked < 0 || figure.marked >= qsizetype(figure.curve.size())) {
        return;
    }
    const core::TrainingPoint& p = figure.curve[std::size_t(figure.marked)];
    const double x = plan.column(p.stage)->x(p.step);
    painter.setPen(pen(figure.ink.mark, 0.9));
    painter.drawLine(QPointF(x, plan.rows.front().top), QPointF(x, plan.rows.back().bottom));
    painter.setBrush(QColor::fromRgb(figure.ink.mark));
    for (const TrainingRow& row : plan.rows) {
        const double value = trainingValue(p, row.quantity);
        if (std::isfinite(value)) {
            painter.drawEllipse(QPointF(x, row.y(value)), 2.2, 2.2);
        }
    }
}

} // namespace

void paintTraining(QPainter& painter, const QRectF& page, const TrainingFigure& figure)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintPageFrame(painter, page, {figure.title, figure.subtitle, figure.footer});
    const TrainingPlan plan = trainingPlan(figure, page);
    if (!plan.rows.empty()) {
        for (const TrainingColumn& column : plan.columns) {
            paintSteps(painter, plan, column, figure.ink);
        }
        for (const TrainingRow& row : plan.rows) {
            paintScale(painter, plan, row, figure);
            for (const TrainingColumn& column : plan.columns) {
                if (hasCurve(figure, column.stage, row.quantity)) {
                    paintCurve(painter, figure, column, row);
                } else {
                    paintAbsence(painter, column, row, figure.ink);
                }
            }
        }
        paintTolerance(painter, plan, figure);
        paintMark(painter, plan, figure);
    }
    painter.restore();
}

qsizetype trainingPointAt(const TrainingFigure& figure, const QRectF& page, const QPointF& at)
{
    const TrainingPlan plan = trainingPlan(figure, page);
    constexpr double reach = 8.0;
    qsizetype nearest = -1;
    double least = INFINITY;
    for (std::size_t i = 0; i < figure.curve.size() && !plan.rows.empty(); ++i) {
        const TrainingColumn& c = *plan.column(figure.curve[i].stage);
        const bool inside = at.x() > c.left - reach && at.x() < c.right + reach &&
                            at.y() > plan.rows.front().top - reach && at.y() < plan.rows.back().bottom + reach;
        const double distance = std::abs(c.x(figure.curve[i].step) - at.x());
        if (inside && distance < least) {
            least = distance;
            nearest = qsizetype(i);
        }
    }
    return nearest;
}

QPointF trainingPlace(const TrainingFigure& figure, const QRectF& page, qsizetype point, TrainingQuantity quantity)
{
    const TrainingPlan plan = trainingPlan(figure, page);
    const core::TrainingPoint& p = figure.curve[std::size_t(point)];
    const double value = trainingValue(p, quantity);
    for (const TrainingRow& row : plan.rows) {
        if (row.quantity == quantity && std::isfinite(value)) {
            return {plan.column(p.stage)->x(p.step), row.y(value)};
        }
    }
    return {};
}

QString trainingStep(const core::TrainingPoint& p)
{
    return p.stage == Stage::Pretraining ? QStringLiteral("pre-training, epoch %1").arg(p.step)
                                         : QStringLiteral("refining, update %1").arg(p.step);
}

QString trainingValues(const core::TrainingPoint& p)
{
    QStringList parts;
    if (std::isfinite(p.reconstruction)) {
        parts << QStringLiteral("reconstruction error %1").arg(significant(p.reconstruction));
    }
    if (std::isfinite(p.clustering)) {
        parts << QStringLiteral("KL %1").arg(significant(p.clustering));
    }
    if (std::isfinite(p.changed)) {
        parts << QStringLiteral("%1 of rows changed").arg(percent(p.changed));
    }
    return parts.join(QStringLiteral(" · "));
}

QJsonObject trainingRecipe(const TrainingFigure& figure)
{
    qint64 epochs = 0;
    for (const core::TrainingPoint& p : figure.curve) {
        epochs += p.stage == Stage::Pretraining ? 1 : 0;
    }
    return {{QStringLiteral("figure"), QStringLiteral("training")},
            {QStringLiteral("epochs"), epochs},
            {QStringLiteral("updates"), qint64(figure.curve.size()) - epochs},
            {QStringLiteral("tolerance"), figure.tolerance},
            {QStringLiteral("changed_scale"), QStringLiteral("log")}};
}

} // namespace semascope::ui
