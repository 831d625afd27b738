#pragma once
#include "core/reduce/Layout.h"
#include "core/reduce/PairDistances_p.h"

#include <cstddef>
#include <vector>

namespace semascope::core {

/// What both MDS methods start from: rows or distances, made comparable.
struct MdsInput
{
    Matrix rows;                    ///< usable rows (unit length for metric=cosine); empty for precomputed
    std::vector<std::size_t> which; ///< rows of the input they are
    bool precomputed = false, unit = false;
    std::vector<std::string> notes;
};

/// Usable rows of x under the options' metric: euclidean, cosine (the chord between unit rows, so zero rows are left
/// out) or precomputed.
MdsInput mdsInput(const Matrix& x, const LayoutSpec& spec);

/// Distances of the input's pairs. Throws Error(OutOfMemory) for too many rows.
PairDistances mdsDistances(const MdsInput& input, const Matrix& x, const LayoutSpec& spec, JobContext& job);

/// Torgerson's coordinates of a distance table: n×dim, falling size, largest coordinate positive.
Matrix torgerson(const PairDistances& delta, std::size_t dim, std::vector<std::string>& notes, JobContext& job);

/// Torgerson's coordinates of rows, which are their principal coordinates; axes beyond min(n, d) are zero.
Layout principalCoordinates(const MdsInput& input, std::size_t dim, JobContext& job);

/// Classical and SMACOF layouts.
Layout classicalLayout(const Matrix& x, const LayoutSpec& spec, JobContext& job);
Layout smacofLayout(const Matrix& x, const LayoutSpec& spec, JobContext& job);

/// Places rows by least stress to at most 2,000 of the laid out rows. `input.rows` are the rows of `points`.
std::shared_ptr<const Projector> stressProjector(const MdsInput& input, const Matrix& points, std::uint64_t seed);

} // namespace semascope::core
