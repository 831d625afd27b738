#include "core/reduce/PairDistances_p.h"

#include "core/job/Parallel.h"
#include "core/reduce/GuttmanKernel_p.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <new>

namespace semascope::core {

namespace {

constexpr std::size_t kStep = 512;  ///< rows of a block
constexpr double kNear = 0.05;      ///< of the squared norms: below, the product has lost too many digits
constexpr double kFarthest = 1e15;  ///< of new rows, in units of the frame: their squares must stay finite
constexpr double kAsymmetry = 1e-4; ///< allowed in given distances, of the largest

std::unique_ptr<float[]> pairMemory(std::size_t n, const std::string& what)
{
    try {
        return std::make_unique_for_overwrite<float[]>(n * n);
    } catch (const std::bad_alloc&) {
        throw Error(Code::OutOfMemory, "There is no memory for the distances of " + std::to_string(n) + " " + what +
                                           "; use pca, or fewer rows.");
    }
}

void mirror(PairDistances& out)
{
    constexpr std::size_t kTile = 64;
    const std::size_t n = out.n;
    parallelFor((n + kTile - 1) / kTile, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin * kTile; i < std::min(n, end * kTile); ++i) {
            float* row = out.values.get() + i * n;
            for (std::size_t j = 0; j < i; ++j) {
                row[j] = out.values[j * n + i];
            }
        }
    });
}

} // namespace

RowFrame frameOf(const Matrix& x)
{
    const std::size_t n = x.rows(), d = x.cols();
    RowFrame frame{std::vector<double>(d, 0.0), 1};
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            frame.mean[j] += static_cast<double>(x.at(i, j)) / static_cast<double>(n);
        }
    }
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
            largest = std::max(largest, std::abs(x.at(i, j) - frame.mean[j]));
        }
    }
    frame.unit = largest > 0 ? std::ldexp(1.0, std::ilogb(largest) + 1) : 1.0;
    return frame;
}

FramedRows frameRows(const Matrix& x, std::size_t begin, std::size_t end, const RowFrame& frame)
{
    FramedRows framed{std::vector<float>((end - begin) * x.cols()), std::vector<double>(end - begin), end - begin,
                      x.cols()};
    parallelFor(framed.rows, 64, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const float* row = x.row(begin + i);
            for (std::size_t j = 0; j < framed.cols; ++j) {
                const double scaled = std::clamp((row[j] - frame.mean[j]) / frame.unit, -kFarthest, kFarthest);
                const auto value = static_cast<float>(scaled);
                framed.values[i * framed.cols + j] = value;
                framed.squares[i] += static_cast<double>(value) * value;
            }
        }
    });
    return framed;
}

void measureBlock(const FramedRows& a, const FramedRows& b, const DistanceBlock& block)
{
    const std::size_t d = a.cols, across = b.rows - block.from;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(block.count), static_cast<int>(across),
                static_cast<int>(d), 1, a.values.data() + block.first * d, static_cast<int>(d),
                b.values.data() + block.from * d, static_cast<int>(d), 0, block.out, static_cast<int>(block.stride));
    parallelFor(block.count, 8, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            const std::size_t i = block.first + r;
            float* out = block.out + r * block.stride;
            for (std::size_t c = 0; c < across; ++c) {
                const std::size_t j = block.from + c;
                const double sum = a.squares[i] + b.squares[j];
                double square = sum - 2.0 * static_cast<double>(out[c]);
                if (square < kNear * sum) {
                    square = squaredDistance(a.values.data() + i * d, b.values.data() + j * d, d);
                }
                out[c] = static_cast<float>(std::sqrt(square));
            }
        }
    });
}

void checkPairMemory(std::size_t n, const std::string& method)
{
    if (n > kMostPairRows) {
        char size[32];
        std::snprintf(size, sizeof size, "%.1f", static_cast<double>(n) * static_cast<double>(n) * 4e-9);
        throw Error(Code::OutOfMemory,
                    method + " of " + std::to_string(n) + " rows needs " + size +
                        " GB, because it holds the distance of every pair; use pca, which needs none, or at most " +
                        std::to_string(kMostPairRows) + " rows.");
    }
}

PairDistances euclideanDistances(const Matrix& x, JobContext& job)
{
    const std::size_t n = x.rows();
    PairDistances out;
    out.n = n;
    out.values = pairMemory(n, "rows");
    const RowFrame frame = frameOf(x);
    const FramedRows rows = frameRows(x, 0, n, frame);
    out.unit = frame.unit;
    for (std::size_t first = 0; first < n; first += kStep) {
        job.checkpoint();
        const std::size_t count = std::min(kStep, n - first);
        measureBlock(rows, rows, {first, count, first, out.values.get() + first * n + first, n});
        for (std::size_t i = first; i < first + count; ++i) {
            out.values[i * n + i] = 0;
        }
        job.progress("measuring distances", "rows", first + count, n);
    }
    mirror(out);
    return out;
}

PairDistances givenDistances(const Matrix& x)
{
    const std::size_t n = x.rows();
    if (x.cols() != n) {
        throw Error(Code::Mismatch, "Distances must be a square table, but this one has " + std::to_string(n) +
                                        " rows and " + std::to_string(x.cols()) +
                                        " columns; leave out metric=precomputed for vectors.");
    }
    double largest = 0;
    for (std::size_t i = 0; i < n * n; ++i) {
        const float value = x.data()[i];
        if (!std::isfinite(value) || value < 0) {
            throw Error(Code::Mismatch, "Distance (" + std::to_string(i / n) + ", " + std::to_string(i % n) +
                                            ") is negative or not finite; give numbers from 0 up for all pairs.");
        }
        largest = std::max(largest, static_cast<double>(value));
    }
    PairDistances out;
    out.n = n;
    out.values = pairMemory(n, "things");
    out.unit = largest > 0 ? std::ldexp(1.0, std::ilogb(largest) + 1) : 1.0;
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            const double a = x.at(i, j), b = x.at(j, i);
            if (std::abs(a - b) > kAsymmetry * largest || (i == j && a > kAsymmetry * largest)) {
                throw Error(Code::Mismatch,
                            "Distances (" + std::to_string(i) + ", " + std::to_string(j) +
                                ") and back differ, or one from a thing to itself is not 0; give a symmetric "
                                "table with a zero diagonal.");
            }
            const auto value = static_cast<float>((a + b) / 2 / out.unit);
            out.values[i * n + j] = out.values[j * n + i] = i == j ? 0.0F : value;
        }
    }
    return out;
}

Stress stressOf(const PairDistances& delta, const Matrix& points, JobContext& job)
{
    const std::size_t n = delta.n, dim = points.cols();
    std::vector<double> misses(n, 0.0), squares(n, 0.0);
    job.checkpoint();
    parallelFor(n, 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && !job.stopRequested(); ++i) {
            const float* wanted = delta.row(i);
            for (std::size_t j = i + 1; j < n; ++j) {
                double square = 0;
                for (std::size_t k = 0; k < dim; ++k) {
                    const double miss = static_cast<double>(points.at(i, k)) - points.at(j, k);
                    square += miss * miss;
                }
                const double miss = std::sqrt(square) - static_cast<double>(wanted[j]) * delta.unit;
                misses[i] += miss * miss;
                squares[i] += square;
            }
        }
    });
    job.checkpoint();
    Stress stress;
    double all = 0;
    for (std::size_t i = 0; i < n; ++i) {
        stress.raw += misses[i];
        all += squares[i];
    }
    // Points that all coincide have no size to compare the misses with; 1 says "nothing is kept".
    stress.one = all > 0 ? std::sqrt(stress.raw / all) : (stress.raw > 0 ? 1.0 : 0.0);
    return stress;
}

} // namespace semascope::core
