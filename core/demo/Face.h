#pragma once
#include "core/data/Picture.h"
#include "core/demo/FaceFactors.h"

namespace semascope::core {

/// Draws a face, side×side RGB: soft shapes on a canvas of at least 192 pixels a side, reduced by the mean of whole
/// blocks. The same bytes for the same numbers, always. Throws Error(Misuse) unless 16 ≤ side ≤ 2048.
Picture drawFace(const FaceFactors& face, int side);

/// Pixels left ≤ x < right, top ≤ y < bottom.
struct PixelBox
{
    int left = 0, top = 0, right = 0, bottom = 0;
};
/// Where glasses are on this face or would be, in a picture of that side.
PixelBox glassesBox(const FaceFactors& face, int side);

} // namespace semascope::core
