#pragma once
#include "core/clip/Dnnl_p.h"
#include "core/clip/Weights_p.h"
#include "core/job/JobContext.h"

#include <memory>
#include <vector>

namespace semascope::core::clip {

/// Image tower: B×3×S×S → B×E.
class VisionTower
{
public:
    virtual ~VisionTower() = default;
    /// Stop is checked before each layer.
    virtual at::Tensor forward(const at::Tensor& pixels, const JobContext& job) const = 0;
};

/// Texts as token ids, each ending with the token whose features are its own.
using TokenRows = std::vector<std::vector<std::int32_t>>;

/// Text tower: n texts → n×E.
class TextTower
{
public:
    virtual ~TextTower() = default;
    virtual at::Tensor forward(const TokenRows& ids, const JobContext& job) const = 0;
};

/// On libtorch's kernels: any device, and a CPU without oneDNN.
std::unique_ptr<VisionTower> makeVisionTransformer(const ClipConfig& c, const WeightSource& w);
std::unique_ptr<VisionTower> makeModifiedResNet(const ClipConfig& c, const WeightSource& w);
std::unique_ptr<TextTower> makeTextTower(const ClipConfig& c, const WeightSource& w);

/// On oneDNN's kernels: the CPU, where dnnlSupports(type). `w` gives float32 on the CPU. The weights are copied into
/// packed form; the pages of the file are given back on the way.
std::unique_ptr<VisionTower> makePackedVision(const ClipConfig& c, const WeightSource& w, Element type);
std::unique_ptr<VisionTower> makePackedResNet(const ClipConfig& c, const WeightSource& w, Element type);
std::unique_ptr<TextTower> makePackedText(const ClipConfig& c, const WeightSource& w, Element type);

} // namespace semascope::core::clip
