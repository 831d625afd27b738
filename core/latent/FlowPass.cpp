#include "core/latent/FlowNet_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

using Numbers = std::vector<float>;

/// ActNorm, and the rows split into their halves.
void splitNormalised(const Flow& flow, const BlockAt& block, const float* rows, Numbers& first, Numbers& second)
{
    const std::size_t dim = flow.shape.dim, half = flow.shape.half(), n = (first.size() + second.size()) / dim;
    const float* loc = flow.values.data() + block.loc;
    const float* scale = flow.values.data() + block.scale;
    for (std::size_t i = 0; i < n; ++i) {
        const float* x = rows + i * dim;
        for (std::size_t j = 0; j < half; ++j) {
            first[i * half + j] = scale[j] * (x[j] + loc[j]);
        }
        for (std::size_t j = half; j < dim; ++j) {
            second[i * (dim - half) + j - half] = scale[j] * (x[j] + loc[j]);
        }
    }
}

double actNormLogDet(const Flow& flow, const BlockAt& block)
{
    double sum = 0;
    for (std::size_t j = 0; j < flow.shape.dim; ++j) {
        sum += std::log(std::abs(static_cast<double>(flow.values[block.scale + j])));
    }
    return sum;
}

/// The exchanged order stays after both couplings: the new first half is the second.
Numbers joined(const FlowShape& shape, const Numbers& second, const Numbers& first)
{
    const std::size_t half = shape.half(), rest = shape.dim - half, n = second.size() / rest;
    Numbers rows(n * shape.dim);
    for (std::size_t i = 0; i < n; ++i) {
        std::copy_n(second.data() + i * rest, rest, rows.data() + i * shape.dim);
        std::copy_n(first.data() + i * half, half, rows.data() + i * shape.dim + rest);
    }
    return rows;
}

class Pass
{
public:
    Pass(const Flow& flow, const FlowPass& pass) : m_flow(flow), m_pass(pass) {}

    void block(std::size_t b)
    {
        const FlowShape& shape = m_flow.shape;
        const BlockAt& at = m_flow.layout.blocks[b];
        Numbers first(m_pass.n * shape.half()), second(m_pass.n * (shape.dim - shape.half()));
        splitNormalised(m_flow, at, m_pass.rows, first, second);
        BlockTape* tape = m_pass.tape ? &m_pass.tape->blocks.emplace_back() : nullptr;
        if (tape) {
            tape->first = first;
            tape->second = second;
        }
        if (m_pass.logDet) {
            const double every = actNormLogDet(m_flow, at);
            std::for_each(m_pass.logDet, m_pass.logDet + m_pass.n, [&](double& v) { v += every; });
        }
        if (m_pass.states) {
            keepState(first, second);
        }
        couple(at, 0, first, second, tape);
        if (tape) {
            tape->changed = second;
        }
        couple(at, 1, second, first, tape);
        const Numbers rows = joined(shape, second, first);
        shuffle(rows, m_flow.order[b]);
        if (m_pass.states) {
            m_pass.states->push_back(rows);
            m_pass.states->emplace_back(m_pass.rows, m_pass.rows + rows.size());
        }
    }

private:
    void couple(const BlockAt& at, std::size_t which, const Numbers& given, Numbers& changed, BlockTape* tape)
    {
        const NetTask task{given.data(), m_pass.n, false}, bounded{given.data(), m_pass.n, true};
        const Numbers s = netForward(m_flow, at.s[which], bounded, tape ? &tape->s[which] : nullptr);
        const Numbers t = netForward(m_flow, at.t[which], task, tape ? &tape->t[which] : nullptr);
        const std::size_t width = changed.size() / m_pass.n;
        for (std::size_t i = 0; i < changed.size(); ++i) {
            changed[i] = changed[i] * std::exp(s[i]) + t[i];
        }
        for (std::size_t i = 0; m_pass.logDet && i < changed.size(); ++i) {
            m_pass.logDet[i / width] += static_cast<double>(s[i]);
        }
    }

    void shuffle(const Numbers& rows, const std::vector<std::uint32_t>& order)
    {
        const std::size_t dim = order.size();
        for (std::size_t i = 0; i < m_pass.n; ++i) {
            for (std::size_t j = 0; j < dim; ++j) {
                m_pass.rows[i * dim + j] = rows[i * dim + order[j]];
            }
        }
    }

    void keepState(const Numbers& first, const Numbers& second)
    {
        const std::size_t dim = m_flow.shape.dim, half = m_flow.shape.half();
        Numbers rows(m_pass.n * dim);
        for (std::size_t i = 0; i < m_pass.n; ++i) {
            std::copy_n(first.data() + i * half, half, rows.data() + i * dim);
            std::copy_n(second.data() + i * (dim - half), dim - half, rows.data() + i * dim + half);
        }
        m_pass.states->push_back(std::move(rows));
    }

    const Flow& m_flow;
    FlowPass m_pass;
};

/// Undoes one coupling.
void decouple(const Flow& flow, const BlockAt& at, std::size_t which, const Numbers& given, Numbers& changed)
{
    const std::size_t n = given.size() / at.s[which].front().in;
    const Numbers s = netForward(flow, at.s[which], {given.data(), n, true}, nullptr);
    const Numbers t = netForward(flow, at.t[which], {given.data(), n, false}, nullptr);
    for (std::size_t i = 0; i < changed.size(); ++i) {
        changed[i] = (changed[i] - t[i]) * std::exp(-s[i]);
    }
}

} // namespace

void flowForward(const Flow& flow, const FlowPass& pass)
{
    if (pass.logDet) {
        std::fill_n(pass.logDet, pass.n, 0.0);
    }
    Pass run(flow, pass);
    for (std::size_t b = 0; b < flow.shape.blocks; ++b) {
        run.block(b);
    }
}

void flowInverse(const Flow& flow, float* rows, std::size_t n)
{
    const std::size_t dim = flow.shape.dim, half = flow.shape.half(), rest = dim - half;
    Numbers first(n * half), second(n * rest);
    for (std::size_t b = flow.shape.blocks; b-- > 0;) {
        const BlockAt& at = flow.layout.blocks[b];
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < dim; ++j) {
                const std::size_t from = flow.order[b][j];
                (from < rest ? second[i * rest + from] : first[i * half + from - rest]) = rows[i * dim + j];
            }
        }
        decouple(flow, at, 1, second, first);
        decouple(flow, at, 0, first, second);
        const float* loc = flow.values.data() + at.loc;
        const float* scale = flow.values.data() + at.scale;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < dim; ++j) {
                const float y = j < half ? first[i * half + j] : second[i * rest + j - half];
                rows[i * dim + j] = y / scale[j] - loc[j];
            }
        }
    }
}

void initActNorm(Flow& flow, const float* rows, std::size_t n)
{
    const std::size_t dim = flow.shape.dim;
    Numbers now(rows, rows + n * dim);
    for (std::size_t b = 0; b < flow.shape.blocks; ++b) {
        const BlockAt& at = flow.layout.blocks[b];
        for (std::size_t j = 0; j < dim; ++j) {
            double sum = 0, squares = 0;
            for (std::size_t i = 0; i < n; ++i) {
                sum += static_cast<double>(now[i * dim + j]);
            }
            const double mean = sum / static_cast<double>(n);
            for (std::size_t i = 0; i < n; ++i) {
                const double d = static_cast<double>(now[i * dim + j]) - mean;
                squares += d * d;
            }
            // The small number keeps a column that never changes finite.
            flow.values[at.loc + j] = static_cast<float>(-mean);
            flow.values[at.scale + j] =
                static_cast<float>(1 / (std::sqrt(squares / static_cast<double>(n - 1)) + 1e-6));
        }
        Pass(flow, {.rows = now.data(), .n = n}).block(b);
    }
}

} // namespace semascope::core
