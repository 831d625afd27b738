#pragma once
#include <cstddef>
#include <vector>

namespace semascope::core {

/// A batch's numbers in double: n rows of `width`, row after row.
struct LossRows
{
    std::vector<double> values;
    std::size_t n = 0, width = 0;
    double at(std::size_t i, std::size_t j) const { return values[i * width + j]; }
};

/// The terms of the VAE family's losses, plainly: what trainers are checked against. Natural logarithms; sums over
/// pixels or latents, means over the batch. All throw Error(Mismatch) for sizes that do not fit.
namespace loss {

/// ½(μ² + e^lv − lv − 1) of every image and latent.
LossRows klTable(const LossRows& mu, const LossRows& logVariance);
double kl(const LossRows& mu, const LossRows& logVariance);
std::vector<double> klPerLatent(const LossRows& mu, const LossRows& logVariance);

/// −log p(x | logits), x in [0, 1].
double bernoulli(const LossRows& logits, const LossRows& x);
double squaredError(const LossRows& y, const LossRows& x);
double absoluteError(const LossRows& y, const LossRows& x);
/// −log N(x; y, 1), constants included.
double gaussian(const LossRows& y, const LossRows& x);

/// γ·|KL − C| (Burgess et al. 2018).
double annealed(double divergence, double gamma, double capacity);

/// How log q(z) is estimated from a batch (Chen et al. 2018).
enum class Estimator {
    Weighted,   ///< every sample of the batch counts 1/(N·B)
    Stratified, ///< own sample 1/N, the next one (N−M)/(N·M), the others 1/M, with M = B−1
    Plain       ///< no weights, as the training loss uses it: differs by a constant
};
/// The divergence in three parts: mutual information of data and code, total correlation, dimension-wise KL.
struct Decomposition
{
    double information = 0, correlation = 0, dimensionwise = 0;
    std::vector<double> logQ, logProductQ; ///< of each image
};
/// `dataSize` is the N of the whole training set. Stratified needs two images at least.
struct DecompositionTask
{
    LossRows z, mu, logVariance;
    double dataSize = 0;
    Estimator estimator = Estimator::Stratified;
};
Decomposition decompose(const DecompositionTask& task);
/// Σ weights of one row is 1: batch × batch.
LossRows stratifiedWeights(std::size_t batch, double dataSize);

/// DIP-VAE's penalty λ_od·Σ_{i≠j} C_ij² + λ_d·Σ(C_ii − 1)² (Kumar et al. 2018). C is the covariance of μ, divided by n;
/// the second variant adds the mean of e^lv to its diagonal.
struct DipTask
{
    LossRows mu, logVariance;
    bool second = false;
    double offDiagonal = 10, diagonal = 100;
};
double dip(const DipTask& task);

/// FactorVAE's total correlation from a discriminator's two logits: mean(D(z)_0 − D(z)_1) (Kim & Mnih 2018).
double factorTerm(const LossRows& logits);

} // namespace loss

} // namespace semascope::core
