#include "core/clip/GemmRate.h"
#include "core/clip/RowKernels_p.h"

#include <chrono>
#include <functional>

#include <cblas.h>

namespace semascope::core {

namespace {

using Clock = std::chrono::steady_clock;

struct Shape
{
    std::size_t rows, inputs, outputs;
};
/// A square one, and a perceptron's two of a ViT-B on 32 pictures of 50 tokens.
constexpr Shape kShapes[] = {{1024, 1024, 1024}, {1600, 768, 3072}, {1600, 3072, 768}};
constexpr double kSecondsEach = 0.5, kSecondsRound = 0.1;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Numbers in −½ … ½: zeros would be faster than real work on some processors.
std::vector<float> scattered(std::size_t count)
{
    std::vector<float> values(count);
    std::uint32_t state = 1;
    for (float& v : values) {
        state = state * 1664525u + 1013904223u;
        v = static_cast<float>(state >> 8) * 0x1p-24f - 0.5f;
    }
    return values;
}

/// Rounds of a tenth of a second: where the processor is shared, a shorter one may be lucky as no tower can be.
double bestRate(const Shape& s, const JobContext& job, const std::function<void()>& product)
{
    const double gflop = 2e-9 * static_cast<double>(s.rows) * static_cast<double>(s.inputs * s.outputs);
    const auto begin = Clock::now();
    double best = 0;
    product();
    while (secondsSince(begin) < kSecondsEach) {
        job.checkpoint();
        const auto start = Clock::now();
        int count = 0;
        for (; count == 0 || secondsSince(start) < kSecondsRound; ++count) {
            product();
        }
        best = std::max(best, count * gflop / secondsSince(start));
    }
    return best;
}

double packedRate(const Shape& s, clip::Element type, const JobContext& job)
{
    const std::vector<float> in = scattered(s.rows * s.inputs), weights = scattered(s.inputs * s.outputs);
    std::vector<float> source(in.size()), out(s.rows * s.outputs);
    clip::convertInto(in.data(), in.size(), source.data(), type);
    const clip::PackedLinear linear({s.outputs, s.inputs, type, type, {}}, weights.data(), nullptr);
    return bestRate(s, job, [&] { linear.run(source.data(), out.data(), s.rows); });
}

double blasRate(const Shape& s, const JobContext& job)
{
    const std::vector<float> in = scattered(s.rows * s.inputs), weights = scattered(s.inputs * s.outputs);
    std::vector<float> out(s.rows * s.outputs);
    const auto m = static_cast<int>(s.rows), n = static_cast<int>(s.outputs), k = static_cast<int>(s.inputs);
    return bestRate(s, job, [&] {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0f, in.data(), k, weights.data(), k, 0.0f,
                    out.data(), n);
    });
}

} // namespace

GemmRate gemmRate(const std::string& precision, const JobContext& job)
{
    clip::useTeam();
    const clip::Element type = precision == "bf16" ? clip::Element::Bf16 : clip::Element::F32;
    const bool packed = clip::dnnlSupports(type);
    GemmRate rate{packed ? "oneDNN " + clip::dnnlVersion() : "OpenBLAS", 0};
    for (const Shape& s : kShapes) {
        rate.gflops = std::max(rate.gflops, packed ? packedRate(s, type, job) : blasRate(s, job));
    }
    return rate;
}

} // namespace semascope::core
