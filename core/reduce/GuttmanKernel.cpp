#include "core/reduce/GuttmanKernel_p.h"

#include <algorithm>
#include <cmath>

// One source, compiled for three generations of processors and chosen at run time. Not target_clones: its resolvers run
// before the sanitizers' runtimes are ready.
#if defined(__x86_64__) && defined(__GNUC__)
#define SEMASCOPE_TARGET(arch) __attribute__((target(arch)))
#define SEMASCOPE_INLINE __attribute__((always_inline)) inline
#else
#define SEMASCOPE_INLINE inline
#endif

namespace semascope::core {

namespace {

constexpr std::size_t kBlock = 512; ///< pairs summed in single precision before they go to double
/// Least squared distance that is divided by: coincident points get a finite weight, which their zero difference
/// cancels.
constexpr float kTiny = 1e-30F;

SEMASCOPE_INLINE double rowIn2d(const float* delta, const AxisView& points, const float* at, double* pull)
{
    const float x = at[0], y = at[1];
    const float* const xs = points.first;
    const float* const ys = points.first + points.stride;
    double stress = 0;
    for (std::size_t begin = 0; begin < points.n; begin += kBlock) {
        const std::size_t end = std::min(points.n, begin + kBlock);
        float px = 0, py = 0, s = 0;
#pragma omp simd reduction(+ : px, py, s)
        for (std::size_t j = begin; j < end; ++j) {
            const float dx = x - xs[j], dy = y - ys[j];
            const float square = dx * dx + dy * dy;
            const float inverse = 1 / std::sqrt(std::max(square, kTiny));
            const float w = delta[j] * inverse;
            const float miss = delta[j] - square * inverse;
            px += w * dx;
            py += w * dy;
            s += miss * miss;
        }
        pull[0] += static_cast<double>(px);
        pull[1] += static_cast<double>(py);
        stress += static_cast<double>(s);
    }
    return stress;
}

SEMASCOPE_INLINE double rowIn3d(const float* delta, const AxisView& points, const float* at, double* pull)
{
    const float x = at[0], y = at[1], z = at[2];
    const float* const xs = points.first;
    const float* const ys = xs + points.stride;
    const float* const zs = ys + points.stride;
    double stress = 0;
    for (std::size_t begin = 0; begin < points.n; begin += kBlock) {
        const std::size_t end = std::min(points.n, begin + kBlock);
        float px = 0, py = 0, pz = 0, s = 0;
#pragma omp simd reduction(+ : px, py, pz, s)
        for (std::size_t j = begin; j < end; ++j) {
            const float dx = x - xs[j], dy = y - ys[j], dz = z - zs[j];
            const float square = dx * dx + dy * dy + dz * dz;
            const float inverse = 1 / std::sqrt(std::max(square, kTiny));
            const float w = delta[j] * inverse;
            const float miss = delta[j] - square * inverse;
            px += w * dx;
            py += w * dy;
            pz += w * dz;
            s += miss * miss;
        }
        pull[0] += static_cast<double>(px);
        pull[1] += static_cast<double>(py);
        pull[2] += static_cast<double>(pz);
        stress += static_cast<double>(s);
    }
    return stress;
}

SEMASCOPE_INLINE double rowInAny(const float* delta, const AxisView& points, const float* at, double* pull)
{
    float square[kBlock], w[kBlock];
    double stress = 0;
    for (std::size_t begin = 0; begin < points.n; begin += kBlock) {
        const std::size_t size = std::min(points.n - begin, kBlock);
        std::fill_n(square, size, 0.0F);
        for (int k = 0; k < points.dim; ++k) {
            const float* const xs = points.first + static_cast<std::size_t>(k) * points.stride + begin;
            const float x = at[k];
#pragma omp simd
            for (std::size_t j = 0; j < size; ++j) {
                square[j] += (x - xs[j]) * (x - xs[j]);
            }
        }
        float s = 0;
#pragma omp simd reduction(+ : s)
        for (std::size_t j = 0; j < size; ++j) {
            const float inverse = 1 / std::sqrt(std::max(square[j], kTiny));
            const float miss = delta[begin + j] - square[j] * inverse;
            w[j] = delta[begin + j] * inverse;
            s += miss * miss;
        }
        stress += static_cast<double>(s);
        for (int k = 0; k < points.dim; ++k) {
            const float* const xs = points.first + static_cast<std::size_t>(k) * points.stride + begin;
            const float x = at[k];
            float p = 0;
#pragma omp simd reduction(+ : p)
            for (std::size_t j = 0; j < size; ++j) {
                p += w[j] * (x - xs[j]);
            }
            pull[k] += static_cast<double>(p);
        }
    }
    return stress;
}

SEMASCOPE_INLINE double row(const float* delta, const AxisView& points, const float* at, double* pull)
{
    switch (points.dim) {
    case 2:
        return rowIn2d(delta, points, at, pull);
    case 3:
        return rowIn3d(delta, points, at, pull);
    default:
        return rowInAny(delta, points, at, pull);
    }
}

SEMASCOPE_INLINE double apart(const float* a, const float* b, std::size_t d)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < d; ++j) {
        const double miss = static_cast<double>(a[j]) - static_cast<double>(b[j]);
        sum += miss * miss;
    }
    return sum;
}

using Row = double (*)(const float*, const AxisView&, const float*, double*);
using Apart = double (*)(const float*, const float*, std::size_t);
struct Kernels
{
    Row row;
    Apart apart;
};

double rowPlain(const float* delta, const AxisView& points, const float* at, double* pull)
{
    return row(delta, points, at, pull);
}
double apartPlain(const float* a, const float* b, std::size_t d)
{
    return apart(a, b, d);
}

#ifdef SEMASCOPE_TARGET
SEMASCOPE_TARGET("arch=x86-64-v3")
double rowV3(const float* delta, const AxisView& points, const float* at, double* pull)
{
    return row(delta, points, at, pull);
}
SEMASCOPE_TARGET("arch=x86-64-v3")
double apartV3(const float* a, const float* b, std::size_t d)
{
    return apart(a, b, d);
}
SEMASCOPE_TARGET("arch=x86-64-v4,prefer-vector-width=512")
double rowV4(const float* delta, const AxisView& points, const float* at, double* pull)
{
    return row(delta, points, at, pull);
}
SEMASCOPE_TARGET("arch=x86-64-v4,prefer-vector-width=512")
double apartV4(const float* a, const float* b, std::size_t d)
{
    return apart(a, b, d);
}
#endif

Kernels chooseKernels()
{
#ifdef SEMASCOPE_TARGET
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return {rowV4, apartV4};
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) {
        return {rowV3, apartV3};
    }
#endif
    return {rowPlain, apartPlain};
}

const Kernels& kernels()
{
    static const Kernels chosen = chooseKernels();
    return chosen;
}

} // namespace

double guttmanRow(const float* delta, const AxisView& points, const float* at, double* pull)
{
    return kernels().row(delta, points, at, pull);
}

double squaredDistance(const float* a, const float* b, std::size_t d)
{
    return kernels().apart(a, b, d);
}

} // namespace semascope::core
