#include "core/clip/Positions_p.h"

#include "core/job/Error.h"

#include <array>
#include <cmath>

namespace semascope::core::clip {

namespace {

/// Pixels that one cell of the grid stands for: a ModifiedResNet halves five times.
int cellSize(const ClipConfig& c)
{
    constexpr int kResNetCell = 32;
    return c.resnet ? kResNetCell : c.patchSize;
}

} // namespace

at::Tensor fitVisionPositions(const at::Tensor& stored, const ClipConfig& c)
{
    const std::int64_t wanted = c.imageSize / cellSize(c), cells = stored.size(0) - 1, width = stored.size(1);
    const auto have = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(cells))));
    if (wanted < 1 || have * have != cells) {
        throw Error(Code::BadFormat, "The positions of the image tower (" + std::to_string(stored.size(0)) +
                                         " rows) cannot be fitted to pictures of " + std::to_string(c.imageSize) +
                                         " pixels.");
    }
    if (have == wanted) {
        return stored;
    }
    const at::Tensor grid = stored.narrow(0, 1, cells).to(at::kFloat).t().reshape({1, width, have, have}).contiguous();
    const std::array<std::int64_t, 2> size{wanted, wanted};
    const at::Tensor fitted = c.layout == ClipLayout::HuggingFace ? at::upsample_bicubic2d(grid, size, false)
                                                                  : at::_upsample_bicubic2d_aa(grid, size, false);
    const at::Tensor rows = fitted.reshape({width, wanted * wanted}).t();
    return at::cat({stored.narrow(0, 0, 1), rows.to(stored.scalar_type())}).contiguous();
}

at::Tensor fitTextPositions(const at::Tensor& stored, const ClipConfig& c)
{
    if (stored.size(0) == c.contextLength) {
        return stored;
    }
    const at::Tensor line = stored.to(at::kFloat).t().unsqueeze(0).contiguous();
    const at::Tensor fitted = at::upsample_linear1d(line, {c.contextLength}, false);
    return fitted.squeeze(0).t().to(stored.scalar_type()).contiguous();
}

} // namespace semascope::core::clip
