#pragma once
#include "core/data/Embedding.h"
#include "core/job/JobContext.h"

namespace semascope::core {

/// A row found, by its place in the matrix that was searched.
struct Neighbour
{
    std::uint32_t row = 0;
    float cosine = 0;
};

/// Exact search over the rows of one matrix. Made once (norms and mean), then a query is one parallel pass over memory:
/// 1M×512 in about a tenth of a second. Keeps no copy of the rows. Immutable, thread-safe.
class RowSearch
{
public:
    /// Rows that are not finite, or zero, are never found; nor is, by a centred query, a row that is the mean. Throws
    /// Error(Cancelled).
    RowSearch(Matrix rows, JobContext& job);

    std::size_t rows() const noexcept { return m_rows.rows(); }
    std::size_t dim() const noexcept { return m_rows.cols(); }
    /// Mean of the usable rows scaled to unit length: what "centred" subtracts.
    const std::vector<float>& mean() const noexcept { return m_mean; }

    struct Query
    {
        const float* vector = nullptr; ///< dim() numbers, of any length but zero
        std::size_t count = 12;
        std::int64_t self = -1; ///< a row that is left out
        /// Subtract the rows' mean from the (unit) rows, and `mean` from the (unit) query; cosines are then taken
        /// between the centred vectors. Closes the gap between modalities (Liang et al. 2022).
        bool centred = false;
        const float* queryMean = nullptr; ///< mean of the query's modality; the rows' own when null
    };
    /// Best first; ties by row. Throws Error(Mismatch) for a query that is zero or not finite, and Error(Cancelled).
    std::vector<Neighbour> nearest(const Query& query, const JobContext& job) const;

private:
    Matrix m_rows;
    std::vector<float> m_mean;
    std::vector<float> m_inverseNorm;        ///< 0 for a row that cannot be found
    std::vector<float> m_inverseCentredNorm; ///< of the unit row minus the mean; 0 as above
};

} // namespace semascope::core
