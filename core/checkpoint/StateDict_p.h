#pragma once
#include "core/checkpoint/Checkpoint.h"

namespace semascope::core {

/// Takes "module." and "_orig_mod." off all names, as long as every tensor carries them.
void stripPrefixes(StateDict& state);

/// As readStateDict and readTorchFile, wrappers peeled but prefixes still on.
StateDict readTorchFileRaw(const std::string& path);

/// The files that an index (*.index.json) names, each once, checked to be plain names. Throws Error(BadFormat |
/// NotFound).
std::vector<std::string> shardFiles(const std::string& indexPath);

} // namespace semascope::core
