#pragma once
#include "core/clip/Preprocess.h"

#include <cstdint>
#include <vector>

namespace semascope::core {

/// Fixed point weights for a run of outputs along one axis, in groups of kGroup taps; the last group is filled with 0.
struct ResizeAxis
{
    static constexpr int kGroup = 4;
    static constexpr int kFractionBits = 22; ///< 32 − 8 of the pixel − 2 for overshoot
    static constexpr int kLowBits = 12;      ///< a weight is high·2^12 + low, so that both fit 16 bits

    int groups = 0;                   ///< room for each output
    std::vector<int> first, count;    ///< the inputs that each output uses
    std::vector<std::int32_t> weight; ///< groups·kGroup per output
    /// Four words per group, two 16-bit halves each: low of taps 0|1, low of 2|3, high of 0|1, high of 2|3.
    std::vector<std::uint32_t> packed;

    int groupsOf(std::size_t output) const { return (count[output] + kGroup - 1) / kGroup; }
};

/// Outputs [offset, offset + n) of an axis that goes from `in` to `out` samples.
struct ResizeSpan
{
    int in = 0, out = 0, offset = 0, n = 0;
};
ResizeAxis makeResizeAxis(const ResizeSpan& span, PreprocessSpec::Filter filter);

/// Best takes AVX2 where the processor has it. Both give the same bytes.
enum class ResizeKernel { Best, Plain };

/// Two rows of 3-channel pixels filtered along x at once. kRowSlack bytes behind the last pixel of a source are read.
struct RowPair
{
    const std::uint8_t* source[2];
    std::uint8_t* target[2];
};
constexpr std::size_t kRowSlack = 16;
void resizeRows(const ResizeAxis& axis, const RowPair& rows, ResizeKernel kernel);

/// One row made of `rows`, as many as the groups of this output hold (filled up with any valid row).
struct ColumnTask
{
    std::size_t output = 0;
    const std::uint8_t* const* rows = nullptr;
    std::uint8_t* target = nullptr;
    std::size_t bytes = 0;
};
void resizeColumns(const ResizeAxis& axis, const ColumnTask& task, ResizeKernel kernel);

struct ResizeRequest
{
    int width = 0, height = 0;
    PreprocessSpec::Filter filter = PreprocessSpec::Filter::Bicubic;
    ResizeWindow window;
    ResizeKernel kernel = ResizeKernel::Best;
};
/// resizePillow with a choice of kernel.
Picture resizeWith(const Picture& in, const ResizeRequest& request);

} // namespace semascope::core
