#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

/// Latents of n samples and the true value of every factor. Factor values are 0…k−1; all must be known.
struct FactorTable
{
    Matrix latents;                                 ///< n×L
    std::vector<std::vector<std::int32_t>> factors; ///< one list of n values a factor
    std::vector<std::string> names;                 ///< of the factors; may be empty
};

/// L×K numbers, latents × factors.
struct LatentFactorTable
{
    std::size_t latents = 0, factors = 0;
    std::vector<double> values;
    double at(std::size_t latent, std::size_t factor) const { return values[latent * factors + factor]; }
};

/// Mutual information in nats between each latent, cut into `bins` equal bins from its minimum to its maximum, and each
/// factor. Throws Error(Mismatch | Misuse) as all functions here do: for lists of other lengths, negative values, no
/// rows.
LatentFactorTable mutualInformation(const FactorTable& table, int bins = 20);
/// Of every factor, in nats.
std::vector<double> factorEntropies(const FactorTable& table);

/// Mutual information gap (Chen et al. 2018): per factor (largest − second largest)/entropy; the score is their mean.
struct GapScore
{
    double score = 0;
    std::vector<double> perFactor;
};
GapScore mutualInformationGap(const LatentFactorTable& information, const std::vector<double>& entropies);

/// How much each latent is about one factor only (Ridgeway & Mozer 2018): mean over latents.
double modularity(const LatentFactorTable& information);
/// How well simple classifiers read the factors: mean area under the ROC curve, one value against the rest, of logistic
/// regression on all latents, fitted to the first half and judged on the second.
double explicitness(const FactorTable& table, JobContext& job);

/// Separated attribute predictability (Kumar et al. 2018): accuracy on the second half of a linear support vector
/// machine (C .01, balanced classes) on one latent alone, fitted to the first half; the score is the mean over factors
/// of best − second best.
LatentFactorTable separatedScores(const FactorTable& table, JobContext& job);
double separatedAttributePredictability(const LatentFactorTable& scores);

/// Gradient boosting as DCI uses it: trees of `depth`, shrunk by `rate`, for the multinomial deviance.
struct BoostingSpec
{
    int trees = 100;
    int depth = 3;
    double rate = .1;
};
/// Disentanglement, completeness, informativeness (Eastwood & Williams 2018).
struct DciScore
{
    LatentFactorTable importance;
    double disentanglement = 0, completeness = 0;
    double informativeness = 0; ///< accuracy on the second half, mean over factors
    std::vector<double> informativenessPerFactor;
};
DciScore dci(const FactorTable& table, const BoostingSpec& spec, JobContext& job);
double disentanglementOf(const LatentFactorTable& importance);
double completenessOf(const LatentFactorTable& importance);

/// ½(Σ log diag Cov − log det Cov) of the latents, in nats; infinite when they are linearly dependent.
double gaussianTotalCorrelation(const Matrix& latents);

/// How the scores that need sets of samples with one factor held fixed draw them.
struct FixedFactorSpec
{
    std::size_t train = 10000, test = 5000; ///< sets
    std::size_t batch = 64;                 ///< samples a set
    std::uint64_t seed = 0;
};
/// FactorVAE score (Kim & Mnih 2018): the latent that varies least names the fixed factor, by majority vote. Latents
/// whose deviation over all rows is below .05 are left out. 0 when all are.
double factorVaeScore(const FactorTable& table, const FixedFactorSpec& spec, JobContext& job);
/// BetaVAE score (Higgins et al. 2017): accuracy of logistic regression that reads the fixed factor from mean |z₁ −
/// z₂|.
double betaVaeScore(const FactorTable& table, const FixedFactorSpec& spec, JobContext& job);

/// All of them, for a table of results. Sets are drawn from the rows there are.
struct DisentanglementScores
{
    LatentFactorTable information;
    std::vector<double> entropies;
    double mig = 0, modularity = 0, explicitness = 0, sap = 0, factorVae = 0, betaVae = 0, totalCorrelation = 0;
    DciScore dci;
};
DisentanglementScores disentanglement(const FactorTable& table, const FixedFactorSpec& spec, JobContext& job);

} // namespace semascope::core
