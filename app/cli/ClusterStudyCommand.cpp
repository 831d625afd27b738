#include "app/cli/ClusterFigures.h"
#include "app/cli/ClusterTools.h"
#include "core/cluster/ComparisonText.h"
#include "core/data/Arrays.h"
#include "core/job/Error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace semascope::app {

using core::Code;
using core::ComparedMethod;
using core::Error;

namespace {

constexpr std::size_t kMostKs = 1000;

std::vector<std::string> parts(const std::string& text, char separator)
{
    std::vector<std::string> all;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(separator, at), text.size());
        all.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return all;
}

int clusterCount(const std::string& word)
{
    int value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || value < 1 || value > 1'000'000) {
        throw Error(Code::Misuse, "--sweep takes numbers of clusters such as 2-20 or 2,4,8, not \"" + word + "\".");
    }
    return value;
}

/// "2-20", "2,4,8" or both: "2-6,8,10".
std::vector<int> sweepNumbers(const std::string& text)
{
    std::vector<int> ks;
    for (const std::string& part : parts(text, ',')) {
        const auto dash = part.find('-');
        const int first = clusterCount(part.substr(0, dash));
        const int last = dash == std::string::npos ? first : clusterCount(part.substr(dash + 1));
        if (last < first || static_cast<std::size_t>(last - first) + ks.size() >= kMostKs) {
            throw Error(Code::Misuse, "--sweep " + part + ": give a smaller number first, and at most " +
                                          std::to_string(kMostKs) + " numbers.");
        }
        for (int k = first; k <= last; ++k) {
            ks.push_back(k);
        }
    }
    return ks;
}

void writeText(const CommandContext& c, const char* option, const std::string& text)
{
    if (c.args.has(option)) {
        core::writeFileAtomic(c.args.text(option), text.data(), text.size());
    }
}

Json orNull(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? Json(*value) : Json();
}

std::string shown(const std::optional<double>& value, int digits = 3)
{
    char text[64] = "–";
    if (value && std::isfinite(*value)) {
        std::snprintf(text, sizeof text, "%.*f", digits, *value);
    }
    return text;
}

std::string shown(const std::optional<double>& mean, const std::optional<double>& sd)
{
    return shown(mean) + (sd ? " ± " + shown(sd) : std::string());
}

std::string padded(std::string text, std::size_t width)
{
    const auto wide =
        static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char ch) { return (ch & 0xC0) != 0x80; }));
    return text + std::string(width > wide ? width - wide : 1, ' ');
}

void printRow(const CommandContext& c, const std::vector<std::string>& cells, std::size_t first, std::size_t other)
{
    std::string text = "  ";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += padded(cells[i], i == 0 ? first : other);
    }
    c.line(text.substr(0, text.find_last_not_of(' ') + 1));
}

Json meanJson(const std::optional<double>& mean, const std::optional<double>& sd)
{
    return {{"mean", orNull(mean)}, {"sd", orNull(sd)}};
}

Json runsJson(const ComparedMethod& m)
{
    Json runs = Json::array();
    for (std::size_t i = 0; i < m.runs.size(); ++i) {
        const core::Clustering& run = *m.runs[i];
        Json row{{"seed", run.spec.seed}, {"seconds", run.seconds}, {"sizes", run.sizes}};
        if (!m.scores.empty()) {
            putScores(row, m.scores[i]);
        }
        row["silhouette"] = orNull(m.silhouettes[i]);
        row["inertia"] = run.inertia;
        row["warnings"] = run.warnings;
        runs.push_back(row);
    }
    return runs;
}

Json methodJson(const ComparedMethod& m, const std::string& title, bool scored)
{
    Json row{{"method", m.spec.method}, {"title", title}, {"k", m.spec.k}, {"settings", m.spec.options}};
    if (scored) {
        row["ami"] = meanJson(m.meanScores.ami, m.sdScores.ami);
        row["ari"] = meanJson(m.meanScores.ari, m.sdScores.ari);
        row["fmi"] = meanJson(m.meanScores.fmi, m.sdScores.fmi);
        row["nmi"] = meanJson(m.meanScores.nmi, m.sdScores.nmi);
        row["acc"] = meanJson(m.meanScores.acc, m.sdScores.acc);
    }
    row["silhouette"] = meanJson(m.silhouette, m.sdSilhouette);
    row["stability"] = orNull(m.stability);
    row["seconds"] = m.seconds;
    row["runs"] = runsJson(m);
    if (!m.runs.empty()) {
        row["shown_seed"] = m.runs[m.best]->spec.seed;
        row["sizes"] = m.runs[m.best]->sizes;
    }
    row["problem"] = m.problem.empty() ? Json() : Json(utf8(m.problem));
    return row;
}

void printComparison(const CommandContext& c, const core::ClusterComparison& found)
{
    const std::vector<std::string> titles = core::comparedTitles(found);
    const bool scored = found.labelled > 0;
    std::size_t first = 18;
    for (const std::string& title : titles) {
        first = std::max(first, title.size() + 2);
    }
    std::vector<std::string> head{"method"};
    if (scored) {
        head.insert(head.end(), {"AMI", "ARI", "FMI", "NMI", "ACC"});
    }
    head.insert(head.end(), {"silhouette", "stability", "time (s)"});
    c.line(core::comparisonWords(found));
    printRow(c, head, first, 15);
    for (std::size_t i = 0; i < found.methods.size(); ++i) {
        const ComparedMethod& m = found.methods[i];
        std::vector<std::string> cells{titles[i]};
        if (scored) {
            for (const auto score : {&core::LabelScores::ami, &core::LabelScores::ari, &core::LabelScores::fmi,
                                     &core::LabelScores::nmi, &core::LabelScores::acc}) {
                cells.push_back(shown(m.meanScores.*score, m.sdScores.*score));
            }
        }
        cells.insert(cells.end(), {shown(m.silhouette, m.sdSilhouette), shown(m.stability),
                                   m.runs.empty() ? "–" : shown(m.seconds, 2)});
        printRow(c, cells, first, 15);
    }
    for (std::size_t i = 0; i < found.methods.size(); ++i) {
        const std::string& problem = found.methods[i].problem;
        if (!problem.empty()) {
            c.line("  " + titles[i] + ": " + problem);
        }
    }
}

Json pointJson(const core::KSweepPoint& p)
{
    const bool ran = p.problem.empty();
    return {{"k", p.k},
            {"silhouette", orNull(p.silhouette)},
            {"coding_length", orNull(p.codingLength)},
            {"stability", orNull(p.stability)},
            {"stability_sd", orNull(p.sdStability)},
            {"inertia", ran ? Json(p.inertia) : Json()},
            {"seconds", ran ? Json(p.seconds) : Json()},
            {"problem", ran ? Json() : Json(utf8(p.problem))}};
}

void printSweep(const CommandContext& c, const core::KSweep& found)
{
    constexpr std::size_t kFirst = 6, kOther = 17;
    c.line(found.spec.method + ": " + std::to_string(found.n) + " rows clustered, " + std::to_string(found.seeds) +
           (found.seeds == 1 ? " seed" : " seeds") + " each; silhouette (" + (found.cosine ? "cosine" : "Euclidean") +
           ") on " + std::to_string(found.silhouetteRows) + " rows");
    printRow(c, {"k", "silhouette", "bits a row", "stability", "inertia", "time (s)"}, kFirst, kOther);
    for (const core::KSweepPoint& p : found.points) {
        std::vector<std::string> cells{std::to_string(p.k), p.problem};
        if (p.problem.empty()) {
            cells = {std::to_string(p.k),      shown(p.silhouette),
                     shown(p.codingLength, 2), shown(p.stability, p.sdStability),
                     number(p.inertia),        shown(p.seconds, 2)};
        }
        printRow(c, cells, kFirst, kOther);
    }
    const auto proposed = [&found](int k) {
        const bool edge = found.points.size() > 1 && (k == found.points.front().k || k == found.points.back().k);
        return (k == 0 ? "none" : std::to_string(k)) + (edge ? " (the edge of the range: it says little)" : "");
    };
    c.line("  proposed k: " + proposed(found.bySilhouette) + " by silhouette, " + proposed(found.byCodingLength) +
           " by coding length, " + proposed(found.byStability) + " by stability");
}

} // namespace

void runSweep(CommandContext& c)
{
    const std::string method = c.args.text("--method");
    checkMethods({method});
    const std::vector<int> ks = sweepNumbers(c.args.text("--sweep"));
    const core::ClusterSpec spec = clusterSpec(c, method, {method});
    if (c.args.has("--csv")) {
        checkWritable(c.args.text("--csv"));
    }
    checkClusterFigure(c);
    const ClusterInput input = readClusterInput(c);
    const core::KSweep found = core::sweepK(input.rows, spec, ks, static_cast<int>(clusterSeeds(c).size()), c.job);
    writeText(c, "--csv", core::kSweepCsv(found));
    c.json["method"] = method;
    c.json["n"] = found.n;
    c.json["rows"] = "clustered";
    c.json["seeds"] = found.seeds;
    c.json["silhouette_rows"] = found.silhouetteRows;
    c.json["silhouette_distance"] = found.cosine ? "cosine" : "euclidean";
    c.json["epsilon"] = found.epsilon;
    c.json["k_by_silhouette"] = found.bySilhouette;
    c.json["k_by_coding_length"] = found.byCodingLength;
    c.json["k_by_stability"] = found.byStability;
    c.json["points"] = Json::array();
    for (const core::KSweepPoint& p : found.points) {
        c.json["points"].push_back(pointJson(p));
        c.exitCode = p.problem.empty() ? c.exitCode : 1;
    }
    printSweep(c, found);
    drawSweep(c, found);
}

void runCompare(CommandContext& c)
{
    const std::vector<std::string> methods = parts(c.args.text("--compare"), ',');
    checkMethods(methods);
    for (const char* option : {"--csv", "--latex"}) {
        if (c.args.has(option)) {
            checkWritable(c.args.text(option));
        }
    }
    core::ComparisonSpec spec;
    for (const std::string& method : methods) {
        spec.methods.push_back(clusterSpec(c, method, methods));
    }
    checkClusterFigure(c);
    const ClusterInput input = readClusterInput(c);
    spec.seeds = clusterSeeds(c);
    spec.cosine = c.args.has("--cosine") || core::hasUnitRows(input.rows);
    spec.labelName =
        input.labels.empty() ? std::string() : std::filesystem::path(c.args.text("--labels")).stem().string();
    const core::ClusterComparison found = core::compareMethods(input.rows, input.labels, spec, c.job);
    writeText(c, "--csv", core::comparisonCsv(found));
    writeText(c, "--latex", core::comparisonLatex(found));
    c.json["k"] = found.k;
    c.json["n"] = found.n;
    const auto first =
        std::find_if(found.methods.begin(), found.methods.end(), [](auto& m) { return !m.runs.empty(); });
    c.json["excluded"] = first == found.methods.end() ? 0 : first->runs.front()->excluded;
    c.json["rows"] = "clustered";
    c.json["seeds"] = found.seeds;
    c.json["labelled"] = found.labelled;
    c.json["silhouette_rows"] = found.silhouetteRows;
    c.json["silhouette_distance"] = found.cosine ? "cosine" : "euclidean";
    c.json["methods"] = Json::array();
    const std::vector<std::string> titles = core::comparedTitles(found);
    for (std::size_t i = 0; i < found.methods.size(); ++i) {
        c.json["methods"].push_back(methodJson(found.methods[i], titles[i], found.labelled > 0));
        c.exitCode = found.methods[i].problem.empty() ? c.exitCode : 1;
    }
    printComparison(c, found);
    drawComparison(c, found, input.rows);
}

} // namespace semascope::app
