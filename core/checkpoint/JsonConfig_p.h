#pragma once
#include "core/checkpoint/Detect_p.h"

#include <nlohmann/json.hpp>

namespace semascope::core {

/// Values of a config object, or the fallback when they are absent or of another type.
inline const nlohmann::json* member(const nlohmann::json& object, const char* key)
{
    const auto it = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && it != object.end() && !it->is_null() ? &*it : nullptr;
}
inline bool truthOr(const nlohmann::json& object, const char* key, bool fallback)
{
    const nlohmann::json* value = member(object, key);
    return value && value->is_boolean() ? value->get<bool>() : fallback;
}
inline std::string textOr(const nlohmann::json& object, const char* key, const std::string& fallback)
{
    const nlohmann::json* value = member(object, key);
    return value && value->is_string() ? value->get<std::string>() : fallback;
}
inline double numberOr(const nlohmann::json& object, const char* key, double fallback)
{
    const nlohmann::json* value = member(object, key);
    return value && value->is_number() ? value->get<double>() : fallback;
}
/// The empty object when absent.
inline nlohmann::json objectOf(const nlohmann::json& object, const char* key)
{
    const nlohmann::json* value = member(object, key);
    return value && value->is_object() ? *value : nlohmann::json::object();
}
/// Three channels from a list of three or one number; false when it is neither.
bool channelsFrom(const nlohmann::json& object, const char* key, std::array<float, 3>& out);

} // namespace semascope::core
