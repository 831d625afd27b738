#include "core/cluster/KMeans_p.h"

#include <algorithm>

namespace semascope::core {

void assignRows(const AssignTask& task)
{
    constexpr std::size_t kStep = 256; // rows whose best values stay in the first cache
    float best[kStep];
    std::int32_t label[kStep];
    for (std::size_t begin = 0; begin < task.count; begin += kStep) {
        const std::size_t size = std::min(kStep, task.count - begin);
        std::fill_n(label, size, 0);
        for (std::size_t r = 0; r < size; ++r) {
            best[r] = task.centreSquares[0] - 2 * task.products[begin + r];
        }
        for (std::size_t c = 1; c < task.k; ++c) {
            const float* const products = task.products + c * task.stride + begin;
            const float square = task.centreSquares[c];
            for (std::size_t r = 0; r < size; ++r) {
                const float value = square - 2 * products[r];
                const bool nearer = value < best[r];
                best[r] = nearer ? value : best[r];
                label[r] = nearer ? static_cast<std::int32_t>(c) : label[r];
            }
        }
        for (std::size_t r = 0; r < size; ++r) {
            task.labels[begin + r] = label[r];
            task.nearest[begin + r] = std::max(0.0F, best[r] + task.rowSquares[begin + r]);
        }
    }
}

} // namespace semascope::core
