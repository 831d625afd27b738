#pragma once
#include <cassert>
#include <cstddef>
#include <memory>
#include <vector>

namespace semascope::core {

/// A read-only n×d float32 matrix, row-major, without gaps. Copying shares the memory; the owner may be a vector, a
/// mapped file or a tensor. No hidden copies are made, so that 1M×512 fits.
class Matrix
{
public:
    Matrix() = default;
    Matrix(const float* data, std::size_t rows, std::size_t cols, std::shared_ptr<const void> owner)
        : m_data(data), m_rows(rows), m_cols(cols), m_owner(std::move(owner))
    {}
    /// Takes `values` (rows·cols numbers, row after row).
    static Matrix from(std::vector<float> values, std::size_t rows, std::size_t cols)
    {
        assert(values.size() == rows * cols);
        auto held = std::make_shared<const std::vector<float>>(std::move(values));
        return Matrix(held->data(), rows, cols, held);
    }

    const float* data() const noexcept { return m_data; }
    const float* row(std::size_t i) const noexcept { return m_data + i * m_cols; }
    float at(std::size_t i, std::size_t j) const noexcept { return m_data[i * m_cols + j]; }
    std::size_t rows() const noexcept { return m_rows; }
    std::size_t cols() const noexcept { return m_cols; }
    bool empty() const noexcept { return m_rows == 0 || m_cols == 0; }

private:
    const float* m_data = nullptr;
    std::size_t m_rows = 0, m_cols = 0;
    std::shared_ptr<const void> m_owner;
};

/// The rows of `x` named by `which`, copied.
Matrix takeRows(const Matrix& x, const std::vector<std::size_t>& which);
/// Rows scaled to unit length; a zero row stays zero.
Matrix normaliseRows(const Matrix& x);
/// Largest number of a usable row: the squares of larger ones, and of their differences, leave the range of float.
inline constexpr float kLargestUsable = 1e18F;
/// Indices of rows whose numbers are all finite and small enough to be squared: none beyond ±kLargestUsable, and Σx² at
/// most a quarter of the largest float. Other rows cannot be measured.
std::vector<std::size_t> finiteRows(const Matrix& x);

} // namespace semascope::core
