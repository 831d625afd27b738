#include "core/clip/Embedder.h"
#include "core/clip/RowProducts_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace semascope::core {

namespace {

constexpr std::size_t kBlock = 2048; ///< rows between two looks at the stop token, and of one partial sum of the mean
constexpr double kLargestSquare = static_cast<double>(std::numeric_limits<float>::max()) / 4; ///< as finiteRows
constexpr double kSmallestSquare = 1e-60; ///< of shorter rows the inverse length is no usable float
constexpr double kSmallestOffset = 1e-12; ///< squared distance to the mean from which on a row has a direction from it

bool measurable(double square)
{
    return square >= kSmallestSquare && square <= kLargestSquare; // NaN compares false
}

bool better(const Neighbour& a, const Neighbour& b)
{
    return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
}

/// The best `count` of what was offered, as a heap whose front is the worst of them.
class Best
{
public:
    explicit Best(std::size_t count) : m_count(count) {}
    void offer(const Neighbour& n)
    {
        if (m_heap.size() < m_count) {
            m_heap.push_back(n);
            std::push_heap(m_heap.begin(), m_heap.end(), better);
        } else if (m_count > 0 && better(n, m_heap.front())) {
            std::pop_heap(m_heap.begin(), m_heap.end(), better);
            m_heap.back() = n;
            std::push_heap(m_heap.begin(), m_heap.end(), better);
        }
    }
    const std::vector<Neighbour>& rows() const { return m_heap; }
    std::vector<Neighbour> sorted() &&
    {
        std::sort_heap(m_heap.begin(), m_heap.end(), better);
        return std::move(m_heap);
    }

private:
    std::size_t m_count;
    std::vector<Neighbour> m_heap;
};

/// Fills the cosines of `rows` rows from `first` on; NaN leaves a row out.
using Cosines = std::function<void(std::size_t first, std::size_t rows, float* cosine)>;

std::vector<Neighbour> bestRows(std::size_t n, std::size_t count, std::int64_t self, const Cosines& cosines)
{
    Best best(count);
    std::mutex mutex;
    parallelFor(n, kBlock, [&](std::size_t begin, std::size_t end) {
        Best own(count);
        float cosine[kBlock];
        for (std::size_t first = begin; first < end; first += kBlock) {
            const std::size_t rows = std::min(kBlock, end - first);
            cosines(first, rows, cosine);
            for (std::size_t i = 0; i < rows; ++i) {
                if (!std::isnan(cosine[i]) && static_cast<std::int64_t>(first + i) != self) {
                    own.offer({static_cast<std::uint32_t>(first + i), cosine[i]});
                }
            }
        }
        const std::lock_guard lock(mutex);
        for (const Neighbour& neighbour : own.rows()) {
            best.offer(neighbour);
        }
    });
    return std::move(best).sorted();
}

/// The query at unit length, minus the mean of its modality when centred.
std::vector<float> direction(const float* vector, std::size_t d, const float* mean)
{
    const double square = squaredLength(vector, d);
    if (!(square > 0) || !std::isfinite(square)) {
        throw Error(Code::Mismatch, "What is searched for has no direction: its vector is zero or not finite.");
    }
    const double scale = 1 / std::sqrt(square);
    std::vector<double> unit(d);
    double left = 0;
    for (std::size_t j = 0; j < d; ++j) {
        unit[j] = vector[j] * scale - (mean == nullptr ? 0.0 : static_cast<double>(mean[j]));
        left += unit[j] * unit[j];
    }
    if (!(left >= kSmallestOffset)) {
        throw Error(Code::Mismatch,
                    "What is searched for is the mean of its kind, so that nothing is left of it after centring.");
    }
    std::vector<float> result(d);
    std::transform(unit.begin(), unit.end(), result.begin(),
                   [left](double v) { return static_cast<float>(v / std::sqrt(left)); });
    return result;
}

} // namespace

RowSearch::RowSearch(Matrix rows, JobContext& job)
    : m_rows(std::move(rows)),
      m_mean(m_rows.cols(), 0.0F),
      m_inverseNorm(m_rows.rows(), 0.0F),
      m_inverseCentredNorm(m_rows.rows(), 0.0F)
{
    const std::size_t n = m_rows.rows(), d = m_rows.cols(), blocks = (n + kBlock - 1) / kBlock;
    // sums by block, added in order: the same mean with any number of threads
    std::vector<double> sums(blocks * d, 0.0);
    std::vector<std::size_t> usable(blocks, 0);
    parallelFor(blocks, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t b = begin; b < end; ++b) {
            job.checkpoint();
            for (std::size_t i = b * kBlock; i < std::min(n, (b + 1) * kBlock); ++i) {
                const double square = squaredLength(m_rows.row(i), d);
                if (measurable(square)) {
                    m_inverseNorm[i] = static_cast<float>(1 / std::sqrt(square));
                    addScaled(m_rows.row(i), d, 1 / std::sqrt(square), sums.data() + b * d);
                    ++usable[b];
                }
            }
        }
    });
    std::vector<double> mean(d, 0.0);
    std::size_t count = 0;
    for (std::size_t b = 0; b < blocks; ++b) {
        count += usable[b];
        std::transform(mean.begin(), mean.end(), sums.begin() + static_cast<std::ptrdiff_t>(b * d), mean.begin(),
                       std::plus<>());
    }
    for (std::size_t j = 0; j < d && count > 0; ++j) {
        mean[j] /= static_cast<double>(count);
        m_mean[j] = static_cast<float>(mean[j]);
    }
    parallelFor(n, kBlock, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if ((i - begin) % kBlock == 0) {
                job.checkpoint();
            }
            const double scale = static_cast<double>(m_inverseNorm[i]);
            const double square = scale > 0 ? squaredOffset(m_rows.row(i), d, scale, mean.data()) : 0.0;
            m_inverseCentredNorm[i] = square >= kSmallestOffset ? static_cast<float>(1 / std::sqrt(square)) : 0.0F;
        }
    });
}

std::vector<Neighbour> RowSearch::nearest(const Query& query, const JobContext& job) const
{
    const std::size_t d = dim();
    if (rows() == 0) {
        return {};
    }
    const float* const queryMean = query.queryMean != nullptr ? query.queryMean : m_mean.data();
    const std::vector<float> q = direction(query.vector, d, query.centred ? queryMean : nullptr);
    double meanProduct = 0; // (x/|x| − m)·q = (x·q)/|x| − m·q: the rows themselves are read once and never copied
    for (std::size_t j = 0; j < d; ++j) {
        meanProduct += static_cast<double>(m_mean[j]) * static_cast<double>(q[j]);
    }
    const auto shift = static_cast<float>(meanProduct);
    return bestRows(rows(), query.count, query.self, [&](std::size_t first, std::size_t count, float* cosine) {
        job.checkpoint();
        rowProducts(m_rows.row(first), count, d, q.data(), cosine);
        for (std::size_t i = 0; i < count; ++i) {
            const float inverse = query.centred ? m_inverseCentredNorm[first + i] : m_inverseNorm[first + i];
            const float product = cosine[i] * m_inverseNorm[first + i];
            const float value = query.centred ? (product - shift) * inverse : product;
            cosine[i] = inverse > 0 ? std::clamp(value, -1.0F, 1.0F) : std::numeric_limits<float>::quiet_NaN();
        }
    });
}

std::vector<Neighbour> nearestRows(const Matrix& rows, const float* query, std::size_t count, std::int64_t self)
{
    const std::size_t d = rows.cols();
    const double square = squaredLength(query, d);
    if (!(square > 0) || !std::isfinite(square)) {
        return {};
    }
    const std::vector<float> q = direction(query, d, nullptr);
    return bestRows(rows.rows(), count, self, [&](std::size_t first, std::size_t n, float* cosine) {
        float squares[kBlock];
        rowProductsAndSquares(rows.row(first), n, d, q.data(), cosine, squares);
        for (std::size_t i = 0; i < n; ++i) {
            // single precision loses what is very short or long: such rows, which are rare, are measured again
            const bool plain = squares[i] > 1e-30F && squares[i] < 1e30F;
            const double length = plain ? static_cast<double>(squares[i]) : squaredLength(rows.row(first + i), d);
            const auto value = static_cast<float>(static_cast<double>(cosine[i]) / std::sqrt(length));
            cosine[i] = measurable(length) ? std::clamp(value, -1.0F, 1.0F) : std::numeric_limits<float>::quiet_NaN();
        }
    });
}

} // namespace semascope::core
