#pragma once
#include "core/checkpoint/Detect.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace semascope::core::clip {

/// How the numbers of a buffer are stored: float32, or bfloat16 in 16-bit words.
enum class Element { F32, Bf16 };
constexpr std::size_t bytesOf(Element e) noexcept
{
    return e == Element::F32 ? 4 : 2;
}

/// Whether this build has oneDNN and oneDNN has fast products of `type` on this processor.
bool dnnlSupports(Element type);
/// Of oneDNN, such as "2.6.3"; empty without it.
std::string dnnlVersion();

/// What happens to a sum of products before it is stored, in this order.
struct Epilogue
{
    bool add = false; ///< adds what the output held
    bool relu = false;
    Activation activation = Activation::Unknown; ///< Unknown: none
};

struct LinearSpec
{
    std::size_t outputs = 0, inputs = 0;
    Element in = Element::F32; ///< of the input and of the weights kept
    Element out = Element::F32;
    Epilogue after;
};

/// y = after(x·Wᵀ + b). The weights are packed once, in the order in which oneDNN reads them.
class PackedLinear
{
public:
    PackedLinear();
    /// weight: outputs×inputs float32, row-major; bias: outputs values, or null. Neither is kept. Throws
    /// Error(Unsupported) without oneDNN, Error(OutOfMemory).
    PackedLinear(const LinearSpec& spec, const float* weight, const float* bias);
    ~PackedLinear();
    PackedLinear(PackedLinear&&) noexcept;
    PackedLinear& operator=(PackedLinear&&) noexcept;

    bool empty() const noexcept { return !m_impl; }
    /// in: rows×inputs, out: rows×outputs. A kernel is compiled for every number of rows: better few of them.
    void run(const void* in, void* out, std::size_t rows) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

struct ConvolutionSpec
{
    std::size_t outputs = 0, inputs = 0; ///< channels
    std::size_t kernel = 3, stride = 1, padding = 1;
    Element type = Element::F32; ///< of input, weights and output
    Epilogue after;
};

/// Pictures as rows of channels: count×height×width×channels.
struct MapShape
{
    std::size_t count = 0, height = 0, width = 0;
    std::size_t cells() const noexcept { return count * height * width; }
};

/// A convolution over such maps. The weights are packed once.
class PackedConvolution
{
public:
    PackedConvolution();
    /// weight: outputs×inputs×kernel×kernel float32; bias: outputs values. Throws as PackedLinear.
    PackedConvolution(const ConvolutionSpec& spec, const float* weight, const float* bias);
    ~PackedConvolution();
    PackedConvolution(PackedConvolution&&) noexcept;
    PackedConvolution& operator=(PackedConvolution&&) noexcept;

    MapShape outputShape(const MapShape& in) const noexcept;
    void run(const void* in, void* out, const MapShape& shape) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace semascope::core::clip
