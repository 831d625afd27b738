#include "widgets/ComparisonFigures.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {
namespace {

using Score = std::optional<double> core::LabelScores::*;
constexpr Score kScores[] = {&core::LabelScores::ami, &core::LabelScores::ari, &core::LabelScores::fmi,
                             &core::LabelScores::nmi, &core::LabelScores::acc};

core::LabelScores scoresOf(const core::Clustering& run, const std::vector<std::int64_t>& labels)
{
    std::vector<std::int64_t> truth, found;
    for (std::size_t r = 0; r < run.inputRow.size(); ++r) {
        if (labels[run.inputRow[r]] >= 0) {
            truth.push_back(labels[run.inputRow[r]]);
            found.push_back(run.assignment[r]);
        }
    }
    return truth.empty() ? core::LabelScores{} : core::compareLabelings(truth, found);
}

ComparedValue summary(const std::vector<core::LabelScores>& scores, Score score)
{
    double sum = 0, squares = 0, n = 0;
    for (const core::LabelScores& s : scores) {
        sum += (s.*score).value_or(0);
        n += s.*score ? 1 : 0;
    }
    if (n == 0) {
        return {};
    }
    for (const core::LabelScores& s : scores) {
        squares += s.*score ? std::pow(*(s.*score) - sum / n, 2) : 0;
    }
    return {sum / n, n > 1 ? std::optional(std::sqrt(squares / (n - 1))) : std::nullopt};
}

} // namespace

core::ClusterComparison judgedBy(const core::ClusterComparison& comparison, const RowLabels& labels)
{
    core::ClusterComparison judged = comparison;
    judged.labelName = labels.name.toStdString();
    judged.labels = labels.labels;
    judged.labelNames = labels.names;
    judged.labelled = static_cast<std::size_t>(
        std::count_if(labels.labels.begin(), labels.labels.end(), [](std::int64_t label) { return label >= 0; }));
    for (core::ComparedMethod& method : judged.methods) {
        method.scores.clear();
        method.meanScores = method.sdScores = {};
        for (const auto& run : method.runs) {
            if (judged.labelled > 0) {
                method.scores.push_back(scoresOf(*run, labels.labels));
            }
        }
        for (const Score score : kScores) {
            const ComparedValue value = summary(method.scores, score);
            method.meanScores.*score = value.mean;
            method.sdScores.*score = value.sd;
        }
    }
    return judged;
}

} // namespace semascope::ui
