#pragma once
#include "core/job/JobContext.h"

#include <vector>

namespace semascope::core {

/// Pearson's r of two lists; 0 where one of them is constant.
double pearson(const std::vector<double>& a, const std::vector<double>& b);

/// Replaces the values by their ranks, from 1; equal values share their mean rank. Checks `job` between sorted pieces.
void toRanks(std::vector<double>& values, JobContext& job);

} // namespace semascope::core
