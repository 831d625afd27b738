#include "app/cli/ClusterFigures.h"
#include "app/cli/ClusterTools.h"
#include "core/cluster/ClusterOptions.h"
#include "core/data/Arrays.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

namespace semascope::app {

using core::Clustering;
using core::Code;
using core::Error;
using core::Matrix;

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

/// A row for every row of the input; rows that were left out are NaN, so that positions still match.
Matrix withAllRows(const Matrix& rows, const std::vector<std::uint32_t>& inputRow, std::size_t n)
{
    std::vector<float> all(n * rows.cols(), kNone);
    for (std::size_t r = 0; r < inputRow.size(); ++r) {
        std::copy_n(rows.row(r), rows.cols(), all.data() + inputRow[r] * rows.cols());
    }
    return Matrix::from(std::move(all), n, rows.cols());
}

Json finiteOrNull(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json curveJson(const std::vector<core::TrainingPoint>& curve)
{
    Json list = Json::array();
    for (const core::TrainingPoint& p : curve) {
        const bool refining = p.stage == core::TrainingPoint::Stage::Refining;
        list.push_back({{"stage", refining ? "refining" : "pre-training"},
                        {"step", p.step},
                        {"reconstruction", finiteOrNull(p.reconstruction)},
                        {"clustering", finiteOrNull(p.clustering)},
                        {"changed", finiteOrNull(p.changed)}});
    }
    return list;
}

/// Options that only some ways to use the command have.
void refuse(const CommandContext& c, const std::string& way, const std::vector<const char*>& options)
{
    for (const char* option : options) {
        if (c.args.has(option)) {
            throw Error(Code::Misuse,
                        "semascope cluster " + way + " takes no " + option + "; see semascope cluster --help.");
        }
    }
}

void need(const CommandContext& c, const std::string& way, const char* option)
{
    if (!c.args.has(option)) {
        throw Error(Code::Misuse, "semascope cluster " + (way.empty() ? way : way + " ") + "needs " + option +
                                      "; see semascope cluster --help.");
    }
}

/// Everything that can be known to be wrong before hours of training.
void checkOutputs(const CommandContext& c, const std::string& method)
{
    for (const char* option : {"--out", "--out-soft", "--out-code", "--out-centroids", "--out-confidence"}) {
        if (c.args.has(option)) {
            checkWritable(c.args.text(option));
        }
    }
    for (const char* option : {"--out-soft", "--out-code", "--save"}) {
        if (c.args.has(option) && !core::isDeepMethod(method)) {
            throw Error(Code::Misuse, method + " trains no network, so there is nothing for " + option +
                                          "; use ae-kmeans, dec or idec.");
        }
    }
    if (c.args.has("--save")) {
        namespace fs = std::filesystem;
        const fs::path folder = c.args.text("--save");
        if (fs::exists(folder) && !fs::is_directory(folder)) {
            throw Error(Code::Io, folder.string() + " is there and is no folder; name another for the model.");
        }
        if (!fs::exists(folder)) {
            checkWritable(folder.string());
        }
    }
}

void writeOutputs(const CommandContext& c, const Clustering& found, std::size_t n)
{
    std::vector<std::int32_t> assignment(n, -1);
    std::vector<float> confidence(n, kNone);
    for (std::size_t r = 0; r < found.inputRow.size(); ++r) {
        assignment[found.inputRow[r]] = found.assignment[r];
        confidence[found.inputRow[r]] = found.confidence.empty() ? kNone : found.confidence[r];
    }
    core::writeNpy(c.args.text("--out"), assignment);
    if (c.args.has("--out-soft")) {
        core::writeNpy(c.args.text("--out-soft"), withAllRows(found.soft, found.inputRow, n));
    }
    if (c.args.has("--out-code")) {
        core::writeNpy(c.args.text("--out-code"), withAllRows(found.code, found.inputRow, n));
    }
    if (c.args.has("--out-centroids")) {
        core::writeNpy(c.args.text("--out-centroids"), found.centroids);
    }
    if (c.args.has("--out-confidence")) {
        core::writeNpy(c.args.text("--out-confidence"), confidence.data(), {n});
    }
    if (c.args.has("--save") && found.model) {
        found.model->save(c.args.text("--save"));
    }
}

void putSilhouette(CommandContext& c, const Matrix& x, const Clustering& found)
{
    c.json["silhouette"] = Json();
    if (core::usedClusters(found) < 2 || found.assignment.size() < 3) {
        return;
    }
    const bool cosine = c.args.has("--cosine") || found.spec.method == "spherical-kmeans" || core::hasUnitRows(x);
    const std::vector<std::size_t> rows(found.inputRow.begin(), found.inputRow.end());
    const std::vector<std::int64_t> names(found.assignment.begin(), found.assignment.end());
    const core::Silhouette s =
        core::silhouette(core::takeRows(x, rows), names, cosine, kSilhouetteRows, c.seed(), c.job);
    c.json["silhouette"] = s.mean;
    c.json["silhouette_n"] = s.n;
    c.json["silhouette_distance"] = cosine ? "cosine" : "euclidean";
}

/// What methods that train a network have beside the clusters.
void putTraining(CommandContext& c, const Clustering& found)
{
    if (!found.criterion.empty()) {
        c.json["criterion"] = found.criterion;
        c.json["criterion_value"] = finiteOrNull(found.criterionValue);
        c.line("  best restart by " + found.criterion + ": " + number(found.criterionValue));
    }
    c.json["warnings"] = found.warnings;
    if (core::isDeepMethod(found.spec.method)) {
        c.json["curve"] = curveJson(found.curve);
        c.json["code_dim"] = found.code.cols();
    }
    if (!found.confidence.empty()) {
        const double mean = std::accumulate(found.confidence.begin(), found.confidence.end(), 0.0) /
                            static_cast<double>(found.confidence.size());
        c.json["confidence"] = {{"mean", mean},
                                {"is", core::isDeepMethod(found.spec.method)
                                           ? "largest soft assignment"
                                           : "1 - d1/d2, distances to the two nearest centroids"}};
        c.line("  confidence " + number(mean) + " in the mean");
    }
}

void tellNotes(CommandContext& c, const std::vector<std::string>& notes)
{
    for (const std::string& note : notes) {
        const auto& told = c.json["notes"];
        if (!told.is_array() || std::find(told.begin(), told.end(), Json(note)) == told.end()) {
            c.json["notes"].push_back(utf8(note));
        }
        c.line("  " + note);
    }
    if (!c.json.contains("notes")) {
        c.json["notes"] = Json::array();
    }
}

void runOne(CommandContext& c)
{
    need(c, "", "--method");
    need(c, "", "--out");
    refuse(c, "without --sweep or --compare", {"--seeds", "--csv", "--latex", "--figure", "--map"});
    const std::string method = c.args.text("--method");
    checkMethods({method});
    checkOutputs(c, method);
    const core::ClusterSpec spec = clusterSpec(c, method, {method});
    const ClusterInput input = readClusterInput(c);
    const Clustering found = core::cluster(input.rows, spec, c.job);
    writeOutputs(c, found, input.rows.rows());
    c.json["method"] = spec.method;
    c.json["k"] = spec.k;
    c.json["n"] = found.assignment.size();
    c.json["rows"] = "clustered";
    c.json["seed"] = spec.seed;
    c.json["excluded"] = found.excluded;
    c.json["sizes"] = found.sizes;
    c.json["seconds"] = found.seconds;
    c.json["iterations"] = found.iterations;
    c.json["inertia"] = found.inertia;
    if (!input.labels.empty()) {
        const Judged judged = judge(input.labels, found.assignment, found.inputRow);
        putScores(c.json, judged.scores);
        c.json["labelled"] = judged.labelled;
    }
    putSilhouette(c, input.rows, found);
    c.line(spec.method + ": " + std::to_string(found.assignment.size()) + " rows in " + std::to_string(spec.k) +
           (spec.k == 1 ? " cluster in " : " clusters in ") + number(found.seconds) + " s → " + c.args.text("--out"));
    c.line("  figures are of the rows clustered; none is held out");
    printScores(c);
    putTraining(c, found);
    for (const std::string& warning : found.warnings) {
        c.line("  warning: " + warning);
    }
    tellNotes(c, found.notes);
}

/// The largest of each row; −1 for a row that could not be measured.
std::vector<std::int32_t> largestOf(const Matrix& soft, std::vector<float>& confidence)
{
    std::vector<std::int32_t> assignment;
    for (std::size_t i = 0; i < soft.rows(); ++i) {
        const float* const row = soft.row(i);
        const float* const best = std::max_element(row, row + soft.cols());
        const bool known = std::all_of(row, row + soft.cols(), [](float v) { return std::isfinite(v); });
        assignment.push_back(known ? static_cast<std::int32_t>(best - row) : -1);
        confidence.push_back(known ? *best : kNone);
    }
    return assignment;
}

void putAssigned(CommandContext& c, const std::vector<std::int32_t>& assignment, std::size_t k,
                 const std::vector<std::int64_t>& labels)
{
    std::vector<std::size_t> sizes(k, 0);
    std::vector<std::uint32_t> rows;
    std::vector<std::int32_t> clusters;
    for (std::size_t i = 0; i < assignment.size(); ++i) {
        if (assignment[i] >= 0) {
            ++sizes[static_cast<std::size_t>(assignment[i])];
            rows.push_back(static_cast<std::uint32_t>(i));
            clusters.push_back(assignment[i]);
        }
    }
    c.json["n"] = rows.size();
    c.json["rows"] = "assigned, not trained on";
    c.json["excluded"] = assignment.size() - rows.size();
    c.json["sizes"] = sizes;
    c.json["inertia"] = Json(); // of a clustering; here rows are only assigned
    c.json["silhouette"] = Json();
    if (!labels.empty()) {
        const Judged judged = judge(labels, clusters, rows);
        putScores(c.json, judged.scores);
        c.json["labelled"] = judged.labelled;
    }
}

void runAssign(CommandContext& c)
{
    const std::string way = "--assign";
    need(c, way, "--out");
    refuse(
        c, way,
        {"--method", "--k", "--set", "--save", "--out-centroids", "--seeds", "--csv", "--latex", "--figure", "--map"});
    checkOutputs(c, "dec");
    const std::string folder = c.args.text("--assign");
    const auto model = core::openDeepModel(folder);
    const ClusterInput input = readClusterInput(c);
    const Matrix soft = model->assign(input.rows, c.job);
    std::vector<float> confidence;
    const std::vector<std::int32_t> assignment = largestOf(soft, confidence);
    core::writeNpy(c.args.text("--out"), assignment);
    if (c.args.has("--out-soft")) {
        core::writeNpy(c.args.text("--out-soft"), soft);
    }
    if (c.args.has("--out-confidence")) {
        core::writeNpy(c.args.text("--out-confidence"), confidence.data(), {confidence.size()});
    }
    if (c.args.has("--out-code")) {
        core::writeNpy(c.args.text("--out-code"), model->encode(input.rows, c.job));
    }
    putPath(c.json, "model", folder);
    c.json["method"] = model->method();
    c.json["k"] = model->clusters();
    c.json["code_dim"] = model->codeDim();
    putAssigned(c, assignment, model->clusters(), input.labels);
    c.line(model->method() + ": " + std::to_string(c.json["n"].get<std::size_t>()) + " rows assigned to " +
           std::to_string(model->clusters()) + " clusters → " + c.args.text("--out"));
    if (const std::size_t out = c.json["excluded"].get<std::size_t>(); out > 0) {
        c.line("  " + std::to_string(out) + (out == 1 ? " row was" : " rows were") +
               " left out: not finite numbers; they have -1");
    }
    printScores(c);
    tellNotes(c, {"The model was not trained on these rows, unless they are among those it was made from."});
}

void runCluster(CommandContext& c)
{
    const int ways = int(c.args.has("--assign")) + int(c.args.has("--sweep")) + int(c.args.has("--compare"));
    if (ways > 1) {
        throw Error(Code::Misuse, "semascope cluster does one thing at a time: give one of --assign, --sweep and "
                                  "--compare.");
    }
    const std::vector<const char*> outputs{"--out",           "--out-soft",       "--out-code",
                                           "--out-centroids", "--out-confidence", "--save"};
    if (c.args.has("--assign")) {
        runAssign(c);
    } else if (c.args.has("--sweep")) {
        need(c, "--sweep", "--method");
        refuse(c, "--sweep", outputs);
        refuse(c, "--sweep", {"--k", "--labels", "--latex", "--cosine", "--map"});
        runSweep(c);
    } else if (c.args.has("--compare")) {
        refuse(c, "--compare", outputs);
        refuse(c, "--compare", {"--method"});
        runCompare(c);
    } else {
        runOne(c);
    }
}

} // namespace

Command clusterCommand()
{
    Command command{
        {"cluster",
         "Group vectors into k clusters, compare methods, sweep k, or assign new vectors; with labels, reports "
         "AMI, ARI, "
         "FMI, NMI and ACC.",
         "",
         {{"--method", "M", joined(core::clusterMethods()) + "; needed unless --compare or --assign is given"},
          {"--k", "K", "number of clusters; 10 unless given"},
          {"--in", "x.npy", "n×d vectors", false, true},
          {"--out", "c.npy", "cluster of each row; -1 for rows that cannot be measured"},
          {"--labels", "y.npy", "true labels, only to score with; negative: none"},
          {"--set", "key=value", "an option of the method, or dec:key=value for one of several", true},
          {"--cosine", "", "silhouette by cosine; so for unit rows and spherical-kmeans anyway"},
          {"--out-soft", "q.npy", "n×k soft assignments (ae-kmeans, dec, idec)"},
          {"--out-code", "z.npy", "the code of each row (ae-kmeans, dec, idec)"},
          {"--out-centroids", "m.npy", "k×d centroids; k×c where there is a code"},
          {"--out-confidence", "f.npy", "confidence of each row, 0 to 1"},
          {"--save", "DIR", "the trained network: config.json and model.safetensors"},
          {"--assign", "DIR", "assign the rows of --in to the clusters of a saved network"},
          {"--sweep", "2-20|2,4,8", "figures for each k: silhouette, coding length, stability"},
          {"--compare", "M,M,…", "methods side by side: means and deviations over seeds"},
          {"--seeds", "N", "runs of each k or method, seeds from --seed on; 3 unless given"},
          {"--csv", "f.csv", "the table of --sweep or --compare"},
          {"--latex", "f.tex", "the table of --compare, for booktabs"}},
         "Every figure is of the rows clustered; none is held out. Labels only judge: no run is chosen by them.\n"
         "Silhouettes are in the space of --in; above 5,000 rows on a fixed random sample of 5,000.\n\n" +
             clusterOptionsHelp()},
        runCluster};
    const std::vector<Option>& figure = clusterFigureOptions();
    command.syntax.options.insert(command.syntax.options.end(), figure.begin(), figure.end());
    return command;
}

} // namespace semascope::app
