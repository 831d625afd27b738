#pragma once

#include "widgets/figure/Ticks.h"
#include "widgets/figure/TrainingFigure.h"

namespace semascope::ui {

using Stage = core::TrainingPoint::Stage;

/// One stage: its place from left to right and its steps.
struct TrainingColumn
{
    Stage stage = Stage::Pretraining;
    double left = 0, right = 0;
    double first = 0, last = 1;

    double x(double step) const { return left + (step - first) / (last - first) * (right - left); }
};

/// One quantity: its place from top to bottom and its scale.
struct TrainingRow
{
    TrainingQuantity quantity = TrainingQuantity::Reconstruction;
    double top = 0, bottom = 0;
    double lo = 0, hi = 1;
    bool logarithmic = false;
    Ticks ticks; ///< of percentages where it is logarithmic

    /// Values at or below the end of a logarithmic scale lie on its bottom.
    double y(double value) const;
};

/// Where everything goes, in points.
struct TrainingPlan
{
    std::vector<TrainingColumn> columns;
    std::vector<TrainingRow> rows;
    QRectF area;

    const TrainingColumn* column(Stage stage) const;
};

TrainingPlan trainingPlan(const TrainingFigure& figure, const QRectF& page);
/// NaN where there is none.
double trainingValue(const core::TrainingPoint& point, TrainingQuantity quantity);

inline constexpr TextStyle kTrainingTick{6.5}, kTrainingTitle{7.5}, kTrainingStage{7.0, true};

} // namespace semascope::ui
