#pragma once
#include "core/cluster/Clustering.h"
#include "widgets/panels/TrainingView.h"

namespace semascope::app {

/// "refining, update 8 of 31 · 12 changed (0.4 %)". `whole` is the curve of the finished training, if it is.
QString momentText(const core::DeepFrame& frame, const std::vector<core::TrainingPoint>& whole);

/// What the tab says of a training that goes on, of `samples` samples in the data set.
ui::TrainingShown runningTraining(const core::DeepFrame& frame, const core::ClusterSpec& spec, std::size_t samples);
/// … and of one that is over. Empty for clusters that no network made.
ui::TrainingShown finishedTraining(const core::Clustering& clustering, std::size_t samples);

/// The share of changed rows that ends the training; 0 for methods without.
double toleranceOf(const core::ClusterSpec& spec);

/// Where the point stands in the curve; −1: nowhere.
qsizetype curveIndexOf(const core::TrainingPoint& point, const std::vector<core::TrainingPoint>& curve);

/// For a recipe.
QJsonObject trainingFacts(const core::Clustering& clustering);

} // namespace semascope::app
