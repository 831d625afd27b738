#pragma once
#include "core/cluster/Clustering.h"

namespace semascope::core {

/// The rows of a clustering in the space of its centroids: the code where there is one, else rows of the input, or
/// their directions for spherical k-means.
class ClusterSpace
{
public:
    /// Throws Error(Mismatch) when `x` is not what was clustered. Keeps references to both.
    ClusterSpace(const Matrix& x, const Clustering& c);

    std::size_t count() const noexcept { return m_c.assignment.size(); }
    std::size_t dim() const noexcept { return m_c.centroids.cols(); }
    bool directions() const noexcept { return m_directions; }
    const float* row(std::size_t r) const { return m_coded ? m_c.code.row(r) : m_x.row(m_c.inputRow[r]); }
    /// What row(r) is multiplied with: 1, or 1 over its length.
    double scale(std::size_t r) const;
    /// Squared distance of row r to a point of the space.
    double apart(std::size_t r, const float* point) const;
    /// Mean of some rows; for directions, its direction.
    std::vector<float> mean(const std::vector<std::uint32_t>& rows) const;
    /// Some rows, copied.
    Matrix take(const std::vector<std::uint32_t>& rows) const;

private:
    const Matrix& m_x;
    const Clustering& m_c;
    bool m_coded, m_directions;
};

/// Squared distance of each row to the nearest centroid but its own; infinite when there is none. By products of
/// matrices: good to about 1e-6 of the largest distance.
std::vector<double> nearestOther(const ClusterSpace& space, const Clustering& c);

/// Rows of each cluster, in order.
std::vector<std::vector<std::uint32_t>> membersOf(const Clustering& c);

} // namespace semascope::core
