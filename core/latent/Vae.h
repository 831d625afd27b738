#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"
#include "core/latent/VaeSpec.h"

namespace semascope::core {

/// Posterior of each picture, n×L both.
struct Posterior
{
    Matrix mean, logVariance;
};

/// A VAE in memory. Immutable; encode and decode may be called from several threads.
class Vae
{
public:
    /// A folder (config.json or specs.json beside the weights) or a weights file. Throws Error(NotFound | BadFormat |
    /// Unsupported): what it is instead and what would work.
    static std::shared_ptr<const Vae> open(const std::string& path, const std::string& device, JobContext& job);
    virtual ~Vae() = default;

    virtual const VaeSpec& spec() const noexcept = 0;
    virtual const std::string& name() const noexcept = 0;
    virtual const std::string& path() const noexcept = 0;
    virtual std::string weightsHash() const = 0;
    virtual std::string deviceName() const = 0;
    virtual std::uint64_t parameters() const noexcept = 0;

    /// n pictures, channels×side×side each, numbers in spec().range. Stop is checked per batch. Throws Error(Mismatch |
    /// Cancelled | OutOfMemory).
    virtual Posterior encode(const Matrix& pixels, JobContext& job) const = 0;
    /// n×L → n pictures in [0, 1], channels×side×side.
    virtual Matrix decode(const Matrix& latents, JobContext& job) const = 0;
};

/// Reconstruction error and divergence of n pictures (§4.1): means over the pictures, sums over pixels resp. latents.
struct VaeFit
{
    double reconstruction = 0; ///< nats of the likelihood; Bernoulli cross-entropy
    double squaredError = 0;   ///< a number
    double psnr = 0;           ///< dB, of the mean squared error
    double divergence = 0;
    std::vector<double> divergenceOf; ///< each latent
    std::size_t n = 0;
};
VaeFit vaeFit(const Vae& vae, const Matrix& pixels, JobContext& job);

} // namespace semascope::core
