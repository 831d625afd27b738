#include "core/clip/BatchEncoder.h"
#include "core/clip/EmbedParts_p.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/EmbedRows_p.h"
#include "core/clip/StoreJob_p.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace semascope::core {

namespace {

constexpr std::size_t kTextBatch = 16;

/// One run over the captions of a dataset. Equal token sequences are computed once.
class CaptionRun
{
public:
    CaptionRun(const Dataset& data, const ClipModel& model, const EmbedOptions& options, JobContext& job)
        : m_data(data),
          m_model(model),
          m_options(options),
          m_job(job),
          m_dim(static_cast<std::size_t>(model.info().clip.embedDim)),
          m_store(options.store, storeKey(model, Modality::Text), job)
    {}

    Embedding run()
    {
        tokenize();
        m_values.resize(m_samples.size() * m_dim);
        Embedding e = startEmbedding(m_model, Modality::Text, m_options.normalise);
        std::vector<std::size_t> rest = takeKnown();
        e.cached = m_samples.size() - std::accumulate(rest.begin(), rest.end(), std::size_t(0),
                                                      [&](auto sum, auto u) { return sum + m_uses[u]; });
        m_stage =
            e.cached == 0 ? "embedding captions" : "embedding captions (" + groupedText(e.cached) + " from the store)";
        BatchEncoder encoder(m_model, kTextBatch);
        compute(std::move(rest), encoder);
        m_store.finish();
        e.notes = m_store.notes();
        e.notes.insert(e.notes.end(), encoder.notes().begin(), encoder.notes().end());
        spread();
        e.rows = Matrix::from(std::move(m_values), m_samples.size(), m_dim);
        e.sampleIndex = std::move(m_samples);
        return e;
    }

private:
    void tokenize()
    {
        if (m_model.tokenizer() == nullptr) {
            throw Error(Code::NotFound, vocabularyHelp());
        }
        const auto context = static_cast<std::size_t>(m_model.info().clip.contextLength);
        std::unordered_map<ContentKey, std::size_t, ContentKeyHash> unique;
        for (std::size_t i = 0; i < m_data.samples.size(); ++i) {
            m_job.checkpoint();
            for (const std::string& text : m_data.samples[i].captions) {
                std::vector<std::int32_t> ids = m_model.tokenizer()->encodeForModel(text, context);
                const ContentKey key = keyOfTokens(ids);
                const auto [found, fresh] = unique.try_emplace(key, m_keys.size());
                if (fresh) {
                    m_keys.push_back(key);
                    m_ids.push_back(std::move(ids));
                    m_uses.push_back(0);
                    m_first.push_back(m_samples.size());
                }
                ++m_uses[found->second];
                m_samples.push_back(static_cast<std::uint32_t>(i));
                m_unique.push_back(found->second);
            }
        }
        if (m_samples.empty()) {
            throw Error(Code::Mismatch, m_data.name + " has no captions to embed.");
        }
    }

    void put(std::size_t unique, const float* row)
    {
        float* to = m_values.data() + m_first[unique] * m_dim;
        std::copy_n(row, m_dim, to);
        if (m_options.normalise) {
            normaliseRow(to, m_dim);
        }
    }

    /// Returns the captions that are left, the short ones first, so that little is padded.
    std::vector<std::size_t> takeKnown()
    {
        std::vector<std::uint8_t> present(m_keys.size(), 0);
        m_store.read(m_keys, [&](std::size_t u, const float* row) {
            put(u, row);
            present[u] = 1;
        });
        std::vector<std::size_t> rest;
        for (std::size_t u = 0; u < present.size(); ++u) {
            if (present[u] == 0) {
                rest.push_back(u);
            }
        }
        std::stable_sort(rest.begin(), rest.end(),
                         [this](auto a, auto b) { return m_ids[a].size() < m_ids[b].size(); });
        return rest;
    }

    void compute(std::vector<std::size_t> rest, BatchEncoder& encoder)
    {
        const std::size_t known = m_keys.size() - rest.size();
        for (std::size_t first = 0; first < rest.size(); first += kTextBatch) {
            m_job.checkpoint();
            std::vector<std::vector<std::int32_t>> ids;
            std::vector<ContentKey> keys;
            const std::size_t end = std::min(rest.size(), first + kTextBatch);
            for (std::size_t i = first; i < end; ++i) {
                ids.push_back(m_ids[rest[i]]);
                keys.push_back(m_keys[rest[i]]);
            }
            const Matrix part = encoder.encodeTokens(ids, m_job);
            for (std::size_t i = first; i < end; ++i) {
                put(rest[i], part.row(i - first));
            }
            if (encoder.model().precision() == m_model.precision()) {
                m_store.addRows(keys, part);
            }
            m_store.tell();
            m_job.progress(m_stage, "captions", known + end, m_keys.size());
        }
    }

    /// Every caption gets the row of the first that is equal to it.
    void spread()
    {
        for (std::size_t i = 0; i < m_samples.size(); ++i) {
            const std::size_t first = m_first[m_unique[i]];
            if (first != i) {
                std::copy_n(m_values.data() + first * m_dim, m_dim, m_values.data() + i * m_dim);
            }
        }
    }

    const Dataset& m_data;
    const ClipModel& m_model;
    const EmbedOptions& m_options;
    JobContext& m_job;
    const std::size_t m_dim;
    StoreJob m_store;
    std::string m_stage;
    std::vector<float> m_values;
    std::vector<std::uint32_t> m_samples; ///< of each caption
    std::vector<std::size_t> m_unique;    ///< which token sequence each caption is
    // of each token sequence
    std::vector<ContentKey> m_keys;
    std::vector<std::vector<std::int32_t>> m_ids;
    std::vector<std::size_t> m_uses, m_first; ///< how many captions it is, and the first of them
};

} // namespace

Embedding embedCaptions(const Dataset& data, const ClipModel& model, const EmbedOptions& options, JobContext& job)
{
    return CaptionRun(data, model, options, job).run();
}

} // namespace semascope::core
