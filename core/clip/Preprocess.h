#pragma once
#include "core/checkpoint/Detect.h"
#include "core/data/Picture.h"

namespace semascope::core {

/// Pillow's separable resampling with antialiasing, bit-exact (8-bit, fixed point), 3 channels. Only rows and columns
/// of the window [x, x+w)×[y, y+h) of the resized picture are computed.
struct ResizeWindow
{
    int x = 0, y = 0, w = 0, h = 0;
};
Picture resizePillow(const Picture& in, int width, int height, PreprocessSpec::Filter filter, ResizeWindow window);
Picture resizePillow(const Picture& in, int width, int height, PreprocessSpec::Filter filter);

/// RGB uint8 size×size: resized and centre-cropped (or squashed) as `spec` says. A fourth channel is alpha: colours are
/// weighted with it while resizing, then it is dropped, as Pillow does.
Picture resizeAndCrop(const Picture& in, const PreprocessSpec& spec);

/// The model's input for one picture: 3×size×size float32 written to `out`.
void preprocess(const Picture& in, const PreprocessSpec& spec, float* out);

} // namespace semascope::core
