#include "widgets/figure/ComparisonFigure.h"

#include "widgets/figure/ComparisonPlan_p.h"

#include <QJsonArray>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kFrameMargin = 8.0; // that paintMap leaves around
constexpr double kMmPerPoint = 25.4 / 72;
constexpr double kUsualSide = 112.0; // points: 40 mm
constexpr qsizetype kVectorPoints = 20'000;
constexpr TextStyle kTitle{7.5, true, kInk};
constexpr TextStyle kCaption{6.5, false, kMutedInk};

MapFigure mapOf(const ComparisonFigure& figure, const ComparisonFigure::Panel& panel, double side)
{
    MapFigure map;
    map.layout = figure.layout;
    map.camera = figure.camera;
    map.fit = figure.fit;
    map.axes = false;
    map.opacity = figure.opacity;
    map.rasterDpi = figure.rasterDpi;
    map.vectorPoints = kVectorPoints / static_cast<qsizetype>(std::max<std::size_t>(1, figure.panels.size()));
    map.colours = panel.colours;
    std::size_t shown = 0;
    for (const QRgb colour : panel.colours) {
        const bool there = qAlpha(colour) != 0;
        shown += there ? 1 : 0;
        map.flags.push_back(there ? 0 : kPointHidden);
    }
    const double n = static_cast<double>(std::max<std::size_t>(1, shown));
    map.pointSize = std::clamp(0.5 * side / std::sqrt(n), 0.7, 3.5);
    return map;
}

void paintPanel(QPainter& painter, const ComparisonFigure& figure, std::size_t index, const QRectF& at)
{
    const ComparisonFigure::Panel& panel = figure.panels[index];
    painter.setPen(QPen(QColor::fromRgb(kFaintInk), 0.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(at);
    if (panel.problem.isEmpty()) {
        const QRectF inner = at.adjusted(2, 2, -2, -2);
        paintMap(painter, inner.adjusted(-kFrameMargin, -kFrameMargin, kFrameMargin, kFrameMargin),
                 mapOf(figure, panel, at.width()));
    } else {
        double y = at.center().y() - lineHeight(kCaption);
        for (const QString& line : wrapped(panel.problem, kCaption, at.width() - 10.0, 4)) {
            drawText(painter, {at.center().x(), y}, line, kCaption, Anchor::Centre);
            y += lineHeight(kCaption);
        }
    }
    double y = at.bottom() + 3.0 + textAscent(kTitle);
    drawText(painter, {at.left(), y}, elided(panel.title, kTitle, at.width()), kTitle);
    y += lineHeight(kTitle) - textAscent(kTitle) + textAscent(kCaption);
    for (const QString& line : panel.caption) {
        drawText(painter, {at.left(), y}, elided(line, kCaption, at.width()), kCaption);
        y += lineHeight(kCaption);
    }
}

} // namespace

void paintComparison(QPainter& painter, const QRectF& page, const ComparisonFigure& figure)
{
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintPageFrame(painter, page, comparisonFrame(figure));
    const ComparisonPlan plan = planComparison(figure, page);
    for (std::size_t i = 0; i < figure.panels.size() && plan.side > 10.0; ++i) {
        paintPanel(painter, figure, i, plan.map(i));
    }
    if (!figure.head.isEmpty()) {
        paintComparisonTable(painter, figure, plan);
    }
    painter.restore();
}

QRectF comparisonPanel(const ComparisonFigure& figure, const QRectF& page, std::size_t index)
{
    return planComparison(figure, page).map(index);
}

double comparisonHeightMm(const ComparisonFigure& figure, double widthMm)
{
    const QRectF high(0, 0, widthMm / kMmPerPoint, 4000);
    const QRectF area = pageFrameArea(high, comparisonFrame(figure));
    const ComparisonPlan plan = planComparison(figure, high);
    const double frame = high.height() - area.height();
    const double count = static_cast<double>(std::max<std::size_t>(1, figure.panels.size()));
    const double most = std::clamp(std::round(area.width() / kUsualSide), 1.0, count);
    const double columns = std::ceil(count / std::ceil(count / most)); // rows of about the same length
    const double side = std::min(kUsualSide * 1.4, (area.width() - (columns - 1) * 8.0) / columns);
    const double maps = figure.panels.empty() ? 0 : std::ceil(count / columns) * (side + plan.caption + 6.0);
    const double points = frame + maps + plan.lines.height + 8.0;
    return std::clamp(std::ceil(points * kMmPerPoint / 5) * 5, 40.0, 2000.0);
}

Figure figureOf(ComparisonFigure comparison, int dpi)
{
    comparison.rasterDpi = dpi;
    const auto held = std::make_shared<const ComparisonFigure>(std::move(comparison));
    return {held->title, [held](QPainter& painter, const QRectF& page) { paintComparison(painter, page, *held); },
            [held](FigureFormat) {
                QJsonArray panels, rows;
                for (const ComparisonFigure::Panel& panel : held->panels) {
                    panels.append(panel.title);
                }
                for (const auto& row : held->rows) {
                    QJsonArray cells;
                    for (const ComparisonFigure::Cell& cell : row) {
                        cells.append(cell.spread.isEmpty() ? cell.text : cell.text + QLatin1Char(' ') + cell.spread);
                    }
                    rows.append(cells);
                }
                return QJsonObject{{QStringLiteral("figure"), QStringLiteral("comparison of clusterings")},
                                   {QStringLiteral("panels"), panels},
                                   {QStringLiteral("columns"), QJsonArray::fromStringList(held->head)},
                                   {QStringLiteral("rows"), rows}};
            }};
}

} // namespace semascope::ui
