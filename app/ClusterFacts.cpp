#include "app/ClusterFacts.h"

#include "app/RowPictures.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>

namespace semascope::app {

namespace {

constexpr std::size_t kMostValues = 200; ///< of an attribute worth testing: more are names of samples

/// Means of the clusters in the space of x, where the space of the old centroids is gone.
void measureAnew(core::Clustering& c, const core::Matrix& x)
{
    const std::size_t k = c.sizes.size(), d = x.cols();
    std::vector<double> sum(k * d, 0.0);
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        const float* const row = x.row(c.inputRow[r]);
        double* const to = sum.data() + static_cast<std::size_t>(c.assignment[r]) * d;
        for (std::size_t j = 0; j < d; ++j) {
            to[j] += static_cast<double>(row[j]);
        }
    }
    std::vector<float> mean(k * d);
    for (std::size_t g = 0; g < k; ++g) {
        const double scale = c.sizes[g] > 0 ? 1 / static_cast<double>(c.sizes[g]) : 0;
        std::transform(sum.begin() + static_cast<std::ptrdiff_t>(g * d),
                       sum.begin() + static_cast<std::ptrdiff_t>((g + 1) * d),
                       mean.begin() + static_cast<std::ptrdiff_t>(g * d),
                       [scale](double v) { return static_cast<float>(v * scale); });
    }
    c.centroids = core::Matrix::from(std::move(mean), k, d);
    c.code = {};
    c.soft = {};
}

void addConfidence(ClusterFacts& facts, const core::Clustering& c)
{
    std::vector<double> sum(facts.clusters.size(), 0.0);
    for (std::size_t r = 0; r < c.confidence.size(); ++r) {
        sum[static_cast<std::size_t>(c.assignment[r])] += static_cast<double>(c.confidence[r]);
    }
    for (std::size_t g = 0; g < facts.clusters.size(); ++g) {
        const bool known = c.confidence.size() == c.assignment.size() && c.sizes[g] > 0;
        facts.clusters[g].confidence =
            known ? sum[g] / static_cast<double>(c.sizes[g]) : std::numeric_limits<double>::quiet_NaN();
    }
}

void addEnrichment(ClusterFacts& facts, const ClusteredRows& input, const FactsSpec& spec)
{
    std::vector<core::Attribute> some = spec.made;
    const auto& all = spec.data->attributes;
    const auto few = [](const core::Attribute& a) { return a.numeric() || a.labels.size() <= kMostValues; };
    const bool copied = !some.empty() || !std::all_of(all.begin(), all.end(), few);
    if (copied) {
        std::copy_if(all.begin(), all.end(), std::back_inserter(some), few);
        std::erase_if(some, [&few](const core::Attribute& a) { return !few(a); });
    }
    std::vector<std::uint32_t> rowSample;
    for (const std::uint32_t row : input.based->inputRow) {
        rowSample.push_back(input.embedding->sampleIndex[row]);
    }
    auto found = core::clusterEnrichment(copied ? some : all, rowSample, *input.based, FactsSpec::kEnrichments);
    for (std::size_t g = 0; g < std::min(found.size(), facts.clusters.size()); ++g) {
        facts.clusters[g].enrichment = std::move(found[g]);
    }
}

double cosine(const float* a, const float* b, std::size_t d)
{
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t j = 0; j < d; ++j) {
        const auto x = static_cast<double>(a[j]), y = static_cast<double>(b[j]);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : -2;
}

/// The decoder loses lengths, so directions are compared.
void addNearest(ClusterFacts& facts, const ClusteredRows& input, const core::Matrix& decoded, core::JobContext& job)
{
    constexpr std::size_t pace = 4096;
    const core::Clustering& c = *input.based;
    std::vector<double> best(facts.clusters.size(), -3);
    for (std::size_t r = 0; r < c.assignment.size(); ++r) {
        if (r % pace == 0) {
            job.checkpoint();
        }
        const auto g = static_cast<std::size_t>(c.assignment[r]);
        const double now = cosine(input.x().row(c.inputRow[r]), decoded.row(g), decoded.cols());
        if (now > best[g]) {
            best[g] = now;
            facts.clusters[g].centreSample = input.embedding->sampleIndex[c.inputRow[r]];
        }
    }
}

void addDecoded(ClusterFacts& facts, const ClusteredRows& input, const FactsSpec& spec, core::JobContext& job)
{
    const auto& model = input.of->model;
    if (!model || !model->hasDecoder()) {
        return;
    }
    const core::Matrix decoded = model->decodedCentroids();
    if (decoded.rows() != facts.clusters.size() || decoded.cols() != input.x().cols()) {
        return;
    }
    if (!spec.pictures || !looksLikePixels(input.x())) {
        addNearest(facts, input, decoded, job);
        return;
    }
    const auto [lo, hi] = std::minmax_element(decoded.data(), decoded.data() + decoded.rows() * decoded.cols());
    facts.lo = *lo;
    facts.hi = *hi;
    for (std::size_t g = 0; g < facts.clusters.size(); ++g) {
        facts.clusters[g].decoded.assign(decoded.row(g), decoded.row(g) + decoded.cols());
    }
}

} // namespace

std::optional<ClusteredRows> clusteredRows(const core::Document& doc, QString& problem)
{
    if (!doc.clustering || !doc.embedding) {
        return std::nullopt;
    }
    const core::Embedding& e = *doc.embedding;
    std::vector<std::int64_t> rowOf;
    for (std::size_t r = e.sampleIndex.size(); r-- > 0;) { // of several rows of a sample the first
        const std::uint32_t s = e.sampleIndex[r];
        rowOf.resize(std::max<std::size_t>(rowOf.size(), s + 1), -1);
        rowOf[s] = static_cast<std::int64_t>(r);
    }
    auto based = std::make_shared<core::Clustering>(*doc.clustering);
    const std::vector<std::uint32_t> own = based->inputRow;
    for (std::size_t r = 0; r < doc.clusterSample.size() && r < own.size(); ++r) {
        const std::uint32_t s = doc.clusterSample[r];
        const bool same = own[r] < e.sampleIndex.size() && e.sampleIndex[own[r]] == s;
        const std::int64_t row = same ? own[r] : s < rowOf.size() ? rowOf[s] : -1;
        if (row < 0) {
            problem = QCoreApplication::translate(
                "ClusterCards", "Not all clustered samples have vectors now: cluster again to see what is in them.");
            return std::nullopt;
        }
        based->inputRow[r] = static_cast<std::uint32_t>(row);
    }
    if (based->code.empty() && based->centroids.cols() != e.rows.cols()) {
        measureAnew(*based, e.rows);
    }
    return ClusteredRows{doc.clustering, std::move(based), doc.embedding};
}

ClusterFacts clusterFacts(const ClusteredRows& input, const FactsSpec& spec, core::JobContext& job)
{
    ClusterFacts facts;
    facts.of = input.of;
    facts.clusters.resize(input.based->sizes.size());
    const auto samples = [&input](std::vector<std::uint32_t> rows) {
        for (std::uint32_t& row : rows) {
            row = input.embedding->sampleIndex[row];
        }
        return rows;
    };
    job.progress("describing clusters", "step", 0, 4);
    const auto near = core::prototypes(input.x(), *input.based, FactsSpec::kPrototypes);
    job.checkpoint();
    job.progress("describing clusters", "step", 1, 4);
    const auto far = core::clusterOutliers(input.x(), *input.based, FactsSpec::kOutliers);
    for (std::size_t g = 0; g < facts.clusters.size(); ++g) {
        facts.clusters[g].prototypes = samples(near[g]);
        facts.clusters[g].outliers = samples(far[g]);
        std::erase_if(facts.clusters[g].outliers, [&](std::uint32_t s) { // of a small cluster they are the same
            const auto& typical = facts.clusters[g].prototypes;
            return std::find(typical.begin(), typical.end(), s) != typical.end();
        });
    }
    job.checkpoint();
    job.progress("describing clusters", "step", 2, 4);
    addConfidence(facts, *input.based);
    addEnrichment(facts, input, spec);
    job.checkpoint();
    job.progress("describing clusters", "step", 3, 4);
    addDecoded(facts, input, spec, job);
    return facts;
}

} // namespace semascope::app
