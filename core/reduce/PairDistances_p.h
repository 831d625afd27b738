#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace semascope::core {

/// Most rows for which the distances of all pairs are held: 1.6 GB.
constexpr std::size_t kMostPairRows = 20000;

/// All n×n distances, symmetric with a zero diagonal, in single precision and in units that make the data about 1, so
/// that rows of 1e30 or 1e-40 neither overflow nor vanish.
struct PairDistances
{
    std::unique_ptr<float[]> values;
    std::size_t n = 0;
    double unit = 1; ///< true distance = value · unit

    const float* row(std::size_t i) const noexcept { return values.get() + i * n; }
};

/// Where the rows of a matrix lie and how large they are.
struct RowFrame
{
    std::vector<double> mean;
    double unit = 1; ///< a power of two, at least the largest distance of a coordinate from its mean
};
RowFrame frameOf(const Matrix& x);

/// Rows in a frame, centred and about 1, with their squared lengths.
struct FramedRows
{
    std::vector<float> values;
    std::vector<double> squares;
    std::size_t rows = 0, cols = 0;
};
FramedRows frameRows(const Matrix& x, std::size_t begin, std::size_t end, const RowFrame& frame);

/// Distances of rows [first, first+count) of a to rows [from, b.rows) of b, in units of the frame: row r at out +
/// r·stride.
struct DistanceBlock
{
    std::size_t first, count, from;
    float* out;
    std::size_t stride;
};
void measureBlock(const FramedRows& a, const FramedRows& b, const DistanceBlock& block);

/// Throws Error(OutOfMemory) with the size and the cure when n rows are too many for `method`.
void checkPairMemory(std::size_t n, const std::string& method);

/// Euclidean distances of the rows of x (all finite): one matrix product; near pairs, where the product cancels, again
/// from their differences.
PairDistances euclideanDistances(const Matrix& x, JobContext& job);

/// x itself as distances. Throws Error(Mismatch) unless it is square, finite, symmetric (to 1e-4 of the
/// largest), not negative and zero on the diagonal.
PairDistances givenDistances(const Matrix& x);

/// Stress of n×dim points (in true units) against the distances, in double.
struct Stress
{
    double raw = 0; ///< Σ_{i<j}(d−δ)²
    double one = 0; ///< sqrt(Σ(d−δ)²/Σd²); 0 when raw is 0
};
Stress stressOf(const PairDistances& delta, const Matrix& points, JobContext& job);

} // namespace semascope::core
