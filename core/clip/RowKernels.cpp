#include "core/clip/RowKernels_p.h"
#include "core/clip/SimdDispatch_p.h"
#include "core/clip/Simd_p.h"

#include <cmath>

namespace semascope::core::clip {

namespace simd {

Width widest() noexcept
{
#ifdef __x86_64__
    static const Width width = [] {
        const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
        const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
        return avx512 ? Width::Avx512 : avx2 ? Width::Avx2 : Width::Plain;
    }();
    return width;
#else
    return Width::Plain;
#endif
}

} // namespace simd

namespace {

using simd::Floats;
using simd::kLanes;

struct NormTask
{
    const RowNorm* norm;
    const float* in;
    void* out;
    std::size_t begin, end; ///< rows
};

/// One over the standard deviation; two passes, since the row is in the cache.
SEMASCOPE_INLINE float scaleOf(const float* row, std::size_t width, float mean, float eps)
{
    Floats squares = {}, part;
    const std::size_t whole = width / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        simd::load(row + i, part);
        part -= mean;
        squares += part * part;
    }
    float sum = simd::sumOf(squares);
    for (std::size_t i = whole; i < width; ++i) {
        sum += (row[i] - mean) * (row[i] - mean);
    }
    return 1.0f / __builtin_sqrtf(sum / static_cast<float>(width) + eps);
}

SEMASCOPE_INLINE float meanOf(const float* row, std::size_t width)
{
    Floats sums = {}, part;
    const std::size_t whole = width / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        simd::load(row + i, part);
        sums += part;
    }
    simd::loadSome(row + whole, width - whole, part);
    return simd::sumOf(sums + part) / static_cast<float>(width);
}

template<class T> struct NormKernel
{
    SEMASCOPE_INLINE static void run(const NormTask& t)
    {
        const float* weights = t.norm->weight.data();
        const float* biases = t.norm->bias.data();
        const std::size_t width = t.norm->weight.size(), whole = width / kLanes * kLanes, rest = width - whole;
        Floats part, weight, bias;
        for (std::size_t r = t.begin; r < t.end; ++r) {
            const float* in = t.in + r * width;
            T* out = static_cast<T*>(t.out) + r * width;
            const float mean = meanOf(in, width);
            const float scale = scaleOf(in, width, mean, t.norm->eps);
            for (std::size_t i = 0; i < whole; i += kLanes) {
                simd::load(in + i, part);
                simd::load(weights + i, weight);
                simd::load(biases + i, bias);
                simd::store((part - mean) * scale * weight + bias, out + i);
            }
            simd::loadSome(in + whole, rest, part);
            simd::loadSome(weights + whole, rest, weight);
            simd::loadSome(biases + whole, rest, bias);
            simd::storeSome((part - mean) * scale * weight + bias, rest, out + whole);
        }
    }
};

template<class From, class To> struct ConvertTask
{
    const From* in;
    To* out;
    std::size_t count;
};

struct ConvertKernel
{
    template<class Task> SEMASCOPE_INLINE static void run(const Task& t)
    {
        const std::size_t whole = t.count / kLanes * kLanes;
        Floats part;
        for (std::size_t i = 0; i < whole; i += kLanes) {
            simd::load(t.in + i, part);
            simd::store(part, t.out + i);
        }
        simd::loadSome(t.in + whole, t.count - whole, part);
        simd::storeSome(part, t.count - whole, t.out + whole);
    }
};

} // namespace

void normaliseInto(const RowNorm& norm, const float* in, std::size_t rows, void* out, Element type)
{
    constexpr std::size_t kRows = 16;
    teamFor(rows, kRows, [&](std::size_t begin, std::size_t end) {
        const NormTask task{&norm, in, out, begin, end};
        if (type == Element::F32) {
            simd::dispatch<NormKernel<float>>(task);
        } else {
            simd::dispatch<NormKernel<std::uint16_t>>(task);
        }
    });
}

void convertInto(const float* in, std::size_t count, void* out, Element type)
{
    if (type == Element::F32) {
        std::memcpy(out, in, count * sizeof(float));
        return;
    }
    simd::dispatch<ConvertKernel>(ConvertTask<float, std::uint16_t>{in, static_cast<std::uint16_t*>(out), count});
}

void widenInto(const void* in, Element type, std::size_t count, float* out)
{
    if (type == Element::F32) {
        std::memcpy(out, in, count * sizeof(float));
        return;
    }
    simd::dispatch<ConvertKernel>(ConvertTask<std::uint16_t, float>{static_cast<const std::uint16_t*>(in), out, count});
}

const char* kernelWidth() noexcept
{
    switch (simd::widest()) {
    case simd::Width::Avx512:
        return "AVX-512";
    case simd::Width::Avx2:
        return "AVX2";
    default:
        return "plain";
    }
}

} // namespace semascope::core::clip
