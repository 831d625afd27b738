#pragma once
#include <cstddef>
#include <cstdint>

namespace semascope::core {

/// A mini-batch of the clustering loss, one degree of freedom. Row r of the codes is row rows[r] of the targets.
struct StudentBatch
{
    const float* z;       ///< count×c
    const float* targets; ///< n×k, of the whole data set
    const std::uint32_t* rows;
    std::size_t count;
    const float* mu; ///< k×c
    std::size_t k, c;
    double scale;    ///< of both gradients
    float beta;      ///< the centroids' gradient is added to beta times what is there
    float* code;     ///< count×c: the codes' gradient is added to it
    float* centroid; ///< k×c
};
/// As studentTGradients, in single precision and one pass. Sums are taken in an order that depends on sizes only.
void addStudentTGradients(const StudentBatch& batch);

} // namespace semascope::core
