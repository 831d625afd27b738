#include "app/ClusterMoments.h"

#include "widgets/Colouring.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::app {

namespace {

constexpr std::size_t kPrototypes = 5;

std::vector<std::size_t> sizesOf(const std::vector<std::int32_t>& assignment, std::size_t k)
{
    std::vector<std::size_t> sizes(k, 0);
    for (const std::int32_t a : assignment) {
        sizes.resize(std::max(sizes.size(), static_cast<std::size_t>(a) + 1), 0);
        ++sizes[static_cast<std::size_t>(a)];
    }
    return sizes;
}

/// The clustering as if its codes had been clustered.
core::Clustering ofCodes(const core::Clustering& c)
{
    core::Clustering codes;
    codes.assignment = c.assignment;
    codes.inputRow.resize(c.assignment.size());
    std::iota(codes.inputRow.begin(), codes.inputRow.end(), 0U);
    codes.centroids = c.centroids;
    codes.sizes = c.sizes;
    return codes;
}

std::vector<std::vector<std::uint32_t>> surest(const core::Clustering& c)
{
    std::vector<std::vector<std::uint32_t>> members(c.sizes.size());
    for (std::uint32_t r = 0; r < c.assignment.size(); ++r) {
        members[static_cast<std::size_t>(c.assignment[r])].push_back(r);
    }
    for (auto& rows : members) {
        const auto kept = static_cast<std::ptrdiff_t>(std::min(kPrototypes, rows.size()));
        std::partial_sort(rows.begin(), rows.begin() + kept, rows.end(),
                          [&c](std::uint32_t a, std::uint32_t b) { return c.confidence[a] > c.confidence[b]; });
        rows.resize(static_cast<std::size_t>(kept));
    }
    return members;
}

/// Which cluster each row of the embedding has already; −1 for those that have none. Rows of one sample are met in the
/// order in which they were clustered.
std::vector<std::int64_t> knownRows(const core::Embedding& e, const core::Clustering* known,
                                    const std::vector<std::uint32_t>& knownSample)
{
    std::vector<std::int64_t> of(e.sampleIndex.size(), -1);
    if (!known) {
        return of;
    }
    std::uint32_t samples = 0;
    for (const std::vector<std::uint32_t>* list : {&e.sampleIndex, &knownSample}) {
        for (const std::uint32_t s : *list) {
            samples = std::max(samples, s + 1);
        }
    }
    std::vector<std::int64_t> head(samples, -1), next(knownSample.size(), -1);
    for (std::size_t r = knownSample.size(); r-- > 0;) {
        next[r] = head[knownSample[r]];
        head[knownSample[r]] = static_cast<std::int64_t>(r);
    }
    for (std::size_t r = 0; r < of.size(); ++r) {
        std::int64_t& first = head[e.sampleIndex[r]];
        of[r] = first;
        first = first >= 0 ? next[static_cast<std::size_t>(first)] : -1;
    }
    return of;
}

struct Assigned
{
    core::Matrix soft, code;
    std::vector<std::int64_t> known;
    std::size_t trained = 0;
};

/// Takes over every row that can be measured.
void collectRows(core::Clustering& c, const Assigned& a, const core::Clustering* known)
{
    const std::size_t k = a.soft.cols();
    for (std::size_t r = 0; r < a.soft.rows(); ++r) {
        const float* q = a.soft.row(r);
        if (!std::isfinite(q[0])) {
            ++c.excluded;
            continue;
        }
        const auto best = std::max_element(q, q + k);
        const bool kept = a.known[r] >= 0;
        c.assignment.push_back(kept ? known->assignment[static_cast<std::size_t>(a.known[r])]
                                    : static_cast<std::int32_t>(best - q));
        c.confidence.push_back(*best);
        c.inputRow.push_back(static_cast<std::uint32_t>(r));
    }
}

core::Matrix rowsAt(const core::Matrix& x, const std::vector<std::uint32_t>& rows)
{
    return core::takeRows(x, std::vector<std::size_t>(rows.begin(), rows.end()));
}

} // namespace

PassingView passingView(const core::DeepFrame& frame, const std::vector<std::uint32_t>& rowSample,
                        const core::ClusterSpec& spec)
{
    PassingView view;
    auto layout = std::make_shared<core::Layout>();
    layout->points = frame.points;
    layout->inputRow = *frame.inputRow;
    layout->spec.method = ui::kCodeMap;
    layout->spec.dim = 2;
    layout->spec.seed = spec.seed;
    layout->spec.options["of"] = spec.method;
    layout->notes = {frame.stage};
    view.layout = layout;
    view.layoutSample.reserve(layout->inputRow.size());
    for (const std::uint32_t row : layout->inputRow) {
        view.layoutSample.push_back(rowSample[row]);
    }
    if (!frame.assignment.empty()) {
        auto clustering = std::make_shared<core::Clustering>();
        clustering->assignment = frame.assignment;
        clustering->inputRow = layout->inputRow;
        clustering->sizes = sizesOf(frame.assignment, static_cast<std::size_t>(spec.k));
        clustering->spec = spec;
        view.clustering = clustering;
        view.clusterSample = view.layoutSample;
    }
    return view;
}

std::vector<std::vector<std::uint32_t>> clusterPrototypes(const core::Matrix& rows, const core::Clustering& c,
                                                          const std::vector<std::uint32_t>& rowSample)
{
    std::vector<std::vector<std::uint32_t>> found;
    const bool codes = c.code.rows() == c.assignment.size() && c.code.cols() == c.centroids.cols();
    if (c.centroids.rows() == c.sizes.size() && codes) {
        found = core::prototypes(c.code, ofCodes(c), kPrototypes);
    } else if (c.centroids.rows() == c.sizes.size() && c.centroids.cols() == rows.cols()) {
        found = core::prototypes(rows, c, kPrototypes);
        for (auto& cluster : found) {
            for (std::uint32_t& row : cluster) {
                row = rowSample[row];
            }
        }
        return found;
    } else if (c.confidence.size() == c.assignment.size()) {
        found = surest(c);
    }
    for (auto& cluster : found) {
        for (std::uint32_t& row : cluster) {
            row = rowSample[c.inputRow[row]];
        }
    }
    return found;
}

ClusterInput clusterInput(const core::Embedding& embedding, const std::vector<std::uint32_t>& wanted)
{
    if (wanted.empty()) {
        return {embedding.rows, embedding.sampleIndex};
    }
    std::vector<std::uint8_t> chosen(*std::max_element(wanted.begin(), wanted.end()) + 1, 0);
    for (const std::uint32_t s : wanted) {
        chosen[s] = 1;
    }
    ClusterInput input;
    std::vector<std::size_t> rows;
    for (std::size_t r = 0; r < embedding.sampleIndex.size(); ++r) {
        const std::uint32_t s = embedding.sampleIndex[r];
        if (s < chosen.size() && chosen[s] != 0) {
            rows.push_back(r);
            input.sample.push_back(s);
        }
    }
    input.rows = core::takeRows(embedding.rows, rows);
    return input;
}

core::Clustering assignRows(const core::Embedding& embedding, const core::DeepModel& network,
                            const core::Clustering* known, const std::vector<std::uint32_t>& knownSample,
                            core::JobContext& job)
{
    Assigned a;
    a.soft = network.assign(embedding.rows, job);
    a.code = network.encode(embedding.rows, job);
    a.known = knownRows(embedding, known, knownSample);
    core::Clustering c;
    if (known) {
        c.spec = known->spec;
        c.centroids = known->centroids;
        c.curve = known->curve;
        c.criterion = known->criterion;
        c.criterionValue = known->criterionValue;
        c.warnings = known->warnings;
        c.notes = known->notes;
        c.iterations = known->iterations;
        c.seconds = known->seconds;
    } else {
        c.spec.method = network.method();
    }
    c.spec.k = static_cast<int>(network.clusters());
    collectRows(c, a, known);
    c.soft = rowsAt(a.soft, c.inputRow);
    c.code = rowsAt(a.code, c.inputRow);
    c.sizes = sizesOf(c.assignment, network.clusters());
    const auto trained = static_cast<std::size_t>(
        std::count_if(a.known.begin(), a.known.end(), [](std::int64_t row) { return row >= 0; }));
    const std::string others = std::to_string(c.assignment.size() - std::min(trained, c.assignment.size()));
    c.notes.push_back(known ? "rows: " + std::to_string(trained) + " trained on + " + others + " assigned"
                            : "rows: " + others + " assigned by a network that was trained before");
    return c;
}

} // namespace semascope::app
