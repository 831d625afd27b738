#include "core/latent/IinLoss_p.h"

namespace semascope::core {

namespace {

/// |b − ρa|²/(2(1−ρ²)) over one block of one pair; adds to both gradients.
struct BlockPair
{
    const float* a = nullptr;
    const float* b = nullptr;
    float* byA = nullptr;
    float* byB = nullptr;
    std::size_t size = 0;
    double rho = 0, weight = 1;

    double run() const
    {
        const double spread = 1 - rho * rho;
        double sum = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const double d = static_cast<double>(b[i]) - rho * static_cast<double>(a[i]);
            sum += d * d;
            if (byA) {
                byA[i] -= static_cast<float>(weight * rho * d / spread);
                byB[i] = static_cast<float>(weight * d / spread);
            }
        }
        return sum / (2 * spread);
    }
};

double halfSquares(const float* row, std::size_t n)
{
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        sum += static_cast<double>(row[i]) * static_cast<double>(row[i]);
    }
    return sum / 2;
}

} // namespace

double likelihoodLoss(const FlowOutput& out)
{
    double sum = 0;
    const double weight = 1 / static_cast<double>(out.n);
    for (std::size_t i = 0; i < out.n; ++i) {
        const float* y = out.rows + i * out.dim;
        sum += halfSquares(y, out.dim) - out.logDet[i];
        for (std::size_t j = 0; out.gradient && j < out.dim; ++j) {
            out.gradient[i * out.dim + j] = static_cast<float>(weight * static_cast<double>(y[j]));
        }
    }
    return sum * weight;
}

double pairLoss(const FlowOutput& out, const std::vector<FactorBlock>& factors, const std::vector<std::uint8_t>& shared,
                double rho)
{
    const std::size_t pairs = out.n / 2, dim = out.dim;
    const double weight = 1 / static_cast<double>(pairs);
    double sum = 0;
    for (std::size_t p = 0; p < pairs; ++p) {
        const float* a = out.rows + p * dim;
        const float* b = a + pairs * dim;
        float* byA = out.gradient ? out.gradient + p * dim : nullptr;
        float* byB = out.gradient ? byA + pairs * dim : nullptr;
        sum += halfSquares(a, dim) - out.logDet[p] - out.logDet[pairs + p];
        for (std::size_t j = 0; byA && j < dim; ++j) {
            byA[j] = static_cast<float>(weight * static_cast<double>(a[j]));
        }
        for (std::size_t k = 0; k < factors.size(); ++k) {
            const std::size_t at = factors[k].offset;
            const double together = shared[p * factors.size() + k] ? rho : 0.0;
            sum += BlockPair{a + at,   b + at, byA ? byA + at : nullptr, byB ? byB + at : nullptr, factors[k].size,
                             together, weight}
                       .run();
        }
    }
    return sum * weight;
}

} // namespace semascope::core
