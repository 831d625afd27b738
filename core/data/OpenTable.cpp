#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/data/Table_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

#include <map>
#include <unordered_map>

namespace semascope::core {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percentDecoded(const std::string& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Groups whose names are spelled differently but mean the same path become one.
std::vector<TableGroup> mergedGroups(std::vector<TableGroup> groups)
{
    std::vector<TableGroup> merged;
    std::unordered_map<std::string, std::size_t> known;
    for (TableGroup& group : groups) {
        const auto [place, fresh] = known.try_emplace(plainPath(group.key), merged.size());
        if (fresh) {
            merged.push_back(std::move(group));
        } else {
            std::vector<std::size_t>& rows = merged[place->second].rows;
            rows.insert(rows.end(), group.rows.begin(), group.rows.end());
        }
    }
    return merged;
}

/// Fills captions and attributes of the samples, which belong to `groups` in this order.
void describeSamples(const Table& table, const TableRoles& roles, const std::vector<const TableGroup*>& groups,
                     Dataset& data)
{
    std::size_t recoded = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        data.samples[i].captions = captionsOf(table, roles, *groups[i], recoded);
    }
    if (recoded > 0) {
        data.notes.push_back(counted(recoded, "caption was", "captions were") + " not UTF-8 and read as Latin-1.");
    }
    addTableAttributes(table, roles, groups, data);
}

std::string tableHash(const std::string& path, const std::vector<Candidate>& candidates)
{
    ContentHash hash;
    hash.addFile(path);
    hash.add(hashOf(candidates));
    return hash.hex();
}

} // namespace

std::string resolvePicture(const std::string& name, const std::string& folder, std::string& reason)
{
    const std::string text(trimmed(name));
    const std::size_t scheme = text.find("://");
    if (text.empty()) {
        reason = "names no picture";
        return {};
    }
    if (scheme == std::string::npos || scheme == 0 || text.find('/') < scheme) {
        return joinPath(folder, name);
    }
    if (lowerAscii(text.substr(0, scheme)) != "file") {
        reason = "remote: pictures are read from this computer only; download it first";
        return {};
    }
    const std::string rest = text.substr(scheme + 3);
    const std::size_t slash = rest.find('/');
    const std::string host = rest.substr(0, slash);
    if (slash == std::string::npos || (!host.empty() && lowerAscii(host) != "localhost")) {
        reason = "remote: pictures are read from this computer only; download it first";
        return {};
    }
    return percentDecoded(rest.substr(slash));
}

Dataset openTable(const OpenSpec& spec, JobContext& job)
{
    const std::string path = absolutePath(spec.path);
    const Table table = readTable(path, job);
    TableRoles roles = rolesOf(table.columns, spec.pathColumn, path);
    demoteNumericCaptions(table, roles);
    if (roles.path < 0) {
        throw Error(Code::BadFormat, quoted(path) + " has no column of picture names; call one of its columns “file”.");
    }
    const std::string folder = absolutePath(spec.pictureFolder.empty() ? parentPath(path) : spec.pictureFolder);
    const std::vector<TableGroup> groups = mergedGroups(groupRows(table, roles.path));
    std::vector<Candidate> candidates(groups.size());
    for (std::size_t i = 0; i < groups.size(); ++i) {
        Candidate& candidate = candidates[i];
        candidate.id = groups[i].key;
        candidate.path = resolvePicture(groups[i].key, folder, candidate.reason);
        if (trimmed(candidate.id).empty()) {
            candidate.id = path + ":" + std::to_string(table.line(groups[i].rows[0]));
        }
    }
    checkCandidates(candidates, spec, job);
    Dataset data;
    data.kind = DatasetKind::Table;
    data.found = groups.size() + table.bad.size();
    data.skipped = table.bad;
    std::vector<const TableGroup*> kept;
    for (const std::size_t i : takeCandidates(candidates, data)) {
        kept.push_back(&groups[i]);
    }
    if (kept.empty() && !groups.empty()) {
        data.notes.push_back("None of its pictures could be used; they were looked for in " + quoted(folder) + ".");
    }
    describeSamples(table, roles, kept, data);
    data.contentHash = tableHash(path, candidates);
    return data;
}

Dataset openCaptionTable(const OpenSpec& spec, JobContext& job)
{
    const std::string path = absolutePath(spec.path);
    const Table table = readTable(path, job);
    TableRoles roles = rolesOf(table.columns, {}, path);
    demoteNumericCaptions(table, roles);
    if (roles.captions.empty()) {
        throw Error(Code::BadFormat,
                    quoted(path) + " has neither picture names nor captions; call a column “file” or “caption”.");
    }
    const std::vector<TableGroup> groups = groupRows(table, roles.id);
    Dataset data;
    data.kind = DatasetKind::Captions;
    data.found = groups.size() + table.bad.size();
    data.skipped = table.bad;
    std::vector<const TableGroup*> kept;
    std::size_t recoded = 0;
    for (const TableGroup& group : groups) {
        if (captionsOf(table, roles, group, recoded).empty() || trimmed(group.key).empty()) {
            const std::string line = std::to_string(table.line(group.rows[0]));
            data.skipped.push_back({path + ":" + line, "line " + line + " has no caption or no id"});
        } else {
            data.samples.push_back({group.key, {}, {}, false});
            kept.push_back(&group);
        }
    }
    if (groups.size() < table.rows()) {
        data.notes.push_back(counted(table.rows() - groups.size(), "row shares", "rows share") +
                             " an id with an earlier row and became further captions of it.");
    }
    describeSamples(table, roles, kept, data);
    data.contentHash = hashOfFile(path);
    return data;
}

} // namespace semascope::core
