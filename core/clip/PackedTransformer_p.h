#pragma once
#include "core/clip/RowKernels_p.h"
#include "core/clip/Weights_p.h"
#include "core/job/JobContext.h"

#include <cstddef>
#include <vector>

namespace semascope::core::clip {

/// Memory that grows when more is needed, starts as zeros and begins at a page. Used by one thread at a time.
class Buffer
{
public:
    Buffer() = default;
    ~Buffer();
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    /// At least `bytes`. What was there before is lost when it has to grow. Throws std::bad_alloc.
    void* need(std::size_t bytes);
    float* floats(std::size_t count) { return static_cast<float*>(need(count * sizeof(float))); }

private:
    void* m_data = nullptr;
    std::size_t m_bytes = 0;
};

/// Work memory of a tower, kept between calls.
struct Buffers
{
    Buffer tokens, narrow, wide, input, output;
};

/// float32 values of a tensor on the CPU.
std::vector<float> valuesOf(const at::Tensor& t);
/// Empty when the norm is undefined.
RowNorm rowNormOf(const Norm& norm);
/// weight: outputs×inputs; bias may be undefined. `scale` multiplies what comes out (OpenCLIP's layer scale).
PackedLinear pack(LinearSpec spec, const at::Tensor& weight, const at::Tensor& bias, const at::Tensor& scale = {});

/// The tokens of one picture or text, and those whose features are wanted at the end.
struct TokenItem
{
    std::size_t length = 0;
    std::size_t firstWanted = 0, wanted = 1;
};

/// Pre-norm transformer layers on packed weights. The residual stream is float32, products take `type`.
class PackedTransformer
{
public:
    struct Shape
    {
        std::size_t width = 0, heads = 1;
        bool causal = false;
        Activation activation = Activation::QuickGelu;
        Element type = Element::F32;
    };
    explicit PackedTransformer(const Shape& shape) : m_shape(shape) {}
    void add(const Block& block);

    /// x: the tokens of all items one after the other, then rows up to `paddedRows` of any finite numbers. Afterwards
    /// its first rows are those that are wanted. In the last layer only they ask and go through the perceptron. Stop
    /// is checked before each layer.
    void run(float* x, const std::vector<TokenItem>& items, Buffers& buffers, const JobContext& job) const;

    /// Rows that the products are made for: fewer different numbers mean fewer kernels to compile.
    std::size_t rowStep = 1;
    std::size_t paddedRows(std::size_t rows) const { return (rows + rowStep - 1) / rowStep * rowStep; }

private:
    struct Layer
    {
        RowNorm norm1, norm2;
        PackedLinear qkv, out, fc, proj;
        std::size_t hidden = 0;
    };
    /// Moves the rows that ask together.
    void keepAsking(float* x, const std::vector<AttentionItem>& items) const;
    void runLayer(const Layer& layer, float* x, const std::vector<AttentionItem>& items, Buffers& buffers) const;

    Shape m_shape;
    std::vector<Layer> m_layers;
};

} // namespace semascope::core::clip
