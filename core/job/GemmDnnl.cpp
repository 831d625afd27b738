#include "core/job/Error.h"
#include "core/job/Gemm.h"

#include <dnnl.h>

namespace semascope::core {

void gemm(const GemmTask& t)
{
    const auto size = [](std::size_t n) { return static_cast<dnnl_dim_t>(n); };
    const dnnl_status_t status =
        dnnl_sgemm(t.transposeA ? 'T' : 'N', t.transposeB ? 'T' : 'N', size(t.m), size(t.n), size(t.k), 1.0F, t.a,
                   size(t.transposeA ? t.m : t.k), t.b, size(t.transposeB ? t.k : t.n), t.beta, t.out, size(t.n));
    if (status != dnnl_success) {
        throw Error(Code::ModelFailed, "oneDNN refused a matrix product (status " +
                                           std::to_string(static_cast<int>(status)) +
                                           "); build with -DSEMASCOPE_ONEDNN=OFF to do without it.");
    }
}

} // namespace semascope::core
