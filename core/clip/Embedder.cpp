#include "core/clip/Embedder.h"
#include "core/clip/PictureFeed_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>

#include <cblas.h>

namespace semascope::core {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point t)
{
    return std::chrono::duration<double>(Clock::now() - t).count();
}

constexpr std::size_t kFirstLook = 2000; ///< rows after which the map may appear
constexpr double kBatchGflop = 70;       ///< about .4 s on two cores: a stop must be seen soon
constexpr std::size_t kMaxBatch = 32;

/// Pictures a batch. From the model alone, never from the clock: another batch size would change the last bits of a
/// row.
std::size_t batchSize(const ClipConfig& c)
{
    const double side = c.imageSize, width = c.visionWidth;
    const double tokens = c.patchSize > 0 ? side * side / c.patchSize / c.patchSize : side * side / 1024;
    const double perLayer = c.resnet ? 48 * width * width : 24 * width * width;
    const double gflop = std::max(1e-9, tokens * perLayer * std::max(1, c.visionLayers) / 1e9);
    return std::clamp(static_cast<std::size_t>(kBatchGflop / gflop), std::size_t{1}, kMaxBatch);
}

void normaliseRow(float* row, std::size_t dim)
{
    double sum = 0;
    for (std::size_t j = 0; j < dim; ++j) {
        sum += static_cast<double>(row[j]) * row[j];
    }
    const double scale = sum > 0 ? 1.0 / std::sqrt(sum) : 0.0;
    for (std::size_t j = 0; j < dim; ++j) {
        row[j] = static_cast<float>(row[j] * scale);
    }
}

/// Rows in the order they were computed. Written once and never moved, so that partial results can share the memory.
class GrowingRows
{
public:
    GrowingRows(std::size_t capacity, std::size_t dim)
        : m_dim(dim), m_values(std::make_shared<std::vector<float>>(capacity * dim))
    {}
    void append(const Matrix& rows, const std::vector<std::uint32_t>& samples, bool normalise)
    {
        for (std::size_t r = 0; r < rows.rows(); ++r) {
            float* to = m_values->data() + m_samples.size() * m_dim;
            std::copy_n(rows.row(r), m_dim, to);
            if (normalise) {
                normaliseRow(to, m_dim);
            }
            m_samples.push_back(samples[r]);
        }
    }
    std::size_t size() const { return m_samples.size(); }
    Embedding snapshot(const Embedding& like) const
    {
        Embedding e = like;
        e.rows = Matrix(m_values->data(), m_samples.size(), m_dim, m_values);
        e.sampleIndex = m_samples;
        return e;
    }
    Embedding inDatasetOrder(const Embedding& like) const
    {
        std::vector<std::size_t> order(m_samples.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(), [this](auto a, auto b) { return m_samples[a] < m_samples[b]; });
        const Matrix all(m_values->data(), m_samples.size(), m_dim, m_values);
        Embedding e = like;
        e.rows = takeRows(all, order);
        for (const std::size_t i : order) {
            e.sampleIndex.push_back(m_samples[i]);
        }
        return e;
    }

private:
    std::size_t m_dim;
    std::shared_ptr<std::vector<float>> m_values;
    std::vector<std::uint32_t> m_samples;
};

/// Publishes at the first look (or a tenth), then whenever a quarter more has come.
class Publisher
{
public:
    Publisher(std::size_t total, JobContext& job)
        : m_next(std::min(kFirstLook, std::max<std::size_t>(total / 10, 1))), m_job(job)
    {}
    void offer(const GrowingRows& rows, const Embedding& like)
    {
        if (rows.size() >= m_next && m_job.wantsPartial()) {
            m_job.publish<Embedding>(std::make_shared<const Embedding>(rows.snapshot(like)));
            m_next = rows.size() + std::max<std::size_t>(rows.size() / 4, 1);
        }
    }

private:
    std::size_t m_next;
    JobContext& m_job;
};

Embedding startEmbedding(const ClipModel& model, Modality what, bool normalise)
{
    Embedding e;
    e.spec = {model.weightsHash(), what, model.info().clip.preprocess.describe(), model.precision(), normalise};
    e.modelName = model.info().name;
    e.device = model.deviceName();
    return e;
}

Embedding embedPictures(const Dataset& data, const ClipModel& model, bool normalise, JobContext& job)
{
    std::vector<std::uint32_t> order;
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        if (data.hasPicture(i)) {
            order.push_back(static_cast<std::uint32_t>(i));
        }
    }
    if (order.empty()) {
        throw Error(Code::Mismatch, data.name + " has no pictures to embed.");
    }
    std::mt19937_64 random(order.size()); // an unbiased early look; the result does not depend on it
    std::shuffle(order.begin(), order.end(), random);

    const PreprocessSpec& prep = model.info().clip.preprocess;
    Embedding like = startEmbedding(model, Modality::Picture, normalise);
    GrowingRows rows(order.size(), static_cast<std::size_t>(model.info().clip.embedDim));
    Publisher publisher(order.size(), job);
    PictureFeed feed(data, order, prep);
    const std::size_t batch = batchSize(model.info().clip);
    std::size_t seen = 0;
    job.progress("embedding pictures", "pictures", 0, order.size());
    while (true) {
        job.checkpoint();
        const PictureBatch b = feed.next(batch, job);
        if (b.samples.empty() && b.skipped.empty()) {
            break;
        }
        like.skipped.insert(like.skipped.end(), b.skipped.begin(), b.skipped.end());
        if (!b.samples.empty()) {
            rows.append(model.encodePictures(b.pixels.data(), b.samples.size(), job), b.samples, normalise);
        }
        seen += b.samples.size() + b.skipped.size();
        job.progress("embedding pictures", "pictures", seen, order.size());
        publisher.offer(rows, like);
    }
    return rows.inDatasetOrder(like);
}

/// One row per caption, in dataset order; several rows may share a sample. Encoded in order of length, so that little
/// is padded.
Embedding embedCaptions(const Dataset& data, const ClipModel& model, bool normalise, JobContext& job)
{
    if (model.tokenizer() == nullptr) {
        throw Error(Code::NotFound, vocabularyHelp());
    }
    struct Caption
    {
        std::uint32_t sample;
        std::vector<std::int32_t> ids;
    };
    std::vector<Caption> captions;
    const auto context = static_cast<std::size_t>(model.info().clip.contextLength);
    for (std::size_t i = 0; i < data.samples.size(); ++i) {
        for (const std::string& text : data.samples[i].captions) {
            captions.push_back({static_cast<std::uint32_t>(i), model.tokenizer()->encodeForModel(text, context)});
        }
    }
    if (captions.empty()) {
        throw Error(Code::Mismatch, data.name + " has no captions to embed.");
    }
    std::vector<std::size_t> order(captions.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return captions[a].ids.size() < captions[b].ids.size(); });

    const auto dim = static_cast<std::size_t>(model.info().clip.embedDim);
    std::vector<float> values(captions.size() * dim);
    constexpr std::size_t kTextBatch = 16;
    for (std::size_t first = 0; first < order.size(); first += kTextBatch) {
        job.checkpoint();
        std::vector<std::vector<std::int32_t>> ids;
        const std::size_t end = std::min(order.size(), first + kTextBatch);
        for (std::size_t i = first; i < end; ++i) {
            ids.push_back(captions[order[i]].ids);
        }
        const Matrix part = model.encodeTokens(ids, job);
        for (std::size_t i = first; i < end; ++i) {
            float* to = values.data() + order[i] * dim;
            std::copy_n(part.row(i - first), dim, to);
            if (normalise) {
                normaliseRow(to, dim);
            }
        }
        job.progress("embedding captions", "captions", end, order.size());
    }
    Embedding e = startEmbedding(model, Modality::Text, normalise);
    e.rows = Matrix::from(std::move(values), captions.size(), dim);
    for (const Caption& c : captions) {
        e.sampleIndex.push_back(c.sample);
    }
    return e;
}

} // namespace

Embedding embed(const Dataset& data, const ClipModel& model, Modality what, bool normalise, JobContext& job)
{
    const auto start = Clock::now();
    Embedding e = what == Modality::Text ? embedCaptions(data, model, normalise, job)
                                         : embedPictures(data, model, normalise, job);
    e.seconds = secondsSince(start);
    return e;
}

Matrix cosineScores(const Matrix& rows, const Matrix& prompts)
{
    if (rows.cols() != prompts.cols()) {
        throw Error(Code::Mismatch, "The pictures have " + std::to_string(rows.cols()) +
                                        " dimensions but the prompts have " + std::to_string(prompts.cols()) +
                                        "; embed both with the same model.");
    }
    const Matrix unitPrompts = normaliseRows(prompts);
    std::vector<float> out(rows.rows() * prompts.rows());
    constexpr std::size_t kBlock = 4096; // rows are normalised block by block: no second copy of a big matrix
    for (std::size_t first = 0; first < rows.rows(); first += kBlock) {
        const std::size_t count = std::min(kBlock, rows.rows() - first);
        const Matrix unit = normaliseRows(Matrix(rows.row(first), count, rows.cols(), nullptr));
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(count), static_cast<int>(prompts.rows()),
                    static_cast<int>(rows.cols()), 1.0f, unit.data(), static_cast<int>(rows.cols()), unitPrompts.data(),
                    static_cast<int>(rows.cols()), 0.0f, out.data() + first * prompts.rows(),
                    static_cast<int>(prompts.rows()));
    }
    return Matrix::from(std::move(out), rows.rows(), prompts.rows());
}

std::vector<Neighbour> nearestRows(const Matrix& rows, const float* query, std::size_t count, std::int64_t self)
{
    std::vector<Neighbour> all(rows.rows());
    double queryNorm = cblas_snrm2(static_cast<int>(rows.cols()), query, 1);
    parallelFor(rows.rows(), 8192, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            const float* x = rows.row(r);
            float dot = 0, norm = 0;
            for (std::size_t j = 0; j < rows.cols(); ++j) {
                dot += x[j] * query[j];
                norm += x[j] * x[j];
            }
            const double scale = std::sqrt(static_cast<double>(norm)) * queryNorm;
            all[r] = {static_cast<std::uint32_t>(r), scale > 0 ? static_cast<float>(dot / scale) : -2.0f};
        }
    });
    std::erase_if(all, [self](const Neighbour& n) { return n.row == self || !(n.cosine >= -1.5f); });
    const std::size_t keep = std::min(count, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(keep), all.end(),
                      [](const Neighbour& a, const Neighbour& b) {
                          return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
                      });
    all.resize(keep);
    return all;
}

} // namespace semascope::core
