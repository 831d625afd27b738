#include "core/latent/FlowAdam_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

FlowAdam::FlowAdam(const Flow& flow)
    : m_mean(flow.values.size()), m_square(flow.values.size()), m_decays(flow.values.size())
{
    const auto markNet = [this](const NetAt& net) {
        for (const LinearAt& layer : net) {
            std::fill_n(m_decays.begin() + static_cast<std::ptrdiff_t>(layer.weight), layer.in * layer.out, true);
        }
    };
    for (const BlockAt& block : flow.layout.blocks) {
        for (std::size_t i = 0; i < 2; ++i) {
            markNet(block.s[i]);
            markNet(block.t[i]);
        }
    }
}

void FlowAdam::reset()
{
    std::fill(m_mean.begin(), m_mean.end(), 0.0F);
    std::fill(m_square.begin(), m_square.end(), 0.0F);
    m_steps = 0;
}

bool FlowAdam::step(Flow& flow, const std::vector<float>& gradient, double rate, double decay)
{
    constexpr double kBeta1 = .5, kBeta2 = .9;
    constexpr float kEpsilon = 1e-8F;
    if (!std::all_of(gradient.begin(), gradient.end(), [](float g) { return std::isfinite(g); })) {
        return false;
    }
    ++m_steps;
    const float first = static_cast<float>(rate / (1 - std::pow(kBeta1, m_steps)));
    const float second = static_cast<float>(1 / (1 - std::pow(kBeta2, m_steps)));
    const float kept = static_cast<float>(1 - rate * decay), beta1 = kBeta1, beta2 = kBeta2;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
        const float g = gradient[i];
        m_mean[i] = beta1 * m_mean[i] + (1 - beta1) * g;
        m_square[i] = beta2 * m_square[i] + (1 - beta2) * g * g;
        const float before = m_decays[i] ? flow.values[i] * kept : flow.values[i];
        flow.values[i] = before - first * m_mean[i] / (std::sqrt(second * m_square[i]) + kEpsilon);
    }
    return true;
}

} // namespace semascope::core
