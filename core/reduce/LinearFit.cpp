#include "core/reduce/LinearFit_p.h"

#include "core/data/Text_p.h"
#include "core/job/Parallel.h"
#include "core/reduce/SymmetricEigen_p.h"

#include <cblas.h>

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr std::size_t kBlockNumbers = std::size_t{1} << 21; ///< doubles read at a time: 16 MB
constexpr std::size_t kMostFactored = 20000;                ///< side of the largest Gram matrix: 3.2 GB
constexpr double kRankTolerance = 1e-13;                    ///< of squared singular values, against the largest

std::size_t blockLength(std::size_t across)
{
    return std::clamp(kBlockNumbers / std::max<std::size_t>(across, 1), std::size_t{16}, std::size_t{8192});
}

/// Upper triangle of XᵀX (d×d).
std::vector<double> gramOfColumns(const StackedRows& rows, JobContext& job)
{
    const std::size_t n = rows.rows(), d = rows.cols(), step = blockLength(d);
    std::vector<double> gram(d * d, 0.0), block(std::min(step, n) * d);
    for (std::size_t begin = 0; begin < n; begin += step) {
        job.checkpoint();
        const std::size_t end = std::min(n, begin + step);
        rows.read(begin, end, 0, d, block.data());
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, static_cast<int>(d), static_cast<int>(end - begin), 1,
                    block.data(), static_cast<int>(d), 1, gram.data(), static_cast<int>(d));
        job.progress("measuring the spread", "rows", end, n);
    }
    return gram;
}

/// Upper triangle of XXᵀ (n×n).
std::vector<double> gramOfRows(const StackedRows& rows, JobContext& job)
{
    const std::size_t n = rows.rows(), d = rows.cols(), step = blockLength(n);
    std::vector<double> gram(n * n, 0.0), block(n * std::min(step, d));
    for (std::size_t from = 0; from < d; from += step) {
        job.checkpoint();
        const std::size_t to = std::min(d, from + step);
        rows.read(0, n, from, to, block.data());
        cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, static_cast<int>(n), static_cast<int>(to - from), 1,
                    block.data(), static_cast<int>(to - from), 1, gram.data(), static_cast<int>(n));
        job.progress("measuring the spread", "columns", to, d);
    }
    return gram;
}

double trace(const std::vector<double>& square, std::size_t n)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += square[i * n + i];
    }
    return sum;
}

/// Right singular vectors from left ones: Xᵀu/σ into column c of the axes.
void axesFromLeft(const StackedRows& rows, const EigenPairs& pairs, LinearFit& fit, JobContext& job)
{
    const std::size_t n = rows.rows(), d = rows.cols(), step = blockLength(n);
    std::vector<double> block(n * std::min(step, d));
    for (std::size_t from = 0; from < d; from += step) {
        job.checkpoint();
        const std::size_t to = std::min(d, from + step);
        rows.read(0, n, from, to, block.data());
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasTrans, static_cast<int>(to - from), static_cast<int>(fit.rank),
                    static_cast<int>(n), 1, block.data(), static_cast<int>(to - from), pairs.vectors.data(),
                    static_cast<int>(n), 0, fit.axes.data() + from * fit.dim, static_cast<int>(fit.dim));
    }
    for (std::size_t c = 0; c < fit.rank; ++c) {
        cblas_dscal(static_cast<int>(d), 1 / std::sqrt(fit.squares[c]), fit.axes.data() + c, static_cast<int>(fit.dim));
    }
}

void checkSize(std::size_t n, std::size_t d, std::size_t dim)
{
    if (dim > std::min(n, d)) {
        throw Error(Code::Mismatch, counted(n, "row", "rows") + " of " + counted(d, "number", "numbers") +
                                        (n == 1 ? " has at most " : " have at most ") +
                                        counted(std::min(n, d), "axis", "axes") +
                                        "; ask for no more than that instead of " + std::to_string(dim) + ".");
    }
    if (std::min(n, d) > kMostFactored) {
        const auto side = static_cast<double>(std::min(n, d));
        throw Error(Code::OutOfMemory, "The axes of " + std::to_string(n) + " rows of " + std::to_string(d) +
                                           " numbers need " + std::to_string(static_cast<int>(side * side * 8e-9)) +
                                           " GB; take at most " + std::to_string(kMostFactored) + " rows.");
    }
}

class LinearProjector final : public Projector
{
public:
    LinearProjector(std::vector<double> origin, std::vector<double> axes, std::size_t dim, bool unit)
        : m_origin(std::move(origin)), m_axes(std::move(axes)), m_dim(dim), m_unit(unit)
    {}

    Matrix place(const Matrix& rows) const override
    {
        const std::size_t d = m_origin.size();
        if (rows.cols() != d) {
            throw Error(Code::Mismatch, "The layout was made from rows of " + std::to_string(d) +
                                            " numbers, these have " + std::to_string(rows.cols()) +
                                            "; use rows of the same model.");
        }
        const Matrix used = m_unit ? normaliseRows(rows) : rows;
        std::vector<std::size_t> all(rows.rows());
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = i;
        }
        const StackedRows stacked({RowPart{&used, std::move(all), m_origin}});
        JobContext quiet;
        LinearFit fit;
        fit.axes = m_axes;
        fit.dim = m_dim;
        return projectPart(stacked, 0, fit, quiet);
    }
    bool exact() const noexcept override { return true; }

private:
    std::vector<double> m_origin, m_axes;
    std::size_t m_dim;
    bool m_unit;
};

} // namespace

StackedRows::StackedRows(std::vector<RowPart> parts) : m_parts(std::move(parts))
{
    m_cols = m_parts.front().x->cols();
    for (const RowPart& part : m_parts) {
        m_first.push_back(m_rows);
        m_rows += part.which.size();
    }
}

void StackedRows::read(std::size_t begin, std::size_t end, std::size_t from, std::size_t to, double* out) const
{
    parallelFor(end - begin, 64, [&](std::size_t first, std::size_t last) {
        for (std::size_t r = begin + first; r < begin + last; ++r) {
            const auto p =
                static_cast<std::size_t>(std::upper_bound(m_first.begin(), m_first.end(), r) - m_first.begin() - 1);
            const RowPart& part = m_parts[p];
            const float* row = part.x->row(part.which[r - m_first[p]]);
            double* target = out + (r - begin) * (to - from);
            for (std::size_t j = from; j < to; ++j) {
                target[j - from] = static_cast<double>(row[j]) - part.origin[j];
            }
        }
    });
}

std::vector<double> meanRow(const Matrix& x, const std::vector<std::size_t>& which)
{
    const std::size_t d = x.cols();
    std::vector<double> mean(d, 0.0);
    parallelFor(d, 64, [&](std::size_t from, std::size_t to) {
        for (const std::size_t i : which) {
            const float* row = x.row(i);
            for (std::size_t j = from; j < to; ++j) {
                mean[j] += row[j];
            }
        }
    });
    for (double& m : mean) {
        m /= static_cast<double>(std::max<std::size_t>(which.size(), 1));
    }
    return mean;
}

LinearFit fitLinear(const StackedRows& rows, std::size_t dim, JobContext& job)
{
    const std::size_t n = rows.rows(), d = rows.cols();
    checkSize(n, d, dim);
    const bool byColumns = d <= n;
    std::vector<double> gram = byColumns ? gramOfColumns(rows, job) : gramOfRows(rows, job);
    LinearFit fit;
    fit.dim = dim;
    fit.total = trace(gram, std::min(n, d));
    job.checkpoint();
    const EigenPairs pairs = largestEigenPairs(gram, std::min(n, d), dim);
    job.checkpoint();
    fit.axes.assign(d * dim, 0.0);
    for (const double value : pairs.values) {
        const bool real = value > kRankTolerance * pairs.values.front() && value > 0;
        fit.rank += real ? 1 : 0;
        fit.squares.push_back(real ? value : 0.0);
    }
    if (byColumns) {
        for (std::size_t c = 0; c < fit.rank; ++c) {
            cblas_dcopy(static_cast<int>(d), pairs.vectors.data() + c * d, 1, fit.axes.data() + c,
                        static_cast<int>(dim));
        }
    } else if (fit.rank > 0) {
        axesFromLeft(rows, pairs, fit, job);
    }
    for (std::size_t c = 0; c < dim; ++c) {
        fixSign(fit.axes.data() + c, d, dim);
    }
    return fit;
}

Matrix projectPart(const StackedRows& rows, std::size_t p, const LinearFit& fit, JobContext& job)
{
    const RowPart& part = rows.parts()[p];
    const StackedRows alone({part});
    const std::size_t n = alone.rows(), d = alone.cols(), step = blockLength(d);
    std::vector<double> block(std::min(step, n) * d), placed(std::min(step, n) * fit.dim);
    std::vector<float> points(n * fit.dim);
    for (std::size_t begin = 0; begin < n; begin += step) {
        job.checkpoint();
        const std::size_t end = std::min(n, begin + step);
        alone.read(begin, end, 0, d, block.data());
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(end - begin), static_cast<int>(fit.dim),
                    static_cast<int>(d), 1, block.data(), static_cast<int>(d), fit.axes.data(),
                    static_cast<int>(fit.dim), 0, placed.data(), static_cast<int>(fit.dim));
        std::transform(placed.begin(), placed.begin() + static_cast<std::ptrdiff_t>((end - begin) * fit.dim),
                       points.begin() + static_cast<std::ptrdiff_t>(begin * fit.dim),
                       [](double v) { return static_cast<float>(v); });
        job.progress("projecting", "rows", end, n);
    }
    return Matrix::from(std::move(points), n, fit.dim);
}

std::shared_ptr<const Projector> linearProjector(std::vector<double> origin, const LinearFit& fit, bool unit)
{
    return std::make_shared<LinearProjector>(std::move(origin), fit.axes, fit.dim, unit);
}

} // namespace semascope::core
