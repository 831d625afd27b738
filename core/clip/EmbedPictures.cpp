#include "core/clip/BatchEncoder.h"
#include "core/clip/EmbedParts_p.h"
#include "core/clip/EmbedPlan.h"
#include "core/clip/EmbedRows_p.h"
#include "core/clip/EmbedSample.h"
#include "core/clip/PictureFeed_p.h"
#include "core/clip/StoreJob_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <unordered_map>

namespace semascope::core {

namespace {

constexpr std::size_t kReadAtOnce = 1024; ///< stored rows: many of them lie in one chunk
constexpr std::size_t kLookAtOnce = 4096; ///< files

/// Pictures a batch. bf16 is at least twice as fast as what embedBatch() reckons with; a GPU wants as many as it can
/// get.
std::size_t batchOf(const ClipModel& model)
{
    const std::size_t pictures = embedBatch(model.info().clip) * (model.precision() == "fp32" ? 1 : 2);
    return model.deviceName() == "cpu" ? std::min(pictures, kMostBatch) : kMostBatch;
}

/// One run over the pictures of a dataset.
class PictureRun
{
public:
    PictureRun(const Dataset& data, const ClipModel& model, const EmbedOptions& options, JobContext& job)
        : m_data(data),
          m_model(model),
          m_job(job),
          m_order(pictureOrder(data)),
          m_like(startEmbedding(model, Modality::Picture, options.normalise)),
          m_rows(m_order.size(), static_cast<std::size_t>(model.info().clip.embedDim), options.normalise),
          m_publisher(m_order.size(), job),
          m_store(options.store, storeKey(model, Modality::Picture), job),
          m_batch(batchOf(model)),
          m_encoder(model, m_batch)
    {}

    Embedding run()
    {
        m_known.resize(m_data.samples.size());
        std::vector<std::uint32_t> rest = m_order;
        if (!m_store.empty()) {
            recognise();
            rest = takeKnown();
        }
        m_stage = m_like.cached == 0 ? "embedding pictures"
                                     : "embedding pictures (" + groupedText(m_like.cached) + " from the store)";
        progress();
        m_publisher.offer(m_rows, m_like);
        while (!rest.empty()) {
            rest = compute(std::move(rest));
        }
        m_store.finish();
        m_like.notes = m_store.notes();
        m_like.notes.insert(m_like.notes.end(), m_encoder.notes().begin(), m_encoder.notes().end());
        return m_rows.inDatasetOrder(m_like);
    }

private:
    void progress() { m_job.progress(m_stage, "pictures", m_rows.size() + m_like.skipped.size(), m_order.size()); }

    void recogniseArray()
    {
        const PictureArray& array = m_data.pictures;
        const auto bytes = static_cast<std::size_t>(array.width) * static_cast<std::size_t>(array.height) * 3;
        parallelFor(m_data.samples.size(), 64, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end && !m_job.stopRequested(); ++i) {
                m_known[i] = keyOfPixels(array.data + i * bytes, array.width, array.height);
            }
        });
        m_job.checkpoint();
    }

    /// Contents of pictures by the names, sizes and times of their files: nothing is read.
    void recognise()
    {
        if (m_data.pictures.count > 0) {
            recogniseArray();
            return;
        }
        std::vector<std::optional<FileFacts>> facts;
        const std::size_t count = m_data.samples.size();
        for (std::size_t first = 0; first < count; first += kLookAtOnce) {
            m_job.checkpoint();
            const std::size_t end = std::min(count, first + kLookAtOnce);
            facts.assign(end - first, std::nullopt);
            parallelFor(end - first, 128, [&](std::size_t from, std::size_t to) {
                for (std::size_t i = from; i < to; ++i) {
                    facts[i] = factsOfRegular(m_data.samples[first + i].path);
                }
            });
            for (std::size_t i = first; i < end; ++i) {
                if (facts[i - first]) {
                    m_known[i] = m_store.contentOf(m_data.samples[i].path, *facts[i - first]);
                }
            }
            m_job.progress("looking into the store", "pictures", end, count);
        }
    }

    /// Rows that are in the store, in dataset order; returns the samples that are left.
    std::vector<std::uint32_t> takeKnown()
    {
        enum : std::uint8_t { Open, Row, Skipped };
        std::vector<std::uint8_t> state(m_data.samples.size(), Open);
        std::vector<std::uint32_t> samples;
        std::vector<ContentKey> keys;
        for (std::size_t i = 0; i < m_known.size(); ++i) {
            if (m_known[i].empty()) {
                continue;
            }
            if (m_store.known(m_known[i])) {
                samples.push_back(static_cast<std::uint32_t>(i));
                keys.push_back(m_known[i]);
            } else if (const std::string reason = m_store.reasonAgainst(m_known[i]); !reason.empty()) {
                m_like.skipped.push_back({m_data.samples[i].id, reason});
                state[i] = Skipped;
            }
        }
        std::vector<std::uint8_t> present(samples.size(), 0);
        std::size_t read = 0;
        m_store.read(keys, [&](std::size_t i, const float* row) {
            m_rows.put(i, row);
            present[i] = 1;
            if (++read % kReadAtOnce == 0) {
                m_job.progress("reading known rows", "pictures", read, keys.size());
            }
        });
        m_rows.keep(samples, present);
        m_like.cached = m_rows.size();
        for (std::size_t i = 0; i < samples.size(); ++i) {
            state[samples[i]] = present[i] != 0 ? Row : Open;
        }
        std::vector<std::uint32_t> rest = m_order;
        std::erase_if(rest, [&](std::uint32_t sample) { return state[sample] != Open; });
        return rest;
    }

    /// Returns samples whose rows the store was thought to have.
    std::vector<std::uint32_t> compute(std::vector<std::uint32_t> order)
    {
        m_again.clear();
        const auto stored = [this](const ContentKey& key) { return m_store.known(key); };
        PictureFeed feed({&m_data, std::move(order), m_model.info().clip.preprocess, stored,
                          m_encoder.model().deviceName() != "cpu"});
        while (true) {
            m_job.checkpoint();
            PictureBatch batch = feed.next(m_batch, m_job);
            if (batch.pictures.empty()) {
                break;
            }
            accept(batch);
            feed.giveBack(std::move(batch));
            if (m_late.size() >= kReadAtOnce) {
                takeLate();
            }
            m_store.tell();
            progress();
            m_publisher.offer(m_rows, m_like);
        }
        takeLate();
        progress();
        return std::move(m_again);
    }

    void accept(const PictureBatch& batch)
    {
        Matrix rows;
        if (batch.prepared > 0) {
            rows = m_encoder.encode(batch.pixels.data(), batch.prepared, m_job);
        }
        std::vector<ContentKey> keys;
        for (const FedPicture& picture : batch.pictures) {
            remember(picture);
            switch (picture.kind) {
            case FedPicture::Kind::Pixels:
                m_rowOf[picture.key] = m_rows.size();
                m_rows.append(picture.sample, rows.row(keys.size()));
                keys.push_back(picture.key);
                break;
            case FedPicture::Kind::Stored:
                m_late.push_back(picture);
                break;
            case FedPicture::Kind::Duplicate:
                acceptDuplicate(picture);
                break;
            case FedPicture::Kind::Failed:
                skip(picture.sample, picture.error);
                break;
            }
        }
        if (m_encoder.model().precision() == m_model.precision()) { // else the rows are not what the store's key says
            m_store.addRows(keys, rows);
        }
    }

    void acceptDuplicate(const FedPicture& picture)
    {
        if (const auto row = m_rowOf.find(picture.key); row != m_rowOf.end()) {
            m_rows.appendCopy(picture.sample, row->second);
        } else if (const auto failed = m_failed.find(picture.key); failed != m_failed.end()) {
            skip(picture.sample, failed->second);
        } else {
            m_again.push_back(picture.sample);
        }
    }

    /// What was learnt about the file.
    void remember(const FedPicture& picture)
    {
        const Sample& sample = m_data.samples[picture.sample];
        if (!picture.key.empty() && m_data.pictures.count == 0 && m_known[picture.sample] != picture.key) {
            m_store.addFile(sample.path, picture.facts, picture.key);
        }
        if (picture.kind == FedPicture::Kind::Failed && !picture.key.empty()) {
            m_failed[picture.key] = picture.error;
            if (picture.lasting) {
                m_store.addReason(picture.key, picture.error);
            }
        }
    }

    void skip(std::uint32_t sample, const std::string& reason)
    {
        m_like.skipped.push_back({m_data.samples[sample].id, reason});
    }

    /// Pictures that turned out to be in the store when they were read: moved or copied files.
    void takeLate()
    {
        std::vector<ContentKey> keys;
        for (const FedPicture& picture : m_late) {
            keys.push_back(picture.key);
        }
        std::vector<std::uint8_t> present(keys.size(), 0);
        m_store.read(keys, [&](std::size_t i, const float* row) {
            m_rows.append(m_late[i].sample, row);
            present[i] = 1;
        });
        for (std::size_t i = 0; i < present.size(); ++i) {
            if (present[i] == 0) {
                m_again.push_back(m_late[i].sample);
            }
        }
        m_like.cached += static_cast<std::size_t>(std::count(present.begin(), present.end(), 1));
        m_late.clear();
    }

    const Dataset& m_data;
    const ClipModel& m_model;
    JobContext& m_job;
    const std::vector<std::uint32_t> m_order;
    Embedding m_like; ///< all but the rows
    GrowingRows m_rows;
    Publisher m_publisher;
    StoreJob m_store;
    const std::size_t m_batch;
    BatchEncoder m_encoder;
    std::string m_stage;
    std::vector<ContentKey> m_known; ///< of each sample; empty when its contents are not known yet
    std::unordered_map<ContentKey, std::size_t, ContentKeyHash> m_rowOf;
    std::unordered_map<ContentKey, std::string, ContentKeyHash> m_failed;
    std::vector<FedPicture> m_late;
    std::vector<std::uint32_t> m_again;
};

} // namespace

Embedding embedPictures(const Dataset& data, const ClipModel& model, const EmbedOptions& options, JobContext& job)
{
    bool any = false;
    for (std::size_t i = 0; i < data.samples.size() && !any; ++i) {
        any = data.hasPicture(i);
    }
    if (!any) {
        throw Error(Code::Mismatch, data.name + " has no pictures to embed.");
    }
    return PictureRun(data, model, options, job).run();
}

} // namespace semascope::core
