#include "core/clip/ScoreMeaning.h"

#include "core/clip/Embedder.h"
#include "core/clip/RowProducts_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace semascope::core {

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

/// Rows whose cosines mean something, one byte each.
std::vector<char> rowsWithDirection(const Matrix& rows)
{
    std::vector<char> has(rows.rows(), 0);
    parallelFor(rows.rows(), 4096, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const double square = squaredLength(rows.row(i), rows.cols());
            has[i] = square > 0 && std::isfinite(square) ? 1 : 0;
        }
    });
    return has;
}

Matrix cosinesOf(const Matrix& rows, const Matrix& prompts, const std::vector<char>& usable, JobContext& job)
{
    constexpr std::size_t kBlock = 65536; // a stop is seen within a fraction of a second
    const std::size_t m = prompts.rows();
    std::vector<float> all(rows.rows() * m);
    for (std::size_t first = 0; first < rows.rows(); first += kBlock) {
        job.checkpoint();
        const std::size_t count = std::min(kBlock, rows.rows() - first);
        const Matrix part = cosineScores(Matrix(rows.row(first), count, rows.cols(), nullptr), prompts);
        std::copy_n(part.data(), count * m, all.begin() + static_cast<std::ptrdiff_t>(first * m));
        job.progress("scoring", "pictures", first + count, rows.rows());
    }
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        if (usable[i] == 0) {
            std::fill_n(all.begin() + static_cast<std::ptrdiff_t>(i * m), m, kMissing);
        }
    }
    return Matrix::from(std::move(all), rows.rows(), m);
}

std::vector<float> column(const Matrix& x, std::size_t j)
{
    std::vector<float> values(x.rows());
    for (std::size_t i = 0; i < x.rows(); ++i) {
        values[i] = x.at(i, j);
    }
    return values;
}

Matrix percentilesOfColumns(const Matrix& cosine, std::vector<std::size_t>& counted, JobContext& job)
{
    const std::size_t n = cosine.rows(), m = cosine.cols();
    std::vector<float> all(n * m);
    counted.assign(m, 0);
    parallelFor(m, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t j = begin; j < end; ++j) {
            job.checkpoint();
            const std::vector<float> values = column(cosine, j);
            const PercentileScale scale(values);
            counted[j] = scale.size();
            for (std::size_t i = 0; i < n; ++i) {
                all[i * m + j] = static_cast<float>(scale.percentile(static_cast<double>(values[i])));
            }
        }
    });
    return Matrix::from(std::move(all), n, m);
}

Matrix contrastOf(const Matrix& cosine, const Matrix& opposite)
{
    std::vector<float> all(cosine.rows() * cosine.cols());
    for (std::size_t i = 0; i < cosine.rows(); ++i) {
        for (std::size_t j = 0; j < cosine.cols(); ++j) {
            all[i * cosine.cols() + j] = cosine.at(i, j) - opposite.at(i, opposite.cols() == 1 ? 0 : j);
        }
    }
    return Matrix::from(std::move(all), cosine.rows(), cosine.cols());
}

/// "12,345".
std::string grouped(std::size_t n)
{
    std::string text = std::to_string(n);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

std::string shortNumber(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

} // namespace

PercentileScale::PercentileScale(const std::vector<float>& values)
{
    m_sorted.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(m_sorted), [](float v) { return !std::isnan(v); });
    std::sort(m_sorted.begin(), m_sorted.end());
}

double PercentileScale::percentile(double value) const
{
    if (m_sorted.empty() || std::isnan(value)) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const auto at = std::equal_range(m_sorted.begin(), m_sorted.end(), static_cast<float>(value));
    const auto below = static_cast<double>(at.first - m_sorted.begin());
    const auto notAbove = static_cast<double>(at.second - m_sorted.begin());
    return 100 * (below + notAbove) / 2 / static_cast<double>(m_sorted.size());
}

double PercentileScale::quantile(double share) const
{
    if (m_sorted.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(m_sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, m_sorted.size() - 1);
    const double low = static_cast<double>(m_sorted[below]), high = static_cast<double>(m_sorted[above]);
    return low + (high - low) * (place - static_cast<double>(below));
}

std::vector<float> percentiles(const std::vector<float>& values)
{
    const PercentileScale scale(values);
    std::vector<float> result(values.size());
    std::transform(values.begin(), values.end(), result.begin(),
                   [&scale](float v) { return static_cast<float>(scale.percentile(static_cast<double>(v))); });
    return result;
}

std::vector<float> contrast(const std::vector<float>& with, const std::vector<float>& without)
{
    if (with.size() != without.size()) {
        throw Error(Code::Mismatch, "A contrast needs two cosines for every picture: " + std::to_string(with.size()) +
                                        " and " + std::to_string(without.size()) + " do not match.");
    }
    std::vector<float> result(with.size());
    std::transform(with.begin(), with.end(), without.begin(), result.begin(), std::minus<>());
    return result;
}

std::vector<double> promptProbabilities(const std::vector<double>& cosines, double logitScale)
{
    std::vector<double> result(cosines.size(), std::numeric_limits<double>::quiet_NaN());
    if (cosines.empty() || std::any_of(cosines.begin(), cosines.end(), [](double c) { return std::isnan(c); })) {
        return result;
    }
    const double highest = *std::max_element(cosines.begin(), cosines.end()); // e^0 at most: nothing overflows
    double sum = 0;
    for (std::size_t i = 0; i < cosines.size(); ++i) {
        result[i] = std::exp(logitScale * (cosines[i] - highest));
        sum += result[i];
    }
    std::transform(result.begin(), result.end(), result.begin(), [sum](double e) { return e / sum; });
    return result;
}

Matrix promptProbabilities(const Matrix& cosines, double logitScale)
{
    const std::size_t m = cosines.cols();
    std::vector<float> all(cosines.rows() * m);
    parallelFor(cosines.rows(), 1024, [&](std::size_t begin, std::size_t end) {
        std::vector<double> row(m);
        for (std::size_t i = begin; i < end; ++i) {
            row.assign(cosines.row(i), cosines.row(i) + m);
            const std::vector<double> shares = promptProbabilities(row, logitScale);
            std::transform(shares.begin(), shares.end(), all.begin() + static_cast<std::ptrdiff_t>(i * m),
                           [](double p) { return static_cast<float>(p); });
        }
    });
    return Matrix::from(std::move(all), cosines.rows(), m);
}

std::vector<float> valuesOfSamples(const std::vector<float>& rows, const std::vector<std::uint32_t>& sampleIndex,
                                   std::size_t samples)
{
    std::vector<float> values(samples, kMissing);
    for (std::size_t r = 0; r < rows.size() && r < sampleIndex.size(); ++r) {
        const std::uint32_t s = sampleIndex[r];
        if (s < samples && std::isnan(values[s])) {
            values[s] = rows[r];
        }
    }
    return values;
}

ScoreTable scoreTable(const Matrix& rows, const ScoreSpec& spec, JobContext& job)
{
    const std::size_t m = spec.prompts.rows(), opposites = spec.opposites.rows();
    if (m == 0) {
        throw Error(Code::Misuse, "There is no prompt to score with; give at least one text.");
    }
    if (opposites > 1 && opposites != m) {
        throw Error(Code::Misuse, "There are " + std::to_string(opposites) + " opposites for " + std::to_string(m) +
                                      " prompts; give one a prompt, or one for all.");
    }
    ScoreTable table;
    const std::vector<char> usable = rowsWithDirection(rows);
    table.cosine = cosinesOf(rows, spec.prompts, usable, job);
    if (opposites > 0) {
        table.contrast = contrastOf(table.cosine, cosinesOf(rows, spec.opposites, usable, job));
    }
    if (spec.percentile) {
        table.percentile = percentilesOfColumns(table.cosine, table.counted, job);
    }
    if (spec.probability) {
        table.probability = promptProbabilities(table.cosine, spec.logitScale);
    }
    return table;
}

std::string cosineMeaning()
{
    return "A cosine compares the direction of a picture with that of a text, from −1 to 1. CLIP keeps all pictures in "
           "one cone and all texts in another, so even a good match is only about 0.2 to 0.35: compare the cosines of "
           "one prompt across pictures, never with 1.";
}

std::string percentileMeaning(std::size_t n)
{
    return "The percentile is the share of the " + grouped(n) +
           " rows scored here that fit the prompt less well (equal ones count half). It ranks them; it does not say "
           "that any of them fits.";
}

std::string contrastMeaning(const std::string& text, const std::string& opposite)
{
    return "The contrast is the cosine with “" + text + "” minus the cosine with “" + opposite +
           "”. What both texts share cancels: above 0 the first fits better, below 0 the second, and a few hundredths "
           "are already a clear lean.";
}

std::string probabilityMeaning(std::size_t prompts, double logitScale)
{
    if (prompts < 2) {
        return "With one prompt the probability is always 1: add prompts that it can be compared with.";
    }
    const std::string count = grouped(prompts);
    return "The probability is the softmax of " + shortNumber(logitScale) +
           " × cosine (the model's own logit scale) over these " + count + " prompts. The " + count +
           " values of a picture add up to 1: they say which prompt fits best, never whether one fits at all, and "
           "they change with every prompt added or removed.";
}

std::string neighbourMeaning(bool centred)
{
    return centred ? "Centred cosines: every vector has lost the mean of its own modality first, which closes the gap "
                     "between pictures and texts, so that they may stand in one list."
                   : "Plain cosines with rows of one modality. Compare them within this list only: texts and pictures "
                     "have different ranges and are never mixed like this.";
}

} // namespace semascope::core
