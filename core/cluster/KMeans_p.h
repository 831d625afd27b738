#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace semascope::core {

/// What k-means works on: finite rows, centred and scaled where that is affordable.
struct KMeansData
{
    Matrix rows;
    std::vector<float> squares; ///< squared lengths of the rows
    std::vector<double> origin; ///< what was subtracted; zeros when nothing was
    double unit = 1;            ///< what was divided by
    bool spherical = false;     ///< rows and centres are unit vectors

    std::size_t n() const noexcept { return rows.rows(); }
    std::size_t d() const noexcept { return rows.cols(); }
};

struct KMeansSettings
{
    std::size_t k = 1;
    int starts = 10, most = 300;
    double tolerance = 0; ///< absolute: squared movement of all centres that counts as none
    std::uint64_t seed = 0;
};

/// k centres found from one start, and where they put the rows.
struct KMeansRun
{
    std::vector<float> centres; ///< k×d
    std::vector<std::int32_t> labels;
    std::vector<float> nearest; ///< squared distance of each row to its centre
    double inertia = 0;
    int iterations = 0;
};

/// Candidates that k-means++ tries for each centre.
std::size_t trialsPerCentre(std::size_t k);

/// k-means++ with greedy trials (Arthur & Vassilvitskii 2007) for `count` starts at once, so that the products are
/// large.
/// Returns count blocks of k×d centres.
std::vector<float> chooseStarts(const KMeansData& data, const KMeansSettings& settings, std::size_t first,
                                std::size_t count, JobContext& job);

/// Lloyd's iterations from several starts at once. Empty clusters take the row farthest from its centre.
std::vector<KMeansRun> runLloyd(const KMeansData& data, const KMeansSettings& settings,
                                const std::vector<float>& starts, JobContext& job);

/// From the start given: moves centres from where they are missed least to where they are needed most, as long as that
/// lowers the inertia.
KMeansRun improveBySwaps(const KMeansData& data, const KMeansSettings& settings, KMeansRun best, JobContext& job);

/// The best of the starts. Where there are many rows the starts are tried on a random sample of them, and the best goes
/// on with all.
KMeansRun bestKMeans(const KMeansData& data, const KMeansSettings& settings, JobContext& job);

/// Centred, because products of long, nearly parallel rows lose the digits that tell them apart; scaled where squares
/// would overflow or vanish. Rows too many to copy are taken as they are.
KMeansData prepareKMeans(const Matrix& rows, bool spherical);
/// Mean variance of the columns, which the tolerance is relative to.
double meanVariance(const KMeansData& data);

/// Squared distances of each row to the nearest centre and to the next; infinite where there is one centre.
struct TwoNearest
{
    std::vector<float> first, second;
};
TwoNearest twoNearest(const KMeansData& data, const std::vector<float>& centres, JobContext& job);

/// The nearest of k centres for `count` rows: products[c·centreStride + r·rowStride] is centre c times row r; one of
/// the strides is 1. Writes labels and squared distances (at least 0) for r = 0…, and where `second` is not null
/// (centreStride is 1 then) those to the next.
struct AssignTask
{
    const float* products;
    std::size_t centreStride, rowStride;
    const float* centreSquares;
    const float* rowSquares;
    std::size_t k, count;
    std::int32_t* labels;
    float* nearest;
    float* second = nullptr;
};
void assignRows(const AssignTask& task);

/// values: products of rows with a candidate of squared length `square`; become min(nearest, squared distance to the
/// candidate), and their sum is added to `sum`.
struct LowerTask
{
    float* values;
    const float* nearest;
    const float* rowSquares;
    float square;
    std::size_t count;
    double* sum;
};
void lowerDistances(const LowerTask& task);

/// Adds `count` numbers of a row to `in` and takes them from `out` (unless null).
struct MoveTask
{
    const float* row;
    double* in;
    double* out;
    std::size_t count;
};
void moveRow(const MoveTask& task);
float dotProduct(const float* a, const float* b, std::size_t count);

} // namespace semascope::core
