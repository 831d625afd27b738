#include "core/data/Openers_p.h"
#include "core/data/Table_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

#include <numeric>
#include <optional>

namespace semascope::core
{

namespace
{

constexpr std::size_t kMaxNeighbours = 20;
constexpr std::uint64_t kMaxNeighbourBytes = 256 << 20;

bool fits(const Table& table, std::size_t rows)
{
    // A ragged row would shift every row behind it.
    return table.rows() == rows && table.bad.empty();
}

Table namedTable(const OpenSpec& spec, std::size_t rows, JobContext& job)
{
    Table table = readTable(absolutePath(spec.metadata), job);
    if (!table.bad.empty()) {
        throw Error(Code::Mismatch, quoted(spec.metadata) + " cannot be joined by order: " + table.bad[0].reason + ".");
    }
    if (!fits(table, rows)) {
        throw Error(Code::Mismatch, quoted(spec.metadata) + " has " + counted(table.rows(), "row", "rows") + ", but " +
                                        quoted(spec.path) + " has " + std::to_string(rows) +
                                        "; give the table that belongs to it.");
    }
    return table;
}

/// The only table beside the file with as many rows.
std::optional<Table> neighbourTable(const OpenSpec& spec, std::size_t rows, Dataset& data, JobContext& job)
{
    const std::string folder = parentPath(absolutePath(spec.path));
    std::optional<Table> found;
    std::size_t looked = 0;
    for (const std::string& name : namesIn(folder)) {
        const std::string extension = extensionOf(name);
        const std::string path = joinPath(folder, name);
        if ((extension != "csv" && extension != "tsv") || openRegular(path).facts.size > kMaxNeighbourBytes ||
            ++looked > kMaxNeighbours) {
            continue;
        }
        try {
            Table table = readTable(path, job);
            if (!fits(table, rows)) {
                continue;
            }
            if (found) {
                data.notes.push_back("Several tables beside it have " + counted(rows, "row", "rows") +
                                     "; name one to join it.");
                return std::nullopt;
            }
            found = std::move(table);
        } catch (const Error& e) {
            if (e.code() == Code::Cancelled) {
                throw;
            }
        }
    }
    return found;
}

void numberSamples(std::size_t rows, Dataset& data)
{
    data.samples.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        data.samples[i].id = std::to_string(i);
    }
    data.vectorSample.resize(rows);
    std::iota(data.vectorSample.begin(), data.vectorSample.end(), 0u);
}

std::vector<TableGroup> groupsFor(const Table& table, const TableRoles& roles, bool mergeSameIds)
{
    std::vector<TableGroup> merged = groupRows(table, roles.path >= 0 ? roles.path : roles.id);
    if (mergeSameIds) {
        return merged;
    }
    std::vector<TableGroup> single(table.rows());
    for (const TableGroup& group : merged) {
        for (const std::size_t row : group.rows) {
            const bool first = row == group.rows[0];
            single[row] = {first ? group.key : group.key + "#" + std::to_string(row), {row}};
        }
    }
    return single;
}

/// Finds the pictures that the table names; what cannot be used leaves a caption card.
void findPictures(const OpenSpec& spec, const std::string& tablePath, Dataset& data, JobContext& job)
{
    const std::string folder = absolutePath(spec.pictureFolder.empty() ? parentPath(tablePath) : spec.pictureFolder);
    std::vector<Candidate> candidates(data.samples.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        candidates[i].id = data.samples[i].id;
        candidates[i].path = resolvePicture(candidates[i].id, folder, candidates[i].reason);
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

} // namespace

void joinByOrder(const OpenSpec& spec, std::size_t rows, bool mergeSameIds, Dataset& data, JobContext& job)
{
    std::optional<Table> table;
    if (spec.metadata.empty()) {
        table = neighbourTable(spec, rows, data, job);
    } else {
        table = namedTable(spec, rows, job);
    }
    if (!table) {
        numberSamples(rows, data);
        return;
    }
    data.notes.push_back("Joined by row order: " + shownPath(baseName(table->path)) + " has " +
                         counted(rows, "row", "rows") + ", as many as " + shownPath(baseName(spec.path)) + ".");
    TableRoles roles = rolesOf(table->columns, spec.pathColumn, table->path);
    demoteNumericCaptions(*table, roles);
    const std::vector<TableGroup> groups = groupsFor(*table, roles, mergeSameIds);
    std::vector<const TableGroup*> kept;
    std::size_t recoded = 0;
    data.vectorSample.resize(rows);
    for (const TableGroup& group : groups) {
        for (const std::size_t row : group.rows) {
            data.vectorSample[row] = static_cast<std::uint32_t>(data.samples.size());
        }
        data.samples.push_back({group.key, {}, captionsOf(*table, roles, group, recoded), false});
        kept.push_back(&group);
    }
    if (groups.size() < rows) {
        data.notes.push_back("Its " + std::to_string(rows) + " rows are about " +
                             counted(groups.size(), "sample", "different samples") + ".");
    }
    addTableAttributes(*table, roles, kept, data);
    if (roles.path >= 0 && data.pictures.count == 0) {
        findPictures(spec, table->path, data, job);
    }
}

} // namespace semascope::core
