#include "core/cluster/KMeans_p.h"
#include "core/job/Gemm.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kBlockProducts = std::size_t{1} << 21; ///< products held at a time
constexpr std::size_t kFewLines = 64;                        ///< centres that are better the right side of a product
constexpr std::size_t kFewProducts = std::size_t{1} << 17;   ///< held at a time then
constexpr std::size_t kSegment = 128;                        ///< columns that one task adds up

/// One start on its way.
struct Run
{
    KMeansRun result;
    std::vector<std::int32_t> labels; ///< of this iteration; result.labels are those before
    std::vector<double> sums;         ///< k×d, of the rows in each cluster
    std::vector<std::size_t> sizes;
    std::vector<float> squares; ///< of the centres
    bool done = false;
};

class Lloyd
{
public:
    Lloyd(const KMeansData& data, const KMeansSettings& settings, const std::vector<float>& starts, JobContext& job)
        : m_data(data), m_settings(settings), m_job(job)
    {
        const std::size_t size = settings.k * data.d(), n = data.n();
        m_runs.resize(starts.size() / size);
        for (std::size_t s = 0; s < m_runs.size(); ++s) {
            Run& run = m_runs[s];
            const auto first = starts.begin() + static_cast<std::ptrdiff_t>(s * size);
            run.result.centres.assign(first, first + static_cast<std::ptrdiff_t>(size));
            run.result.labels.assign(n, -1);
            run.result.nearest.resize(n);
            run.labels.resize(n);
            run.sums.assign(size, 0.0);
            run.sizes.assign(settings.k, 0);
        }
    }

    std::vector<KMeansRun> run()
    {
        std::vector<Run*> active;
        for (Run& run : m_runs) {
            active.push_back(&run);
        }
        for (int it = 0; it < m_settings.most && !active.empty(); ++it) {
            assign(active);
            addUp(active);
            for (Run* run : active) {
                finishIteration(*run);
            }
            std::erase_if(active, [](const Run* run) { return run->done; });
            m_job.progress("clustering", "iterations", static_cast<std::size_t>(it + 1), 0);
        }
        std::vector<Run*> all;
        for (Run& run : m_runs) {
            all.push_back(&run);
        }
        assign(all); // labels and centres must belong together
        std::vector<KMeansRun> results;
        for (Run& run : m_runs) {
            run.result.labels.swap(run.labels);
            run.result.inertia = std::accumulate(run.result.nearest.begin(), run.result.nearest.end(), 0.0);
            results.push_back(std::move(run.result));
        }
        return results;
    }

private:
    std::size_t k() const { return m_settings.k; }

    /// Nearest centres of all rows, for all given runs in common products.
    void assign(const std::vector<Run*>& runs)
    {
        const std::size_t n = m_data.n(), d = m_data.d(), lines = runs.size() * k();
        m_centres.resize(lines * d);
        for (std::size_t s = 0; s < runs.size(); ++s) {
            Run& run = *runs[s];
            std::copy(run.result.centres.begin(), run.result.centres.end(),
                      m_centres.begin() + static_cast<std::ptrdiff_t>(s * k() * d));
            run.squares.resize(k());
            for (std::size_t c = 0; c < k(); ++c) {
                const float* centre = run.result.centres.data() + c * d;
                run.squares[c] = static_cast<float>(std::inner_product(centre, centre + d, centre, 0.0, std::plus<>(),
                                                                       [](double a, double b) { return a * b; }));
            }
        }
        const bool byRow = lines < kFewLines;
        const std::size_t step = std::clamp((byRow ? kFewProducts : kBlockProducts) / lines,
                                            std::size_t{byRow ? 2048U : 256U}, std::size_t{65536});
        m_products.resize(lines * std::min(step, n));
        for (std::size_t begin = 0; begin < n; begin += step) {
            m_job.checkpoint();
            const std::size_t count = std::min(step, n - begin);
            const float* const rows = m_data.rows.row(begin);
            gemm(byRow ? GemmTask{count, lines, d, rows, m_centres.data(), m_products.data(), false, true, 0}
                       : GemmTask{lines, count, d, m_centres.data(), rows, m_products.data(), false, true, 0});
            assignBlock(runs, begin, count, byRow);
        }
    }

    void assignBlock(const std::vector<Run*>& runs, std::size_t begin, std::size_t count, bool byRow)
    {
        constexpr std::size_t kRows = 1024;
        const std::size_t pieces = (count + kRows - 1) / kRows, lines = runs.size() * k();
        parallelFor(runs.size() * pieces, 2, [&](std::size_t from, std::size_t to) {
            for (std::size_t task = from; task < to; ++task) {
                const std::size_t s = task / pieces, row = task % pieces * kRows;
                const std::size_t centreStride = byRow ? 1 : count, rowStride = byRow ? lines : 1;
                Run& run = *runs[s];
                assignRows({m_products.data() + s * k() * centreStride + row * rowStride, centreStride, rowStride,
                            run.squares.data(), m_data.squares.data() + begin + row, k(), std::min(kRows, count - row),
                            run.labels.data() + begin + row, run.result.nearest.data() + begin + row});
            }
        });
    }

    /// Moves the rows that changed cluster from one sum to the other. Each task owns some columns of one run's sums, so
    /// the order of additions never depends on the threads.
    void addUp(const std::vector<Run*>& runs)
    {
        const std::size_t d = m_data.d(), segments = (d + kSegment - 1) / kSegment;
        parallelFor(runs.size() * segments, 1, [&](std::size_t from, std::size_t to) {
            for (std::size_t task = from; task < to; ++task) {
                const std::size_t first = task % segments * kSegment;
                addColumns(*runs[task / segments], first, std::min(d, first + kSegment));
            }
        });
    }

    void addColumns(Run& run, std::size_t from, std::size_t to)
    {
        const std::size_t d = m_data.d();
        for (std::size_t i = 0; i < m_data.n(); ++i) {
            const std::int32_t now = run.labels[i], before = run.result.labels[i];
            if (now == before) {
                continue;
            }
            double* const sums = run.sums.data() + from;
            core::moveRow({m_data.rows.row(i) + from, sums + static_cast<std::size_t>(now) * d,
                           before < 0 ? nullptr : sums + static_cast<std::size_t>(before) * d, to - from});
        }
    }

    void moveRow(Run& run, std::size_t i, std::size_t to)
    {
        const std::size_t d = m_data.d();
        const auto from = static_cast<std::size_t>(run.labels[i]);
        core::moveRow({m_data.rows.row(i), run.sums.data() + to * d, run.sums.data() + from * d, d});
        run.labels[i] = static_cast<std::int32_t>(to);
        run.result.nearest[i] = 0;
        --run.sizes[from];
        ++run.sizes[to];
    }

    /// Gives each empty cluster the row that is farthest from its centre and not alone. True when a row moved.
    bool fillEmpty(Run& run)
    {
        bool moved = false;
        for (std::size_t c = 0; c < k(); ++c) {
            if (run.sizes[c] > 0) {
                continue;
            }
            std::size_t farthest = 0;
            float distance = 0;
            for (std::size_t i = 0; i < m_data.n(); ++i) {
                if (run.result.nearest[i] > distance && run.sizes[static_cast<std::size_t>(run.labels[i])] > 1) {
                    distance = run.result.nearest[i];
                    farthest = i;
                }
            }
            if (distance > 0) {
                moveRow(run, farthest, c);
                moved = true;
            }
        }
        return moved;
    }

    void finishIteration(Run& run)
    {
        ++run.result.iterations;
        std::fill(run.sizes.begin(), run.sizes.end(), 0);
        for (const std::int32_t label : run.labels) {
            ++run.sizes[static_cast<std::size_t>(label)];
        }
        const bool refilled = fillEmpty(run);
        const bool same = !refilled && run.labels == run.result.labels;
        run.result.labels.swap(run.labels);
        const double shift = moveCentres(run);
        run.done = same || (!refilled && shift <= m_settings.tolerance);
    }

    /// Returns the squared movement of all centres together.
    double moveCentres(Run& run)
    {
        const std::size_t d = m_data.d();
        double shift = 0;
        for (std::size_t c = 0; c < k(); ++c) {
            const double* const sum = run.sums.data() + c * d;
            double scale = run.sizes[c] > 0 ? 1 / static_cast<double>(run.sizes[c]) : 0;
            if (m_data.spherical && scale > 0) {
                const double square = std::inner_product(sum, sum + d, sum, 0.0);
                scale = square > 1e-24 ? 1 / std::sqrt(square) : 0;
            }
            if (scale == 0) {
                continue; // nothing in it, or opposite directions only: it stays where it was
            }
            float* const centre = run.result.centres.data() + c * d;
            for (std::size_t j = 0; j < d; ++j) {
                const auto next = static_cast<float>(sum[j] * scale);
                shift += static_cast<double>(next - centre[j]) * static_cast<double>(next - centre[j]);
                centre[j] = next;
            }
        }
        return shift;
    }

    const KMeansData& m_data;
    const KMeansSettings& m_settings;
    JobContext& m_job;
    std::vector<Run> m_runs;
    std::vector<float> m_centres, m_products;
};

} // namespace

std::vector<KMeansRun> runLloyd(const KMeansData& data, const KMeansSettings& settings,
                                const std::vector<float>& starts, JobContext& job)
{
    return Lloyd(data, settings, starts, job).run();
}

} // namespace semascope::core
