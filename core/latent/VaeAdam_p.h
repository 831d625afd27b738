#pragma once
#include "core/latent/VaeNet_p.h"

namespace semascope::core::latent {

/// Adam (Kingma & Ba 2015) over named weights. Its state has names too, so that training can be gone on with.
class Adam
{
public:
    struct Settings
    {
        double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
        double decay = 0; ///< of matrices, decoupled (Loshchilov & Hutter 2019)
    };
    /// The weights become leaves that collect gradients.
    Adam(Weights* weights, const Settings& settings);
    void setRate(double rate) noexcept { m_settings.rate = rate; }
    void step();
    void clear();
    /// "NAME.first" and "NAME.second" of every weight, and how many steps there were.
    Weights state() const;
    void restore(const Weights& state, std::int64_t steps);
    std::int64_t steps() const noexcept { return m_steps; }

private:
    Weights* m_weights;
    Settings m_settings;
    Weights m_first, m_second;
    std::int64_t m_steps = 0;
};

} // namespace semascope::core::latent
