#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <vector>

namespace semascope::core {

/// What sets each cluster apart: k×E unit rows, the mean of its rows' directions minus that of all other rows; zero for
/// an empty cluster. The mean of all rows drops out of the difference, so that nothing of the modality gap is left. A
/// single cluster has only its mean.
struct Contrasts
{
    Matrix rows;
    std::vector<char> filled; ///< whether the cluster has rows with a direction
    std::size_t count = 0;    ///< of those
};
/// Negative clusters are none. Throws Error(Mismatch) for a cluster beyond k, Error(Cancelled).
Contrasts clusterContrasts(const Matrix& rows, const std::vector<std::int32_t>& assignment, std::size_t k,
                           JobContext& job);

/// Words without their common mean, unit length, a block at a time. A word without direction stays zero. Keeps a
/// reference to `words`.
class CentredWords
{
public:
    CentredWords(const Matrix& words, JobContext& job);
    std::size_t usable() const { return m_usable; }
    bool isUsable(std::size_t w) const { return m_scale[w] > 0; }
    /// Words [first, first + count): count×E into `out`.
    void block(std::size_t first, std::size_t count, float* out) const;

private:
    const Matrix& m_words;
    std::vector<double> m_scale, m_mean;
    std::size_t m_usable = 0;
};

} // namespace semascope::core
