#pragma once
#include "core/clip/Dnnl_p.h"
#include "core/job/Parallel.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <omp.h>

namespace semascope::core::clip {

/// Calls body(begin, end) over [0, n) from OpenMP's team, the one that oneDNN uses too: a second pool of threads would
/// compete with it at every step. body must not throw.
template<class Body> void teamFor(std::size_t n, std::size_t grain, const Body& body)
{
    const auto chunks = static_cast<std::ptrdiff_t>((n + grain - 1) / grain);
#pragma omp parallel for schedule(dynamic) num_threads(threadCount()) if (chunks > 1)
    for (std::ptrdiff_t c = 0; c < chunks; ++c) {
        const std::size_t begin = static_cast<std::size_t>(c) * grain;
        body(begin, std::min(n, begin + grain));
    }
}

/// Makes the team of the calling thread threadCount() strong: OpenMP keeps that number by thread.
inline void useTeam() noexcept
{
    omp_set_num_threads(threadCount());
}

/// Which of the threadCount() members of the team is running.
inline std::size_t teamMember() noexcept
{
    return static_cast<std::size_t>(omp_get_thread_num());
}

/// Weight and bias of a layer norm.
struct RowNorm
{
    std::vector<float> weight, bias;
    float eps = 1e-5f;
};

/// rows×width float32 → the same, each row normalised, as `type`. May be done in place.
void normaliseInto(const RowNorm& norm, const float* in, std::size_t rows, void* out, Element type);

/// count float32 values → `type`.
void convertInto(const float* in, std::size_t count, void* out, Element type);

/// count values of `type` → float32.
void widenInto(const void* in, Element type, std::size_t count, float* out);

/// Query, key and value of tokens: rows of 3·heads·headWidth values, the heads of each part side by side.
struct AttentionInput
{
    const void* qkv = nullptr;
    Element type = Element::F32;
    std::size_t heads = 1, headWidth = 64;
    bool causal = false;
};

/// The tokens of one picture or text, and which of them ask: [firstQuery, firstQuery + queries) within the item.
struct AttentionItem
{
    std::size_t firstRow = 0, length = 0;
    std::size_t firstQuery = 0, queries = 0;
    std::size_t firstOut = 0; ///< row of the output
};

/// softmax(q·kᵀ/√width)·v for every item and head, in float32 within. The matrix of all logits is never made: a few of
/// its rows at a time stay in the cache. out: rows of heads·headWidth values of the input's type.
void attend(const AttentionInput& in, const std::vector<AttentionItem>& items, void* out);

/// The widest vectors that the kernels use here: "AVX-512", "AVX2", "plain".
const char* kernelWidth() noexcept;

} // namespace semascope::core::clip
