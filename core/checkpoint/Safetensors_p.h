#pragma once
#include "core/checkpoint/Checkpoint.h"
#include "core/checkpoint/MappedFile_p.h"

#include <string_view>

namespace semascope::core {

/// One tensor as the header declares it, not yet checked against the others or the file.
struct DeclaredTensor
{
    std::string name;
    TensorType type = TensorType::F32;
    unsigned bits = 32;
    std::vector<std::uint64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

struct SafetensorsHeader
{
    std::vector<DeclaredTensor> tensors; ///< in the header's order
    std::map<std::string, std::string> metadata;
};

/// Reads the header's JSON as strictly as the reference, and refuses duplicate keys besides. `file` is for messages.
/// Throws Error(BadFormat) that starts with InvalidHeader, InvalidHeaderDeserialization or DuplicateKey, or as the
/// budget does.
SafetensorsHeader parseSafetensorsHeader(std::string_view json, const std::string& file, MemoryBudget& budget);

/// Throws Error(BadFormat): "NAME: FILE SENTENCE."
[[noreturn]] void failSafetensors(const char* name, const std::string& file, const std::string& sentence);

/// As readSafetensors, names as they stand in the file.
StateDict readSafetensorsRaw(const std::string& path);

} // namespace semascope::core
