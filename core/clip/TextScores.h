#pragma once
#include "core/clip/Search.h"
#include "core/data/Matrix.h"
#include "core/job/JobContext.h"

namespace semascope::core {

/// How well chosen rows fit each text, and where that stands among all rows.
struct TextScores
{
    Matrix cosine;         ///< texts × columns; NaN for a row that is zero or not finite
    Matrix percentile;     ///< texts × columns: place among all usable rows as PercentileScale gives it, 0 … 100
    std::size_t among = 0; ///< usable rows: what the percentiles are of
};

/// `rows` n×d, `texts` t×d, `columns` indices of rows. Reads the rows block by block, so that 1M×512 needs no copy.
/// Throws Error(Mismatch | Cancelled).
TextScores textScores(const Matrix& rows, const Matrix& texts, const std::vector<std::uint32_t>& columns,
                      JobContext& job);

/// For each text the `count` rows of highest cosine among those that `may` be found (a byte a row; empty = all), best
/// first; ties by row. Rows that are zero or not finite are never found. Throws Error(Mismatch | Cancelled).
std::vector<std::vector<Neighbour>> bestRows(const Matrix& rows, const Matrix& texts, std::size_t count,
                                             const std::vector<std::uint8_t>& may, JobContext& job);

} // namespace semascope::core
