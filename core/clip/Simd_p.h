#pragma once
#include "core/clip/Dnnl_p.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// Sixteen numbers at a time, in the vector types of GCC and Clang: the same source serves every processor, and a
/// function that is compiled for AVX-512 keeps them in one register.
namespace semascope::core::clip::simd {

constexpr std::size_t kLanes = 16;
typedef float Floats __attribute__((vector_size(64)));
typedef std::uint32_t Words __attribute__((vector_size(64)));
typedef std::int32_t Integers __attribute__((vector_size(64)));
typedef std::uint16_t Halves __attribute__((vector_size(32)));

#define SEMASCOPE_INLINE inline __attribute__((always_inline))

constexpr std::size_t roundedUp(std::size_t n, std::size_t step) noexcept
{
    return (n + step - 1) / step * step;
}

SEMASCOPE_INLINE void load(const float* from, Floats& to)
{
    std::memcpy(&to, from, sizeof to);
}

SEMASCOPE_INLINE void load(const std::uint16_t* from, Floats& to)
{
    Halves half;
    std::memcpy(&half, from, sizeof half);
    const Words wide = __builtin_convertvector(half, Words) << 16;
    std::memcpy(&to, &wide, sizeof to);
}

SEMASCOPE_INLINE void store(const Floats& from, float* to)
{
    std::memcpy(to, &from, sizeof from);
}

/// Rounds to nearest, ties to even; a NaN stays one.
SEMASCOPE_INLINE void store(const Floats& from, std::uint16_t* to)
{
    Words bits;
    std::memcpy(&bits, &from, sizeof bits);
    const Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    const Words isNumber = reinterpret_cast<const Words&>(static_cast<const Integers&>(from == from));
    const Halves half = __builtin_convertvector((rounded & isNumber) | (~isNumber & 0x7fc0), Halves);
    std::memcpy(to, &half, sizeof half);
}

SEMASCOPE_INLINE float widened(float v)
{
    return v;
}
SEMASCOPE_INLINE float widened(std::uint16_t v)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(v) << 16);
}

/// The first `count` of sixteen; the others are 0.
template<class T> SEMASCOPE_INLINE void loadSome(const T* from, std::size_t count, Floats& to)
{
    T padded[kLanes] = {};
    for (std::size_t i = 0; i < count; ++i) {
        padded[i] = from[i];
    }
    load(padded, to);
}

template<class T> SEMASCOPE_INLINE void storeSome(const Floats& from, std::size_t count, T* to)
{
    T padded[kLanes];
    store(from, padded);
    for (std::size_t i = 0; i < count; ++i) {
        to[i] = padded[i];
    }
}

SEMASCOPE_INLINE float sumOf(const Floats& v)
{
    float lanes[kLanes];
    store(v, lanes);
    float sum[4] = {};
    for (std::size_t i = 0; i < kLanes; ++i) {
        sum[i % 4] += lanes[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

SEMASCOPE_INLINE float largestOf(const Floats& v)
{
    float lanes[kLanes];
    store(v, lanes);
    float largest = lanes[0];
    for (std::size_t i = 1; i < kLanes; ++i) {
        largest = lanes[i] > largest ? lanes[i] : largest;
    }
    return largest;
}

/// e^x for x <= 0, to about 1e-7: 2^n times the series of the rest, |rest| <= ln 2 / 2.
SEMASCOPE_INLINE void exponential(Floats& x)
{
    const Floats lowest = Floats{} - 87.0f; // e^x is no normal number below
    x = x < lowest ? lowest : x;
    const Floats shifted = x * 1.44269504f + 12582912.0f; // 1.5 · 2^23 rounds to a whole number
    const Floats n = shifted - 12582912.0f;
    const Floats rest = (x - n * 0.693359375f) + n * 2.12194440e-4f; // ln 2 in two parts
    Floats sum = rest * (1.0f / 5040.0f) + 1.0f / 720.0f;
    sum = sum * rest + 1.0f / 120.0f;
    sum = sum * rest + 1.0f / 24.0f;
    sum = sum * rest + 1.0f / 6.0f;
    sum = sum * rest + 0.5f;
    sum = sum * rest + 1.0f;
    sum = sum * rest + 1.0f;
    Words bits, exponent;
    std::memcpy(&bits, &sum, sizeof bits);
    std::memcpy(&exponent, &shifted, sizeof exponent);
    bits += exponent << 23;
    std::memcpy(&x, &bits, sizeof x);
}

} // namespace semascope::core::clip::simd
