#include "core/data/RowIds_p.h"

#include "core/data/File_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"

#include <nlohmann/json.hpp>

#include <numeric>
#include <unordered_map>

namespace semascope::core {

namespace {

constexpr std::uint64_t kMaxList = std::uint64_t{256} << 20;

std::string listBeside(const std::string& path)
{
    const std::string name = baseName(path);
    const std::size_t dot = name.rfind('.');
    const std::string stem = dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
    return joinPath(parentPath(path), stem + ".json");
}

/// The ids as text; fewer than listed when one is neither text nor a whole number.
std::vector<std::string> textsOf(const nlohmann::json& list)
{
    std::vector<std::string> texts;
    for (const nlohmann::json& id : list) {
        if (id.is_string() && !id.get_ref<const std::string&>().empty()) {
            texts.push_back(id.get<std::string>());
        } else if (id.is_number_integer()) {
            texts.push_back(id.dump());
        }
    }
    return texts;
}

/// The ids that a description lists. `problem` says why a list cannot be used; it stays empty when there is none.
std::vector<std::string> listedIds(const std::string& path, std::size_t rows, std::string& problem)
{
    const std::string text = readText(path, kMaxList);
    const nlohmann::json all = nlohmann::json::parse(text, nullptr, false);
    if (all.is_discarded()) {
        problem = "is no readable JSON";
        return {};
    }
    if (!all.is_object() || !all.contains("ids") || !all["ids"].is_array() || all["ids"].empty()) {
        return {};
    }
    std::vector<std::string> texts = textsOf(all["ids"]);
    if (texts.size() != all["ids"].size() || texts.size() != rows) {
        problem = "lists " + counted(texts.size(), "id", "ids") + " for " + counted(rows, "row", "rows");
        return {};
    }
    return texts;
}

/// The same id for every spelling of a number or a path.
std::string plainId(std::string_view cell, bool number)
{
    const std::string_view text = trimmed(cell);
    if (!number) {
        return plainPath(std::string(text));
    }
    const std::optional<long long> value = parseInteger(text);
    return value ? std::to_string(*value) : std::string();
}

IdMatch matchColumn(const Table& table, int column, const RowIds& ids)
{
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < ids.names.size(); ++i) {
        places.try_emplace(plainId(ids.names[i], ids.numbers), i);
    }
    IdMatch match;
    match.rowsOf.resize(ids.names.size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const auto place = places.find(plainId(table.cell(row, static_cast<std::size_t>(column)), ids.numbers));
        if (place == places.end()) {
            ++match.strangers;
            continue;
        }
        std::vector<std::size_t>& rows = match.rowsOf[place->second];
        match.known += rows.empty() ? 1 : 0;
        rows.push_back(row);
    }
    match.column = match.known > 0 ? column : -1;
    return match;
}

} // namespace

RowIds numberedRows(std::size_t rows)
{
    RowIds ids;
    ids.sampleOf.resize(rows);
    std::iota(ids.sampleOf.begin(), ids.sampleOf.end(), 0u);
    ids.names.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        ids.names.push_back(std::to_string(i));
    }
    return ids;
}

RowIds rowIdsBeside(const std::string& path, std::size_t rows, Dataset& data)
{
    const std::string list = listBeside(path);
    if (!isRegular(list) || list == path) {
        return numberedRows(rows);
    }
    const std::string name = shownPath(baseName(list));
    std::string problem;
    std::vector<std::string> texts;
    try {
        texts = listedIds(list, rows, problem);
    } catch (const Error&) {
        problem = "cannot be read";
    }
    if (!problem.empty()) {
        data.notes.push_back(name + " beside it " + problem + " and is not used.");
    }
    if (texts.empty()) {
        return numberedRows(rows);
    }
    RowIds ids;
    ids.numbers = false;
    std::unordered_map<std::string, std::uint32_t> known;
    for (std::string& text : texts) {
        const auto [place, fresh] = known.try_emplace(text, static_cast<std::uint32_t>(ids.names.size()));
        ids.sampleOf.push_back(place->second);
        if (fresh) {
            ids.names.push_back(std::move(text));
        }
    }
    data.notes.push_back("The ids of its rows are from " + name + ".");
    return ids;
}

IdMatch matchIds(const Table& table, const TableRoles& roles, const RowIds& ids)
{
    IdMatch best;
    best.rowsOf.resize(ids.names.size());
    for (const int column : {ids.numbers ? -1 : roles.path, roles.id}) {
        if (column >= 0) {
            IdMatch match = matchColumn(table, column, ids);
            if (match.known > best.known) {
                best = std::move(match);
            }
        }
    }
    return best;
}

} // namespace semascope::core
