#include "core/clip/ScoreMeaning.h"
#include "core/job/JobContext.h"
#include "widgets/Colouring.h"

#include <algorithm>
#include <cmath>

namespace semascope::ui {

namespace {

using Range = PromptValues::Range;

std::vector<float> column(const core::Matrix& table, std::size_t j)
{
    std::vector<float> values(table.rows());
    for (std::size_t r = 0; r < values.size(); ++r) {
        values[r] = table.at(r, j);
    }
    return values;
}

Range rangeOfValues(std::vector<float> values)
{
    std::erase_if(values, [](float v) { return !std::isfinite(v); });
    if (values.empty()) {
        return {};
    }
    const auto [lo, hi] = std::minmax_element(values.begin(), values.end());
    Range range{values.size(), static_cast<double>(*lo), 0, static_cast<double>(*hi)};
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    range.median = static_cast<double>(*middle);
    return range;
}

/// The prompts whose vectors fit the embedding.
struct Encoded
{
    Encoded(const std::vector<core::Prompt>& prompts, std::size_t dim)
    {
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            if (prompts[i].vector.size() != dim) {
                continue;
            }
            prompt.push_back(i);
            texts.push_back(&prompts[i].vector);
            if (prompts[i].oppositeVector.size() == dim) {
                opposites.push_back(&prompts[i].oppositeVector);
            }
        }
    }

    std::vector<std::size_t> prompt; ///< of each text
    std::vector<const std::vector<float>*> texts, opposites;
};

/// The vectors of these prompts as the rows of one matrix.
core::Matrix stacked(const std::vector<const std::vector<float>*>& vectors, std::size_t dim)
{
    std::vector<float> all;
    all.reserve(vectors.size() * dim);
    for (const std::vector<float>* v : vectors) {
        all.insert(all.end(), v->begin(), v->end());
    }
    return core::Matrix::from(std::move(all), vectors.size(), dim);
}

void rankCosines(PromptValues& v)
{
    const core::PercentileScale scale(v.cosine);
    v.cosineRange = {scale.size(), scale.lowest(), scale.median(), scale.highest()};
    v.percentile.reserve(v.cosine.size());
    for (const float cosine : v.cosine) {
        v.percentile.push_back(static_cast<float>(scale.percentile(static_cast<double>(cosine))));
    }
}

} // namespace

const std::vector<float>& PromptValues::of(ScoreKind kind) const
{
    switch (kind) {
    case ScoreKind::Percentile:
        return percentile;
    case ScoreKind::Contrast:
        return contrast;
    case ScoreKind::Probability:
        return probability;
    case ScoreKind::Cosine:
        break;
    }
    return cosine;
}

Range PromptValues::rangeOf(ScoreKind kind) const
{
    switch (kind) {
    case ScoreKind::Percentile:
        return {cosineRange.n, 0, 50, 100};
    case ScoreKind::Contrast:
        return contrastRange;
    case ScoreKind::Probability:
        return probabilityRange;
    case ScoreKind::Cosine:
        break;
    }
    return cosineRange;
}

std::vector<PromptValues> promptValues(const core::Embedding& embedding, std::size_t samples,
                                       const std::vector<core::Prompt>& prompts, double logitScale,
                                       core::JobContext& job)
{
    const std::size_t dim = embedding.rows.cols();
    const Encoded encoded(prompts, dim);
    std::vector<PromptValues> all(prompts.size());
    if (encoded.texts.empty()) {
        return all;
    }
    const auto table = [&](const std::vector<const std::vector<float>*>& of, bool probability) {
        core::ScoreSpec spec;
        spec.prompts = stacked(of, dim);
        spec.logitScale = logitScale;
        spec.probability = probability;
        return core::scoreTable(embedding.rows, spec, job);
    };
    const core::ScoreTable with = table(encoded.texts, encoded.texts.size() > 1);
    const core::Matrix without = encoded.opposites.empty() ? core::Matrix() : table(encoded.opposites, false).cosine;
    const auto perSample = [&](const core::Matrix& m, std::size_t j) {
        return core::valuesOfSamples(column(m, j), embedding.sampleIndex, samples);
    };
    std::size_t opposite = 0;
    for (std::size_t text = 0; text < encoded.texts.size(); ++text) {
        job.checkpoint();
        PromptValues& v = all[encoded.prompt[text]];
        v.cosine = perSample(with.cosine, text);
        rankCosines(v);
        if (!with.probability.empty()) {
            v.probability = perSample(with.probability, text);
            v.probabilityRange = rangeOfValues(v.probability);
        }
        if (prompts[encoded.prompt[text]].oppositeVector.size() == dim) {
            v.contrast = core::contrast(v.cosine, perSample(without, opposite++));
            v.contrastRange = rangeOfValues(v.contrast);
        }
    }
    return all;
}

PromptValues promptValues(const core::Embedding& embedding, std::size_t samples, const core::Prompt& prompt)
{
    core::JobContext job;
    return promptValues(embedding, samples, std::vector{prompt}, 100, job).front();
}

ScoreKind shownKind(const core::MapView& view, const core::Prompt& prompt)
{
    for (const ScoreKind kind :
         {ScoreKind::Cosine, ScoreKind::Percentile, ScoreKind::Contrast, ScoreKind::Probability}) {
        if (view.promptValue == scoreWord(kind)) {
            return kind;
        }
    }
    return prompt.opposite.empty() ? ScoreKind::Cosine : ScoreKind::Contrast;
}

QString promptTitle(const core::Prompt& prompt)
{
    const QString text = QString::fromStdString(prompt.text), other = QString::fromStdString(prompt.opposite);
    return other.isEmpty() ? text : text + (prompt.neutral ? QStringLiteral(" − ") : QStringLiteral(" ± ")) + other;
}

} // namespace semascope::ui
