#include "core/data/Arrays_p.h"
#include "core/data/AtomicFile_p.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace semascope::core {

namespace {

/// The file that a link leads to, so that the link itself stays.
std::string resolved(const std::string& path)
{
    struct stat s = {};
    if (::lstat(path.c_str(), &s) != 0 || !S_ISLNK(s.st_mode)) {
        return path;
    }
    char* real = ::realpath(path.c_str(), nullptr);
    const std::string target = real != nullptr ? real : path;
    std::free(real); // NOLINT: realpath allocates with malloc
    return target;
}

const char* kindOf(mode_t mode)
{
    return S_ISFIFO(mode) ? "a named pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
}

std::string randomSuffix()
{
    static constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::random_device device;
    std::string suffix;
    for (int i = 0; i < 6; ++i) {
        suffix += kLetters[device() % 36];
    }
    return suffix;
}

std::string npyHeader(const char* type, const std::vector<std::size_t>& shape)
{
    std::string text = std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (";
    for (const std::size_t side : shape) {
        text += std::to_string(side) + ", ";
    }
    if (shape.size() > 1) {
        text.resize(text.size() - 2);
    } else if (shape.size() == 1) {
        text.pop_back();
    }
    text += "), }";
    text.resize((text.size() + 11 + 63) / 64 * 64 - 11, ' '); // data start at a multiple of 64
    text += '\n';
    std::string header("\x93NUMPY\x01\x00", 8);
    header += static_cast<char>(text.size() & 255);
    header += static_cast<char>(text.size() >> 8);
    return header + text;
}

std::size_t product(const std::vector<std::size_t>& shape)
{
    std::size_t n = 1;
    for (const std::size_t side : shape) {
        n *= side;
    }
    return n;
}

void writeArray(const std::string& path, const std::string& header, const void* data, std::size_t bytes)
{
    AtomicFile file(path);
    file.write(header.data(), header.size());
    file.write(data, bytes);
    file.commit();
}

} // namespace

void checkReplaceable(const std::string& path)
{
    struct stat s = {};
    if (::stat(path.c_str(), &s) != 0 || S_ISREG(s.st_mode)) {
        return; // what is not there, or not reachable, is for the writer to report
    }
    if (S_ISDIR(s.st_mode)) {
        throw Error(Code::Io, quoted(path) + " cannot be written: it is a folder; give a file name.");
    }
    throw Error(Code::Io, quoted(path) + " is not a regular file (" + kindOf(s.st_mode) + "); choose another name.");
}

AtomicFile::AtomicFile(const std::string& path) : m_path(path), m_target(resolved(path))
{
    checkReplaceable(path);
    const std::string folder = parentPath(m_target);
    const std::string stem = joinPath(folder, "." + baseName(m_target).substr(0, 200) + ".semascope-");
    for (int attempt = 0; attempt < 100 && !m_file.valid(); ++attempt) {
        m_temporary = stem + randomSuffix();
        m_file = FileHandle(::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (!m_file.valid() && errno != EEXIST) {
            break;
        }
    }
    if (!m_file.valid()) {
        m_temporary.clear();
        fail(errno);
    }
    struct stat s = {};
    if (::stat(m_target.c_str(), &s) == 0 && S_ISREG(s.st_mode) && ::fchmod(m_file.fd(), s.st_mode & 0777) != 0) {
        abandon(errno);
    }
}

AtomicFile::~AtomicFile()
{
    if (!m_temporary.empty()) {
        ::unlink(m_temporary.c_str());
    }
}

void AtomicFile::write(const void* data, std::size_t size)
{
    const char* from = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t n = ::write(m_file.fd(), from, std::min<std::size_t>(size, 1u << 30));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            abandon(errno);
        }
        from += n;
        size -= static_cast<std::size_t>(n);
    }
}

void AtomicFile::commit()
{
    if (::fsync(m_file.fd()) != 0 || ::close(m_file.release()) != 0) {
        abandon(errno);
    }
    checkReplaceable(m_path); // it may have become something else meanwhile
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        abandon(errno);
    }
    m_temporary.clear();
}

void AtomicFile::abandon(int error)
{
    ::unlink(m_temporary.c_str());
    m_temporary.clear();
    fail(error);
}

void AtomicFile::fail(int error) const
{
    throw Error(Code::Io, quoted(m_path) + " cannot be written: " + std::strerror(error) + ".");
}

void writeFileAtomic(const std::string& path, const void* data, std::size_t size)
{
    AtomicFile file(path);
    file.write(data, size);
    file.commit();
}

void writeNpy(const std::string& path, const float* data, const std::vector<std::size_t>& shape)
{
    writeArray(path, npyHeader("<f4", shape), data, product(shape) * sizeof(float));
}

void writeNpy(const std::string& path, const Matrix& m)
{
    writeNpy(path, m.data(), {m.rows(), m.cols()});
}

void writeNpy(const std::string& path, const std::vector<std::int32_t>& values)
{
    writeArray(path, npyHeader("<i4", {values.size()}), values.data(), values.size() * sizeof(std::int32_t));
}

} // namespace semascope::core
