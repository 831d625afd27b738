#pragma once
#include "core/job/JobContext.h"

#include <string>

namespace semascope::core {

/// Where the built-in sample lies: 240 drawn shapes, and a small CLIP of random weights whose scores mean nothing.
struct SampleFiles
{
    std::string pictures; ///< CSV: file, caption, shape, colour, background, size
    std::string model;    ///< Hugging Face folder
};

/// $XDG_CACHE_HOME/semascope/sample-1, or the same under ~/.cache or the folder for temporary files.
std::string builtInSampleFolder();
/// Whether a model lies there: its weights are random.
bool isBuiltInSample(const std::string& modelPath);

/// Writes the sample into `folder` unless it is complete there already, in less than three seconds; the same bytes
/// every time. Parts appear only when they are whole, so that two programs may do this at once. Throws Error(Io |
/// Cancelled).
SampleFiles builtInSample(const std::string& folder, JobContext& job);

} // namespace semascope::core
