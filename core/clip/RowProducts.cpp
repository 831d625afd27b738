#include "core/clip/RowProducts_p.h"

#include <cstring>

// One source for three generations of processors, chosen at run time. Not target_clones: its resolvers run before the
// sanitizers' runtimes are ready.
#if defined(__x86_64__) && defined(__GNUC__)
#define SEMASCOPE_TARGET(arch) __attribute__((target(arch)))
#define SEMASCOPE_INLINE __attribute__((always_inline)) inline
#else
#define SEMASCOPE_INLINE inline
#endif

namespace semascope::core {

namespace {

constexpr std::size_t kLanes = 16;
/// One register of the newest generation; the compiler splits it for older ones.
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

/// sum += a · b, lane by lane. By reference: what passes vectors by value depends on the generation.
SEMASCOPE_INLINE void addProducts(const float* a, const float* b, Lanes& sum)
{
    Lanes left, right;
    std::memcpy(&left, a, sizeof left);
    std::memcpy(&right, b, sizeof right);
    sum += left * right;
}

SEMASCOPE_INLINE float total(const Lanes& lanes)
{
    float part[kLanes];
    std::memcpy(part, &lanes, sizeof part);
    for (std::size_t half = kLanes / 2; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i) {
            part[i] += part[i + half];
        }
    }
    return part[0];
}

SEMASCOPE_INLINE float product(const float* a, const float* b, std::size_t d)
{
    Lanes sum[4] = {}; // one alone would wait for itself
    std::size_t j = 0;
    for (; j + 4 * kLanes <= d; j += 4 * kLanes) {
        addProducts(a + j, b + j, sum[0]);
        addProducts(a + j + kLanes, b + j + kLanes, sum[1]);
        addProducts(a + j + 2 * kLanes, b + j + 2 * kLanes, sum[2]);
        addProducts(a + j + 3 * kLanes, b + j + 3 * kLanes, sum[3]);
    }
    for (; j + kLanes <= d; j += kLanes) {
        addProducts(a + j, b + j, sum[0]);
    }
    sum[0] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    float rest = 0;
    for (; j < d; ++j) {
        rest += a[j] * b[j];
    }
    return total(sum[0]) + rest;
}

SEMASCOPE_INLINE void products(const float* rows, std::size_t count, std::size_t d, const float* query, float* out)
{
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = product(rows + i * d, query, d);
    }
}

SEMASCOPE_INLINE void productsAndSquares(const float* rows, std::size_t count, std::size_t d, const float* query,
                                         float* out, float* squares)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float* const row = rows + i * d;
        out[i] = product(row, query, d); // the second reading finds the row in the nearest cache
        squares[i] = product(row, row, d);
    }
}

SEMASCOPE_INLINE double square(const float* row, std::size_t d)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < d; ++j) {
        sum += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    return sum;
}

SEMASCOPE_INLINE void add(const float* row, std::size_t d, double scale, double* sum)
{
#pragma omp simd
    for (std::size_t j = 0; j < d; ++j) {
        sum[j] += scale * static_cast<double>(row[j]);
    }
}

SEMASCOPE_INLINE double offset(const float* row, std::size_t d, double scale, const double* mean)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t j = 0; j < d; ++j) {
        const double miss = scale * static_cast<double>(row[j]) - mean[j];
        sum += miss * miss;
    }
    return sum;
}

struct Kernels
{
    void (*products)(const float*, std::size_t, std::size_t, const float*, float*);
    void (*productsAndSquares)(const float*, std::size_t, std::size_t, const float*, float*, float*);
    double (*square)(const float*, std::size_t);
    void (*add)(const float*, std::size_t, double, double*);
    double (*offset)(const float*, std::size_t, double, const double*);
};

// The same five functions for each generation; a macro, because a target attribute is no template argument.
#define SEMASCOPE_KERNELS(name, target)                                                                                \
    target void products##name(const float* rows, std::size_t count, std::size_t d, const float* query, float* out)    \
    {                                                                                                                  \
        products(rows, count, d, query, out);                                                                          \
    }                                                                                                                  \
    target void both##name(const float* rows, std::size_t count, std::size_t d, const float* query, float* out,        \
                           float* squares)                                                                             \
    {                                                                                                                  \
        productsAndSquares(rows, count, d, query, out, squares);                                                       \
    }                                                                                                                  \
    target double square##name(const float* row, std::size_t d)                                                        \
    {                                                                                                                  \
        return square(row, d);                                                                                         \
    }                                                                                                                  \
    target void add##name(const float* row, std::size_t d, double scale, double* sum)                                  \
    {                                                                                                                  \
        add(row, d, scale, sum);                                                                                       \
    }                                                                                                                  \
    target double offset##name(const float* row, std::size_t d, double scale, const double* mean)                      \
    {                                                                                                                  \
        return offset(row, d, scale, mean);                                                                            \
    }                                                                                                                  \
    constexpr Kernels k##name{products##name, both##name, square##name, add##name, offset##name};

SEMASCOPE_KERNELS(Plain, )
#ifdef SEMASCOPE_TARGET
SEMASCOPE_KERNELS(V3, SEMASCOPE_TARGET("arch=x86-64-v3"))
SEMASCOPE_KERNELS(V4, SEMASCOPE_TARGET("arch=x86-64-v4,prefer-vector-width=512"))
#endif
#undef SEMASCOPE_KERNELS

const Kernels& chooseKernels()
{
#ifdef SEMASCOPE_TARGET
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return kV4;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) {
        return kV3;
    }
#endif
    return kPlain;
}

const Kernels& kernels()
{
    static const Kernels& chosen = chooseKernels();
    return chosen;
}

} // namespace

void rowProducts(const float* rows, std::size_t count, std::size_t d, const float* query, float* out)
{
    kernels().products(rows, count, d, query, out);
}

void rowProductsAndSquares(const float* rows, std::size_t count, std::size_t d, const float* query, float* out,
                           float* squares)
{
    kernels().productsAndSquares(rows, count, d, query, out, squares);
}

double squaredLength(const float* row, std::size_t d)
{
    return kernels().square(row, d);
}

void addScaled(const float* row, std::size_t d, double scale, double* sum)
{
    kernels().add(row, d, scale, sum);
}

double squaredOffset(const float* row, std::size_t d, double scale, const double* mean)
{
    return kernels().offset(row, d, scale, mean);
}

} // namespace semascope::core
