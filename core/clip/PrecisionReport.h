#pragma once
#include "core/clip/ClipModel.h"
#include "core/data/Dataset.h"

namespace semascope::core {

/// What one kind of arithmetic costs and gains.
struct PrecisionLine
{
    std::string device, precision;
    double perSecond = 0;                 ///< pictures, image tower alone
    double meanCosine = 0, minCosine = 0; ///< of the rows with those of fp32 on the same device
    std::string problem;                  ///< why it could not be measured; empty when it was
};

struct PrecisionReport
{
    std::string modelName;
    std::size_t pictures = 0;         ///< of the fixed sample
    std::vector<PrecisionLine> lines; ///< fp32 of each device first
};

/// Opens the model in every precision of every device here, one after the other, and embeds the same pictures with
/// each: 64 of `data` (fewer with a large model, by its size alone), the same ones every time. `spec`'s device and
/// precision do not matter. Throws Error(Mismatch) when no picture can be read, Error(Cancelled), and what
/// ClipModel::open throws for the first one.
PrecisionReport precisionReport(const ModelSpec& spec, const Dataset& data, JobContext& job);

/// "bf16 on cpu: 60 pictures/s (1.8 times fp32), cosine to fp32 .9996 on average, .9991 at least".
std::string precisionText(const PrecisionReport& report, const PrecisionLine& line);
/// How many times as fast as fp32 on the same device; 0 when not known.
double speedGain(const PrecisionReport& report, const PrecisionLine& line);

} // namespace semascope::core
