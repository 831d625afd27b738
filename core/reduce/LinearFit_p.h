#pragma once
#include "core/reduce/Layout.h"

#include <cstddef>
#include <vector>

namespace semascope::core {

/// Finite rows of one matrix and the point that is taken for their origin.
struct RowPart
{
    const Matrix* x = nullptr;
    std::vector<std::size_t> which; ///< rows of x, in order
    std::vector<double> origin;     ///< d numbers
};

/// Several parts, one below the other, read block by block in double precision so that no copy of the whole is made.
class StackedRows
{
public:
    explicit StackedRows(std::vector<RowPart> parts);

    std::size_t rows() const noexcept { return m_rows; }
    std::size_t cols() const noexcept { return m_cols; }
    const std::vector<RowPart>& parts() const noexcept { return m_parts; }
    /// Columns [from, to) of rows [begin, end) minus their origins, row after row.
    void read(std::size_t begin, std::size_t end, std::size_t from, std::size_t to, double* out) const;

private:
    std::vector<RowPart> m_parts;
    std::vector<std::size_t> m_first; ///< stacked index of each part's first row
    std::size_t m_rows = 0, m_cols = 0;
};

/// Mean of the rows `which` of x.
std::vector<double> meanRow(const Matrix& x, const std::vector<std::size_t>& which);

/// Principal directions of stacked rows.
struct LinearFit
{
    std::vector<double> axes;      ///< d×dim, unit columns, largest loading positive; zero columns beyond the rank
    std::vector<double> squares;   ///< squared singular values, dim of them, falling
    double total = 0;              ///< sum of all squared singular values
    std::size_t dim = 0, rank = 0; ///< axes asked for; axes that are not zero
};

/// Exact: eigenvectors of the Gram matrix on the smaller side, accumulated in double. Throws Error(Mismatch) for more
/// axes than min(n, d), Error(OutOfMemory) when both sides are beyond what can be factored.
LinearFit fitLinear(const StackedRows& rows, std::size_t dim, JobContext& job);

/// Part `p` of the rows on the axes: rows×dim.
Matrix projectPart(const StackedRows& rows, std::size_t p, const LinearFit& fit, JobContext& job);

/// (row − origin)·axes, exact. With `unit`, rows are scaled to unit length first.
std::shared_ptr<const Projector> linearProjector(std::vector<double> origin, const LinearFit& fit, bool unit);

/// Layouts of single matrices: pca and svd. `rows` are the finite rows of x.
Layout linearLayout(const Matrix& x, const std::vector<std::size_t>& rows, const LayoutSpec& spec, JobContext& job);

} // namespace semascope::core
