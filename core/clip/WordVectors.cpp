#include "core/clip/WordVectors.h"

#include "core/clip/Embedder.h"
#include "core/clip/ZeroShot.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr std::size_t kPromptsAtOnce = 4096; ///< of any vocabulary, so that 100,000 nouns fit

void checkSpec(const WordSpec& spec)
{
    if (spec.words.empty()) {
        throw Error(Code::Misuse, "There are no words to encode; give a vocabulary.");
    }
    if (spec.templates.empty()) {
        throw Error(Code::Misuse, "Words are encoded in templates; give at least one, such as \"a photo of a {}\".");
    }
    for (const std::string& pattern : spec.templates) {
        if (pattern.find("{}") == std::string::npos) {
            throw Error(Code::Misuse, "The template \"" + pattern + "\" has no {} for the word.");
        }
    }
}

/// The prompts of words [first, end), word after word.
Dataset promptsOf(const WordSpec& spec, std::size_t first, std::size_t end)
{
    Dataset data;
    data.name = "The vocabulary";
    data.kind = DatasetKind::Captions;
    for (std::size_t w = first; w < end; ++w) {
        Sample sample;
        sample.id = spec.words[w];
        for (const std::string& pattern : spec.templates) {
            sample.captions.push_back(promptOf(pattern, spec.words[w]));
        }
        data.samples.push_back(std::move(sample));
    }
    return data;
}

/// Mean of `count` unit rows from `first`, scaled to unit length.
void average(const Matrix& rows, std::size_t first, std::size_t count, float* to)
{
    std::vector<double> sum(rows.cols(), 0.0);
    for (std::size_t i = first; i < first + count; ++i) {
        std::transform(sum.begin(), sum.end(), rows.row(i), sum.begin(),
                       [](double a, float b) { return a + static_cast<double>(b); });
    }
    double square = 0;
    for (const double v : sum) {
        square += v * v;
    }
    const double scale = square > 0 ? 1 / std::sqrt(square) : 0.0;
    std::transform(sum.begin(), sum.end(), to, [scale](double v) { return static_cast<float>(v * scale); });
}

} // namespace

const std::vector<std::string>& nameTemplates()
{
    static const std::vector<std::string> templates{"a photo of {}", "a photo of a {}", "a picture of the {}"};
    return templates;
}

Matrix wordVectors(const ClipModel& model, const WordSpec& spec, JobContext& job)
{
    checkSpec(spec);
    const std::size_t words = spec.words.size(), each = spec.templates.size();
    const auto dim = static_cast<std::size_t>(model.info().clip.embedDim);
    const std::size_t group = std::max<std::size_t>(1, kPromptsAtOnce / each);
    std::vector<float> values(words * dim);
    for (std::size_t first = 0; first < words; first += group) {
        const std::size_t end = std::min(words, first + group);
        const Dataset prompts = promptsOf(spec, first, end);
        JobContext part(job.stop()); // its progress is part of ours
        part.onNote = job.onNote;
        part.onProgress = [&](const Progress& p) {
            const std::size_t all = (end - first) * each; // equal prompts are encoded once
            const std::size_t done = p.total > 0 ? all * p.done / p.total : 0;
            job.progress("encoding words", "prompts", first * each + done, words * each);
        };
        const Embedding e = embed(prompts, model, Modality::Text, {true, spec.store}, part);
        for (std::size_t w = first; w < end; ++w) {
            average(e.rows, (w - first) * each, each, values.data() + w * dim);
        }
        job.progress("encoding words", "prompts", end * each, words * each);
    }
    return Matrix::from(std::move(values), words, dim);
}

Matrix wordVectors(const ClipModel& model, const std::vector<std::string>& words,
                   const std::vector<std::string>& templates, JobContext& job)
{
    return wordVectors(model, {words, templates, std::nullopt}, job);
}

} // namespace semascope::core
