#pragma once
#include "core/latent/Iin.h"

namespace semascope::core {

/// Output rows of a flow with their log-determinants, and where the gradient goes (n×dim; null: not wanted). The
/// gradient by every log-determinant is the returned loss's weight, −1/rows (−1/pairs for pairs).
struct FlowOutput
{
    const float* rows = nullptr;
    const double* logDet = nullptr;
    std::size_t n = 0, dim = 0;
    float* gradient = nullptr;
};

/// mean(|y|²/2 − log-determinant), constants dropped.
double likelihoodLoss(const FlowOutput& out);

/// Rows 0…m−1 are one side, m…2m−1 the other. shared[p·blocks + k] says whether pair p shares factor k.
/// mean( |a|²/2 − logdet_a + Σ_k |b_k − ρ_k a_k|² / (2(1 − ρ_k²)) − logdet_b ), ρ_k = ρ where shared, else 0.
double pairLoss(const FlowOutput& out, const std::vector<FactorBlock>& factors, const std::vector<std::uint8_t>& shared,
                double rho);

} // namespace semascope::core
