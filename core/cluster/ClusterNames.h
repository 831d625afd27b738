#pragma once
#include "core/cluster/Clustering.h"
#include "core/data/Dataset.h"

namespace semascope::core {

/// A candidate name of a cluster.
struct NameCandidate
{
    std::uint32_t word = 0; ///< of the vocabulary
    double score = 0;       ///< cosine with the contrastive centroid: the cluster's mean minus the mean of the others'
    double margin = 0;      ///< above the best other cluster for this word; negative when another cluster fits better
};
struct ClusterNaming
{
    std::vector<std::int64_t> name;              ///< word of each cluster, never one twice; −1: none (empty cluster)
    std::vector<std::vector<NameCandidate>> top; ///< five a cluster, best first
    std::vector<std::string> notes;              ///< what weakens the names, such as a margin near 0
    double chance = 0; ///< the best of as many unrelated directions of this width stays below, 95 times of 100
};
/// Names clusters of picture embeddings by words: contrastive centroids against the vocabulary's text vectors,
/// one-to-one by the Hungarian method on the score and, up to .02, the margin (algorithms: TAC, Li et al. 2024;
/// CLIP-based naming, contrastive). `rows` n×E are the rows that were clustered (row i has assignment[i], negative = in
/// none), `words` v×E text vectors of the same model; both are normalised here, and the mean of each modality is taken
/// away (the modality gap says nothing about clusters). Throws Error(Mismatch) for fewer words than clusters or
/// different widths, Error(Cancelled).
ClusterNaming nameClusters(const Matrix& rows, const std::vector<std::int32_t>& assignment, int k, const Matrix& words,
                           JobContext& job);

/// The general vocabulary that ships: things, animals, food, people, places, actions, materials and looks; a word or
/// short phrase each.
const std::vector<std::string>& generalVocabulary();
/// Where Debian's package wordnet-base has its nouns; empty when it is not installed.
std::string wordnetNouns();
/// The nouns of such a file (data.noun or index.noun) in the order of the file, underscores as spaces, proper names
/// left out, at most `count` by number of senses (common words first). Throws Error(NotFound | BadFormat).
std::vector<std::string> readWordnet(const std::string& path, std::size_t count);
/// One word or phrase a line; '#' starts a comment; blank and repeated ones are dropped. Throws Error(NotFound |
/// BadFormat).
std::vector<std::string> readWordList(const std::string& path);

/// How a value of an attribute is spread over one cluster against the rest.
struct Enrichment
{
    std::string attribute, value;         ///< `value` is empty for numbers
    std::size_t inside = 0, insideOf = 0; ///< rows with the value, of those where the attribute is known
    std::size_t outside = 0, outsideOf = 0;
    double logOdds = 0;                     ///< natural, a half added to every count (Haldane); categories
    double meanInside = 0, meanOutside = 0; ///< numbers
    double effect = 0;                      ///< numbers: difference of the means over the pooled deviation (Cohen's d)
    double pValue = 1; ///< Fisher's exact test resp. Welch's t, two-sided, times the number of tests (Bonferroni), ≤ 1
};
/// For each cluster what is over- or under-represented, strongest first, at most `count` and only with pValue < .05.
/// rowSample[r] is the sample of row r of the clustering. Numbers of two values are categories; of two categories the
/// one over-represented stands for both; values of fewer than three rows are not tested. Throws Error(Mismatch).
std::vector<std::vector<Enrichment>> clusterEnrichment(const std::vector<Attribute>& attributes,
                                                       const std::vector<std::uint32_t>& rowSample,
                                                       const Clustering& clustering, std::size_t count);

/// Rows (indices of x) that fit their cluster least, worst first: farthest from the centroid among the cluster's rows;
/// for soft methods the least confident. x are the input rows; c.code is used where there is one.
std::vector<std::vector<std::uint32_t>> clusterOutliers(const Matrix& x, const Clustering& c, std::size_t count);

} // namespace semascope::core
