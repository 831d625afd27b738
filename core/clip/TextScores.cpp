#include "core/clip/TextScores.h"

#include "core/clip/RowProducts_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cblas.h>
#include <cmath>
#include <limits>

namespace semascope::core {

namespace {

constexpr std::size_t kBlock = 4096;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

/// Cosines of a block of rows with all texts; rows that cannot be compared are NaN throughout.
struct Block
{
    std::size_t first = 0, count = 0, texts = 0;
    std::vector<float> cosine; // count × texts

    float at(std::size_t row, std::size_t text) const { return cosine[(row - first) * texts + text]; }
    bool usable(std::size_t row) const { return !std::isnan(at(row, 0)); }
};

/// Few texts: one pass over memory, a handful of rows at a time. Fills products and the rows' squares.
void multiplyFew(const Matrix& rows, const Matrix& texts, Block& block, std::vector<float>& squares)
{
    constexpr std::size_t kStrip = 64;
    parallelFor(block.count, kStrip, [&](std::size_t begin, std::size_t end) {
        std::vector<float> products(kStrip);
        for (std::size_t from = begin; from < end; from += kStrip) {
            const std::size_t n = std::min(kStrip, end - from);
            const float* strip = rows.row(block.first + from);
            for (std::size_t t = 0; t < block.texts; ++t) {
                if (t == 0) {
                    rowProductsAndSquares(strip, n, rows.cols(), texts.row(t), products.data(), &squares[from]);
                } else {
                    rowProducts(strip, n, rows.cols(), texts.row(t), products.data());
                }
                for (std::size_t i = 0; i < n; ++i) {
                    block.cosine[(from + i) * block.texts + t] = products[i];
                }
            }
        }
    });
}

void multiplyMany(const Matrix& rows, const Matrix& texts, Block& block, std::vector<float>& squares)
{
    const auto n = static_cast<int>(block.count), t = static_cast<int>(block.texts), d = static_cast<int>(rows.cols());
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, t, d, 1.0F, rows.row(block.first), d, texts.data(), d, 0.0F,
                block.cosine.data(), t);
    parallelFor(block.count, 512, [&](std::size_t begin, std::size_t end) {
        for (std::size_t r = begin; r < end; ++r) {
            squares[r] = static_cast<float>(squaredLength(rows.row(block.first + r), rows.cols()));
        }
    });
}

/// `texts` of unit length. The rows are not copied.
Block blockAt(const Matrix& rows, const Matrix& texts, std::size_t first)
{
    constexpr std::size_t kFew = 16;
    Block block{first, std::min(kBlock, rows.rows() - first), texts.rows(), {}};
    block.cosine.resize(block.count * block.texts);
    std::vector<float> squares(block.count);
    (texts.rows() <= kFew ? multiplyFew : multiplyMany)(rows, texts, block, squares);
    for (std::size_t r = 0; r < block.count; ++r) {
        const bool usable = squares[r] > 0 && std::isfinite(squares[r]);
        const double length = std::sqrt(static_cast<double>(squares[r]));
        for (std::size_t k = r * block.texts; k < (r + 1) * block.texts; ++k) {
            block.cosine[k] = usable ? static_cast<float>(static_cast<double>(block.cosine[k]) / length) : kMissing;
        }
    }
    return block;
}

void check(const Matrix& rows, const Matrix& texts)
{
    if (rows.cols() != texts.cols()) {
        throw Error(Code::Mismatch, "The pictures have " + std::to_string(rows.cols()) +
                                        " dimensions but the texts have " + std::to_string(texts.cols()) +
                                        "; embed both with the same model.");
    }
}

/// The columns' cosines, from the very blocks that they are ranked in: a product of other shape may differ in the last
/// bit, and a row must not rank above itself.
std::vector<float> columnCosines(const Matrix& rows, const Matrix& texts, const std::vector<std::uint32_t>& columns,
                                 JobContext& job)
{
    std::vector<float> cosine(texts.rows() * columns.size(), kMissing);
    std::vector<std::size_t> order(columns.size());
    for (std::size_t c = 0; c < order.size(); ++c) {
        order[c] = c;
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return columns[a] < columns[b]; });
    Block block;
    for (const std::size_t c : order) {
        const std::size_t row = columns[c];
        if (block.count == 0 || row >= block.first + block.count) {
            job.checkpoint();
            block = blockAt(rows, texts, row / kBlock * kBlock);
        }
        for (std::size_t t = 0; t < texts.rows(); ++t) {
            cosine[t * columns.size() + c] = block.at(row, t);
        }
    }
    return cosine;
}

/// The different cosines of the columns with one text, and how many rows lie at and between them.
class Ladder
{
public:
    explicit Ladder(std::vector<float> cosines) : m_step(std::move(cosines))
    {
        std::erase_if(m_step, [](float v) { return std::isnan(v); });
        std::sort(m_step.begin(), m_step.end());
        m_step.erase(std::unique(m_step.begin(), m_step.end()), m_step.end());
        m_below.assign(m_step.size() + 1, 0);
        m_at.assign(m_step.size() + 1, 0);
    }
    void take(float value)
    {
        const std::size_t i = place(value);
        ++(i < m_step.size() && m_step[i] == value ? m_at : m_below)[i];
    }
    /// The mean rank of a step: rows below it, and half of those at it.
    float percentile(float step, std::size_t among) const
    {
        const std::size_t i = place(step);
        std::size_t below = m_below[i];
        for (std::size_t k = 0; k < i; ++k) {
            below += m_below[k] + m_at[k];
        }
        const double rank = static_cast<double>(below) + static_cast<double>(m_at[i]) / 2;
        return static_cast<float>(100 * rank / static_cast<double>(among));
    }

private:
    std::size_t place(float value) const
    {
        return static_cast<std::size_t>(std::lower_bound(m_step.begin(), m_step.end(), value) - m_step.begin());
    }

    std::vector<float> m_step;
    std::vector<std::size_t> m_below, m_at; // below a step and above the one before it; equal to it
};

} // namespace

TextScores textScores(const Matrix& rows, const Matrix& texts, const std::vector<std::uint32_t>& columns,
                      JobContext& job)
{
    check(rows, texts);
    const Matrix units = normaliseRows(texts);
    TextScores scores;
    const std::size_t n = columns.size();
    std::vector<float> cosine = columnCosines(rows, units, columns, job);
    std::vector<float> percentile(cosine.size(), kMissing);
    std::vector<Ladder> ladders;
    for (std::size_t t = 0; t < texts.rows(); ++t) {
        const auto row = cosine.begin() + static_cast<std::ptrdiff_t>(t * n);
        ladders.emplace_back(std::vector<float>(row, row + static_cast<std::ptrdiff_t>(n)));
    }
    for (std::size_t first = 0; first < rows.rows() && !ladders.empty(); first += kBlock) {
        job.checkpoint();
        job.progress("scoring", "rows", first, rows.rows());
        const Block block = blockAt(rows, units, first);
        for (std::size_t r = first; r < first + block.count; ++r) {
            if (block.usable(r)) {
                ++scores.among;
                for (std::size_t t = 0; t < texts.rows(); ++t) {
                    ladders[t].take(block.at(r, t));
                }
            }
        }
    }
    for (std::size_t i = 0; i < cosine.size(); ++i) {
        if (!std::isnan(cosine[i])) {
            percentile[i] = ladders[i / n].percentile(cosine[i], scores.among);
        }
    }
    scores.cosine = Matrix::from(std::move(cosine), texts.rows(), n);
    scores.percentile = Matrix::from(std::move(percentile), texts.rows(), n);
    return scores;
}

std::vector<std::vector<Neighbour>> bestRows(const Matrix& rows, const Matrix& texts, std::size_t count,
                                             const std::vector<std::uint8_t>& may, JobContext& job)
{
    check(rows, texts);
    const Matrix units = normaliseRows(texts);
    const auto better = [](const Neighbour& a, const Neighbour& b) {
        return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
    };
    std::vector<std::vector<Neighbour>> best(texts.rows()); // heaps with the worst on top
    for (std::size_t first = 0; first < rows.rows() && count > 0 && !best.empty(); first += kBlock) {
        job.checkpoint();
        job.progress("finding the best pictures", "rows", first, rows.rows());
        const Block block = blockAt(rows, units, first);
        for (std::size_t r = first; r < first + block.count; ++r) {
            const bool wanted = (may.empty() || may[r] != 0) && block.usable(r);
            for (std::size_t t = 0; t < texts.rows() && wanted; ++t) {
                const Neighbour candidate{static_cast<std::uint32_t>(r), block.at(r, t)};
                std::vector<Neighbour>& heap = best[t];
                if (heap.size() == count && !better(candidate, heap.front())) {
                    continue;
                }
                if (heap.size() == count) {
                    std::pop_heap(heap.begin(), heap.end(), better);
                    heap.pop_back();
                }
                heap.push_back(candidate);
                std::push_heap(heap.begin(), heap.end(), better);
            }
        }
    }
    for (std::vector<Neighbour>& heap : best) {
        std::sort_heap(heap.begin(), heap.end(), better);
    }
    return best;
}

} // namespace semascope::core
