#pragma once
#include "core/latent/EditTable.h"
#include "core/latent/Iin.h"

namespace semascope::core {

/// Means of one block over the rows of each label: classes × size. `factors` is n×dim; label −1 is left out. Throws
/// Error(Mismatch), Error(Misuse) for a class without rows.
Matrix blockMeans(const Matrix& factors, const FactorBlock& block, const std::vector<std::int32_t>& labels);

/// `from` + strength·(`to` − `from`) of two classes' means: 1 is the class `to`, more exaggerates it.
std::vector<float> meanBetween(const Matrix& means, std::size_t from, std::size_t to, double strength);

/// `value` written over the block; the other blocks stay. Throws Error(Mismatch | Misuse) as the others here do, for a
/// block there is not or another number of values.
LatentEdit setBlock(std::shared_ptr<const Iin> iin, std::size_t block, const std::vector<float>& value);

/// `delta` added to the block: what is particular about the row stays.
LatentEdit shiftBlock(std::shared_ptr<const Iin> iin, std::size_t block, const std::vector<float>& delta);

/// The block copied from another row (dim() numbers of latent space): factor swap.
LatentEdit copyBlock(std::shared_ptr<const Iin> iin, std::size_t block, const std::vector<float>& donor);

} // namespace semascope::core
