#include "core/reduce/PairCorrelation_p.h"

#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace semascope::core {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 19; ///< entries sorted without looking at the job: about 50 ms

struct Entry
{
    double value;
    std::uint32_t index;
};

bool less(const Entry& a, const Entry& b)
{
    return a.value < b.value;
}

void sortInPieces(std::vector<Entry>& entries, JobContext& job)
{
    const std::size_t n = entries.size(), pieces = (n + kPiece - 1) / kPiece;
    const auto at = [&](std::size_t i) { return entries.begin() + static_cast<std::ptrdiff_t>(std::min(i, n)); };
    parallelFor(pieces, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t p = begin; p < end && !job.stopRequested(); ++p) {
            std::sort(at(p * kPiece), at((p + 1) * kPiece), less);
        }
    });
    std::vector<Entry> merged(n);
    for (std::size_t length = kPiece; length < n; length *= 2) {
        const std::size_t joins = (n + 2 * length - 1) / (2 * length);
        parallelFor(joins, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t p = begin; p < end && !job.stopRequested(); ++p) {
                const std::size_t from = 2 * p * length;
                std::merge(at(from), at(from + length), at(from + length), at(from + 2 * length),
                           merged.begin() + static_cast<std::ptrdiff_t>(from), less);
            }
        });
        job.checkpoint();
        entries.swap(merged);
    }
    job.checkpoint();
}

} // namespace

double pearson(const std::vector<double>& a, const std::vector<double>& b)
{
    const auto n = static_cast<double>(std::max<std::size_t>(a.size(), 1));
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0) / n;
    const double meanB = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double aa = 0, bb = 0, ab = 0, largestA = 0, largestB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double da = a[i] - meanA, db = b[i] - meanB;
        aa += da * da;
        bb += db * db;
        ab += da * db;
        largestA = std::max(largestA, std::abs(a[i]));
        largestB = std::max(largestB, std::abs(b[i]));
    }
    // A spread within rounding is none.
    const bool constant = std::sqrt(aa / n) <= 1e-14 * largestA || std::sqrt(bb / n) <= 1e-14 * largestB;
    return constant ? 0 : ab / (std::sqrt(aa) * std::sqrt(bb));
}

void toRanks(std::vector<double>& values, JobContext& job)
{
    std::vector<Entry> entries(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        entries[i] = {values[i], static_cast<std::uint32_t>(i)};
    }
    sortInPieces(entries, job);
    for (std::size_t begin = 0; begin < entries.size();) {
        std::size_t end = begin + 1;
        while (end < entries.size() && entries[end].value == entries[begin].value) {
            ++end;
        }
        const double rank = (static_cast<double>(begin) + static_cast<double>(end) + 1) / 2;
        for (; begin < end; ++begin) {
            values[entries[begin].index] = rank;
        }
    }
}

} // namespace semascope::core
