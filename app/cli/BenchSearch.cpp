#include "app/cli/BenchTools.h"
#include "core/clip/Embedder.h"
#include "core/data/Arrays.h"
#include "core/job/Compute.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>

namespace semascope::app {

using core::Matrix;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Numbers in −½ … ½ that depend on their place only. Plain arithmetic on all threads: a billion take a second.
Matrix scattered(std::size_t n, std::size_t d, std::uint64_t seed)
{
    std::vector<float> values(n * d);
    core::parallelFor(n, 1024, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin * d; i < end * d; ++i) {
            std::uint64_t x = (i + 1) * 0x9e3779b97f4a7c15 + seed;
            x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93;
            values[i] = static_cast<float>(x >> 40) * 0x1p-24F - 0.5F;
        }
    });
    return Matrix::from(std::move(values), n, d);
}

/// Bytes a second at which all threads together can read the matrix: the C library compares it with itself.
double readingRate(const Matrix& x)
{
    const std::size_t size = x.rows() * x.cols() * sizeof(float);
    const auto* const bytes = reinterpret_cast<const char*>(x.data());
    const char* volatile same = bytes; // so that the comparison is really made
    double best = 0;
    for (int i = 0; i < 7; ++i) {
        std::atomic<int> differences{0};
        const auto start = Clock::now();
        core::parallelFor(size, 1 << 20, [&](std::size_t begin, std::size_t end) {
            differences += std::memcmp(bytes + begin, same + begin, end - begin);
        });
        best = std::max(best, static_cast<double>(size) / secondsSince(start));
    }
    return best;
}

struct Times
{
    double best = 0, median = 0;
};

template<class Query> Times timesOf(const Query& query)
{
    std::vector<double> seconds;
    for (std::size_t i = 0; i < 15; ++i) {
        const auto start = Clock::now();
        query(i);
        seconds.push_back(secondsSince(start));
    }
    std::sort(seconds.begin(), seconds.end());
    return {seconds.front(), seconds[seconds.size() / 2]};
}

void addTimes(CommandContext& c, const std::string& name, const Times& t)
{
    addFigure(c, name + ", best of 15", 1000 * t.best, "ms");
    addFigure(c, name + ", median", 1000 * t.median, "ms");
}

} // namespace

void benchSearch(CommandContext& c)
{
    auto start = Clock::now();
    Matrix rows;
    if (c.args.has("--in")) {
        rows = core::toMatrix(core::readArray(c.args.text("--in")), c.args.text("--in"));
        addFigure(c, "open the file", secondsSince(start), "s");
    } else {
        const auto n = static_cast<std::size_t>(c.args.integer("--n", 1'000'000, 10, 100'000'000));
        const auto d = static_cast<std::size_t>(c.args.integer("--d", 512, 2, 100'000));
        rows = scattered(n, d, c.seed());
    }
    const double bytes = static_cast<double>(rows.rows() * rows.cols() * sizeof(float));
    addFigure(c, "rows", static_cast<double>(rows.rows()), "");
    addFigure(c, "dimensions", static_cast<double>(rows.cols()), "");
    start = Clock::now();
    const core::RowSearch search(rows, c.job);
    addFigure(c, "lengths and mean, once", secondsSince(start), "s");
    const auto queryRow = [&rows](std::size_t i) { return rows.row(i * 7919 % rows.rows()); };
    const Times plain = timesOf([&](std::size_t i) { (void)search.nearest({queryRow(i), 12}, c.job); });
    addTimes(c, "one query", plain);
    addTimes(c, "one query, centred", timesOf([&](std::size_t i) {
                 (void)search.nearest({queryRow(i), 12, -1, true, nullptr}, c.job);
             }));
    addTimes(c, "one query without preparation",
             timesOf([&](std::size_t i) { (void)core::nearestRows(rows, queryRow(i), 12); }));
    addFigure(c, "rows read", bytes / plain.best / 1e9, "GB/s", readingRate(rows) / 1e9);
    addFigure(c, "rows in memory", bytes / 1e6, "MB");
    addFigure(c, "peak memory", static_cast<double>(core::peakMemory()) / 1e6, "MB");
}

} // namespace semascope::app
