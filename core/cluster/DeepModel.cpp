#include "core/cluster/DeepModel_p.h"

#include "core/cluster/StudentT.h"
#include "core/job/Error.h"

#include <algorithm>
#include <limits>

namespace semascope::core {

namespace {

constexpr std::size_t kBlockRows = 1024;

class TrainedModel final : public DeepModel
{
public:
    explicit TrainedModel(DeepModelParts parts)
        : m_parts(std::move(parts)),
          m_layout(m_parts.widths, m_parts.clusters),
          m_centroids(Matrix::from(
              {m_parts.parameters.begin() + static_cast<std::ptrdiff_t>(m_layout.centroids), m_parts.parameters.end()},
              m_parts.clusters, m_parts.widths.back()))
    {}

    std::string method() const override { return m_parts.method; }
    std::size_t inputDim() const noexcept override { return m_parts.widths.front(); }
    std::size_t codeDim() const noexcept override { return m_parts.widths.back(); }
    std::size_t clusters() const noexcept override { return m_parts.clusters; }
    bool hasDecoder() const noexcept override { return keepsDecoder(m_parts.method); }
    Matrix encode(const Matrix& rows, JobContext& job) const override;
    Matrix assign(const Matrix& rows, JobContext& job) const override;
    Matrix decodedCentroids() const override;
    void save(const std::string& folder) const override { saveDeepModel(m_parts, folder); }

private:
    DeepModelParts m_parts;
    AutoEncoderLayout m_layout;
    Matrix m_centroids;
};

/// Rows that cannot be measured become NaN: their products would not all be.
void spoil(const Matrix& rows, std::vector<float>& values, std::size_t width)
{
    const std::vector<std::size_t> good = finiteRows(rows);
    std::size_t next = 0;
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        if (next < good.size() && good[next] == i) {
            ++next;
        } else {
            std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(i * width), width,
                        std::numeric_limits<float>::quiet_NaN());
        }
    }
}

Matrix TrainedModel::encode(const Matrix& rows, JobContext& job) const
{
    if (rows.cols() != inputDim() && rows.rows() > 0) {
        throw Error(Code::Mismatch, "The model takes rows of " + std::to_string(inputDim()) +
                                        " numbers, but these have " + std::to_string(rows.cols()) +
                                        "; give rows made as those it was trained on.");
    }
    const std::size_t n = rows.rows(), c = codeDim();
    std::vector<float> codes(n * c);
    for (std::size_t begin = 0; begin < n; begin += kBlockRows) {
        job.checkpoint();
        const std::size_t count = std::min(kBlockRows, n - begin);
        const Matrix some(rows.row(begin), count, rows.cols(), nullptr);
        const Matrix prepared = m_parts.preparation.apply(some, job);
        std::vector<float> block = denseForward(m_parts.parameters.data(), m_layout.encoder, prepared.data(), count);
        spoil(some, block, c);
        std::copy(block.begin(), block.end(), codes.begin() + static_cast<std::ptrdiff_t>(begin * c));
        job.progress("encoding", "rows", begin + count, n);
    }
    return Matrix::from(std::move(codes), n, c);
}

Matrix TrainedModel::assign(const Matrix& rows, JobContext& job) const
{
    return softAssignments(encode(rows, job), m_centroids); // NaN codes give NaN shares
}

Matrix TrainedModel::decodedCentroids() const
{
    if (!hasDecoder()) {
        return {};
    }
    std::vector<float> rows =
        denseForward(m_parts.parameters.data(), m_layout.decoder, m_centroids.data(), m_parts.clusters);
    return m_parts.preparation.undo(Matrix::from(std::move(rows), m_parts.clusters, inputDim()));
}

} // namespace

bool keepsDecoder(const std::string& method)
{
    return method != "dec"; // its decoder stays as pre-training left it while the code moves away
}

std::shared_ptr<const DeepModel> makeDeepModel(DeepModelParts parts)
{
    return std::make_shared<TrainedModel>(std::move(parts));
}

std::shared_ptr<const DeepModel> openDeepModel(const std::string& folder)
{
    return makeDeepModel(readDeepModel(folder));
}

} // namespace semascope::core
