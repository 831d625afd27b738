#pragma once
#include "core/clip/ClipModel.h"
#include "core/data/Embedding.h"

namespace semascope::core {

/// Embeds every picture (or every caption) of `data`. Decoding runs beside inference; pictures go in a shuffled order,
/// and the rows ready so far are published as shared_ptr<const Embedding>, the first at 2,000 rows (or a tenth). The
/// result is in dataset order. A picture that cannot be decoded has no row and stands in `skipped`. Throws
/// Error(Cancelled | OutOfMemory | …).
Embedding embed(const Dataset& data, const ClipModel& model, Modality what, bool normalise, JobContext& job);

/// Cosines of every embedding row (n) with every prompt row (m): n×m. Both are normalised here when they are not.
Matrix cosineScores(const Matrix& rows, const Matrix& prompts);

/// The `count` rows most similar to `query` (cosine), best first; `self` is left out.
struct Neighbour
{
    std::uint32_t row = 0;
    float cosine = 0;
};
std::vector<Neighbour> nearestRows(const Matrix& rows, const float* query, std::size_t count, std::int64_t self = -1);

} // namespace semascope::core
