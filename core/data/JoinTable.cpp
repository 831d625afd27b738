#include "core/data/Openers_p.h"
#include "core/data/RowIds_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

#include <optional>
#include <unordered_map>

namespace semascope::core {

namespace {

constexpr std::size_t kMaxNeighbours = 20;
constexpr std::uint64_t kMaxNeighbourBytes = 256 << 20;

/// A table, and how it meets the rows.
struct Joined
{
    Table table;
    TableRoles roles;
    IdMatch match;
    bool byId = false;
    bool byOrder = false; ///< it could be
};

/// `named`: the person says that the table belongs to the rows, so that one common id will do.
Joined compared(Table table, const OpenSpec& spec, const RowIds& ids, bool named)
{
    Joined joined;
    joined.roles = rolesOf(table.columns, named ? spec.pathColumn : std::string(), table.path);
    joined.match = matchIds(table, joined.roles, ids);
    const std::size_t known = joined.match.known;
    // Numbers mean rows only when every row has one; ids of its own may be those of a larger or smaller table.
    joined.byId = ids.numbers ? known > 0 && known == ids.names.size() && joined.match.strangers == 0
                              : known > 0 && (named || known * 2 >= ids.names.size());
    // A ragged row would shift every row behind it.
    joined.byOrder = table.rows() == ids.sampleOf.size() && table.bad.empty();
    demoteNumericCaptions(table, joined.roles);
    joined.table = std::move(table);
    return joined;
}

Joined namedTable(const OpenSpec& spec, const RowIds& ids, JobContext& job)
{
    Joined joined = compared(readTable(absolutePath(spec.metadata), job), spec, ids, true);
    if (joined.byId || joined.byOrder) {
        return joined;
    }
    const Table& table = joined.table;
    const std::string unknown = ids.numbers ? "" : "None of the ids in " + quoted(spec.metadata) + " is known, and ";
    if (!table.bad.empty()) {
        throw Error(Code::Mismatch, (unknown.empty() ? quoted(spec.metadata) : unknown + "it") +
                                        " cannot be joined by order: " + table.bad[0].reason + ".");
    }
    throw Error(Code::Mismatch, (unknown.empty() ? quoted(spec.metadata) : unknown + "it") + " has " +
                                    counted(table.rows(), "row", "rows") + ", but " + quoted(spec.path) + " has " +
                                    std::to_string(ids.sampleOf.size()) + "; give the table that belongs to it.");
}

/// The only table beside the file that knows its ids; else the only one with as many rows.
std::optional<Joined> neighbourTable(const OpenSpec& spec, const RowIds& ids, Dataset& data, JobContext& job)
{
    const std::string folder = parentPath(absolutePath(spec.path));
    std::vector<Joined> byId, byOrder;
    std::size_t looked = 0;
    for (const std::string& name : namesIn(folder)) {
        const std::string extension = extensionOf(name);
        const std::string path = joinPath(folder, name);
        if ((extension != "csv" && extension != "tsv") || openRegular(path).facts.size > kMaxNeighbourBytes ||
            ++looked > kMaxNeighbours) {
            continue;
        }
        try {
            Joined joined = compared(readTable(path, job), spec, ids, false);
            if (joined.byId || joined.byOrder) {
                (joined.byId ? byId : byOrder).push_back(std::move(joined));
            }
        } catch (const Error& e) {
            if (e.code() == Code::Cancelled) {
                throw;
            }
        }
    }
    std::vector<Joined>& fitting = byId.empty() ? byOrder : byId;
    if (fitting.size() > 1) {
        data.notes.push_back("Several tables beside it have " +
                             (byId.empty() ? counted(ids.sampleOf.size(), "row", "rows") : std::string("its ids")) +
                             "; name one to join it.");
    }
    return fitting.size() == 1 ? std::optional(std::move(fitting[0])) : std::nullopt;
}

void noteJoin(const Joined& joined, const OpenSpec& spec, const RowIds& ids, Dataset& data)
{
    const std::string name = shownPath(baseName(joined.table.path));
    const std::size_t rows = ids.sampleOf.size();
    if (!joined.byId) {
        data.notes.push_back("Joined by row order: " + name + " has " + counted(rows, "row", "rows") + ", as many as " +
                             shownPath(baseName(spec.path)) + (ids.numbers ? "." : "; none of its ids is known."));
        return;
    }
    const IdMatch& match = joined.match;
    const std::size_t all = ids.names.size();
    data.notes.push_back("Joined by id: column “" + joined.table.columns[static_cast<std::size_t>(match.column)] +
                         "” of " + name + " knows " + std::to_string(match.known) + " of " +
                         counted(all, "sample", "samples") + ".");
    if (match.strangers > 0) {
        data.notes.push_back(counted(match.strangers, "row", "rows") + " of " + name +
                             (match.strangers == 1 ? " is" : " are") + " about other samples and not used.");
    }
    if (!joined.table.bad.empty()) {
        data.notes.push_back(counted(joined.table.bad.size(), "row", "rows") + " of " + name +
                             " cannot be used: " + joined.table.bad[0].reason + ".");
    }
}

/// Rows of the table for each row of the file, when nothing but numbers names them.
std::vector<std::vector<std::size_t>> tableRows(const Joined& joined, const RowIds& ids)
{
    if (joined.byId) {
        return joined.match.rowsOf;
    }
    std::vector<std::vector<std::size_t>> rows(ids.sampleOf.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i] = {i};
    }
    return rows;
}

/// Samples named by the table. Rows of one name become one sample when `merge`, else the later ones get a number.
std::vector<TableGroup> groupsByTable(const Joined& joined, bool merge, RowIds& ids)
{
    const std::vector<std::vector<std::size_t>> rows = tableRows(joined, ids);
    const int column = joined.roles.path >= 0 ? joined.roles.path : joined.roles.id;
    std::vector<TableGroup> groups;
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string key = ids.names[i];
        if (column >= 0) {
            key = joined.table.cell(rows[i][0], static_cast<std::size_t>(column));
        }
        const auto [place, fresh] = known.try_emplace(key, groups.size());
        if (!fresh && merge) {
            std::vector<std::size_t>& mine = groups[place->second].rows;
            mine.insert(mine.end(), rows[i].begin(), rows[i].end());
        } else {
            groups.push_back({fresh ? key : key + "#" + std::to_string(i), rows[i]});
        }
        ids.sampleOf[i] = static_cast<std::uint32_t>(merge ? place->second : i);
    }
    return groups;
}

/// Samples named by the file itself; the table tells more about them.
std::vector<TableGroup> groupsByIds(const Joined& joined, const RowIds& ids)
{
    std::vector<TableGroup> groups(ids.names.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups[i].key = ids.names[i];
        if (joined.byId) {
            groups[i].rows = joined.match.rowsOf[i];
        }
    }
    for (std::size_t row = 0; row < ids.sampleOf.size() && !joined.byId; ++row) {
        groups[ids.sampleOf[row]].rows.push_back(row);
    }
    return groups;
}

/// Finds the pictures, one name per sample; what cannot be used leaves a caption card.
void findPictures(const std::vector<std::string>& names, const std::string& folder, const OpenSpec& spec, Dataset& data,
                  JobContext& job)
{
    std::vector<Candidate> candidates(names.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        candidates[i].id = names[i];
        candidates[i].path = resolvePicture(names[i], folder, candidates[i].reason);
        if (candidates[i].reason.empty() && !isRegular(candidates[i].path)) {
            candidates[i].reason = "does not exist";
        }
    }
    checkCandidates(candidates, spec, job);
    std::size_t absent = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].reason.empty()) {
            data.samples[i].path = candidates[i].path;
            data.samples[i].transparent = candidates[i].transparent;
        } else if (absent++ == 0) {
            data.notes.push_back("The picture " + quoted(candidates[i].id) +
                                 " cannot be shown: " + candidates[i].reason + ".");
        }
    }
    if (absent > 0) {
        data.notes.push_back(counted(absent, "of the pictures is", "of the pictures are") +
                             " not here and shown by caption or name only.");
    }
}

void fillSamples(const Joined& joined, const std::vector<TableGroup>& groups, Dataset& data)
{
    std::vector<const TableGroup*> all;
    std::size_t recoded = 0;
    for (const TableGroup& group : groups) {
        data.samples.push_back({group.key, {}, captionsOf(joined.table, joined.roles, group, recoded), false});
        all.push_back(&group);
    }
    if (recoded > 0) {
        data.notes.push_back(counted(recoded, "caption was", "captions were") + " not UTF-8 and read as Latin-1.");
    }
    addTableAttributes(joined.table, joined.roles, all, data);
}

/// The table's names of the pictures; a sample that it does not know goes by its id.
std::vector<std::string> pictureNames(const Joined& joined, const std::vector<TableGroup>& groups)
{
    std::vector<std::string> names;
    for (const TableGroup& group : groups) {
        const bool told = joined.roles.path >= 0 && !group.rows.empty();
        names.push_back(told
                            ? std::string(joined.table.cell(group.rows[0], static_cast<std::size_t>(joined.roles.path)))
                            : group.key);
    }
    return names;
}

} // namespace

void joinTable(const OpenSpec& spec, std::size_t rows, bool mergeSameIds, Dataset& data, JobContext& job)
{
    RowIds ids = mergeSameIds ? rowIdsBeside(absolutePath(spec.path), rows, data) : numberedRows(rows);
    std::optional<Joined> joined;
    if (spec.metadata.empty()) {
        joined = neighbourTable(spec, ids, data, job);
    } else {
        joined = namedTable(spec, ids, job);
    }
    std::vector<TableGroup> groups;
    if (joined) {
        noteJoin(*joined, spec, ids, data);
        groups = ids.numbers ? groupsByTable(*joined, mergeSameIds, ids) : groupsByIds(*joined, ids);
        fillSamples(*joined, groups, data);
    } else {
        for (std::string& name : ids.names) {
            groups.push_back({name, {}});
            data.samples.push_back({std::move(name), {}, {}, false});
        }
    }
    data.vectorSample = std::move(ids.sampleOf);
    if (data.samples.size() < rows) {
        data.notes.push_back("Its " + std::to_string(rows) + " rows are about " +
                             counted(data.samples.size(), "sample", "different samples") + ".");
    }
    const bool named = (joined && joined->roles.path >= 0) || (!ids.numbers && !spec.pictureFolder.empty());
    if (named && data.pictures.count == 0) {
        const std::string tableFolder = parentPath(joined ? joined->table.path : absolutePath(spec.path));
        const std::string folder = absolutePath(spec.pictureFolder.empty() ? tableFolder : spec.pictureFolder);
        findPictures(pictureNames(joined.value_or(Joined()), groups), folder, spec, data, job);
    }
}

} // namespace semascope::core
