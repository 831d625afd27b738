#pragma once
#include "core/data/Dataset.h"

#include <string_view>

namespace semascope::core {

/// Adds a column about the samples of `data`: numbers when every value that is not empty is one, else categories.
/// Columns with too many different values are left out and noted, but "id". Returns whether it was added.
bool addAttribute(const std::string& name, const std::vector<std::string_view>& values, Dataset& data);
/// Adds categories by number; `indices` may hold -1.
void addCategories(const std::string& name, std::vector<std::int32_t> indices, std::vector<std::string> labels,
                   Dataset& data);

} // namespace semascope::core
