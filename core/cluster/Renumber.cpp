#include "core/cluster/Renumber.h"

#include "core/cluster/DeepModel_p.h"
#include "core/job/Error.h"

#include <algorithm>

namespace semascope::core {

namespace {

/// Row i of a k×d matrix goes to row to[i]; a matrix of another height stays as it is.
Matrix moveRows(const Matrix& m, const std::vector<int>& to)
{
    if (m.rows() != to.size()) {
        return m;
    }
    std::vector<float> values(m.rows() * m.cols());
    for (std::size_t r = 0; r < m.rows(); ++r) {
        const auto target = static_cast<std::size_t>(to[r]) * m.cols();
        std::copy_n(m.row(r), m.cols(), values.begin() + static_cast<std::ptrdiff_t>(target));
    }
    return Matrix::from(std::move(values), m.rows(), m.cols());
}

Matrix moveColumns(const Matrix& m, const std::vector<int>& to)
{
    if (m.cols() != to.size()) {
        return m;
    }
    std::vector<float> values(m.rows() * m.cols());
    for (std::size_t r = 0; r < m.rows(); ++r) {
        for (std::size_t c = 0; c < m.cols(); ++c) {
            values[r * m.cols() + static_cast<std::size_t>(to[c])] = m.at(r, c);
        }
    }
    return Matrix::from(std::move(values), m.rows(), m.cols());
}

std::vector<std::int32_t> moved(const std::vector<std::int32_t>& assignment, const std::vector<int>& to)
{
    std::vector<std::int32_t> result(assignment.size());
    std::transform(assignment.begin(), assignment.end(), result.begin(),
                   [&](std::int32_t c) { return c < 0 ? c : to[static_cast<std::size_t>(c)]; });
    return result;
}

/// A trained network that calls its clusters otherwise, in a file too.
class RenumberedModel final : public DeepModel
{
public:
    RenumberedModel(std::shared_ptr<const DeepModel> model, std::vector<int> to)
        : m_model(std::move(model)), m_to(std::move(to))
    {}
    std::string method() const override { return m_model->method(); }
    std::size_t inputDim() const noexcept override { return m_model->inputDim(); }
    std::size_t codeDim() const noexcept override { return m_model->codeDim(); }
    std::size_t clusters() const noexcept override { return m_model->clusters(); }
    bool hasDecoder() const noexcept override { return m_model->hasDecoder(); }
    Matrix encode(const Matrix& rows, JobContext& job) const override { return m_model->encode(rows, job); }
    Matrix assign(const Matrix& rows, JobContext& job) const override
    {
        return moveColumns(m_model->assign(rows, job), m_to);
    }
    Matrix decodedCentroids() const override { return moveRows(m_model->decodedCentroids(), m_to); }
    void save(const std::string& folder) const override
    {
        m_model->save(folder);
        DeepModelParts parts = readDeepModel(folder);
        const std::size_t begin = AutoEncoderLayout(parts.widths, parts.clusters).centroids;
        const Matrix old(parts.parameters.data() + begin, parts.clusters, parts.widths.back(), nullptr);
        const Matrix fresh = moveRows(old, m_to);
        std::copy_n(fresh.data(), fresh.rows() * fresh.cols(),
                    parts.parameters.begin() + static_cast<std::ptrdiff_t>(begin));
        saveDeepModel(parts, folder);
    }

private:
    std::shared_ptr<const DeepModel> m_model;
    std::vector<int> m_to;
};

void check(const Clustering& clustering, const std::vector<int>& to)
{
    std::vector<int> sorted = to;
    std::sort(sorted.begin(), sorted.end());
    bool each = sorted.size() == clustering.sizes.size();
    for (std::size_t i = 0; each && i < sorted.size(); ++i) {
        each = sorted[i] == static_cast<int>(i);
    }
    if (!each) {
        throw Error(Code::Misuse, "Clusters can only be renumbered with each of their numbers once.");
    }
}

} // namespace

Clustering renumbered(const Clustering& clustering, const std::vector<int>& to)
{
    check(clustering, to);
    Clustering c = clustering;
    if (std::is_sorted(to.begin(), to.end())) {
        return c;
    }
    c.assignment = moved(c.assignment, to);
    c.centroids = moveRows(c.centroids, to);
    c.soft = moveColumns(c.soft, to);
    for (std::size_t i = 0; i < to.size(); ++i) {
        c.sizes[static_cast<std::size_t>(to[i])] = clustering.sizes[i];
    }
    for (auto& frame : c.frames) {
        auto changed = std::make_shared<DeepFrame>(*frame);
        changed->assignment = moved(frame->assignment, to);
        frame = changed;
    }
    c.model = c.model ? std::make_shared<RenumberedModel>(c.model, to) : nullptr;
    return c;
}

} // namespace semascope::core
