#include "core/data/Attributes_p.h"
#include "core/data/File_p.h"
#include "core/data/Table_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"

#include <algorithm>
#include <unordered_map>

namespace semascope::core {

namespace {

constexpr const char* kPathNames[] = {"file",       "path", "filename",  "image",    "filepath",
                                      "image_path", "img",  "file_name", "file_path"};

bool isCaptionName(const std::string& name)
{
    return name.rfind("caption", 0) == 0 || name.rfind("text", 0) == 0 || name == "title" || name == "description" ||
           name == "sentence";
}

int columnNamed(const std::vector<std::string>& lower, const std::string& name)
{
    const auto found = std::find(lower.begin(), lower.end(), name);
    return found == lower.end() ? -1 : static_cast<int>(found - lower.begin());
}

std::string listed(const std::vector<std::string>& columns)
{
    std::string text;
    for (std::size_t i = 0; i < columns.size() && i < 12; ++i) {
        text += (i > 0 ? ", " : "") + columns[i];
    }
    return columns.size() > 12 ? text + ", …" : text;
}

int explicitPath(const std::vector<std::string>& columns, const std::vector<std::string>& lower,
                 const std::string& wanted, const std::string& table)
{
    const auto exact = std::find(columns.begin(), columns.end(), wanted);
    const int found = exact != columns.end() ? static_cast<int>(exact - columns.begin())
                                             : columnNamed(lower, lowerAscii(trimmed(wanted)));
    if (found < 0) {
        throw Error(Code::BadFormat,
                    quoted(table) + " has no column “" + wanted + "”; it has " + listed(columns) + ".");
    }
    return found;
}

bool onlyNumbers(const Table& table, int column)
{
    bool any = false;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view cell = trimmed(table.cell(row, static_cast<std::size_t>(column)));
        if (!cell.empty() && !parseNumber(cell)) {
            return false;
        }
        any = any || !cell.empty();
    }
    return any;
}

/// How many groups have rows that disagree in `column`.
std::size_t conflicts(const Table& table, std::size_t column, const std::vector<const TableGroup*>& groups)
{
    return static_cast<std::size_t>(std::count_if(groups.begin(), groups.end(), [&](const TableGroup* group) {
        if (group->rows.empty()) {
            return false;
        }
        const std::string_view first = table.cell(group->rows[0], column);
        return std::any_of(group->rows.begin() + 1, group->rows.end(),
                           [&](std::size_t row) { return table.cell(row, column) != first; });
    }));
}

} // namespace

TableRoles rolesOf(const std::vector<std::string>& columns, const std::string& pathColumn, const std::string& table)
{
    std::vector<std::string> lower;
    for (const std::string& column : columns) {
        lower.push_back(lowerAscii(column));
    }
    TableRoles roles;
    roles.id = columnNamed(lower, "id");
    if (!pathColumn.empty()) {
        roles.path = explicitPath(columns, lower, pathColumn, table);
    }
    for (const char* name : kPathNames) {
        roles.path = roles.path < 0 ? columnNamed(lower, name) : roles.path;
    }
    for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
        if (i == roles.path) {
            continue;
        }
        (isCaptionName(lower[static_cast<std::size_t>(i)]) ? roles.captions : roles.attributes).push_back(i);
    }
    return roles;
}

void demoteNumericCaptions(const Table& table, TableRoles& roles)
{
    const auto numeric = std::stable_partition(roles.captions.begin(), roles.captions.end(),
                                               [&](int column) { return !onlyNumbers(table, column); });
    roles.attributes.insert(roles.attributes.end(), numeric, roles.captions.end());
    roles.captions.erase(numeric, roles.captions.end());
}

std::vector<TableGroup> groupRows(const Table& table, int column)
{
    std::vector<TableGroup> groups;
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (column < 0) {
            groups.push_back({std::to_string(row), {row}});
            continue;
        }
        const std::string key(table.cell(row, static_cast<std::size_t>(column)));
        const auto [place, fresh] = known.try_emplace(key, groups.size());
        if (fresh) {
            groups.push_back({key, {}});
        }
        groups[place->second].rows.push_back(row);
    }
    return groups;
}

std::vector<std::string> captionsOf(const Table& table, const TableRoles& roles, const TableGroup& group,
                                    std::size_t& recoded)
{
    std::vector<std::string> captions;
    for (const std::size_t row : group.rows) {
        for (const int column : roles.captions) {
            const std::string_view cell = trimmed(table.cell(row, static_cast<std::size_t>(column)));
            if (!cell.empty()) {
                bool changed = false;
                captions.push_back(asUtf8(cell, changed));
                recoded += changed ? 1 : 0;
            }
        }
    }
    return captions;
}

void addTableAttributes(const Table& table, const TableRoles& roles, const std::vector<const TableGroup*>& groups,
                        Dataset& data)
{
    for (const int index : roles.attributes) {
        const auto column = static_cast<std::size_t>(index);
        const std::string& name = table.columns[column];
        std::vector<std::string_view> values;
        values.reserve(groups.size());
        for (const TableGroup* group : groups) {
            values.push_back(group->rows.empty() ? std::string_view() : table.cell(group->rows[0], column));
        }
        const std::size_t disagreeing = conflicts(table, column, groups);
        if (addAttribute(name.empty() ? "column " + std::to_string(index + 1) : name, values, data) &&
            disagreeing > 0) {
            data.notes.push_back("Column “" + name + "” differs between rows of the same sample for " +
                                 counted(disagreeing, "sample", "samples") + "; the first row counts.");
        }
    }
}

} // namespace semascope::core
