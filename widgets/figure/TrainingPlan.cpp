#include "widgets/figure/TrainingPlan_p.h"

#include "widgets/figure/PageFrame_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

constexpr double kColumnGap = 18.0, kRowGap = 8.0;
constexpr double kTickRoom = 30.0;     // left of the plots
constexpr double kLeastShare = 0.3;    // of the width, for a stage
constexpr double kFromZero = 0.35;     // a scale begins at 0 when its least value is below this part of the largest
constexpr double kUsualFloor = 1.0e-4; // of a logarithmic scale when nothing else says where to end it

bool has(const TrainingFigure& figure, TrainingQuantity quantity)
{
    return std::any_of(figure.curve.begin(), figure.curve.end(),
                       [quantity](const core::TrainingPoint& p) { return std::isfinite(trainingValue(p, quantity)); });
}

std::vector<TrainingColumn> columnsOf(const TrainingFigure& figure)
{
    std::vector<TrainingColumn> columns;
    for (const Stage stage : {Stage::Pretraining, Stage::Refining}) {
        double first = INFINITY, last = -INFINITY;
        for (const core::TrainingPoint& p : figure.curve) {
            if (p.stage == stage) {
                first = std::min(first, double(p.step));
                last = std::max(last, double(p.step));
            }
        }
        if (first <= last) {
            columns.push_back({stage, 0, 0, first, std::max(last, first + 1)});
        }
    }
    return columns;
}

void placeColumns(std::vector<TrainingColumn>& columns, const TrainingFigure& figure, const QRectF& area)
{
    const double left = area.left() + kTickRoom, width = area.right() - left;
    if (columns.size() == 1) {
        columns[0].left = left;
        columns[0].right = area.right();
    } else if (columns.size() == 2) {
        const auto count = [&](Stage s) {
            return double(std::count_if(figure.curve.begin(), figure.curve.end(),
                                        [s](const core::TrainingPoint& p) { return p.stage == s; }));
        };
        const double before = count(Stage::Pretraining), after = count(Stage::Refining);
        const double share = std::clamp(before / (before + after), kLeastShare, 1 - kLeastShare);
        columns[0].left = left;
        columns[0].right = left + share * (width - kColumnGap);
        columns[1].left = columns[0].right + kColumnGap;
        columns[1].right = area.right();
    }
}

/// From 0 unless that would press the curve flat.
void chooseScale(TrainingRow& row, double least, double most)
{
    const double room = std::max(most - least, std::abs(most) * 0.02 + 1.0e-12) * 0.08;
    row.lo = least >= 0 && least < kFromZero * most ? 0 : least - room;
    row.hi = most + room;
    row.ticks = niceTicks(row.lo, row.hi, 4);
}

/// Percent, in decades; zeros have no place on such a scale and lie at its end.
void chooseLogScale(TrainingRow& row, const TrainingFigure& figure)
{
    double least = figure.tolerance > 0 ? figure.tolerance : INFINITY, most = figure.tolerance;
    for (const core::TrainingPoint& p : figure.curve) {
        if (p.changed > 0) {
            least = std::min(least, p.changed);
            most = std::max(most, p.changed);
        }
    }
    row.logarithmic = true;
    row.lo = (std::isfinite(least) ? least : kUsualFloor) / 2;
    row.hi = std::max(most * 1.4, row.lo * 20);
    for (int decade = -6; decade <= 0; ++decade) {
        const double value = std::pow(10.0, decade);
        if (value >= row.lo && value <= row.hi) {
            row.ticks.values.push_back(value);
        }
    }
}

TrainingRow rowOf(const TrainingFigure& figure, TrainingQuantity quantity)
{
    TrainingRow row;
    row.quantity = quantity;
    if (quantity == TrainingQuantity::Changed) {
        chooseLogScale(row, figure);
        return row;
    }
    double least = INFINITY, most = -INFINITY;
    for (const core::TrainingPoint& p : figure.curve) {
        const double value = trainingValue(p, quantity);
        if (std::isfinite(value)) {
            least = std::min(least, value);
            most = std::max(most, value);
        }
    }
    chooseScale(row, least, most);
    return row;
}

} // namespace

double trainingValue(const core::TrainingPoint& p, TrainingQuantity quantity)
{
    return quantity == TrainingQuantity::Reconstruction ? p.reconstruction
           : quantity == TrainingQuantity::Clustering   ? p.clustering
                                                        : p.changed;
}

double TrainingRow::y(double value) const
{
    const double share =
        logarithmic ? std::log(std::max(value, lo) / lo) / std::log(hi / lo) : (value - lo) / (hi - lo);
    return bottom - share * (bottom - top);
}

const TrainingColumn* TrainingPlan::column(Stage stage) const
{
    const auto found =
        std::find_if(columns.begin(), columns.end(), [stage](const TrainingColumn& c) { return c.stage == stage; });
    return found == columns.end() ? nullptr : &*found;
}

TrainingPlan trainingPlan(const TrainingFigure& figure, const QRectF& page)
{
    TrainingPlan plan;
    plan.area = pageFrameArea(page, {figure.title, figure.subtitle, figure.footer});
    plan.columns = columnsOf(figure);
    placeColumns(plan.columns, figure, plan.area);
    for (const auto quantity :
         {TrainingQuantity::Reconstruction, TrainingQuantity::Clustering, TrainingQuantity::Changed}) {
        if (has(figure, quantity)) {
            plan.rows.push_back(rowOf(figure, quantity));
        }
    }
    if (plan.rows.empty()) {
        return plan;
    }
    const double titles = lineHeight(kTrainingTitle) + 3;
    const double top = plan.area.top() + lineHeight(kTrainingStage) + 2;
    const double bottom = plan.area.bottom() - 2 * lineHeight(kTrainingTick) - 3; // steps and what they are
    const double count = double(plan.rows.size());
    const double height = std::max(4.0, (bottom - top - (count - 1) * kRowGap - count * titles) / count);
    double at = top;
    for (TrainingRow& row : plan.rows) {
        row.top = at + titles;
        row.bottom = row.top + height;
        at = row.bottom + kRowGap;
    }
    return plan;
}

} // namespace semascope::ui
