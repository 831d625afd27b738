#include "app/cli/ClusterTools.h"
#include "core/cluster/Clustering.h"
#include "core/data/Arrays.h"
#include "core/reduce/Layout.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Matrix;

namespace {

constexpr std::size_t kQualitySample = 5000;

/// The layout with a row for every row of the input; rows that were left out are NaN, so that positions still match.
Matrix withAllRows(const core::Layout& layout, std::size_t n)
{
    const std::size_t dim = layout.points.cols();
    std::vector<float> all(n * dim, std::numeric_limits<float>::quiet_NaN());
    for (std::size_t r = 0; r < layout.inputRow.size(); ++r) {
        std::copy_n(layout.points.row(r), dim, all.data() + layout.inputRow[r] * dim);
    }
    return Matrix::from(std::move(all), n, dim);
}

void putQuality(CommandContext& c, const Matrix& x, const core::Layout& layout)
{
    std::vector<std::size_t> rows(layout.inputRow.begin(), layout.inputRow.end());
    const Matrix kept = core::takeRows(x, rows);
    const int k = static_cast<int>(c.args.integer("--neighbours", 12, 1, 1000));
    const core::LayoutQuality q = core::layoutQuality(kept, layout.points, k, 10, kQualitySample, c.seed(), c.job);
    c.json["raw_stress"] = layout.rawStress >= 0 ? layout.rawStress : q.rawStress;
    c.json["stress1"] = layout.stress1 >= 0 ? layout.stress1 : q.stress1;
    c.json["normalised_stress"] = q.normalisedStress;
    c.json["scale_normalised_stress"] = q.scaleNormalisedStress;
    c.json["trustworthiness"] = q.trustworthiness;
    c.json["continuity"] = q.continuity;
    c.json["recall"] = q.recall;
    c.json["spearman"] = q.spearman;
    c.json["pearson"] = q.pearson;
    c.json["quality"] = {{"measured_on", q.n}, {"of", q.of}, {"k", q.k}, {"recall_k", 10}, {"rows", "training"}};
}

void runReduce(CommandContext& c)
{
    const std::string out = c.args.text("--out");
    checkWritable(out);
    core::LayoutSpec spec;
    spec.method = c.args.text("--method");
    spec.dim = static_cast<int>(c.args.integer("--dim", 2, 1, 1'000'000));
    spec.seed = c.seed();
    spec.options = c.args.settings();
    const bool paired = spec.method == "pca-joint" || spec.method == "pca-modality";
    const std::string path = c.args.text("--in");
    const Matrix x = core::toMatrix(core::readArray(path), path);
    core::Layout layout;
    if (c.args.has("--pairs")) {
        const std::string other = c.args.text("--pairs");
        const Matrix y = core::toMatrix(core::readArray(other), other);
        const core::PairedLayout both = core::reducePaired(x, y, spec, c.job);
        layout = both.image;
        if (c.args.has("--out-pairs")) {
            core::writeNpy(c.args.text("--out-pairs"), withAllRows(both.text, y.rows()));
        }
    } else {
        if (paired) {
            throw Error(Code::Misuse, spec.method + " reduces two sets together; give the second with --pairs.");
        }
        layout = core::reduce(x, spec, c.job);
    }
    core::writeNpy(out, withAllRows(layout, x.rows()));
    c.json["method"] = spec.method;
    c.json["dim"] = layout.points.cols();
    c.json["n"] = layout.points.rows();
    c.json["excluded"] = layout.excluded;
    c.json["seed"] = spec.seed;
    c.json["seconds"] = layout.seconds;
    c.json["iterations"] = layout.iterations;
    if (!c.args.has("--no-quality") && spec.options.count("metric") == 0) {
        putQuality(c, x, layout);
    } else {
        c.json["raw_stress"] = layout.rawStress >= 0 ? Json(layout.rawStress) : Json();
        c.json["stress1"] = layout.stress1 >= 0 ? Json(layout.stress1) : Json();
    }
    if (!layout.explained.empty()) {
        c.json["explained"] = layout.explained;
    }
    c.json["notes"] = layout.notes;
    c.line(spec.method + ": " + std::to_string(layout.points.rows()) + " rows → " +
           std::to_string(layout.points.cols()) + " dimensions in " + number(layout.seconds) + " s → " + out);
    for (const char* key : {"raw_stress", "stress1", "trustworthiness", "continuity", "recall"}) {
        if (c.json.contains(key) && c.json[key].is_number()) {
            c.line("  " + std::string(key) + " " + number(c.json[key].get<double>()));
        }
    }
    for (const std::string& note : layout.notes) {
        c.line("  " + note);
    }
}

std::vector<std::size_t> clusterSizes(const std::vector<std::int64_t>& clusters)
{
    std::map<std::int64_t, std::size_t> counts;
    for (const std::int64_t v : clusters) {
        ++counts[v];
    }
    std::vector<std::size_t> sizes;
    for (const auto& [name, count] : counts) {
        sizes.push_back(count);
    }
    return sizes;
}

void runMetrics(CommandContext& c)
{
    const std::string labelPath = c.args.text("--labels"), clusterPath = c.args.text("--clusters");
    const auto labels = core::toLabels(core::readArray(labelPath), labelPath);
    const auto clusters = core::toLabels(core::readArray(clusterPath), clusterPath);
    if (labels.size() != clusters.size()) {
        throw Error(Code::Mismatch, labelPath + " has " + std::to_string(labels.size()) + " labels but " + clusterPath +
                                        " has " + std::to_string(clusters.size()) + ".");
    }
    const std::vector<std::size_t> sizes = clusterSizes(clusters);
    c.json["k"] = sizes.size();
    c.json["n"] = labels.size();
    c.json["sizes"] = sizes;
    const auto start = std::chrono::steady_clock::now();
    putScores(c.json, core::compareLabelings(labels, clusters));
    c.json["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    c.json["inertia"] = Json(); // belongs to a k-means of its own, not to a pair of labelings
    c.json["silhouette"] = Json();
    if (c.args.has("--in")) {
        const std::string path = c.args.text("--in");
        const Matrix x = core::toMatrix(core::readArray(path), path);
        if (x.rows() != clusters.size()) {
            throw Error(Code::Mismatch, path + " has " + std::to_string(x.rows()) + " rows but " + clusterPath +
                                            " has " + std::to_string(clusters.size()) + ".");
        }
        const core::Silhouette s =
            core::silhouette(x, clusters, c.args.has("--cosine"), kSilhouetteRows, c.seed(), c.job);
        c.json["silhouette"] = s.mean;
        c.json["silhouette_n"] = s.n;
    }
    c.line(std::to_string(labels.size()) + " rows, " + std::to_string(sizes.size()) + " clusters");
    printScores(c);
}

} // namespace

Command reduceCommand()
{
    return {
        {"reduce",
         "Reduce vectors to a few dimensions; reports stress, trustworthiness, continuity and neighbour recall.",
         "",
         {{"--method", "M", joined(core::layoutMethods()) + "; with --pairs also pca-joint, pca-modality", false, true},
          {"--dim", "N", "dimensions of the result; 2 unless given"},
          {"--in", "x.npy", "n×d vectors", false, true},
          {"--out", "y.npy", "n×N result; rows that were not finite are NaN", false, true},
          {"--pairs", "t.npy", "second set for pca-joint and pca-modality (row i belongs to row i)"},
          {"--out-pairs", "u.npy", "where the second set's result goes"},
          {"--set", "key=value", "an option of the method, such as max_iter=300", true},
          {"--neighbours", "K", "k of trustworthiness and continuity; 12 unless given"},
          {"--no-quality", "", "do not measure the result"}},
         "Options for --set: mds and classical take metric=euclidean|cosine|precomputed; mds also "
         "init=classical|random,\n"
         "n_init, max_iter, eps (0 runs all iterations) and relaxed=0|1.\n"
         "Quality is measured on the rows the layout was made from; above 5,000 rows on a fixed random sample of "
         "5,000."},
        runReduce};
}

Command metricsCommand()
{
    return {{"metrics",
             "Compare any two labelings: AMI, ARI, FMI, NMI, ACC.",
             "",
             {{"--labels", "a.npy", "one labeling", false, true},
              {"--clusters", "b.npy", "the other", false, true},
              {"--in", "x.npy", "vectors, for the silhouette of the second"},
              {"--cosine", "", "silhouette by cosine distance"}},
             ""},
            runMetrics};
}

} // namespace semascope::app
