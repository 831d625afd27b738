#include "core/cluster/ClusterStudy.h"
#include "core/cluster/Matching_p.h"

#include <algorithm>
#include <map>
#include <utility>

namespace semascope::core {

namespace {

std::size_t clustersOf(const Clustering& c)
{
    std::size_t count = c.sizes.size();
    for (const std::int32_t name : c.assignment) {
        count = std::max(count, static_cast<std::size_t>(name) + 1);
    }
    return count;
}

/// Shared rows of the clusters of b (Cell::a) and of a (Cell::b).
std::vector<Cell> sharedRows(const Clustering& a, const Clustering& b)
{
    std::vector<std::pair<std::uint32_t, std::int32_t>> ofA;
    for (std::size_t r = 0; r < a.inputRow.size(); ++r) {
        ofA.emplace_back(a.inputRow[r], a.assignment[r]);
    }
    std::sort(ofA.begin(), ofA.end());
    std::map<std::pair<std::int32_t, std::int32_t>, std::uint64_t> counts;
    for (std::size_t r = 0; r < b.inputRow.size(); ++r) {
        const auto found = std::lower_bound(ofA.begin(), ofA.end(), std::make_pair(b.inputRow[r], std::int32_t{0}));
        if (found != ofA.end() && found->first == b.inputRow[r]) {
            ++counts[{b.assignment[r], found->second}];
        }
    }
    std::vector<Cell> cells;
    for (const auto& [pair, count] : counts) {
        cells.push_back({static_cast<std::uint32_t>(pair.first), static_cast<std::uint32_t>(pair.second), count});
    }
    return cells;
}

} // namespace

std::vector<int> matchClusters(const Clustering& a, const Clustering& b)
{
    const std::size_t as = clustersOf(a), bs = clustersOf(b);
    const std::vector<Cell> cells = sharedRows(a, b);
    const auto pairs = bestPairs(cells, bs, as);
    std::vector<int> names(bs, -1);
    std::vector<char> taken(as, 0);
    for (std::size_t i = 0; pairs && i < bs; ++i) {
        names[i] = static_cast<int>((*pairs)[i]);
        if (names[i] >= 0) {
            taken[static_cast<std::size_t>(names[i])] = 1;
        }
    }
    // Those that share nothing with what is free still get what is free: fewer names are in use.
    std::size_t free = 0;
    int next = static_cast<int>(as);
    for (int& name : names) {
        if (name >= 0) {
            continue;
        }
        free = static_cast<std::size_t>(std::find(taken.begin() + static_cast<std::ptrdiff_t>(free), taken.end(), 0) -
                                        taken.begin());
        name = free < as ? static_cast<int>(free++) : next++;
    }
    return names;
}

std::vector<std::uint32_t> contingency(const std::vector<std::int64_t>& labels, std::size_t labelCount,
                                       const Clustering& c)
{
    const std::size_t k = clustersOf(c);
    std::vector<std::uint32_t> counts(labelCount * k, 0);
    for (std::size_t r = 0; r < c.inputRow.size(); ++r) {
        if (c.inputRow[r] >= labels.size()) {
            throw Error(Code::Mismatch, "There are " + std::to_string(labels.size()) +
                                            " labels, but the clustering is of more rows; give one label a row.");
        }
        const std::int64_t label = labels[c.inputRow[r]];
        if (label >= static_cast<std::int64_t>(labelCount)) {
            throw Error(Code::Mismatch, "Label " + std::to_string(label) + " is none of the " +
                                            std::to_string(labelCount) + " labels that were named.");
        }
        if (label >= 0) {
            ++counts[static_cast<std::size_t>(label) * k + static_cast<std::size_t>(c.assignment[r])];
        }
    }
    return counts;
}

} // namespace semascope::core
