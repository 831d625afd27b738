#include "core/data/Attributes_p.h"
#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

#include <unordered_set>

namespace semascope::core {

namespace {

constexpr std::uint64_t kMaxList = std::uint64_t{1} << 30;

std::vector<std::string_view> words(std::string_view line)
{
    std::vector<std::string_view> all;
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
        all.push_back(line.substr(at, end - at));
        at = end;
    }
    return all;
}

/// The list while it is read: one row of -1 (no), 1 (yes) for each picture.
struct CelebAList
{
    std::vector<std::string> names;
    std::vector<Candidate> candidates;
    std::vector<std::vector<std::int8_t>> rows;
    long long announced = 0;
};

/// Reads one row; a reason when it is malformed.
std::string readRow(const std::vector<std::string_view>& cells, CelebAList& list)
{
    if (cells.size() != list.names.size() + 1) {
        return "has " + counted(cells.size() - 1, "value", "values") + ", the list has " +
               counted(list.names.size(), "attribute", "attributes");
    }
    std::vector<std::int8_t> row;
    for (std::size_t i = 1; i < cells.size(); ++i) {
        if (cells[i] != "1" && cells[i] != "-1" && cells[i] != "0") {
            return "holds a value that is neither 1 nor -1";
        }
        row.push_back(cells[i] == "1" ? 1 : 0);
    }
    list.rows.push_back(std::move(row));
    return {};
}

class ListReader
{
public:
    ListReader(const std::string& path, const std::string& folder, Dataset& data)
        : m_path(path), m_folder(folder), m_data(data)
    {}

    CelebAList read(JobContext& job)
    {
        const std::string text = readText(m_path, kMaxList);
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            if (++m_line % 4096 == 0) {
                job.checkpoint();
                job.progress("reading the list", "MB", at >> 20, text.size() >> 20);
            }
            addLine(std::string_view(text).substr(at, end - at));
            at = end + 1;
        }
        return std::move(m_list);
    }

private:
    void addLine(std::string_view line)
    {
        const std::vector<std::string_view> cells = words(line);
        if (m_line == 1) {
            const std::optional<long long> count = parseInteger(line);
            if (!count || *count < 0) {
                throw Error(Code::BadFormat,
                            quoted(m_path) + " does not begin with the number of pictures, as a CelebA list does.");
            }
            m_list.announced = *count;
        } else if (m_line == 2) {
            for (const std::string_view name : cells) {
                bool recoded = false;
                m_list.names.push_back(asUtf8(name, recoded));
            }
        } else if (!cells.empty()) {
            addPicture(cells);
        }
    }
    void addPicture(const std::vector<std::string_view>& cells)
    {
        ++m_data.found;
        const std::string name(cells[0]);
        const std::string problem = m_known.insert(name).second ? readRow(cells, m_list) : "names a picture again";
        if (!problem.empty()) {
            m_data.skipped.push_back(
                {m_path + ":" + std::to_string(m_line), "line " + std::to_string(m_line) + " " + problem});
            return;
        }
        m_list.candidates.push_back({name, joinPath(m_folder, name), 0, 0, false, {}});
    }

    const std::string& m_path;
    const std::string& m_folder;
    Dataset& m_data;
    CelebAList m_list;
    std::unordered_set<std::string> m_known;
    std::size_t m_line = 0;
};

std::string facesFolder(const OpenSpec& spec, const std::string& list)
{
    if (!spec.pictureFolder.empty()) {
        return absolutePath(spec.pictureFolder);
    }
    const std::string beside = parentPath(list);
    for (const std::string& base : {beside, parentPath(beside)}) {
        for (const char* name : {"img_align_celeba", "Img/img_align_celeba"}) {
            if (isFolder(joinPath(base, name))) {
                return joinPath(base, name);
            }
        }
    }
    return beside;
}

} // namespace

Dataset openCelebA(const OpenSpec& spec, JobContext& job)
{
    const std::string given = absolutePath(spec.path);
    const std::string path = isFolder(given) ? joinPath(given, kCelebAList) : given;
    const std::string folder = facesFolder(spec, path);
    Dataset data;
    data.kind = DatasetKind::CelebA;
    CelebAList list = ListReader(path, folder, data).read(job);
    if (list.announced != static_cast<long long>(data.found)) {
        data.notes.push_back("The list announces " + std::to_string(list.announced) + " pictures and names " +
                             std::to_string(data.found) + ".");
    }
    checkCandidates(list.candidates, spec, job);
    const std::vector<std::size_t> kept = takeCandidates(list.candidates, data);
    for (std::size_t k = 0; k < list.names.size(); ++k) {
        std::vector<std::int32_t> values;
        values.reserve(kept.size());
        for (const std::size_t i : kept) {
            values.push_back(list.rows[i][k]);
        }
        addCategories(list.names[k], std::move(values), {"no", "yes"}, data);
    }
    ContentHash hash;
    hash.addFile(path);
    hash.add(hashOf(list.candidates));
    data.contentHash = hash.hex();
    return data;
}

} // namespace semascope::core
