#include "core/cluster/AutoEncoderKernels_p.h"

#include "core/clip/SimdDispatch_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

// Steps of a small network last milliseconds: OpenMP's threads, which oneDNN keeps awake anyway, start in microseconds.

namespace semascope::core::dense {

namespace {

#define SEMASCOPE_KERNEL __attribute__((always_inline)) static inline

constexpr std::size_t kLine = 16;         ///< numbers that a cache line has
constexpr std::size_t kWorthTeam = 16384; ///< numbers below which one thread is quicker

/// part(begin, end) over [0, n) by a team, split at cache lines; by this thread alone when `work` is little.
template<class Part> void split(std::size_t n, std::size_t line, std::size_t work, const Part& part)
{
    const int team = work < kWorthTeam ? 1 : threadCount();
    if (team == 1) {
        part(std::size_t{0}, n);
        return;
    }
    const std::size_t lines = (n + line - 1) / line, parts = static_cast<std::size_t>(team);
#pragma omp parallel for num_threads(team) schedule(static)
    for (std::size_t t = 0; t < parts; ++t) {
        const std::size_t begin = std::min(n, lines * t / parts * line);
        const std::size_t end = std::min(n, lines * (t + 1) / parts * line);
        if (begin < end) {
            part(begin, end);
        }
    }
}

template<class Task> struct Piece
{
    const Task& task;
    std::size_t begin, end;
};

struct BiasKernel
{
    SEMASCOPE_KERNEL void run(const Piece<BiasTask>& p)
    {
        const std::size_t width = p.task.width;
        const float* __restrict bias = p.task.bias;
        const float floor = p.task.relu ? 0.0F : -INFINITY;
        for (std::size_t r = p.begin; r < p.end; ++r) {
            float* __restrict out = p.task.out + r * width;
            for (std::size_t j = 0; j < width; ++j) {
                const float v = out[j] + bias[j];
                out[j] = v < floor ? floor : v; // lets NaN through
            }
        }
    }
};

struct OutputKernel
{
    SEMASCOPE_KERNEL void run(const Piece<OutputTask>& p)
    {
        const OutputTask& t = p.task;
        const std::size_t width = p.end - p.begin;
        const float* __restrict bias = t.bias + p.begin;
        float* __restrict sums = t.biasGradient + p.begin;
        float* __restrict errors = t.columnErrors + p.begin;
        const float floor = t.relu ? 0.0F : -INFINITY;
        for (std::size_t j = 0; j < width; ++j) {
            sums[j] = t.beta == 0 ? 0.0F : t.beta * sums[j];
            errors[j] = 0;
        }
        for (std::size_t r = 0; r < t.rows; ++r) {
            float* __restrict out = t.out + r * t.width + p.begin;
            const float* __restrict target = t.target + r * t.width + p.begin;
            for (std::size_t j = 0; j < width; ++j) {
                const float v = out[j] + bias[j];
                const float miss = (v < floor ? floor : v) - target[j];
                const float delta = v <= floor ? 0.0F : t.scale * miss;
                errors[j] += miss * miss;
                sums[j] += delta;
                out[j] = delta;
            }
        }
    }
};

struct MaskKernel
{
    SEMASCOPE_KERNEL void run(const Piece<MaskTask>& p)
    {
        const MaskTask& t = p.task;
        const std::size_t width = p.end - p.begin;
        float* __restrict sums = t.biasGradient + p.begin;
        for (std::size_t j = 0; j < width; ++j) {
            sums[j] = t.beta == 0 ? 0.0F : t.beta * sums[j];
        }
        for (std::size_t r = 0; r < t.rows; ++r) {
            float* __restrict delta = t.delta + r * t.width + p.begin;
            const float* __restrict active = t.activation + r * t.width + p.begin;
            if (t.relu) {
                for (std::size_t j = 0; j < width; ++j) {
                    delta[j] = active[j] > 0 ? delta[j] : 0.0F;
                }
            }
            for (std::size_t j = 0; j < width; ++j) {
                sums[j] += delta[j];
            }
        }
    }
};

struct SgdTask
{
    float* values;
    const float* velocity;
    float rate;
};

struct SgdKernel
{
    SEMASCOPE_KERNEL void run(const Piece<SgdTask>& p)
    {
        float* __restrict values = p.task.values;
        const float* __restrict velocity = p.task.velocity;
        const float rate = p.task.rate;
        for (std::size_t i = p.begin; i < p.end; ++i) {
            values[i] -= rate * velocity[i];
        }
    }
};

constexpr float kMeanDecay = 0.9F, kSquareDecay = 0.999F, kEpsilon = 1e-8F;

struct AdamCoefficients
{
    const AdamTask& task;
    float rate, root; ///< learning rate over the first bias correction; 1/√ of the second
};

struct AdamKernel
{
    SEMASCOPE_KERNEL void run(const Piece<AdamCoefficients>& p)
    {
        const AdamTask& t = p.task.task;
        float* __restrict values = t.values;
        float* __restrict mean = t.mean;
        float* __restrict square = t.square;
        const float* __restrict gradient = t.gradient;
        const float rate = p.task.rate, root = p.task.root;
        for (std::size_t i = p.begin; i < p.end; ++i) {
            const float g = gradient[i];
            const float m = mean[i] + (1 - kMeanDecay) * (g - mean[i]);
            const float s = kSquareDecay * square[i] + (1 - kSquareDecay) * g * g;
            mean[i] = m;
            square[i] = s;
            values[i] -= rate * m / (std::sqrt(s) * root + kEpsilon);
        }
    }
};

struct NoiseTask
{
    float* values;
    std::uint64_t seed;
    std::uint32_t least; ///< hashes below it are dropped
    float scale;
};

struct NoiseKernel
{
    SEMASCOPE_KERNEL void run(const Piece<NoiseTask>& p)
    {
        const NoiseTask& t = p.task;
        for (std::size_t i = p.begin; i < p.end; ++i) {
            // SplitMix64 (Steele, Lea & Flood 2014) of the place, so that threads do not matter
            std::uint64_t h = t.seed + (i + 1) * 0x9E3779B97F4A7C15ULL;
            h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9ULL;
            h = (h ^ (h >> 27)) * 0x94D049BB133111EBULL;
            t.values[i] *= static_cast<std::uint32_t>(h >> 32) < t.least ? 0.0F : t.scale;
        }
    }
};

} // namespace

void gatherRows(const float* data, std::size_t width, const std::uint32_t* rows, std::size_t count, float* out)
{
    split(count, 1, count * width, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            std::memcpy(out + r * width, data + rows[r] * width, width * sizeof(float));
        }
    });
}

void addBias(const BiasTask& task)
{
    split(task.rows, 1, task.rows * task.width, [&](std::size_t begin, std::size_t end) {
        clip::simd::dispatch<BiasKernel>(Piece<BiasTask>{task, begin, end});
    });
}

void outputDelta(const OutputTask& task)
{
    split(task.width, kLine, task.rows * task.width, [&](std::size_t begin, std::size_t end) {
        clip::simd::dispatch<OutputKernel>(Piece<OutputTask>{task, begin, end});
    });
}

void maskDelta(const MaskTask& task)
{
    split(task.width, kLine, task.rows * task.width, [&](std::size_t begin, std::size_t end) {
        clip::simd::dispatch<MaskKernel>(Piece<MaskTask>{task, begin, end});
    });
}

void dropOut(float* values, std::size_t count, double rate, std::uint64_t seed)
{
    if (rate <= 0) {
        return;
    }
    const NoiseTask task{values, seed, static_cast<std::uint32_t>(rate * 4294967295.0),
                         static_cast<float>(1 / (1 - rate))};
    split(count, kLine, count, [&](std::size_t begin, std::size_t end) {
        clip::simd::dispatch<NoiseKernel>(Piece<NoiseTask>{task, begin, end});
    });
}

void sgdUpdate(float* values, const float* velocity, std::size_t count, float rate)
{
    const SgdTask task{values, velocity, rate};
    split(count, kLine, count, [&](std::size_t begin, std::size_t end) {
        clip::simd::dispatch<SgdKernel>(Piece<SgdTask>{task, begin, end});
    });
}

void adamUpdate(const AdamTask& task)
{
    const double first = 1 - std::pow(0.9, task.step), second = 1 - std::pow(0.999, task.step);
    const AdamCoefficients coefficients{task, static_cast<float>(task.rate / first),
                                        static_cast<float>(1 / std::sqrt(second))};
    split(task.count, kLine, task.count, [&](std::size_t begin, std::size_t end) {
        clip::simd::dispatch<AdamKernel>(Piece<AdamCoefficients>{coefficients, begin, end});
    });
}

bool allFinite(const float* values, std::size_t count)
{
    // A product with zero is zero for finite numbers only.
    constexpr std::size_t kLanes = 16;
    float sums[kLanes] = {};
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        for (std::size_t l = 0; l < kLanes; ++l) {
            sums[l] += values[i + l] * 0.0F;
        }
    }
    for (; i < count; ++i) {
        sums[0] += values[i] * 0.0F;
    }
    return std::all_of(sums, sums + kLanes, [](float s) { return s == 0; });
}

} // namespace semascope::core::dense
