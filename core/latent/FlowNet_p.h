#pragma once
#include "core/latent/Flow_p.h"

namespace semascope::core {

constexpr float kLeak = 0.01F;

/// n rows through a coupling's network, as matrix products. `tanhEnd` for the scale networks. With a tape all layers'
/// outputs are kept. Returns n×out of the last layer.
struct NetTask
{
    const float* in = nullptr;
    std::size_t n = 0;
    bool tanhEnd = false;
};
std::vector<float> netForward(const Flow& flow, const NetAt& net, const NetTask& task, NetTape* tape);

/// `output` (n×out, overwritten) is the gradient by the network's result; adds the parameters' to `gradient` and the
/// input's to `byInput` (n×in).
struct NetGradient
{
    std::vector<float>* output = nullptr;
    std::vector<float>* gradient = nullptr;
    float* byInput = nullptr;
};
void netBackward(const Flow& flow, const NetAt& net, const NetTask& task, const NetTape& tape,
                 const NetGradient& result);

} // namespace semascope::core
