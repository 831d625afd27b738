#pragma once
#include "core/reduce/Layout.h"

#include <string>
#include <vector>

namespace semascope::core {

/// "500 rows of 512 numbers", for sentences.
std::string sizeWords(const Matrix& x);

/// Throws Error(Misuse) when there is nothing to reduce or `dim` is not positive. `rows` are the usable rows of x.
void checkRequest(const Matrix& x, const std::vector<std::size_t>& rows, const LayoutSpec& spec);

/// Fills in what every layout says of itself: spec, input rows and excluded rows (of `all` rows).
void describe(Layout& layout, const LayoutSpec& spec, const std::vector<std::size_t>& rows, std::size_t all);

} // namespace semascope::core
