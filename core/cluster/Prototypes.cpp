#include "core/cluster/Clustering.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

/// Squared distance of a row to a centroid; with `directions`, of the row's direction.
double apart(const float* row, const float* centroid, std::size_t d, bool directions)
{
    double length = 1;
    if (directions) {
        double square = 0;
        for (std::size_t j = 0; j < d; ++j) {
            square += static_cast<double>(row[j]) * static_cast<double>(row[j]);
        }
        length = square > 0 ? std::sqrt(square) : 1;
    }
    double sum = 0;
    for (std::size_t j = 0; j < d; ++j) {
        const double miss = static_cast<double>(row[j]) / length - static_cast<double>(centroid[j]);
        sum += miss * miss;
    }
    return sum;
}

} // namespace

std::vector<std::vector<std::uint32_t>> prototypes(const Matrix& x, const Clustering& c, std::size_t count)
{
    const std::size_t n = c.assignment.size(), k = c.centroids.rows(), d = c.centroids.cols();
    const bool coded = !c.code.empty(); // then centroids are codes
    if ((coded ? c.code.cols() : x.cols()) != d || (coded && c.code.rows() != n) || c.inputRow.size() != n ||
        std::any_of(c.inputRow.begin(), c.inputRow.end(), [&](std::uint32_t r) { return r >= x.rows(); })) {
        throw Error(Code::Mismatch, "The clustering was not made from these rows; give the rows that were clustered.");
    }
    const bool directions = !coded && c.spec.method == "spherical-kmeans";
    std::vector<double> distance(n);
    parallelFor(n, 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            const float* const centroid = c.centroids.row(static_cast<std::size_t>(c.assignment[r]));
            distance[r] = apart(coded ? c.code.row(r) : x.row(c.inputRow[r]), centroid, d, directions);
        }
    });
    std::vector<std::vector<std::size_t>> members(k);
    for (std::size_t r = 0; r < n; ++r) {
        members[static_cast<std::size_t>(c.assignment[r])].push_back(r);
    }
    std::vector<std::vector<std::uint32_t>> result(k);
    for (std::size_t g = 0; g < k; ++g) {
        const auto kept = static_cast<std::ptrdiff_t>(std::min(count, members[g].size()));
        std::partial_sort(members[g].begin(), members[g].begin() + kept, members[g].end(),
                          [&](std::size_t a, std::size_t b) {
                              return distance[a] != distance[b] ? distance[a] < distance[b] : a < b;
                          });
        for (std::ptrdiff_t i = 0; i < kept; ++i) {
            result[g].push_back(c.inputRow[members[g][static_cast<std::size_t>(i)]]);
        }
    }
    return result;
}

} // namespace semascope::core
