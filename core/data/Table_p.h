#pragma once
#include "core/data/Dataset.h"

#include <string_view>

namespace semascope::core {

/// A CSV or TSV in memory. Every row has as many cells as there are columns; rows that had not are in `bad`.
class Table
{
public:
    std::string path;
    std::vector<std::string> columns; ///< UTF-8, trimmed
    std::vector<Skip> bad;            ///< ragged rows, path is "table.csv:LINE"
    std::vector<std::string> notes;

    std::size_t rows() const noexcept { return m_lines.size(); }
    std::size_t line(std::size_t row) const noexcept { return m_lines[row]; }
    std::string_view cell(std::size_t row, std::size_t column) const noexcept
    {
        const std::size_t i = row * columns.size() + column;
        const std::size_t begin = i == 0 ? 0 : m_ends[i - 1];
        return std::string_view(m_text).substr(begin, m_ends[i] - begin);
    }
    void addRow(const std::vector<std::string>& cells, std::size_t line);

private:
    std::string m_text;
    std::vector<std::size_t> m_ends;
    std::vector<std::size_t> m_lines;
};

/// Reads RFC 4180 text: quotes with newlines, BOM, any line ends. A record over 1 MB, NUL bytes, UTF-16 and more than
/// 4096 columns are refused. Throws Error(NotFound | Io | BadFormat | Unsupported | Cancelled).
Table readTable(const std::string& path, JobContext& job);
/// The column names only, from the first record; empty when it is no table.
std::vector<std::string> readTableColumns(const std::string& path);

/// What the columns are for. -1 where there is none.
struct TableRoles
{
    int path = -1;
    int id = -1;
    std::vector<int> captions;
    std::vector<int> attributes;
};
/// By names; `pathColumn` overrides. Throws Error(BadFormat) when that column is absent.
TableRoles rolesOf(const std::vector<std::string>& columns, const std::string& pathColumn, const std::string& table);
/// Caption columns that hold numbers only become attributes.
void demoteNumericCaptions(const Table& table, TableRoles& roles);

/// The rows that are about one sample. None when the table does not know it.
struct TableGroup
{
    std::string key;
    std::vector<std::size_t> rows;
};
/// Rows grouped by a column, in the order of first appearance; every row by itself, called by its number from 0, when
/// `column` < 0.
std::vector<TableGroup> groupRows(const Table& table, int column);

/// The captions of a group, UTF-8. `recoded` counts those that were not.
std::vector<std::string> captionsOf(const Table& table, const TableRoles& roles, const TableGroup& group,
                                    std::size_t& recoded);
/// Attributes from the first row of each group, missing where it has no row; conflicts and columns left out are noted
/// in `data`.
void addTableAttributes(const Table& table, const TableRoles& roles, const std::vector<const TableGroup*>& groups,
                        Dataset& data);

} // namespace semascope::core
