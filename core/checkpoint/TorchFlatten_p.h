#pragma once
#include "core/checkpoint/TorchTensor_p.h"

namespace semascope::core {

/// Takes the tensors out of what a pickle holds: a state dict, a training checkpoint around one, a TorchScript module,
/// or a single tensor (named "tensor"). Names of nested dicts and modules are joined by dots; what is not loaded is
/// listed. Throws Error(BadFormat | Unsupported).
StateDict flattenPickle(const Pickle& values, const TorchTensors& tensors, const std::string& file,
                        MemoryBudget& budget);

} // namespace semascope::core
