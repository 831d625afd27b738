#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <string>
#include <vector>

namespace semascope::core {

/// How rows are brought to numbers of size one, which rates and Student's t are tuned for.
struct Preparation
{
    enum class Kind { None, Scale, Clip };
    Kind kind = Kind::None;
    float factor = 1;        ///< what is multiplied by at the end
    std::vector<float> mean; ///< of the unit rows, for Clip; else empty
    float length = 1;        ///< mean length of what is left of unit rows without their mean, to undo Clip

    /// Rows of unit length are prepared as CLIP vectors: `word` is auto, none, scale or clip.
    static Preparation fit(const Matrix& x, const std::string& word, std::string& note);
    Matrix apply(const Matrix& x, JobContext& job) const;
    /// As far as it can be: the length of a row is lost by Clip.
    Matrix undo(const Matrix& x) const;
};
const char* preparationName(Preparation::Kind kind) noexcept;

} // namespace semascope::core
