#pragma once
#include "core/checkpoint/Detect.h"
#include "core/job/JobContext.h"
#include "core/job/TorchPch_p.h"

#include <memory>
#include <string>
#include <vector>

namespace semascope::core::clip {

/// Hands out the tensors of a checkpoint by name, widened to float32 (or the compute type) on the compute device.
/// Contiguous float32 tensors of a mapped file are used in place.
class WeightSource
{
public:
    WeightSource(const StateDict& state, at::Device device, at::ScalarType type)
        : m_state(&state), m_device(device), m_type(type)
    {}
    /// Throws Error(BadFormat) naming the key when it is missing.
    at::Tensor take(const std::string& key) const;
    at::Tensor takeOrEmpty(const std::string& key) const;
    bool has(const std::string& key) const { return m_state->find(key) != nullptr; }
    at::Device device() const { return m_device; }
    at::ScalarType type() const { return m_type; }

private:
    const StateDict* m_state;
    at::Device m_device;
    at::ScalarType m_type;
};

struct Norm
{
    at::Tensor weight, bias;
    double eps = 1e-5;
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

struct Transformer
{
    std::vector<Block> blocks;
    int heads = 1;
    Activation activation = Activation::QuickGelu;
    /// x: B×L×D. Stop is checked before each layer.
    at::Tensor forward(at::Tensor x, bool causal, const JobContext& job) const;
};

/// Image tower: B×3×S×S → B×E.
class VisionTower
{
public:
    virtual ~VisionTower() = default;
    virtual at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const = 0;
};
std::unique_ptr<VisionTower> makeVisionTransformer(const ClipConfig& c, const WeightSource& w);
std::unique_ptr<VisionTower> makeModifiedResNet(const ClipConfig& c, const WeightSource& w);

/// Text tower: B×L ids → B×E, pooled at `eot` (one position per row).
struct TextTower
{
    at::Tensor tokenEmbedding, position, projection, projectionBias;
    Norm normFinal;
    Transformer transformer;
    at::Tensor forward(const at::Tensor& ids, const at::Tensor& eot, const JobContext& job) const;
};
std::unique_ptr<TextTower> makeTextTower(const ClipConfig& c, const WeightSource& w);

/// Reads layer `index` of a tower; `text` chooses the key prefix of the layout.
Block readBlock(const ClipConfig& c, const WeightSource& w, bool text, int index);
at::Tensor multiHeadAttention(const at::Tensor& qkv, int heads, bool causal);

} // namespace semascope::core::clip
