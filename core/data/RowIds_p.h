#pragma once
#include "core/data/Table_p.h"

namespace semascope::core {

/// What the rows of a file are about.
struct RowIds
{
    std::vector<std::string> names;      ///< ids of the samples, each once
    std::vector<std::uint32_t> sampleOf; ///< one per row
    bool numbers = true;                 ///< nobody gave ids: rows are called by their number, from 0
};

RowIds numberedRows(std::size_t rows);
/// The ids listed in NAME.json beside NAME.npy, as embedding writes it ({"ids": [...]}, one per row); numbers when
/// there are none. What is found and not used is noted in `data`.
RowIds rowIdsBeside(const std::string& path, std::size_t rows, Dataset& data);

/// How a table's ids meet those of the samples.
struct IdMatch
{
    int column = -1;                              ///< of the table; -1 when none of its ids is known
    std::vector<std::vector<std::size_t>> rowsOf; ///< rows of the table about each sample
    std::size_t known = 0;                        ///< samples that the table has
    std::size_t strangers = 0;                    ///< rows of the table about something else
};
/// By the column of names or the one of ids, whichever knows more samples. Numbers are only looked for in ids.
IdMatch matchIds(const Table& table, const TableRoles& roles, const RowIds& ids);

} // namespace semascope::core
