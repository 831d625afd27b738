#pragma once
#include "core/data/Matrix.h"
#include "core/job/Compute.h"
#include "core/job/JobContext.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace semascope::core {

/// One dense layer; offsets into the flat parameters. The weight is out×in.
struct DenseLayer
{
    std::size_t in = 0, out = 0, weight = 0, bias = 0;
    bool relu = false;
};

/// Encoder, mirrored decoder and centroids in one flat buffer: [decoder][encoder][centroids], so that what is trained
/// together — both, encoder and centroids, or all — lies together.
struct AutoEncoderLayout
{
    std::vector<DenseLayer> encoder, decoder;
    std::size_t encoderBegin = 0, centroids = 0, total = 0;
    std::size_t clusters = 0;

    /// widths: input, hidden layers, code. ReLU everywhere but at the code and the output.
    AutoEncoderLayout(const std::vector<std::size_t>& widths, std::size_t clusterCount);
    std::size_t inputDim() const noexcept { return encoder.front().in; }
    std::size_t codeDim() const noexcept { return encoder.back().out; }
};

/// Weights and biases uniform within ±1/√(inputs of the layer), or normal of the deviation given and no bias; centroids
/// zero.
std::vector<float> initialParameters(const AutoEncoderLayout& layout, double deviation, std::uint64_t seed);

struct Optimiser
{
    enum class Kind { Sgd, Adam };
    Kind kind = Kind::Adam;
    double momentum = 0.9; ///< of SGD; Adam has its usual .9, .999, 1e-8
};

/// What one step trains: the reconstruction (encoder and decoder), the clustering (encoder and centroids), or both.
struct TrainStep
{
    const std::uint32_t* rows = nullptr;
    std::size_t count = 0;
    double reconstruction = 0; ///< weight of the mean squared error of a number; 0 leaves the decoder alone
    double clustering = 0;     ///< weight of the mean KL(P‖Q) of a row; 0 leaves the centroids alone
    double rate = 0;
    double inputNoise = 0, codeNoise = 0; ///< shares of numbers dropped
    std::uint64_t noiseSeed = 0;
};

/// An autoencoder in training, on one device. Not thread-safe.
class AutoEncoder
{
public:
    virtual ~AutoEncoder() = default;
    const AutoEncoderLayout& layout() const noexcept { return m_layout; }

    virtual void setData(const Matrix& x) = 0;    ///< the rows to train on, n×d
    virtual void setTargets(const Matrix& p) = 0; ///< n×k
    virtual void setParameters(const std::vector<float>& values) = 0;
    virtual std::vector<float> parameters() = 0;
    virtual void startOptimiser(const Optimiser& optimiser) = 0; ///< forgets its moments
    virtual void step(const TrainStep& step) = 0;
    /// Sum of squared reconstruction errors of the steps since the last call; NaN when any number was.
    virtual double takeSquaredError() = 0;
    /// The codes of all rows, n×c.
    virtual Matrix codes(JobContext& job) = 0;

protected:
    explicit AutoEncoder(AutoEncoderLayout layout) : m_layout(std::move(layout)) {}
    AutoEncoderLayout m_layout;
};

std::unique_ptr<AutoEncoder> makeCpuAutoEncoder(const AutoEncoderLayout& layout);
/// By libtorch; on the CPU too, for comparison.
std::unique_ptr<AutoEncoder> makeTorchAutoEncoder(const AutoEncoderLayout& layout, const Device& device);
/// The first for the CPU, the second for a GPU.
std::unique_ptr<AutoEncoder> makeAutoEncoder(const AutoEncoderLayout& layout, const Device& device);

/// rows (count×inputs of the first layer) through `layers` of `parameters`, by the CPU.
std::vector<float> denseForward(const float* parameters, const std::vector<DenseLayer>& layers, const float* rows,
                                std::size_t count);

} // namespace semascope::core
