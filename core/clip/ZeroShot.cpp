#include "core/clip/ZeroShot.h"

#include "core/clip/Unicode.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <unordered_map>

#include <cblas.h>

namespace semascope::core {

namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

void checkSpec(const ZeroShotSpec& spec)
{
    const std::set<std::string> distinct(spec.classes.begin(), spec.classes.end());
    if (spec.classes.size() < 2 || distinct.size() != spec.classes.size()) {
        throw Error(Code::Misuse, spec.classes.size() < 2
                                      ? "Zero-shot classification needs at least two classes; one would always win."
                                      : "A class is named twice; every class needs a name of its own.");
    }
    if (spec.templates.templates.empty()) {
        throw Error(Code::Misuse, "Zero-shot classification needs at least one template, such as \"a photo of a {}\".");
    }
}

/// Mean of unit rows [first, first + count), scaled to unit length, into `to`.
void averageRows(const Matrix& rows, std::size_t first, std::size_t count, float* to)
{
    std::vector<double> sum(rows.cols(), 0.0);
    for (std::size_t i = first; i < first + count; ++i) {
        for (std::size_t j = 0; j < rows.cols(); ++j) {
            sum[j] += static_cast<double>(rows.at(i, j));
        }
    }
    const double square = std::inner_product(sum.begin(), sum.end(), sum.begin(), 0.0);
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0.0;
    std::transform(sum.begin(), sum.end(), to, [scale](double v) { return static_cast<float>(v * scale); });
}

bool isUnit(const float* row, std::size_t d)
{
    double square = 0;
    for (std::size_t j = 0; j < d; ++j) {
        square += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    return std::abs(square - 1) < 0.01; // NaN compares false; a zero row stays zero
}

/// The best classes of one row of cosines into the result's row r.
void rankRow(ZeroShotResult& result, const float* cosine, std::size_t classes, std::size_t r)
{
    std::vector<std::int32_t> order(classes);
    std::iota(order.begin(), order.end(), 0);
    const auto better = [cosine](std::int32_t a, std::int32_t b) {
        return cosine[a] != cosine[b] ? cosine[a] > cosine[b] : a < b;
    };
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(result.top), order.end(), better);
    const double highest = static_cast<double>(cosine[order[0]]);
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        sum += std::exp(result.logitScale * (static_cast<double>(cosine[c]) - highest));
    }
    for (std::size_t t = 0; t < result.top; ++t) {
        const std::int32_t c = order[t];
        const std::size_t at = r * result.top + t;
        result.best[at] = c;
        result.cosine[at] = cosine[c];
        result.probability[at] =
            static_cast<float>(std::exp(result.logitScale * (static_cast<double>(cosine[c]) - highest)) / sum);
    }
}

/// Class names as they are compared: lower case, without blanks, '_' and '-'.
std::string matchKey(const std::string& name)
{
    std::u32string key;
    for (const char32_t c : lowerCase(fromUtf8(name))) {
        if (!isBlank(c) && c != U'_' && c != U'-') {
            key.push_back(c);
        }
    }
    return toUtf8(key);
}

std::unordered_map<std::string, std::int32_t> classIndex(const std::vector<std::string>& classes)
{
    std::unordered_map<std::string, std::int32_t> index;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        index.emplace(matchKey(classes[i]), static_cast<std::int32_t>(i)); // of two alike the first counts
    }
    return index;
}

} // namespace

Matrix zeroShotClassifier(const ClipModel& model, const ZeroShotSpec& spec, JobContext& job)
{
    checkSpec(spec);
    constexpr std::size_t kTextsAtOnce = 1024;
    const std::size_t classes = spec.classes.size(), each = spec.templates.templates.size();
    const std::size_t group = std::max<std::size_t>(1, kTextsAtOnce / each);
    std::vector<float> values;
    std::size_t dim = 0;
    for (std::size_t first = 0; first < classes; first += group) {
        const std::size_t end = std::min(classes, first + group);
        std::vector<std::string> texts;
        for (std::size_t c = first; c < end; ++c) {
            for (const std::string& pattern : spec.templates.templates) {
                texts.push_back(promptOf(pattern, spec.classes[c]));
            }
        }
        JobContext part(job.stop()); // its progress is part of ours
        part.onProgress = [&](const Progress& p) {
            job.progress("encoding prompts", "prompts", first * each + p.done, classes * each);
        };
        const Matrix unit = model.encodeTexts(texts, part);
        dim = unit.cols();
        values.resize(classes * dim);
        for (std::size_t c = first; c < end; ++c) {
            averageRows(unit, (c - first) * each, each, values.data() + c * dim);
        }
    }
    return Matrix::from(std::move(values), classes, dim);
}

ZeroShotResult zeroShot(const Embedding& embedding, const Matrix& classifier, const ZeroShotSpec& spec,
                        double logitScale, JobContext& job)
{
    const Matrix& rows = embedding.rows;
    const std::size_t n = rows.rows(), d = rows.cols(), classes = classifier.rows();
    if (d != classifier.cols()) {
        throw Error(Code::Mismatch, "The pictures have " + std::to_string(d) + " dimensions but the classes have " +
                                        std::to_string(classifier.cols()) + "; embed both with the same model.");
    }
    if (classes != spec.classes.size()) {
        throw Error(Code::Mismatch, "The classifier has " + std::to_string(classes) + " rows for " +
                                        std::to_string(spec.classes.size()) + " classes; build it anew.");
    }
    const auto start = std::chrono::steady_clock::now();
    ZeroShotResult result;
    result.spec = spec;
    result.modelName = embedding.modelName;
    result.logitScale = logitScale;
    result.top = std::min(ZeroShotResult::kTop, classes);
    result.sampleIndex = embedding.sampleIndex;
    result.best.assign(n * result.top, -1);
    result.probability.assign(n * result.top, kMissing);
    result.cosine.assign(n * result.top, kMissing);
    const Matrix prompts = normaliseRows(classifier);
    const std::size_t block = std::clamp<std::size_t>((1 << 22) / std::max<std::size_t>(classes, 1), 64, 4096);
    std::vector<float> cosine(block * classes);
    for (std::size_t first = 0; first < n; first += block) {
        job.checkpoint();
        const std::size_t count = std::min(block, n - first);
        const Matrix unit = normaliseRows(Matrix(rows.row(first), count, d, nullptr));
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(count), static_cast<int>(classes),
                    static_cast<int>(d), 1.0F, unit.data(), static_cast<int>(d), prompts.data(), static_cast<int>(d),
                    0.0F, cosine.data(), static_cast<int>(classes));
        parallelFor(count, 64, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                if (isUnit(unit.row(i), d)) {
                    rankRow(result, cosine.data() + i * classes, classes, first + i);
                }
            }
        });
        job.progress("classifying", "pictures", first + count, n);
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

void judgeZeroShot(ZeroShotResult& result, const std::vector<std::int32_t>& label)
{
    const std::size_t classes = result.spec.classes.size(), top = result.top;
    result.labelled = result.unlabelled = 0;
    result.confusion.assign(classes * classes, 0);
    std::size_t first = 0, among = 0;
    for (std::size_t r = 0; r < result.sampleIndex.size(); ++r) {
        const std::size_t sample = result.sampleIndex[r];
        const std::int32_t truth = sample < label.size() ? label[sample] : -1;
        const std::int32_t* const best = result.best.data() + r * top;
        if (truth < 0 || static_cast<std::size_t>(truth) >= classes || best[0] < 0) {
            ++result.unlabelled;
            continue;
        }
        ++result.labelled;
        ++result.confusion[static_cast<std::size_t>(truth) * classes + static_cast<std::size_t>(best[0])];
        first += best[0] == truth ? 1U : 0U;
        among += std::find(best, best + top, truth) != best + top ? 1U : 0U;
    }
    if (result.labelled == 0) {
        result.confusion.clear();
    }
    const double n = static_cast<double>(std::max<std::size_t>(result.labelled, 1));
    result.top1 = static_cast<double>(first) / n;
    result.top5 = static_cast<double>(among) / n;
}

std::vector<std::int32_t> labelsFor(const Attribute& attribute, const std::vector<std::string>& classes)
{
    const auto index = classIndex(classes);
    const auto find = [&index](const std::string& name) {
        const auto found = index.find(matchKey(name));
        return found == index.end() ? -1 : found->second;
    };
    std::vector<std::int32_t> labels;
    if (attribute.numeric()) {
        for (const double v : attribute.numbers) {
            const bool whole = std::abs(v) <= 1e9 && v == std::floor(v); // NaN compares false
            labels.push_back(whole ? find(std::to_string(static_cast<long long>(v))) : -1);
        }
        return labels;
    }
    std::vector<std::int32_t> ofLabel;
    std::transform(attribute.labels.begin(), attribute.labels.end(), std::back_inserter(ofLabel), find);
    for (const std::int32_t c : attribute.categories) {
        const bool known = c >= 0 && static_cast<std::size_t>(c) < ofLabel.size();
        labels.push_back(known ? ofLabel[static_cast<std::size_t>(c)] : -1);
    }
    return labels;
}

} // namespace semascope::core
