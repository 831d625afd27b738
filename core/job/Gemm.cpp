#include "core/job/Gemm.h"

#include <cblas.h>

/// Built where there is no oneDNN; GemmDnnl.cpp otherwise.
namespace semascope::core {

void gemm(const GemmTask& t)
{
    const auto number = [](std::size_t n) { return static_cast<blasint>(n); };
    cblas_sgemm(CblasRowMajor, t.transposeA ? CblasTrans : CblasNoTrans, t.transposeB ? CblasTrans : CblasNoTrans,
                number(t.m), number(t.n), number(t.k), 1.0F, t.a, number(t.transposeA ? t.m : t.k), t.b,
                number(t.transposeB ? t.k : t.n), t.beta, t.out, number(t.n));
}

} // namespace semascope::core
