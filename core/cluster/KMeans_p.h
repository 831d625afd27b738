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

/// The nearest of k centres for rows [begin, end): products[c·stride + r] is centre c times row begin + r.
/// Writes labels and squared distances (at least 0) for r = 0…
struct AssignTask
{
    const float* products;
    std::size_t stride;
    const float* centreSquares;
    const float* rowSquares;
    std::size_t k, count;
    std::int32_t* labels;
    float* nearest;
};
void assignRows(const AssignTask& task);

} // namespace semascope::core
