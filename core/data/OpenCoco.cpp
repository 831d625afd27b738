#include "core/data/ContentHash_p.h"
#include "core/data/Openers_p.h"
#include "core/data/Text_p.h"
#include "core/job/Error.h"
#include "core/job/JobContext.h"

#include <nlohmann/json.hpp>
#include <unordered_map>

namespace semascope::core {

namespace {

using Json = nlohmann::json;
constexpr std::uint64_t kMaxJson = std::uint64_t{1} << 30;
constexpr int kMaxDepth = 64;

struct CocoPicture
{
    std::string name;
    std::vector<std::string> captions;
};

/// What a captions file holds, picked up while it is parsed so that no tree of a hundred megabytes is built.
struct CocoFile
{
    std::vector<CocoPicture> pictures;
    std::unordered_map<std::int64_t, std::size_t> byId;
    std::vector<std::pair<std::int64_t, std::string>> captions;
    std::size_t withoutCaption = 0;
    std::size_t doubled = 0;
};

class CocoReader : public nlohmann::json_sax<Json>
{
public:
    CocoReader(CocoFile& file, JobContext& job) : m_file(file), m_job(job) {}
    const std::string& error() const noexcept { return m_error; }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t value) override { return number(value); }
    bool number_unsigned(number_unsigned_t value) override { return number(static_cast<std::int64_t>(value)); }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool string(string_t& value) override
    {
        if (m_depth == 3 && m_key == "file_name") {
            m_name = value;
        } else if (m_depth == 3 && m_key == "caption") {
            m_caption = value;
        }
        return true;
    }
    bool start_object(std::size_t) override
    {
        if (m_depth == 2) {
            m_id = m_imageId = -1;
            m_name.clear();
            m_caption.clear();
        }
        return deeper();
    }
    bool key(string_t& value) override
    {
        if (m_depth == 1) {
            m_section = value;
        } else if (m_depth == 3) {
            m_key = value;
        }
        return true;
    }
    bool end_object() override
    {
        --m_depth;
        if (m_depth == 2) {
            finishEntry();
        }
        return true;
    }
    bool start_array(std::size_t) override { return deeper(); }
    bool end_array() override
    {
        --m_depth;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        m_error = "is damaged JSON near byte " + std::to_string(position);
        return false;
    }

private:
    bool number(std::int64_t value)
    {
        if (m_depth == 3 && m_key == "id") {
            m_id = value;
        } else if (m_depth == 3 && m_key == "image_id") {
            m_imageId = value;
        }
        return true;
    }
    bool deeper()
    {
        if (++m_depth > kMaxDepth) {
            m_error = "is nested too deeply for a captions file";
            return false;
        }
        return true;
    }
    void finishEntry()
    {
        if (++m_entries % 4096 == 0) {
            m_job.checkpoint();
            m_job.progress("reading captions", "entries", m_entries, 0);
        }
        if (m_section == "images" && !m_name.empty()) {
            if (m_file.byId.try_emplace(m_id, m_file.pictures.size()).second) {
                m_file.pictures.push_back({m_name, {}});
            } else {
                ++m_file.doubled;
            }
        } else if (m_section == "annotations") {
            m_file.withoutCaption += m_caption.empty() ? 1 : 0;
            if (!m_caption.empty()) {
                m_file.captions.emplace_back(m_imageId, std::string(trimmed(m_caption)));
            }
        }
    }

    CocoFile& m_file;
    JobContext& m_job;
    std::string m_section, m_key, m_name, m_caption, m_error;
    std::int64_t m_id = -1, m_imageId = -1;
    std::size_t m_entries = 0;
    int m_depth = 0;
};

CocoFile readCoco(const std::string& path, JobContext& job)
{
    const std::string text = readText(path, kMaxJson);
    CocoFile file;
    CocoReader reader(file, job);
    if (!Json::sax_parse(text, &reader)) {
        throw Error(Code::BadFormat,
                    quoted(path) + " " + (reader.error().empty() ? "is damaged JSON" : reader.error()) + ".");
    }
    if (file.pictures.empty()) {
        throw Error(Code::BadFormat,
                    quoted(path) + " lists no images; a COCO captions file has “images” and “annotations”.");
    }
    if (file.captions.empty() && file.withoutCaption > 0) {
        throw Error(Code::Unsupported,
                    quoted(path) + " holds annotations without captions; open captions_….json instead.");
    }
    return file;
}

/// Folders in which the pictures may be.
std::vector<std::string> pictureFolders(const OpenSpec& spec, const std::string& path)
{
    std::vector<std::string> folders;
    if (!spec.pictureFolder.empty()) {
        return {absolutePath(spec.pictureFolder)};
    }
    const std::string beside = parentPath(path);
    for (const std::string& base : {beside, parentPath(beside)}) {
        for (const char* name : {"", "images", "val2017", "train2017", "val2014", "train2014"}) {
            const std::string folder = joinPath(base, name);
            if (isFolder(folder)) {
                folders.push_back(folder);
            }
        }
    }
    return folders;
}

/// The first folder that has the file; the last lucky one is tried first.
std::string locate(const std::string& name, std::vector<std::string>& folders)
{
    for (std::size_t i = 0; i < folders.size(); ++i) {
        const std::string path = joinPath(folders[i], name);
        if (isRegular(path)) {
            std::swap(folders[0], folders[i]);
            return path;
        }
    }
    return folders.empty() ? name : joinPath(folders[0], name);
}

std::size_t attachCaptions(CocoFile& file, const std::string& path, Dataset& data)
{
    for (auto& [id, caption] : file.captions) {
        const auto found = file.byId.find(id);
        if (found == file.byId.end()) {
            data.skipped.push_back({path, "a caption of the unknown image " + std::to_string(id)});
        } else {
            file.pictures[found->second].captions.push_back(std::move(caption));
        }
    }
    return data.skipped.size();
}

} // namespace

Dataset openCoco(const OpenSpec& spec, JobContext& job)
{
    const std::string path = absolutePath(spec.path);
    CocoFile file = readCoco(path, job);
    Dataset data;
    data.kind = DatasetKind::CocoCaptions;
    data.found = attachCaptions(file, path, data) + file.pictures.size();
    std::vector<std::string> folders = pictureFolders(spec, path);
    std::vector<Candidate> candidates(file.pictures.size());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (i % 1024 == 0) {
            job.checkpoint();
        }
        std::string& reason = candidates[i].reason;
        candidates[i].id = file.pictures[i].name;
        const std::string name = resolvePicture(file.pictures[i].name, {}, reason);
        candidates[i].path = reason.empty() ? locate(name, folders) : name;
    }
    checkCandidates(candidates, spec, job);
    const std::vector<std::size_t> kept = takeCandidates(candidates, data);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        data.samples[i].captions = std::move(file.pictures[kept[i]].captions);
    }
    if (file.doubled > 0) {
        data.notes.push_back(counted(file.doubled, "image has", "images have") +
                             " the id of an earlier one and were left out.");
    }
    if (file.withoutCaption > 0) {
        data.notes.push_back(counted(file.withoutCaption, "annotation has", "annotations have") + " no caption.");
    }
    ContentHash hash;
    hash.addFile(path);
    hash.add(hashOf(candidates));
    data.contentHash = hash.hex();
    return data;
}

} // namespace semascope::core
