#pragma once
#include "core/checkpoint/Checkpoint.h"
#include "core/checkpoint/Pickle_p.h"
#include "core/checkpoint/ZipArchive_p.h"

#include <functional>

namespace semascope::core {

/// A storage as a persistent id describes it.
struct TorchStorage
{
    std::string_view key;
    std::uint64_t count = 0;        ///< elements; bytes when untyped
    std::optional<TensorType> type; ///< none when untyped
    std::uint64_t itemSize() const noexcept { return type ? tensorTypeBits(*type) / 8 : 1; }
    std::uint64_t byteCount() const noexcept { return count * itemSize(); } ///< does not overflow: checked when read
};

/// Makes tensors of what a pickle says about them. Every number is checked against the bytes that are really there.
class TorchTensors
{
public:
    /// `fetch` finds a storage's bytes; its size is compared here.
    using Fetch = std::function<Bytes(const TorchStorage&)>;
    TorchTensors(const Pickle& values, std::string file, Fetch fetch);

    /// Throws Error(BadFormat | Unsupported). `name` is for messages.
    TensorView make(Pickle::Ref tensor, const std::string& name) const;
    TorchStorage storage(Pickle::Ref storage) const;

private:
    TensorType typeOf(Pickle::Ref tensor, const TorchStorage& storage) const;
    std::vector<std::int64_t> numbers(Pickle::Ref tuple, const char* what, const std::string& name) const;
    void checkBounds(const TensorView& view, std::int64_t offset, std::uint64_t available,
                     const std::string& name) const;
    [[noreturn]] void fail(const std::string& sentence) const;

    const Pickle& m_values;
    std::string m_file;
    Fetch m_fetch;
};

} // namespace semascope::core
