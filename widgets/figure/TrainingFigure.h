#pragma once

#include "core/cluster/DeepCluster.h"
#include "widgets/figure/FigureText.h"

#include <QJsonObject>
#include <QRectF>

#include <vector>

class QPainter;

namespace semascope::ui {

/// Colours of a training figure: those of paper, unless a window says others.
struct TrainingInk
{
    QRgb text = kInk, muted = kMutedInk, axis = kAxisInk, faint = kFaintInk;
    QRgb reconstruction = 0xff3b76b0, clustering = 0xffc4602a, changed = 0xff4d8a45, mark = 0xff0b66c3;
};

/// Curves of a training, one above the other: reconstruction error, KL(P‖Q), and the share of rows that changed their
/// cluster with the tolerance that ends it; pre-training left, refining right, each with its own steps.
struct TrainingFigure
{
    std::vector<core::TrainingPoint> curve;
    double tolerance = 0;  ///< share of rows; 0: none is drawn
    qsizetype marked = -1; ///< point of the curve that is shown elsewhere; −1: none
    QString title, subtitle, footer;
    TrainingInk ink;
};

/// Paints into `page`, in points (1/72 inch).
void paintTraining(QPainter& painter, const QRectF& page, const TrainingFigure& figure);

/// The point of the curve whose step is nearest to `at`; −1 beside the plots.
qsizetype trainingPointAt(const TrainingFigure& figure, const QRectF& page, const QPointF& at);
/// Where a value is painted. Null when that quantity has no part in the point's stage.
enum class TrainingQuantity { Reconstruction, Clustering, Changed };
QPointF trainingPlace(const TrainingFigure& figure, const QRectF& page, qsizetype point, TrainingQuantity quantity);

/// "pre-training, epoch 12" or "refining, update 8".
QString trainingStep(const core::TrainingPoint& point);
/// What is known at a point: "reconstruction error 0.412 · KL 0.0312 · 1.2 % of rows changed".
QString trainingValues(const core::TrainingPoint& point);

/// What the recipe of such a figure should say of it.
QJsonObject trainingRecipe(const TrainingFigure& figure);

} // namespace semascope::ui
