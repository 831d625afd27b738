#pragma once
#include "core/latent/IinTraining.h"

#include <random>

namespace semascope::core {

/// A number below `n`, the same on every machine.
std::size_t drawBelow(std::mt19937_64& random, std::size_t n);
/// Standard normal, the same on every machine (Box and Muller's method).
float drawNormal(std::mt19937_64& random);

/// Pairs that share factor `factor` each.
struct MinedPairs
{
    std::vector<RowPair> rows;
    std::vector<std::uint8_t> shared; ///< pairs × blocks; the residual is never shared
};

/// Draws pairs among some of the rows. A factor that has no pair there is left out.
class PairMiner
{
public:
    /// `usable` are rows of the data; the numbers in the pairs are of the data too.
    PairMiner(const IinData& data, const IinSpec& spec, const std::vector<std::uint32_t>& usable);
    bool any() const noexcept { return !m_ready.empty(); }
    bool has(std::size_t factor) const noexcept
    {
        return !m_sources[factor].rows.empty() || !m_sources[factor].pairs.empty();
    }
    /// A factor is drawn first, all equally likely, then a pair of it.
    MinedPairs draw(std::size_t count, std::mt19937_64& random) const;
    /// Pairs of one factor: all of the explicit ones or `count` drawn.
    std::vector<RowPair> pairsOf(std::size_t factor, std::size_t count, std::mt19937_64& random) const;

private:
    struct Source
    {
        std::vector<std::uint32_t> rows;                ///< with a partner
        std::vector<std::vector<std::uint32_t>> groups; ///< rows of equal label, two at least
        std::vector<std::uint32_t> groupOf;             ///< of rows[i]
        std::vector<RowPair> pairs;
    };
    RowPair drawOf(std::size_t factor, std::mt19937_64& random) const;
    void mark(const RowPair& pair, std::size_t factor, std::uint8_t* shared) const;

    const IinData& m_data;
    bool m_everyShared;
    std::vector<Source> m_sources;
    std::vector<std::size_t> m_ready; ///< factors that have pairs
};

/// Throws Error(Misuse | Mismatch) that names what is wrong with the data's factors.
void checkFactors(const IinData& data);

} // namespace semascope::core
