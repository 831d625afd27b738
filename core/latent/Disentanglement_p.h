#pragma once
#include "core/latent/Disentanglement.h"

namespace semascope::core {

/// Number of values of a factor.
std::size_t valueCount(const std::vector<std::int32_t>& factor);
/// Throws Error(Mismatch | Misuse) that says what is wrong with the table.
void checkTable(const FactorTable& table);

/// One latent's numbers with a factor's values, for fitting or for judging.
struct LatentColumn
{
    std::vector<double> x;
    std::vector<std::int32_t> y;
};
/// Accuracy on `test` of a one-against-rest linear support vector machine with squared hinge loss, C .01, balanced
/// classes and a penalised offset, fitted to `train`.
double linearSvmAccuracy(const LatentColumn& train, const LatentColumn& test, std::size_t classes);

/// Rows first…last−1 of a table's latents and of one factor.
struct TableSlice
{
    const FactorTable* table = nullptr;
    std::size_t factor = 0, first = 0, last = 0;
};
struct BoostedFit
{
    std::vector<double> importance; ///< of the latents, sums to 1 (or all 0 when nothing was split)
    double accuracy = 0;            ///< on the rows to judge by
};
BoostedFit boost(const TableSlice& train, const TableSlice& test, const BoostingSpec& spec, JobContext& job);

} // namespace semascope::core
