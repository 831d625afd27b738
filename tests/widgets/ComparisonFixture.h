#pragma once
#include "core/cluster/ClusterStudy.h"
#include "widgets/ComparisonFigures.h"

#include <cmath>
#include <numbers>

namespace semascope::test {

/// Rows in `k` groups, row r in group r mod k. Methods find the groups under other numbers, and the later a method the
/// more rows it gets wrong.
struct ComparisonWorld
{
    std::size_t n;
    int k;
    std::vector<std::int64_t> groups;
    core::Matrix rows;
    core::ClusterComparison comparison;

    ComparisonWorld(std::size_t count, int clusters, const std::vector<std::string>& methods) : n(count), k(clusters)
    {
        std::vector<float> values;
        for (std::size_t r = 0; r < n; ++r) {
            const int group = static_cast<int>(r) % k;
            groups.push_back(group);
            const double angle = 2 * std::numbers::pi * group / k, wide = 0.18 + 0.02 * static_cast<double>(r % 13);
            const double turn = 2.399963 * static_cast<double>(r); // golden angle: the group is filled evenly
            values.push_back(static_cast<float>(std::cos(angle) + wide * std::cos(turn)));
            values.push_back(static_cast<float>(std::sin(angle) + wide * std::sin(turn)));
        }
        rows = core::Matrix::from(std::move(values), n, 2);
        comparison.labels = groups;
        comparison.labelName = "group";
        for (int g = 0; g < k; ++g) {
            comparison.labelNames.push_back("group " + std::to_string(g));
        }
        comparison.n = comparison.labelled = comparison.silhouetteRows = n;
        comparison.k = k;
        comparison.seeds = {0, 1, 2};
        comparison.done = comparison.total = 3 * methods.size();
        for (std::size_t m = 0; m < methods.size(); ++m) {
            comparison.methods.push_back(method(methods[m], m));
        }
    }

    std::shared_ptr<const core::Clustering> run(const std::string& word, std::size_t m, std::uint64_t seed) const
    {
        auto c = std::make_shared<core::Clustering>();
        c->spec.method = word;
        c->spec.k = k;
        c->spec.seed = seed;
        c->sizes.assign(static_cast<std::size_t>(k), 0);
        std::vector<float> centres(static_cast<std::size_t>(2 * k), 0);
        for (std::size_t r = 0; r < n; ++r) {
            const bool wrong = m > 0 && r % (40 / m) == seed;
            const auto shift = static_cast<std::int64_t>(m) + (wrong ? 1 : 0);
            const auto cluster = static_cast<std::int32_t>((groups[r] + shift) % k);
            c->assignment.push_back(cluster);
            c->inputRow.push_back(static_cast<std::uint32_t>(r));
            ++c->sizes[static_cast<std::size_t>(cluster)];
            for (std::size_t j = 0; j < 2; ++j) {
                centres[2 * static_cast<std::size_t>(cluster) + j] +=
                    rows.at(r, j) * static_cast<float>(k) / static_cast<float>(n);
            }
        }
        c->centroids = core::Matrix::from(std::move(centres), static_cast<std::size_t>(k), 2);
        c->seconds = 0.2 * static_cast<double>(m + 1);
        return c;
    }

    core::ComparedMethod method(const std::string& word, std::size_t m) const
    {
        core::ComparedMethod result;
        result.spec.method = word;
        result.spec.k = k;
        for (const std::uint64_t seed : {0U, 1U, 2U}) {
            result.runs.push_back(run(word, m, seed));
            std::vector<std::int64_t> found(result.runs.back()->assignment.begin(),
                                            result.runs.back()->assignment.end());
            result.scores.push_back(core::compareLabelings(groups, found));
            result.silhouettes.push_back(0.5 - 0.05 * static_cast<double>(m));
        }
        result.meanScores = result.scores.front();
        result.sdScores = {0.011, 0.012, 0.013, 0.014, 0.015};
        result.silhouette = result.silhouettes.front();
        result.sdSilhouette = 0.004;
        result.stability = core::stability(result.runs);
        result.seconds = result.runs.front()->seconds;
        return result;
    }

    /// The rows themselves, one point a row.
    ui::ComparedMap map() const
    {
        auto layout = std::make_shared<core::Layout>();
        layout->points = rows;
        std::vector<std::uint32_t> all;
        for (std::size_t r = 0; r < n; ++r) {
            layout->inputRow.push_back(static_cast<std::uint32_t>(r));
            all.push_back(static_cast<std::uint32_t>(r));
        }
        return ui::comparedMap(layout, all, all);
    }
};

} // namespace semascope::test
