#pragma once
#include "core/latent/Iin.h"

#include <utility>

namespace semascope::core {

using RowPair = std::pair<std::uint32_t, std::uint32_t>;

/// A factor to be separated: either the value of each row, or pairs of rows that share the value.
struct IinFactor
{
    std::string name;
    std::vector<std::int32_t> labels; ///< one a row, −1 where not known; pairs are drawn among rows of equal label
    std::vector<RowPair> pairs;       ///< used when there are no labels
    std::size_t size = 0;             ///< numbers of the output that it gets; 0: from the pairs' correlation
};
/// A factor from groups of rows, such as two lassoed ones: rows of one group share the value. Throws Error(Misuse) for
/// fewer than two groups, a group of fewer than two rows, or a row in two groups.
IinFactor factorFromGroups(const std::string& name, const std::vector<std::vector<std::uint32_t>>& groups,
                           std::size_t rows);

/// What to train on. Without factors the training is unsupervised: likelihood alone, one residual block.
struct IinData
{
    Matrix rows; ///< n×d, d ≥ 2, such as VAE means or CLIP vectors
    Matrix
        deviations; ///< n×d of a VAE's posterior, in units of `rows`: noise is drawn with these. Empty: IinSpec::noise
    std::vector<IinFactor> factors;
    std::string source; ///< for IinRecord
};

/// A point of the training curve. Losses are mean negative log-likelihoods without constants, of a pair when there are
/// factors; NaN where there are no held-out rows.
struct IinPoint
{
    int epoch = 0;
    double train = 0, heldOut = 0;
};
/// How training stands; published as shared_ptr<const IinFrame>.
struct IinFrame
{
    std::vector<IinPoint> curve;
    int epochs = 0;                   ///< at most
    std::shared_ptr<const Iin> model; ///< as it is now, ready for use
};
struct IinTraining
{
    std::shared_ptr<const Iin> model; ///< of the best epoch
    std::vector<IinPoint> curve;
    double reference = 0;           ///< the loss that independent N(0, I) rows would have: d/2, twice that for pairs
    std::vector<double> sizeScores; ///< per factor, residual last: what the sizes come from
    std::vector<std::uint32_t> heldOutRows;
    std::vector<std::string> notes;
};
/// Trains on all rows that can be measured. Progress counts epochs. Throws Error(Misuse | Mismatch | Cancelled |
/// ModelFailed) with the cure.
IinTraining trainIin(const IinData& data, const IinSpec& spec, JobContext& job);

/// Sizes of factors from how strongly their pairs correlate in z: floor(softmax(score)·d), the residual takes the rest.
/// score = Σ_i mean((a−m)(b−m))_i / Σ_i var_i over the pairs (a, b), m the mean and var the variance of both sides;
/// that of the residual is 1.
struct FactorSizes
{
    std::vector<double> scores; ///< residual last
    std::vector<std::size_t> sizes;
};
/// `pairs` are (a rows, b rows) of each factor, n×d. Every factor gets one number at least. Throws Error(Misuse) when
/// there are more factors than room.
FactorSizes factorSizes(const std::vector<std::pair<Matrix, Matrix>>& pairs);

} // namespace semascope::core
