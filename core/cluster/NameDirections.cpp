#include "core/cluster/NameDirections_p.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr std::size_t kRowsAtOnce = 4096;

/// 1 / length of a row; 0 for one that has no direction.
double scaleOf(const float* row, std::size_t d)
{
    double square = 0;
    for (std::size_t j = 0; j < d; ++j) {
        square += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    return std::isfinite(square) && square > 0 ? 1 / std::sqrt(square) : 0.0;
}

/// Sum of the directions of some rows, and how many have one.
struct DirectionSum
{
    std::vector<double> sum;
    std::size_t count = 0;

    void add(const float* row, std::size_t d)
    {
        const double scale = scaleOf(row, d);
        count += scale > 0 ? 1 : 0;
        for (std::size_t j = 0; scale > 0 && j < d; ++j) {
            sum[j] += scale * static_cast<double>(row[j]);
        }
    }
    void add(const DirectionSum& other)
    {
        count += other.count;
        std::transform(sum.begin(), sum.end(), other.sum.begin(), sum.begin(), std::plus<>());
    }
    std::vector<double> mean() const
    {
        std::vector<double> m = sum;
        for (double& v : m) {
            v /= static_cast<double>(std::max<std::size_t>(1, count));
        }
        return m;
    }
};

/// Groups of rows: `member` lists rows, group after group; group g has those of [first[g], first[g + 1]).
struct Groups
{
    std::vector<std::size_t> first;
    std::vector<std::uint32_t> member;
};

Groups groupsOf(const std::vector<std::int32_t>& assignment, std::size_t k)
{
    Groups g;
    g.first.assign(k + 1, 0);
    for (const std::int32_t c : assignment) {
        if (c >= 0 && static_cast<std::size_t>(c) >= k) {
            throw Error(Code::Mismatch, "A row is in cluster " + std::to_string(c) + " but there are only " +
                                            std::to_string(k) + " clusters; give the count that belongs to them.");
        }
        if (c >= 0) {
            ++g.first[static_cast<std::size_t>(c) + 1];
        }
    }
    for (std::size_t c = 0; c < k; ++c) {
        g.first[c + 1] += g.first[c];
    }
    std::vector<std::size_t> next(g.first.begin(), g.first.end() - 1);
    g.member.resize(g.first.back());
    for (std::size_t r = 0; r < assignment.size(); ++r) {
        if (assignment[r] >= 0) {
            g.member[next[static_cast<std::size_t>(assignment[r])]++] = static_cast<std::uint32_t>(r);
        }
    }
    return g;
}

/// Direction sums of the groups. Added up block by block in a fixed order, so that the threads do not matter.
std::vector<DirectionSum> sumsOf(const Matrix& rows, const Groups& groups, JobContext& job)
{
    const std::size_t d = rows.cols(), k = groups.first.size() - 1;
    std::vector<DirectionSum> sums(k, DirectionSum{std::vector<double>(d, 0.0)});
    for (std::size_t c = 0; c < k; ++c) {
        const std::size_t begin = groups.first[c], size = groups.first[c + 1] - begin;
        const std::size_t blocks = (size + kRowsAtOnce - 1) / kRowsAtOnce;
        std::vector<DirectionSum> parts(blocks, DirectionSum{std::vector<double>(d, 0.0)});
        parallelFor(blocks, 1, [&](std::size_t from, std::size_t to) {
            for (std::size_t b = from; b < to; ++b) {
                job.checkpoint();
                for (std::size_t i = b * kRowsAtOnce; i < std::min(size, (b + 1) * kRowsAtOnce); ++i) {
                    parts[b].add(rows.row(groups.member[begin + i]), d);
                }
            }
        });
        for (const DirectionSum& part : parts) {
            sums[c].add(part);
        }
        job.progress("summing up clusters", "rows", groups.first[c + 1], groups.member.size());
    }
    return sums;
}

} // namespace

Contrasts clusterContrasts(const Matrix& rows, const std::vector<std::int32_t>& assignment, std::size_t k,
                           JobContext& job)
{
    const std::size_t d = rows.cols();
    const std::vector<DirectionSum> sums = sumsOf(rows, groupsOf(assignment, k), job);
    DirectionSum all{std::vector<double>(d, 0.0)};
    Contrasts result;
    for (const DirectionSum& s : sums) {
        all.add(s);
        result.filled.push_back(s.count > 0 ? 1 : 0);
        result.count += s.count > 0 ? 1 : 0;
    }
    std::vector<float> out(k * d, 0.0F);
    for (std::size_t c = 0; c < k; ++c) {
        std::vector<double> row = sums[c].mean();
        const double others = static_cast<double>(all.count - sums[c].count);
        for (std::size_t j = 0; result.count > 1 && j < d; ++j) {
            row[j] -= (all.sum[j] - sums[c].sum[j]) / others;
        }
        double square = 0;
        for (const double v : row) {
            square += v * v;
        }
        const double scale = square > 0 && sums[c].count > 0 ? 1 / std::sqrt(square) : 0.0;
        std::transform(row.begin(), row.end(), out.begin() + static_cast<std::ptrdiff_t>(c * d),
                       [scale](double v) { return static_cast<float>(v * scale); });
    }
    result.rows = Matrix::from(std::move(out), k, d);
    return result;
}

CentredWords::CentredWords(const Matrix& words, JobContext& job) : m_words(words), m_scale(words.rows())
{
    const std::size_t d = words.cols();
    DirectionSum all{std::vector<double>(d, 0.0)};
    for (std::size_t w = 0; w < words.rows(); ++w) {
        if (w % kRowsAtOnce == 0) {
            job.checkpoint();
        }
        m_scale[w] = scaleOf(words.row(w), d);
        all.add(words.row(w), d);
    }
    m_usable = all.count;
    m_mean = all.count > 1 ? all.mean() : std::vector<double>(d, 0.0);
}

void CentredWords::block(std::size_t first, std::size_t count, float* out) const
{
    const std::size_t d = m_words.cols();
    parallelFor(count, 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            float* const to = out + i * d;
            const float* const from = m_words.row(first + i);
            for (std::size_t j = 0; j < d; ++j) {
                to[j] = static_cast<float>(m_scale[first + i] * static_cast<double>(from[j]) - m_mean[j]);
            }
            const double scale = m_scale[first + i] > 0 ? scaleOf(to, d) : 0.0;
            for (std::size_t j = 0; j < d; ++j) {
                to[j] = scale > 0 ? static_cast<float>(scale * static_cast<double>(to[j])) : 0.0F;
            }
        }
    });
}

} // namespace semascope::core
