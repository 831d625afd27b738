#pragma once
#include "core/latent/Probe.h"

#include <functional>
#include <memory>
#include <string>

namespace semascope::core {

/// A change of latent vectors, n×d → n×d: a direction's move, an IIN's edit, anything.
struct LatentEdit
{
    std::string name;
    std::function<Matrix(const Matrix& z)> apply;
};

/// An attribute read by an independent probe: one that the edits were not made with.
struct JudgedAttribute
{
    std::string name;
    Probe probe;
};

/// What edits are judged by.
struct EditTrial
{
    Matrix z;                                       ///< held-out rows, which no edit was fitted to
    std::function<Matrix(const Matrix& z)> picture; ///< what the probes read, such as decoded pixels; empty: z itself
    JudgedAttribute attribute;                      ///< the one to change
    std::int32_t target = 1;                        ///< into which value
    std::vector<JudgedAttribute> others;            ///< to be kept, identity among them
    /// Mean CLIP directional score of the change (from, to: what `picture` gave); empty: not known.
    std::function<double(const Matrix& from, const Matrix& to)> directional;
    int controls = 5; ///< random edits of the same length for every row
    std::uint64_t seed = 0;
};

/// One line of the table. Shares are of the rows that the probe does not read as the target before the edit; NaN where
/// there are none. "Kept" means that the probe reads the same value after as before.
struct EditScore
{
    std::string name;
    double flipped = 0;
    std::vector<double> kept;                        ///< of each other attribute, in the trial's order
    double leastKept = 0;                            ///< 1 without other attributes
    double length = 0;                               ///< mean |z' − z|
    double directional = 0;                          ///< NaN where not known
    double controlFlipped = 0, controlLeastKept = 0; ///< of random edits as long as this one, row by row
};
struct EditTable
{
    std::size_t rows = 0, of = 0;  ///< rows judged, of the held-out ones
    std::vector<std::string> kept; ///< names of the other attributes
    std::vector<EditScore> scores; ///< in the order of the edits
    std::size_t best = 0;          ///< index of the edit to offer first
};

/// Judges every edit on the same rows. An edit that keeps each other attribute on 90 % of the rows goes before one that
/// does not; among the former more flips win, among the latter the mean of flips and least kept. Throws
/// Error(Mismatch), Error(Misuse) without edits, Error(Cancelled).
EditTable compareEdits(const EditTrial& trial, const std::vector<LatentEdit>& edits, JobContext& job);

/// The share of rows on which other attributes must be kept for an edit to count as clean.
inline constexpr double kCleanEdit = .9;

/// The strength whose edit has the largest sum of flips and least kept, the first of equals; tried on rows that may be
/// used for fitting, so that held-out rows stay unseen. `family` makes the edit of a strength.
struct Strength
{
    double value = 1;
    EditScore score;
};
Strength chooseStrength(const EditTrial& trial, const std::function<LatentEdit(double)>& family,
                        const std::vector<double>& strengths, JobContext& job);

} // namespace semascope::core
