#pragma once
#include "core/latent/IinPairs_p.h"

namespace semascope::core {

/// The rows of a training: split, standardised by the training rows, noise added when they are taken.
class IinRows
{
public:
    /// Throws Error(Misuse | Mismatch) for rows that cannot be trained on.
    IinRows(const IinData& data, const IinSpec& spec, std::mt19937_64& random);

    std::size_t dim() const noexcept { return m_data.rows.cols(); }
    std::vector<std::uint32_t> train, heldOut; ///< row numbers; held-out ones sorted
    std::vector<float> mean, deviation;        ///< of the columns
    std::size_t leftOut = 0;                   ///< rows that are not finite

    /// Standardised, with noise.
    std::vector<float> noisy(const std::vector<std::uint32_t>& rows, std::mt19937_64& random) const;
    /// All first sides, then all second sides.
    std::vector<float> noisyPairs(const std::vector<RowPair>& pairs, std::mt19937_64& random) const;
    /// Both sides, standardised, without noise.
    std::pair<Matrix, Matrix> sides(const std::vector<RowPair>& pairs) const;

private:
    void split(double share, std::mt19937_64& random);
    void standardise();
    std::vector<float> standardised(std::size_t row) const;

    const IinData& m_data;
    double m_noise;
};

/// Shuffled with the same result on every machine.
void shuffleRows(std::vector<std::uint32_t>& rows, std::mt19937_64& random);

} // namespace semascope::core
