#pragma once
#include "core/latent/Flow_p.h"

namespace semascope::core {

/// Adam (Kingma & Ba 2015) with betas .5 and .9, and decoupled decay of the networks' weights (Loshchilov & Hutter
/// 2019). ActNorm and biases do not decay.
class FlowAdam
{
public:
    explicit FlowAdam(const Flow& flow);
    /// One step with this gradient. The flow stays as it is, and false is returned, unless all of it is finite.
    bool step(Flow& flow, const std::vector<float>& gradient, double rate, double decay);
    /// Forgets what it knows of earlier gradients.
    void reset();

private:
    std::vector<float> m_mean, m_square;
    std::vector<bool> m_decays;
    int m_steps = 0;
};

} // namespace semascope::core
