#include "widgets/HeatmapScores.h"

#include "core/cluster/Clustering.h"

#include <algorithm>
#include <limits>
#include <random>
#include <set>

namespace semascope::ui {

using core::Code;
using core::Error;

namespace {

constexpr std::size_t kMostTexts = 400;
constexpr std::uint32_t kNoRow = UINT32_MAX;

/// The embedding's row of every sample; the first where there are several.
std::vector<std::uint32_t> rowsOfSamples(const HeatmapRequest& q)
{
    const auto& index = q.embedding->sampleIndex;
    std::vector<std::uint32_t> rows(q.data->samples.size(), kNoRow);
    for (std::size_t r = 0; r < index.size(); ++r) {
        if (index[r] < rows.size() && rows[index[r]] == kNoRow) {
            rows[index[r]] = static_cast<std::uint32_t>(r);
        }
    }
    return rows;
}

core::Matrix vectorsOf(const std::vector<HeatmapText>& texts, std::size_t dim)
{
    std::vector<float> values;
    values.reserve(texts.size() * dim);
    for (const HeatmapText& text : texts) {
        values.insert(values.end(), text.vector.begin(), text.vector.end());
    }
    return core::Matrix::from(std::move(values), texts.size(), dim);
}

/// Every distinct text of the prompts that has a vector, with the row of its opposite.
std::vector<HeatmapText> promptTexts(const HeatmapRequest& q, HeatmapScores& scores)
{
    std::vector<HeatmapText> texts;
    const auto rowOf = [&](const std::string& text, const std::vector<float>& vector) {
        for (std::size_t t = 0; t < texts.size(); ++t) {
            if (texts[t].text == text) {
                return static_cast<int>(t);
            }
        }
        if (text.empty() || vector.size() != q.embedding->rows.cols()) {
            scores.unencoded += text.empty() ? 0 : 1;
            return -1;
        }
        texts.push_back({text, vector, -1, true, {}});
        return static_cast<int>(texts.size()) - 1;
    };
    for (const core::Prompt& prompt : q.prompts) {
        const int row = rowOf(prompt.text, prompt.vector);
        const int opposite = rowOf(prompt.opposite, prompt.oppositeVector);
        for (const int shown : {row, prompt.neutral ? -1 : opposite}) {
            if (shown >= 0) {
                texts[static_cast<std::size_t>(shown)].neutral = false;
            }
        }
        if (row >= 0 && opposite >= 0 && opposite != row) {
            texts[static_cast<std::size_t>(row)].opposite = opposite;
        }
    }
    if (texts.empty()) {
        throw Error(Code::Misuse, q.prompts.empty()
                                      ? "A heatmap needs a text for each row: add a prompt."
                                      : "No prompt has been encoded yet; the model needs its vocabulary for that.");
    }
    return texts;
}

/// The samples that may be shown, in the order of the embedding.
std::vector<std::uint32_t> candidates(const HeatmapRequest& q, const std::vector<std::uint32_t>& rowOf)
{
    std::vector<std::uint32_t> all;
    for (std::size_t r = 0; r < q.embedding->sampleIndex.size(); ++r) {
        const std::uint32_t s = q.embedding->sampleIndex[r];
        const bool shown = q.visible.empty() || (s < q.visible.size() && q.visible[s] != 0);
        if (s < rowOf.size() && rowOf[s] == r && shown) {
            all.push_back(s);
        }
    }
    return all;
}

void keepFirstOfEach(std::vector<std::uint32_t>& samples)
{
    std::set<std::uint32_t> seen;
    std::erase_if(samples, [&](std::uint32_t s) { return !seen.insert(s).second; });
}

std::vector<std::uint32_t> bestOfEach(const HeatmapRequest& q, const std::vector<std::uint32_t>& rowOf,
                                      const std::vector<HeatmapText>& texts, core::JobContext& job)
{
    const auto each = static_cast<std::size_t>(std::max(1, q.choice.each));
    std::vector<std::uint8_t> may(q.embedding->rows.rows(), 0);
    for (const std::uint32_t s : candidates(q, rowOf)) {
        may[rowOf[s]] = 1;
    }
    const core::Matrix vectors = vectorsOf(texts, q.embedding->rows.cols());
    std::vector<std::uint32_t> samples;
    for (const auto& best : core::bestRows(q.embedding->rows, vectors, each, may, job)) {
        for (const core::Neighbour& n : best) {
            samples.push_back(q.embedding->sampleIndex[n.row]);
        }
    }
    keepFirstOfEach(samples);
    return samples;
}

std::vector<std::uint32_t> prototypesOfEach(const HeatmapRequest& q, const std::vector<std::uint32_t>& rowOf,
                                            const std::vector<std::uint32_t>& allowed)
{
    if (!q.clustering) {
        throw Error(Code::Misuse, "There are no clusters to show examples of: cluster the pictures first.");
    }
    std::vector<std::uint8_t> may(q.data->samples.size(), 0);
    for (const std::uint32_t s : allowed) {
        may[s] = 1;
    }
    // The same clustering over rows of this embedding, without the samples that are not shown.
    core::Clustering over;
    over.spec = q.clustering->spec;
    over.centroids = q.clustering->centroids;
    std::vector<std::size_t> coded; // rows of the code, where there is one
    for (std::size_t i = 0; i < q.clusterSample.size() && i < q.clustering->assignment.size(); ++i) {
        const std::uint32_t s = q.clusterSample[i];
        if (s < may.size() && may[s] != 0) {
            coded.push_back(i);
            over.assignment.push_back(q.clustering->assignment[i]);
            over.inputRow.push_back(rowOf[s]);
        }
    }
    if (!q.clustering->code.empty()) {
        over.code = core::takeRows(q.clustering->code, coded);
    }
    std::vector<std::uint32_t> samples;
    const auto each = static_cast<std::size_t>(std::max(1, q.choice.each));
    for (const auto& nearest : core::prototypes(q.embedding->rows, over, each)) {
        for (const std::uint32_t row : nearest) {
            samples.push_back(q.embedding->sampleIndex[row]);
        }
    }
    return samples;
}

QString countsOf(std::size_t shown, std::size_t of, const QString& what)
{
    return QStringLiteral("%1 of %2 %3").arg(shown).arg(of).arg(what);
}

/// The columns, and in words how they were chosen.
void choosePictures(const HeatmapRequest& q, const std::vector<std::uint32_t>& rowOf, HeatmapScores& scores,
                    core::JobContext& job)
{
    using Pick = HeatmapChoice::Pick;
    const QString pictures = q.visible.empty() ? QStringLiteral("pictures") : QStringLiteral("pictures shown");
    std::vector<std::uint32_t> allowed = candidates(q, rowOf);
    std::vector<std::uint32_t>& samples = scores.samples;
    const auto most = static_cast<std::size_t>(std::max(1, q.choice.count));
    const std::size_t n = allowed.size();
    if (q.named || (q.choice.pick == Pick::Selection && !q.selected.empty())) {
        samples = q.selected;
        keepFirstOfEach(samples);
        const std::size_t selected = samples.size();
        samples.resize(q.named ? selected : std::min(selected, most));
        scores.chosen = q.named ? countsOf(selected, n, pictures)
                                : countsOf(samples.size(), selected, QStringLiteral("selected pictures"));
        return;
    }
    if (q.choice.pick == Pick::Best) {
        samples = bestOfEach(q, rowOf, scores.texts, job);
        scores.chosen =
            QStringLiteral("the best %1 of each text, ").arg(q.choice.each) + countsOf(samples.size(), n, pictures);
        return;
    }
    if (q.choice.pick == Pick::Prototypes) {
        samples = prototypesOfEach(q, rowOf, allowed);
        scores.chosen = QStringLiteral("the %1 nearest to each cluster's centre, ").arg(q.choice.each) +
                        countsOf(samples.size(), n, pictures);
        return;
    }
    samples = std::move(allowed);
    if (q.choice.pick == Pick::Random) { // an own shuffle: the standard one differs between libraries
        std::mt19937_64 random(q.choice.seed);
        for (std::size_t i = 0; i < std::min(most, n); ++i) {
            std::swap(samples[i], samples[i + random() % (n - i)]);
        }
    }
    samples.resize(std::min(n, most));
    scores.chosen = q.choice.pick == Pick::Random ? countsOf(samples.size(), n, pictures) +
                                                        QStringLiteral(" at random, seed %1").arg(q.choice.seed)
                                                  : QStringLiteral("first ") + countsOf(samples.size(), n, pictures);
}

/// Gives every text its vector; those not met before are encoded.
void encodeCaptions(const HeatmapRequest& q, std::vector<HeatmapText>& texts, core::JobContext& job)
{
    std::vector<std::string> fresh;
    for (HeatmapText& text : texts) {
        const auto found =
            q.known ? q.known->find(text.text) : std::map<std::string, std::vector<float>>::const_iterator();
        if (q.known && found != q.known->end()) {
            text.vector = found->second;
        } else {
            fresh.push_back(text.text);
        }
    }
    if (!fresh.empty() && !q.model) {
        throw Error(Code::Misuse, "Captions need a model that encodes them: open the CLIP that made the embedding.");
    }
    const core::Matrix encoded = fresh.empty() ? core::Matrix() : q.model->encodeTexts(fresh, job);
    std::size_t next = 0;
    for (HeatmapText& text : texts) {
        if (text.vector.empty()) {
            text.vector.assign(encoded.row(next), encoded.row(next) + encoded.cols());
            ++next;
        }
    }
}

/// The captions of the columns as rows.
std::vector<HeatmapText> captionTexts(const HeatmapRequest& q, HeatmapScores& scores, core::JobContext& job)
{
    std::vector<HeatmapText> texts;
    std::map<std::string, std::size_t> rowOf;
    for (const std::uint32_t s : scores.samples) {
        const auto& captions = q.data->samples[s].captions;
        const std::size_t used = q.choice.rows == HeatmapChoice::Rows::AllCaptions
                                     ? captions.size()
                                     : std::min<std::size_t>(1, captions.size());
        scores.uncaptioned += captions.empty() ? 1 : 0;
        for (std::size_t i = 0; i < used; ++i) {
            const auto [found, fresh] = rowOf.try_emplace(captions[i], texts.size());
            if (fresh && texts.size() == kMostTexts) {
                rowOf.erase(found);
                continue;
            }
            if (fresh) {
                texts.push_back({captions[i], {}, -1, false, {}});
            }
            texts[found->second].owners.push_back(s);
        }
    }
    if (texts.empty()) {
        throw Error(Code::Misuse, "These pictures have no captions; use prompts for the rows.");
    }
    encodeCaptions(q, texts, job);
    return texts;
}

/// The same values in `count` columns, NaN in those that none of `m` belongs to.
core::Matrix spread(const core::Matrix& m, const std::vector<std::size_t>& columns, std::size_t count)
{
    std::vector<float> all(m.rows() * count, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t t = 0; t < m.rows(); ++t) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            all[t * count + columns[i]] = m.at(t, i);
        }
    }
    return core::Matrix::from(std::move(all), m.rows(), count);
}

} // namespace

HeatmapRequest heatmapRequest(const core::Dataset& data, const core::Document& doc, const HeatmapChoice& choice)
{
    HeatmapRequest q;
    q.choice = choice;
    q.data = std::shared_ptr<const core::Dataset>(std::shared_ptr<void>(), &data);
    q.embedding = doc.embedding;
    q.prompts = doc.prompts;
    for (std::size_t s = 0; s < doc.selected.size(); ++s) {
        if (doc.selected[s] != 0) {
            q.selected.push_back(static_cast<std::uint32_t>(s));
        }
    }
    q.clustering = doc.clustering;
    q.clusterSample = doc.clusterSample;
    if (!doc.modelHash.empty()) {
        q.logitScale = doc.view.logitScale;
    }
    return q;
}

HeatmapScores scoreHeatmap(const HeatmapRequest& q, core::JobContext& job)
{
    if (!q.data || !q.embedding || q.embedding->rows.rows() == 0) {
        throw Error(Code::Misuse, "A heatmap needs prompts and embedded pictures; add a prompt and embed first.");
    }
    HeatmapScores scores;
    scores.choice = q.choice;
    const std::vector<std::uint32_t> rowOf = rowsOfSamples(q);
    const bool captions = q.choice.rows != HeatmapChoice::Rows::Prompts;
    if (!captions || q.choice.pick == HeatmapChoice::Pick::Best) {
        scores.texts = promptTexts(q, scores);
    }
    choosePictures(q, rowOf, scores, job);
    if (captions) {
        scores.texts = captionTexts(q, scores, job);
    }
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> columns; // of those that have a row
    for (std::size_t c = 0; c < scores.samples.size(); ++c) {
        const std::uint32_t s = scores.samples[c];
        if (s < rowOf.size() && rowOf[s] != kNoRow) {
            rows.push_back(rowOf[s]);
            columns.push_back(c);
        }
    }
    const core::Matrix vectors = vectorsOf(scores.texts, scores.texts.front().vector.size());
    scores.scores = core::textScores(q.embedding->rows, vectors, rows, job);
    if (columns.size() < scores.samples.size()) { // a selected picture that could not be embedded has a column, too
        scores.scores.cosine = spread(scores.scores.cosine, columns, scores.samples.size());
        scores.scores.percentile = spread(scores.scores.percentile, columns, scores.samples.size());
    }
    scores.logitScale = q.logitScale;
    return scores;
}

} // namespace semascope::ui
