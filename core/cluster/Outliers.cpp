#include "core/cluster/ClusterNames.h"
#include "core/cluster/ClusterSpace_p.h"
#include "core/job/Parallel.h"

#include <algorithm>

namespace semascope::core {

namespace {

/// How badly each row of the clustering fits.
std::vector<double> misfits(const ClusterSpace& space, const Clustering& c)
{
    std::vector<double> misfit(space.count());
    if (!c.soft.empty() && c.confidence.size() == misfit.size()) {
        std::transform(c.confidence.begin(), c.confidence.end(), misfit.begin(),
                       [](float v) { return -static_cast<double>(v); });
        return misfit;
    }
    parallelFor(misfit.size(), 256, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            misfit[r] = space.apart(r, c.centroids.row(static_cast<std::size_t>(c.assignment[r])));
        }
    });
    return misfit;
}

} // namespace

std::vector<std::vector<std::uint32_t>> clusterOutliers(const Matrix& x, const Clustering& c, std::size_t count)
{
    const std::vector<double> misfit = misfits(ClusterSpace(x, c), c);
    std::vector<std::vector<std::uint32_t>> result;
    for (std::vector<std::uint32_t>& members : membersOf(c)) {
        const auto kept = static_cast<std::ptrdiff_t>(std::min(count, members.size()));
        std::partial_sort(members.begin(), members.begin() + kept, members.end(),
                          [&](auto a, auto b) { return misfit[a] != misfit[b] ? misfit[a] > misfit[b] : a < b; });
        members.resize(static_cast<std::size_t>(kept));
        std::transform(members.begin(), members.end(), members.begin(), [&](auto r) { return c.inputRow[r]; });
        result.push_back(std::move(members));
    }
    return result;
}

} // namespace semascope::core
