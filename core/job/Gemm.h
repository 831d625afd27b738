#pragma once
#include <cstddef>

namespace semascope::core {

/// out (m×n) = beta·out + a·b, all float32 and row-major without gaps. a is m×k, or k×m when `transposeA`; b is k×n, or
/// n×k when `transposeB`. Multi-threaded: not from within parallelFor.
struct GemmTask
{
    std::size_t m = 0, n = 0, k = 0;
    const float* a = nullptr;
    const float* b = nullptr;
    float* out = nullptr;
    bool transposeA = false, transposeB = false;
    float beta = 0;
};
/// By oneDNN where there is one (two to three times faster there), else by OpenBLAS. Throws Error(ModelFailed).
void gemm(const GemmTask& task);

} // namespace semascope::core
