#include "core/latent/FlowNet_p.h"

#include "core/job/Gemm.h"

#include <cmath>

namespace semascope::core {

namespace {

void addBias(std::vector<float>& rows, const float* bias, std::size_t width)
{
    for (std::size_t at = 0; at < rows.size(); at += width) {
        for (std::size_t j = 0; j < width; ++j) {
            rows[at + j] += bias[j];
        }
    }
}

void leak(std::vector<float>& values)
{
    for (float& v : values) {
        v = v > 0 ? v : kLeak * v;
    }
}

/// Sums of columns, in double: thousands of rows cancel.
void addColumnSums(const std::vector<float>& rows, std::size_t width, float* into)
{
    std::vector<double> sum(width);
    for (std::size_t at = 0; at < rows.size(); at += width) {
        for (std::size_t j = 0; j < width; ++j) {
            sum[j] += static_cast<double>(rows[at + j]);
        }
    }
    for (std::size_t j = 0; j < width; ++j) {
        into[j] += static_cast<float>(sum[j]);
    }
}

} // namespace

std::vector<float> netForward(const Flow& flow, const NetAt& net, const NetTask& task, NetTape* tape)
{
    std::vector<float> now;
    const float* in = task.in;
    for (std::size_t i = 0; i < net.size(); ++i) {
        const LinearAt& layer = net[i];
        std::vector<float> next(task.n * layer.out);
        gemm({.m = task.n,
              .n = layer.out,
              .k = layer.in,
              .a = in,
              .b = flow.values.data() + layer.weight,
              .out = next.data(),
              .transposeB = true});
        addBias(next, flow.values.data() + layer.bias, layer.out);
        if (i + 1 < net.size()) {
            leak(next);
        } else if (task.tanhEnd) {
            for (float& v : next) {
                v = std::tanh(v);
            }
        }
        now = std::move(next);
        if (tape) {
            tape->outputs.push_back(now);
        }
        in = now.data();
    }
    return now;
}

void netBackward(const Flow& flow, const NetAt& net, const NetTask& task, const NetTape& tape,
                 const NetGradient& result)
{
    std::vector<float>& g = *result.output;
    for (std::size_t i = net.size(); i-- > 0;) {
        const LinearAt& layer = net[i];
        const std::vector<float>& out = tape.outputs[i];
        if (i + 1 < net.size()) {
            for (std::size_t j = 0; j < g.size(); ++j) {
                g[j] = out[j] > 0 ? g[j] : kLeak * g[j];
            }
        } else if (task.tanhEnd) {
            for (std::size_t j = 0; j < g.size(); ++j) {
                g[j] *= 1 - out[j] * out[j];
            }
        }
        gemm({.m = layer.out,
              .n = layer.in,
              .k = task.n,
              .a = g.data(),
              .b = i == 0 ? task.in : tape.outputs[i - 1].data(),
              .out = result.gradient->data() + layer.weight,
              .transposeA = true,
              .beta = 1});
        addColumnSums(g, layer.out, result.gradient->data() + layer.bias);
        std::vector<float> before(i == 0 ? 0 : task.n * layer.in);
        gemm({.m = task.n,
              .n = layer.in,
              .k = layer.out,
              .a = g.data(),
              .b = flow.values.data() + layer.weight,
              .out = i == 0 ? result.byInput : before.data(),
              .beta = i == 0 ? 1.0F : 0.0F});
        g = std::move(before);
    }
}

} // namespace semascope::core
