#include "core/clip/StoreFile_p.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <thread>
#include <unistd.h>

namespace semascope::core {

namespace {

constexpr std::string_view kPrefix = "embeddings-", kSuffix = ".sqlite";
constexpr auto kLockPatience = std::chrono::seconds(30);

std::uint32_t bigEndian(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (const char c : bytes) {
        value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
}

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

} // namespace

std::string cacheFolder()
{
    if (const std::string own = environment("SEMASCOPE_CACHE"); !own.empty()) {
        return absolutePath(own);
    }
    // the base directory specification ignores relative paths
    if (const std::string base = environment("XDG_CACHE_HOME"); !base.empty() && base[0] == '/') {
        return joinPath(base, "semascope");
    }
    const std::string home = environment("HOME");
    return home.empty() ? std::string() : joinPath(home, ".cache/semascope");
}

StoreLock::StoreLock(const std::string& folder, const JobContext& job)
    : m_file(openDeep(joinPath(folder, "embeddings.lock"), O_RDWR | O_CLOEXEC))
{
    if (!m_file.valid()) {
        const std::string path = joinPath(folder, "embeddings.lock");
        m_file = FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    }
    if (!m_file.valid()) {
        throw Error(Code::Io, std::strerror(errno));
    }
    const auto start = std::chrono::steady_clock::now();
    while (::flock(m_file.fd(), LOCK_EX | LOCK_NB) != 0) {
        job.checkpoint();
        if (errno != EWOULDBLOCK && errno != EINTR) {
            throw Error(Code::Io, std::strerror(errno));
        }
        if (std::chrono::steady_clock::now() - start > kLockPatience) {
            throw Error(Code::Io, "another Semascope is repairing it");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

std::vector<StoreFileName> storeFilesIn(const std::string& folder)
{
    std::vector<StoreFileName> files;
    for (const std::string& name : namesIn(folder)) {
        if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix) || name.size() <= kPrefix.size() + kSuffix.size()) {
            continue;
        }
        int number = 0;
        const char* end = name.data() + name.size() - kSuffix.size();
        const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, number);
        if (parsed.ec == std::errc() && parsed.ptr == end && number > 0) {
            files.push_back({number, joinPath(folder, name)});
        }
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return files;
}

std::vector<std::string> filesOf(const std::string& storePath)
{
    return {storePath, storePath + "-wal", storePath + "-shm", storePath + "-journal"};
}

void deleteStoreFile(const std::string& storePath)
{
    for (const std::string& path : filesOf(storePath)) {
        ::unlink(path.c_str());
    }
}

StoreFileKind storeFileKind(const std::string& path)
{
    if (!isRegular(path)) {
        return StoreFileKind::Gone;
    }
    // see "The Database Header" of SQLite's file format
    const std::string start = readStart(path, 100);
    if (start.size() < 100 || !start.starts_with(std::string_view("SQLite format 3\0", 16)) ||
        bigEndian(start.substr(68, 4)) != kStoreApplication) {
        return StoreFileKind::Foreign;
    }
    return bigEndian(start.substr(60, 4)) > kStoreVersion ? StoreFileKind::Newer : StoreFileKind::Ours;
}

bool onNetwork(const std::string& folder)
{
    // NFS, SMB (three), CIFS, AFS (two), Coda, Ceph, Lustre, GFS2, OCFS2, 9P, VirtualBox and VMware folders, FUSE
    static constexpr std::uint32_t kTypes[] = {0x6969,     0x517B,     0xFE534D42, 0xFF534D42, 0x5346414F,
                                               0x6B414653, 0x73757245, 0x00C36400, 0x0BD00BD0, 0x01161970,
                                               0x7461636F, 0x01021997, 0x786F4256, 0xBACBACBC, 0x65735546};
    struct statfs s = {};
    return ::statfs(folder.c_str(), &s) == 0 &&
           std::find(std::begin(kTypes), std::end(kTypes), static_cast<std::uint32_t>(s.f_type)) != std::end(kTypes);
}

std::uint64_t defaultStoreLimit(const std::string& folder)
{
    constexpr std::uint64_t kMost = 4'000'000'000;
    std::error_code error;
    std::uint64_t room = std::filesystem::space(folder, error).available;
    for (const StoreFileName& file : storeFilesIn(folder)) { // what the store has now could be free, too
        const auto facts = factsOfRegular(file.path);
        room += facts ? facts->size : 0;
    }
    return error ? kMost : std::min(kMost, room / 10);
}

bool StoreFile::stillThere() const
{
    struct stat s = {};
    return ::stat(path.c_str(), &s) == 0 && s.st_ino == inode && s.st_dev == device;
}

} // namespace semascope::core
