#include "core/latent/Vae.h"

#include "core/job/Error.h"

#include <algorithm>
#include <cmath>

namespace semascope::core {

namespace {

/// As torch has it: the logarithm of a probability is at least −100.
double crossEntropy(double target, double p)
{
    constexpr double kLeast = -100;
    return -(target * std::max(std::log(p), kLeast) + (1 - target) * std::max(std::log1p(-p), kLeast));
}

} // namespace

VaeFit vaeFit(const Vae& vae, const Matrix& pixels, JobContext& job)
{
    const VaeSpec& spec = vae.spec();
    const Posterior posterior = vae.encode(pixels, job);
    const Matrix decoded = vae.decode(posterior.mean, job);
    VaeFit fit;
    fit.n = pixels.rows();
    if (fit.n == 0) {
        throw Error(Code::Mismatch, "There is no picture to judge the VAE by; open at least one.");
    }
    const bool isSigned = spec.range == PixelRange::Signed;
    const auto n = static_cast<double>(fit.n);
    fit.divergenceOf.assign(posterior.mean.cols(), 0.0);
    for (std::size_t i = 0; i < pixels.rows(); ++i) {
        for (std::size_t j = 0; j < pixels.cols(); ++j) {
            const double x =
                isSigned ? (static_cast<double>(pixels.at(i, j)) + 1) / 2 : static_cast<double>(pixels.at(i, j));
            const double y = static_cast<double>(decoded.at(i, j)), miss = x - y;
            fit.squaredError += miss * miss / (n * static_cast<double>(pixels.cols()));
            fit.reconstruction += (spec.likelihood == PixelLikelihood::Bernoulli  ? crossEntropy(x, y)
                                   : spec.likelihood == PixelLikelihood::Gaussian ? miss * miss
                                                                                  : std::abs(miss)) /
                                  n;
        }
        for (std::size_t l = 0; l < posterior.mean.cols(); ++l) {
            const double mu = static_cast<double>(posterior.mean.at(i, l));
            const double logVariance = static_cast<double>(posterior.logVariance.at(i, l));
            fit.divergenceOf[l] += 0.5 * (mu * mu + std::exp(logVariance) - logVariance - 1) / n;
        }
    }
    for (const double each : fit.divergenceOf) {
        fit.divergence += each;
    }
    fit.psnr = fit.squaredError > 0 ? -10 * std::log10(fit.squaredError) : std::numeric_limits<double>::infinity();
    return fit;
}

} // namespace semascope::core
