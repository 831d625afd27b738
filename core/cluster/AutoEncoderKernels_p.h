#pragma once
#include <cstddef>
#include <cstdint>

/// What an autoencoder does besides matrix products, each in one pass over memory, by threadCount() threads. Sums are
/// taken in an order that depends on the sizes only.
namespace semascope::core::dense {

/// out row r = data row rows[r]
void gatherRows(const float* data, std::size_t width, const std::uint32_t* rows, std::size_t count, float* out);

/// out += bias, then max(0, out) when relu.
struct BiasTask
{
    float* out;
    const float* bias;
    std::size_t rows, width;
    bool relu;
};
void addBias(const BiasTask& task);

/// In: out without its bias. Out: scale·(out + bias − target), where relu let it through; biasGradient = beta·old +
/// column sums. columnErrors (width numbers) gets the sum of squared errors of each column.
struct OutputTask
{
    float* out;
    const float* bias;
    const float* target;
    std::size_t rows, width;
    bool relu;
    float scale, beta;
    float* biasGradient;
    float* columnErrors;
};
void outputDelta(const OutputTask& task);

/// delta is set to zero where the activation is not positive (when relu); biasGradient = beta·old + column sums.
struct MaskTask
{
    float* delta;
    const float* activation;
    std::size_t rows, width;
    bool relu;
    float beta;
    float* biasGradient;
};
void maskDelta(const MaskTask& task);

/// Sets a share `rate` of the numbers to zero and scales the others so that the mean stays. One seed, one pattern.
void dropOut(float* values, std::size_t count, double rate, std::uint64_t seed);

/// values −= rate·velocity
void sgdUpdate(float* values, const float* velocity, std::size_t count, float rate);

/// Adam (Kingma & Ba 2015) with β .9 and .999, ε 1e-8. `step` counts from 1.
struct AdamTask
{
    float* values;
    const float* gradient;
    float* mean;
    float* square;
    std::size_t count;
    double rate;
    int step;
};
void adamUpdate(const AdamTask& task);

/// Whether all are finite.
bool allFinite(const float* values, std::size_t count);

} // namespace semascope::core::dense
