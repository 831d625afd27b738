#include "core/latent/FlowNet_p.h"

#include <cmath>

namespace semascope::core {

namespace {

using Numbers = std::vector<float>;

/// One block's backward pass: gradients by the halves, from the outputs' to the inputs'.
class Block
{
public:
    Block(const Flow& flow, std::size_t block, const BlockTape& tape, const FlowGradient& task)
        : m_flow(flow),
          m_at(flow.layout.blocks[block]),
          m_order(flow.order[block]),
          m_tape(tape),
          m_task(task),
          m_first(task.n * flow.shape.half()),
          m_second(task.n * (flow.shape.dim - flow.shape.half()))
    {}

    void run()
    {
        unshuffle();
        couple(1, m_tape.changed, m_tape.first, m_second, m_first);
        couple(0, m_tape.first, m_tape.second, m_first, m_second);
        actNorm();
    }

private:
    void unshuffle()
    {
        const std::size_t dim = m_flow.shape.dim, half = m_flow.shape.half(), rest = dim - half;
        for (std::size_t i = 0; i < m_task.n; ++i) {
            for (std::size_t j = 0; j < dim; ++j) {
                const std::size_t from = m_order[j];
                (from < rest ? m_second[i * rest + from] : m_first[i * half + from - rest]) =
                    m_task.output[i * dim + j];
            }
        }
    }

    /// out = changed·exp(s(given)) + t(given); `byChanged` holds the gradient by out and ends as that by changed.
    void couple(std::size_t which, const Numbers& given, const Numbers& changed, Numbers& byGiven, Numbers& byChanged)
    {
        const Numbers& s = m_tape.s[which].outputs.back();
        Numbers byScale(changed.size()), byShift = byChanged;
        for (std::size_t i = 0; i < changed.size(); ++i) {
            const float grown = byChanged[i] * std::exp(s[i]);
            byScale[i] = grown * changed[i] + static_cast<float>(m_task.byLogDet);
            byChanged[i] = grown;
        }
        const NetGradient toScale{&byScale, m_task.gradient, byGiven.data()};
        const NetGradient toShift{&byShift, m_task.gradient, byGiven.data()};
        netBackward(m_flow, m_at.s[which], {given.data(), m_task.n, true}, m_tape.s[which], toScale);
        netBackward(m_flow, m_at.t[which], {given.data(), m_task.n, false}, m_tape.t[which], toShift);
    }

    void actNorm()
    {
        const std::size_t dim = m_flow.shape.dim, half = m_flow.shape.half(), rest = dim - half;
        for (std::size_t j = 0; j < dim; ++j) {
            const double scale = static_cast<double>(m_flow.values[m_at.scale + j]);
            double sum = 0, weighted = 0;
            for (std::size_t i = 0; i < m_task.n; ++i) {
                const std::size_t at = j < half ? i * half + j : i * rest + j - half;
                const double g = static_cast<double>((j < half ? m_first : m_second)[at]);
                sum += g;
                weighted += g * static_cast<double>((j < half ? m_tape.first : m_tape.second)[at]);
                m_task.output[i * dim + j] = static_cast<float>(g * scale);
            }
            // The tape holds scale·(x + loc).
            const double byScale = (weighted + m_task.byLogDet * static_cast<double>(m_task.n)) / scale;
            (*m_task.gradient)[m_at.loc + j] += static_cast<float>(sum * scale);
            (*m_task.gradient)[m_at.scale + j] += static_cast<float>(byScale);
        }
    }

    const Flow& m_flow;
    const BlockAt& m_at;
    const std::vector<std::uint32_t>& m_order;
    const BlockTape& m_tape;
    const FlowGradient& m_task;
    Numbers m_first, m_second;
};

} // namespace

void flowBackward(const Flow& flow, const FlowTape& tape, const FlowGradient& task)
{
    for (std::size_t b = flow.shape.blocks; b-- > 0;) {
        Block(flow, b, tape.blocks[b], task).run();
    }
}

} // namespace semascope::core
