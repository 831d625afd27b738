#include "core/latent/VaeAdam_p.h"

#include <ATen/core/grad_mode.h>

#include <cmath>

namespace semascope::core::latent {

namespace {

bool trained(const std::string& name)
{
    return name.find(".running_") == std::string::npos;
}

} // namespace

Adam::Adam(Weights* weights, const Settings& settings) : m_weights(weights), m_settings(settings)
{
    for (auto& [name, value] : *weights) {
        if (trained(name)) {
            value.requires_grad_(true);
            m_first[name] = at::zeros_like(value);
            m_second[name] = at::zeros_like(value);
        }
    }
}

void Adam::clear()
{
    for (auto& [name, value] : *m_weights) {
        if (value.grad().defined()) {
            value.mutable_grad().reset();
        }
    }
}

void Adam::step()
{
    const at::NoGradGuard plain;
    ++m_steps;
    const double steps = static_cast<double>(m_steps);
    const double bias1 = 1 - std::pow(m_settings.beta1, steps), bias2 = 1 - std::pow(m_settings.beta2, steps);
    for (auto& [name, value] : *m_weights) {
        const at::Tensor& gradient = value.grad();
        if (!gradient.defined()) {
            continue;
        }
        at::Tensor &first = m_first.at(name), &second = m_second.at(name);
        first.mul_(m_settings.beta1).add_(gradient, 1 - m_settings.beta1);
        second.mul_(m_settings.beta2).addcmul_(gradient, gradient, 1 - m_settings.beta2);
        if (m_settings.decay > 0 && value.dim() > 1) {
            value.mul_(1 - m_settings.rate * m_settings.decay);
        }
        const at::Tensor spread = (second.sqrt() / std::sqrt(bias2)).add_(m_settings.eps);
        value.addcdiv_(first, spread, -m_settings.rate / bias1);
    }
}

Weights Adam::state() const
{
    Weights all;
    for (const auto& [name, value] : m_first) {
        all[name + ".first"] = value;
        all[name + ".second"] = m_second.at(name);
    }
    return all;
}

void Adam::restore(const Weights& state, std::int64_t steps)
{
    for (auto& [name, value] : m_first) {
        value.copy_(state.at(name + ".first"));
        m_second.at(name).copy_(state.at(name + ".second"));
    }
    m_steps = steps;
}

} // namespace semascope::core::latent
