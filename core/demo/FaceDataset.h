#pragma once
#include "core/data/Dataset.h"
#include "core/demo/FaceCaptions.h"
#include "core/job/JobContext.h"

namespace semascope::core {

/// Which faces to draw, and what to say of them.
struct FaceSetSpec
{
    std::size_t count = 1000;
    int side = 64; ///< pixels
    std::uint64_t seed = 1;
    FaceSplit split = FaceSplit::Train;
    std::size_t captions = 4; ///< a face
    CaptionWording wording = CaptionWording::Train;
    float pose = 1; ///< how far heads turn and tilt: 1 the full range, 0 all look straight ahead
};

/// The factors of every face of `spec`, in order. Those of a smaller count are the first of a larger one.
std::vector<FaceFactors> faceSetFactors(const FaceSetSpec& spec);

/// The faces as an opened dataset in memory: RGB pictures, captions, and a column for every factor that is not
/// nuisance. "skin" has the three classes beside the number "skin tone"; hair colour is missing where none is seen.
/// Ids tell split, seed and number: "face-train-1-00042". The same bytes for the same spec. Throws Error(Misuse |
/// Cancelled).
Dataset faceDataset(const FaceSetSpec& spec, JobContext& job);
/// The same for faces of one's own, such as the strip of a factor. `spec` names side, seed (of the captions), captions
/// and wording.
Dataset faceDataset(const std::vector<FaceFactors>& faces, const FaceSetSpec& spec, const std::string& name,
                    JobContext& job);

} // namespace semascope::core
