#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <vector>

namespace semascope::core {

/// How a probe is fitted.
struct ProbeSpec
{
    double penalty = 1;      ///< λ of Σ cross-entropy + λ/2·|W|²; keeps the weights of separable classes finite
    bool standardise = true; ///< columns to mean 0, deviation 1 first; kept in the probe
    int iterations = 500;    ///< at most, of L-BFGS
    bool operator==(const ProbeSpec&) const = default;
};

/// Multinomial logistic regression: which of `classes` values a row has. Deterministic; immutable once fitted.
struct Probe
{
    std::size_t classes = 0;
    std::size_t width = 0;       ///< columns of a row
    std::vector<double> weights; ///< classes × width, for raw rows: the standardisation is folded in
    std::vector<double> offsets; ///< classes

    /// n × classes, rows sum to 1. Throws Error(Mismatch) for another width.
    Matrix probabilities(const Matrix& rows) const;
    /// The likeliest class of each row. Throws as above.
    std::vector<std::int32_t> predict(const Matrix& rows) const;
};

/// Fits a probe to rows with labels 0…k−1; rows with label −1 are left out. Throws Error(Mismatch) unless there is a
/// label a row, Error(Misuse) for fewer than two classes or numbers that are not finite, Error(Cancelled).
Probe fitProbe(const Matrix& rows, const std::vector<std::int32_t>& labels, const ProbeSpec& spec, JobContext& job);

/// Share of rows read right, of those with a label; NaN without any.
double accuracy(const std::vector<std::int32_t>& read, const std::vector<std::int32_t>& labels);

/// Held-out accuracy of every label set (rows) read from every column range (columns of the table): fitted on
/// `train` rows, judged on `test` rows. A diagonal table says that each block holds its own factor alone.
struct ProbeTableTask
{
    std::vector<Matrix> inputs;                    ///< each n×anything
    std::vector<std::vector<std::int32_t>> labels; ///< each n long
    std::vector<std::size_t> train, test;          ///< row indices
    ProbeSpec spec;
};
/// [label set][input]
std::vector<std::vector<double>> probeTable(const ProbeTableTask& task, JobContext& job);

} // namespace semascope::core
