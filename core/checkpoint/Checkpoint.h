#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

enum class TensorType { Bool, U8, I8, I16, U16, I32, U32, I64, U64, F16, BF16, F32, F64, C64, Float8, SubByte };
/// The format's word for a type, such as "F16".
const char* tensorTypeName(TensorType type) noexcept;
std::size_t tensorTypeBits(TensorType type) noexcept;

/// One stored tensor: where its elements are, and how to walk over them. Nothing is copied; `owner` keeps the memory
/// alive.
struct TensorView
{
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> stride;   ///< in elements; row-major when from safetensors
    const std::uint8_t* data = nullptr; ///< first element; may be unaligned
    std::shared_ptr<const void> owner;

    std::int64_t count() const noexcept;
};

/// Elements of `t` in C order as float32. Throws Error(Unsupported) for complex, 8-bit float and sub-byte types.
std::vector<float> toFloats(const TensorView& t);

/// A state dict: names to tensors in file order, wrappers and prefixes (state_dict, model, module., _orig_mod.) already
/// peeled.
struct StateDict
{
    std::vector<std::pair<std::string, TensorView>> tensors;
    std::map<std::string, std::string> metadata;  ///< safetensors __metadata__
    std::map<std::string, std::int64_t> integers; ///< plain numbers found beside tensors
    std::vector<std::string> ignored;             ///< things found and not loaded, named ("optimizer", "posix.system")
    std::string container;                        ///< "safetensors", "torch zip", "torch legacy", "TorchScript archive"

    const TensorView* find(const std::string& name) const;
};

/// Reads safetensors strictly: every rule of the format, contiguous, no duplicates, exact size. Mapped; header ≤ 100
/// MB. Throws Error(NotFound | BadFormat); the message starts with the format's own error name ("InvalidOffset: …").
StateDict readSafetensors(const std::string& path);

/// Reads .pt/.pth/.bin (zip, legacy, TorchScript archive) as data only: no object of the file is ever looked up,
/// imported or called, and torch's own unpickler is not used. Throws Error(BadFormat | Unsupported) naming the global
/// or opcode refused.
StateDict readTorchFile(const std::string& path);

/// Either of the above by content; a sharded index (*.index.json) too. A Git-LFS pointer and a cut download get their
/// own sentence.
StateDict readStateDict(const std::string& path);

/// Writes float32 tensors as safetensors, atomically. Throws Error(Io).
struct NamedTensor
{
    std::string name;
    std::vector<std::int64_t> shape;
    const float* data = nullptr;
};
void writeSafetensors(const std::string& path, const std::vector<NamedTensor>& tensors,
                      const std::map<std::string, std::string>& metadata);

} // namespace semascope::core
