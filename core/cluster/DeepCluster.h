#pragma once
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace semascope::core {

/// One point of a training curve. NaN where a term has no part in the stage.
struct TrainingPoint
{
    enum class Stage { Pretraining, Refining };
    Stage stage = Stage::Pretraining;
    int step = 0;              ///< epoch while pre-training, update of the target distribution while refining
    double reconstruction = 0; ///< mean squared error a number of the prepared input, over all rows trained on
    double clustering = 0;     ///< KL(P‖Q) a row
    double changed = 0;        ///< share of rows whose cluster changed since the update before; NaN at the first
};

/// How things stand at one moment of training: the code of every row, seen in two dimensions (PCA of the code, turned
/// and mirrored to lie on the frame before), and the clusters. Published as shared_ptr<const DeepFrame>.
struct DeepFrame
{
    TrainingPoint at;
    std::string stage;                    ///< for people: "pre-training, epoch 12 of 60", "refining, update 8"
    Matrix points;                        ///< n×2
    std::vector<std::int32_t> assignment; ///< n; empty before there are clusters
    std::shared_ptr<const std::vector<std::uint32_t>> inputRow; ///< row of the input of each
    std::vector<TrainingPoint> curve;                           ///< up to here, this restart
};

/// A trained network and its centroids: assigns new rows, decodes. Immutable, thread-safe.
class DeepModel
{
public:
    virtual ~DeepModel() = default;
    virtual std::string method() const = 0; ///< "ae-kmeans", "dec", "idec"
    virtual std::size_t inputDim() const noexcept = 0;
    virtual std::size_t codeDim() const noexcept = 0;
    virtual std::size_t clusters() const noexcept = 0;
    virtual bool hasDecoder() const noexcept = 0;
    /// m×d raw rows → m×c. The preparation of the training rows (mean, scale) is part of the model. Throws
    /// Error(Mismatch) for another width, Error(Cancelled).
    virtual Matrix encode(const Matrix& rows, JobContext& job) const = 0;
    /// m×k soft assignments (Student's t, one degree of freedom) of raw rows; rows sum to 1. A row that cannot be
    /// measured (see finiteRows) gets NaN.
    virtual Matrix assign(const Matrix& rows, JobContext& job) const = 0;
    /// k×d: the centroids through the decoder, preparation undone as far as it can be (lengths are lost by
    /// normalising). Empty without a decoder.
    virtual Matrix decodedCentroids() const = 0;
    /// Writes config.json and model.safetensors into a folder (made when absent). Throws Error(Io).
    virtual void save(const std::string& folder) const = 0;
};

/// Throws Error(NotFound | BadFormat).
std::shared_ptr<const DeepModel> openDeepModel(const std::string& folder);
/// Whether `folder` holds such a model (its config.json says so).
bool isDeepModel(const std::string& folder);

} // namespace semascope::core
