#pragma once
#include "app/cli/Common.h"
#include "core/cluster/ClusterStudy.h"
#include "core/data/Matrix.h"

namespace semascope::app {

/// Above, silhouettes are measured on a fixed random sample of so many rows.
inline constexpr std::size_t kSilhouetteRows = 5000;

/// "a, b, c".
std::string joined(const std::vector<std::string>& words);
/// ami ari fmi nmi acc; null where a score is not defined.
void putScores(Json& json, const core::LabelScores& scores);
/// Those that are there, and silhouette and inertia.
void printScores(const CommandContext& c);

/// The vectors of --in and the labels of --labels (none: empty; negative: a row without a label).
struct ClusterInput
{
    core::Matrix rows;
    std::vector<std::int64_t> labels;
};
ClusterInput readClusterInput(const CommandContext& c);
/// Scores of clusters against labels, on the rows that have one; empty where none has. `rows` is the row of the label
/// of each cluster.
struct Judged
{
    core::LabelScores scores;
    std::size_t labelled = 0;
};
Judged judge(const std::vector<std::int64_t>& labels, const std::vector<std::int32_t>& clusters,
             const std::vector<std::uint32_t>& rows);

/// The spec of `method` by --k, --seed, --set and --device. Words of --set are key=value, or method:key=value for one
/// method alone; plain ones go to all of `methods` that know the key. Throws Error(Misuse) for a word that none takes.
core::ClusterSpec clusterSpec(const CommandContext& c, const std::string& method,
                              const std::vector<std::string>& methods);
/// Throws Error(Misuse) unless every word is a method.
void checkMethods(const std::vector<std::string>& methods);
/// --seeds numbers from --seed on.
std::vector<std::uint64_t> clusterSeeds(const CommandContext& c);
/// What --set takes, method by method, for the help.
std::string clusterOptionsHelp();

/// semascope cluster --sweep and --compare.
void runSweep(CommandContext& c);
void runCompare(CommandContext& c);

} // namespace semascope::app
