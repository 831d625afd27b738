#pragma once
#include "core/clip/ClipModel.h"
#include "core/clip/Search.h"
#include "core/clip/Store.h"
#include "core/data/Embedding.h"

namespace semascope::core {

struct EmbedOptions
{
    bool normalise = true;
    std::optional<StoreSpec> store; ///< where rows are looked up and kept; none: every row is computed
};

/// Embeds every picture (or every caption) of `data`. Rows that the store has come first and are not computed; the
/// others go in the order of pictureOrder(), decoding in between or, with a GPU, beside inference. The rows ready so
/// far are published as shared_ptr<const Embedding>, the first at 2,000 rows (or a tenth). The result is in dataset
/// order. A picture that cannot be decoded has no row and stands in `skipped`. What the store or the device could not
/// do is told to the job (note) and stands in `notes`. Throws Error(Cancelled | OutOfMemory | …).
Embedding embed(const Dataset& data, const ClipModel& model, Modality what, const EmbedOptions& options,
                JobContext& job);
/// The same without a store.
Embedding embed(const Dataset& data, const ClipModel& model, Modality what, bool normalise, JobContext& job);

/// Cosines of every embedding row (n) with every prompt row (m): n×m. Both are normalised here when they are not.
Matrix cosineScores(const Matrix& rows, const Matrix& prompts);

/// The `count` rows most similar to `query` (cosine), best first; `self` is left out. For many queries keep a
/// RowSearch.
std::vector<Neighbour> nearestRows(const Matrix& rows, const float* query, std::size_t count, std::int64_t self = -1);

} // namespace semascope::core
