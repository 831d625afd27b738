#include "core/checkpoint/MappedFile_p.h"
#include "core/job/Error.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace semascope::core {
namespace {

class Descriptor
{
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor()
    {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int fd() const noexcept { return m_fd; }

private:
    int m_fd;
};

bool startsWith(std::string_view text, std::string_view start)
{
    return text.substr(0, start.size()) == start;
}

bool startsWithNoCase(std::string_view text, std::string_view start)
{
    if (text.size() < start.size()) {
        return false;
    }
    for (std::size_t i = 0; i < start.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != start[i]) {
            return false;
        }
    }
    return true;
}

} // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path)
{
    // Not blocking: a pipe of that name must not stop us.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.fd() < 0) {
        const int reason = errno;
        if (reason == ENOENT || reason == ENOTDIR) {
            throw Error(Code::NotFound, "There is no file " + path + ".");
        }
        throw Error(Code::Io, path + " cannot be opened: " + std::strerror(reason) + ".");
    }
    struct stat status = {};
    if (::fstat(file.fd(), &status) != 0 || !S_ISREG(status.st_mode)) {
        throw Error(Code::Io, path + " is not a regular file.");
    }
    std::shared_ptr<MappedFile> mapped(new MappedFile);
    mapped->m_path = path;
    if (status.st_size > 0) {
        const auto size = static_cast<std::size_t>(status.st_size);
        void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd(), 0);
        if (address == MAP_FAILED) {
            throw Error(Code::Io, path + " cannot be mapped: " + std::strerror(errno) + ".");
        }
        mapped->m_data = static_cast<std::uint8_t*>(address);
        mapped->m_size = size;
    }
    return mapped;
}

MappedFile::~MappedFile()
{
    if (m_data) {
        ::munmap(m_data, m_size);
    }
}

std::string fileName(const std::string& path)
{
    const std::size_t end = path.find_last_not_of('/');
    if (end == std::string::npos) {
        return path;
    }
    const std::size_t slash = path.rfind('/', end);
    return slash == std::string::npos ? path.substr(0, end + 1) : path.substr(slash + 1, end - slash);
}

std::string foreignContent(std::string_view head)
{
    if (startsWith(head, "version https://git-lfs")) {
        return "is a Git LFS pointer, not the weights themselves: run \"git lfs pull\" in its folder or download the "
               "file again";
    }
    std::string_view text = head;
    while (!text.empty() &&
           (text.front() == ' ' || text.front() == '\n' || text.front() == '\r' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    if (startsWithNoCase(text, "<!doctype") || startsWithNoCase(text, "<html") || startsWithNoCase(text, "<?xml")) {
        return "is a web page, not a model: the download needs a login or its address was wrong";
    }
    constexpr const char* kInstead = ", which is not read: get the same model as .safetensors, .bin or .pt";
    if (startsWith(head, "GGUF")) {
        return std::string("is a GGUF model (llama.cpp, clip.cpp)") + kInstead;
    }
    if (startsWith(head, "\x89HDF\r\n")) {
        return std::string("is an HDF5 file (weights of TensorFlow or Keras)") + kInstead;
    }
    if (head.size() > 8 && head.substr(4, 4) == "TFL3") {
        return std::string("is a TensorFlow Lite model") + kInstead;
    }
    if (head.size() > 3 && head[0] == '\x08' && head[1] < 0x20 && head[2] == '\x12') { // version, then the producer
        return std::string("is an ONNX model") + kInstead;
    }
    if (startsWith(head, "\x1f\x8b")) {
        return "is compressed with gzip: unpack it first";
    }
    if (head.size() > 262 && head.substr(257, 5) == "ustar") {
        return "is a tar archive: unpack it first (checkpoints of PyTorch before 0.2 are not read)";
    }
    return {};
}

std::string foreignName(const std::string& path)
{
    struct Rule
    {
        std::string_view end;
        const char* what;
    };
    constexpr Rule kRules[] = {
        {".gguf", "is a GGUF model (llama.cpp, clip.cpp)"}, {".onnx", "is an ONNX model"},
        {".msgpack", "is a weights file of Flax (JAX)"},    {".h5", "is a weights file of TensorFlow"},
        {".tflite", "is a TensorFlow Lite model"},          {".mlmodel", "is a Core ML model"}};
    for (const Rule& rule : kRules) {
        if (path.size() > rule.end.size() &&
            path.compare(path.size() - rule.end.size(), rule.end.size(), rule.end) == 0) {
            return std::string(rule.what) + ", which is not read: get the same model as .safetensors, .bin or .pt";
        }
    }
    return {};
}

void MemoryBudget::charge(std::uint64_t bytes)
{
    if (bytes > m_left) {
        throw Error(Code::BadFormat,
                    m_path + " asks for more memory than its own size and 64 MB: it is damaged or hostile.");
    }
    m_left -= bytes;
}

} // namespace semascope::core
