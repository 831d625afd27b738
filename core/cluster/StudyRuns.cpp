#include "core/cluster/Study_p.h"

#include "core/job/Parallel.h"
#include "core/reduce/ExactDistances_p.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kMostRows = 5000;
constexpr std::size_t kBlock = 256;
constexpr double kUnitSlack = 1e-2; ///< half precision still counts as unit length

double squaredLength(const float* row, std::size_t d)
{
    return std::inner_product(row, row + d, row, 0.0, std::plus<>(), [](double a, double b) { return a * b; });
}

std::vector<std::int64_t> wide(const std::vector<std::int32_t>& names)
{
    return {names.begin(), names.end()};
}

} // namespace

bool hasUnitRows(const Matrix& x)
{
    for (const std::size_t i : sampledRows(x.rows(), kMostRows, 0)) {
        const double length = std::sqrt(squaredLength(x.row(i), x.cols()));
        if (std::isfinite(length) && length > 0 && std::abs(length - 1) > kUnitSlack) {
            return false;
        }
    }
    return !x.empty();
}

SilhouetteSpace::SilhouetteSpace(const Matrix& x, bool cosine, JobContext& job)
{
    std::vector<std::size_t> usable = finiteRows(x);
    if (cosine) {
        std::erase_if(usable, [&](std::size_t i) { return squaredLength(x.row(i), x.cols()) == 0; });
    }
    for (const std::size_t i : sampledRows(usable.size(), kMostRows, 0)) {
        m_rows.push_back(usable[i]);
    }
    const std::size_t n = m_rows.size();
    if (n == 0) {
        return;
    }
    const ExactDistances exact(takeRows(x, m_rows), cosine);
    m_distances.resize(n * n);
    std::vector<double> block(std::min(kBlock, n) * n);
    for (std::size_t begin = 0; begin < n; begin += kBlock) {
        job.checkpoint();
        const std::size_t end = std::min(n, begin + kBlock);
        cosine ? exact.products(begin, end, block.data()) : exact.measure(begin, end, block.data());
        std::transform(block.data(), block.data() + (end - begin) * n, m_distances.data() + begin * n,
                       [&](double v) { return static_cast<float>(cosine ? std::clamp(1 - v, 0.0, 2.0) : v); });
        for (std::size_t i = begin; i < end; ++i) {
            m_distances[i * n + i] = 0;
        }
        job.progress("measuring distances", "rows", end, n);
    }
}

std::optional<double> SilhouetteSpace::measure(const Clustering& c) const
{
    constexpr std::size_t kNone = static_cast<std::size_t>(-1);
    const std::size_t n = m_rows.size();
    std::vector<std::size_t> own(n, kNone), sizes(c.sizes.size(), 0);
    for (std::size_t r = 0; r < c.inputRow.size(); ++r) {
        const auto place = std::lower_bound(m_rows.begin(), m_rows.end(), std::size_t{c.inputRow[r]});
        if (place != m_rows.end() && *place == c.inputRow[r]) {
            const auto cluster = static_cast<std::size_t>(c.assignment[r]);
            own[static_cast<std::size_t>(place - m_rows.begin())] = cluster;
            ++sizes.at(cluster);
        }
    }
    if (std::count_if(sizes.begin(), sizes.end(), [](std::size_t s) { return s > 0; }) < 2) {
        return std::nullopt;
    }
    std::vector<double> each(n, 0.0);
    parallelFor(n, 64, [&](std::size_t begin, std::size_t end) {
        std::vector<double> sums(sizes.size() + 1);
        for (std::size_t i = begin; i < end; ++i) {
            if (own[i] == kNone) {
                continue;
            }
            std::fill(sums.begin(), sums.end(), 0.0);
            for (std::size_t j = 0; j < n; ++j) {
                sums[std::min(own[j], sizes.size())] += static_cast<double>(m_distances[i * n + j]);
            }
            each[i] = silhouetteOf(own[i], sums, sizes);
        }
    });
    const auto measured = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
    return std::accumulate(each.begin(), each.end(), 0.0) / static_cast<double>(measured);
}

std::shared_ptr<const Clustering> StudyRunner::run(const ClusterSpec& spec, const std::string& place)
{
    JobContext inner(m_job.stop());
    if (m_job.onProgress) {
        inner.onProgress = [&](const Progress& p) {
            Progress outer = p;
            outer.stage = place + ": " + p.stage;
            m_job.onProgress(outer);
        };
    }
    inner.onNote = [&](const std::string& sentence) {
        if (m_told.insert(sentence).second) {
            m_job.note(sentence);
        }
    };
    auto result = std::make_shared<Clustering>(cluster(m_x, spec, inner));
    if (result->frames.size() > 1) {
        result->frames.erase(result->frames.begin(), result->frames.end() - 1);
    }
    return result;
}

MeanSd meanSd(const std::vector<double>& values)
{
    double sum = 0, squares = 0;
    std::size_t count = 0;
    for (const double v : values) {
        sum += std::isfinite(v) ? v : 0;
        count += std::isfinite(v) ? 1 : 0;
    }
    MeanSd result;
    if (count == 0) {
        return result;
    }
    result.mean = sum / static_cast<double>(count);
    for (const double v : values) {
        squares += std::isfinite(v) ? (v - *result.mean) * (v - *result.mean) : 0;
    }
    if (count > 1) {
        result.sd = std::sqrt(squares / static_cast<double>(count - 1));
    }
    return result;
}

std::vector<double> pairwiseAgreement(const std::vector<std::shared_ptr<const Clustering>>& runs)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (runs[i]->inputRow != runs[j]->inputRow) {
                throw Error(Code::Mismatch,
                            "Stability compares clusterings of the same rows; these were made from different rows.");
            }
            const LabelScores scores = compareLabelings(wide(runs[i]->assignment), wide(runs[j]->assignment));
            if (scores.ari) {
                values.push_back(*scores.ari);
            }
        }
    }
    return values;
}

std::size_t usedClusters(const Clustering& c)
{
    return static_cast<std::size_t>(
        std::count_if(c.sizes.begin(), c.sizes.end(), [](std::size_t size) { return size > 0; }));
}

std::optional<double> stability(const std::vector<std::shared_ptr<const Clustering>>& runs)
{
    const bool parted = std::all_of(runs.begin(), runs.end(), [](const auto& run) { return usedClusters(*run) > 1; });
    return parted ? meanSd(pairwiseAgreement(runs)).mean : std::nullopt; // all in one cluster agree, and say nothing
}

} // namespace semascope::core
