#include "core/data/Openers_p.h"
#include "core/job/JobContext.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>

namespace semascope::core {

namespace {

using Identity = std::pair<std::uint64_t, std::uint64_t>;

/// A walk with its own stack, so that depth costs no C stack, and opening each folder by path, so that it costs no
/// file descriptors.
class Walker
{
public:
    Walker(const std::string& root, JobContext& job) : m_root(root), m_job(job) {}

    FolderWalk run()
    {
        m_folders.push_back("");
        // Real folders first: what is reachable without a link is listed under its real name.
        while (!m_folders.empty() || !m_linkedFolders.empty()) {
            std::vector<std::string>& next = m_folders.empty() ? m_linkedFolders : m_folders;
            const std::string folder = std::move(next.back());
            next.pop_back();
            m_job.checkpoint();
            readFolder(folder);
            m_job.progress("looking for pictures", "files", m_walk.files.size(), 0);
        }
        dropDoubles();
        m_walk.found = m_walk.files.size() + m_walk.skipped.size();
        return std::move(m_walk);
    }

private:
    void skip(const std::string& relative, const std::string& reason)
    {
        m_walk.skipped.push_back({joinPath(m_root, relative), reason});
    }

    void readFolder(const std::string& relative)
    {
        FileHandle file(openDeep(joinPath(m_root, relative), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK));
        struct stat s = {};
        if (!file.valid() || ::fstat(file.fd(), &s) != 0) {
            skip(relative, std::string("a folder that cannot be read: ") + std::strerror(errno));
            return;
        }
        const auto [place, fresh] = m_visited.try_emplace(Identity(s.st_dev, s.st_ino), relative);
        if (!fresh) {
            skip(relative, "the same folder as " + quoted(place->second.empty() ? "." : place->second));
            return;
        }
        const int fd = file.fd();
        DIR* dir = ::fdopendir(fd);
        if (dir == nullptr) {
            skip(relative, std::string("a folder that cannot be read: ") + std::strerror(errno));
            return;
        }
        file.release(); // closedir closes it
        while (const dirent* entry = ::readdir(dir)) {
            if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) {
                addEntry(fd, relative, entry->d_name);
            }
        }
        ::closedir(dir);
    }

    void addEntry(int folder, const std::string& relative, const std::string& name)
    {
        const std::string path = joinPath(relative, name);
        struct stat link = {};
        struct stat target = {};
        if (::fstatat(folder, name.c_str(), &link, AT_SYMLINK_NOFOLLOW) != 0) {
            skip(path, std::string("cannot be examined: ") + std::strerror(errno));
            return;
        }
        const bool isLink = S_ISLNK(link.st_mode);
        if (::fstatat(folder, name.c_str(), &target, 0) != 0) {
            skip(path,
                 errno == ELOOP ? "is a link that leads back to itself" : "is a link to a file that does not exist");
            return;
        }
        if (name[0] == '.' || name == "__MACOSX" || name == "Thumbs.db" || name == "desktop.ini") {
            skip(path, S_ISDIR(target.st_mode) ? "a hidden folder" : "a hidden file");
        } else if (S_ISDIR(target.st_mode)) {
            if (hasPictureName(name)) {
                skip(path, "is a folder, not a file; what is in it is listed by itself");
            }
            (isLink ? m_linkedFolders : m_folders).push_back(path);
        } else if (S_ISREG(target.st_mode)) {
            addFile(path, target, isLink);
        } else {
            const OpenedFile odd = openRegular(joinPath(m_root, path));
            skip(path, odd.problem.empty() ? "has just changed its kind" : odd.problem);
        }
    }

    void addFile(const std::string& path, const struct stat& s, bool isLink)
    {
        FoundFile file;
        file.relative = path;
        file.link = isLink;
        file.facts.size = static_cast<std::uint64_t>(s.st_size);
        file.facts.modified = static_cast<std::int64_t>(s.st_mtim.tv_sec) * 1'000'000'000 + s.st_mtim.tv_nsec;
        file.facts.device = s.st_dev;
        file.facts.inode = s.st_ino;
        m_walk.files.push_back(std::move(file));
    }

    /// Of the names of one file the first stays, real names before links.
    void dropDoubles()
    {
        std::vector<FoundFile>& files = m_walk.files;
        std::sort(files.begin(), files.end(), [](const FoundFile& a, const FoundFile& b) {
            return a.link != b.link ? b.link : a.relative < b.relative;
        });
        std::map<Identity, std::string> seen;
        std::vector<FoundFile> kept;
        for (FoundFile& file : files) {
            const auto [place, fresh] = seen.try_emplace(Identity(file.facts.device, file.facts.inode), file.relative);
            if (fresh) {
                kept.push_back(std::move(file));
            } else {
                skip(file.relative, "the same file as " + quoted(place->second));
            }
        }
        std::sort(kept.begin(), kept.end(),
                  [](const FoundFile& a, const FoundFile& b) { return a.relative < b.relative; });
        files = std::move(kept);
        std::sort(m_walk.skipped.begin(), m_walk.skipped.end(),
                  [](const Skip& a, const Skip& b) { return a.path < b.path; });
    }

    std::string m_root;
    JobContext& m_job;
    FolderWalk m_walk;
    std::vector<std::string> m_folders, m_linkedFolders;
    std::map<Identity, std::string> m_visited;
};

} // namespace

FolderWalk walkFolder(const std::string& root, JobContext& job)
{
    return Walker(root, job).run();
}

} // namespace semascope::core
