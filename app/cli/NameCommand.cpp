#include "app/cli/ScoreTools.h"
#include "core/clip/WordVectors.h"
#include "core/clip/ZeroShot.h"
#include "core/cluster/ClusterEdits.h"
#include "core/cluster/ClusterNames.h"
#include "core/data/Arrays.h"
#include "core/data/Csv.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <unordered_set>

namespace semascope::app {

using core::Code;
using core::Error;
using core::Matrix;

namespace {

constexpr std::int64_t kNouns = 5000; ///< of WordNet unless --nouns says otherwise: encoding them takes minutes
constexpr std::size_t kEnriched = 5;

/// What clusters are named with.
struct Vocabulary
{
    std::string source; ///< "general", "wordnet" or a path
    std::vector<std::string> words;
    Matrix vectors;
    std::vector<std::string> templates; ///< none when the vectors were given
};

/// Everything that is known of the clusters.
struct Named
{
    core::Clustering clustering;
    core::ClusterNaming naming;
    Vocabulary vocabulary;
    std::vector<std::vector<std::uint32_t>> prototypes, outliers; ///< rows
    std::vector<std::vector<core::Enrichment>> enrichment;
    std::vector<std::string> idOf;      ///< of each row
    std::vector<std::string> captionOf; ///< of each row, empty where there is none; may have no entries
};

std::vector<std::string> vocabularyWords(const CommandContext& c, const std::string& source)
{
    if (source == "general") {
        return core::generalVocabulary();
    }
    if (source != "wordnet") {
        return core::readWordList(source);
    }
    const std::string nouns = core::wordnetNouns();
    if (nouns.empty()) {
        throw Error(Code::NotFound, "WordNet is not installed; install Debian's package wordnet-base, or give "
                                    "--vocabulary general or a file with one word a line.");
    }
    return core::readWordnet(nouns, static_cast<std::size_t>(c.args.integer("--nouns", kNouns, 1, 1'000'000)));
}

std::vector<std::string> templatesOf(const CommandContext& c)
{
    const std::vector<std::string> given = c.args.texts("--template");
    if (given.size() == 1 && given[0].find("{}") == std::string::npos) {
        return core::templateSet(given[0]).templates;
    }
    return given.empty() ? core::nameTemplates() : given;
}

/// Words with vectors of their own, row by row; a word that comes again is left out with its vector, so that no two
/// clusters are called alike.
Vocabulary givenVocabulary(CommandContext& c)
{
    Vocabulary v;
    v.source = c.args.text("--words");
    const std::string path = c.args.text("--word-vectors");
    const auto bytes = core::readRegularFile(v.source);
    const std::vector<std::string> words = core::classesFromText({bytes.begin(), bytes.end()});
    const Matrix vectors = core::toMatrix(core::readArray(path), path);
    if (words.size() != vectors.rows()) {
        throw Error(Code::Mismatch, v.source + " has " + std::to_string(words.size()) + " words but " + path + " has " +
                                        std::to_string(vectors.rows()) + " rows; give one word a row.");
    }
    std::vector<std::size_t> kept;
    std::unordered_set<std::string> known;
    for (std::size_t w = 0; w < words.size(); ++w) {
        if (known.insert(words[w]).second) {
            v.words.push_back(words[w]);
            kept.push_back(w);
        }
    }
    v.vectors = kept.size() == words.size() ? vectors : core::takeRows(vectors, kept);
    if (kept.size() < words.size()) {
        c.job.note(std::to_string(words.size() - kept.size()) + " words of " + v.source +
                   " were there before; each is used once.");
    }
    return v;
}

Vocabulary encodedVocabulary(CommandContext& c, const VectorFile& vectors)
{
    Vocabulary v;
    v.source = c.args.text("--vocabulary", "general");
    v.words = vocabularyWords(c, v.source);
    v.templates = templatesOf(c);
    const auto model = openModel(c);
    checkVectors(c, vectors, model.get(), "");
    v.vectors = core::wordVectors(*model, {v.words, v.templates, storeSpec(c.args)}, c.job);
    c.json["model"] = utf8(model->info().name);
    return v;
}

void checkOptions(const CommandContext& c)
{
    const bool given = c.args.has("--words") || c.args.has("--word-vectors");
    if (given && !(c.args.has("--words") && c.args.has("--word-vectors"))) {
        throw Error(Code::Misuse, "--words and --word-vectors belong together: the words, and a row for each of them.");
    }
    if (given && (c.args.has("--model") || c.args.has("--vocabulary") || c.args.has("--template"))) {
        throw Error(Code::Misuse, "Name with a model and a vocabulary, or with --words and --word-vectors, not with "
                                  "both.");
    }
    if (!given) {
        require(c, "--model", "Naming needs --model M, which encodes the vocabulary, or --words and --word-vectors.");
    }
}

/// The samples of the rows: from --data, or from --in with its table.
core::Embedding samplesOf(CommandContext& c, const VectorFile& vectors, core::Dataset& data)
{
    if (c.args.has("--data")) {
        data = openData(c, false);
        return core::Embedding(embeddingFrom(vectors, vectors.path, data));
    }
    core::Embedding e;
    e.rows = vectors.rows;
    if (c.args.has("--metadata")) {
        core::OpenSpec spec;
        spec.path = vectors.path;
        spec.metadata = c.args.text("--metadata");
        data = core::openDataset(spec, c.job);
        e.sampleIndex = data.vectorSample;
        if (e.sampleIndex.size() != vectors.rows.rows()) {
            throw Error(Code::Mismatch, "Not every row of " + vectors.path + " has a sample; give --data.");
        }
        return e;
    }
    data = datasetOf(vectors, vectors.path);
    e.sampleIndex.resize(vectors.rows.rows());
    std::iota(e.sampleIndex.begin(), e.sampleIndex.end(), 0U);
    return e;
}

Named nameAll(CommandContext& c)
{
    const VectorFile vectors = readVectors(c.args.text("--in"));
    const std::string clusters = c.args.text("--clusters");
    const auto labels = core::toLabels(core::readArray(clusters), clusters);
    if (labels.size() != vectors.rows.rows()) {
        throw Error(Code::Mismatch, clusters + " has " + std::to_string(labels.size()) + " rows but " + vectors.path +
                                        " has " + std::to_string(vectors.rows.rows()) + ".");
    }
    Named named;
    named.clustering = core::clusteringFromLabels(vectors.rows, labels, true);
    core::Dataset data;
    const core::Embedding e = samplesOf(c, vectors, data);
    named.vocabulary = c.args.has("--words") ? givenVocabulary(c) : encodedVocabulary(c, vectors);
    std::vector<std::int32_t> assignment(labels.size(), -1);
    std::vector<std::uint32_t> rowSample;
    for (std::size_t r = 0; r < named.clustering.inputRow.size(); ++r) {
        assignment[named.clustering.inputRow[r]] = named.clustering.assignment[r];
        rowSample.push_back(e.sampleIndex[named.clustering.inputRow[r]]);
    }
    named.naming =
        core::nameClusters(vectors.rows, assignment, named.clustering.spec.k, named.vocabulary.vectors, c.job);
    named.prototypes = core::prototypes(vectors.rows, named.clustering,
                                        static_cast<std::size_t>(c.args.integer("--prototypes", 5, 0, 1000)));
    named.outliers = core::clusterOutliers(vectors.rows, named.clustering,
                                           static_cast<std::size_t>(c.args.integer("--outliers", 3, 0, 1000)));
    named.enrichment = core::clusterEnrichment(data.attributes, rowSample, named.clustering, kEnriched);
    for (const std::uint32_t s : e.sampleIndex) {
        const core::Sample& sample = data.samples[s];
        named.idOf.push_back(sample.id);
        named.captionOf.push_back(sample.captions.empty() ? std::string() : sample.captions.front());
    }
    return named;
}

/// The name of a cluster among its best words; null for none.
const core::NameCandidate* nameOf(const core::ClusterNaming& naming, std::size_t cluster)
{
    for (const core::NameCandidate& n : naming.top[cluster]) {
        if (static_cast<std::int64_t>(n.word) == naming.name[cluster]) {
            return &n;
        }
    }
    return nullptr;
}

Json rowsJson(const std::vector<std::uint32_t>& rows, const Named& named)
{
    Json list = Json::array();
    for (const std::uint32_t r : rows) {
        Json item{{"row", r}};
        putPath(item, "id", named.idOf[r]);
        if (!named.captionOf[r].empty()) {
            item["text"] = utf8(named.captionOf[r]);
        }
        list.push_back(item);
    }
    return list;
}

Json enrichmentJson(const std::vector<core::Enrichment>& list)
{
    Json items = Json::array();
    for (const core::Enrichment& e : list) {
        Json item{{"attribute", utf8(e.attribute)}};
        if (e.value.empty()) {
            item.update({{"mean_inside", e.meanInside}, {"mean_outside", e.meanOutside}, {"effect", e.effect}});
        } else {
            item.update(
                {{"value", utf8(e.value)}, {"inside", e.inside}, {"outside", e.outside}, {"log_odds", e.logOdds}});
        }
        item.update({{"inside_of", e.insideOf}, {"outside_of", e.outsideOf}, {"p", e.pValue}});
        items.push_back(item);
    }
    return items;
}

Json clusterJson(const Named& named, std::size_t cluster)
{
    const core::NameCandidate* const name = nameOf(named.naming, cluster);
    Json item{{"cluster", cluster}, {"size", named.clustering.sizes[cluster]}};
    item["name"] = name == nullptr ? Json() : Json(utf8(named.vocabulary.words[name->word]));
    item["score"] = name == nullptr ? Json() : Json(name->score);
    item["margin"] = name == nullptr ? Json() : Json(name->margin);
    item["top"] = Json::array();
    for (const core::NameCandidate& n : named.naming.top[cluster]) {
        item["top"].push_back(
            {{"word", utf8(named.vocabulary.words[n.word])}, {"score", n.score}, {"margin", n.margin}});
    }
    item["prototypes"] = rowsJson(named.prototypes[cluster], named);
    item["outliers"] = rowsJson(named.outliers[cluster], named);
    item["enrichment"] = enrichmentJson(named.enrichment[cluster]);
    return item;
}

/// The best words but the name.
std::string otherWords(const Named& named, std::size_t cluster)
{
    std::string text;
    for (const core::NameCandidate& n : named.naming.top[cluster]) {
        if (static_cast<std::int64_t>(n.word) != named.naming.name[cluster]) {
            text += (text.empty() ? "" : "; ") + named.vocabulary.words[n.word];
        }
    }
    return text;
}

std::string idsOf(const std::vector<std::uint32_t>& rows, const Named& named)
{
    std::string text;
    for (const std::uint32_t r : rows) {
        text += (text.empty() ? "" : "; ") + named.idOf[r];
    }
    return text;
}

std::string enrichedText(const core::Enrichment& e)
{
    char p[32];
    std::snprintf(p, sizeof p, "%.2g", e.pValue);
    const std::string tail = ", p " + std::string(p);
    if (e.value.empty()) {
        return e.attribute + " " + number(e.meanInside) + " (others " + number(e.meanOutside) + ", d " +
               number(e.effect) + tail + ")";
    }
    return e.attribute + " = " + e.value + " " + std::to_string(e.inside) + " of " + std::to_string(e.insideOf) +
           " (others " + std::to_string(e.outside) + " of " + std::to_string(e.outsideOf) + tail + ")";
}

std::string enrichedText(const std::vector<core::Enrichment>& list)
{
    std::string text;
    for (const core::Enrichment& e : list) {
        text += (text.empty() ? "" : "; ") + enrichedText(e);
    }
    return text;
}

std::string csvOf(const Named& named)
{
    std::string text = "cluster,size,name,score,margin,other words,prototypes,outliers,enrichment\n";
    for (std::size_t g = 0; g < named.clustering.sizes.size(); ++g) {
        const core::NameCandidate* const name = nameOf(named.naming, g);
        text += std::to_string(g) + "," + std::to_string(named.clustering.sizes[g]) + ",";
        text += name == nullptr ? ",,"
                                : core::csvField(named.vocabulary.words[name->word]) + "," + number(name->score) + "," +
                                      number(name->margin);
        for (const std::string& field : {otherWords(named, g), idsOf(named.prototypes[g], named),
                                         idsOf(named.outliers[g], named), enrichedText(named.enrichment[g])}) {
            text += "," + core::csvField(field);
        }
        text += "\n";
    }
    return text;
}

void print(const CommandContext& c, const Named& named)
{
    c.line("cluster   rows   score  margin  name, and the next words");
    for (std::size_t g = 0; g < named.clustering.sizes.size(); ++g) {
        const core::NameCandidate* const name = nameOf(named.naming, g);
        char left[80];
        std::snprintf(left, sizeof left, "%7zu%7zu", g, named.clustering.sizes[g]);
        if (name == nullptr) {
            c.line(std::string(left) + "                  (empty)");
            continue;
        }
        std::snprintf(left, sizeof left, "%7zu%7zu%8.3f%8.3f  ", g, named.clustering.sizes[g], name->score,
                      name->margin);
        c.line(left + named.vocabulary.words[name->word] + "  (" + otherWords(named, g) + ")");
        for (const core::Enrichment& e : named.enrichment[g]) {
            c.line("                                " + enrichedText(e));
        }
    }
    for (const std::string& note : named.naming.notes) {
        c.line("  " + note);
    }
}

void runName(CommandContext& c)
{
    const auto start = std::chrono::steady_clock::now();
    const std::string out = c.args.text("--out");
    checkWritable(out);
    checkOptions(c);
    const Named named = nameAll(c);
    const std::string csv = csvOf(named);
    core::writeFileAtomic(out, csv.data(), csv.size());
    c.json["n"] = named.clustering.assignment.size();
    c.json["k"] = named.clustering.sizes.size();
    c.json["excluded"] = named.clustering.excluded;
    Json vocabulary;
    putPath(vocabulary, "source", named.vocabulary.source);
    vocabulary["words"] = named.vocabulary.words.size();
    vocabulary["templates"] = named.vocabulary.templates;
    c.json["vocabulary"] = vocabulary;
    c.json["clusters"] = Json::array();
    for (std::size_t g = 0; g < named.clustering.sizes.size(); ++g) {
        c.json["clusters"].push_back(clusterJson(named, g));
    }
    c.json["chance"] = named.naming.chance;
    c.json["measured_on"] = "the rows that were clustered";
    for (const std::string& note : named.naming.notes) {
        c.json["notes"].push_back(note);
    }
    c.json["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    c.line(std::to_string(named.clustering.assignment.size()) + " rows in " +
           std::to_string(named.clustering.sizes.size()) + " clusters, named with " +
           std::to_string(named.vocabulary.words.size()) + " words (" + named.vocabulary.source + ") → " + out);
    print(c, named);
}

} // namespace

Command nameCommand()
{
    return {
        {"name",
         "Name clusters of pictures with words: contrastive centroids, no name twice; prototypes, outliers and what "
         "is enriched.",
         "",
         withModelAndData(
             {{"--in", "x.npy", "vectors of the pictures, from semascope embed", false, true},
              {"--clusters", "c.npy", "cluster of each row, from 0; negative = none", false, true},
              {"--out", "names.csv", "a row for each cluster", false, true},
              {"--vocabulary", "general|wordnet|FILE", "the words; general unless given. A file has one a line"},
              {"--nouns", "N", "how many of WordNet's nouns, those with most senses; 5,000 unless given"},
              {"--template", "T", "sentences with {} for the word, averaged, or the name of a set; three unless given",
               true},
              {"--words", "words.txt", "words whose vectors are given, one a line"},
              {"--word-vectors", "t.npy", "their vectors, of the model that made --in: no --model is needed"},
              {"--prototypes", "N", "rows nearest to each centroid; 5 unless given"},
              {"--outliers", "N", "rows farthest from it; 3 unless given"}}),
         "The score is the cosine of a word with what sets a cluster apart: its mean minus the mean of all other "
         "rows.\nThe margin is how much less it fits the best other cluster; below 0 another one fits better.\n"
         "Attributes of --data or --metadata are compared inside and outside by Fisher's exact test, numbers by "
         "Welch's;\np is two-sided, times the number of tests made. Everything is of the rows that were clustered."},
        runName};
}

} // namespace semascope::app
