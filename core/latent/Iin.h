#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace semascope::core {

/// How an IIN is built and trained. Equal specs over equal rows give equal models (same thread count).
struct IinSpec
{
    int blocks = 6;             ///< of ActNorm, two couplings, shuffle
    int depth = 2;              ///< hidden layers within a coupling's network
    int width = 128;            ///< of those
    double rho = 0.975;         ///< correlation assumed between the shared factor of two rows
    double learningRate = 3e-4; ///< of Adam (betas .5, .9), falling to 0 along half a cosine
    int batch = 64;             ///< rows, or pairs, a step
    double noise = 0.3;         ///< deviation of the noise added to the standardised rows; against overfitting
    double weightDecay = 1e-3;  ///< of the networks' weights, decoupled (as AdamW)
    int epochs = 300;
    int patience = 30;        ///< epochs without a better held-out loss before training ends; 0: never early
    double heldOut = 0.1;     ///< share of the rows kept aside; 0: none, and no early end
    bool standardise = true;  ///< columns to mean 0, deviation 1 before the flow; kept in the model
    bool everyShared = false; ///< with labels: a pair counts as sharing all factors in which it agrees, not only one
    std::uint64_t seed = 0;
    bool operator==(const IinSpec&) const = default;
};

/// A slice of the output: the numbers that belong to one factor. The last block of a model is the residual.
struct FactorBlock
{
    std::string name;
    std::size_t offset = 0, size = 0;
    bool operator==(const FactorBlock&) const = default;
};

/// What is worth knowing of a finished training; stored with the model.
struct IinRecord
{
    IinSpec spec;
    std::size_t rows = 0, heldOutRows = 0;
    int epochs = 0, bestEpoch = 0;
    double trainLoss = 0, heldOutLoss = 0; ///< at the best epoch; NaN without held-out rows
    double inverseError = 0;               ///< largest |z − T⁻¹(T(z))| over the rows, in deviations of the column
    std::string source;                    ///< what the rows were, in the user's words; may be empty
};

/// An invertible interpretation network T: z ↔ factors, both of width dim() (algorithm: Esser, Rombach & Ommer 2020).
/// Immutable and thread-safe.
class Iin
{
public:
    virtual ~Iin() = default;
    virtual std::size_t dim() const noexcept = 0;
    virtual const std::vector<FactorBlock>& factors() const noexcept = 0;
    virtual const IinRecord& record() const noexcept = 0;

    /// n×dim rows to n×dim factors. Throws Error(Mismatch) for another width, Error(Cancelled).
    virtual Matrix forward(const Matrix& z, JobContext& job) const = 0;
    virtual Matrix inverse(const Matrix& factors, JobContext& job) const = 0;
    /// log|det dT/dz| of each row, the standardisation included.
    virtual std::vector<double> logDeterminant(const Matrix& z, JobContext& job) const = 0;
    /// One row of dim() numbers, in place: for sliders (well under a millisecond at dim 32).
    virtual void forward(float* row) const = 0;
    virtual void inverse(float* row) const = 0;

    /// The same network with another name for factor `index`. Throws Error(Misuse) for a name that is empty or taken.
    virtual std::shared_ptr<const Iin> renamed(std::size_t index, const std::string& name) const = 0;
    /// Writes config.json and model.safetensors into a folder (made when absent). Throws Error(Io).
    virtual void save(const std::string& folder) const = 0;
};

/// Throws Error(NotFound | BadFormat).
std::shared_ptr<const Iin> openIin(const std::string& folder);
/// Whether `folder` holds such a model (its config.json says so).
bool isIin(const std::string& folder);

/// Largest |z − T⁻¹(T(z))| in deviations of the columns the model was trained on.
double inverseError(const Iin& iin, const Matrix& z, JobContext& job);

/// The columns of one block: n×size.
Matrix factorColumns(const Matrix& factors, const FactorBlock& block);

} // namespace semascope::core
