#include "core/cluster/ClusterEdits.h"

#include "core/cluster/ClusterSpace_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace semascope::core {

namespace {

constexpr int kGone = -1; ///< a cluster that is no more

/// "cluster 3", as people count.
std::string called(std::size_t cluster)
{
    return "cluster " + std::to_string(cluster + 1);
}

void checkCluster(const Clustering& c, int which)
{
    if (which < 0 || static_cast<std::size_t>(which) >= c.sizes.size()) {
        throw Error(Code::Misuse, "There is no cluster number " + std::to_string(which + 1) + "; there are " +
                                      std::to_string(c.sizes.size()) + ".");
    }
}

/// 1 − d₁/d₂ of the own centroid and the nearest other; 0 when another is nearer. `own`: squared distances.
std::vector<float> hardConfidence(const ClusterSpace& space, const Clustering& c, const std::vector<double>& own)
{
    const std::vector<double> others = nearestOther(space, c);
    std::vector<float> confidence(own.size());
    std::transform(own.begin(), own.end(), others.begin(), confidence.begin(), [](double mine, double other) {
        return other > mine ? static_cast<float>(1 - std::sqrt(mine / other)) : 0.0F;
    });
    return confidence;
}

/// A clustering whose assignment changes; what is known of the old one stays as far as it is still true.
class Edit
{
public:
    Edit(const Matrix& x, const Clustering& c) : m_space(x, c), m_old(c), m_new(c) {}

    const ClusterSpace& space() const { return m_space; }
    Clustering& result() { return m_new; }

    /// `same[g]`: the old cluster that new cluster g is, or kGone when its rows are others. Assignment is set already.
    Clustering finish(const std::vector<int>& same, const std::string& note)
    {
        const std::size_t k = same.size(), d = m_space.dim();
        m_new.sizes.assign(k, 0);
        for (const std::int32_t g : m_new.assignment) {
            ++m_new.sizes[static_cast<std::size_t>(g)];
        }
        const std::vector<std::vector<std::uint32_t>> members = membersOf(m_new);
        std::vector<float> centroids;
        for (std::size_t g = 0; g < k; ++g) {
            const float* const old =
                same[g] == kGone ? nullptr : m_old.centroids.row(static_cast<std::size_t>(same[g]));
            const std::vector<float> row = old == nullptr ? m_space.mean(members[g]) : std::vector<float>(old, old + d);
            centroids.insert(centroids.end(), row.begin(), row.end());
        }
        m_new.centroids = Matrix::from(std::move(centroids), k, d);
        m_new.spec.k = static_cast<int>(k);
        m_new.model = nullptr;
        m_new.notes.push_back(note);
        measure();
        return std::move(m_new);
    }

private:
    /// Inertia and, where there was one, confidence.
    void measure()
    {
        const std::size_t n = m_space.count();
        std::vector<double> own(n);
        parallelFor(n, 256, [&](std::size_t begin, std::size_t end) {
            for (std::size_t r = begin; r < end; ++r) {
                own[r] = m_space.apart(r, m_new.centroids.row(static_cast<std::size_t>(m_new.assignment[r])));
            }
        });
        m_new.inertia = std::accumulate(own.begin(), own.end(), 0.0);
        if (m_old.confidence.empty()) {
            return;
        }
        if (m_new.soft.empty()) {
            m_new.confidence = hardConfidence(m_space, m_new, own);
            return;
        }
        for (std::size_t r = 0; r < n; ++r) {
            m_new.confidence[r] = m_new.soft.at(r, static_cast<std::size_t>(m_new.assignment[r]));
        }
    }

    ClusterSpace m_space;
    const Clustering& m_old;
    Clustering m_new;
};

/// Columns of soft assignments added up: old cluster g goes into column newOf[g].
Matrix addedUp(const Matrix& soft, const std::vector<int>& newOf, std::size_t k)
{
    std::vector<float> values(soft.rows() * k, 0.0F);
    for (std::size_t r = 0; r < soft.rows(); ++r) {
        for (std::size_t g = 0; g < soft.cols(); ++g) {
            values[r * k + static_cast<std::size_t>(newOf[g])] += soft.at(r, g);
        }
    }
    return Matrix::from(std::move(values), soft.rows(), k);
}

/// The rows of the clustering that `rows` of x are.
std::vector<char> chosenRows(const Clustering& c, const std::vector<std::uint32_t>& rows, std::size_t n)
{
    std::vector<char> wanted(n, 0), chosen(c.inputRow.size(), 0);
    for (const std::uint32_t row : rows) {
        if (row >= n) {
            throw Error(Code::Misuse,
                        "There is no row " + std::to_string(row) + "; there are " + std::to_string(n) + ".");
        }
        wanted[row] = 1;
    }
    std::transform(c.inputRow.begin(), c.inputRow.end(), chosen.begin(), [&](std::uint32_t r) { return wanted[r]; });
    return chosen;
}

} // namespace

Clustering mergeClusters(const Matrix& x, const Clustering& c, const std::vector<int>& which)
{
    const std::set<int> merged(which.begin(), which.end());
    std::for_each(merged.begin(), merged.end(), [&](int g) { checkCluster(c, g); });
    if (merged.size() < 2) {
        throw Error(Code::Misuse, "Merging takes two or more different clusters.");
    }
    std::vector<int> newOf, same;
    std::string names;
    for (std::size_t g = 0; g < c.sizes.size(); ++g) {
        const bool isMerged = merged.contains(static_cast<int>(g));
        const bool joins = isMerged && static_cast<int>(g) != *merged.begin();
        newOf.push_back(joins ? newOf[static_cast<std::size_t>(*merged.begin())] : static_cast<int>(same.size()));
        if (!joins) {
            same.push_back(isMerged ? kGone : static_cast<int>(g));
        }
        names += isMerged ? (names.empty() ? "" : " and ") + called(g) : "";
    }
    Edit edit(x, c);
    for (std::int32_t& g : edit.result().assignment) {
        g = newOf[static_cast<std::size_t>(g)];
    }
    if (!c.soft.empty()) {
        edit.result().soft = addedUp(c.soft, newOf, same.size());
    }
    names.front() = 'C';
    return edit.finish(same, names + " were merged by hand.");
}

Clustering splitCluster(const Matrix& x, const Clustering& c, int which, int parts, std::uint64_t seed, JobContext& job)
{
    checkCluster(c, which);
    const auto at = static_cast<std::size_t>(which);
    if (parts < 2 || c.sizes[at] < static_cast<std::size_t>(parts)) {
        throw Error(parts < 2 ? Code::Misuse : Code::Mismatch,
                    parts < 2
                        ? "Splitting a cluster takes two parts or more."
                        : "The cluster has only " + std::to_string(c.sizes[at]) + " rows; split it into fewer parts.");
    }
    Edit edit(x, c);
    const std::vector<std::uint32_t> members = membersOf(c)[at];
    ClusterSpec spec;
    spec.method = edit.space().directions() ? "spherical-kmeans" : "kmeans";
    spec.k = parts;
    spec.seed = seed;
    const Clustering split = cluster(edit.space().take(members), spec, job);
    std::vector<std::int32_t>& assignment = edit.result().assignment;
    for (std::int32_t& g : assignment) {
        g += g > which ? parts - 1 : 0;
    }
    for (std::size_t i = 0; i < split.assignment.size(); ++i) {
        assignment[members[split.inputRow[i]]] = which + split.assignment[i];
    }
    std::vector<int> same;
    for (std::size_t g = 0; g < c.sizes.size(); ++g) {
        same.insert(same.end(), g == at ? static_cast<std::size_t>(parts) : 1, g == at ? kGone : static_cast<int>(g));
    }
    edit.result().soft = Matrix();
    return edit.finish(same, "C" + called(at).substr(1) + " was split into " + std::to_string(parts) +
                                 " by hand (k-means, seed " + std::to_string(seed) + ").");
}

Clustering clusterFromRows(const Matrix& x, const Clustering& c, const std::vector<std::uint32_t>& rows)
{
    Edit edit(x, c);
    const std::vector<char> chosen = chosenRows(c, rows, x.rows());
    std::vector<std::size_t> taken(c.sizes.size(), 0);
    std::size_t all = 0;
    for (std::size_t r = 0; r < chosen.size(); ++r) {
        taken[static_cast<std::size_t>(c.assignment[r])] += chosen[r] != 0 ? 1 : 0;
        all += chosen[r] != 0 ? 1 : 0;
    }
    if (all == 0) {
        throw Error(Code::Misuse, "A cluster needs rows, and none of those chosen was clustered; choose some others.");
    }
    std::vector<int> newOf, same;
    for (std::size_t g = 0; g < taken.size(); ++g) {
        if (taken[g] == all && taken[g] == c.sizes[g]) {
            throw Error(Code::Misuse, "These rows are " + called(g) + " already.");
        }
        const bool lost = taken[g] > 0 && taken[g] == c.sizes[g];
        newOf.push_back(lost ? kGone : static_cast<int>(same.size()));
        if (!lost) {
            same.push_back(taken[g] > 0 ? kGone : static_cast<int>(g));
        }
    }
    const auto fresh = static_cast<std::int32_t>(same.size());
    same.push_back(kGone);
    for (std::size_t r = 0; r < chosen.size(); ++r) {
        std::int32_t& g = edit.result().assignment[r];
        g = chosen[r] != 0 ? fresh : newOf[static_cast<std::size_t>(g)];
    }
    edit.result().soft = Matrix();
    return edit.finish(same, "C" + called(static_cast<std::size_t>(fresh)).substr(1) + " was made by hand from " +
                                 std::to_string(all) + (all == 1 ? " row." : " rows."));
}

Clustering clusteringFromLabels(const Matrix& x, const std::vector<std::int64_t>& labels, bool directions)
{
    if (labels.size() != x.rows()) {
        throw Error(Code::Mismatch, "There are " + std::to_string(x.rows()) + " rows but the clusters of " +
                                        std::to_string(labels.size()) + "; give the rows that were clustered.");
    }
    const std::int64_t most = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
    if (most < 0 || static_cast<std::size_t>(most) >= labels.size()) {
        throw Error(Code::Mismatch, most < 0
                                        ? std::string("No row is in a cluster; give clusters from 0 on.")
                                        : "The largest cluster is " + std::to_string(most) + " but there are only " +
                                              std::to_string(labels.size()) + " rows; give clusters counted from 0.");
    }
    Clustering c;
    c.spec.method = directions ? "spherical-kmeans" : "kmeans";
    const auto k = static_cast<std::size_t>(most) + 1;
    c.sizes.assign(k, 0);
    for (const std::size_t r : finiteRows(x)) {
        if (labels[r] >= 0) {
            c.assignment.push_back(static_cast<std::int32_t>(labels[r]));
            c.inputRow.push_back(static_cast<std::uint32_t>(r));
        }
    }
    c.excluded = x.rows() - c.assignment.size();
    c.centroids = Matrix::from(std::vector<float>(k * x.cols(), 0.0F), k, x.cols());
    Edit edit(x, c);
    Clustering made = edit.finish(std::vector<int>(k, kGone), "The clusters were made elsewhere.");
    return made;
}

} // namespace semascope::core
