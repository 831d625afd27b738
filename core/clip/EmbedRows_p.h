#pragma once
#include "core/clip/ClipModel.h"
#include "core/data/Embedding.h"

namespace semascope::core {

/// Rows in the order in which they came. Written once and never moved, so that partial results can share the memory.
class GrowingRows
{
public:
    GrowingRows(std::size_t capacity, std::size_t dim, bool normalise);

    std::size_t size() const noexcept { return m_samples.size(); }
    /// `row` as the model gave it.
    void append(std::uint32_t sample, const float* row);
    /// Writes a row `i` places behind the last one; keep() then makes rows of those that are present.
    void put(std::size_t i, const float* row);
    void keep(const std::vector<std::uint32_t>& samples, const std::vector<std::uint8_t>& present);
    /// The same row for another sample.
    void appendCopy(std::uint32_t sample, std::size_t of);
    Embedding snapshot(const Embedding& like) const;
    /// A sorted copy; no copy when the rows came in that order.
    Embedding inDatasetOrder(const Embedding& like) const;

private:
    Matrix all() const;

    std::size_t m_dim;
    bool m_normalise;
    std::shared_ptr<float[]> m_values; ///< untouched memory is none
    std::vector<std::uint32_t> m_samples;
};

/// Publishes at the first look (2,000 rows or a tenth; sooner with a slow model), then whenever a quarter more has
/// come.
class Publisher
{
public:
    Publisher(std::size_t total, JobContext& job);
    void offer(const GrowingRows& rows, const Embedding& like);

private:
    std::size_t m_total, m_next;
    double m_start;
    bool m_first = true;
    JobContext& m_job;
};

/// What is known of an embedding before its first row.
Embedding startEmbedding(const ClipModel& model, Modality what, bool normalise);
void normaliseRow(float* row, std::size_t dim);

} // namespace semascope::core
