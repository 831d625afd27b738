#include "core/cluster/ClusterNames.h"

#include "core/cluster/Matching_p.h"
#include "core/cluster/NameDirections_p.h"
#include "core/cluster/Statistics_p.h"
#include "core/job/Gemm.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace semascope::core {

namespace {

constexpr std::size_t kTop = 5;
constexpr std::size_t kCandidates = 64; ///< words of a cluster that may name it; more for more clusters
constexpr std::size_t kWordsAtOnce = 4096;
constexpr double kThin = 0.02; ///< a margin below which two clusters fit a word about alike

/// What a name is worth to its cluster. A thin margin counts against it, as a name should fit no other cluster as well:
/// of clusters of pictures named by captions, one in 100 instead of 11 then has a name that fits another one better.
double worth(const NameCandidate& n)
{
    return n.score + std::min(n.margin, kThin);
}

bool better(const NameCandidate& a, const NameCandidate& b)
{
    return a.score != b.score ? a.score > b.score : a.word < b.word;
}

/// Every cluster's best words. `filled[c]` tells whether cluster c has rows.
class Candidates
{
public:
    Candidates(std::vector<char> filled, std::size_t most) : m_filled(std::move(filled)), m_most(most)
    {
        m_best.resize(m_filled.size());
    }

    /// Scores of words [first, first + count): k×count.
    void take(const std::vector<float>& scores, std::size_t first, std::size_t count, const CentredWords& words)
    {
        const std::size_t k = m_filled.size();
        std::vector<double> highest(count, -2), second(count, -2);
        for (std::size_t c = 0; c < k; ++c) {
            for (std::size_t i = 0; m_filled[c] != 0 && i < count; ++i) {
                const double s = static_cast<double>(scores[c * count + i]);
                second[i] = std::max(second[i], std::min(s, highest[i]));
                highest[i] = std::max(highest[i], s);
            }
        }
        parallelFor(k, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t c = begin; c < end; ++c) {
                for (std::size_t i = 0; m_filled[c] != 0 && i < count; ++i) {
                    if (words.isUsable(first + i)) {
                        const double s = static_cast<double>(scores[c * count + i]);
                        const double other = s < highest[i] ? highest[i] : second[i];
                        offer(c, {static_cast<std::uint32_t>(first + i), s, other < -1.5 ? 0.0 : s - other});
                    }
                }
            }
        });
    }
    /// Best first.
    std::vector<std::vector<NameCandidate>> sorted()
    {
        for (auto& list : m_best) {
            std::sort(list.begin(), list.end(), better);
        }
        return std::move(m_best);
    }

private:
    void offer(std::size_t c, const NameCandidate& candidate)
    {
        std::vector<NameCandidate>& heap = m_best[c];
        if (heap.size() == m_most) {
            if (!better(candidate, heap.front())) {
                return;
            }
            std::pop_heap(heap.begin(), heap.end(), better);
            heap.pop_back();
        }
        heap.push_back(candidate);
        std::push_heap(heap.begin(), heap.end(), better);
    }

    std::vector<char> m_filled;
    std::size_t m_most;
    std::vector<std::vector<NameCandidate>> m_best; ///< heaps, the worst in front
};

/// The cosine that the best of `words` directions, uniform on the sphere in `d` dimensions, exceeds 5 times of 100 at
/// most (Bonferroni): a score below it says nothing. cos² of a direction is Beta(1/2, (d − 1)/2).
double chanceScore(std::size_t words, std::size_t d)
{
    if (d < 2) {
        return 1;
    }
    const double wanted = std::log(0.05 / static_cast<double>(words)), half = static_cast<double>(d - 1) / 2;
    double low = 0, high = 1;
    for (int i = 0; i < 60; ++i) {
        const double cosine = (low + high) / 2;
        const double logTail = logIncompleteBeta(half, 0.5, 1 - cosine * cosine, cosine * cosine) + std::log(0.5);
        (logTail > wanted ? low : high) = cosine;
    }
    return high;
}

/// Best worth first, each word once: what is left when there are so many clusters that the exact way takes minutes.
std::vector<std::int64_t> greedyNames(const std::vector<std::vector<NameCandidate>>& candidates, std::size_t words)
{
    std::vector<std::pair<NameCandidate, std::size_t>> all;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
        std::for_each(candidates[c].begin(), candidates[c].end(), [&](const auto& n) { all.emplace_back(n, c); });
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return worth(a.first) > worth(b.first); });
    std::vector<std::int64_t> names(candidates.size(), -1);
    std::vector<char> used(words, 0);
    for (const auto& [candidate, c] : all) {
        if (names[c] < 0 && used[candidate.word] == 0) {
            names[c] = candidate.word;
            used[candidate.word] = 1;
        }
    }
    return names;
}

/// One word for each cluster, none twice, so that their worths add up to most.
std::vector<std::int64_t> assignNames(const std::vector<std::vector<NameCandidate>>& candidates, std::size_t words)
{
    // Every named cluster counts more than all worths together: nobody goes without for the sake of the others.
    constexpr double kFinest = 1e9;
    const double offset = 6.0 * static_cast<double>(candidates.size()) + 6.0; // worths are within ±3
    std::vector<Cell> cells;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
        for (const NameCandidate& n : candidates[c]) {
            const auto weight = static_cast<std::uint64_t>(std::llround((worth(n) + offset) * kFinest));
            cells.push_back({static_cast<std::uint32_t>(c), n.word, weight});
        }
    }
    const auto pairs = bestPairs(cells, candidates.size(), words);
    return pairs ? *pairs : greedyNames(candidates, words);
}

/// The first five; the name is among them, so that its score can be read.
std::vector<NameCandidate> topOf(const std::vector<NameCandidate>& candidates, std::int64_t name)
{
    std::vector<NameCandidate> top(candidates.begin(),
                                   candidates.begin() + static_cast<std::ptrdiff_t>(std::min(kTop, candidates.size())));
    const auto isName = [name](const NameCandidate& n) { return static_cast<std::int64_t>(n.word) == name; };
    if (name >= 0 && std::none_of(top.begin(), top.end(), isName)) {
        const auto found = std::find_if(candidates.begin(), candidates.end(), isName);
        if (found != candidates.end()) {
            top.back() = *found;
        }
    }
    return top;
}

std::string countOf(std::size_t part, std::size_t all)
{
    return std::to_string(part) + " of " + std::to_string(all);
}

std::string shortNumber(double v)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", v);
    return text;
}

/// What weakens the names, of `filled` clusters.
std::vector<std::string> notesAbout(const ClusterNaming& naming, std::size_t filled)
{
    if (filled == 1) {
        return {"There is only one cluster: its name is the word nearest to the mean, with nothing to set it against."};
    }
    std::size_t chance = 0, other = 0, thin = 0, passed = 0;
    for (std::size_t c = 0; c < naming.name.size(); ++c) {
        const auto& top = naming.top[c];
        const auto is = [&](const NameCandidate& n) { return static_cast<std::int64_t>(n.word) == naming.name[c]; };
        const auto found = std::find_if(top.begin(), top.end(), is);
        if (found == top.end()) {
            continue;
        }
        chance += found->score <= naming.chance ? 1 : 0;
        other += found->margin < 0 ? 1 : 0;
        thin += found->margin >= 0 && found->margin < kThin ? 1 : 0;
        passed += found != top.begin() ? 1 : 0;
    }
    std::vector<std::string> notes;
    if (chance > 0) {
        notes.push_back("Names no better than the best of as many unrelated words would be (score up to " +
                        shortNumber(naming.chance) + "): " + countOf(chance, filled) +
                        "; they say little about their clusters.");
    }
    if (other > 0) {
        notes.push_back("Names that fit another cluster better than their own (margin below 0): " +
                        countOf(other, filled) + "; the vocabulary has no better word for those.");
    }
    if (thin > 0) {
        notes.push_back("Names that fit another cluster about as well (margin below .02): " + countOf(thin, filled) +
                        ".");
    }
    if (passed > 0) {
        notes.push_back("Clusters whose name is not the word of highest score, as that one fits another cluster too: " +
                        countOf(passed, filled) + ".");
    }
    return notes;
}

void checkShapes(const Matrix& rows, const std::vector<std::int32_t>& assignment, int k, const Matrix& words)
{
    if (k < 1) {
        throw Error(Code::Mismatch, "There are no clusters to name; cluster first.");
    }
    if (rows.rows() != assignment.size()) {
        throw Error(Code::Mismatch, "There are " + std::to_string(rows.rows()) + " rows but the clusters of " +
                                        std::to_string(assignment.size()) + "; give the rows that were clustered.");
    }
    if (rows.cols() != words.cols()) {
        throw Error(Code::Mismatch, "The rows have " + std::to_string(rows.cols()) + " dimensions but the words have " +
                                        std::to_string(words.cols()) + "; encode both with the same model.");
    }
}

} // namespace

ClusterNaming nameClusters(const Matrix& rows, const std::vector<std::int32_t>& assignment, int k, const Matrix& words,
                           JobContext& job)
{
    checkShapes(rows, assignment, k, words);
    const std::size_t d = rows.cols(), clusters = static_cast<std::size_t>(k), v = words.rows();
    const Contrasts contrast = clusterContrasts(rows, assignment, clusters, job);
    const CentredWords centred(words, job);
    if (centred.usable() < contrast.count) {
        throw Error(Code::Mismatch, "There are " + std::to_string(contrast.count) + " clusters but only " +
                                        std::to_string(centred.usable()) +
                                        " words to name them with; give at least one word a cluster.");
    }
    Candidates candidates(contrast.filled, std::max(kCandidates, contrast.count));
    std::vector<float> block(std::min(v, kWordsAtOnce) * d), scores;
    for (std::size_t first = 0; first < v; first += kWordsAtOnce) {
        job.checkpoint();
        const std::size_t count = std::min(kWordsAtOnce, v - first);
        centred.block(first, count, block.data());
        scores.resize(clusters * count);
        gemm({.m = clusters,
              .n = count,
              .k = d,
              .a = contrast.rows.data(),
              .b = block.data(),
              .out = scores.data(),
              .transposeB = true});
        candidates.take(scores, first, count, centred);
        job.progress("comparing words with clusters", "words", first + count, v);
    }
    const std::vector<std::vector<NameCandidate>> best = candidates.sorted();
    ClusterNaming naming;
    naming.name = assignNames(best, v);
    for (std::size_t c = 0; c < clusters; ++c) {
        naming.top.push_back(topOf(best[c], naming.name[c]));
    }
    naming.chance = chanceScore(centred.usable(), d);
    naming.notes = notesAbout(naming, contrast.count);
    return naming;
}

} // namespace semascope::core
