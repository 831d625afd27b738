#include "core/cluster/ComparisonText.h"

#include "core/data/Csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace semascope::core {

namespace {

/// With this many digits after the point, whatever the locale; empty for what is not known.
std::string fixed(const std::optional<double>& value, int digits)
{
    if (!value || !std::isfinite(*value)) {
        return {};
    }
    char text[400];
    const auto end = std::to_chars(text, text + sizeof text, *value, std::chars_format::fixed, digits).ptr;
    return {text, end};
}

/// Six significant digits.
std::string general(const std::optional<double>& value)
{
    return value ? csvNumber(*value) : std::string();
}

std::string line(const std::vector<std::string>& fields)
{
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        text += (i == 0 ? "" : ",") + csvField(fields[i]);
    }
    return text + "\n";
}

template<class T> std::string spaced(const std::vector<T>& numbers)
{
    std::string text;
    for (const T number : numbers) {
        text += (text.empty() ? "" : " ") + std::to_string(number);
    }
    return text;
}

std::string settingsOf(const ClusterSpec& spec)
{
    std::string text;
    for (const auto& [key, value] : spec.options) {
        text += (text.empty() ? "" : " ") + key + "=" + value;
    }
    return text;
}

/// 1,234,567.
std::string grouped(std::size_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) {
        text.insert(at - 3, ",");
    }
    return text;
}

struct Column
{
    const char *key, *title;
    std::optional<double> LabelScores::*score;
};
constexpr Column kScores[] = {{"ami", "AMI", &LabelScores::ami},
                              {"ari", "ARI", &LabelScores::ari},
                              {"fmi", "FMI", &LabelScores::fmi},
                              {"nmi", "NMI", &LabelScores::nmi},
                              {"acc", "ACC", &LabelScores::acc}};

std::string escapedLatex(const std::string& text)
{
    static const std::map<char, std::string> escapes{{'&', "\\&"},
                                                     {'%', "\\%"},
                                                     {'$', "\\$"},
                                                     {'#', "\\#"},
                                                     {'_', "\\_"},
                                                     {'{', "\\{"},
                                                     {'}', "\\}"},
                                                     {'~', "\\textasciitilde{}"},
                                                     {'^', "\\textasciicircum{}"},
                                                     {'\\', "\\textbackslash{}"},
                                                     {'<', "\\textless{}"},
                                                     {'>', "\\textgreater{}"},
                                                     {'\n', " "},
                                                     {'\r', " "}};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 3, "–") == 0) { // safe without any font or encoding package
            out += "--";
            i += 2;
            continue;
        }
        const auto found = escapes.find(text[i]);
        out += found == escapes.end() ? std::string(1, text[i]) : found->second;
    }
    return out;
}

std::string plusMinus(const std::optional<double>& mean, const std::optional<double>& sd)
{
    const std::string middle = fixed(mean, 3), spread = fixed(sd, 3);
    return middle.empty() ? "--" : "$" + middle + (spread.empty() ? "" : " \\pm " + spread) + "$";
}

/// "12--345": the smallest and the largest cluster of the run shown.
std::string sizeRange(const ComparedMethod& m)
{
    if (m.runs.empty()) {
        return "--";
    }
    const auto& sizes = m.runs[std::min(m.best, m.runs.size() - 1)]->sizes;
    const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
    return sizes.empty() ? "--" : grouped(*least) + "--" + grouped(*most);
}

std::string latexRow(const ClusterComparison& comparison, std::size_t i, const std::string& title)
{
    const ComparedMethod& m = comparison.methods[i];
    std::string row = escapedLatex(title);
    if (comparison.labelled > 0) {
        for (const Column& column : kScores) {
            row += " & " + plusMinus(m.meanScores.*column.score, m.sdScores.*column.score);
        }
    }
    row += " & " + plusMinus(m.silhouette, m.sdSilhouette) + " & " + plusMinus(m.stability, {});
    row += " & " + sizeRange(m) + " & " + (m.runs.empty() ? "--" : fixed(m.seconds, 1)) + " \\\\\n";
    return row;
}

/// The options that rows of one method do not share.
std::string differenceOf(const ClusterSpec& spec, const std::vector<const ClusterSpec*>& others)
{
    const auto valueOf = [](const ClusterSpec& s, const std::string& key) {
        const auto found = s.options.find(key);
        return found == s.options.end() ? std::string() : found->second;
    };
    std::map<std::string, std::string> keys;
    for (const ClusterSpec* other : others) {
        keys.insert(other->options.begin(), other->options.end());
    }
    std::string text;
    for (const auto& [key, unused] : keys) {
        const std::string own = valueOf(spec, key);
        const bool differs =
            std::any_of(others.begin(), others.end(), [&](const ClusterSpec* o) { return valueOf(*o, key) != own; });
        if (differs && !own.empty()) {
            text += (text.empty() ? "" : ", ") + key + " = " + own;
        }
    }
    return text;
}

/// Runs that left half of their clusters empty, said wherever their figures stand.
std::string collapseWords(const ClusterComparison& comparison)
{
    std::string text;
    const std::vector<std::string> titles = comparedTitles(comparison);
    for (std::size_t i = 0; i < comparison.methods.size(); ++i) {
        const auto& runs = comparison.methods[i].runs;
        const auto collapsed = std::count_if(runs.begin(), runs.end(), [](const auto& run) {
            return 2 * usedClusters(*run) <= run->sizes.size() && run->sizes.size() > 1;
        });
        if (collapsed > 0) {
            text += " " + titles[i] + " collapsed in " + std::to_string(collapsed) + " of " +
                    std::to_string(runs.size()) + (runs.size() == 1 ? " run" : " runs") +
                    ": at most half of the clusters hold rows, so that its figures say little.";
        }
    }
    return text;
}

} // namespace

std::string clusterMethodTitle(const std::string& method)
{
    static const std::map<std::string, std::string> titles{{"kmeans", "k-means"},
                                                           {"spherical-kmeans", "spherical k-means"},
                                                           {"ae-kmeans", "AE + k-means"},
                                                           {"dec", "DEC"},
                                                           {"idec", "IDEC"}};
    const auto found = titles.find(method);
    return found == titles.end() ? method : found->second;
}

std::vector<std::string> comparedTitles(const ClusterComparison& comparison)
{
    std::vector<std::string> titles;
    for (const ComparedMethod& m : comparison.methods) {
        std::vector<const ClusterSpec*> same;
        bool sameK = true;
        for (const ComparedMethod& other : comparison.methods) {
            sameK = sameK && other.spec.k == m.spec.k;
            if (other.spec.method == m.spec.method) {
                same.push_back(&other.spec);
            }
        }
        std::string what = sameK ? std::string() : "k = " + std::to_string(m.spec.k);
        const std::string options = differenceOf(m.spec, same);
        what += (what.empty() || options.empty() ? "" : ", ") + options;
        titles.push_back(clusterMethodTitle(m.spec.method) + (what.empty() ? "" : " (" + what + ")"));
    }
    return titles;
}

std::string seedWords(const std::vector<std::uint64_t>& seeds)
{
    bool inARow = seeds.size() > 2;
    for (std::size_t i = 1; i < seeds.size(); ++i) {
        inARow = inARow && seeds[i] == seeds[i - 1] + 1;
    }
    if (inARow) {
        return std::to_string(seeds.front()) + "–" + std::to_string(seeds.back());
    }
    std::string text;
    for (const std::uint64_t seed : seeds) {
        text += (text.empty() ? "" : ", ") + std::to_string(seed);
    }
    return text;
}

std::string comparisonWords(const ClusterComparison& comparison)
{
    std::string text = "k = " + std::to_string(comparison.k) + ", " +
                       (comparison.seeds.size() == 1 ? "seed " : std::to_string(comparison.seeds.size()) + " seeds (") +
                       seedWords(comparison.seeds) + (comparison.seeds.size() == 1 ? "" : ")") + ", " +
                       grouped(comparison.n) + " rows clustered; all figures are of these rows, none is held out";
    if (comparison.labelled > 0) {
        text += "; scores against " + (comparison.labelName.empty() ? "the labels" : comparison.labelName) + " on " +
                grouped(comparison.labelled) + " labelled rows";
    }
    if (comparison.silhouetteRows > 0) {
        text += "; silhouette (" + std::string(comparison.cosine ? "cosine" : "Euclidean") +
                ", space of the input) on " + grouped(comparison.silhouetteRows) + " rows";
    }
    return text + "." + collapseWords(comparison);
}

std::string comparisonCsv(const ClusterComparison& comparison)
{
    std::vector<std::string> head{"method", "title", "settings", "k",      "seeds",
                                  "runs",   "rows",  "n",        "labels", "labelled"};
    for (const Column& column : kScores) {
        head.insert(head.end(), {column.key, std::string(column.key) + "_sd"});
    }
    for (const char* key : {"silhouette", "silhouette_sd", "silhouette_rows", "silhouette_distance", "stability",
                            "seconds", "shown_seed", "shown_sizes", "problem"}) {
        head.push_back(key);
    }
    std::string text = line(head);
    const std::vector<std::string> titles = comparedTitles(comparison);
    for (std::size_t i = 0; i < comparison.methods.size(); ++i) {
        const ComparedMethod& m = comparison.methods[i];
        const Clustering* const shown = m.runs.empty() ? nullptr : m.runs[std::min(m.best, m.runs.size() - 1)].get();
        std::vector<std::string> fields{m.spec.method,
                                        titles[i],
                                        settingsOf(m.spec),
                                        std::to_string(m.spec.k),
                                        spaced(comparison.seeds),
                                        std::to_string(m.runs.size()),
                                        "clustered",
                                        std::to_string(comparison.n),
                                        comparison.labelName,
                                        std::to_string(comparison.labelled)};
        for (const Column& column : kScores) {
            fields.push_back(general(m.meanScores.*column.score));
            fields.push_back(general(m.sdScores.*column.score));
        }
        fields.insert(fields.end(),
                      {general(m.silhouette), general(m.sdSilhouette), std::to_string(comparison.silhouetteRows),
                       comparison.cosine ? "cosine" : "euclidean", general(m.stability),
                       shown == nullptr ? std::string() : general(m.seconds),
                       shown == nullptr ? std::string() : std::to_string(shown->spec.seed),
                       shown == nullptr ? std::string() : spaced(shown->sizes), m.problem});
        text += line(fields);
    }
    return text;
}

std::string comparisonLatex(const ClusterComparison& comparison)
{
    const bool scored = comparison.labelled > 0;
    std::string text =
        "% needs \\usepackage{booktabs}\n\\begin{table}\n  \\centering\n  \\caption{Clusterings compared: " +
        escapedLatex(comparisonWords(comparison)) +
        " Mean $\\pm$ standard deviation over the seeds; stability is the mean adjusted Rand index of all "
        "pairs of seeds; sizes are the smallest and the largest cluster of the run with the best "
        "silhouette.}\n  \\label{tab:clusterings}\n  \\begin{tabular}{l";
    text += std::string(scored ? "ccccc" : "") + "cccr}\n    \\toprule\n    Method";
    if (scored) {
        for (const Column& column : kScores) {
            text += std::string(" & ") + column.title;
        }
    }
    text += " & Silhouette & Stability & Sizes & Time (s) \\\\\n    \\midrule\n";
    const std::vector<std::string> titles = comparedTitles(comparison);
    for (std::size_t i = 0; i < comparison.methods.size(); ++i) {
        text += "    " + latexRow(comparison, i, titles[i]);
    }
    return text + "    \\bottomrule\n  \\end{tabular}\n\\end{table}\n";
}

std::string kSweepCsv(const KSweep& sweep)
{
    std::string text =
        line({"method", "settings", "k", "seeds", "rows", "n", "silhouette", "silhouette_rows", "silhouette_distance",
              "coding_length_bits_per_row", "stability", "stability_sd", "inertia_best", "seconds", "problem"});
    for (const KSweepPoint& p : sweep.points) {
        const bool ran = p.problem.empty();
        text += line({sweep.spec.method, settingsOf(sweep.spec), std::to_string(p.k), std::to_string(sweep.seeds),
                      "clustered", std::to_string(sweep.n), general(p.silhouette), std::to_string(sweep.silhouetteRows),
                      sweep.cosine ? "cosine" : "euclidean", general(p.codingLength), general(p.stability),
                      general(p.sdStability), ran ? general(p.inertia) : std::string(),
                      ran ? general(p.seconds) : std::string(), p.problem});
    }
    return text;
}

} // namespace semascope::core
