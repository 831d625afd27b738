#include "core/clip/SimdDispatch_p.h"
#include "core/clip/Simd_p.h"
#include "core/latent/FlowNet_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

using namespace clip::simd;

/// out = in·weight + bias, for one row; `padded` is a multiple of the lanes.
struct RowTask
{
    const float* in = nullptr;
    std::size_t inputs = 0, padded = 0;
    const float* weight = nullptr;
    float* out = nullptr;
};

struct RowProduct
{
    SEMASCOPE_INLINE static void run(const RowTask& t)
    {
        const float* bias = t.weight + t.inputs * t.padded;
        std::size_t j = 0;
        for (; j + 4 * kLanes <= t.padded; j += 4 * kLanes) {
            Floats sum[4];
            for (std::size_t c = 0; c < 4; ++c) {
                load(bias + j + c * kLanes, sum[c]);
            }
            for (std::size_t k = 0; k < t.inputs; ++k) {
                for (std::size_t c = 0; c < 4; ++c) {
                    Floats w;
                    load(t.weight + k * t.padded + j + c * kLanes, w);
                    sum[c] += w * t.in[k];
                }
            }
            for (std::size_t c = 0; c < 4; ++c) {
                store(sum[c], t.out + j + c * kLanes);
            }
        }
        for (; j < t.padded; j += kLanes) {
            Floats sum;
            load(bias + j, sum);
            for (std::size_t k = 0; k < t.inputs; ++k) {
                Floats w;
                load(t.weight + k * t.padded + j, w);
                sum += w * t.in[k];
            }
            store(sum, t.out + j);
        }
    }
};

} // namespace

FlowRows::FlowRows(const Flow& flow) : m_flow(&flow)
{
    m_widest = flow.shape.dim;
    for (const BlockAt& block : flow.layout.blocks) {
        m_s.push_back({pack(flow, block.s[0]), pack(flow, block.s[1])});
        m_t.push_back({pack(flow, block.t[0]), pack(flow, block.t[1])});
    }
}

FlowRows::Net FlowRows::pack(const Flow& flow, const NetAt& net)
{
    Net packed;
    for (const LinearAt& from : net) {
        Layer layer{from.in, from.out, roundedUp(from.out, kLanes), m_weights.size()};
        m_weights.resize(m_weights.size() + (layer.in + 1) * layer.padded);
        float* to = m_weights.data() + layer.at;
        for (std::size_t o = 0; o < layer.out; ++o) {
            for (std::size_t i = 0; i < layer.in; ++i) {
                to[i * layer.padded + o] = flow.values[from.weight + o * layer.in + i];
            }
            to[layer.in * layer.padded + o] = flow.values[from.bias + o];
        }
        m_widest = std::max(m_widest, layer.padded);
        packed.push_back(layer);
    }
    return packed;
}

void FlowRows::evaluate(const Net& net, const float* in, float* out) const
{
    thread_local std::vector<float> room;
    room.resize(2 * m_widest);
    const float* from = in;
    for (std::size_t i = 0; i < net.size(); ++i) {
        const Layer& layer = net[i];
        float* to = room.data() + (i % 2) * m_widest;
        dispatch<RowProduct>(RowTask{from, layer.in, layer.padded, m_weights.data() + layer.at, to});
        if (i + 1 < net.size()) {
            std::for_each(to, to + layer.out, [](float& v) { v = v > 0 ? v : kLeak * v; });
        } else {
            std::copy_n(to, layer.out, out);
        }
        from = to;
    }
}

void FlowRows::couple(std::size_t block, int which, const float* given, float* changed) const
{
    const auto w = static_cast<std::size_t>(which);
    const std::size_t width = m_s[block][w].back().out;
    std::vector<float> s(width), t(width);
    evaluate(m_s[block][w], given, s.data());
    evaluate(m_t[block][w], given, t.data());
    for (std::size_t j = 0; j < width; ++j) {
        changed[j] = changed[j] * std::exp(std::tanh(s[j])) + t[j];
    }
}

void FlowRows::decouple(std::size_t block, int which, const float* given, float* changed) const
{
    const auto w = static_cast<std::size_t>(which);
    const std::size_t width = m_s[block][w].back().out;
    std::vector<float> s(width), t(width);
    evaluate(m_s[block][w], given, s.data());
    evaluate(m_t[block][w], given, t.data());
    for (std::size_t j = 0; j < width; ++j) {
        changed[j] = (changed[j] - t[j]) * std::exp(-std::tanh(s[j]));
    }
}

void FlowRows::forward(float* row) const
{
    const std::size_t dim = m_flow->shape.dim, half = m_flow->shape.half(), rest = dim - half;
    std::vector<float> x(dim);
    for (std::size_t b = 0; b < m_flow->shape.blocks; ++b) {
        const BlockAt& at = m_flow->layout.blocks[b];
        for (std::size_t j = 0; j < dim; ++j) {
            x[j] = m_flow->values[at.scale + j] * (row[j] + m_flow->values[at.loc + j]);
        }
        couple(b, 0, x.data(), x.data() + half);
        couple(b, 1, x.data() + half, x.data());
        for (std::size_t j = 0; j < dim; ++j) {
            const std::size_t from = m_flow->order[b][j];
            row[j] = from < rest ? x[half + from] : x[from - rest];
        }
    }
}

void FlowRows::inverse(float* row) const
{
    const std::size_t dim = m_flow->shape.dim, half = m_flow->shape.half(), rest = dim - half;
    std::vector<float> x(dim);
    for (std::size_t b = m_flow->shape.blocks; b-- > 0;) {
        const BlockAt& at = m_flow->layout.blocks[b];
        for (std::size_t j = 0; j < dim; ++j) {
            const std::size_t from = m_flow->order[b][j];
            (from < rest ? x[half + from] : x[from - rest]) = row[j];
        }
        decouple(b, 1, x.data() + half, x.data());
        decouple(b, 0, x.data(), x.data() + half);
        for (std::size_t j = 0; j < dim; ++j) {
            row[j] = x[j] / m_flow->values[at.scale + j] - m_flow->values[at.loc + j];
        }
    }
}

} // namespace semascope::core
