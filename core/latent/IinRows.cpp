#include "core/latent/IinRows_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

constexpr std::size_t kFewestRows = 16;

} // namespace

void shuffleRows(std::vector<std::uint32_t>& rows, std::mt19937_64& random)
{
    for (std::size_t i = rows.size(); i > 1; --i) {
        std::swap(rows[i - 1], rows[drawBelow(random, i)]);
    }
}

IinRows::IinRows(const IinData& data, const IinSpec& spec, std::mt19937_64& random) : m_data(data), m_noise(spec.noise)
{
    if (dim() < 2) {
        throw Error(Code::Misuse, "An IIN needs rows of two numbers at least.");
    }
    if (!data.deviations.empty() && (data.deviations.rows() != data.rows.rows() || data.deviations.cols() != dim())) {
        throw Error(Code::Mismatch, "The rows' deviations must have the size of the rows.");
    }
    for (const std::size_t row : finiteRows(data.rows)) {
        train.push_back(static_cast<std::uint32_t>(row));
    }
    if (train.size() < kFewestRows) {
        throw Error(Code::Misuse, "An IIN needs " + std::to_string(kFewestRows) +
                                      " usable rows at least, and there are " + std::to_string(train.size()) +
                                      "; add data.");
    }
    leftOut = data.rows.rows() - train.size();
    split(spec.heldOut, random);
    mean.assign(dim(), 0);
    deviation.assign(dim(), 1);
    if (spec.standardise) {
        standardise();
    }
}

void IinRows::split(double share, std::mt19937_64& random)
{
    shuffleRows(train, random);
    const auto count = static_cast<std::size_t>(share * static_cast<double>(train.size()));
    heldOut.assign(train.end() - static_cast<std::ptrdiff_t>(count), train.end());
    train.resize(train.size() - count);
    std::sort(heldOut.begin(), heldOut.end());
}

void IinRows::standardise()
{
    const double n = static_cast<double>(train.size());
    for (std::size_t j = 0; j < dim(); ++j) {
        double sum = 0, squares = 0;
        for (const std::uint32_t i : train) {
            sum += static_cast<double>(m_data.rows.at(i, j));
        }
        const double middle = sum / n;
        for (const std::uint32_t i : train) {
            const double d = static_cast<double>(m_data.rows.at(i, j)) - middle;
            squares += d * d;
        }
        mean[j] = static_cast<float>(middle);
        const double spread = std::sqrt(squares / n);
        // A column that hardly changes holds rounding errors only, which must not be blown up.
        if (spread > 1e-6 * std::abs(middle) && spread > 1e-30) {
            deviation[j] = static_cast<float>(spread);
        }
    }
}

std::vector<float> IinRows::standardised(std::size_t row) const
{
    std::vector<float> x(m_data.rows.row(row), m_data.rows.row(row) + dim());
    for (std::size_t j = 0; j < x.size(); ++j) {
        x[j] = (x[j] - mean[j]) / deviation[j];
    }
    return x;
}

std::vector<float> IinRows::noisy(const std::vector<std::uint32_t>& rows, std::mt19937_64& random) const
{
    std::vector<float> out;
    out.reserve(rows.size() * dim());
    for (const std::uint32_t row : rows) {
        const float* own = m_data.deviations.empty() ? nullptr : m_data.deviations.row(row);
        const std::vector<float> x = standardised(row);
        for (std::size_t j = 0; j < x.size(); ++j) {
            const float spread = own ? own[j] / deviation[j] : static_cast<float>(m_noise);
            out.push_back(x[j] + (spread > 0 ? spread * drawNormal(random) : 0));
        }
    }
    return out;
}

std::vector<float> IinRows::noisyPairs(const std::vector<RowPair>& pairs, std::mt19937_64& random) const
{
    std::vector<std::uint32_t> rows;
    std::transform(pairs.begin(), pairs.end(), std::back_inserter(rows), [](const RowPair& p) { return p.first; });
    std::transform(pairs.begin(), pairs.end(), std::back_inserter(rows), [](const RowPair& p) { return p.second; });
    return noisy(rows, random);
}

std::pair<Matrix, Matrix> IinRows::sides(const std::vector<RowPair>& pairs) const
{
    std::vector<float> a, b;
    for (const auto& [first, second] : pairs) {
        const std::vector<float> x = standardised(first), y = standardised(second);
        a.insert(a.end(), x.begin(), x.end());
        b.insert(b.end(), y.begin(), y.end());
    }
    return {Matrix::from(std::move(a), pairs.size(), dim()), Matrix::from(std::move(b), pairs.size(), dim())};
}

} // namespace semascope::core
