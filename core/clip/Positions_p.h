#pragma once
#include "core/checkpoint/Detect.h"
#include "core/job/TorchPch_p.h"

namespace semascope::core::clip {

/// Positions of the image tower (first row: class or mean token, then a square grid, row by row; cells+1 × width) for
/// pictures of c.imageSize. The first row stays; the grid is resampled bicubically: with antialiasing as OpenCLIP does
/// (OpenAI's and OpenCLIP's layouts), without as Hugging Face does. Untouched when the size is the stored one.
at::Tensor fitVisionPositions(const at::Tensor& stored, const ClipConfig& c);

/// Positions of the text tower (tokens × width) for c.contextLength tokens: linear, as OpenCLIP does.
at::Tensor fitTextPositions(const at::Tensor& stored, const ClipConfig& c);

} // namespace semascope::core::clip
