#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace semascope::core {

/// A whole regular file mapped for reading. Bytes are private to this process and never written.
class MappedFile
{
public:
    /// Throws Error(NotFound) when there is no such file, Error(Io) when it cannot be read.
    static std::shared_ptr<const MappedFile> open(const std::string& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::uint8_t* data() const noexcept { return m_data; }
    std::uint64_t size() const noexcept { return m_size; }
    const std::string& path() const noexcept { return m_path; }
    std::string_view text(std::uint64_t offset, std::uint64_t length) const noexcept
    {
        return {reinterpret_cast<const char*>(m_data) + offset, static_cast<std::size_t>(length)};
    }
    /// The first bytes, at most `length` of them.
    std::string_view head(std::uint64_t length) const noexcept { return text(0, length < m_size ? length : m_size); }

private:
    MappedFile() = default;
    std::uint8_t* m_data = nullptr;
    std::uint64_t m_size = 0;
    std::string m_path;
};

/// The last part of `path`, for messages.
std::string fileName(const std::string& path);

/// What a file that is no checkpoint is instead, and the cure, such as "is a Git LFS pointer …"; empty when nothing is
/// known.
std::string foreignContent(std::string_view head);

/// Likewise by the ending of its name: model formats that are not read.
std::string foreignName(const std::string& path);

/// How much memory reading one file may still take. Together with what is touched of the mapping it stays below the
/// file's size and 64 MB; what is reckoned here is the larger part of it.
class MemoryBudget
{
public:
    static constexpr std::uint64_t kExtra = std::uint64_t{48} << 20;

    explicit MemoryBudget(const MappedFile& file) : MemoryBudget(file, file.size()) {}
    /// `bytes` and the extra, for a file of which as much as that is not read itself.
    MemoryBudget(const MappedFile& file, std::uint64_t bytes) : m_left(bytes + kExtra), m_path(file.path()) {}
    /// Throws Error(BadFormat) when there is less left.
    void charge(std::uint64_t bytes);

private:
    std::uint64_t m_left;
    std::string m_path;
};

/// Little-endian numbers at any address.
template<class T> T loadLittle(const std::uint8_t* p) noexcept
{
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        value = static_cast<T>(value | (static_cast<T>(p[i]) << (8 * i)));
    }
    return value;
}

} // namespace semascope::core
