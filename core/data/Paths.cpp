#include "core/data/File_p.h"
#include "core/data/Text_p.h"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace semascope::core {

namespace {

mode_t modeOf(const std::string& path)
{
    if (path.empty() || path.find('\0') != std::string::npos) {
        return 0;
    }
    const FileHandle file(openDeep(path, O_PATH | O_CLOEXEC));
    struct stat s = {};
    return file.valid() && ::fstat(file.fd(), &s) == 0 ? s.st_mode : 0;
}

void appendHex(std::string& to, unsigned char c)
{
    constexpr char kDigits[] = "0123456789ABCDEF";
    to += "\\x";
    to += kDigits[c >> 4];
    to += kDigits[c & 15];
}

} // namespace

bool isFolder(const std::string& path)
{
    return S_ISDIR(modeOf(path));
}

bool isRegular(const std::string& path)
{
    return S_ISREG(modeOf(path));
}

std::vector<std::string> namesIn(const std::string& folder)
{
    std::vector<std::string> names;
    FileHandle file(openDeep(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    DIR* dir = file.valid() ? ::fdopendir(file.fd()) : nullptr;
    if (dir == nullptr) {
        return names;
    }
    file.release(); // closedir closes it
    while (const dirent* entry = ::readdir(dir)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") {
            names.push_back(name);
        }
    }
    ::closedir(dir);
    std::sort(names.begin(), names.end());
    return names;
}

std::string absolutePath(const std::string& path)
{
    if (!path.empty() && path[0] == '/') {
        return path;
    }
    char* cwd = ::getcwd(nullptr, 0);
    const std::string here = cwd != nullptr ? cwd : "";
    std::free(cwd); // NOLINT: getcwd allocates with malloc
    return joinPath(here, path);
}

std::string joinPath(const std::string& folder, const std::string& name)
{
    if (folder.empty() || (!name.empty() && name[0] == '/')) {
        return name;
    }
    if (name.empty()) {
        return folder;
    }
    return folder.back() == '/' ? folder + name : folder + '/' + name;
}

std::string parentPath(const std::string& path)
{
    const std::size_t end = path.find_last_not_of('/');
    if (end == std::string::npos) {
        return path.empty() ? std::string() : "/";
    }
    const std::size_t slash = path.rfind('/', end);
    if (slash == std::string::npos) {
        return {};
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string baseName(const std::string& path)
{
    const std::size_t end = path.find_last_not_of('/');
    if (end == std::string::npos) {
        return path;
    }
    const std::size_t slash = path.rfind('/', end);
    const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
    return path.substr(begin, end + 1 - begin);
}

std::string plainPath(const std::string& path)
{
    std::string plain;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t slash = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, slash - at);
        if (part.empty() && at == 0) {
            plain = "/";
        } else if (!part.empty() && part != ".") {
            plain = joinPath(plain, part);
        }
        at = slash + 1;
    }
    return plain;
}

std::string extensionOf(const std::string& path)
{
    const std::string name = baseName(path);
    const std::size_t dot = name.rfind('.');
    return dot == std::string::npos || dot == 0 ? std::string() : lowerAscii(name.substr(dot + 1));
}

std::string shownPath(const std::string& path)
{
    std::string shown;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t length = utf8Length(path, at);
        const auto c = static_cast<unsigned char>(path[at]);
        if (length == 0 || c < 0x20 || c == 0x7f) {
            appendHex(shown, c);
            ++at;
        } else {
            shown.append(path, at, length);
            at += length;
        }
    }
    return shown;
}

std::string quoted(const std::string& path)
{
    return "“" + shownPath(path) + "”";
}

} // namespace semascope::core
