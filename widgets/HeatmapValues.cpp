#include "widgets/HeatmapTable_p.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::ui {

namespace {

/// Of what is not missing; NaN of nothing.
class Mean
{
public:
    void take(float value)
    {
        if (!std::isnan(value)) {
            m_sum += static_cast<double>(value);
            ++m_count;
        }
    }
    float value() const
    {
        return m_count > 0 ? static_cast<float>(m_sum / static_cast<double>(m_count))
                           : std::numeric_limits<float>::quiet_NaN();
    }

private:
    double m_sum = 0;
    std::size_t m_count = 0;
};

/// In place: softmax over the rows of each column.
void makeProbabilities(HeatmapValues& values, double scale)
{
    const std::size_t columns = values.of.empty() ? 0 : values.of.front().size();
    for (std::size_t c = 0; c < columns; ++c) {
        const int best = values.best(c);
        if (best < 0) {
            continue;
        }
        const auto top = static_cast<double>(values.of[static_cast<std::size_t>(best)][c]);
        double sum = 0;
        for (auto& row : values.of) {
            const double e = std::exp(scale * (static_cast<double>(row[c]) - top));
            row[c] = static_cast<float>(e);
            sum += e;
        }
        for (auto& row : values.of) {
            row[c] = static_cast<float>(static_cast<double>(row[c]) / sum);
        }
    }
}

/// Prompts that stand alone: neither with an opposite nor one themselves.
std::size_t withoutOpposite(const HeatmapScores& scores)
{
    std::vector<bool> paired(scores.texts.size(), false);
    for (std::size_t t = 0; t < scores.texts.size(); ++t) {
        if (scores.texts[t].opposite >= 0) {
            paired[t] = true;
            paired[static_cast<std::size_t>(scores.texts[t].opposite)] = true;
        }
    }
    return static_cast<std::size_t>(std::count(paired.begin(), paired.end(), false));
}

} // namespace

float HeatmapValues::mean(std::size_t row) const
{
    Mean mean;
    for (const float v : of[row]) {
        mean.take(v);
    }
    return mean.value();
}

float HeatmapValues::columnMean(std::size_t column) const
{
    Mean mean;
    for (const auto& row : of) {
        mean.take(row[column]);
    }
    return mean.value();
}

int HeatmapValues::best(std::size_t column) const
{
    int best = -1;
    for (std::size_t r = 0; r < of.size(); ++r) {
        const float v = of[r][column];
        if (!std::isnan(v) && (best < 0 || v > of[static_cast<std::size_t>(best)][column])) {
            best = static_cast<int>(r);
        }
    }
    return best;
}

HeatmapValues heatmapValues(const HeatmapScores& scores, ScoreKind kind, QStringList& notes)
{
    const core::Matrix& source = kind == ScoreKind::Percentile ? scores.scores.percentile : scores.scores.cosine;
    HeatmapValues values;
    for (std::size_t t = 0; t < scores.texts.size(); ++t) {
        const int opposite = scores.texts[t].opposite;
        if (kind == ScoreKind::Contrast ? opposite < 0 : scores.texts[t].neutral) {
            continue;
        }
        std::vector<float> row(source.row(t), source.row(t) + source.cols());
        for (std::size_t c = 0; c < row.size() && kind == ScoreKind::Contrast; ++c) {
            row[c] -= source.at(static_cast<std::size_t>(opposite), c);
        }
        values.rows.push_back(t);
        values.of.push_back(std::move(row));
    }
    const std::size_t alone = kind == ScoreKind::Contrast ? withoutOpposite(scores) : 0;
    if (alone > 0) {
        notes << QStringLiteral("%1 without an opposite left out").arg(alone);
    }
    if (kind == ScoreKind::Probability) {
        if (!scores.logitScale || values.rows.size() < 2) {
            return {};
        }
        makeProbabilities(values, *scores.logitScale);
    }
    return values;
}

} // namespace semascope::ui
