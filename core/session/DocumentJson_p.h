#pragma once
#include "core/session/Document.h"

#include <nlohmann/json.hpp>

namespace semascope::core {

/// The parts of a document that are stored as JSON. Strings that are not UTF-8 become {"bytes": hex}; numbers that are
/// not finite become strings. The readers throw nlohmann::json::exception for what does not fit.
using SpecJson = nlohmann::ordered_json;

SpecJson toJson(const OpenSpec& spec);
SpecJson toJson(const Embedding& embedding);
SpecJson toJson(const Layout& layout);
SpecJson toJson(const Clustering& clustering);
SpecJson toJson(const MapView& view);

void fromJson(const SpecJson& json, OpenSpec& spec);
/// These leave the matrices alone: they are stored as arrays.
void fromJson(const SpecJson& json, Embedding& embedding);
void fromJson(const SpecJson& json, Layout& layout);
void fromJson(const SpecJson& json, Clustering& clustering);
void fromJson(const SpecJson& json, MapView& view);

} // namespace semascope::core
