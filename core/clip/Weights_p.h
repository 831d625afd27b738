#pragma once
#include "core/checkpoint/Detect.h"
#include "core/job/TorchPch_p.h"

#include <string>
#include <vector>

namespace semascope::core::clip {

/// Hands out the tensors of a checkpoint by name, as float32 or the compute type, on the compute device. Contiguous
/// float32 tensors of a mapped file are used in place.
class WeightSource
{
public:
    struct Target
    {
        at::Device device = at::Device(at::kCPU);
        at::ScalarType type = at::kFloat;
        bool roundToHalf = false; ///< first to fp16 what OpenAI's fp16 files store so: all but norms and embeddings
    };
    WeightSource(const StateDict& state, const Target& target) : m_state(&state), m_target(target) {}

    /// Throws Error(BadFormat) naming the key when it is missing.
    at::Tensor take(const std::string& key) const;
    at::Tensor takeOrEmpty(const std::string& key) const;
    bool has(const std::string& key) const { return m_state->find(key) != nullptr; }
    at::ScalarType type() const { return m_target.type; }

    /// Gives back the memory of the file's pages that were read since the last call; the system keeps them in its
    /// cache. For a reader that copies what it takes.
    void dropPages() const;

private:
    const StateDict* m_state;
    Target m_target;
    mutable std::vector<const TensorView*> m_taken;
};

struct Norm
{
    at::Tensor weight, bias;
    double eps = 1e-5;
    bool defined() const { return weight.defined(); }
    at::Tensor operator()(const at::Tensor& x) const { return at::layer_norm(x, {x.size(-1)}, weight, bias, eps); }
};

/// One pre-norm transformer layer (Vaswani et al. 2017, as CLIP arranges it).
struct Block
{
    Norm norm1, norm2;
    at::Tensor qkvWeight, qkvBias, outWeight, outBias;
    at::Tensor fcWeight, fcBias, projWeight, projBias;
    at::Tensor scale1, scale2; ///< OpenCLIP's layer scale; undefined when absent
};
/// Reads layer `index` of a tower; `text` chooses the key prefix of the layout.
Block readBlock(const ClipConfig& c, const WeightSource& w, bool text, int index);

/// What a vision transformer has around its layers. The position table fits the picture size of `c`.
struct VisionWeights
{
    at::Tensor patch;      ///< W×3×P×P
    at::Tensor first;      ///< class token, W
    at::Tensor position;   ///< tokens×W
    at::Tensor projection; ///< E×W; undefined without one
    Norm pre, post;        ///< pre is undefined without one
};
VisionWeights readVision(const ClipConfig& c, const WeightSource& w);

/// What a text tower has around its layers.
struct TextWeights
{
    at::Tensor tokens, position; ///< vocabulary×T, context×T
    at::Tensor projection;       ///< E×T; undefined without one
    at::Tensor projectionBias;   ///< undefined without one
    Norm final;
};
TextWeights readText(const ClipConfig& c, const WeightSource& w);

/// A convolution of a ModifiedResNet with the batch norm behind it folded in.
struct FoldedConv
{
    at::Tensor weight, bias;
    std::int64_t padding = 0, stride = 1;
    bool defined() const { return weight.defined(); }
    at::Tensor operator()(const at::Tensor& x) const { return at::conv2d(x, weight, bias, stride, padding); }
};

struct Bottleneck
{
    FoldedConv conv1, conv2, conv3;
    FoldedConv shortcut; ///< undefined without one
    std::int64_t stride = 1;
};
Bottleneck readBottleneck(const WeightSource& w, int layer, int index);
std::vector<FoldedConv> readStem(const WeightSource& w);

/// Attention pooling: the mean of all cells asks, the cells and their mean answer.
struct AttentionPoolWeights
{
    at::Tensor position;
    at::Tensor weight[4], bias[4]; ///< query, key, value, output
};
AttentionPoolWeights readAttentionPool(const ClipConfig& c, const WeightSource& w);

} // namespace semascope::core::clip
