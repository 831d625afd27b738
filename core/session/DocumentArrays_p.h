#pragma once
#include "core/data/Matrix.h"
#include "core/data/SqliteDb_p.h"

#include <bit>
#include <vector>

namespace semascope::core {

static_assert(std::endian::native == std::endian::little, "session files hold little-endian numbers");

/// xxh3 of `bytes`, chained to the fields before it.
std::int64_t chainHash(std::int64_t before, std::string_view bytes);

/// Long runs of numbers in the table `arrays`, cut into parts because SQLite limits a value to 10^9 bytes.
class DocumentArrays
{
public:
    explicit DocumentArrays(SqliteDb& db) : m_db(db) {}

    void writeBytes(const std::string& name, const void* data, std::size_t size);
    template<class T> void write(const std::string& name, const std::vector<T>& values)
    {
        writeBytes(name, values.data(), values.size() * sizeof(T));
    }
    void write(const std::string& name, const Matrix& matrix)
    {
        writeBytes(name, matrix.data(), matrix.rows() * matrix.cols() * sizeof(float));
    }

    /// Exactly `count` values. Throws Error(BadFormat) when the stored bytes are more, fewer or changed.
    template<class T> std::vector<T> read(const std::string& name, std::size_t count)
    {
        requireLength(name, count, sizeof(T));
        std::vector<T> values(count);
        readBytes(name, values.data(), count * sizeof(T));
        return values;
    }
    Matrix readMatrix(const std::string& name, std::size_t rows, std::size_t cols);

private:
    void requireLength(const std::string& name, std::size_t count, std::size_t elementSize);
    void readBytes(const std::string& name, void* to, std::size_t size);
    SqliteDb& m_db;
};

} // namespace semascope::core
