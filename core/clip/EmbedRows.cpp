#include "core/clip/EmbedRows_p.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kFirstLook = 2000; ///< rows after which the map may appear
constexpr std::size_t kFewest = 256;     ///< rows that a first map may have,
constexpr double kPatience = 40;         ///< when so many seconds have passed

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

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

GrowingRows::GrowingRows(std::size_t capacity, std::size_t dim, bool normalise)
    : m_dim(dim), m_normalise(normalise), m_values(std::make_shared_for_overwrite<float[]>(capacity * dim))
{
    m_samples.reserve(capacity);
}

void GrowingRows::append(std::uint32_t sample, const float* row)
{
    put(0, row);
    m_samples.push_back(sample);
}

void GrowingRows::put(std::size_t i, const float* row)
{
    float* to = m_values.get() + (m_samples.size() + i) * m_dim;
    std::copy_n(row, m_dim, to);
    if (m_normalise) {
        normaliseRow(to, m_dim);
    }
}

void GrowingRows::keep(const std::vector<std::uint32_t>& samples, const std::vector<std::uint8_t>& present)
{
    const std::size_t first = m_samples.size();
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (present[i] == 0) {
            continue;
        }
        if (m_samples.size() != first + i) { // close the gaps
            std::copy_n(m_values.get() + (first + i) * m_dim, m_dim, m_values.get() + m_samples.size() * m_dim);
        }
        m_samples.push_back(samples[i]);
    }
}

void GrowingRows::appendCopy(std::uint32_t sample, std::size_t of)
{
    std::copy_n(m_values.get() + of * m_dim, m_dim, m_values.get() + m_samples.size() * m_dim);
    m_samples.push_back(sample);
}

Matrix GrowingRows::all() const
{
    return Matrix(m_values.get(), m_samples.size(), m_dim, m_values);
}

Embedding GrowingRows::snapshot(const Embedding& like) const
{
    Embedding e = like;
    e.rows = all();
    e.sampleIndex = m_samples;
    return e;
}

Embedding GrowingRows::inDatasetOrder(const Embedding& like) const
{
    if (std::is_sorted(m_samples.begin(), m_samples.end())) {
        return snapshot(like);
    }
    std::vector<std::size_t> order(m_samples.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [this](auto a, auto b) { return m_samples[a] < m_samples[b]; });
    Embedding e = like;
    e.rows = takeRows(all(), order);
    for (const std::size_t i : order) {
        e.sampleIndex.push_back(m_samples[i]);
    }
    return e;
}

Publisher::Publisher(std::size_t total, JobContext& job)
    : m_total(total), m_next(std::min(kFirstLook, std::max<std::size_t>(total / 10, 1))), m_start(now()), m_job(job)
{}

void Publisher::offer(const GrowingRows& rows, const Embedding& like)
{
    const bool slow = m_first && rows.size() >= kFewest && now() - m_start > kPatience;
    if ((rows.size() >= m_next || slow) && rows.size() < m_total && m_job.wantsPartial()) {
        m_job.publish<Embedding>(std::make_shared<const Embedding>(rows.snapshot(like)));
        m_next = rows.size() + std::max<std::size_t>(rows.size() / 4, 1);
        m_first = false;
    }
}

Embedding startEmbedding(const ClipModel& model, Modality what, bool normalise)
{
    Embedding e;
    e.spec = {model.weightsHash(), what, model.info().clip.preprocess.describe(), model.precision(), normalise};
    e.modelName = model.info().name;
    e.device = model.deviceName();
    return e;
}

} // namespace semascope::core
