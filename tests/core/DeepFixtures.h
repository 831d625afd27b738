#pragma once
#include "ReduceFixtures.h"
#include "core/cluster/ClusterOptions.h"
#include "core/cluster/DeepCluster_p.h"
#include "core/job/Parallel.h"

#include <limits>
#include <numeric>

/// What the tests of methods that train a network share.
namespace deep {

using namespace semascope::core;
using Options = std::map<std::string, std::string>;

inline constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// Small enough for a test: narrow layers, few passes.
inline Options quick(const Options& more = {})
{
    Options options{{"hidden", "24-16"}, {"code", "3"},   {"epochs", "30"},
                    {"batch", "32"},     {"n_init", "3"}, {"device", "cpu"}};
    for (const auto& [key, value] : more) {
        options[key] = value;
    }
    return options;
}

inline Options refining(const Options& more = {})
{
    Options options = quick(more);
    options.emplace("max_updates", "12");
    return options;
}

inline Options optionsFor(const std::string& method, const Options& more = {})
{
    return method == "ae-kmeans" ? quick(more) : refining(more);
}

inline Clustering run(const Matrix& x, const std::string& method, int k, const Options& options, std::uint64_t seed = 0)
{
    JobContext job;
    return cluster(x, ClusterSpec{method, k, seed, options}, job);
}

inline Clustering runHooked(const Matrix& x, const std::string& method, const DeepHooks& hooks)
{
    JobContext job;
    std::vector<std::size_t> rows(x.rows());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return clusterDeep(x, rows, ClusterSpec{method, 4, 0, optionsFor(method)}, job, hooks);
}

inline std::vector<std::int64_t> wide(const std::vector<std::int32_t>& labels)
{
    return {labels.begin(), labels.end()};
}

inline double accuracy(const Clustering& c, std::size_t k)
{
    std::vector<std::int64_t> names;
    for (const std::uint32_t row : c.inputRow) {
        names.push_back(static_cast<std::int64_t>(row % k));
    }
    return compareLabelings(names, wide(c.assignment)).acc.value_or(-1);
}

/// A curve may have NaN only where a term has no part in its stage.
inline bool curveIsSound(const Clustering& c)
{
    return std::all_of(c.curve.begin(), c.curve.end(), [&](const TrainingPoint& p) {
        const bool refined = p.stage == TrainingPoint::Stage::Refining;
        const bool reconstructs = !refined || c.spec.method == "idec";
        return std::isfinite(p.reconstruction) == reconstructs && std::isfinite(p.clustering) == refined &&
               std::isfinite(p.changed) == (refined && p.step > 0);
    });
}

inline bool isSound(const Clustering& c, std::size_t n, std::size_t k)
{
    return c.assignment.size() == n && c.confidence.size() == n && c.soft.rows() == n && c.soft.cols() == k &&
           c.code.rows() == n && allFinite(c.soft) && allFinite(c.code) && allFinite(c.centroids) && curveIsSound(c) &&
           std::isfinite(c.inertia) && std::accumulate(c.sizes.begin(), c.sizes.end(), std::size_t{0}) == n &&
           std::all_of(c.frames.begin(), c.frames.end(), [](const auto& f) { return allFinite(f->points); });
}

inline bool mentions(const std::vector<std::string>& sentences, const char* word)
{
    return std::any_of(sentences.begin(), sentences.end(),
                       [&](const std::string& s) { return s.find(word) != std::string::npos; });
}

inline void methods()
{
    QTest::addColumn<QString>("method");
    for (const char* method : {"ae-kmeans", "dec", "idec"}) {
        QTest::newRow(method) << QString::fromLatin1(method);
    }
}

} // namespace deep
