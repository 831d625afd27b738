#pragma once
#include "core/reduce/Layout.h"

#include <string>
#include <vector>

namespace semascope::core {

/// "500 rows of 512 numbers", for sentences.
std::string sizeWords(const Matrix& x);

/// Sentences about `excluded` of `all` rows that cannot be measured, and about rows of zeros that are left out.
std::string excludedWords(std::size_t excluded, std::size_t all);
std::string zeroRowWords(std::size_t count);
/// "only 1 axis; the others are zero.", the end of a sentence.
std::string spanWords(std::size_t axes);

/// Throws Error(Misuse) when `dim` is not positive, Error(Mismatch) when there is nothing to reduce. `rows` are the
/// usable rows of x.
void checkRequest(const Matrix& x, const std::vector<std::size_t>& rows, const LayoutSpec& spec);

/// Fills in what every layout says of itself: spec, input rows and excluded rows (of `all` rows).
void describe(Layout& layout, const LayoutSpec& spec, const std::vector<std::size_t>& rows, std::size_t all);

} // namespace semascope::core
