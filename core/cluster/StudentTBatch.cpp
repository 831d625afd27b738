#include "core/cluster/StudentT_p.h"

#include "core/clip/SimdDispatch_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace semascope::core {

namespace {

constexpr std::size_t kLanes = 8, kChunk = 32;
constexpr float kTiny = std::numeric_limits<float>::min();

/// Rows [begin, end) of a batch; the centroids' part of the gradient goes to `centroid`, k×c zeros.
struct BatchPiece
{
    const StudentBatch& batch;
    std::size_t begin, end;
    float* kernel; ///< k numbers to work with
    float* centroid;
};

__attribute__((always_inline)) inline float squaredDistance(const float* a, const float* b, std::size_t c)
{
    float lane[kLanes] = {};
    std::size_t j = 0;
    for (; j + kLanes <= c; j += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            const float miss = a[j + l] - b[j + l];
            lane[l] += miss * miss;
        }
    }
    float sum = ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
    for (; j < c; ++j) {
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
}

struct BatchKernel
{
    __attribute__((always_inline)) static inline void run(const BatchPiece& p)
    {
        const StudentBatch& t = p.batch;
        for (std::size_t r = p.begin; r < p.end; ++r) {
            const float* __restrict z = t.z + r * t.c;
            const float* __restrict target = t.targets + t.rows[r] * t.k;
            float* __restrict code = t.code + r * t.c;
            float sum = 0;
            for (std::size_t i = 0; i < t.k; ++i) {
                p.kernel[i] = 1 / (1 + squaredDistance(z, t.mu + i * t.c, t.c));
                sum += p.kernel[i];
            }
            const float whole = sum > kTiny ? sum : kTiny; // all are 0 for codes that have left every range
            for (std::size_t i = 0; i < t.k; ++i) {
                const float* __restrict mu = t.mu + i * t.c;
                float* __restrict centroid = p.centroid + i * t.c;
                const float pull = static_cast<float>(2 * t.scale) * p.kernel[i] * (target[i] - p.kernel[i] / whole);
                for (std::size_t j = 0; j < t.c; ++j) {
                    const float part = pull * (z[j] - mu[j]);
                    code[j] += part;
                    centroid[j] -= part;
                }
            }
        }
    }
};

} // namespace

void addStudentTGradients(const StudentBatch& batch)
{
    const std::size_t chunks = (batch.count + kChunk - 1) / kChunk, size = batch.k * batch.c;
    static thread_local std::vector<float> space;
    space.assign(chunks * (size + batch.k), 0.0F);
    float* const parts = space.data();
    float* const kernels = parts + chunks * size;
    const int team = batch.count * size < 65536 ? 1 : threadCount();
#pragma omp parallel for num_threads(team) schedule(static)
    for (std::size_t i = 0; i < chunks; ++i) {
        clip::simd::dispatch<BatchKernel>(BatchPiece{batch, i * kChunk, std::min(batch.count, (i + 1) * kChunk),
                                                     kernels + i * batch.k, parts + i * size});
    }
    for (std::size_t j = 0; j < size; ++j) {
        float sum = batch.beta == 0 ? 0.0F : batch.beta * batch.centroid[j];
        for (std::size_t i = 0; i < chunks; ++i) {
            sum += parts[i * size + j];
        }
        batch.centroid[j] = sum;
    }
}

} // namespace semascope::core
