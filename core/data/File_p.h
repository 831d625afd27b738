#pragma once
#include "core/job/Error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semascope::core {

/// Owns a file descriptor.
class FileHandle
{
public:
    FileHandle() = default;
    explicit FileHandle(int fd) noexcept : m_fd(fd) {}
    FileHandle(FileHandle&& other) noexcept : m_fd(other.release()) {}
    FileHandle& operator=(FileHandle&& other) noexcept;
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    ~FileHandle() { reset(); }

    int fd() const noexcept { return m_fd; }
    bool valid() const noexcept { return m_fd >= 0; }
    int release() noexcept;
    void reset() noexcept;

private:
    int m_fd = -1;
};

/// What the file system says of a file.
struct FileFacts
{
    std::uint64_t size = 0;
    std::int64_t modified = 0; ///< nanoseconds since 1970
    std::int64_t changed = 0;  ///< the same of its contents or its inode (ctime), which no program can set back
    std::uint64_t device = 0, inode = 0;
};

/// A regular file, open for reading; or the reason why not, as a clause that follows the file's name.
struct OpenedFile
{
    FileHandle handle;
    FileFacts facts;
    Code code = Code::Io;
    std::string problem;

    bool ok() const noexcept { return problem.empty(); }
};

/// open(2) for paths of any length: those beyond PATH_MAX are walked in pieces.
int openDeep(const std::string& path, int flags);
/// Opens without blocking and accepts regular files only. Never throws.
OpenedFile openRegular(const std::string& path);
/// The same, throwing Error(NotFound | Io | BadFormat) that names the file.
OpenedFile requireRegular(const std::string& path);

/// What the file system says of a regular file, without opening it for reading; none when it is gone or no such file.
std::optional<FileFacts> factsOfRegular(const std::string& path);

/// Reads up to `count` bytes at `offset`; fewer only at the end of the file. Throws Error(Io) with a
/// clause that follows the file's name.
std::size_t readAt(const FileHandle& file, std::uint64_t offset, void* to, std::size_t count);
/// The whole file, as long as it is now. Throws such clauses too: Error(BadFormat) when over `maxBytes`, Error(Io).
std::vector<std::uint8_t> readOpened(const OpenedFile& file, std::uint64_t maxBytes);
std::string readText(const std::string& path, std::uint64_t maxBytes);
/// Up to `count` bytes from the start; empty when it cannot be read. Never throws.
std::string readStart(const std::string& path, std::size_t count);

bool isFolder(const std::string& path);
bool isRegular(const std::string& path);
/// Names in a folder but "." and "..", sorted by bytes; empty when it cannot be read.
std::vector<std::string> namesIn(const std::string& folder);

/// Paths are bytes; these never look at the disk.
std::string absolutePath(const std::string& path);
std::string joinPath(const std::string& folder, const std::string& name);
std::string parentPath(const std::string& path);
std::string baseName(const std::string& path);
/// Without "./" and doubled slashes, so that two spellings of one name meet.
std::string plainPath(const std::string& path);
/// After the last dot of the name, in lower case; empty when there is none.
std::string extensionOf(const std::string& path);

/// A path for people: valid UTF-8, with odd bytes and control characters written as \xE9.
std::string shownPath(const std::string& path);
/// “path” in quotes, for sentences.
std::string quoted(const std::string& path);

} // namespace semascope::core
