#include "core/session/DocumentArrays_p.h"

#include <algorithm>
#include <cstring>
#include <limits>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace semascope::core {

namespace {

constexpr std::size_t kPartBytes = std::size_t{64} << 20;

[[noreturn]] void damaged(const std::string& name, const std::string& how)
{
    throw Error(Code::BadFormat, "is damaged: the array \"" + name + "\" " + how);
}

/// Seeded with name and part, so that parts cannot change places.
std::int64_t partHash(const std::string& name, std::int64_t part, std::string_view bytes)
{
    const std::int64_t seed = chainHash(part, name);
    return chainHash(seed, bytes);
}

} // namespace

std::int64_t chainHash(std::int64_t before, std::string_view bytes)
{
    const auto seed = static_cast<XXH64_hash_t>(before);
    return static_cast<std::int64_t>(XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed));
}

void DocumentArrays::writeBytes(const std::string& name, const void* data, std::size_t size)
{
    SqliteStatement insert(m_db.handle(), "INSERT INTO arrays (name, part, bytes, checksum) VALUES (?, ?, ?, ?)");
    const char* bytes = static_cast<const char*>(data);
    std::int64_t part = 0;
    for (std::size_t at = 0; at < size; at += kPartBytes, ++part) {
        const std::string_view piece(bytes + at, std::min(kPartBytes, size - at));
        insert.bindText(1, name).bind(2, part).bindBytes(3, piece).bind(4, partHash(name, part, piece));
        insert.step();
    }
}

void DocumentArrays::requireLength(const std::string& name, std::size_t count, std::size_t elementSize)
{
    SqliteStatement sum(m_db.handle(), "SELECT coalesce(sum(length(bytes)), 0) FROM arrays WHERE name = ?");
    sum.bindText(1, name);
    sum.step();
    const auto stored = static_cast<std::size_t>(sum.integer(0));
    if (count > std::numeric_limits<std::size_t>::max() / elementSize || count * elementSize != stored) {
        damaged(name, "has " + std::to_string(stored) + " bytes, which is not what its description says");
    }
}

void DocumentArrays::readBytes(const std::string& name, void* to, std::size_t size)
{
    SqliteStatement parts(m_db.handle(), "SELECT part, bytes, checksum FROM arrays WHERE name = ? ORDER BY part");
    parts.bindText(1, name);
    char* out = static_cast<char*>(to);
    std::size_t left = size;
    for (std::int64_t part = 0; parts.step(); ++part) {
        const std::string_view bytes = parts.bytes(1);
        if (parts.integer(0) != part || bytes.size() > left || parts.integer(2) != partHash(name, part, bytes)) {
            damaged(name, "does not match its checksum");
        }
        if (!bytes.empty()) {
            std::memcpy(out, bytes.data(), bytes.size());
        }
        out += bytes.size();
        left -= bytes.size();
    }
    if (left != 0) {
        damaged(name, "is incomplete");
    }
}

Matrix DocumentArrays::readMatrix(const std::string& name, std::size_t rows, std::size_t cols)
{
    if (cols != 0 && rows > std::numeric_limits<std::size_t>::max() / cols) {
        damaged(name, "has impossible dimensions");
    }
    return Matrix::from(read<float>(name, rows * cols), rows, cols);
}

} // namespace semascope::core
