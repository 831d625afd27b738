#include "core/clip/SimdDispatch_p.h"
#include "core/cluster/KMeans_p.h"

#include <algorithm>
#include <limits>

#define SEMASCOPE_INLINE __attribute__((always_inline)) inline

namespace semascope::core {

namespace {

constexpr float kFar = std::numeric_limits<float>::infinity();

/// A row's products lie together: rows one by one.
struct ByRow
{
    SEMASCOPE_INLINE static void run(const AssignTask& task)
    {
        for (std::size_t r = 0; r < task.count; ++r) {
            const float* const products = task.products + r * task.rowStride;
            float best = kFar, next = kFar;
            std::int32_t label = 0;
            for (std::size_t c = 0; c < task.k; ++c) {
                const float value = task.centreSquares[c] - 2 * products[c];
                const bool nearer = value < best;
                const float passed = nearer ? best : value;
                next = passed < next ? passed : next;
                label = nearer ? static_cast<std::int32_t>(c) : label;
                best = nearer ? value : best;
            }
            task.labels[r] = label;
            task.nearest[r] = std::max(0.0F, best + task.rowSquares[r]);
            if (task.second != nullptr) {
                task.second[r] = std::max(0.0F, next + task.rowSquares[r]);
            }
        }
    }
};

/// A centre's products lie together: some rows at a time, whose best values stay in the first cache.
struct ByCentre
{
    SEMASCOPE_INLINE static void run(const AssignTask& task)
    {
        constexpr std::size_t kStep = 256;
        float best[kStep];
        std::int32_t label[kStep];
        for (std::size_t begin = 0; begin < task.count; begin += kStep) {
            const std::size_t size = std::min(kStep, task.count - begin);
            std::fill_n(label, size, 0);
            for (std::size_t r = 0; r < size; ++r) {
                best[r] = task.centreSquares[0] - 2 * task.products[begin + r];
            }
            for (std::size_t c = 1; c < task.k; ++c) {
                const float* const products = task.products + c * task.centreStride + begin;
                const float square = task.centreSquares[c];
                for (std::size_t r = 0; r < size; ++r) {
                    const float value = square - 2 * products[r];
                    const bool nearer = value < best[r];
                    best[r] = nearer ? value : best[r];
                    label[r] = nearer ? static_cast<std::int32_t>(c) : label[r];
                }
            }
            for (std::size_t r = 0; r < size; ++r) {
                task.labels[begin + r] = label[r];
                task.nearest[begin + r] = std::max(0.0F, best[r] + task.rowSquares[begin + r]);
            }
        }
    }
};

struct Lower
{
    SEMASCOPE_INLINE static void run(const LowerTask& task)
    {
        constexpr std::size_t kLanes = 16;
        double sums[kLanes] = {};
        std::size_t i = 0;
        for (; i + kLanes <= task.count; i += kLanes) {
            for (std::size_t j = 0; j < kLanes; ++j) {
                const float apart = std::max(0.0F, task.square + task.rowSquares[i + j] - 2 * task.values[i + j]);
                const float value = apart < task.nearest[i + j] ? apart : task.nearest[i + j];
                task.values[i + j] = value;
                sums[j] += static_cast<double>(value);
            }
        }
        for (; i < task.count; ++i) {
            task.values[i] =
                std::min(task.nearest[i], std::max(0.0F, task.square + task.rowSquares[i] - 2 * task.values[i]));
            sums[0] += static_cast<double>(task.values[i]);
        }
        for (const double sum : sums) {
            *task.sum += sum;
        }
    }
};

struct MoveRow
{
    SEMASCOPE_INLINE static void run(const MoveTask& task)
    {
        for (std::size_t j = 0; j < task.count; ++j) {
            task.in[j] += static_cast<double>(task.row[j]);
        }
        for (std::size_t j = 0; task.out != nullptr && j < task.count; ++j) {
            task.out[j] -= static_cast<double>(task.row[j]);
        }
    }
};

struct DotTask
{
    const float *a, *b;
    std::size_t count;
    float* sum;
};
struct Dot
{
    SEMASCOPE_INLINE static void run(const DotTask& task)
    {
        constexpr std::size_t kLanes = 32;
        float sums[kLanes] = {};
        std::size_t i = 0;
        for (; i + kLanes <= task.count; i += kLanes) {
            for (std::size_t j = 0; j < kLanes; ++j) {
                sums[j] += task.a[i + j] * task.b[i + j];
            }
        }
        for (; i < task.count; ++i) {
            sums[0] += task.a[i] * task.b[i];
        }
        *task.sum = 0;
        for (const float sum : sums) {
            *task.sum += sum;
        }
    }
};

} // namespace

void assignRows(const AssignTask& task)
{
    task.rowStride == 1 && task.second == nullptr ? clip::simd::dispatch<ByCentre>(task)
                                                  : clip::simd::dispatch<ByRow>(task);
}

void lowerDistances(const LowerTask& task)
{
    clip::simd::dispatch<Lower>(task);
}

void moveRow(const MoveTask& task)
{
    clip::simd::dispatch<MoveRow>(task);
}

float dotProduct(const float* a, const float* b, std::size_t count)
{
    float sum = 0;
    clip::simd::dispatch<Dot>(DotTask{a, b, count, &sum});
    return sum;
}

} // namespace semascope::core
