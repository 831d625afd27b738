#pragma once
#include "core/job/JobContext.h"

#include <string>

namespace semascope::core {

/// What a plain matrix product reaches here: the most that a tower on the CPU can get.
struct GemmRate
{
    std::string library; ///< "oneDNN 2.6.3" or "OpenBLAS"
    double gflops = 0;   ///< best of several shapes and repetitions, on threadCount() threads
};

/// With the library and the arithmetic ("fp32" or "bf16") that a CLIP model runs on: oneDNN with packed weights, or
/// OpenBLAS in fp32 where oneDNN has no such product. Takes about two seconds. Throws Error(Cancelled).
GemmRate gemmRate(const std::string& precision, const JobContext& job);

} // namespace semascope::core
