#include "core/data/File_p.h"

#include "core/data/Picture.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace semascope::core {

namespace {

constexpr std::size_t kPathPiece = 4000; // under PATH_MAX

FileFacts factsOf(const struct stat& s)
{
    FileFacts facts;
    facts.size = static_cast<std::uint64_t>(s.st_size);
    facts.modified = static_cast<std::int64_t>(s.st_mtim.tv_sec) * 1'000'000'000 + s.st_mtim.tv_nsec;
    facts.changed = static_cast<std::int64_t>(s.st_ctim.tv_sec) * 1'000'000'000 + s.st_ctim.tv_nsec;
    facts.device = s.st_dev;
    facts.inode = s.st_ino;
    return facts;
}

bool isLink(const std::string& path)
{
    const FileHandle file(openDeep(path, O_PATH | O_NOFOLLOW | O_CLOEXEC));
    struct stat s = {};
    return file.valid() && ::fstat(file.fd(), &s) == 0 && S_ISLNK(s.st_mode);
}

void explainOpenFailure(const std::string& path, int error, OpenedFile& file)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        file.code = Code::NotFound;
        file.problem = isLink(path) ? "is a link to a file that does not exist" : "does not exist";
        break;
    case EACCES:
    case EPERM:
        file.problem = "may not be read: permission denied";
        break;
    case ELOOP:
        file.code = Code::BadFormat;
        file.problem = "is a link that leads back to itself";
        break;
    case ENXIO:
        file.code = Code::BadFormat;
        file.problem = "is a socket or a device, not a file";
        break;
    default:
        file.problem = std::string("cannot be opened: ") + std::strerror(error);
    }
}

const char* oddKind(mode_t mode)
{
    if (S_ISDIR(mode)) {
        return "is a folder, not a file";
    }
    if (S_ISFIFO(mode)) {
        return "is a named pipe (FIFO), not a file";
    }
    if (S_ISSOCK(mode)) {
        return "is a socket, not a file";
    }
    return "is a device, not a file";
}

} // namespace

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept
{
    if (this != &other) {
        reset();
        m_fd = other.release();
    }
    return *this;
}

int FileHandle::release() noexcept
{
    return std::exchange(m_fd, -1);
}

void FileHandle::reset() noexcept
{
    if (m_fd >= 0) {
        ::close(m_fd);
        m_fd = -1;
    }
}

int openDeep(const std::string& path, int flags)
{
    if (path.size() < kPathPiece) {
        return ::open(path.c_str(), flags);
    }
    FileHandle folder(path[0] == '/' ? ::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
                                     : ::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    std::size_t at = path.find_first_not_of('/');
    while (folder.valid() && path.size() - at >= kPathPiece) {
        const std::size_t cut = path.rfind('/', at + kPathPiece - 1);
        if (cut == std::string::npos || cut <= at) {
            errno = ENAMETOOLONG;
            return -1;
        }
        folder = FileHandle(::openat(folder.fd(), path.substr(at, cut - at).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        at = cut + 1;
    }
    return folder.valid() ? ::openat(folder.fd(), path.c_str() + at, flags) : -1;
}

OpenedFile openRegular(const std::string& path)
{
    OpenedFile file;
    if (path.empty() || path.find('\0') != std::string::npos) {
        file.code = Code::NotFound;
        file.problem = path.empty() ? "has no name" : "has a NUL byte in its name";
        return file;
    }
    file.handle = FileHandle(openDeep(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!file.handle.valid()) {
        explainOpenFailure(path, errno, file);
        return file;
    }
    struct stat s = {};
    if (::fstat(file.handle.fd(), &s) != 0) {
        file.problem = std::string("cannot be examined: ") + std::strerror(errno);
    } else if (!S_ISREG(s.st_mode)) {
        file.code = Code::BadFormat;
        file.problem = oddKind(s.st_mode);
    } else {
        file.facts = factsOf(s);
    }
    return file;
}

OpenedFile requireRegular(const std::string& path)
{
    OpenedFile file = openRegular(path);
    if (!file.ok()) {
        throw Error(file.code, quoted(path) + " " + file.problem + ".");
    }
    return file;
}

std::optional<FileFacts> factsOfRegular(const std::string& path)
{
    if (path.empty() || path.find('\0') != std::string::npos) {
        return std::nullopt;
    }
    struct stat s = {};
    if (path.size() < kPathPiece) {
        return ::stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode) ? std::optional(factsOf(s)) : std::nullopt;
    }
    const FileHandle file(openDeep(path, O_PATH | O_CLOEXEC));
    return file.valid() && ::fstat(file.fd(), &s) == 0 && S_ISREG(s.st_mode) ? std::optional(factsOf(s)) : std::nullopt;
}

std::size_t readAt(const FileHandle& file, std::uint64_t offset, void* to, std::size_t count)
{
    std::size_t done = 0;
    while (done < count) {
        const ssize_t n = ::pread(file.fd(), static_cast<char*>(to) + done,
                                  std::min<std::size_t>(count - done, 1u << 30), static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            throw Error(Code::Io, std::string("cannot be read: ") + std::strerror(errno));
        }
        if (n == 0) {
            break;
        }
        done += static_cast<std::size_t>(n);
    }
    return done;
}

std::vector<std::uint8_t> readOpened(const OpenedFile& file, std::uint64_t maxBytes)
{
    if (file.facts.size > maxBytes) {
        throw Error(Code::BadFormat, "is larger than " + std::to_string(maxBytes >> 20) + " MB");
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.facts.size));
    bytes.resize(readAt(file.handle, 0, bytes.data(), bytes.size()));
    return bytes;
}

std::vector<std::uint8_t> readRegularFile(const std::string& path, std::uint64_t maxBytes)
{
    const OpenedFile file = requireRegular(path);
    try {
        return readOpened(file, maxBytes);
    } catch (const Error& e) {
        throw Error(e.code(), quoted(path) + " " + e.what() + ".");
    }
}

std::string readText(const std::string& path, std::uint64_t maxBytes)
{
    const std::vector<std::uint8_t> bytes = readRegularFile(path, maxBytes);
    return std::string(bytes.begin(), bytes.end());
}

std::string readStart(const std::string& path, std::size_t count)
{
    const OpenedFile file = openRegular(path);
    if (!file.ok()) {
        return {};
    }
    std::string start(std::min<std::uint64_t>(count, file.facts.size), '\0');
    try {
        start.resize(readAt(file.handle, 0, start.data(), start.size()));
    } catch (const Error&) {
        start.clear(); // unreadable: nothing can be told from it
    }
    return start;
}

} // namespace semascope::core
