#include "core/latent/IinModel_p.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

/// Below this many rows one at a time is quicker than matrix products.
constexpr std::size_t kFewRows = 6;
/// Rows at a time: keeps the activations within tens of megabytes, and a stop request waits for one chunk only.
constexpr std::size_t kChunk = 2048;

class FlowIin final : public Iin
{
public:
    explicit FlowIin(IinParts parts)
        : m_parts(std::move(parts)), m_rows(std::make_shared<const FlowRows>(*m_parts.flow))
    {}

    std::size_t dim() const noexcept override { return m_parts.flow->shape.dim; }
    const std::vector<FactorBlock>& factors() const noexcept override { return m_parts.factors; }
    const IinRecord& record() const noexcept override { return m_parts.record; }

    Matrix forward(const Matrix& z, JobContext& job) const override
    {
        return apply(z, job, [this](float* rows, std::size_t n) {
            if (n < kFewRows) {
                eachRow(rows, n, [this](float* row) { forward(row); });
                return;
            }
            eachRow(rows, n, [this](float* row) { standardise(row); });
            flowForward(*m_parts.flow, {.rows = rows, .n = n});
        });
    }
    Matrix inverse(const Matrix& factors, JobContext& job) const override
    {
        return apply(factors, job, [this](float* rows, std::size_t n) {
            if (n < kFewRows) {
                eachRow(rows, n, [this](float* row) { inverse(row); });
                return;
            }
            flowInverse(*m_parts.flow, rows, n);
            eachRow(rows, n, [this](float* row) { restore(row); });
        });
    }
    std::vector<double> logDeterminant(const Matrix& z, JobContext& job) const override
    {
        std::vector<double> all;
        double scaling = 0;
        for (const float deviation : m_parts.deviation) {
            scaling -= std::log(static_cast<double>(deviation));
        }
        apply(z, job, [&](float* rows, std::size_t n) {
            eachRow(rows, n, [this](float* row) { standardise(row); });
            std::vector<double> some(n);
            flowForward(*m_parts.flow, {.rows = rows, .n = n, .logDet = some.data()});
            std::transform(some.begin(), some.end(), std::back_inserter(all), [&](double v) { return v + scaling; });
        });
        return all;
    }
    void forward(float* row) const override
    {
        standardise(row);
        m_rows->forward(row);
    }
    void inverse(float* row) const override
    {
        m_rows->inverse(row);
        restore(row);
    }

    std::shared_ptr<const Iin> renamed(std::size_t index, const std::string& name) const override
    {
        if (index >= factors().size()) {
            throw Error(Code::Misuse, "There is no factor " + std::to_string(index) + ": this IIN has " +
                                          std::to_string(factors().size()) + ".");
        }
        const bool blank = std::all_of(name.begin(), name.end(), [](char c) { return c == ' ' || c == '\t'; });
        if (blank) {
            throw Error(Code::Misuse, "A factor needs a name that is not empty.");
        }
        for (std::size_t i = 0; i < factors().size(); ++i) {
            if (i != index && factors()[i].name == name) {
                throw Error(Code::Misuse, "Another factor is named \"" + name + "\"; choose a different name.");
            }
        }
        auto copy = std::make_shared<FlowIin>(*this);
        copy->m_parts.factors[index].name = name;
        return copy;
    }
    void save(const std::string& folder) const override { saveIin(m_parts, folder); }

private:
    template<class Body> Matrix apply(const Matrix& from, JobContext& job, const Body& body) const
    {
        if (from.cols() != dim()) {
            throw Error(Code::Mismatch, "This IIN works on " + std::to_string(dim()) +
                                            " numbers a row, and these rows have " + std::to_string(from.cols()) +
                                            "; open the data it was trained on.");
        }
        std::vector<float> all(from.data(), from.data() + from.rows() * from.cols());
        for (std::size_t at = 0; at < from.rows(); at += kChunk) {
            job.checkpoint();
            body(all.data() + at * dim(), std::min(kChunk, from.rows() - at));
        }
        return Matrix::from(std::move(all), from.rows(), from.cols());
    }
    template<class Body> void eachRow(float* rows, std::size_t n, const Body& body) const
    {
        for (std::size_t i = 0; i < n; ++i) {
            body(rows + i * dim());
        }
    }
    void standardise(float* row) const
    {
        for (std::size_t j = 0; j < dim(); ++j) {
            row[j] = (row[j] - m_parts.mean[j]) / m_parts.deviation[j];
        }
    }
    void restore(float* row) const
    {
        for (std::size_t j = 0; j < dim(); ++j) {
            row[j] = row[j] * m_parts.deviation[j] + m_parts.mean[j];
        }
    }

    IinParts m_parts;
    std::shared_ptr<const FlowRows> m_rows;
};

} // namespace

std::shared_ptr<const Iin> makeIin(IinParts parts)
{
    return std::make_shared<FlowIin>(std::move(parts));
}

std::shared_ptr<const Iin> openIin(const std::string& folder)
{
    return makeIin(readIin(folder));
}

double inverseError(const Iin& iin, const Matrix& z, JobContext& job)
{
    const Matrix back = iin.inverse(iin.forward(z, job), job);
    double worst = 0;
    for (std::size_t j = 0; j < z.cols(); ++j) {
        double sum = 0, squares = 0, error = 0;
        for (std::size_t i = 0; i < z.rows(); ++i) {
            const double v = static_cast<double>(z.at(i, j)), e = std::abs(v - static_cast<double>(back.at(i, j)));
            sum += v;
            squares += v * v;
            error = !(e <= error) ? e : error; // keeps a NaN
        }
        const double n = static_cast<double>(z.rows()), mean = sum / n;
        const double deviation = std::sqrt(std::max(0.0, squares / n - mean * mean));
        const double relative = deviation > 0 ? error / deviation : error;
        worst = !(relative <= worst) ? relative : worst;
    }
    return worst;
}

Matrix factorColumns(const Matrix& factors, const FactorBlock& block)
{
    if (block.offset + block.size > factors.cols()) {
        throw Error(Code::Mismatch, "The factor \"" + block.name + "\" lies outside these rows of " +
                                        std::to_string(factors.cols()) + " numbers; use the factors of its own IIN.");
    }
    std::vector<float> columns(factors.rows() * block.size);
    for (std::size_t i = 0; i < factors.rows(); ++i) {
        std::copy_n(factors.row(i) + block.offset, block.size, columns.data() + i * block.size);
    }
    return Matrix::from(std::move(columns), factors.rows(), block.size);
}

} // namespace semascope::core
